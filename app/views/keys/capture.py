"""Waits for keys to be pressed and says which."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.style.fonts import font
from app.style.tokens import radius, size, tokens_of
from app.widgets.keycap import key_text

_MODIFIERS = frozenset(
    {Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr, Qt.Key.Key_unknown}
)
_NAVIGATION = frozenset({Qt.Key.Key_Tab, Qt.Key.Key_Backtab})
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_ASKING = "Press the new keys; Esc leaves them"


class KeyCapture(QWidget):
    """Waits for keys to be pressed and says which."""

    captured = Signal(str)
    """Portable text of what was pressed."""
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(size("field"))
        self.setMinimumWidth(272)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setProperty("rings", False)
        self.setAccessibleName("Press the new keys")
        self._text = _ASKING

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            # Before Qt takes Tab for itself.
            self._take(event)
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._show(_ASKING)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.given_up.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.accent, 2))
        painter.setBrush(t.surface)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius("button"), radius("button"))
        painter.setFont(font("body"))
        painter.setPen(t.text_secondary)
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self._text)

    def _show(self, text: str) -> None:
        self._text = text
        self.setAccessibleDescription(text)
        self.update()

    def _take(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _MODIFIERS:
            return
        if key == Qt.Key.Key_Escape and not event.modifiers():
            self.given_up.emit()
            return
        if key in _NAVIGATION and not event.modifiers() & _COMMANDS:
            # The keyboard finds its way with these; nothing could be reached without them.
            self._show(f"{key_text(QKeySequence(key).toString())} moves the keyboard; press others")
            return
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        text = event.text()
        # A sign such as ? is what it is, however it is typed.
        if text and text.isprintable() and not text.isalnum() and not text.isspace():
            modifiers &= ~Qt.KeyboardModifier.ShiftModifier
        keys = QKeySequence(QKeyCombination(modifiers, key))
        self.captured.emit(keys.toString(QKeySequence.SequenceFormat.PortableText))
