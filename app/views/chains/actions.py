"""What can be done with chains."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from app.actions import ActionSpec
from app.presenters.chains import ChainsPresenter
from app.studio import Studio
from app.views.probes.actions import may_probe, why_not_probe
from hopchain_core.domain.review import MarkKind

SPACE = "chains"
GROUP = "Chains"

ACCEPT, REJECT, FLAG, SKIP = "chains.accept", "chains.reject", "chains.flag", "chains.skip"
COMMENT, EDIT, HISTORY, ROLLOUTS = "chains.comment", "chains.edit", "chains.history", "chains.rollouts"
PROBE = "chains.probe"
EDIT_QUESTION, MEND = "chains.edit_question", "chains.mend"
NEXT, PREVIOUS = "chains.next", "chains.previous"
NEXT_HOP, PREVIOUS_HOP, HOP = "chains.hop_next", "chains.hop_previous", "chains.hop_{}"
FIT, ZOOM_HOP, BARE, ZOOM_IN, ZOOM_OUT = (
    "chains.fit",
    "chains.zoom_hop",
    "chains.bare",
    "chains.zoom_in",
    "chains.zoom_out",
)
FIND, FILTER, CLEAR_FILTERS = "chains.find", "chains.filter", "chains.clear_filters"
OPEN_INSTANCES, TO_PIPELINE = "chains.open_instances", "chains.to_pipeline"
COPY_QUESTION = "chains.copy_question"
MOST_HOPS = 9


class ChainsFrame(Protocol):
    """What the space can do, as the actions need it."""

    @property
    def is_editing(self) -> bool: ...
    def ask_reason(self) -> None: ...
    def write_comment(self) -> None: ...
    def edit(self) -> None: ...
    def edit_question(self) -> None: ...
    def show_history(self) -> None: ...
    def focus_search(self) -> None: ...
    def open_filters(self) -> None: ...


class Leads(Protocol):
    """Where the open chain leads, as the actions need it."""

    def show_rollouts(self) -> None: ...
    def probe(self) -> None: ...
    def copy_question(self) -> None: ...
    def open_instances(self) -> None: ...


class PictureFrame(Protocol):
    """What can be done with the picture, as the actions need it."""

    @property
    def is_bare(self) -> bool: ...
    @property
    def follows(self) -> bool: ...
    def fit(self) -> None: ...
    def step_zoom(self, steps: int) -> None: ...
    def press_zoom(self) -> None: ...
    def release_zoom(self) -> None: ...
    def press_bare(self) -> None: ...
    def release_bare(self) -> None: ...


def chains_actions(
    studio: Studio, presenter: ChainsPresenter, frame: ChainsFrame, picture: PictureFrame, leads: Leads
) -> tuple[ActionSpec, ...]:
    """The actions of the chains.

    Args:
        studio: Says whether anything may be changed.
        presenter: Steps and decides.
        frame: What concerns the views.
        picture: The picture among them.
        leads: Dialogs, other spaces, the clipboard.
    """

    def has_chain() -> bool:
        return presenter.detail is not None

    def may_step() -> bool:
        return has_chain() and not frame.is_editing

    def may_decide() -> bool:
        return presenter.may_decide and not frame.is_editing

    def why_not_decide() -> str:
        if studio.is_read_only:
            return "the project is open for reading only"
        return "an edit is open: save or discard it first" if frame.is_editing else "no chain is open"

    def has_hop(index: int) -> bool:
        return presenter.detail is not None and presenter.detail.hop_at(index) is not None

    def action(id_: str, text: str, icon: str, run: Callable[[], object], *keys: str, **more: Any) -> ActionSpec:
        return ActionSpec(id=id_, text=text, icon=icon, run=run, keys=keys, group=GROUP, space=SPACE, **more)

    decides = {"enabled_when": may_decide, "why_not": why_not_decide}
    open_now = {"enabled_when": has_chain, "why_not": lambda: "no chain is open"}
    steps = {
        "enabled_when": may_step,
        "why_not": lambda: "an edit is open: save or discard it first" if frame.is_editing else "no chain is open",
    }

    def has_other_versions() -> bool:
        return presenter.detail is not None and len(presenter.detail.versions) > 1

    def take_mend() -> None:
        if presenter.mend is not None:
            presenter.take_mend(presenter.mend)

    return (
        action(
            ACCEPT,
            "Accept",
            "check",
            partial(presenter.decide, MarkKind.ACCEPT),
            "A",
            words="approve keep good yes",
            **decides,
        ),
        action(REJECT, "Reject…", "cross", frame.ask_reason, "X", words="discard refuse bad no delete", **decides),
        action(
            FLAG,
            "Flag",
            "flag",
            partial(presenter.decide, MarkKind.FLAG),
            "F",
            words="later unsure mark doubt",
            **decides,
        ),
        action(SKIP, "Skip", "skip", presenter.skip, "S", words="next pass leave", **steps),
        action(COMMENT, "Comment", "comment", frame.write_comment, "C", words="note remark", **decides),
        action(
            EDIT,
            "Edit",
            "pencil",
            frame.edit,
            "E",
            words="change mend correct rewrite fix question hop answer",
            **decides,
        ),
        action(
            EDIT_QUESTION,
            "Edit the question",
            "pencil",
            frame.edit_question,
            "Shift+E",
            words="change mend correct rewrite reword ambiguous",
            **decides,
        ),
        action(
            MEND,
            "Mend as proposed",
            "check",
            take_mend,
            "M",
            words="fix repair take recomputed instance as it is now",
            enabled_when=lambda: presenter.mend is not None and not frame.is_editing,
            why_not=lambda: "no finding has a mend that is ready",
        ),
        action(
            HISTORY,
            "History",
            "history",
            frame.show_history,
            "H",
            words="versions diff compare restore",
            enabled_when=has_other_versions,
            why_not=lambda: "there is one version only",
        ),
        action(
            ROLLOUTS,
            "Attempts of the weaker model",
            "difficulty",
            leads.show_rollouts,
            "W",
            words="rollouts solve pass rate difficulty",
            enabled_when=lambda: presenter.detail is not None and bool(presenter.detail.rollouts),
            why_not=lambda: "no model has tried it",
        ),
        action(
            PROBE,
            "Probe…",
            "search",
            leads.probe,
            words="audit model blind unique skip hop trace leak guess",
            enabled_when=lambda: may_probe(studio),
            why_not=lambda: why_not_probe(studio),
        ),
        action(NEXT, "Next chain", "chevron-down", partial(presenter.step, 1), "J", **steps),
        action(PREVIOUS, "Previous chain", "chevron-up", partial(presenter.step, -1), "K", **steps),
        action(NEXT_HOP, "Next hop", "chevron-right", partial(presenter.step_hop, 1), "]", **open_now),
        action(PREVIOUS_HOP, "Previous hop", "chevron-left", partial(presenter.step_hop, -1), "[", **open_now),
        *(
            action(
                HOP.format(n),
                f"Hop {n}",
                "hop",
                partial(presenter.show_hop, n),
                str(n),
                enabled_when=partial(has_hop, n),
                why_not=lambda: "the chain has no such hop",
                in_palette=False,
            )
            for n in range(1, MOST_HOPS + 1)
        ),
        action(FIT, "Fit", "fit", picture.fit, "0", words="zoom reset whole picture", **open_now),
        action(
            ZOOM_HOP,
            "Zoom to each hop",
            "zoom-hop",
            picture.press_zoom,
            "Z",
            released=picture.release_zoom,
            checked_when=lambda: picture.follows,
            **open_now,
        ),
        action(
            BARE,
            "Bare picture",
            "bare",
            picture.press_bare,
            "Space",
            released=picture.release_bare,
            checked_when=lambda: picture.is_bare,
            in_palette=False,
            **open_now,
        ),
        action(
            ZOOM_IN, "Nearer", "zoom-in", partial(picture.step_zoom, 1), "+", "=", words="zoom in larger", **open_now
        ),
        action(
            ZOOM_OUT, "Farther", "zoom-out", partial(picture.step_zoom, -1), "-", words="zoom out smaller", **open_now
        ),
        action(FIND, "Find chains", "search", frame.focus_search, "/", "Ctrl+F", words="search"),
        action(
            FILTER, "Filter chains", "filter", frame.open_filters, "Shift+F", words="status findings composer pass rate"
        ),
        action(
            CLEAR_FILTERS,
            "Clear filters",
            "filter",
            presenter.search.clear,
            enabled_when=lambda: presenter.search.choice.is_filtered,
            why_not=lambda: "no filter is set",
        ),
        action(
            OPEN_INSTANCES,
            "Open in Instances",
            "instances",
            leads.open_instances,
            "I",
            enabled_when=lambda: has_chain() and studio.actions.has("go.instances"),
            why_not=lambda: "no chain is open",
        ),
        action(
            COPY_QUESTION, "Copy question", "copy", leads.copy_question, "Ctrl+Shift+C", words="clipboard", **open_now
        ),
        action(
            TO_PIPELINE,
            "Compose chains in the pipeline",
            "pipeline",
            lambda: studio.go("pipeline", stage="compose"),
            words="generate questions run stage",
        ),
    )
