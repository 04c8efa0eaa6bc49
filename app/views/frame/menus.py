"""Menus made from the table of actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.actions import ActionTable
from app.style.icons import icon
from app.widgets.keycap import key_text

SEPARATOR = ""
PROJECT, EDIT, GO, VIEW, HELP = "Project", "Edit", "Go to", "View", "Help"
_TITLES = (PROJECT, EDIT, GO, VIEW, HELP)


@dataclass(frozen=True, slots=True)
class MenuPart:
    """A menu: its title, and ids of its actions with `SEPARATOR` between groups."""

    title: str
    ids: tuple[str, ...]


def main_menus(actions: ActionTable, space: str, space_title: str) -> list[MenuPart]:
    """The menus as the table has them now: those of the frame, and what can be done in the space at hand.

    Args:
        actions: The table; `ActionSpec.menu` says which menu an action stands in.
        space: Id of the space shown.
        space_title: Its name; a menu of its own between "Go to" and "View" where it has actions.
    """
    parts = [MenuPart(title, menu_ids(actions, title)) for title in _TITLES]
    of_space = tuple(spec.id for spec in actions.specs() if space and spec.space == space and not spec.is_held)
    if of_space:
        parts.insert(_TITLES.index(VIEW), MenuPart(space_title, of_space))
    return [part for part in parts if part.ids]


def menu_ids(actions: ActionTable, title: str) -> tuple[str, ...]:
    """Actions of one menu of the frame, in the order of the table, with `SEPARATOR` where another group begins."""
    ids: list[str] = []
    last = ""
    for spec in actions.specs():
        menu, _, group = spec.menu.partition("/")
        if menu != title:
            continue
        if ids and group != last:
            ids.append(SEPARATOR)
        ids.append(spec.id)
        last = group
    return tuple(ids)


def fill(menu: QMenu, actions: ActionTable, ids: Sequence[str]) -> None:
    """Puts actions into a menu, as they are now; ids that are not in the table are left out.

    Args:
        menu: Shown once and then deleted.
        actions: The table.
        ids: In their order; `SEPARATOR` between groups.
    """
    menu.setToolTipsVisible(True)
    for action_id in ids:
        if action_id == SEPARATOR:
            menu.addSeparator()
            continue
        if not actions.has(action_id):
            continue
        spec = actions.spec(action_id)
        keys = key_text(actions.first_key(action_id))
        # An ampersand would become an underline; what follows a tab stands at the right.
        words = spec.text.replace("&", "&&")
        entry = QAction(f"{words}\t{keys}" if keys else words, menu)
        is_on = actions.is_checked(action_id)
        if spec.icon or is_on:
            # Where there is an icon, Qt shows no check mark beside it.
            entry.setIcon(icon("check" if is_on else spec.icon))
        entry.setEnabled(actions.is_enabled(action_id))
        if not entry.isEnabled() and (why_not := actions.why_not(action_id)):
            entry.setToolTip(f"{spec.text.rstrip('…')}: {why_not}")
        if spec.checked_when is not None:
            entry.setCheckable(True)
            entry.setChecked(is_on)
        entry.triggered.connect(partial(_trigger, actions, action_id))
        menu.addAction(entry)


def recent_menu(parent: QMenu, paths: Sequence[Path], choose: Callable[[Path], object]) -> QMenu:
    """A submenu of projects opened lately."""
    menu = parent.addMenu(icon("history"), "Recent")
    menu.setEnabled(bool(paths))
    for path in paths:
        entry = menu.addAction(path.stem.replace("&", "&&"))
        entry.setToolTip(str(path))
        entry.triggered.connect(partial(_choose, choose, path))
    menu.setToolTipsVisible(True)
    return menu


def show_below(menu: QMenu, widget: QWidget) -> None:
    """Opens a menu beneath a widget and deletes it when it is closed."""
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(widget.mapToGlobal(QPoint(0, widget.height())))


def _trigger(actions: ActionTable, action_id: str, _: bool = False) -> None:
    actions.trigger(action_id)


def _choose(choose: Callable[[Path], object], path: Path, _: bool = False) -> None:
    choose(path)
