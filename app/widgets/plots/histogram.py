"""Upright bars side by side over a named axis; a second series stands beside them as outlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.style.hairline import fill_lines
from app.style.tokens import Tokens
from app.widgets.plots.plot import Plot, draw_text, short, ticks, width_of

_TOP_PX, _LABEL_PX, _NAME_PX = 34.0, 20.0, 20.0
_MOST_BAR_PX = 44.0
_GAP_PX = 3.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One place on the axis.

    Attributes:
        label: Under it.
        value: Height of the bar.
        words: What it says in a sentence.
        other: Height of the outline beside it; None for none.
        interval: Lowest and highest height that the data allow.
    """

    label: str
    value: int
    words: str
    other: int | None = None
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A span of places that something is said of.

    Attributes:
        first: Place it begins with.
        last: Place it ends with.
        text: Over it.
    """

    first: int
    last: int
    text: str


class Histogram(Plot):
    """Bars with their counts over them, and round numbers at the left.

    Args:
        name: What is shown, for screen readers.
        axis: What the places are, under them.
        height_px: Least height.
    """

    def __init__(self, name: str, axis: str, *, height_px: int = 216, parent: QWidget | None = None) -> None:
        super().__init__(name, parent=parent)
        self._axis = axis
        self._bars: tuple[Bar, ...] = ()
        self._bands: tuple[Band, ...] = ()
        self._height_px = height_px
        self.setMinimumHeight(height_px)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_bars(self, bars: Sequence[Bar], bands: Sequence[Band] = (), axis: str | None = None) -> None:
        """Shows other figures."""
        self._bars, self._bands = tuple(bars), tuple(bands)
        self._axis = self._axis if axis is None else axis
        self._changed()

    def sizeHint(self) -> QSize:
        return QSize(max(240, 40 * len(self._bars)), self._height_px)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self._height_px)

    def _words(self) -> Sequence[str]:
        return [bar.words for bar in self._bars]

    def _places(self) -> Sequence[QRectF]:
        area, step = self._area(), self._step()
        return [
            QRectF(area.left() + n * step, area.top() - _TOP_PX + 16, step, area.height() + _TOP_PX - 16 + _LABEL_PX)
            for n in range(len(self._bars))
        ]

    def _most(self) -> float:
        heights = [max(bar.value, bar.other or 0, bar.interval[1] if bar.interval else 0) for bar in self._bars]
        return max([1.0, *heights])

    def _scale(self) -> list[int]:
        return ticks(self._most(), 4 if self.height() < 240 else 5)

    def _area(self) -> QRectF:
        left = max(width_of(short(tick)) for tick in self._scale()) + 10
        height = self.height() - _TOP_PX - _LABEL_PX - _NAME_PX
        return QRectF(left, _TOP_PX, max(1.0, self.width() - left - 4), max(1.0, height))

    def _step(self) -> float:
        return self._area().width() / max(1, len(self._bars))

    def _paint(self, painter: QPainter, t: Tokens) -> None:
        area, step, scale = self._area(), self._step(), self._scale()
        top = scale[-1]
        for tick in scale:
            y = area.bottom() - area.height() * tick / top
            line = QRectF(area.left(), round(y), area.width(), 1)
            fill_lines(painter, [line], t.line_strong if tick == 0 else t.line)
            label = QRectF(0, y - 8, area.left() - 8, 16)
            draw_text(painter, label, short(tick), "caption", t.text_tertiary, Qt.AlignmentFlag.AlignRight)
        for band in self._bands if self._bars else ():
            self._paint_band(painter, t, area, step, band)
        has_other = any(bar.other is not None for bar in self._bars)
        room = min(step * 0.82, _MOST_BAR_PX * (1.6 if has_other else 1.0))
        width = (room - _GAP_PX) * 0.6 if has_other else room
        skips = self._skips(step)
        for n, bar in enumerate(self._bars):
            x = area.left() + n * step + (step - room) / 2
            self._paint_bar(painter, t, QRectF(x, area.top(), width, area.height()), bar, top, n)
            if has_other and bar.other is not None:
                other = QRectF(x + width + _GAP_PX, area.top(), room - width - _GAP_PX, area.height())
                self._paint_other(painter, t, other, bar.other, top)
            if n % skips == 0:
                strong = n in self._selected
                label = QRectF(area.left() + n * step - step * (skips - 1) / 2, area.bottom() + 4, step * skips, 16)
                colour = t.text if strong or n == self._hot else t.text_secondary
                role = "caption-strong" if strong else "caption"
                draw_text(painter, label, bar.label, role, colour, Qt.AlignmentFlag.AlignHCenter)
        name = QRectF(area.left(), self.height() - _NAME_PX + 2, area.width(), 16)
        draw_text(painter, name, self._axis, "caption", t.text_tertiary, Qt.AlignmentFlag.AlignHCenter)

    def _skips(self, step: float) -> int:
        widest = max((width_of(bar.label) for bar in self._bars), default=0.0) + 6
        return max(1, -int(-widest // max(1.0, step)))

    def _paint_bar(self, painter: QPainter, t: Tokens, room: QRectF, bar: Bar, top: int, index: int) -> None:
        height = max(2.0, room.height() * bar.value / top) if bar.value else 0.0
        is_faint = bool(self._selected) and index not in self._selected
        colour = t.accent_hover if index == self._hot else t.accent
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.accent_line if is_faint and index != self._hot else colour)
        shape = QPainterPath()
        rect = QRectF(room.left(), room.bottom() - height, room.width(), height)
        shape.addRoundedRect(rect, 2, 2)
        painter.drawPath(shape)
        if bar.interval is not None:
            self._paint_interval(painter, t, room, bar.interval, top)
        text = short(bar.value)
        wide = max(room.width(), width_of(text, "caption-strong") + 2)
        # Where the bar is narrow the figure makes room for the interval.
        aside = 5.0 if bar.interval is not None and room.width() < 34 else 0.0
        label = QRectF(room.center().x() - wide / 2 - aside, rect.top() - 18, wide, 16)
        draw_text(painter, label, text, "caption-strong", t.text, Qt.AlignmentFlag.AlignHCenter)

    def _paint_interval(
        self, painter: QPainter, t: Tokens, room: QRectF, interval: tuple[float, float], top: int
    ) -> None:
        # Beside the figure, not through it.
        low, high = (round(room.bottom() - room.height() * value / top) for value in interval)
        x = round(room.right() - min(6.0, room.width() / 7))
        ends = [QRectF(x - 3, y, 7, 1) for y in (low, high)]
        fill_lines(painter, [QRectF(x, high, 1, low - high), *ends], t.text_tertiary, t.surface)

    def _paint_other(self, painter: QPainter, t: Tokens, room: QRectF, value: int, top: int) -> None:
        height = max(2.0, room.height() * value / top) if value else 0.0
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(t.text_tertiary, 1.25))
        rect = QRectF(room.left(), room.bottom() - height, room.width(), height).adjusted(0.5, 0.5, -0.5, 0)
        if value:
            painter.drawRoundedRect(rect, 2, 2)
        text = short(value)
        wide = max(room.width(), width_of(text) + 2)
        label = QRectF(room.center().x() - wide / 2, room.bottom() - height - 18, wide, 16)
        draw_text(painter, label, text, "caption", t.text_tertiary, Qt.AlignmentFlag.AlignHCenter)

    def _paint_band(self, painter: QPainter, t: Tokens, area: QRectF, step: float, band: Band) -> None:
        left, right = area.left() + band.first * step, area.left() + (band.last + 1) * step
        rect = QRectF(left, area.top() - 16, right - left, area.height() + 16).adjusted(0.5, 0.5, -0.5, -0.5)
        pen = QPen(t.text_tertiary, 1)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect)
        wide = max(rect.width(), width_of(band.text) + 4)
        left = max(0.0, min(rect.center().x() - wide / 2, self.width() - wide))
        label = QRectF(left, area.top() - 34, wide, 16)
        draw_text(painter, label, band.text, "caption", t.text_secondary, Qt.AlignmentFlag.AlignHCenter)
