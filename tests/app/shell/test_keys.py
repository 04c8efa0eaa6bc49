"""The `?` sheet and the shortcut editor, by their keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.settings import Settings
from app.studio import Studio
from app.views.keys.editor import KeyEditor
from app.widgets.action_button import ActionButton
from app.widgets.keycap import key_text

CTRL = Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier


def _rest(composed: Composed, qtbot: QtBot) -> None:
    composed.window.build_rest()
    qtbot.waitUntil(lambda: all(composed.window.space(space) is not None for space in composed.window.space_ids()))


def _groups(composed: Composed) -> dict[str, list[str]]:
    return {group.title: [row.text for row in group.rows] for group in composed.over.keys.sheet()}


def _open_sheet(composed: Composed, qtbot: QtBot) -> None:
    qtbot.keyClick(composed.window.focusWidget() or composed.window, Qt.Key.Key_F1)
    assert composed.over.sheet.is_open


@pytest.fixture
def editor(composed: Composed, studio: Studio, qtbot: QtBot) -> KeyEditor:
    _rest(composed, qtbot)
    composed.over.edit_keys()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, KeyEditor)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    return dialog


def _record(editor: KeyEditor, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    qtbot.mouseClick(editor.change, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(editor.capture.hasFocus)
    qtbot.keyClick(editor.capture, key, modifier)


def test_that_the_sheet_holds_every_key_of_every_space(composed: Composed, studio: Studio, qtbot: QtBot) -> None:
    _open_sheet(composed, qtbot)
    qtbot.waitUntil(lambda: all(composed.window.space(space) is not None for space in composed.window.space_ids()))
    shown = [row for group in composed.over.keys.sheet() for row in group.rows]
    wanted = {spec.id for spec in studio.actions.specs() if studio.actions.keys(spec.id)}
    assert {row.id for row in shown} == wanted
    spoken = composed.over.sheet.columns.accessibleDescription()
    for row in shown:
        assert row.text in spoken
        assert all(key_text(keys) in spoken for keys in row.keys)


def test_that_the_sheet_begins_with_the_space_at_hand(composed: Composed, studio: Studio, qtbot: QtBot) -> None:
    _rest(composed, qtbot)
    assert next(iter(_groups(composed))) == "Library"
    studio.go("pipeline")
    assert next(iter(_groups(composed))) == "Pipeline"


def test_that_the_sheet_finds_actions_by_name_and_by_key(composed: Composed, studio: Studio, qtbot: QtBot) -> None:
    _open_sheet(composed, qtbot)
    _rest(composed, qtbot)
    sheet = composed.over.sheet
    assert sheet.search.hasFocus()
    qtbot.keyClicks(sheet.search, "full scr")
    assert sheet.columns.accessibleDescription() == "Studio: Full screen F11."
    sheet.search.clear()
    qtbot.keyClicks(sheet.search, "ctrl+shift+z")
    assert sheet.columns.accessibleDescription() == "Edit: Redo Ctrl Shift Z or Ctrl Y."
    sheet.search.clear()
    qtbot.keyClicks(sheet.search, "qqqq")
    assert sheet.columns.accessibleDescription() == ""
    qtbot.keyClick(sheet.search, Qt.Key.Key_Escape)
    assert not sheet.is_open


def test_that_a_recorded_key_holds_at_once_and_after_a_restart(
    editor: KeyEditor, composed: Composed, studio: Studio, settings: Settings, qtbot: QtBot
) -> None:
    editor.choose("app.fullscreen")
    _record(editor, qtbot, Qt.Key.Key_J, CTRL)
    assert studio.actions.keys("app.fullscreen") == ("Ctrl+J",)
    editor.accept()
    assert Settings(settings.path).own_keys() == {"app.fullscreen": ("Ctrl+J",)}
    composed.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is composed.window)
    qtbot.keyClick(composed.window, Qt.Key.Key_J, CTRL)
    qtbot.waitUntil(composed.window.isFullScreen)
    composed.window.showNormal()


def test_that_caps_everywhere_follow_a_changed_key(
    editor: KeyEditor, composed: Composed, studio: Studio, qtbot: QtBot
) -> None:
    editor.choose("edit.undo")
    _record(editor, qtbot, Qt.Key.Key_F6)
    undo = next(b for b in composed.window.findChildren(ActionButton) if b.action_id == "edit.undo")
    assert "(F6)" in undo.toolTip()
    editor.choose("app.keys")
    _record(editor, qtbot, Qt.Key.Key_F7)
    assert composed.window.status_bar.keys.cap.text() == "F7"
    editor.choose("go.pipeline")
    _record(editor, qtbot, Qt.Key.Key_F8)
    assert "(F8)" in composed.window.rail.item("pipeline").toolTip()


def test_that_a_conflict_names_both_and_leaves_everything_until_one_decides(
    editor: KeyEditor, studio: Studio, qtbot: QtBot
) -> None:
    editor.choose("app.settings")
    _record(editor, qtbot, Qt.Key.Key_K, CTRL)
    assert "Ctrl K" in editor.word.text()
    assert "“Search or run a command”" in editor.word.text()
    assert "“Settings”" in editor.word.text()
    assert studio.actions.keys("app.settings") == ("Ctrl+,",)
    qtbot.mouseClick(editor.keep, Qt.MouseButton.LeftButton)
    assert studio.actions.keys("app.settings") == ("Ctrl+,",)
    assert studio.actions.own_keys() == {}
    assert not editor.word.isVisible()


def test_that_a_key_given_away_is_gone_from_the_other(editor: KeyEditor, studio: Studio, qtbot: QtBot) -> None:
    editor.choose("app.settings")
    _record(editor, qtbot, Qt.Key.Key_K, CTRL)
    qtbot.mouseClick(editor.use, Qt.MouseButton.LeftButton)
    assert studio.actions.keys("app.settings") == ("Ctrl+K",)
    assert studio.actions.keys("app.palette") == ("Ctrl+Shift+P",)
    assert studio.actions.conflicts() == []


def test_that_a_key_can_be_added_taken_away_and_reset(editor: KeyEditor, studio: Studio, qtbot: QtBot) -> None:
    editor.choose("app.settings")
    qtbot.mouseClick(editor.add, Qt.MouseButton.LeftButton)
    qtbot.keyClick(editor.capture, Qt.Key.Key_F9)
    assert studio.actions.keys("app.settings") == ("Ctrl+,", "F9")
    qtbot.mouseClick(editor.clear, Qt.MouseButton.LeftButton)
    assert studio.actions.keys("app.settings") == ()
    qtbot.mouseClick(editor.reset_one, Qt.MouseButton.LeftButton)
    assert studio.actions.keys("app.settings") == ("Ctrl+,",)
    assert not editor.reset_one.isEnabled()


def test_that_resetting_all_can_be_taken_back(
    editor: KeyEditor, composed: Composed, studio: Studio, qtbot: QtBot
) -> None:
    composed.over.keys.propose("app.settings", "F9")
    composed.over.keys.propose("app.quit", "F12")
    changed = studio.actions.own_keys()
    editor.reset.emit("")
    assert studio.actions.own_keys() == {}
    assert studio.settings.own_keys() == {}
    qtbot.mouseClick(editor.use, Qt.MouseButton.LeftButton)
    assert studio.actions.own_keys() == changed == studio.settings.own_keys()


def test_that_enter_records_for_the_row_and_esc_leaves_it(editor: KeyEditor, studio: Studio, qtbot: QtBot) -> None:
    editor.choose("app.settings")
    editor.list.setFocus()
    qtbot.keyClick(editor.list, Qt.Key.Key_Return)
    assert editor.isVisible()
    assert editor.capture.hasFocus()
    qtbot.keyClick(editor.capture, Qt.Key.Key_Escape)
    assert editor.isVisible()
    assert editor.list.hasFocus()
    assert studio.actions.own_keys() == {}


def test_that_arrows_lead_from_the_search_into_the_list_and_back(editor: KeyEditor, qtbot: QtBot) -> None:
    editor.search.setFocus()
    qtbot.keyClicks(editor.search, "retry")
    assert editor.model.rowCount() > 1
    assert editor.list.currentIndex().row() == 0
    qtbot.keyClick(editor.search, Qt.Key.Key_Down)
    assert editor.list.hasFocus()
    assert editor.list.currentIndex().row() == 1
    qtbot.keyClick(editor.list, Qt.Key.Key_Up)
    assert editor.list.hasFocus()
    qtbot.keyClick(editor.list, Qt.Key.Key_Up)
    assert editor.search.hasFocus()


def test_that_tab_is_not_taken_from_the_keyboard(editor: KeyEditor, studio: Studio, qtbot: QtBot) -> None:
    editor.choose("app.settings")
    _record(editor, qtbot, Qt.Key.Key_Tab)
    assert editor.capture.hasFocus()
    assert studio.actions.own_keys() == {}


@pytest.mark.parametrize(
    ("press", "keys"),
    [
        (lambda bot, w: bot.keyClick(w, "?", Qt.KeyboardModifier.ShiftModifier), "?"),
        (lambda bot, w: bot.keyClick(w, Qt.Key.Key_Q, Qt.KeyboardModifier.ShiftModifier), "Shift+Q"),
        (lambda bot, w: bot.keyClick(w, Qt.Key.Key_F3, CTRL | Qt.KeyboardModifier.AltModifier), "Ctrl+Alt+F3"),
    ],
)
def test_that_what_is_pressed_is_told_as_portable_text(
    editor: KeyEditor, qtbot: QtBot, press: Callable[[QtBot, object], None], keys: str
) -> None:
    told: list[str] = []
    editor.capture.captured.connect(told.append)
    editor.choose("app.about")
    qtbot.mouseClick(editor.change, Qt.MouseButton.LeftButton)
    press(qtbot, editor.capture)
    assert told == [keys]
