"""Where the cells of the grid lie: worked out, never stored, so that a hundred thousand cost as much as ten."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect

GAP_PX = 16
MARGIN_PX = 16
FOOT_PX = 58
"""Below the picture: name and figures."""
LEAST_WIDTH_PX, MOST_WIDTH_PX, USUAL_WIDTH_PX = 136, 440, 224
_SHRINK = 0.35
"""One more column comes when so much of it is all that lacks. Chosen."""
_SHAPE = 0.57
"""Height of the picture's part through its width: near the middle of 3 : 2 and 2 : 1. From the mock-up."""


@dataclass(frozen=True, slots=True)
class GridGeometry:
    """A grid of cells in a viewport, in logical pixels; content begins at 0, scrolling is somebody else's.

    Attributes:
        width_px: Of the viewport.
        cell_wish_px: How wide a cell should be, about; cells grow or shrink until they fill the row.
        count: How many cells.
    """

    width_px: int
    cell_wish_px: int
    count: int

    @property
    def columns(self) -> int:
        """Cells side by side."""
        exact = (self.width_px - 2 * MARGIN_PX + GAP_PX) / (self.cell_wish_px + GAP_PX)
        return max(1, int(exact + _SHRINK))

    @property
    def cell_width_px(self) -> int:
        """Width of a cell."""
        room = self.width_px - 2 * MARGIN_PX - (self.columns - 1) * GAP_PX
        return max(48, room // self.columns)

    @property
    def picture_height_px(self) -> int:
        """Height of the picture's part of a cell."""
        return round(self.cell_width_px * _SHAPE)

    @property
    def cell_height_px(self) -> int:
        """Height of a cell."""
        return self.picture_height_px + FOOT_PX

    @property
    def rows(self) -> int:
        """Rows of cells."""
        return -(-self.count // self.columns)

    @property
    def height_px(self) -> int:
        """Height of everything."""
        return 2 * MARGIN_PX + max(0, self.rows * (self.cell_height_px + GAP_PX) - GAP_PX)

    def rect(self, index: int) -> QRect:
        """Where a cell lies."""
        row, column = divmod(index, self.columns)
        return QRect(
            MARGIN_PX + column * (self.cell_width_px + GAP_PX),
            MARGIN_PX + row * (self.cell_height_px + GAP_PX),
            self.cell_width_px,
            self.cell_height_px,
        )

    def at(self, point: QPoint) -> int:
        """The cell at a point; -1 beside all cells."""
        column, x = divmod(point.x() - MARGIN_PX, self.cell_width_px + GAP_PX)
        row, y = divmod(point.y() - MARGIN_PX, self.cell_height_px + GAP_PX)
        index = row * self.columns + column
        is_inside = 0 <= column < self.columns and row >= 0 and x < self.cell_width_px and y < self.cell_height_px
        return index if is_inside and index < self.count else -1

    def between(self, top: int, bottom: int) -> range:
        """Cells of the rows that show between two heights, whole or in part."""
        step = self.cell_height_px + GAP_PX
        first = max(0, (top - MARGIN_PX) // step) * self.columns
        last = (max(0, bottom - MARGIN_PX) // step + 1) * self.columns
        return range(min(first, self.count), min(last, self.count))

    def touched(self, rect: QRect) -> list[int]:
        """Cells that a rectangle touches."""
        return [index for index in self.between(rect.top(), rect.bottom()) if self.rect(index).intersects(rect)]
