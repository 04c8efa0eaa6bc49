"""What the library shows: which pictures, in which order, which are chosen, and how many each filter would leave."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge import Bridge
from app.models.image_list import ImageListModel
from app.presenters.library_choice import Choice, Totals
from app.presenters.library_deeds import LibraryDeeds
from hopchain_core.project import ImageFacets, ImageQuery, ImageRow, ImageSort, Reader

T = TypeVar("T")

_LISTS = frozenset(
    {"image", "instance", "chain", "chain_image", "work", "finding", "mark", "verdict", "difficulty", "run"}
)
"""Tables that the grid and its filters are made of."""
_AFTER_JOBS_MS = 500
"""While a job commits, lists and counts are read again at most twice a second…"""
_REST = 3
"""…and not before this many times as long has passed as reading them took. Chosen."""


class LibraryPresenter(QObject):
    """Between the project and the views of the library.

    Attributes:
        is_known: The list has been read once.
        deeds: What can be done with pictures.

    Args:
        bridge: To the project.
        parent: Owner.
    """

    listed = Signal(object)
    """`Totals`: another list is shown, or it has been counted how much there is besides."""
    facets_changed = Signal(object)
    """`ImageFacets` for the present choice."""
    choice_changed = Signal(object)
    """`Choice`."""
    selection_changed = Signal(int)
    """How many pictures are selected."""
    missed = Signal()
    """Files of pictures are missing; told once."""
    files_moved = Signal()
    """Files of pictures lie elsewhere than before, or are to be looked for again."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = ImageListModel(self)
        self.choice = Choice()
        self.facets = ImageFacets()
        self.totals = Totals()
        self.is_known = False
        self._bridge = bridge
        self.deeds = LibraryDeeds(bridge, self.model, lambda: self._selected, self)
        self._selected: frozenset[int] = frozenset()
        self._ids_due = self._facets_due = True
        self._is_active = False
        self._is_listing = self._is_counting = False
        self._looked: set[str] = set()
        self._has_missed = False
        self._list_later = self._timer(self._read_list)
        self._count_later = self._timer(self._read_counts)
        self.model.page_wanted.connect(self._read_page)
        bridge.changed.connect(self._react)

    # What is shown

    def set_active(self, is_active: bool) -> None:
        """Whether the library is on the screen; nothing is read while it is not.

        Whoever comes back to it may have put files where they belong, so these are looked for again.
        """
        self._is_active = is_active
        if is_active:
            self.look_again(is_all=False)

    def choose(self, **changes: Any) -> None:
        """Asks for other pictures or another order; see `Choice`."""
        choice = replace(self.choice, **changes)
        if choice == self.choice:
            return
        only_order = replace(choice, sort=self.choice.sort, descending=self.choice.descending) == self.choice
        self.choice = choice
        self._ids_due = True
        self._facets_due = self._facets_due or not only_order
        self._is_listing = False
        self.choice_changed.emit(choice)
        self._read_what_is_due()

    def toggle(self, group: str, value: Any, is_on: bool) -> None:
        """Checks or unchecks one value of `statuses`, `categories`, `rules` or `composers`."""
        values = tuple(v for v in getattr(self.choice, group) if v != value)
        self.choose(**{group: (*values, value) if is_on else values})

    def clear(self) -> None:
        """Asks for all pictures, in the order there is."""
        self.choose(
            **{name: getattr(Choice(), name) for name in Choice.__slots__ if name not in ("sort", "descending")}
        )

    @property
    def is_busy(self) -> bool:
        """What is shown is being read again, or will be soon."""
        waits = self._list_later.isActive() or self._count_later.isActive()
        return self._is_listing or self._is_counting or waits

    # What is selected

    @property
    def selected(self) -> frozenset[int]:
        """Numbers of the pictures selected; they may not all be listed."""
        return self._selected

    def select(self, numbers: Iterable[int]) -> None:
        """Selects exactly these pictures."""
        selected = frozenset(numbers)
        if selected != self._selected:
            self._selected = selected
            self.selection_changed.emit(len(selected))

    # Reading

    def look_again(self, *, is_all: bool = True) -> None:
        """Looks whether the files of pictures are there, as they are looked at.

        Args:
            is_all: Reads lists and counts again, too.
        """
        self._looked.clear()
        self._ids_due = self._facets_due = self._ids_due or self._facets_due or is_all
        self.files_moved.emit()
        self._read_what_is_due()
        self.model.refresh()

    def _react(self, tables: frozenset[str], by: object) -> None:
        if not tables & _LISTS:
            return
        self._ids_due = self._facets_due = True
        if by is not None:
            self._read_what_is_due()
        elif self._is_active:
            _start(self._list_later)
            _start(self._count_later)

    def _timer(self, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(_AFTER_JOBS_MS)
        timer.timeout.connect(slot)
        return timer

    def _read_what_is_due(self) -> None:
        self._read_list()
        self._read_counts()

    def _read_list(self) -> None:
        if self._bridge.project is None or not self._is_active or not self._ids_due or self._is_listing:
            return
        query, first = self.choice.query(), 0 if self.is_known else ImageListModel.PAGE
        self._ids_due, self._is_listing = False, True
        self._bridge.read(lambda r: _listed(r, query, first), self._take_list, key="library list", failed=self._fail)

    def _read_counts(self) -> None:
        # What is seen first is read first: counting may take a hundred times as long.
        is_busy = self._is_listing or self._is_counting
        if self._bridge.project is None or not self._is_active or not self._facets_due or is_busy:
            return
        query = replace(self.choice, sort=ImageSort.PATH, descending=False).query()
        self._facets_due, self._is_counting = False, True
        self._bridge.read(
            lambda r: _counted(r, query),
            lambda found: self._take_counts(query, found),
            key="library facets",
            failed=self._fail,
        )

    def _take_list(self, found: tuple[array[int], list[ImageRow]]) -> None:
        self._is_listing = False
        ids, first = found
        if not self.model.set_ids(ids):
            self.model.refresh()
        if first:
            self._take_page(0, list(self.model.page_ids(0)), first)
        self.is_known = True
        everything = self.totals.images if self.choice.is_filtered else len(ids)
        self.totals = replace(self.totals, shown=len(ids), images=everything)
        self.listed.emit(self.totals)
        if self._ids_due:
            _start(self._list_later)
        if not self._count_later.isActive():
            self._read_counts()

    def _take_counts(self, query: ImageQuery, found: _Counted) -> None:
        self._is_counting = False
        if query != replace(self.choice, sort=ImageSort.PATH, descending=False).query():
            # Another choice was made meanwhile. One count at a time, so that fast typing does not pile them up.
            self._read_counts()
            return
        # In a big project the counts take a while; they must not be all that the computer does during a run.
        self._count_later.setInterval(max(_AFTER_JOBS_MS, round(_REST * found.took_ms)))
        self.totals = replace(found.totals, shown=self.totals.shown)
        self.listed.emit(self.totals)
        if found.facets != self.facets:
            self.facets = found.facets
            self.facets_changed.emit(found.facets)
        if self._facets_due:
            _start(self._count_later)

    def _fail(self, error: Exception) -> None:
        self._is_listing = self._is_counting = False
        self._bridge.failed.emit(error)

    def _read_page(self, page: int) -> None:
        ids = list(self.model.page_ids(page))
        self._bridge.read(
            lambda r: r.image_rows(ids),
            lambda rows: self._take_page(page, ids, rows),
            key=("library page", page),
            failed=lambda error: self._page_failed(page, error),
        )

    def _take_page(self, page: int, ids: list[int], rows: list[ImageRow]) -> None:
        self.model.show_page(page, ids, rows)
        project = self._bridge.project
        paths = [row.path for row in rows if row.path not in self._looked]
        if not paths or project is None:
            return
        self._looked.update(paths)
        folder = project.folder
        self._bridge.ask(
            lambda: [path for path in paths if not (folder / path).is_file()],
            lambda missing: self._take_missing(paths, missing),
            key=("library files", page),
        )

    def _take_missing(self, paths: list[str], missing: list[str]) -> None:
        self.model.show_missing(paths, missing)
        if missing and not self._has_missed:
            # Once: whoever leaves it at that is not asked on each page.
            self._has_missed = True
            self.missed.emit()

    def _page_failed(self, page: int, error: Exception) -> None:
        self.model.forget(page)
        self._bridge.failed.emit(error)


@dataclass(frozen=True, slots=True)
class _Counted:
    totals: Totals
    facets: ImageFacets
    took_ms: float


def _start(timer: QTimer) -> None:
    if not timer.isActive():
        timer.start()


def _listed(read: Reader, query: ImageQuery, first: int) -> tuple[array[int], list[ImageRow]]:
    ids = read.image_ids(query)
    return ids, read.image_rows(ids[:first]) if first else []


def _counted(read: Reader, query: ImageQuery) -> _Counted:
    began = time.monotonic()
    counts, facets = read.counts(), read.image_facets(query)
    totals = Totals(images=counts.images, instances=counts.instances, chains=counts.chains)
    return _Counted(totals, facets, 1000 * (time.monotonic() - began))
