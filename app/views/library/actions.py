"""What can be done in the library."""

from __future__ import annotations

from collections.abc import Callable

from app.actions import ActionSpec
from app.presenters.library import LibraryPresenter
from app.studio import Studio
from hopchain_core.project import ORDER

SPACE = "library"
GROUP = "Library"

OPEN_INSTANCES, OPEN_CHAINS = "library.open_instances", "library.open_chains"
SEGMENT, COMPOSE, RETRY = "library.segment", "library.compose", "library.retry_failed"
RUN_ALL = "library.run_all"
REVEAL, COPY_PATHS, COPY_KEYS = "library.reveal", "library.copy_paths", "library.copy_keys"
RELINK, LOOK_AGAIN, FILTERS = "library.relink", "library.look_again", "library.filters"
FIND, CLEAR_FILTERS = "library.find", "library.clear_filters"
SELECT_ALL, CLEAR_SELECTION = "library.select_all", "library.clear_selection"
LARGER, SMALLER = "library.larger", "library.smaller"

IN_BAR = (OPEN_INSTANCES, OPEN_CHAINS, "", SEGMENT, COMPOSE, RUN_ALL, RETRY, "", COPY_PATHS, REVEAL)
"""On the bar of the selection, with dividers."""
SHORT = {OPEN_INSTANCES: "Instances", OPEN_CHAINS: "Chains"}
"""What these are called on the bar."""
IN_MENU = (
    *(OPEN_INSTANCES, OPEN_CHAINS, ""),
    *(SEGMENT, COMPOSE, RUN_ALL, RETRY, ""),
    *(REVEAL, COPY_PATHS, COPY_KEYS, ""),
    RELINK,
)
"""In the menu of the selection, with dividers."""


def library_actions(
    studio: Studio,
    presenter: LibraryPresenter,
    *,
    current: Callable[[], int | None],
    find: Callable[[], object],
    select_all: Callable[[], object],
    escape: Callable[[], object],
    zoom: Callable[[int], object],
    relink: Callable[[], object],
    toggle_filters: Callable[[], object],
    shows_filters: Callable[[], bool],
) -> tuple[ActionSpec, ...]:
    """The actions of the library.

    Args:
        studio: Runs stages, and says whether anything may be changed.
        presenter: Does what concerns the project.
        current: Number of the picture that has the keyboard, or of the first one selected.
        find: Puts the keyboard into the search.
        select_all: Selects all that is listed.
        escape: Selects nothing; where nothing is selected, looks for nothing.
        zoom: Makes cells wider or narrower by so many steps.
        relink: Asks for the folder to which pictures were moved.
        toggle_filters: Shows or hides the filters.
        shows_filters: Whether they are shown.
    """

    def has_current() -> bool:
        return current() is not None

    def has_selection() -> bool:
        return bool(presenter.selected)

    def may_run() -> bool:
        return has_selection() and not studio.is_read_only and not studio.runs.is_running

    def why_not_run() -> str:
        if studio.is_read_only:
            return "the project is open for reading only"
        return "stages are running" if studio.runs.is_running else "nothing selected"

    def opens(space: str) -> Callable[[], object]:
        return lambda: presenter.deeds.open(current() or 0, space)

    def action(id_: str, text: str, icon: str, run: Callable[[], object], *keys: str, **more: object) -> ActionSpec:
        return ActionSpec(id=id_, text=text, icon=icon, run=run, keys=keys, group=GROUP, space=SPACE, **more)  # type: ignore[arg-type]

    def opening(space: str) -> dict[str, object]:
        # A space that is not on the rail cannot be gone to.
        return {
            "enabled_when": lambda: has_current() and studio.actions.has(f"go.{space}"),
            "why_not": lambda: "nothing selected" if not has_current() else "not in this version",
        }

    needs_current = {"enabled_when": has_current, "why_not": lambda: "nothing selected"}
    needs_selection = {"enabled_when": has_selection, "why_not": lambda: "nothing selected"}
    runs = {"enabled_when": may_run, "why_not": why_not_run}
    return (
        action(OPEN_INSTANCES, "Open in Instances", "instances", opens("instances"), "I", **opening("instances")),
        action(OPEN_CHAINS, "Open in Chains", "chains", opens("chains"), "C", **opening("chains")),
        action(
            SEGMENT,
            "Segment",
            "instances",
            lambda: presenter.deeds.run(["categorize", "segment"]),
            **runs,
            words="masks categorize sam instances",
        ),
        action(
            COMPOSE,
            "Compose",
            "chains",
            lambda: presenter.deeds.run(["compose", "audit"]),
            **runs,
            words="questions chains audit",
        ),
        action(RUN_ALL, "Run all stages", "play", lambda: presenter.deeds.run(ORDER), **runs),
        action(
            RETRY,
            "Retry failed",
            "retry",
            presenter.deeds.retry_failed,
            "R",
            **runs,
            words="again errors failures repeat",
        ),
        action(
            REVEAL,
            "Show in folder",
            "folder-open",
            lambda: presenter.deeds.reveal(current() or 0),
            **needs_current,
            words="reveal open file explorer finder directory",
        ),
        action(COPY_PATHS, "Copy path", "copy", presenter.deeds.copy_paths, "Ctrl+Shift+C", **needs_selection),
        action(COPY_KEYS, "Copy key", "tag", presenter.deeds.copy_keys, **needs_selection),
        action(
            RELINK,
            "Find moved pictures…",
            "relink",
            relink,
            words="relink missing lost files path folder locate repair",
            enabled_when=lambda: not studio.is_read_only,
            why_not=lambda: "the project is open for reading only",
        ),
        action(
            LOOK_AGAIN,
            "Look at the files again",
            "refresh",
            presenter.look_again,
            "F5",
            words="refresh reload rescan missing",
        ),
        action(FIND, "Find pictures", "search", find, "/", "Ctrl+F", words="search"),
        action(
            CLEAR_FILTERS,
            "Clear filters",
            "filter",
            presenter.clear,
            "Shift+F",
            enabled_when=lambda: presenter.choice.is_filtered,
            why_not=lambda: "no filter is set",
        ),
        action(SELECT_ALL, "Select all", "check", select_all, "Ctrl+A", words="everything mark"),
        action(
            CLEAR_SELECTION,
            "Clear selection",
            "cross",
            escape,
            "Escape",
            enabled_when=lambda: has_selection() or bool(presenter.choice.text),
            why_not=lambda: "nothing selected",
        ),
        action(
            FILTERS,
            "Filters",
            "filter",
            toggle_filters,
            "F",
            checked_when=shows_filters,
            words="panel sidebar facets status category",
        ),
        action(
            LARGER,
            "Larger pictures",
            "zoom-in",
            lambda: zoom(1),
            "+",
            "Ctrl++",
            "Ctrl+=",
            words="zoom thumbnails size bigger grid",
        ),
        action(
            SMALLER, "Smaller pictures", "zoom-out", lambda: zoom(-1), "-", "Ctrl+-", words="zoom thumbnails size grid"
        ),
    )
