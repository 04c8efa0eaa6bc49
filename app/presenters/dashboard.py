"""Between the project and the overview: reads it in three parts, each as soon as it is there."""

from __future__ import annotations

from array import array
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.presenters.dashboard_words import Lead
from app.studio import Studio
from hopchain_core.domain.agreement_report import AgreementReport
from hopchain_core.project import DifficultyCharts, HopFigures, ProjectFigures, Reader

_TABLES = frozenset(
    {
        *("image", "refused_file", "instance", "chain", "work", "refusal", "finding", "mark", "verdict", "difficulty"),
        *("rollout", "annotation", "adjudication", "annotator", "rollout_error"),
    }
)
_AFTER_JOBS_MS, _AFTER_PEOPLE_MS = 3000, 300
"""Everything is counted anew after a change: often enough while a job runs, and not all the time."""


_PRICE = "overview.price"


class DashboardPresenter(QObject):
    """What the overview shows.

    Args:
        studio: What everything shares.
        parent: Owner.
    """

    figures_changed = Signal(object)
    """`ProjectFigures`."""
    hops_changed = Signal(object)
    """`HopFigures`."""
    difficulty_changed = Signal(object)
    """`DifficultyCharts`."""
    agreement_changed = Signal(object)
    """`AgreementReport`."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._bridge = studio.bridge
        self.figures: ProjectFigures | None = None
        self.hops: HopFigures | None = None
        self.difficulty: DifficultyCharts | None = None
        self.agreement: AgreementReport | None = None
        self._is_active = False
        self._is_due = True
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._read)
        self._bridge.changed.connect(self._react)

    def set_active(self, is_active: bool) -> None:
        """Whether the overview is on the screen; nothing is read while it is not."""
        self._is_active = is_active
        if is_active:
            self._read()

    @property
    def price(self) -> float | None:
        """What a million tokens of the weaker model cost; None where nobody said."""
        kept = self._studio.settings.get(_PRICE, None)
        return float(kept) if isinstance(kept, (int, float)) and not isinstance(kept, bool) and kept >= 0 else None

    def set_price(self, per_million_tokens: float | None) -> None:
        """Keeps what a million tokens cost, for this person."""
        self._studio.settings.set(_PRICE, per_million_tokens)
        if self.figures is not None:
            self.figures_changed.emit(self.figures)

    def read_again(self) -> None:
        """Counts everything anew."""
        self._is_due = True
        self._read()

    def follow(self, lead: Lead) -> None:
        """Opens the list behind a figure."""
        if lead.numbers:
            self._studio.go(lead.space, only=lead.numbers, only_words=lead.words)
            return
        if not lead.is_looked_up:
            if lead.space:
                self._studio.go(lead.space, **dict(lead.where))
            return

        def look_up(read: Reader) -> array[int]:
            if lead.places:
                return array("q", (number for place in lead.places for number in read.pictures_in(place)))
            if lead.statuses:
                return read.chains_with(statuses=lead.statuses)
            if lead.person:
                return read.chains_answered_by(lead.person)
            return read.chains_with(label=lead.label or None, hop_count=lead.hops or None)

        def go(numbers: array[int]) -> None:
            self._studio.go(lead.space, only=tuple(numbers), only_words=lead.words)

        self._bridge.read(look_up, go, key="overview lead")

    def _read(self) -> None:
        project = self._bridge.project
        if project is None or not self._is_active or not self._is_due:
            return
        self._is_due = False
        read = self._bridge.read
        read(lambda r: r.project_figures(), self._taker("figures", self.figures_changed.emit), key="overview figures")
        read(
            lambda r: r.difficulty_charts(),
            self._taker("difficulty", self.difficulty_changed.emit),
            key="overview hard",
        )
        read(lambda r: r.hop_figures(), self._taker("hops", self.hops_changed.emit), key="overview hops")
        self._bridge.ask(
            project.agreement, self._taker("agreement", self.agreement_changed.emit), key="overview agreement"
        )

    def _taker(self, name: str, tell: Callable[[object], None]) -> Callable[[object], None]:
        def take(found: object) -> None:
            setattr(self, name, found)
            tell(found)

        return take

    def _react(self, tables: frozenset[str], by: object) -> None:
        if tables & _TABLES:
            self._is_due = True
            if self._is_active and not self._later.isActive():
                self._later.start(_AFTER_JOBS_MS if by is None else _AFTER_PEOPLE_MS)
