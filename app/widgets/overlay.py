"""A panel that lies over the window until it is done with: palette, `?` sheet."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.style.tokens import tokens_of

_SCRIM_OPACITY = {"light": 0.24, "dark": 0.5}


class Overlay(QWidget):
    """Covers a window. Esc or a click beside the panel closes it; the keyboard goes back to where it was.

    Args:
        window: What is covered.
        name: Of the panel, for screen readers.
        width_px: Of the panel.
        top_px: Distance of the panel from the top; in the middle when None.
    """

    opened = Signal()
    closed = Signal()

    def __init__(self, window: QWidget, name: str, width_px: int, top_px: int | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._width = width_px
        self._top = top_px
        self._before: QWidget | None = None
        self.panel = _Panel(self)
        self.panel.setAccessibleName(name)
        self.box = QVBoxLayout(self.panel)
        self.box.setContentsMargins(1, 1, 1, 1)
        self.box.setSpacing(0)
        window.installEventFilter(self)
        super().hide()

    @property
    def is_open(self) -> bool:
        """Whether it covers the window."""
        return not self.isHidden()

    def open(self) -> None:
        """Covers the window and takes the keyboard."""
        if self.is_open:
            return
        self._before = QApplication.focusWidget()
        self.setGeometry(self._window.rect())
        self.opened.emit()
        self.show()
        self.raise_()
        self.place()
        self.first_focus().setFocus(Qt.FocusReason.PopupFocusReason)

    def close_overlay(self) -> None:
        """Uncovers the window."""
        if not self.is_open:
            return
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._before = None
        self.closed.emit()

    def first_focus(self) -> QWidget:
        """What gets the keyboard."""
        return self.panel

    def panel_height(self) -> int:
        """How high the panel wants to be."""
        return self.box.sizeHint().height()

    def place(self) -> None:
        """Puts the panel where it belongs."""
        width = min(self._width, self.width() - 48)
        height = min(self.panel_height(), self.height() - 2 * (self._top or 32))
        top = (self.height() - height) // 2 if self._top is None else self._top
        self.panel.setGeometry((self.width() - width) // 2, top, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keeps covering the window when its size changes."""
        if event.type() is QEvent.Type.Resize and watched is self._window and self.is_open:
            self.setGeometry(self._window.rect())
            self.place()
        return False

    def focusNextPrevChild(self, forwards: bool) -> bool:
        # The keyboard stays inside.
        inside = [
            w for w in self.panel.findChildren(QWidget) if w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        if not inside:
            return True
        at = next((i for i, w in enumerate(inside) if w.hasFocus()), -1)
        inside[(at + (1 if forwards else -1)) % len(inside)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_overlay()
        # Nothing reaches what is covered.
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.close_overlay()

    def paintEvent(self, event: QPaintEvent) -> None:
        scrim = QColor(0, 0, 0)
        scrim.setAlphaF(_SCRIM_OPACITY[tokens_of(self).scheme])
        QPainter(self).fillRect(self.rect(), scrim)


class _Panel(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setProperty("rings", False)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.line_strong, 1))
        painter.setBrush(t.raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
