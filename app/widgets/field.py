"""A line of text to type in: with an icon, a key cap, a clear button, and a word on what was refused."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from app.style.icons import paint_icon
from app.style.tokens import tokens_of
from app.widgets.keycap import key_text, keycap_width, paint_keycap
from app.widgets.label import Label


class Field(QLineEdit):
    """A text field.

    Args:
        placeholder: What belongs here; also the accessible name.
        icon: At the left.
        keys: A cap at the right while the field is empty and idle.
    """

    escaped = Signal()
    """Esc in an empty field, or twice in a full one; the first Esc clears. In a dialog it closes, unless one searches."""

    def __init__(self, placeholder: str = "", *, icon: str = "", keys: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._keys = keys
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self._set_margins()

    def set_keys(self, keys: str) -> None:
        """Shows another shortcut."""
        self._keys = keys
        self._set_margins()
        self.update()

    def set_refused(self, is_refused: bool) -> None:
        """Marks what stands here as not taken; the text stays."""
        if bool(self.property("refused")) != is_refused:
            self.setProperty("refused", is_refused)
            self.style().unpolish(self)
            self.style().polish(self)

    def event(self, event: QEvent) -> bool:
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() is QEvent.Type.ShortcutOverride and self._clears():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self._clears():
                self.clear()
            else:
                self.escaped.emit()
                event.ignore()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        t = tokens_of(self)
        painter = QPainter(self)
        middle = self.height() / 2
        if self._icon_name:
            paint_icon(painter, self._icon_name, QRectF(10, middle - 8, 16, 16), t.text_tertiary)
        cap = key_text(self._keys)
        if cap and not self.text() and not self.hasFocus() and self.width() > keycap_width(cap) + 120:
            paint_keycap(painter, cap, self.width() - 8.0, middle, t.text_secondary, t.line_strong)

    def _clears(self) -> bool:
        # Who presses Esc in a form wants to be rid of the form, not of a path that was typed.
        is_form = isinstance(self.window(), QDialog) and not self._icon_name
        return bool(self.text()) and not is_form

    def _set_margins(self) -> None:
        cap = key_text(self._keys)
        # The placeholder must not run under the cap.
        self.setTextMargins(24 if self._icon_name else 0, 0, round(keycap_width(cap)) + 4 if cap else 0, 0)


class RefusalLine(Label):
    """A line beneath a field that says what would be taken, while what stands in it is refused.

    Args:
        field: Gets a red edge meanwhile; its text stays.
    """

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__("", "meta", "bad", wraps=True, parent=parent)
        self._field = field
        self.hide()

    def show_refusal(self, text: str) -> None:
        """Marks the field and says why; an empty text takes the mark away."""
        self._field.set_refused(bool(text))
        self._field.setAccessibleDescription(text)
        self.setText(text)
        self.setVisible(bool(text))


class CheckedField(QWidget):
    """A field with its refusal line beneath.

    Args:
        field: The field.
    """

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.refusal = RefusalLine(field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(field)
        layout.addWidget(self.refusal)

    def show_refusal(self, text: str) -> None:
        """Marks the field and says why; an empty text takes the mark away."""
        self.refusal.show_refusal(text)
