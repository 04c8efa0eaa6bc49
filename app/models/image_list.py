"""Pictures as a list: all numbers at once, rows a page at a time when somebody looks at them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Any

import numpy as np
from PySide6.QtCore import Qt

from app.models.paged_list import AnyIndex, PagedListModel
from app.models.status_words import image_sentence
from hopchain_core.project import ImageRow


class ImageRole(IntEnum):
    """What an index gives besides texts."""

    ROW = Qt.ItemDataRole.UserRole + 1
    """The `ImageRow`, or None until its page has been read."""
    NUMBER = Qt.ItemDataRole.UserRole + 2
    """The picture's number in the project."""


class ImageListModel(PagedListModel[ImageRow]):
    """Pictures, each with its row once somebody looks at it."""

    PAGE = 128
    """A screen of small thumbnails. Chosen."""
    FEW = 0
    """The grid keeps its place by itself: a picture more or less moves every one after it."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._missing: set[str] = set()

    def rows_of(self, numbers: Iterable[int]) -> list[tuple[int, int]]:
        """Where these pictures stand, as ranges of rows (first, last); those not listed are left out."""
        wanted = np.fromiter(numbers, np.int64)
        if not len(wanted) or not self._ids:
            return []
        rows = np.flatnonzero(np.isin(np.frombuffer(self._ids, np.int64), wanted))
        if not len(rows):
            return []
        breaks = np.flatnonzero(np.diff(rows) > 1)
        firsts = rows[np.concatenate(([0], breaks + 1))]
        lasts = rows[np.concatenate((breaks, [len(rows) - 1]))]
        return [(int(first), int(last)) for first, last in zip(firsts, lasts, strict=True)]

    def show_missing(self, looked: Iterable[str], missing: Iterable[str]) -> None:
        """Takes what a look at the disk found.

        Args:
            looked: Paths that were looked at, as `Image.path`.
            missing: Those of them where no file is.
        """
        before = set(self._missing)
        self._missing.difference_update(looked)
        self._missing.update(missing)
        if self._missing != before and self._ids:
            self.dataChanged.emit(self.index(0), self.index(len(self._ids) - 1))

    def is_missing(self, row: ImageRow) -> bool:
        """Whether the picture's file was not there when it was looked at last."""
        return row.path in self._missing

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        if role == ImageRole.NUMBER:
            return self._ids[index.row()]
        if role not in _ROLES:
            return None
        row = self.known(index.row())
        if role == ImageRole.ROW or row is None:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.path.rpartition("/")[2]
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.path
        return image_sentence(row) + (", its file is missing" if self.is_missing(row) else "")


_ROLES = frozenset(
    (
        int(ImageRole.ROW),
        int(Qt.ItemDataRole.DisplayRole),
        int(Qt.ItemDataRole.ToolTipRole),
        int(Qt.ItemDataRole.AccessibleTextRole),
    )
)
