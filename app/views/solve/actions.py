"""What can be done in a sitting."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from app.actions import ActionSpec
from app.views.solve.panel import AMBIGUOUS, CANNOT_TELL, FIT, SKIP
from app.views.solve.strip import LEAVE


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
    spec = partial(ActionSpec, group="Solve", space=space, needs_project=False)

    def asked(name: str, text: str, words: str, run: Callable[[], None], key: str, icon: str = "") -> ActionSpec:
        """One that needs a question."""
        return spec(
            id=name.format(space),
            text=text,
            words=words,
            run=run,
            keys=(key,),
            icon=icon,
            enabled_when=lambda: frame.has_question,
            why_not=lambda: "no question is shown",
        )

    return (
        asked(CANNOT_TELL, "Cannot tell", "unsure unknown unanswerable no answer", frame.cannot_tell, "N"),
        asked(AMBIGUOUS, "Ambiguous…", "unclear flag problem wrong question reason doubtful", frame.ask_reason, "B"),
        asked(SKIP, "Skip for now", "later pass postpone next", frame.skip, "S"),
        # 0 is a digit of the answer here, so the canvas takes it only when it has the keyboard.
        asked(FIT, "Fit the picture", "zoom whole reset view", frame.fit, "F", "fit"),
        asked("{}.actual", "Actual size", "zoom 100% pixels one to one", frame.actual_size, "A", "actual-size"),
        spec(
            id=LEAVE.format(space),
            text="Leave",
            words="stop pause end exit finish sitting",
            run=frame.leave_sitting,
            keys=("Escape",),
            icon="chevron-left",
            enabled_when=lambda: frame.has_sitting,
            why_not=lambda: "nobody answers",
        ),
    )
