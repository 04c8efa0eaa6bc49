"""The box for a number. Letters are no part of one, so they reach the actions of the space while it has the focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from app.style.fonts import font
from app.widgets.field import Field
from app.widgets.shortcuts import LETS_LETTERS_PASS


class AnswerField(Field):
    """Takes digits, signs, point, comma, slash and space; whatever is pasted is taken and judged when it is sent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self.setProperty(LETS_LETTERS_PASS, True)
        self.setObjectName("answer")
        self.setAccessibleName("Your answer")
        self.setProperty("large", True)
        self.setFont(font("figure-small"))
        self.setTextMargins(8, 0, 8, 0)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # With nothing typed there is nothing of its own to take back.
            is_undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
            if is_undo or _is_letter(event) or event.key() == Qt.Key.Key_Escape:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Esc leaves, and what stands here is kept; in other fields it empties them.
        if _is_letter(event) or event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)


def _is_letter(event: QKeyEvent) -> bool:
    modifiers = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    text = event.text()
    return modifiers == Qt.KeyboardModifier.NoModifier and len(text) == 1 and text.isalpha()
