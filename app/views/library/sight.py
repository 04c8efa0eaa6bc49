"""Tells which small pictures are wanted: those in sight, then those a screen ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.models.image_list import ImageListModel
from app.thumbnails import Thumbnails, ThumbRequest

if TYPE_CHECKING:
    from app.views.library.grid import PictureGrid


class Sight(QObject):
    """Keeps the thumbnails at what a grid shows.

    Args:
        grid: What is looked at.
        model: What it lists.
        thumbnails: Makes small pictures.
    """

    def __init__(self, grid: PictureGrid, model: ImageListModel, thumbnails: Thumbnails) -> None:
        super().__init__(grid)
        self._grid, self._list, self._thumbnails = grid, model, thumbnails
        self._told: tuple[object, ...] = ()
        thumbnails.ready.connect(self._show)

    def tell(self, side_px: int) -> None:
        """Says what is in sight now, if that is another thing than before.

        Args:
            side_px: Shorter side of the thumbnails, in device pixels.
        """
        shown = self._grid.shown_rows()
        ahead = range(shown.stop, min(self._list.rowCount(), shown.stop + len(shown)))
        found = (self._list.known(row) for row in (*shown, *ahead))
        wanted = [ThumbRequest(row.key, row.path, row.width_px, row.height_px) for row in found if row is not None]
        if self._told != (wanted, side_px):
            self._told = (wanted, side_px)
            self._thumbnails.look_at(wanted, side_px)

    def forget(self) -> None:
        """What was told may have been dropped: it is told again."""
        self._told = ()

    def _show(self, key: str) -> None:
        for row in self._grid.shown_rows():
            found = self._list.known(row)
            if found is not None and found.key == key:
                self._grid.viewport().update(self._grid.visualRect(self._list.index(row)))
