"""What is left at each step, and under it what was lost on the way there and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.style.icons import paint_icon
from app.style.tokens import Tokens
from app.widgets.plots.plot import Plot, draw_text, width_of

_STEP_PX, _LOSS_PX, _HEAD_PX = 36.0, 24.0, 30.0
_BAR_PX = 18.0
_EDGE_PX = 4.0
"""Free at both sides: what reaches the edge is cut off."""


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """A step, a loss under it, or the head of a part.

    Attributes:
        name: What it is.
        count: How many.
        whole: How many there were at the beginning of its part; 0 makes it a head.
        words: What it says in a sentence.
        is_loss: Lost on the way to the step under it.
        is_open: Of a loss: something is still to be done.
        is_choosable: There is a list behind it.
    """

    name: str
    count: int = 0
    whole: int = 0
    words: str = ""
    is_loss: bool = False
    is_open: bool = False
    is_choosable: bool = True

    @property
    def is_head(self) -> bool:
        """Names the part that begins here."""
        return not self.words


class Funnel(Plot):
    """Steps from the top to the bottom, as bars of what is left of the whole.

    Args:
        name: What is shown, for screen readers.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, is_upright=True, parent=parent)
        self._rows: tuple[FunnelRow, ...] = ()
        self._marks: tuple[int, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[FunnelRow]) -> None:
        """Shows other figures."""
        self._rows = tuple(rows)
        self._marks = tuple(n for n, row in enumerate(self._rows) if not row.is_head)
        self._changed()

    def row(self, mark: int) -> FunnelRow:
        """What a mark stands for."""
        return self._rows[self._marks[mark]]

    def sizeHint(self) -> QSize:
        return QSize(420, round(sum(_height(row) for row in self._rows)) + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, self.sizeHint().height())

    def _words(self) -> Sequence[str]:
        return [self._rows[n].words for n in self._marks]

    def _is_choosable(self, index: int) -> bool:
        return self.row(index).is_choosable and self.row(index).count > 0

    def _rects(self) -> list[QRectF]:
        rects, y = [], 0.0
        for row in self._rows:
            rects.append(QRectF(_EDGE_PX, y, self.width() - 2 * _EDGE_PX, _height(row)))
            y += _height(row)
        return rects

    def _places(self) -> Sequence[QRectF]:
        rects = self._rects()
        return [rects[n] for n in self._marks]

    def _paint(self, painter: QPainter, t: Tokens) -> None:
        steps = [row for row in self._rows if not row.is_head and not row.is_loss]
        names = min(max((width_of(row.name, "body") for row in steps), default=0.0) + 4, self.width() * 0.34)
        figures = max((width_of(f"{row.count:,}", "label") for row in self._rows), default=0.0)
        shares = width_of("100.0 %", "meta")
        bars = QRectF(
            _EDGE_PX + names + 12, 0, max(40.0, self.width() - 2 * _EDGE_PX - names - figures - shares - 44), _BAR_PX
        )
        hot = self._marks[self._hot] if 0 <= self._hot < len(self._marks) else -1
        for n, (row, rect) in enumerate(zip(self._rows, self._rects(), strict=True)):
            if row.is_head:
                draw_text(painter, rect.adjusted(0, 4, 0, 0), row.name, "caption-strong", t.text_secondary)
                continue
            if n == hot:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(t.hover)
                painter.drawRoundedRect(rect.adjusted(1 - _EDGE_PX, 1, _EDGE_PX - 1, -1), 4, 4)
            if row.is_loss:
                self._paint_loss(painter, t, rect, row, bars.left())
            else:
                self._paint_step(painter, t, rect, row, bars, names, shares)

    def _paint_step(
        self, painter: QPainter, t: Tokens, rect: QRectF, row: FunnelRow, bars: QRectF, names: float, shares: float
    ) -> None:
        draw_text(painter, QRectF(rect.left(), rect.top(), names, rect.height()), row.name, "body", t.text)
        room = bars.translated(0, rect.center().y() - _BAR_PX / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.track)
        painter.drawRoundedRect(room, 3, 3)
        share = row.count / row.whole if row.whole else 0.0
        if row.count:
            painter.setBrush(t.accent)
            painter.drawRoundedRect(QRectF(room.left(), room.top(), max(3.0, room.width() * share), _BAR_PX), 3, 3)
        right = QRectF(rect.right() - shares, rect.top(), shares, rect.height())
        text = f"{share:.0%}".replace("%", " %")
        draw_text(painter, right, text, "meta", t.text_tertiary, Qt.AlignmentFlag.AlignRight)
        figure = QRectF(room.right() + 8, rect.top(), right.left() - room.right() - 16, rect.height())
        draw_text(painter, figure, f"{row.count:,}", "label", t.text, Qt.AlignmentFlag.AlignRight)

    def _paint_loss(self, painter: QPainter, t: Tokens, rect: QRectF, row: FunnelRow, left: float) -> None:
        icon = "clock" if row.is_open else "minus"
        paint_icon(painter, icon, QRectF(left, rect.center().y() - 6, 12, 12), t.text_tertiary)
        figure = f"{row.count:,}"
        wide = width_of(figure, "meta")
        draw_text(painter, QRectF(left + 18, rect.top(), wide + 2, rect.height()), figure, "meta", t.text_secondary)
        name = QRectF(left + 26 + wide, rect.top(), rect.right() - left - 26 - wide, rect.height())
        draw_text(painter, name, row.name, "meta", t.text_secondary)


def _height(row: FunnelRow) -> float:
    return _HEAD_PX if row.is_head else _LOSS_PX if row.is_loss else _STEP_PX
