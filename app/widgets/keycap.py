"""Key caps: the key of an action as it stands on its button, in menus and in the `?` sheet."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.style.fonts import font
from app.style.tokens import radius, size, tokens_of

_PADDING_PX = 4.0
_NAMES = {
    "Return": "Enter",
    "PgUp": "Page up",
    "PgDown": "Page down",
    "Del": "Delete",
    "Ins": "Insert",
    "Up": "↑",
    "Down": "↓",
    "Left": "←",
    "Right": "→",
}


def key_text(keys: str) -> str:
    """A shortcut in portable text as it is shown: ``Ctrl+Shift+Z`` gives ``Ctrl Shift Z``."""
    if not keys:
        return ""
    shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) or keys
    parts = shown.split("+") if not shown.endswith("+") else [*filter(None, shown[:-1].split("+")), "+"]
    return " ".join(_NAMES.get(part, part) for part in parts)


def keycap_width(text: str) -> float:
    """Width of a cap in logical pixels; 0 for no text."""
    if not text:
        return 0.0
    return max(float(size("key")), QFontMetricsF(font("key")).horizontalAdvance(text) + 2 * _PADDING_PX)


def paint_keycap(painter: QPainter, text: str, right: float, middle: float, colour: QColor, edge: QColor) -> QRectF:
    """Paints a cap that ends at `right` and is centred on `middle`; gives where it is."""
    height = float(size("key"))
    rect = QRectF(right - keycap_width(text), middle - height / 2, keycap_width(text), height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius("key"), radius("key"))
    painter.setFont(font("key"))
    painter.setPen(colour)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
    return rect


class KeyCap(QWidget):
    """One shortcut as a cap.

    Args:
        keys: Portable text such as ``Ctrl+K``; empty for none.
    """

    def __init__(self, keys: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_keys(keys)

    def set_keys(self, keys: str) -> None:
        """Shows another shortcut, or nothing."""
        self._text = key_text(keys)
        self.setAccessibleName(self._text)
        # One that has no place yet would become a window of its own.
        if not self._text or self.parentWidget() is not None:
            self.setVisible(bool(self._text))
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """What is shown."""
        return self._text

    def sizeHint(self) -> QSize:
        return QSize(round(keycap_width(self._text) + 0.5), size("key"))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        if not self.isEnabled():
            painter.setOpacity(0.42)
        paint_keycap(painter, self._text, float(self.width()), self.height() / 2, t.text_secondary, t.line_strong)
