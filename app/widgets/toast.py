"""A passing word at the foot of the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.style.tokens import size, tokens_of
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.label import Label
from app.widgets.panel import IconLabel

_SHOWN_MS = 4000
_SHOWN_WITH_ACTION_MS = 8000
_ICONS = {"neutral": "info", "ok": "check", "warn": "warning", "bad": "error"}
_TONES = {"neutral": "text-secondary", "ok": "ok", "warn": "warn", "bad": "bad"}


class ToastBar(QWidget):
    """Shows one word at a time; a newer one takes the place of an older one. It waits while the mouse is over it.

    Args:
        window: At whose foot it stands.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._run: Callable[[], object] | None = None
        self._foot_px = 0
        self._icon = IconLabel("info")
        self._label = Label("", "label")
        self._button = Button("", kind=ButtonKind.QUIET, size_=ButtonSize.SMALL)
        self._button.clicked.connect(self._do)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(self._label)
        layout.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        window.installEventFilter(self)
        self.hide()

    def show_toast(
        self, text: str, kind: str = "neutral", action: str = "", run: Callable[[], object] | None = None
    ) -> None:
        """Shows a word for a few seconds."""
        self._run = run
        self._icon.show_icon(_ICONS.get(kind, "info"), _TONES.get(kind, "text-secondary"))
        self._label.setText(text)
        self._button.set_text(action)
        self._button.setVisible(bool(action))
        self.setAccessibleName(text)
        # It takes no focus, so a screen reader is told.
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))
        self.place()
        self.show()
        self.raise_()
        self._timer.start(_SHOWN_WITH_ACTION_MS if action else _SHOWN_MS)

    def set_foot(self, foot_px: int) -> None:
        """Stands above what lies so high at the window's foot and has to stay in reach."""
        self._foot_px = foot_px
        self.place()

    def text(self) -> str:
        """What was said last."""
        return self._label.text()

    def place(self) -> None:
        """Stands in the middle above the status bar."""
        self.adjustSize()
        parent = self._window
        width = min(self.sizeHint().width(), parent.width() - 32)
        self.resize(width, self.sizeHint().height())
        foot = size("status_bar") + self._foot_px + 16
        self.move((parent.width() - width) // 2, parent.height() - foot - self.height())

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Keeps its place when the window changes its size."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self.place()
        return False

    def enterEvent(self, event: object) -> None:
        self._timer.stop()

    def leaveEvent(self, event: object) -> None:
        self._timer.start(_SHOWN_MS)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.line_strong, 1))
        painter.setBrush(t.raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _do(self) -> None:
        self.hide()
        if self._run is not None:
            self._run()
