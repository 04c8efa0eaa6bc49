"""Shares with their intervals over spans of a named axis, with the count of each span under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.style.tokens import Tokens
from app.widgets.plots.plot import Plot, draw_text, short, width_of

_TOP_PX, _LABELS_PX = 12.0, 58.0
_DOT_PX = 4.0
FEW = 20
"""A share of fewer than these is painted hollow. Chosen."""


@dataclass(frozen=True, slots=True)
class Point:
    """One span.

    Attributes:
        label: Where it begins.
        share: In [0, 1]; None of nothing.
        interval: Of the share.
        n: How many it is a share of.
        words: What it says in a sentence.
    """

    label: str
    share: float | None
    interval: tuple[float, float]
    n: int
    words: str


class Intervals(Plot):
    """Points with whiskers between 0 and 100 %; those of few are hollow.

    Args:
        name: What is shown, for screen readers.
        axis: What the spans are, under them.
        height_px: Least height.
    """

    def __init__(self, name: str, axis: str, *, height_px: int = 216, parent: QWidget | None = None) -> None:
        super().__init__(name, parent=parent)
        self._axis = axis
        self._points: tuple[Point, ...] = ()
        self._end = ""
        self._height_px = height_px
        self.setMinimumHeight(height_px)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_points(self, points: Sequence[Point], end: str = "", axis: str | None = None) -> None:
        """Shows other figures.

        Args:
            points: Spans side by side.
            end: Where the last one ends.
            axis: What the spans are, where that is another now.
        """
        self._points, self._end = tuple(points), end
        self._axis = self._axis if axis is None else axis
        self._changed()

    def sizeHint(self) -> QSize:
        return QSize(max(240, 40 * len(self._points)), self._height_px)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self._height_px)

    def _words(self) -> Sequence[str]:
        return [point.words for point in self._points]

    def _is_choosable(self, index: int) -> bool:
        return self._points[index].n > 0

    def _area(self) -> QRectF:
        left = width_of("100 %") + 10
        return QRectF(left, _TOP_PX, max(1.0, self.width() - left - 16), self.height() - _TOP_PX - _LABELS_PX)

    def _step(self) -> float:
        return self._area().width() / max(1, len(self._points))

    def _places(self) -> Sequence[QRectF]:
        area, step = self._area(), self._step()
        return [
            QRectF(area.left() + n * step, 2, step, area.bottom() + 38)
            for n in range(len(self._points))
        ]  # fmt: skip

    def _paint(self, painter: QPainter, t: Tokens) -> None:
        area, step = self._area(), self._step()
        for percent in (0, 25, 50, 75, 100):
            y = round(area.bottom() - area.height() * percent / 100)
            painter.fillRect(QRectF(area.left(), y, area.width(), 1), t.line if percent else t.line_strong)
            if percent % 50 == 0:
                label = QRectF(0, y - 8, area.left() - 8, 16)
                text = f"{percent} %"
                draw_text(painter, label, text, "caption", t.text_tertiary, Qt.AlignmentFlag.AlignRight)
        widest = max([width_of(self._end), *(width_of(p.label) for p in self._points)], default=0.0) + 8
        skips = max(1, -int(-widest // max(1.0, step)))
        counted = max((width_of(short(p.n)) for p in self._points), default=0.0) + 4 <= step
        for n, point in enumerate(self._points):
            left = area.left() + n * step
            if n == self._hot or n in self._selected:
                ground = t.accent_soft if n in self._selected else t.hover
                painter.fillRect(QRectF(left + 1, area.top() - 8, step - 2, area.height() + 8), ground)
            self._paint_point(painter, t, area, left + step / 2, point)
            painter.fillRect(QRectF(round(left), area.bottom(), 1, 4), t.line_strong)
            if n % skips == 0:
                self._paint_edge(painter, t, left, area.bottom(), point.label)
            if counted or n % skips == 0:
                under = QRectF(left - (0 if counted else step), area.bottom() + 20, step * (1 if counted else 3), 16)
                tone = t.text_secondary if point.n else t.text_tertiary
                draw_text(painter, under, short(point.n), "caption-strong", tone, Qt.AlignmentFlag.AlignHCenter)
        if self._points:
            painter.fillRect(QRectF(round(area.right()), area.bottom(), 1, 4), t.line_strong)
            if len(self._points) % skips == 0:
                self._paint_edge(painter, t, area.right(), area.bottom(), self._end)
            under = QRectF(0, area.bottom() + 20, area.left() - 8, 16)
            draw_text(painter, under, "n", "caption", t.text_tertiary, Qt.AlignmentFlag.AlignRight)
        name = QRectF(area.left(), self.height() - 18, area.width(), 16)
        draw_text(painter, name, self._axis, "caption", t.text_tertiary, Qt.AlignmentFlag.AlignHCenter)

    def _paint_edge(self, painter: QPainter, t: Tokens, x: float, y: float, text: str) -> None:
        wide = width_of(text) + 4
        rect = QRectF(min(x - wide / 2, self.width() - wide), y + 4, wide, 16)
        draw_text(painter, rect, text, "caption", t.text_secondary, Qt.AlignmentFlag.AlignHCenter)

    def _paint_point(self, painter: QPainter, t: Tokens, area: QRectF, x: float, point: Point) -> None:
        if point.share is None:
            return
        low, high = (area.bottom() - area.height() * value for value in point.interval)
        painter.setPen(QPen(t.text_tertiary, 1.5))
        painter.drawLine(QPointF(x, low), QPointF(x, high))
        for y in (low, high):
            painter.drawLine(QPointF(x - 4, y), QPointF(x + 4, y))
        painter.setPen(QPen(t.accent, 1.5))
        painter.setBrush(t.accent if point.n >= FEW else t.surface)
        painter.drawEllipse(QPointF(x, area.bottom() - area.height() * point.share), _DOT_PX, _DOT_PX)
