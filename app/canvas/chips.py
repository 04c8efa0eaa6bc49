"""Names on the picture: which are drawn, where, and how."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.canvas.look import CanvasLook
from hopchain_core.domain.keys import InstanceKey

_PAD_X, _PAD_Y = 5.0, 2.0
_GAP = 3.0
"""Between a chip and what it names, logical pixels."""
_SWATCH = 8.0
_CELL = 4.0
"""Logical pixels of a cell in which it is noted what is taken."""
MOST_TRIED = 160
MOST_SHOWN = 70
"""Chosen: more names than this are a carpet, not names."""
_LEAST_SIDE = 14.0
"""Logical pixels that an instance needs in its longer direction to be named at rest. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One chip or tag, without its place.

    Attributes:
        text: In strong type.
        faint: Further words in plain type, paler; empty for none.
        ground: Behind the text.
        ink: Of the text.
        faint_ink: Of the further words.
        swatch: A small square of this colour before the text, or None.
    """

    text: str
    ground: QColor
    ink: QColor
    faint: str = ""
    faint_ink: QColor = field(default_factory=QColor)
    swatch: QColor | None = None


@dataclass(frozen=True, slots=True)
class PlacedChip:
    """A chip and where it is drawn, in logical pixels of the window."""

    chip: Chip
    rect: QRectF


@dataclass(frozen=True, slots=True, eq=False)
class NameSeeker:
    """An instance that would like its name shown.

    Attributes:
        key: Of the instance.
        chip: What to draw.
        box: In the window, logical pixels.
        places: Points of the window that the chip may stand above, the best first.
        is_required: Drawn also where it covers another.
    """

    key: InstanceKey
    chip: Chip
    box: QRectF
    places: tuple[QPointF, ...]
    is_required: bool = False


class ChipMeasures:
    """Sizes of texts, kept."""

    def __init__(self, look: CanvasLook) -> None:
        self.strong, self.plain = look.font(), look.font(is_strong=False)
        self._strong, self._plain = QFontMetricsF(self.strong), QFontMetricsF(self.plain)
        self._widths: dict[tuple[str, bool], float] = {}

    @property
    def height(self) -> float:
        """Of a chip."""
        return float(round(self._strong.height() + 2 * _PAD_Y))

    def size(self, chip: Chip) -> tuple[float, float]:
        """Width and height of a chip."""
        width = 2 * _PAD_X + self.width(chip.text, is_strong=True)
        if chip.faint:
            width += 6 + self.width(chip.faint, is_strong=False)
        if chip.swatch is not None:
            width += _SWATCH + 5
        return float(np.ceil(width)), self.height

    def width(self, text: str, *, is_strong: bool) -> float:
        """Of one line of text."""
        name = (text, is_strong)
        if name not in self._widths:
            if len(self._widths) > 4000:
                self._widths.clear()
            metrics = self._strong if is_strong else self._plain
            self._widths[name] = metrics.horizontalAdvance(text)
        return self._widths[name]


class Taken:
    """Which cells of the window hold a chip already.

    Args:
        window: Logical pixels.
    """

    def __init__(self, window: QRectF) -> None:
        shape = (int(window.height() / _CELL) + 2, int(window.width() / _CELL) + 2)
        self._cells: NDArray[np.bool_] = np.zeros(shape, dtype=bool)

    def is_free(self, rect: QRectF) -> bool:
        """Whether a rectangle inside the window touches nothing."""
        return not self._cells[self._slices(rect)].any()

    def add(self, rect: QRectF) -> None:
        """Notes a rectangle."""
        self._cells[self._slices(rect)] = True

    def _slices(self, rect: QRectF) -> tuple[slice, slice]:
        top, left = max(0, int(rect.top() / _CELL)), max(0, int(rect.left() / _CELL))
        return slice(top, max(top, int(rect.bottom() / _CELL) + 1)), slice(
            left, max(left, int(rect.right() / _CELL) + 1)
        )


def large_enough(boxes: NDArray[np.float64], scale: float, seen: tuple[float, float, float, float]) -> NDArray[np.intp]:
    """Rows of boxes worth a name, the largest first.

    Args:
        boxes: x0, y0, x1, y1 in pixels of the picture, (N, 4).
        scale: Logical pixels for a pixel of the picture.
        seen: What the window shows, in pixels of the picture.
    """
    if not len(boxes):
        return np.zeros(0, dtype=np.intp)
    x0, y0, x1, y1 = boxes.T
    sides = np.maximum(x1 - x0, y1 - y0) * scale
    is_seen = (x1 > seen[0]) & (y1 > seen[1]) & (x0 < seen[2]) & (y0 < seen[3])
    rows = np.flatnonzero(is_seen & (sides >= _LEAST_SIDE))
    area = ((x1 - x0) * (y1 - y0))[rows]
    return rows[np.argsort(-area, kind="stable")][:MOST_TRIED]


def laid_out(
    seekers: Iterable[NameSeeker], measures: ChipMeasures, window: QRectF, taken: Taken
) -> list[tuple[InstanceKey, PlacedChip]]:
    """Gives chips their places: each at the first of its places that is free; else it is left out.

    Args:
        seekers: The most important first.
        measures: Of texts.
        window: Chips stay inside.
        taken: What is occupied; chips are added.
    """
    found: list[tuple[InstanceKey, PlacedChip]] = []
    for seeker in seekers:
        if len(found) >= MOST_SHOWN and not seeker.is_required:
            break
        width, height = measures.size(seeker.chip)
        first: QRectF | None = None
        for place in seeker.places:
            rect = inside(QRectF(place.x() - width / 2, place.y() - height - _GAP, width, height), window)
            if rect is None:
                continue
            if taken.is_free(rect):
                first = rect
                break
            first = first or (rect if seeker.is_required else None)
        if first is not None:
            taken.add(first)
            found.append((seeker.key, PlacedChip(seeker.chip, first)))
    return found


def inside(rect: QRectF, window: QRectF) -> QRectF | None:
    """A rectangle moved into the window, on whole pixels; None where it is larger than the window."""
    width, height = rect.width(), rect.height()
    right, lower = window.right() - 2 - width, window.bottom() - 2 - height
    left, upper = window.left() + 2, window.top() + 2
    if right < left or lower < upper:
        return None
    x, y = min(max(rect.x(), left), right), min(max(rect.y(), upper), lower)
    return QRectF(float(round(x)), float(round(y)), width, height)


def paint_chips(painter: QPainter, chips: Sequence[PlacedChip], measures: ChipMeasures, look: CanvasLook) -> None:
    """Draws chips, the first uppermost: the most important is never covered."""
    painter.save()
    for placed in reversed(chips):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(placed.chip.ground)
        painter.drawRoundedRect(placed.rect, look.chip_radius_px, look.chip_radius_px)
        x = placed.rect.left() + _PAD_X
        if placed.chip.swatch is not None:
            painter.setBrush(placed.chip.swatch)
            painter.drawRoundedRect(QRectF(x, placed.rect.center().y() - _SWATCH / 2, _SWATCH, _SWATCH), 2, 2)
            x += _SWATCH + 5
        x = _text(painter, x, placed.rect, placed.chip.text, measures.strong, placed.chip.ink, measures)
        if placed.chip.faint:
            _text(painter, x + 6, placed.rect, placed.chip.faint, measures.plain, placed.chip.faint_ink, measures)
    painter.restore()


def _text(
    painter: QPainter, x: float, rect: QRectF, text: str, font: QFont, ink: QColor, measures: ChipMeasures
) -> float:
    width = measures.width(text, is_strong=font is measures.strong)
    painter.setFont(font)
    painter.setPen(ink)
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
    painter.drawText(QRectF(x, rect.top(), width + 4, rect.height()), int(flags), text)
    return x + width
