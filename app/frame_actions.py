"""The actions of the frame: those that hold in every space, by the menu they stand in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol

from app.actions import ActionSpec
from app.studio import Studio

APP = "Studio"
PROJECT = "Project"
EDIT = "Edit"
GO = "Go to"


class Projects(Protocol):
    """What can be done with projects, as the actions need it."""

    def ask_open(self) -> None: ...
    def ask_new(self) -> None: ...
    def ask_add(self) -> None: ...
    def make_sample(self) -> None: ...
    def close_project(self) -> None: ...
    def show_folder(self) -> None: ...
    def show_refused(self) -> None: ...
    def start_tour(self) -> None: ...
    def is_busy(self) -> bool: ...


class Over(Protocol):
    """What can lie over the window, as the actions need it."""

    def show_keys(self) -> None: ...
    def edit_keys(self) -> None: ...
    def show_settings(self) -> None: ...
    def show_models(self) -> None: ...
    def show_people(self) -> None: ...
    def show_main_menu(self) -> None: ...
    def show_help_menu(self) -> None: ...
    def show_about(self) -> None: ...
    def toggle_fullscreen(self) -> None: ...
    def open_palette(self) -> None: ...
    def set_theme_named(self, mode: str) -> None: ...
    def quit(self) -> None: ...


def edit_actions(studio: Studio) -> tuple[ActionSpec, ...]:
    """Undo and redo."""

    def can_write() -> bool:
        return not studio.is_read_only

    def why_not(otherwise: str) -> Callable[[], str]:
        return lambda: otherwise if can_write() else "the project is open for reading only"

    return (
        ActionSpec(
            id="edit.undo",
            text="Undo",
            words="back revert",
            icon="undo",
            keys=("U", "Ctrl+Z"),
            group=EDIT,
            menu="Edit",
            run=studio.undo,
            enabled_when=lambda: studio.has_undo_here or (can_write() and studio.undo_texts[0] is not None),
            needs_project=False,
            why_not=why_not("nothing to undo"),
        ),
        ActionSpec(
            id="edit.redo",
            text="Redo",
            words="again forward repeat",
            icon="redo",
            keys=("Ctrl+Shift+Z", "Ctrl+Y"),
            group=EDIT,
            menu="Edit",
            run=studio.redo,
            enabled_when=lambda: can_write() and studio.undo_texts[1] is not None,
            why_not=why_not("nothing to do again"),
        ),
    )


_SPACES = {
    "library": "pictures images photos grid thumbnails",
    "pipeline": "stages run jobs progress server log failures",
    "instances": "masks boxes segmentation canvas sam",
    "chains": "questions hops review",
    "solve": "annotate answer blind",
    "adjudicate": "disputes agreement verdict",
    "difficulty": "rollouts pass rate attempts",
    "export": "save jsonl records dataset write training",
}
"""What else people call the spaces."""


def go_actions(studio: Studio, spaces: list[tuple[str, str, str]]) -> tuple[ActionSpec, ...]:
    """One for each space: id, title, icon; Ctrl and its place on the rail."""
    return tuple(
        ActionSpec(
            id=f"go.{space}",
            text=title,
            icon=icon,
            keys=(f"Ctrl+{index}",) if index < 10 else (),
            group=GO,
            words=_SPACES.get(space, ""),
            menu="Go to",
            run=partial(studio.go, space),
        )
        for index, (space, title, icon) in enumerate(spaces, start=1)
    )


def project_actions(studio: Studio, projects: Projects) -> tuple[ActionSpec, ...]:
    """New, open, add, close, and the tour."""

    def is_free() -> bool:
        return not projects.is_busy()

    def busy() -> str:
        return "something is being made"

    def can_add() -> bool:
        return is_free() and not studio.is_read_only

    def why_not_add() -> str:
        return busy() if projects.is_busy() else "the project is open for reading only"

    def act(
        name: str, text: str, icon: str, run: Callable[[], object], *keys: str, menu: str, words: str
    ) -> ActionSpec:
        return ActionSpec(
            id=f"project.{name}",
            text=text,
            icon=icon,
            keys=keys,
            group=PROJECT,
            menu=f"Project/{menu}",
            run=run,
            words=words,
            needs_project=menu != "begin",
        )

    begin = (
        act(
            "new",
            "New project from pictures…",
            "folder",
            projects.ask_new,
            "Ctrl+N",
            menu="begin",
            words="create import folder coco labelme",
        ),
        act(
            "open",
            "Open a project…",
            "folder-open",
            projects.ask_open,
            "Ctrl+O",
            menu="begin",
            words="load file recent",
        ),
        act("sample", "Sample project", "bolt", projects.make_sample, menu="begin", words="demo example scenes"),
    )
    add = act(
        "add_pictures",
        "Add pictures…",
        "plus",
        projects.ask_add,
        "Ctrl+Shift+A",
        menu="this",
        words="import ingest folder coco labelme images",
    )
    return (
        *(replace(spec, enabled_when=is_free, why_not=busy) for spec in begin),
        replace(add, enabled_when=can_add, why_not=why_not_add),
        act(
            "refused",
            "Files not taken in…",
            "warning",
            projects.show_refused,
            menu="this",
            words="refused rejected skipped broken import errors failed pictures",
        ),
        act(
            "show_folder",
            "Show the project’s folder",
            "open-in",
            projects.show_folder,
            menu="this",
            words="directory reveal finder explorer file",
        ),
        act("close", "Close the project", "cross", projects.close_project, "Ctrl+W", menu="leave", words="leave start"),
        ActionSpec(
            id="app.tour",
            text="Take the tour",
            words="help introduction tutorial guide learn",
            icon="tour",
            group=APP,
            menu="Help",
            run=projects.start_tour,
            needs_project=False,
        ),
    )


def frame_actions(studio: Studio, over: Over) -> tuple[ActionSpec, ...]:
    """Palette, shortcuts, settings, theme and help."""

    def act(
        name: str, text: str, icon: str, run: Callable[[], object], *keys: str, menu: str = "", words: str = ""
    ) -> ActionSpec:
        made = ActionSpec(id=name, text=text, icon=icon, keys=keys, group=APP, menu=menu, run=run, words=words)
        return replace(made, needs_project=False)

    made = [
        act(
            "app.palette", "Search or run a command", "search", over.open_palette, "Ctrl+K", "Ctrl+Shift+P", menu="View"
        ),
        act("app.menu", "Menu", "rows", over.show_main_menu, "F10"),
        act(
            "app.fullscreen",
            "Full screen",
            "window",
            over.toggle_fullscreen,
            "F11",
            menu="View",
            words="maximise maximize",
        ),
        act(
            "app.settings",
            "Settings…",
            "settings",
            over.show_settings,
            "Ctrl+,",
            words="preferences options configure theme dark light scale size font name person motion",
        ),
        act(
            "app.models",
            "Models…",
            "server",
            over.show_models,
            words="backend server endpoint profile vlm llm sam gpu key",
        ),
        act(
            "app.keys",
            "Shortcuts",
            "keyboard",
            over.show_keys,
            "?",
            "F1",
            menu="Help",
            words="keys keyboard hotkeys bindings cheat sheet",
        ),
        act(
            "app.edit_keys",
            "Change shortcuts…",
            "keyboard",
            over.edit_keys,
            menu="Help",
            words="keys keyboard hotkeys bindings rebind customise customize",
        ),
        act("app.help", "Help", "help", over.show_help_menu),
        act(
            "app.about",
            "About HopChain Studio",
            "info",
            over.show_about,
            menu="Help/about",
            words="version licence license",
        ),
        act("app.quit", "Quit", "quit", over.quit, "Ctrl+Q", words="exit leave close end"),
    ]
    made.append(
        ActionSpec(
            id="people.open",
            text="People and rounds…",
            words="annotators solvers humans packets hand out gold send team",
            icon="people",
            group=PROJECT,
            menu="Project/people",
            run=over.show_people,
        )
    )
    # None of these opens anything that the palette does not show already.
    made = [replace(spec, in_palette=spec.id not in ("app.palette", "app.help", "app.menu")) for spec in made]
    for mode, icon in (("system", "system"), ("light", "sun"), ("dark", "moon")):
        text = "Theme of the system" if mode == "system" else f"{mode.capitalize()} theme"
        theme = act(
            f"view.{mode}", text, icon, partial(over.set_theme_named, mode), menu="View/theme", words=_THEMES[mode]
        )
        made.append(replace(theme, checked_when=partial(_has_theme, studio, mode)))
    return tuple(made)


_THEMES = {
    "system": "appearance colours colors mode automatic default",
    "light": "appearance colours colors mode bright white day",
    "dark": "appearance colours colors mode black night",
}


def _has_theme(studio: Studio, mode: str) -> bool:
    return studio.theme.mode.value == mode
