"""What can be done in Adjudicate."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from app.actions import ActionSpec
from app.presenters.adjudicate import AdjudicatePresenter
from app.studio import Studio
from app.views.adjudicate import decision as ids
from hopchain_core.domain.review import AdjudicationKind

SPACE = "adjudicate"
GROUP = "Adjudicate"
AGREEMENT = "adjudicate.agreement"


class AdjudicateFrame(Protocol):
    """What the space can do, as the actions need it."""

    def take_at(self, position: int) -> None: ...
    def ask_number(self) -> None: ...
    def ask_reason(self) -> None: ...
    def ask_edit(self) -> None: ...
    def step_hop(self, by: int) -> None: ...
    def fit(self) -> None: ...
    def open_chain(self) -> None: ...
    def show_agreement(self) -> None: ...


def adjudicate_actions(
    frame: AdjudicateFrame, presenter: AdjudicatePresenter, studio: Studio
) -> tuple[ActionSpec, ...]:
    """The actions of the space.

    Args:
        frame: Does them.
        presenter: What is open.
        studio: Whether anything can be written.
    """

    def can_decide() -> bool:
        opened = presenter.open
        return opened is not None and opened.dispute.adjudication is None and not studio.is_read_only

    def can_take_back() -> bool:
        opened = presenter.open
        if opened is None or studio.is_read_only:
            return False
        decided = opened.dispute.adjudication
        return decided is not None and decided.kind is not AdjudicationKind.SENT_BACK

    def why_not() -> str:
        if studio.is_read_only:
            return "the project is open for reading only"
        return "nothing is open" if presenter.open is None else "it is decided already"

    def spec(
        name: str,
        text: str,
        run: Callable[[], object],
        *keys: str,
        icon: str = "",
        decides: bool = True,
        words: str = "",
    ) -> ActionSpec:
        return ActionSpec(
            id=name,
            text=text,
            run=run,
            keys=keys,
            icon=icon,
            group=GROUP,
            space=SPACE,
            enabled_when=can_decide if decides else lambda: presenter.disputes is not None,
            why_not=why_not,
            words=words,
        )

    takes = [
        spec(
            f"adjudicate.take_{n}",
            f"Take answer {n}",
            partial(frame.take_at, n),
            str(n),
            words="choose pick accept settle decide",
        )
        for n in range(1, 10)
    ]
    return (
        *takes,
        spec(
            ids.WRITE,
            "Write another…",
            frame.ask_number,
            "W",
            icon="pencil",
            words="own number correct settle decide",
        ),
        spec(
            ids.SEND_BACK,
            "Edit and send back…",
            frame.ask_edit,
            "E",
            icon="return",
            words="reword question again return reopen",
        ),
        spec(ids.REFUSE, "Refuse…", frame.ask_reason, "X", icon="cross", words="reject delete discard drop throw out"),
        ActionSpec(
            id=ids.TAKE_BACK,
            text="Take the decision back",
            words="undo revert reopen undecide",
            run=presenter.take_back,
            icon="undo",
            group=GROUP,
            space=SPACE,
            enabled_when=can_take_back,
            why_not=lambda: "no decision that could be taken back is open",
        ),
        spec(
            "adjudicate.next",
            "Next question",
            lambda: presenter.step(1),
            "J",
            decides=False,
            words="forward dispute",
        ),
        spec(
            "adjudicate.previous",
            "Previous question",
            lambda: presenter.step(-1),
            "K",
            decides=False,
            words="back dispute",
        ),
        spec("adjudicate.hop_next", "Next step", lambda: frame.step_hop(1), "]", decides=False, words="hop forward"),
        spec(
            "adjudicate.hop_previous",
            "Previous step",
            lambda: frame.step_hop(-1),
            "[",
            decides=False,
            words="hop back",
        ),
        spec(
            "adjudicate.fit",
            "Fit the picture",
            frame.fit,
            "0",
            icon="fit",
            decides=False,
            words="zoom whole reset view",
        ),
        spec(
            "adjudicate.open_chain",
            "Open in Chains",
            frame.open_chain,
            "Ctrl+Return",
            icon="open-in",
            decides=False,
            words="show chain",
        ),
        spec(
            AGREEMENT,
            "Agreement",
            frame.show_agreement,
            icon="people",
            decides=False,
            words="alpha krippendorff figures policy how many agree people statistics",
        ),
    )
