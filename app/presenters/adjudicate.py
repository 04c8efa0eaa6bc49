"""Questions that people did not agree on: listed, opened, decided about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.presenters.chain_detail import ChainDetail, read_detail
from app.presenters.chain_pictures import PictureShelf
from app.presenters.sent_back import SentBack
from app.studio import Studio
from hopchain_core.blind import read_typed
from hopchain_core.domain.agreement_report import AgreementReport
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.policy import Policy
from hopchain_core.domain.review import VerdictOutcome
from hopchain_core.errors import KnownError
from hopchain_core.project import Dispute, DisputeRow, Reader

TABLES = frozenset({"annotation", "adjudication", "chain", "mark", "verdict", "round", "project", "gold"})
REPORT_AFTER_MS = 400
"""Alpha is worked out again once decisions rest this long. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputes:
    """The list.

    Attributes:
        waiting: Wait for a decision.
        settled: Decided about.
        counts: Chains that people answered, by what follows from it.
        policy: In force.
    """

    waiting: tuple[DisputeRow, ...]
    settled: tuple[DisputeRow, ...]
    counts: dict[VerdictOutcome, int]
    policy: Policy

    @property
    def rows(self) -> tuple[DisputeRow, ...]:
        """All of them, in the order shown."""
        return (*self.waiting, *self.settled)

    def kept_with(self, agreeing: int) -> int:
        """How many of those that wait would be agreed on if so many people were enough."""
        return sum(any(n >= agreeing and _is_number(text) for text, n in row.tally) for row in self.waiting)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDispute:
    """One question with its answers and its own steps."""

    dispute: Dispute
    detail: ChainDetail

    @property
    def key(self) -> ChainKey:
        """Of the version that was answered."""
        return self.dispute.stored.chain.key


class AdjudicatePresenter(QObject):
    """What is disputed, and what an adjudicator makes of it.

    Args:
        studio: What everything shares.
        parent: Owner.
    """

    listed = Signal(object)
    """`Disputes`."""
    opened = Signal(object)
    """`OpenDispute`, or None."""
    reported = Signal(object)
    """`AgreementReport`."""
    refused = Signal(str)
    """Why a decision was not taken."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._is_active = False
        self._is_stale = True
        self._wanted: ChainKey | None = None
        self.disputes: Disputes | None = None
        self.open: OpenDispute | None = None
        self._pictures = PictureShelf()
        self._sent_back = SentBack(studio, self)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(REPORT_AFTER_MS)
        self._later.timeout.connect(self._report)
        studio.bridge.changed.connect(self._follow)

    def set_active(self, is_active: bool) -> None:
        """The space is shown, or another is."""
        self._is_active = is_active
        if is_active and self._is_stale:
            self.refresh()

    def refresh(self) -> None:
        """Reads the list again."""
        self._is_stale = False
        project = self._studio.project
        if project is None:
            return

        def read(reader: Reader) -> Disputes:
            return Disputes(
                waiting=reader.disputes(is_settled=False),
                settled=reader.disputes(is_settled=True),
                counts=reader.verdict_counts(),
                policy=project.policy(),
            )

        self._studio.bridge.read(read, self._take_list, key="disputes")
        self._later.start()

    def choose(self, key: ChainKey) -> None:
        """Opens a question."""
        self._wanted = key

        def read(reader: Reader) -> OpenDispute | None:
            dispute = reader.dispute(key)
            return None if dispute is None else OpenDispute(dispute=dispute, detail=read_detail(reader, key))

        def take(found: OpenDispute | None) -> None:
            self.open = found
            self.opened.emit(found)

        self._studio.bridge.read(read, take, key="dispute")

    def step(self, by: int) -> None:
        """Opens the next question, or one before."""
        rows = self.disputes.rows if self.disputes is not None else ()
        place = next((i for i, row in enumerate(rows) if row.key == self._wanted), None)
        if rows:
            self.choose(rows[0 if place is None else max(0, min(len(rows) - 1, place + by))].key)

    def source_of(self, image: Image) -> Callable[[int | None], Any]:
        """Reads a picture by the longer side wanted."""
        project = self._studio.need_project()
        return lambda side: self._pictures.get(image, project.read_picture, side)

    # Decisions

    def take(self, label: Answer) -> None:
        """Decides on a number."""
        project, who = self._studio.need_project(), self._studio.person
        self._decide(lambda key: project.adjudicate(key, label, adjudicator=who, by=self))

    def write(self, text: str) -> str:
        """Decides on a number that nobody gave.

        Returns:
            Why it is no number; empty when it is one.
        """
        try:
            label = read_typed(text)
        except KnownError as error:
            return error.line
        self.take(label)
        return ""

    def refuse(self, reason: str) -> None:
        """Drops the question."""
        project, who = self._studio.need_project(), self._studio.person
        self._decide(lambda key: project.refuse_chain(key, adjudicator=who, reason=reason, by=self))

    def send_back(self, question: str, answer: str, reason: str) -> str:
        """Asks a mended question again, in the next round; the rules look at it at once.

        Returns:
            Why it was not done; empty when it was begun.
        """
        opened = self.open
        if opened is None:
            return ""
        chain = opened.dispute.stored.chain
        changes: dict[str, Any] = {}
        if question.strip() != chain.question:
            changes["question"] = question.strip()
        try:
            number = read_typed(answer)
        except KnownError as error:
            return error.line
        if number != chain.answer:
            changes["answer"] = number
        if not changes:
            return "Nothing was changed: edit the question or the answer."
        project, who = self._studio.need_project(), self._studio.person
        self._decide(
            lambda key: project.send_back(key, adjudicator=who, reason=reason, by=self, **changes),
            then=lambda made: self._sent_back.take(made.key),
        )
        return ""

    def take_back(self) -> None:
        """Removes the decision."""
        project = self._studio.need_project()
        self._decide(lambda key: project.take_back_adjudication(key, by=self), moves_on=False)

    def set_policy(self, people: int, agreeing: int, accepts_adjudicated: bool) -> None:
        """What a project asks of people from now on; verdicts follow at once."""
        project = self._studio.need_project()

        def work() -> None:
            policy = replace(
                project.policy(), people=people, agreeing=agreeing, accepts_adjudicated=accepts_adjudicated
            )
            project.set_policy(policy, by=self)

        self._studio.bridge.edit(work, lambda _: self.refresh(), failed=self._fail)

    def _decide(
        self, work: Callable[[ChainKey], Any], *, moves_on: bool = True, then: Callable[[Any], object] = lambda _: None
    ) -> None:
        opened = self.open
        if opened is None:
            return
        key = opened.key
        rows = self.disputes.waiting if self.disputes is not None else ()
        place = next((i for i, row in enumerate(rows) if row.key == key), None)
        after = [row.key for row in rows if row.key != key]
        follows = after[min(place, len(after) - 1)] if moves_on and place is not None and after else key

        def done(made: Any) -> None:
            self.refresh()
            self.choose(follows)
            then(made)

        self._studio.bridge.edit(lambda: work(key), done, failed=self._fail)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, KnownError):
            self.refused.emit(error.line)
        else:
            self._studio.show_error(error)

    def _take_list(self, found: Disputes) -> None:
        self.disputes = found
        self.listed.emit(found)
        keys = [row.key for row in found.rows]
        if self._wanted not in keys:
            self._wanted = None
            if keys:
                self.choose(keys[0])
            else:
                self.open = None
                self.opened.emit(None)
        elif self._wanted is not None:
            self.choose(self._wanted)

    def _report(self) -> None:
        project = self._studio.project
        if project is not None and self._is_active:
            self._studio.bridge.ask(project.agreement, self._tell_report, key="agreement")

    def _tell_report(self, report: AgreementReport) -> None:
        self.reported.emit(report)

    def _follow(self, tables: frozenset[str], by: object) -> None:
        if by is self or (tables and not tables & TABLES):
            return
        self._is_stale = True
        if self._is_active:
            self.refresh()


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()
