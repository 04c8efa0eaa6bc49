"""Pictures as a list: all numbers at once, rows a page at a time when somebody looks at them."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from enum import IntEnum
from itertools import groupby
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.models.status_words import image_sentence
from hopchain_core.project import ImageRow

PAGE = 128
"""Rows of one page: a screen of small thumbnails. Chosen."""
MOST_PAGES = 48
"""Pages kept; what was looked at longest ago goes first."""

AnyIndex = QModelIndex | QPersistentModelIndex


class ImageRole(IntEnum):
    """What an index gives besides texts."""

    ROW = Qt.ItemDataRole.UserRole + 1
    """The `ImageRow`, or None until its page has been read."""
    NUMBER = Qt.ItemDataRole.UserRole + 2
    """The picture's number in the project."""


class ImageListModel(QAbstractListModel):
    """Every picture has a row from the beginning, so a scroll bar is right at once.

    Reading is somebody else's: the model says which page is looked at, and `show_page` brings it.
    """

    page_wanted = Signal(int)
    """This page is looked at and has not been read, or not since something changed. Told once until it comes."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._ids: array[int] = array("q")
        self._pages: OrderedDict[int, dict[int, ImageRow]] = OrderedDict()
        self._fresh: set[int] = set()
        self._asked: set[int] = set()
        self._missing: set[str] = set()

    # What it holds

    def ids(self) -> array[int]:
        """Numbers of the pictures, in order. Not to be changed."""
        return self._ids

    def set_ids(self, ids: array[int]) -> bool:
        """Lists other pictures; rows that were read are kept for those that stay.

        Returns:
            Whether anything changed, which resets the model.
        """
        if ids == self._ids:
            return False
        known = {number: row for page in self._pages.values() for number, row in page.items()}
        self.beginResetModel()
        self._ids = ids
        self._pages.clear()
        self._asked.clear()
        self._fresh.clear()
        if known:
            places = np.flatnonzero(np.isin(np.frombuffer(ids, np.int64), np.fromiter(known, np.int64))) if ids else ()
            for page, rows in groupby((int(row) for row in places), lambda row: row // PAGE):
                self._pages[page] = {ids[row]: known[ids[row]] for row in rows}
        self.endResetModel()
        return True

    def page_ids(self, page: int) -> array[int]:
        """Numbers of the pictures of a page."""
        return self._ids[page * PAGE : (page + 1) * PAGE]

    def show_page(self, page: int, asked: Sequence[int], rows: Iterable[ImageRow]) -> None:
        """Takes rows that were read.

        Args:
            page: Which one.
            asked: Numbers it had when it was asked for; if it has others by now, it is asked for again when needed.
            rows: Those found; pictures gone meanwhile are missing.
        """
        self._asked.discard(page)
        ids = self.page_ids(page)
        if ids != array("q", asked) or not ids:
            return
        self._pages[page] = {row.number: row for row in rows}
        self._pages.move_to_end(page)
        self._fresh.add(page)
        while len(self._pages) > MOST_PAGES:
            oldest, _ = self._pages.popitem(last=False)
            self._fresh.discard(oldest)
        self.dataChanged.emit(self.index(page * PAGE), self.index(page * PAGE + len(ids) - 1))

    def forget(self, page: int) -> None:
        """The page could not be read: it is asked for again when it is looked at."""
        self._asked.discard(page)

    def refresh(self) -> None:
        """What was read may be out of date: pages are read again as they are looked at, and shown as they were till then."""
        self._fresh.clear()
        self._asked.clear()
        if self._ids:
            self.dataChanged.emit(self.index(0), self.index(len(self._ids) - 1))

    def number(self, row: int) -> int | None:
        """Number of the picture in a row."""
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def row_of(self, number: int) -> int | None:
        """Where a picture stands; None when it is not listed."""
        try:
            return self._ids.index(number)
        except ValueError:
            return None

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

    def image_row(self, row: int) -> ImageRow | None:
        """What is known of the picture in a row; asks for its page when that is not read."""
        if not 0 <= row < len(self._ids):
            return None
        page = row // PAGE
        if page not in self._fresh and page not in self._asked:
            self._asked.add(page)
            self.page_wanted.emit(page)
        found = self._pages.get(page)
        return None if found is None else found.get(self._ids[row])

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

    # QAbstractListModel

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        if role == ImageRole.NUMBER:
            return self._ids[index.row()]
        if role not in _ROLES:
            return None
        row = self.image_row(index.row())
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
