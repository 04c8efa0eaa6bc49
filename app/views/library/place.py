"""Where a person was in a list, kept when the list becomes another one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QObject

from app.models.image_list import ImageListModel

if TYPE_CHECKING:
    from app.views.library.grid import PictureGrid

_MOST_ANCHORS = 6
"""Pictures that are tried to hold on to when the list changes. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a person was.

    Attributes:
        numbers: Pictures in sight with the heights at which they stood, the one to hold on to first.
        current: The picture that had the keyboard.
        current_row: Where it stood in the list.
        selected: Pictures selected.
    """

    numbers: tuple[tuple[int, int], ...] = ()
    current: int | None = None
    current_row: int = -1
    selected: frozenset[int] = frozenset()


class PlaceKeeper(QObject):
    """Holds a grid to what is looked at while pictures come, go and change places.

    Args:
        grid: Whose place is kept.
        model: What it lists; each reset is another list.
    """

    def __init__(self, grid: PictureGrid, model: ImageListModel) -> None:
        super().__init__(grid)
        self._grid, self._list = grid, model
        self._place = _Place()
        self._starts_over = False
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._recall)

    def start_over(self) -> None:
        """The next list answers another wish: it is shown from its beginning, unless the current picture is in it."""
        self._starts_over = True

    def _remember(self) -> None:
        grid = self._grid
        current, height = grid.currentIndex().row(), grid.viewport().height()
        tops = [(row, grid.visualRect(self._list.index(row)).top()) for row in grid.shown_rows()]
        seen = [(row, top) for row, top in tops if top < height]
        # The picture that has the keyboard first, then those that are in sight as a whole.
        seen.sort(key=lambda one: (one[0] != current, one[1] < 0))
        if self._starts_over:
            seen = [(row, top) for row, top in seen if row == current]
        self._place = _Place(
            numbers=tuple((int(self._list.number(row) or 0), top) for row, top in seen[:_MOST_ANCHORS]),
            current=grid.current_number(),
            current_row=current,
            selected=frozenset(grid.selected_numbers()),
        )

    def _recall(self) -> None:
        grid, place, self._place = self._grid, self._place, _Place()
        grid.updateGeometries()
        self._recall_current(place)
        if place.selected:
            grid.select_numbers(place.selected)
        if not grid.selectionModel().hasSelection():
            grid.numbers_selected.emit([])
        self._scroll(place.numbers)
        self._starts_over = False
        grid.forget_what_shows()

    def _recall_current(self, place: _Place) -> None:
        if place.current is None or not self._list.rowCount():
            return
        row = self._list.row_of(place.current)
        if row is None:
            # It left the list: the keyboard goes on from where it was.
            row = 0 if self._starts_over else min(place.current_row, self._list.rowCount() - 1)
        current = self._list.index(row)
        self._grid.selectionModel().setCurrentIndex(current, QItemSelectionModel.SelectionFlag.NoUpdate)

    def _scroll(self, anchors: Iterable[tuple[int, int]]) -> None:
        bar = self._grid.verticalScrollBar()
        for number, top in anchors:
            row = self._list.row_of(number)
            if row is not None:
                bar.setValue(self._grid.geometry_now().rect(row).top() - top)
                return
        if self._starts_over:
            bar.setValue(0)
