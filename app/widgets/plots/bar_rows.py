"""Bars lying below each other, each with its name at the left and its figure at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.style.hairline import fill_lines
from app.style.tokens import Tokens
from app.widgets.plots.plot import Plot, draw_text, width_of

_ROW_PX, _BAR_PX = 28.0, 10.0
_LEAST_BAR_PX = 40.0


@dataclass(frozen=True, slots=True)
class BarRow:
    """One bar.

    Attributes:
        name: At the left.
        value: Length of the bar.
        figure: At the right.
        words: What it says in a sentence.
        tone: A colour of the tokens: accent, text-tertiary for what is not known, warn.
        interval: Lowest and highest length that the data allow.
        other: Length of an outline behind the bar; None for none.
        is_inner: Belongs to the row above it: set in, and quieter.
        is_choosable: There is a list behind it.
    """

    name: str
    value: float
    figure: str
    words: str
    tone: str = "accent"
    interval: tuple[float, float] | None = None
    other: float | None = None
    is_inner: bool = False
    is_choosable: bool = True


class BarRows(Plot):
    """Lying bars.

    Args:
        name: What is shown, for screen readers.
        most: Length of a full bar; the longest when None.
        figure_role: Font role of the figures.
    """

    def __init__(
        self,
        name: str,
        *,
        most: float | None = None,
        figure_role: str = "label",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, is_upright=True, parent=parent)
        self._rows: tuple[BarRow, ...] = ()
        self._most = most
        self._figure_role = figure_role
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[BarRow], most: float | None = None) -> None:
        """Shows other figures."""
        self._rows = tuple(rows)
        self._most = most if most is not None else self._most
        self._changed()

    def sizeHint(self) -> QSize:
        return QSize(220, round(_ROW_PX * max(1, len(self._rows))))

    def minimumSizeHint(self) -> QSize:
        return QSize(112, self.sizeHint().height())

    def _words(self) -> Sequence[str]:
        return [row.words for row in self._rows]

    def _places(self) -> Sequence[QRectF]:
        return [QRectF(0, n * _ROW_PX, self.width(), _ROW_PX) for n in range(len(self._rows))]

    def _is_choosable(self, index: int) -> bool:
        return self._rows[index].is_choosable

    def _paint(self, painter: QPainter, t: Tokens) -> None:
        if not self._rows:
            return
        roles = ["meta" if row.is_inner else "body" for row in self._rows]
        named = max(
            width_of(row.name, role) + (16 if row.is_inner else 0) for row, role in zip(self._rows, roles, strict=True)
        )
        figures = max(width_of(row.figure, self._figure_role) for row in self._rows) + 2
        names = min(named + 4, max(48.0, self.width() - figures - 28 - _LEAST_BAR_PX))
        bar = QRectF(names + 12, 0, max(24.0, self.width() - names - figures - 30), _BAR_PX)
        most = self._most or max([0.0, *(max(row.value, row.other or 0) for row in self._rows)]) or 1.0
        for n, (row, role) in enumerate(zip(self._rows, roles, strict=True)):
            middle = (n + 0.5) * _ROW_PX
            if n == self._hot or n in self._selected:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(t.accent_soft if n in self._selected else t.hover)
                painter.drawRoundedRect(QRectF(-4, n * _ROW_PX + 2, self.width() + 8, _ROW_PX - 4), 4, 4)
            inset = 18 if row.is_inner else 2
            label = QRectF(inset, middle - 10, names - inset, 20)
            draw_text(painter, label, row.name, role, t.text_secondary if row.is_inner else t.text)
            self._paint_bar(painter, t, bar.translated(0, middle - _BAR_PX / 2), row, most)
            room = QRectF(self.width() - figures - 2, middle - 10, figures, 20)
            colour = t.text if row.value else t.text_tertiary
            draw_text(painter, room, row.figure, self._figure_role, colour, Qt.AlignmentFlag.AlignRight)

    def _paint_bar(self, painter: QPainter, t: Tokens, room: QRectF, row: BarRow, most: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.track)
        if row.is_inner:
            room = room.adjusted(0, 2, 0, -2)
        painter.drawRoundedRect(room, 2, 2)
        if row.value > 0:
            painter.setBrush(t.named(row.tone))
            width = max(2.0, room.width() * min(1.0, row.value / most))
            painter.drawRoundedRect(QRectF(room.left(), room.top(), width, room.height()), 2, 2)
        if row.other:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(t.text_tertiary, 1.25))
            width = max(3.0, room.width() * min(1.0, row.other / most))
            outline = QRectF(room.left(), room.top() - 2, width, room.height() + 4).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(outline, 3, 3)
        if row.interval is not None:
            low, high = (round(room.left() + room.width() * min(1.0, v / most)) for v in row.interval)
            y = round(room.center().y())
            ends = [QRectF(x, y - 4, 1, 9) for x in (low, high)]
            # Seen over the bar and beside it.
            fill_lines(painter, [QRectF(low, y, high - low, 1), *ends], t.text_secondary, t.surface)
