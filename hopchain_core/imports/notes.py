"""What an import has to say of single annotations: what it left out, and what it took otherwise than it stood there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ImportProblem(StrEnum):
    """One short word for each reason."""

    BROKEN = "broken"
    """The entry, or a whole labelme file, has not the shape its format asks for."""
    OUTSIDE_FOLDER = "outside_folder"
    """The picture's name leads out of the folder; the entry and its annotations are left out."""
    NO_PICTURE = "no_picture"
    """No picture that was taken in has this name."""
    AMBIGUOUS = "ambiguous"
    """Several pictures could be meant."""
    DUPLICATE_PICTURE = "duplicate_picture"
    """Another entry has the same picture; this one is left out with its annotations."""
    UNKNOWN_PICTURE = "unknown_picture"
    """The annotation belongs to a picture that the file does not list."""
    UNKNOWN_CATEGORY = "unknown_category"
    """The annotation's category is not listed or has no name."""
    SIZE_DISAGREES = "size_disagrees"
    """The entry speaks of a picture of another size. Nothing is scaled; the annotations are left out."""
    BAD_GEOMETRY = "bad_geometry"
    """Neither outline nor box can be read. Kept only as a mark that the category cannot be counted here."""
    BOX_ONLY = "box_only"
    """The outline cannot be read; the box is taken without it."""
    BAD_PART = "bad_part"
    """One part of the outline has fewer than three corners; the other parts are taken."""
    NOT_AN_AREA = "not_an_area"
    """A point or a line."""
    OUTSIDE = "outside"
    """All of it lies outside the picture."""
    NO_AREA = "no_area"
    """It covers no pixel."""
    CLIPPED = "clipped"
    """It reaches beyond the picture; what is inside is taken."""
    DUPLICATE_ID = "duplicate_id"
    """Another annotation has the same id; it is taken under another one, unless it is the same throughout."""
    TURNED = "turned"
    """The picture is turned by EXIF and its annotations were turned with it."""


@dataclass(frozen=True, slots=True)
class ImportNote:
    """One thing to tell.

    Attributes:
        problem: Which.
        subject: What it is about: the import's file and the entry in it.
        message: One sentence for people.
    """

    problem: ImportProblem
    subject: str
    message: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.message}"
