"""Letters belong to whoever types: in every field of every space no action fires."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.studio import Studio

SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789?/[]+-,.ABXF"
Settled = Callable[[Studio], None]


@pytest.fixture
def fired(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done by keys."""
    done: list[str] = []
    trigger = studio.actions.trigger

    def note(action_id: str) -> bool:
        done.append(action_id)
        return trigger(action_id)

    monkeypatch.setattr(studio.actions, "trigger", note)
    return done


def _fields(root: QWidget) -> Iterator[QLineEdit | QPlainTextEdit | QTextEdit]:
    for kind in (QLineEdit, QPlainTextEdit, QTextEdit):
        for field in root.findChildren(kind):
            if field.isVisibleTo(root) and field.isEnabled() and not field.isReadOnly():
                yield field


def _text(field: QLineEdit | QPlainTextEdit | QTextEdit) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def _type_into_all(root: QWidget, qtbot: QtBot) -> int:
    count = 0
    for field in list(_fields(root)):
        field.setFocus()
        if not field.hasFocus():
            continue
        if isinstance(field, QLineEdit):
            # What a field takes is its own matter; here only where letters go.
            field.setValidator(None)  # type: ignore[arg-type]
            field.setMaxLength(32767)
        field.selectAll()
        qtbot.keyClicks(field, SIGNS)
        assert _text(field) == SIGNS, field
        field.clear()
        count += 1
    return count


def test_that_typing_fires_nothing_in_any_space(
    composed: Composed, studio: Studio, settled: Settled, qtbot: QtBot, fired: list[str]
) -> None:
    typed = 0
    for space in composed.window.space_ids():
        studio.go(space)
        settled(studio)
        typed += _type_into_all(composed.window, qtbot)
        settled(studio)
        assert studio.space == space
    assert typed >= 2
    assert fired == []


def test_that_typing_fires_nothing_in_palette_and_sheet(
    composed: Composed, studio: Studio, settled: Settled, qtbot: QtBot, fired: list[str]
) -> None:
    for overlay in (composed.over.palette, composed.over.sheet):
        overlay.open()
        assert _type_into_all(overlay, qtbot) == 1
        overlay.close_overlay()
    settled(studio)
    assert fired == []


def test_that_typing_fires_nothing_in_the_settings(
    composed: Composed, studio: Studio, qtbot: QtBot, fired: list[str]
) -> None:
    composed.over.show_settings()
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    assert _type_into_all(dialog, qtbot) == 1
    assert fired == []
    dialog.close()


def test_that_caps_of_letters_are_faint_while_one_types(
    composed: Composed, studio: Studio, settled: Settled, qtbot: QtBot
) -> None:
    field = next(_fields(composed.window))
    field.setFocus()
    assert studio.actions.is_typing
    assert studio.actions.is_plain("edit.undo")
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert not studio.actions.is_typing
