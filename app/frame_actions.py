"""The actions of the frame: those that hold in every space."""

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


class Frame(Protocol):
    """What the frame can do, as the actions need it."""

    def ask_open(self) -> None: ...
    def ask_new(self) -> None: ...
    def ask_add(self) -> None: ...
    def make_sample(self) -> None: ...
    def close_project(self) -> None: ...
    def show_folder(self) -> None: ...
    def show_keys(self) -> None: ...
    def edit_keys(self) -> None: ...
    def show_settings(self) -> None: ...
    def show_help_menu(self) -> None: ...
    def show_about(self) -> None: ...
    def start_tour(self) -> None: ...
    def toggle_fullscreen(self) -> None: ...
    def open_palette(self) -> None: ...
    def set_theme_named(self, mode: str) -> None: ...
    def quit(self) -> None: ...
    def is_busy(self) -> bool: ...


def edit_actions(studio: Studio) -> tuple[ActionSpec, ...]:
    """Undo and redo."""

    def can_write() -> bool:
        return not studio.is_read_only

    return (
        ActionSpec(
            id="edit.undo",
            text="Undo",
            icon="undo",
            keys=("U", "Ctrl+Z"),
            group=EDIT,
            menu="edit",
            run=studio.undo,
            enabled_when=lambda: can_write() and studio.undo_texts[0] is not None,
            why_not=lambda: "nothing to undo",
        ),
        ActionSpec(
            id="edit.redo",
            text="Redo",
            icon="redo",
            keys=("Ctrl+Shift+Z", "Ctrl+Y"),
            group=EDIT,
            menu="edit",
            run=studio.redo,
            enabled_when=lambda: can_write() and studio.undo_texts[1] is not None,
            why_not=lambda: "nothing to do again",
        ),
    )


def go_actions(studio: Studio, spaces: list[tuple[str, str, str]]) -> tuple[ActionSpec, ...]:
    """One for each space: id, title, icon; Ctrl and its place on the rail."""
    return tuple(
        ActionSpec(
            id=f"go.{space}",
            text=title,
            icon=icon,
            keys=(f"Ctrl+{index}",) if index < 10 else (),
            group=GO,
            menu="view",
            run=partial(studio.go, space),
        )
        for index, (space, title, icon) in enumerate(spaces, start=1)
    )


def frame_actions(studio: Studio, frame: Frame) -> tuple[ActionSpec, ...]:
    """Projects, palette, shortcuts, settings, theme and help."""

    def is_free() -> bool:
        return not frame.is_busy()

    def busy() -> str:
        return "something is being made"

    def can_add() -> bool:
        return is_free() and not studio.is_read_only

    def act(name: str, text: str, icon: str, run: Callable[[], object], *keys: str, group: str = APP) -> ActionSpec:
        return ActionSpec(id=name, text=text, icon=icon, keys=keys, group=group, run=run, needs_project=False)

    made = [
        act("app.palette", "Search or run a command", "search", frame.open_palette, "Ctrl+K", "Ctrl+Shift+P"),
        act("app.keys", "Shortcuts", "keyboard", frame.show_keys, "?", "F1"),
        act("app.edit_keys", "Change shortcuts…", "keyboard", frame.edit_keys),
        act("app.settings", "Settings…", "settings", frame.show_settings, "Ctrl+,"),
        act("app.tour", "Take the tour", "tour", frame.start_tour),
        act("app.fullscreen", "Full screen", "window", frame.toggle_fullscreen, "F11"),
        act("app.help", "Help", "help", frame.show_help_menu),
        act("app.about", "About HopChain Studio", "info", frame.show_about),
        act("app.quit", "Quit", "quit", frame.quit, "Ctrl+Q"),
    ]
    # Neither opens anything that the palette does not show already.
    made = [replace(spec, in_palette=spec.id not in ("app.palette", "app.help")) for spec in made]
    projects = [
        act("project.new", "New project from pictures…", "folder", frame.ask_new, "Ctrl+N", group=PROJECT),
        act("project.open", "Open a project…", "folder-open", frame.ask_open, "Ctrl+O", group=PROJECT),
        act("project.sample", "Sample project", "bolt", frame.make_sample, group=PROJECT),
    ]
    made += [replace(spec, enabled_when=is_free, why_not=busy) for spec in projects]
    add = act("project.add_pictures", "Add pictures…", "plus", frame.ask_add, "Ctrl+Shift+A", group=PROJECT)
    made.append(replace(add, needs_project=True, enabled_when=can_add, why_not=busy))
    show = act("project.show_folder", "Show the project’s folder", "open-in", frame.show_folder, group=PROJECT)
    close = act("project.close", "Close the project", "cross", frame.close_project, "Ctrl+W", group=PROJECT)
    made += [replace(spec, needs_project=True) for spec in (show, close)]
    for mode, icon in (("system", "system"), ("light", "sun"), ("dark", "moon")):
        text = "Theme of the system" if mode == "system" else f"{mode.capitalize()} theme"
        theme = act(f"view.{mode}", text, icon, partial(frame.set_theme_named, mode))
        made.append(replace(theme, checked_when=partial(_has_theme, studio, mode)))
    return tuple(made)


def _has_theme(studio: Studio, mode: str) -> bool:
    return studio.theme.mode.value == mode
