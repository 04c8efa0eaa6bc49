"""What can be done in Difficulty."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from app.actions import ActionSpec
from app.models.error_words import KIND_KEYS, KIND_WORDS, SUBKIND_KEYS, SUBKIND_WORDS
from app.presenters.difficulty import DifficultyPresenter
from app.studio import Studio
from hopchain_core.domain.rollouts import ErrorKind

SPACE = "difficulty"
GROUP = "Difficulty"

KIND, SUBKIND, UNJUDGE = "difficulty.kind_{}", "difficulty.subkind_{}", "difficulty.unjudge"
NEXT, PREVIOUS = "difficulty.next", "difficulty.previous"
NEXT_ROLLOUT, PREVIOUS_ROLLOUT = "difficulty.rollout_next", "difficulty.rollout_previous"
PICTURE, THOUGHT, COPY_REPLY = "difficulty.picture", "difficulty.thought", "difficulty.copy_reply"
FIND, FIND_REPLY, CLEAR = "difficulty.find", "difficulty.find_reply", "difficulty.clear_filters"
OPEN_CHAIN, TO_PIPELINE, RULE = "difficulty.open_chain", "difficulty.to_pipeline", "difficulty.rule"


class DifficultyFrame(Protocol):
    """What the space can do, as the actions need it."""

    def toggle_picture(self) -> None: ...
    def shows_picture(self) -> bool: ...
    def toggle_thought(self) -> None: ...
    def copy_reply(self) -> None: ...
    def focus_search(self) -> None: ...
    def focus_reply_search(self) -> None: ...
    def open_rule(self) -> None: ...


def difficulty_actions(
    studio: Studio, presenter: DifficultyPresenter, frame: DifficultyFrame
) -> tuple[ActionSpec, ...]:
    """The actions of this space.

    Args:
        studio: Says whether anything may be changed.
        presenter: Steps and judges.
        frame: What concerns the views.
    """

    def action(id_: str, text: str, icon: str, run: Callable[[], object], *keys: str, **more: Any) -> ActionSpec:
        return ActionSpec(id=id_, text=text, icon=icon, run=run, keys=keys, group=GROUP, space=SPACE, **more)

    def why_not_judge() -> str:
        if studio.is_read_only:
            return "the project is open for reading only"
        return "no rollout is selected" if presenter.selected is None else "this rollout is right"

    def is_said(kind: ErrorKind) -> bool:
        selected = presenter.selected
        return selected is not None and selected.error is not None and selected.error.kind is kind

    judges = {"enabled_when": lambda: presenter.may_judge, "why_not": why_not_judge}
    is_open = {"enabled_when": lambda: presenter.opened is not None, "why_not": lambda: "no chain is open"}
    kinds = tuple(
        action(
            KIND.format(kind.value),
            word,
            "",
            partial(presenter.judge, kind),
            KIND_KEYS[kind],
            checked_when=partial(is_said, kind),
            **judges,
        )
        for kind, (word, _) in KIND_WORDS.items()
    )
    subkinds = tuple(
        action(
            SUBKIND.format(sub.value),
            f"{KIND_WORDS[sub.kind][0]}: {word.lower()}",
            "",
            partial(presenter.judge, sub.kind, sub),
            SUBKIND_KEYS[sub],
            **judges,
        )
        for sub, (word, _) in SUBKIND_WORDS.items()
    )
    return (
        *kinds,
        *subkinds,
        action(
            UNJUDGE,
            "Take the judgement back",
            "cross",
            presenter.unjudge,
            "Backspace",
            enabled_when=lambda: (
                presenter.may_judge and presenter.selected is not None and presenter.selected.error is not None
            ),
            why_not=lambda: "nothing was said of this rollout",
        ),
        action(NEXT, "Next chain", "chevron-down", partial(presenter.step, 1), "J", **is_open),
        action(PREVIOUS, "Previous chain", "chevron-up", partial(presenter.step, -1), "K", **is_open),
        action(NEXT_ROLLOUT, "Next rollout", "chevron-right", partial(presenter.step_rollout, 1), "]", **is_open),
        action(
            PREVIOUS_ROLLOUT, "Previous rollout", "chevron-left", partial(presenter.step_rollout, -1), "[", **is_open
        ),
        action(PICTURE, "Picture", "image", frame.toggle_picture, "V", checked_when=frame.shows_picture, **is_open),
        action(THOUGHT, "Unfold what was thought", "chevron-down", frame.toggle_thought, "D", **is_open),
        action(COPY_REPLY, "Copy the reply", "copy", frame.copy_reply, "Ctrl+Shift+C", **is_open),
        action(FIND, "Find chains", "search", frame.focus_search, "/", "Ctrl+F"),
        action(FIND_REPLY, "Find in replies", "search", frame.focus_reply_search, "Ctrl+Shift+F", **is_open),
        action(
            CLEAR,
            "Clear filters",
            "filter",
            presenter.clear,
            enabled_when=lambda: presenter.choice.is_filtered,
            why_not=lambda: "no filter is set",
        ),
        action(
            OPEN_CHAIN,
            "Open in Chains",
            "chains",
            lambda: studio.go("chains", chain=presenter.opened.row.number) if presenter.opened is not None else None,
            "W",
            **is_open,
        ),
        action(
            RULE,
            "Which chains are hard enough…",
            "filter",
            frame.open_rule,
            "Ctrl+B",
            words="band policy drop too easy hard interval wilson beta sequential stopping calibration luck",
            enabled_when=lambda: studio.project is not None,
            why_not=lambda: "no project is open",
        ),
        action(TO_PIPELINE, "Try chains in the pipeline", "pipeline", lambda: studio.go("pipeline", stage="solve")),
    )
