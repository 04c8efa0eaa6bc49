"""What the library shows and does: which pictures, in which order, which are chosen, and what is done with them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge import Bridge
from app.models.image_list import ImageListModel
from hopchain_core.domain.chains import Composer
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.status import ChainStatus
from hopchain_core.project import ChainFilter, ImageFacets, ImageQuery, ImageRow, ImageSort, Reader

_LISTS = frozenset(
    {"image", "instance", "chain", "chain_image", "work", "finding", "mark", "verdict", "difficulty", "run"}
)
"""Tables that the grid and its filters are made of."""
_AFTER_JOBS_MS = 500
"""While a job commits, lists and counts are read again at most twice a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person asked the library for.

    Attributes:
        text: Part of a name, a category or a question.
        statuses: A chain stands in one of these; `without_chains` and `failing` are further choices of the same group.
        pass_rate: Lowest and highest share of correct rollouts; None for any.
    """

    text: str = ""
    statuses: tuple[ChainStatus, ...] = ()
    without_chains: bool = False
    failing: bool = False
    categories: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    composers: tuple[Composer, ...] = ()
    pass_rate: tuple[float, float] | None = None
    sort: ImageSort = ImageSort.PATH
    descending: bool = False

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        return replace(self, sort=ImageSort.PATH, descending=False) != Choice()

    def query(self) -> ImageQuery:
        """The same for the store."""
        chains = ChainFilter(
            status=self.statuses or None, rule=self.rules, composer=self.composers or None, pass_rate=self.pass_rate
        )
        return ImageQuery(
            anywhere=self.text.strip(),
            category=self.categories,
            chains=chains,
            or_without_chains=self.without_chains,
            or_failing=self.failing,
            sort=self.sort,
            descending=self.descending,
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """How much there is, and how much of it is listed."""

    shown: int = 0
    images: int = 0
    instances: int = 0
    chains: int = 0


class LibraryPresenter(QObject):
    """Between the project and the views of the library.

    Args:
        bridge: To the project.
        parent: Owner.
    """

    listed = Signal(object)
    """`Totals`: another list is shown, or as much as before of another whole."""
    facets_changed = Signal(object)
    """`ImageFacets` for the present choice."""
    choice_changed = Signal(object)
    """`Choice`."""
    selection_changed = Signal(int)
    """How many pictures are selected."""
    open_wanted = Signal(str, object)
    """A space's id and the `ImageKey` to open there."""
    run_wanted = Signal(object, object, bool)
    """Stages, keys of pictures, and whether failed items are tried again."""
    reveal_wanted = Signal(str)
    """A file to show in the system's file manager."""
    copy_wanted = Signal(str)
    """A text for the clipboard."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = ImageListModel(self)
        self.choice = Choice()
        self.facets = ImageFacets()
        self.totals = Totals()
        self._bridge = bridge
        self._selected: frozenset[int] = frozenset()
        self._ids_due = self._facets_due = True
        self._is_active = False
        self._is_listing = self._is_counting = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_AFTER_JOBS_MS)
        self._later.timeout.connect(self._read_what_is_due)
        self.model.page_wanted.connect(self._read_page)
        bridge.changed.connect(self._react)

    # What is shown

    def set_active(self, is_active: bool) -> None:
        """Whether the library is on the screen; nothing is read while it is not."""
        self._is_active = is_active
        if is_active:
            self._read_what_is_due()

    def reload(self) -> None:
        """Another project is open, or none: begins anew."""
        self._selected = frozenset()
        self.choice = Choice(sort=self.choice.sort, descending=self.choice.descending)
        self.model.set_ids(array("q"))
        self.facets, self.totals = ImageFacets(), Totals()
        self._is_listing = self._is_counting = False
        self._ids_due = self._facets_due = True
        self.choice_changed.emit(self.choice)
        self.selection_changed.emit(0)
        self._read_what_is_due()

    def choose(self, **changes: Any) -> None:
        """Asks for other pictures or another order; see `Choice`."""
        choice = replace(self.choice, **changes)
        if choice == self.choice:
            return
        only_order = replace(choice, sort=self.choice.sort, descending=self.choice.descending) == self.choice
        self.choice = choice
        self._ids_due = True
        self._facets_due = self._facets_due or not only_order
        self._is_listing = self._is_counting = False
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

    # What is done

    def open(self, number: int, space: str) -> None:
        """Opens a picture in another space."""
        self._with_rows((number,), lambda rows: self.open_wanted.emit(space, rows[0].key))

    def run(self, stages: Sequence[str], *, retry_failed: bool = False) -> None:
        """Runs stages over the pictures selected."""
        self._with_rows(
            self._selected,
            lambda rows: self.run_wanted.emit(tuple(stages), tuple(row.key for row in rows), retry_failed),
        )

    def retry_failed(self) -> None:
        """Tries again what failed on the pictures selected, and nothing else."""

        def go(rows: list[ImageRow]) -> None:
            failed = [row for row in rows if row.failing]
            stages = {stage for row in failed for stage in row.failing}
            keys: tuple[ImageKey, ...] = tuple(row.key for row in failed)
            if keys:
                self.run_wanted.emit(tuple(stages), keys, True)

        self._with_rows(self._selected, go)

    def copy_paths(self) -> None:
        """Puts the files of the pictures selected on the clipboard, one a line, in the order listed."""
        self._with_rows(
            self._selected, lambda rows: self.copy_wanted.emit("\n".join(str(self.file_of(r)) for r in rows))
        )

    def reveal(self, number: int) -> None:
        """Shows a picture's file in the system's file manager."""
        self._with_rows((number,), lambda rows: self.reveal_wanted.emit(str(self.file_of(rows[0]))))

    def file_of(self, row: ImageRow) -> Path:
        """Where a picture's file lies."""
        project = self._bridge.project
        return Path(row.path) if project is None else project.folder / row.path

    # Reading

    def _react(self, tables: frozenset[str], by: object) -> None:
        if not tables & _LISTS:
            return
        self._ids_due = self._facets_due = True
        if by is not None:
            self._read_what_is_due()
        elif self._is_active and not self._later.isActive():
            self._later.start()

    def _read_what_is_due(self) -> None:
        if self._bridge.project is None:
            self.listed.emit(self.totals)
            self.facets_changed.emit(self.facets)
            return
        if not self._is_active:
            return
        query = self.choice.query()
        if self._ids_due and not self._is_listing:
            self._ids_due, self._is_listing = False, True
            self._bridge.read(lambda r: _listed(r, query), self._take_list, key="library list")
        if self._facets_due and not self._is_counting:
            self._facets_due, self._is_counting = False, True
            self._bridge.read(lambda r: r.image_facets(query), self._take_facets, key="library facets")

    def _take_list(self, found: tuple[array[int], Totals]) -> None:
        self._is_listing = False
        ids, self.totals = found
        if not self.model.set_ids(ids):
            self.model.refresh()
        self.listed.emit(self.totals)
        self._again()

    def _take_facets(self, facets: ImageFacets) -> None:
        self._is_counting = False
        if facets != self.facets:
            self.facets = facets
            self.facets_changed.emit(facets)
        self._again()

    def _again(self) -> None:
        if (self._ids_due or self._facets_due) and not self._later.isActive():
            self._later.start()

    def _read_page(self, page: int) -> None:
        ids = list(self.model.page_ids(page))
        self._bridge.read(
            lambda r: r.image_rows(ids),
            lambda rows: self.model.show_page(page, ids, rows),
            key=("library page", page),
            failed=lambda error: self._page_failed(page, error),
        )

    def _page_failed(self, page: int, error: Exception) -> None:
        self.model.forget(page)
        self._bridge.failed.emit(error)

    def _with_rows(self, numbers: Collection[int], then: Callable[[list[ImageRow]], object]) -> None:
        place = {number: position for position, number in enumerate(self.model.ids())} if len(numbers) > 1 else {}
        ids = sorted(numbers, key=lambda number: (place.get(number, len(place)), number))
        if not ids:
            return
        self._bridge.read(lambda r: r.image_rows(ids), lambda rows: then(rows) if rows else None, key="library rows")


def _listed(read: Reader, query: ImageQuery) -> tuple[array[int], Totals]:
    ids = read.image_ids(query)
    counts = read.counts()
    return ids, Totals(len(ids), counts.images, counts.instances, counts.chains)
