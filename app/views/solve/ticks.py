"""How far a sitting is: one tick a question, or a bar where there are too many to count."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.style.tokens import tokens_of

MOST_TICKS = 60
"""Beyond these a tick would be narrower than the gap beside it. Chosen for 400 px."""
_TICK_PX, _GAP_PX, _HEIGHT_PX = 8, 2, 6
_WIDTH_PX = 400


class Ticks(QWidget):
    """Progress towards the goal of the sitting."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._done = 0
        self._goal = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_progress(0, 0)

    def show_progress(self, done: int, goal: int) -> None:
        """Shows how many of how many."""
        self._done, self._goal = done, goal
        self.setAccessibleName(f"Progress: {done} of {goal}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if 0 < self._goal <= MOST_TICKS:
            return QSize(min(_WIDTH_PX, self._goal * (_TICK_PX + _GAP_PX)), 16)
        return QSize(_WIDTH_PX if self._goal else 0, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._goal:
            return
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        top = (self.height() - _HEIGHT_PX) / 2
        if self._goal > MOST_TICKS:
            whole = QRectF(0, top, self.width(), _HEIGHT_PX)
            painter.setBrush(t.track)
            painter.drawRoundedRect(whole, 3, 3)
            whole.setWidth(self.width() * min(1.0, self._done / self._goal))
            painter.setBrush(t.accent)
            painter.drawRoundedRect(whole, 3, 3)
            return
        step = self.width() / self._goal
        for tick in range(self._goal):
            # The one at hand is half done.
            painter.setBrush(t.accent if tick < self._done else t.accent_line if tick == self._done else t.track)
            painter.drawRoundedRect(QRectF(tick * step, top, step - _GAP_PX, _HEIGHT_PX), 1.5, 1.5)
