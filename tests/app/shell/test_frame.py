"""The frame: menus, undo across windows, toasts, and what a keyboard and a screen reader find."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollBar,
    QSlider,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.composition import Composed, compose
from app.frame_actions import frame_actions, project_actions
from app.settings import Settings
from app.studio import Studio
from app.views.chains.chips import ChipFlow
from app.views.frame.menus import main_menus
from app.widgets.overlay import Overlay
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.policy import Policy
from hopchain_core.domain.review import Mark, MarkKind
from hopchain_core.jobs.terms import OPTIONS
from hopchain_core.project import Project
from hopchain_core.store.rows_runs import write_fact

INTERACTIVE = (
    QAbstractButton,
    QLineEdit,
    QComboBox,
    QAbstractSpinBox,
    QSlider,
    QAbstractItemView,
    QPlainTextEdit,
    QTextEdit,
)
Settled = Callable[[Studio], None]


def _first_chain(studio: Studio) -> ChainKey:
    with studio.need_project().read() as read:
        return read.chain_rows(read.chain_ids()[:1])[0].key


def _mark(studio: Studio, key: ChainKey) -> MarkKind | None:
    with studio.need_project().read() as read:
        mark = read.mark(key)
        return mark.kind if mark is not None else None


def _accept(studio: Studio, key: ChainKey, settled: Settled) -> None:
    project = studio.need_project()
    studio.bridge.edit(lambda: project.mark(Mark(chain=key, kind=MarkKind.ACCEPT), by=studio))
    settled(studio)


# Undo


def test_that_the_status_bar_says_what_undo_would_take_back(
    composed: Composed, studio: Studio, settled: Settled
) -> None:
    bar = composed.window.status_bar
    settled(studio)
    assert bar.undo.text() == "Nothing to undo"
    _accept(studio, _first_chain(studio), settled)
    text = studio.undo_texts[0]
    assert text
    assert bar.undo.text().lower() == f"undo: {text}".lower()
    assert bar.saved.text() == "Saved"


def test_that_what_one_window_did_is_undone_and_redone_in_the_next(
    composed: Composed,
    studio: Studio,
    settled: Settled,
    qtbot: QtBot,
    qapp: QApplication,
    sample_project: Path,
) -> None:
    key = _first_chain(studio)
    _accept(studio, key, settled)
    said = studio.undo_texts[0]
    studio.close_project()
    composed.window.hide()

    after = compose(qapp, Settings(None))
    try:
        after.window.show()
        qtbot.waitExposed(after.window)
        after.window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is after.window)
        after.studio.take_project(Project.open(sample_project))
        settled(after.studio)
        assert after.studio.undo_texts[0] == said
        assert _mark(after.studio, key) is MarkKind.ACCEPT
        qtbot.keyClick(after.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        settled(after.studio)
        assert _mark(after.studio, key) is None
        assert after.studio.undo_texts == (None, said)
        qtbot.keyClick(
            after.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        )
        settled(after.studio)
        assert _mark(after.studio, key) is MarkKind.ACCEPT
    finally:
        after.window.close()
        after.studio.close()
        after.window.deleteLater()
        after.studio.theme.deleteLater()
        qapp.processEvents()


def test_that_undo_offers_the_way_back_in_its_toast(
    composed: Composed, studio: Studio, settled: Settled, qtbot: QtBot
) -> None:
    key = _first_chain(studio)
    studio.go("chains", chain=key)
    settled(studio)
    _accept(studio, key, settled)
    studio.actions.trigger("edit.undo")
    settled(studio)
    toasts = composed.window.toasts
    assert toasts.isVisible()
    assert toasts.text().startswith("Undone: ")
    button = next(b for b in toasts.findChildren(QAbstractButton) if b.isVisible())
    assert button.text() == "Redo"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settled(studio)
    assert _mark(studio, key) is MarkKind.ACCEPT


def test_that_a_step_that_cannot_be_undone_is_left_out_from_its_toast(
    composed: Composed, studio: Studio, settled: Settled, qtbot: QtBot
) -> None:
    key, project = _first_chain(studio), studio.need_project()
    project.set_policy(Policy(people=3, agreeing=3))
    project.set_options(project.last_options().model_copy(update={"rollouts": 5}))
    # As a run from the terminal would.
    text = project.last_options().model_copy(update={"rollouts": 6}).model_dump_json()
    project._file.writer.submit(lambda uow: write_fact(uow, OPTIONS, text)).result()
    studio.go("chains", chain=key)
    settled(studio)
    studio.actions.trigger("edit.undo")
    settled(studio)
    toasts = composed.window.toasts
    assert toasts.text() == (
        "“Change settings of the stages” cannot be taken back: what it concerns (settings) has changed since."
    )
    button = next(b for b in toasts.findChildren(QAbstractButton) if b.isVisible())
    assert button.text() == "Leave it out"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settled(studio)
    assert project.last_options().rollouts == 6
    studio.actions.trigger("edit.undo")
    settled(studio)
    assert project.policy() == Policy()


def test_that_nothing_is_undone_in_a_project_open_for_reading_only(
    composed: Composed, studio: Studio, settled: Settled, sample_project: Path
) -> None:
    _accept(studio, _first_chain(studio), settled)
    studio.close_project()
    studio.take_project(Project.open(sample_project, read_only=True))
    settled(studio)
    assert not studio.actions.is_enabled("edit.undo")
    assert composed.window.status_bar.saved.text() == "Read only"


# Menus


@pytest.fixture
def menu(composed: Composed, studio: Studio, qtbot: QtBot) -> Iterator[QMenu]:
    qtbot.keyClick(composed.window, Qt.Key.Key_F10)
    opened = QApplication.activePopupWidget()
    assert isinstance(opened, QMenu)
    yield opened
    opened.close()


def _submenu(menu: QMenu, title: str) -> QMenu:
    return next(child for child in menu.findChildren(QMenu) if child.title() == title)


def _entry(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text().partition("\t")[0] == text)


def test_that_f10_opens_menus_of_the_whole_table(menu: QMenu, studio: Studio) -> None:
    titles = [child.title() for child in menu.findChildren(QMenu) if child.parent() is menu]
    assert titles == ["Project", "Edit", "Go to", "Library", "View", "Help"]
    texts = [action.text().partition("\t")[0] for action in _submenu(menu, "Library").actions() if action.text()]
    assert texts == [spec.text for spec in studio.actions.specs() if spec.space == "library" and not spec.is_held]


def test_that_a_menu_shows_keys_state_and_reason(menu: QMenu) -> None:
    undo = _entry(_submenu(menu, "Edit"), "Undo")
    assert undo.text() == "Undo\tU"
    assert not undo.isEnabled()
    assert undo.toolTip() == "Undo: nothing to undo"


def test_that_a_menu_runs_what_it_names(menu: QMenu, studio: Studio) -> None:
    dark = _entry(_submenu(menu, "View"), "Dark theme")
    assert dark.isCheckable()
    assert not dark.isChecked()
    dark.trigger()
    assert studio.theme.scheme == "dark"


def test_that_every_action_of_the_frame_stands_in_a_menu_or_has_a_place_of_its_own(
    composed: Composed, studio: Studio
) -> None:
    in_menus = {name for part in main_menus(studio.actions, "", "") for name in part.ids}
    specs = [*project_actions(studio, composed.shell), *frame_actions(studio, composed.over)]
    assert {spec.id for spec in specs} - in_menus == {"app.settings", "app.models", "app.quit", "app.menu", "app.help"}


# What a keyboard and a screen reader find


def _is_own_mouse(widget: QWidget) -> bool:
    """Takes the mouse by code of the studio's own."""
    if isinstance(widget, ChipFlow) and not any(chip.value for chip in widget.chips()):
        return False
    return any(
        "mousePressEvent" in kind.__dict__ for kind in type(widget).__mro__ if kind.__module__.startswith("app.")
    )


def _is_inside_another(widget: QWidget) -> bool:
    """A part of a widget of Qt's that is one thing to a person."""
    parent = widget.parentWidget()
    return isinstance(widget, QScrollBar) or (isinstance(parent, (QAbstractSpinBox, QComboBox, QAbstractScrollArea)))


# Mouse short cuts to what Tab reaches beside them.
BESIDE = {
    "StageCard": "the figure of failures opens the table beneath",
    "RolloutCard": "[ and ] choose it",
    "_Picture": "V shows it large",
    "_Reply": "text to be read; a key copies it, another finds in it",
}
"""What the mouse reaches and Tab does not, with the way there is for the keyboard."""


def _interactive(root: QWidget) -> list[QWidget]:
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.isVisibleTo(root)
        and widget.isEnabled()
        and not _is_inside_another(widget)
        and type(widget).__name__ not in BESIDE
        and (isinstance(widget, INTERACTIVE) or _is_own_mouse(widget))
    ]


def _focusable(root: QWidget) -> list[QWidget]:
    """All that a screen reader may come upon as the place of the keyboard: also pages that only hold it."""
    found = dict.fromkeys(_interactive(root))
    for widget in root.findChildren(QWidget):
        if widget.isVisibleTo(root) and widget.isEnabled() and widget.focusPolicy() is not Qt.FocusPolicy.NoFocus:
            found[widget] = None
    return list(found)


def _turns_with(widget: QWidget, focused: QWidget) -> bool:
    """Of a group of which one is on: Tab reaches that one, arrows the others."""
    return (
        isinstance(widget, QAbstractButton)
        and isinstance(focused, QAbstractButton)
        and widget.autoExclusive()
        and focused.autoExclusive()
        and widget.parentWidget() is focused.parentWidget()
    )


def _name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface is not None else widget.accessibleName()


def _said(widget: QWidget) -> str:
    inner = f" “{widget.text()}”" if isinstance(widget, (QAbstractButton, QLineEdit)) else ""
    parent = widget.parentWidget()
    return f"{type(widget).__name__}{inner} in {type(parent).__name__}"


def _spaces(composed: Composed, studio: Studio, settled: Settled, qtbot: QtBot) -> Iterator[str]:
    for space in composed.window.space_ids():
        studio.go(space)
        settled(studio)
        qtbot.wait(50)
        settled(studio)
        yield space


def test_that_everything_one_can_touch_has_a_name(
    composed: Composed, studio: Studio, settled: Settled, qtbot: QtBot
) -> None:
    nameless = {
        (space, _said(widget))
        for space in _spaces(composed, studio, settled, qtbot)
        for widget in _focusable(composed.window)
        if not _name(widget)
    }
    assert nameless == set()


@pytest.mark.parametrize(
    "action",
    [
        "app.about",
        "app.edit_keys",
        "app.keys",
        "app.models",
        "app.palette",
        "app.settings",
        "people.open",
        "project.add_pictures",
        "project.new",
    ],
)
def test_that_everything_in_a_dialog_has_a_name(
    composed: Composed, studio: Studio, settled: Settled, qtbot: QtBot, action: str
) -> None:
    studio.actions.trigger(action)
    settled(studio)
    window = composed.window
    over = [w for w in window.children() if isinstance(w, (QDialog, Overlay)) and w.isVisible()]
    assert len(over) == 1
    assert [_said(widget) for widget in _focusable(over[0]) if not _name(widget)] == []
    over[0].close()


def test_that_everything_in_the_report_of_a_bug_has_a_name(composed: Composed, studio: Studio) -> None:
    studio.show_error(RuntimeError("a bug"))
    (dialog,) = [w for w in composed.window.findChildren(QDialog) if w.isVisible()]
    assert [_said(widget) for widget in _focusable(dialog) if not _name(widget)] == []
    dialog.close()


def test_that_tab_reaches_everything_one_can_touch(
    composed: Composed, studio: Studio, settled: Settled, qtbot: QtBot
) -> None:
    missed: set[tuple[str, str]] = set()
    for space in _spaces(composed, studio, settled, qtbot):
        wanted = _interactive(composed.window)
        reached: set[QWidget] = set()
        for _ in range(3 * len(wanted) + 20):
            focused = QApplication.focusWidget() or composed.window
            qtbot.keyClick(focused, Qt.Key.Key_Tab)
            now = QApplication.focusWidget()
            if now is not None:
                reached.add(now)
                reached.update(widget for widget in wanted if widget.focusProxy() is now or _turns_with(widget, now))
        missed |= {
            (space, _said(widget)) for widget in wanted if widget not in reached and widget.isVisibleTo(composed.window)
        }
    assert missed == set()


def test_that_no_part_of_a_space_is_a_window_of_its_own_for_a_moment(
    composed: Composed, studio: Studio, settled: Settled, qtbot: QtBot, qapp: QApplication
) -> None:
    class Watch(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.seen: list[str] = []

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                self.seen.append(_said(watched))
            return False

    watch = Watch()
    qapp.installEventFilter(watch)
    for _ in _spaces(composed, studio, settled, qtbot):
        pass
    qapp.removeEventFilter(watch)
    assert watch.seen == []


def test_that_the_keyboard_begins_nowhere_in_the_top_bar(composed: Composed) -> None:
    focused = QApplication.focusWidget()
    assert focused is None or not composed.window.top_bar.isAncestorOf(focused)


def test_that_the_way_to_the_shortcuts_stands_in_the_status_bar(
    composed: Composed, studio: Studio, qtbot: QtBot
) -> None:
    qtbot.mouseClick(composed.window.status_bar.keys, Qt.MouseButton.LeftButton)
    assert composed.over.sheet.is_open
