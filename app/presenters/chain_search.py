"""Which chains are listed, in which order, and how many each filter would leave."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge import Bridge
from app.models.chain_list import ChainListModel
from hopchain_core.domain.chains import Composer
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.review import MarkKind
from hopchain_core.domain.status import ChainStatus
from hopchain_core.project import ChainFacets, ChainFilter, ChainQuery, ChainSort, Reader

CHAIN_TABLES = frozenset(
    {"image", "instance", "chain", "chain_image", "work", "finding", "mark", "verdict", "difficulty"}
)
"""Tables that the list is made of."""
_AFTER_JOBS_MS = 500
"""While a job commits, lists and counts are read again at most twice a second."""
OPEN = (
    ChainStatus.AWAITING,
    ChainStatus.UNAUDITED,
    ChainStatus.DISPUTED,
    ChainStatus.VERIFIED,
    ChainStatus.ADJUDICATED,
    ChainStatus.BY_CONSTRUCTION,
)
"""Where a chain stands that nobody and nothing has sorted out."""


class Segment(StrEnum):
    """Which part of the chains is listed."""

    TO_REVIEW = "to_review"
    """No curator has decided, and neither a rule nor the policy has sorted it out."""
    ALL = "all"
    FINDINGS = "findings"
    """The audit found something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainChoice:
    """What a person asked the list for.

    Attributes:
        text: Part of a question or of a picture's path.
        image: Of this picture only.
        pass_rate: Lowest and highest share of correct rollouts; None for any.
        is_cut_short: Only those tried until it was decided whether they are kept.
        only: Numbers of the only chains asked for, as another space chose them; None for any.
        only_words: What those are, in a few words.
    """

    segment: Segment = Segment.ALL
    text: str = ""
    image: ImageKey | None = None
    category: str = ""
    statuses: tuple[ChainStatus, ...] = ()
    marks: tuple[MarkKind | None, ...] = ()
    rules: tuple[str, ...] = ()
    composers: tuple[Composer, ...] = ()
    pass_rate: tuple[float, float] | None = None
    is_cut_short: bool = False
    only: tuple[int, ...] | None = None
    only_words: str = ""
    sort: ChainSort = ChainSort.PATH
    descending: bool = False

    @property
    def filter_count(self) -> int:
        """How many filters of the menu are set; the text and the picture are seen elsewhere."""
        return (
            len(self.statuses)
            + len(self.marks)
            + len(self.rules)
            + len(self.composers)
            + (self.pass_rate is not None)
            + self.is_cut_short
            + bool(self.category)
        )

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the segment leaves chains out."""
        return bool(self.filter_count or self.text.strip() or self.image is not None or self.only is not None)

    def query(self, segment: Segment | None = None) -> ChainQuery:
        """The same for the store, for its own segment or another one."""
        segment = segment or self.segment
        statuses, marks = self.statuses, self.marks
        if segment is Segment.TO_REVIEW:
            statuses = tuple(s for s in statuses if s in OPEN) or OPEN
            marks = (None,)
        return ChainQuery(
            text=self.text.strip(),
            category=self.category,
            image=self.image,
            numbers=self.only,
            chains=ChainFilter(
                status=statuses or None,
                marks=marks,
                rule=self.rules,
                composer=self.composers or None,
                pass_rate=self.pass_rate,
                is_cut_short=self.is_cut_short,
                has_findings=segment is Segment.FINDINGS,
            ),
            sort=self.sort,
            descending=self.descending,
        )


def to_review(read: Reader) -> int:
    """How many chains wait for a curator."""
    return read.chain_count(ChainChoice().query(Segment.TO_REVIEW))


@dataclass(frozen=True, slots=True)
class ChainTotals:
    """How much there is.

    Attributes:
        listed: Chains in the list.
        segments: Chains of each segment, given the other filters.
        chains: Chains seen in the project.
        image_name: File name of the picture that the list is narrowed to; empty for none.
        is_read: Anything has been read yet.
    """

    listed: int = 0
    segments: tuple[tuple[Segment, int], ...] = ()
    chains: int = 0
    image_name: str = ""
    is_read: bool = False

    def of(self, segment: Segment) -> int:
        """Chains of a segment."""
        return dict(self.segments).get(segment, 0)


class ChainSearch(QObject):
    """Between the project and the list of chains.

    Args:
        bridge: To the project.
        parent: Owner.
    """

    listed = Signal(object)
    """`ChainTotals`: another list is shown, or as much as before of another whole."""
    facets_changed = Signal(object)
    """`ChainFacets` for the present choice."""
    choice_changed = Signal(object)
    """`ChainChoice`."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = ChainListModel(self)
        self.choice = ChainChoice()
        self.facets = ChainFacets()
        self.totals = ChainTotals()
        self._bridge = bridge
        self._is_active = False
        self._is_due = True
        self._is_listing = False
        self._wants_facets = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_AFTER_JOBS_MS)
        self._later.timeout.connect(self.read_what_is_due)
        self.model.page_wanted.connect(self._read_page)
        bridge.changed.connect(self._react)

    def set_active(self, is_active: bool) -> None:
        """Whether the list is on the screen; nothing is read while it is not."""
        self._is_active = is_active
        if is_active:
            self.read_what_is_due()

    def choose(self, **changes: Any) -> None:
        """Asks for other chains or another order; see `ChainChoice`."""
        choice = replace(self.choice, **changes)
        if choice.segment is Segment.TO_REVIEW and (changes.get("marks") or changes.get("statuses")):
            # What is asked for has been decided, or sorted out: it is not among those to review.
            choice = replace(choice, segment=Segment.ALL)
        if choice == self.choice:
            return
        self.choice = choice
        self._is_due = True
        self._is_listing = False
        self.choice_changed.emit(choice)
        self.read_what_is_due()

    def toggle(self, group: str, value: Any, is_on: bool) -> None:
        """Checks or unchecks one value of `statuses`, `marks`, `rules` or `composers`."""
        values = tuple(v for v in getattr(self.choice, group) if v != value)
        self.choose(**{group: (*values, value) if is_on else values})

    def clear(self) -> None:
        """Takes all filters away; segment and order stay."""
        kept = {"segment", "sort", "descending"}
        self.choose(**{name: getattr(ChainChoice(), name) for name in ChainChoice.__slots__ if name not in kept})

    def ask_facets(self) -> None:
        """Reads how many each filter would leave, now and from now on after each change, until `drop_facets`."""
        self._wants_facets = True
        self._read_facets()

    def drop_facets(self) -> None:
        """Nobody looks at the filters any more."""
        self._wants_facets = False

    def read_what_is_due(self) -> None:
        """Lists again if anything changed."""
        if self._bridge.project is None or not self._is_active or not self._is_due or self._is_listing:
            return
        self._is_due, self._is_listing = False, True
        choice = self.choice
        self._bridge.read(lambda r: _listed(r, choice), self._take_list, key="chain list", failed=self._list_failed)
        if self._wants_facets:
            self._read_facets()

    def _list_failed(self, error: Exception) -> None:
        self._is_listing = False
        self._bridge.failed.emit(error)

    def _read_facets(self) -> None:
        query = self.choice.query()
        self._bridge.read(lambda r: r.chain_facets(query), self._take_facets, key="chain facets")

    def _take_facets(self, facets: ChainFacets) -> None:
        if facets != self.facets:
            self.facets = facets
            self.facets_changed.emit(facets)

    def _take_list(self, found: tuple[array[int], ChainTotals]) -> None:
        self._is_listing = False
        ids, self.totals = found
        self.model.set_ids(ids)
        self.model.refresh()
        self.listed.emit(self.totals)
        if self._is_due and not self._later.isActive():
            self._later.start()

    def _react(self, tables: frozenset[str], by: object) -> None:
        if not tables & CHAIN_TABLES:
            return
        self._is_due = True
        if by is not None:
            self.read_what_is_due()
        elif self._is_active and not self._later.isActive():
            self._later.start()

    def _read_page(self, page: int) -> None:
        ids = list(self.model.page_ids(page))
        self._bridge.read(
            lambda r: r.chain_rows(ids),
            lambda rows: self.model.show_page(page, ids, rows),
            key=("chain page", page),
            failed=lambda error: self._page_failed(page, error),
        )

    def _page_failed(self, page: int, error: Exception) -> None:
        self.model.forget(page)
        self._bridge.failed.emit(error)


def _listed(read: Reader, choice: ChainChoice) -> tuple[array[int], ChainTotals]:
    ids = read.chain_ids(choice.query())
    segments = tuple(
        (segment, len(ids) if segment is choice.segment else read.chain_count(choice.query(segment)))
        for segment in Segment
    )
    name = ""
    if choice.image is not None and read.has_image(choice.image):
        name = read.image(choice.image).path.rpartition("/")[2]
    return ids, ChainTotals(len(ids), segments, read.counts().chains, name, is_read=True)
