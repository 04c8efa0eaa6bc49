"""Menus made from the table of actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.actions import ActionTable
from app.style.icons import icon
from app.widgets.keycap import key_text

SEPARATOR = ""


def fill(menu: QMenu, actions: ActionTable, ids: Sequence[str]) -> None:
    """Puts actions into a menu, as they are now; ids that are not in the table are left out.

    Args:
        menu: Shown once and then deleted.
        actions: The table.
        ids: In their order; `SEPARATOR` between groups.
    """
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
        if spec.icon:
            entry.setIcon(icon(spec.icon))
        entry.setEnabled(actions.is_enabled(action_id))
        if spec.checked_when is not None:
            entry.setCheckable(True)
            entry.setChecked(spec.checked_when())
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
