"""A passing word of the window, where it covers nothing that one reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.style.tokens import tokens_of
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.label import Label
from app.widgets.panel import IconLabel

_SHOWN_MS = 4000
_SHOWN_WITH_ACTION_MS = 8000
_EDGE_PX, _GAP_PX, _LEAST_PX = 16, 8, 160
_MOVES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)
_ICONS = {"neutral": "info", "ok": "check", "warn": "warning", "bad": "error"}
_TONES = {"neutral": "text-secondary", "ok": "ok", "warn": "warn", "bad": "bad"}


class ToastBar(QWidget):
    """Shows one word at a time; a newer one takes the place of an older one. It waits while the mouse is over it.

    Args:
        window: In which it stands.
        bar: Of the window; a word stands in its free part. While it is hidden, words stand at the window's foot.
        beside: What the bar holds at the right, from the left: a word ends before the first that is shown.
    """

    def __init__(self, window: QWidget, bar: QWidget, beside: Sequence[QWidget]) -> None:
        super().__init__(window)
        self._window = window
        self._bar = bar
        self._beside = tuple(beside)
        self._run: Callable[[], object] | None = None
        self._icon = IconLabel("info")
        self._label = Label("", "label")
        self._button = Button("", kind=ButtonKind.QUIET, size_=ButtonSize.SMALL)
        self._button.clicked.connect(self._do)
        layout = self._layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 4)
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(self._label)
        layout.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        for watched in (window, bar, *self._beside):
            watched.installEventFilter(self)
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

    def text(self) -> str:
        """What was said last."""
        return self._label.text()

    def place(self) -> None:
        """Stands in the bar, left of what it holds at the right; in the middle above the foot where there is no bar."""
        right, middle = self._window.width() - _EDGE_PX, 0
        if self._bar.isVisible():
            shown = (part for part in self._beside if part.isVisible())
            first = next(shown, None)
            if first is not None:
                right = first.mapTo(self._window, QPoint(0, 0)).x() - _GAP_PX
            middle = self._bar.mapTo(self._window, self._bar.rect().center()).y() + 1
        room = max(_LEAST_PX, right - _EDGE_PX)
        # One line where there is room for it.
        self._label.setWordWrap(False)
        width = self.sizeHint().width()
        if width > room:
            self._label.setWordWrap(True)
            width = room
        self._layout.activate()
        height = self.heightForWidth(width) if self._label.wordWrap() else self.sizeHint().height()
        self.resize(width, height)
        if middle:
            # Several lines begin in the bar and hang below it.
            self.move(right - width, max(_GAP_PX, middle - height // 2))
        else:
            self.move((self._window.width() - width) // 2, self._window.height() - height - _EDGE_PX)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Keeps its place when the window, or what stands beside it, changes."""
        if event.type() in _MOVES and self.isVisible():
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
