"""The blind door: all that a person who answers is shown, and all that they can do.

Nothing here can name a proposed answer, a hop, an instance, another person's answer or which items are gold. The Solve
space, packets and the terminal see a project through a `BlindSource` alone, whatever lies behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from hopchain_core.domain.answers import Answer, Unreadable
from hopchain_core.domain.numerals import read_numeral
from hopchain_core.domain.review import AmbiguityReason, Outcome
from hopchain_core.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

REOPENABLE = 20
"""So many of a person's own answers, the newest, can be opened again. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindItem:
    """One question over one picture.

    Attributes:
        id: Names the item to its source, and says nothing else.
        path: Where the source finds the picture; a project's own is relative to its folder.
        width_px: Of the upright picture.
        height_px: Of the upright picture.
        question: As it is asked.
    """

    id: str
    path: str
    width_px: int
    height_px: int
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a person has typed and not given yet.

    Attributes:
        text: In the answer box.
        note: In the note.
        active_seconds: Spent on it so far.
    """

    text: str = ""
    note: str = ""
    active_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A person's own answer.

    Attributes:
        item: Id of the item.
        outcome: How it ended.
        text: The number in canonical text; empty without one.
        answered_at: UTC, ISO 8601.
    """

    item: str
    outcome: Outcome
    text: str
    reason: AmbiguityReason | None
    note: str
    active_seconds: float
    answered_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a person is.

    Attributes:
        answered: Items answered in the round.
        total: Items of the round, without those withdrawn before they were answered.
        skipped: Unanswered items that were put off.
        in_sitting: Items answered since the source was opened.
        goal: How many the person wants to answer in this sitting; None without a goal.
    """

    answered: int
    total: int
    skipped: int
    in_sitting: int
    goal: int | None = None

    @property
    def left(self) -> int:
        """Items still to be answered."""
        return self.total - self.answered


class Hold(StrEnum):
    """Why there is no next item."""

    NONE = "none"
    """There is one, or all are answered."""
    NOTHING_ASSIGNED = "nothing_assigned"
    NOT_QUALIFIED = "not_qualified"
    """The qualification comes first, or has not been passed."""
    ROUND_CLOSED = "round_closed"
    INACTIVE = "inactive"


class BlindSource(Protocol):
    """One person's items of one round, from a project or a packet. Its methods may be called from any thread.

    Those that take an item raise `InputError` when it is not one of this person's, and those that write raise it while
    there is a `hold`.
    """

    @property
    def annotator(self) -> str:
        """Who answers."""
        ...

    @property
    def title(self) -> str:
        """What the round is called: ``Round 2``."""
        ...

    def hold(self) -> Hold:
        """Why there is no next item."""
        ...

    def progress(self) -> Progress:
        """How far the person is."""
        ...

    def set_goal(self, goal: int | None) -> None:
        """Sets how many the person wants to answer in this sitting."""
        ...

    def next(self) -> BlindItem | None:
        """The first item without an answer, those put off last; None when all are answered or there is a hold."""
        ...

    def ahead(self, count: int = 3) -> tuple[BlindItem, ...]:
        """The next item and those after it, for decoding their pictures ahead."""
        ...

    def item(self, item: str) -> BlindItem:
        """One item."""
        ...

    def answer(
        self,
        item: str,
        outcome: Outcome,
        text: str = "",
        *,
        reason: AmbiguityReason | None = None,
        note: str = "",
        active_seconds: float = 0.0,
    ) -> Given:
        """Gives an answer, or another one to an item that was reopened; its draft goes.

        Args:
            item: Id of the item.
            outcome: How it ended.
            text: As typed; read when `outcome` is ANSWERED and empty otherwise.
            reason: Why it is ambiguous, where it is.
            note: Free text.
            active_seconds: Time with the question in focus.

        Raises:
            InputError: The text is not one number, or the item was answered before and is not open again.
        """
        ...

    def skip(self, item: str) -> None:
        """Puts an unanswered item off to the end."""
        ...

    def draft(self, item: str) -> Draft:
        """What was typed so far; empty when nothing was."""
        ...

    def save_draft(self, item: str, draft: Draft) -> None:
        """Keeps what was typed so far."""
        ...

    def recent(self, limit: int = REOPENABLE) -> tuple[Given, ...]:
        """The person's own answers of this round, newest first."""
        ...

    def reopen(self, item: str) -> Given:
        """Opens an answered item again; its answer stands until another one is given.

        Raises:
            InputError: It is not among the last `REOPENABLE`, has been withdrawn, or the round is closed.
        """
        ...

    def undo(self) -> BlindItem | None:
        """Takes the newest of the person's answers in this round back; what it said becomes the item's draft.

        Returns:
            The item, which is the next one now; None when there is nothing to take back.
        """
        ...

    def read_picture(self, item: str, max_side: int | None = None) -> NDArray[np.uint8]:
        """Decodes the item's picture, upright and in sRGB.

        Args:
            item: Id of the item.
            max_side: Shrink it so that the longer side has at most this many pixels.

        Shapes:
            returns: uint8, (H, W, 3), C-contiguous

        Raises:
            PictureError: It cannot be read; `kind` says why.
        """
        ...

    def close(self) -> None:
        """Ends the sitting. What was given and typed is kept already."""
        ...


_NO_NUMBER = {
    Unreadable.EMPTY: ("The answer is empty.", "Type a number."),
    Unreadable.NOT_A_NUMBER: ("{} is not one number.", "Type one number, such as 12, -3, 0.5 or 1/2."),
    Unreadable.TOO_LONG: ("The answer is too long to be a number.", "Type one number, such as 12."),
    Unreadable.SEVERAL: ("{} is more than one number.", "Type the one number that answers the question."),
    Unreadable.NOT_FINITE: (
        "No decimal number is exactly {}.",
        "Type it as the question asks for it, such as rounded.",
    ),
}


def read_typed(text: str) -> Answer:
    """The number a person typed.

    Raises:
        InputError: It is not one number; says what it is instead.
    """
    read = read_numeral(text)
    if isinstance(read, Answer):
        return read
    message, hint = _NO_NUMBER.get(read, _NO_NUMBER[Unreadable.NOT_A_NUMBER])
    shown = " ".join(text.split())
    raise InputError(message.format(f"“{shown if len(shown) <= 40 else shown[:39] + '…'}”"), hint=hint)


_HOLD_WORDS = {
    Hold.NOTHING_ASSIGNED: ("Nothing is asked of this person.", "Ask the curator to open a round."),
    Hold.NOT_QUALIFIED: ("The qualification has not been passed.", "Ask the curator."),
    Hold.ROUND_CLOSED: ("The round is closed.", "What was answered is kept; ask the curator to open it again."),
    Hold.INACTIVE: ("This person is not active in the project.", "Ask the curator."),
}


def refusal(hold: Hold) -> InputError:
    """What is said to a person who wants to answer while there is a hold."""
    message, hint = _HOLD_WORDS[hold]
    return InputError(message, hint=hint)
