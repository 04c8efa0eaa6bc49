"""What can be done in the pipeline."""

from __future__ import annotations

from collections.abc import Callable

from app.actions import ActionSpec
from app.presenters.pipeline import PipelinePresenter
from app.studio import Studio

SPACE = "pipeline"
GROUP = "Pipeline"

START_ALL, CANCEL, RETRY_ALL = "pipeline.start_all", "pipeline.cancel", "pipeline.retry_all"
RETRY_SELECTED, OPEN_FAILED, COPY_ERROR = "pipeline.retry_selected", "pipeline.open_failed", "pipeline.copy_error"
NEXT_STAGE, PREVIOUS_STAGE = "pipeline.next_stage", "pipeline.previous_stage"


def pipeline_actions(
    studio: Studio,
    presenter: PipelinePresenter,
    *,
    start_all: Callable[[], object],
    selected: Callable[[], int],
    retry_selected: Callable[[], object],
    open_failed: Callable[[], object],
    copy_error: Callable[[], object],
    walk: Callable[[int], object],
) -> tuple[ActionSpec, ...]:
    """The actions of the pipeline.

    Args:
        studio: Says whether anything may be changed.
        presenter: Starts and cancels.
        start_all: Starts every stage, or says why one of them could not run.
        selected: How many failures are selected.
        retry_selected: Tries them again.
        open_failed: Opens the picture or chain of the one that has the keyboard.
        copy_error: Puts the whole error on the clipboard.
        walk: Puts the keyboard on the next or the previous stage.
    """

    def may_begin() -> bool:
        return not studio.is_read_only and not presenter.is_running and presenter.overview is not None

    def why_not(otherwise: str) -> Callable[[], str]:
        def why() -> str:
            if studio.is_read_only:
                return "the project is open for reading only"
            return "stages are running" if presenter.is_running else otherwise

        return why

    def action(id_: str, text: str, icon: str, run: Callable[[], object], *keys: str, **more: object) -> ActionSpec:
        return ActionSpec(id=id_, text=text, icon=icon, run=run, keys=keys, group=GROUP, space=SPACE, **more)  # type: ignore[arg-type]

    return (
        action(
            START_ALL,
            "Start all",
            "play",
            start_all,
            "Ctrl+Return",
            enabled_when=lambda: may_begin() and presenter.owed_count > 0,
            why_not=why_not("nothing is owed"),
        ),
        action(
            RETRY_ALL,
            "Retry all failed",
            "retry",
            presenter.retry,
            "Shift+R",
            enabled_when=lambda: may_begin() and presenter.failed_count > 0,
            why_not=why_not("nothing failed"),
        ),
        ActionSpec(
            id=CANCEL,
            text="Cancel",
            icon="stop",
            run=presenter.cancel,
            keys=("Ctrl+.",),
            group=GROUP,
            enabled_when=lambda: presenter.is_running,
            why_not=lambda: "nothing runs",
        ),
        action(
            RETRY_SELECTED,
            "Retry selected",
            "retry",
            retry_selected,
            "R",
            enabled_when=lambda: may_begin() and selected() > 0,
            why_not=why_not("no failure is selected"),
        ),
        action(
            OPEN_FAILED,
            "Open what failed",
            "open-in",
            open_failed,
            "O",
            enabled_when=lambda: selected() > 0,
            why_not=lambda: "no failure is selected",
        ),
        action(
            COPY_ERROR,
            "Copy error",
            "copy",
            copy_error,
            "Ctrl+Shift+C",
            enabled_when=lambda: selected() > 0,
            why_not=lambda: "no failure is selected",
        ),
        action(NEXT_STAGE, "Next stage", "chevron-down", lambda: walk(1), "J"),
        action(PREVIOUS_STAGE, "Previous stage", "chevron-up", lambda: walk(-1), "K"),
    )
