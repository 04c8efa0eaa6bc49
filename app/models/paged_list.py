"""A long list of things of a project: all numbers at once, rows a page at a time when somebody looks at them."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Signal

MOST_PAGES = 48
"""Pages kept; what was looked at longest ago goes first."""
AnyIndex = QModelIndex | QPersistentModelIndex


class Numbered(Protocol):
    """A row that knows its number in the project."""

    @property
    def number(self) -> int: ...


Row = TypeVar("Row", bound=Numbered)


class PagedListModel(QAbstractListModel, Generic[Row]):
    """Everything has a row from the beginning, so a scroll bar is right at once.

    Reading is somebody else's: the model says which page is looked at, and `show_page` brings it.
    """

    PAGE: ClassVar[int]
    """Rows of one page."""
    FEW: ClassVar[int] = 8
    """So many rows more or less are put in or removed one by one; beyond that a reset is as good. Chosen."""

    page_wanted = Signal(int)
    """This page is looked at and has not been read, or not since something changed. Told once until it comes."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._ids: array[int] = array("q")
        self._pages: OrderedDict[int, dict[int, Row]] = OrderedDict()
        self._fresh: set[int] = set()
        self._asked: set[int] = set()

    def ids(self) -> array[int]:
        """Numbers of the things, in order. Not to be changed."""
        return self._ids

    def set_ids(self, ids: array[int]) -> bool:
        """Lists other things; rows that were read are kept for those that stay.

        Where only a few rows in one place are gone or new, they are removed or put in, so that a view keeps its place;
        anything else resets the model.

        Returns:
            Whether anything changed.
        """
        if ids == self._ids:
            return False
        known = {number: row for page in self._pages.values() for number, row in page.items()}
        edit = _edit(self._ids, ids, self.FEW)
        if edit is None:
            self.beginResetModel()
            self._take(ids, known)
            self.endResetModel()
            return True
        first, removed, added = edit
        nowhere = QModelIndex()
        if removed:
            self.beginRemoveRows(nowhere, first, first + removed - 1)
            self._take(self._ids[:first] + self._ids[first + removed :], known)
            self.endRemoveRows()
        if added:
            self.beginInsertRows(nowhere, first, first + added - 1)
            self._take(ids, known)
            self.endInsertRows()
        return True

    def _take(self, ids: array[int], known: dict[int, Row]) -> None:
        self._ids = ids
        self._pages.clear()
        self._asked.clear()
        self._fresh.clear()
        if known and ids:
            places = np.flatnonzero(np.isin(np.frombuffer(ids, np.int64), np.fromiter(known, np.int64)))
            for page, rows in groupby((int(row) for row in places), lambda row: row // self.PAGE):
                self._pages[page] = {ids[row]: known[ids[row]] for row in rows}

    def page_ids(self, page: int) -> array[int]:
        """Numbers of the things of a page."""
        return self._ids[page * self.PAGE : (page + 1) * self.PAGE]

    def show_page(self, page: int, asked: Sequence[int], rows: Iterable[Row]) -> None:
        """Takes rows that were read.

        Args:
            page: Which one.
            asked: Numbers it had when it was asked for; if it has others by now, it is asked for again when needed.
            rows: Those found; things gone meanwhile are missing.
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
        self.dataChanged.emit(self.index(page * self.PAGE), self.index(page * self.PAGE + len(ids) - 1))

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
        """Number of the thing in a row."""
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def row_of(self, number: int) -> int | None:
        """Where a thing stands; None when it is not listed."""
        try:
            return self._ids.index(number)
        except ValueError:
            return None

    def known(self, row: int) -> Row | None:
        """What is known of the thing in a row; asks for its page when that is not read."""
        if not 0 <= row < len(self._ids):
            return None
        page = row // self.PAGE
        if page not in self._fresh and page not in self._asked:
            self._asked.add(page)
            self.page_wanted.emit(page)
        found = self._pages.get(page)
        return None if found is None else found.get(self._ids[row])

    # QAbstractListModel

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._ids)


def _edit(old: array[int], new: array[int], few: int) -> tuple[int, int, int] | None:
    """The first row that differs, how many of the old ones go there and how many new ones come; None for too many."""
    if not old or not new or abs(len(old) - len(new)) > few:
        return None
    length = min(len(old), len(new))
    before, after = np.frombuffer(old, np.int64), np.frombuffer(new, np.int64)
    differs = np.flatnonzero(before[:length] != after[:length])
    first = int(differs[0]) if len(differs) else length
    differs = np.flatnonzero(before[-length:][::-1] != after[-length:][::-1])
    tail = min(int(differs[0]) if len(differs) else length, length - first)
    removed, added = len(old) - first - tail, len(new) - first - tail
    return (first, removed, added) if max(removed, added) <= few else None
