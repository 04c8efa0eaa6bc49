"""Why a picture file is refused: the `kind` of a `PictureError`."""

from __future__ import annotations

from enum import StrEnum

from hopchain_core.errors import PictureError


class PictureProblem(StrEnum):
    """One short word for each reason."""

    MISSING = "missing"
    """There is no such file, or a link leads nowhere."""
    UNREADABLE = "unreadable"
    """The system does not let us read it: permissions, a circle of links, a failing disk."""
    NOT_A_FILE = "not_a_file"
    """A folder, pipe, socket or device. It is never opened."""
    OUTSIDE = "outside"
    """A link that leads out of the folder being read."""
    ODD_NAME = "odd_name"
    """The file's name is no valid text, so it cannot be written down."""
    EMPTY = "empty"
    """No bytes."""
    NOT_A_PICTURE = "not_a_picture"
    """The bytes begin like no picture format, whatever the name says."""
    UNSUPPORTED = "unsupported"
    """A picture, but of a format or kind of number that is not read here."""
    TRUNCATED = "truncated"
    """It begins like a picture and ends too early."""
    BROKEN = "broken"
    """It is all there and cannot be decoded."""
    TOO_LARGE = "too_large"
    """More pixels or bytes than allowed; what is declared counts, so that a bomb is never unpacked."""
    TOO_SMALL = "too_small"
    """A side is too short to see anything on."""


def refusal(problem: PictureProblem, message: str) -> PictureError:
    """The error for a picture refused for this reason."""
    return PictureError(message, kind=problem.value)
