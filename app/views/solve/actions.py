"""What can be done in a sitting."""

from __future__ import annotations

from typing import Protocol

from app.actions import ActionSpec
from app.views.solve.panel import AMBIGUOUS, CANNOT_TELL, FIT, SKIP
from app.views.solve.strip import LEAVE

GROUP = "Solve"


class SolveFrame(Protocol):
    """What the space can do, as the actions need it."""

    @property
    def has_question(self) -> bool: ...
    @property
    def has_sitting(self) -> bool: ...
    def cannot_tell(self) -> None: ...
    def ask_reason(self) -> None: ...
    def skip(self) -> None: ...
    def fit(self) -> None: ...
    def actual_size(self) -> None: ...
    def leave_sitting(self) -> None: ...


def solve_actions(frame: SolveFrame, space: str) -> tuple[ActionSpec, ...]:
    """The actions of a sitting.

    Args:
        frame: Does them.
        space: Id of the space they belong to.
    """

    def has_question() -> bool:
        return frame.has_question

    def has_sitting() -> bool:
        return frame.has_sitting

    def nobody() -> str:
        return "nobody answers"

    def nothing() -> str:
        return "no question is shown"

    return (
        ActionSpec(
            id=CANNOT_TELL.format(space),
            text="Cannot tell",
            words="unsure unknown unanswerable no answer",
            run=frame.cannot_tell,
            keys=("N",),
            group=GROUP,
            space=space,
            enabled_when=has_question,
            why_not=nothing,
            needs_project=False,
        ),
        ActionSpec(
            id=AMBIGUOUS.format(space),
            text="Ambiguous…",
            words="unclear flag problem wrong question reason doubtful",
            run=frame.ask_reason,
            keys=("B",),
            group=GROUP,
            space=space,
            enabled_when=has_question,
            why_not=nothing,
            needs_project=False,
        ),
        ActionSpec(
            id=SKIP.format(space),
            text="Skip for now",
            words="later pass postpone next",
            run=frame.skip,
            keys=("S",),
            group=GROUP,
            space=space,
            enabled_when=has_question,
            why_not=nothing,
            needs_project=False,
        ),
        ActionSpec(
            # 0 is a digit of the answer here, so the canvas takes it only when it has the keyboard.
            id=FIT.format(space),
            text="Fit the picture",
            words="zoom whole reset view",
            run=frame.fit,
            keys=("F",),
            icon="fit",
            group=GROUP,
            space=space,
            enabled_when=has_question,
            why_not=nothing,
            needs_project=False,
        ),
        ActionSpec(
            id=f"{space}.actual",
            text="Actual size",
            words="zoom 100% pixels one to one",
            run=frame.actual_size,
            keys=("A",),
            icon="actual-size",
            group=GROUP,
            space=space,
            enabled_when=has_question,
            why_not=nothing,
            needs_project=False,
        ),
        ActionSpec(
            id=LEAVE.format(space),
            text="Leave",
            words="stop pause end exit finish sitting",
            run=frame.leave_sitting,
            keys=("Escape",),
            icon="chevron-left",
            group=GROUP,
            space=space,
            enabled_when=has_sitting,
            why_not=nobody,
            needs_project=False,
        ),
    )
