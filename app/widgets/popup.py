"""A small panel that opens beneath a button and closes with a click elsewhere or Esc."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.style.tokens import tokens_of
from app.widgets.focus import FocusRing


class Popup(QFrame):
    """A panel over the window. `box` is its layout.

    Args:
        name: What it holds, for screen readers.
        parent: Whose palette and life it shares.
    """

    closed = Signal()

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(1, 1, 1, 1)
        self.box.setSpacing(0)
        self._ring = FocusRing(self)

    def open_at(self, corner: QPoint, *, is_right: bool = False) -> None:
        """Opens with its upper left (or right) corner here, moved so that it stays on the screen.

        Args:
            corner: On the screen.
            is_right: The corner is the right one.
        """
        self.adjustSize()
        screen = QGuiApplication.screenAt(corner) or QGuiApplication.primaryScreen()
        x = corner.x() - (self.width() if is_right else 0)
        y = corner.y()
        if screen is not None:
            room = screen.availableGeometry()
            x = max(room.left(), min(x, room.right() - self.width()))
            y = max(room.top(), min(y, room.bottom() - self.height()))
        self.move(x, y)
        self.show()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.raised)
        painter.setPen(QPen(t.line_strong, 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
