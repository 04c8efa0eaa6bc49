"""What a curator says of the chain that is open: decisions, comments, and taking them back."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.presenters.chain_detail import ChainDetail
from app.presenters.chain_mends import Mend, MendKind, ready_mend, recomputed, taken_as_they_are
from app.presenters.open_chain import OpenChain
from app.studio import Studio, Toast
from hopchain_core.domain.chains import Chain
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import Mark, MarkKind


@dataclass(frozen=True, slots=True)
class Decision:
    """What a curator just decided.

    Attributes:
        number: Of the chain.
        key: Of the version.
        kind: What was decided; None for taking a decision back.
        before: What stood before.
    """

    number: int
    key: ChainKey
    kind: MarkKind | None
    before: Mark | None


class ChainsPresenter(OpenChain):
    """Between the project and the views of the chains.

    Args:
        studio: What everything shares.
        parent: Owner.
    """

    decided = Signal(object)
    """`Decision`: it is in the project now."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(studio, parent)
        self._decisions: list[Decision] = []
        self._newest: Decision | None = None
        self._went_back: ChainKey | None = None
        self.chain_shown.connect(self._forget_way_back)

    @property
    def may_decide(self) -> bool:
        """Whether a decision on the open chain can be written."""
        return self.detail is not None and not self.detail.is_gone and not self._studio.is_read_only

    def decide(self, kind: MarkKind, reason: str = "") -> None:
        """Accepts, rejects or flags the open chain; the next one comes at once. The same decision again takes it back."""
        detail = self.detail
        if detail is None or not self.may_decide:
            return
        project = self._studio.need_project()
        if detail.mark is not None and detail.mark.kind is kind and kind is not MarkKind.REJECT:
            self._write(
                Decision(detail.stored.number, detail.key, None, detail.mark),
                lambda: project.unmark(detail.key, by=self),
            )
            return
        mark = Mark(chain=detail.key, kind=kind, reason=reason.strip())
        self._write(Decision(detail.stored.number, detail.key, kind, detail.mark), lambda: project.mark(mark, by=self))
        self.step(1)

    def skip(self) -> None:
        """Leaves the open chain as it is and goes on."""
        self.step(1)

    def comment(self, text: str) -> None:
        """Adds a comment to the open chain."""
        detail = self.detail
        if detail is None or not text.strip():
            return
        project, person = self._studio.need_project(), self._studio.person
        self._newest = None
        self._bridge.edit(lambda: project.comment(detail.key, person, text, by=self))

    def take_recomputed(self) -> None:
        """Makes a version of the open chain whose hops and answer say what their operations give."""
        self._make_version(recomputed, "says what is recomputed")

    def take_instances(self) -> None:
        """Makes a version of the open chain that speaks of its instances as the picture shows them now."""
        self._make_version(taken_as_they_are, "takes its instances as they are now")

    @property
    def mend(self) -> Mend | None:
        """What mends the open chain, in part at least, without a word to be written."""
        return ready_mend(self.detail) if self.detail is not None and self.may_decide else None

    def take_mend(self, mend: Mend) -> None:
        """Mends the open chain; nothing where something has to be written."""
        if mend.kind is MendKind.TAKE_RECOMPUTED:
            self.take_recomputed()
        elif mend.kind is MendKind.FOLLOW:
            self.take_instances()

    def _make_version(self, changes_of: Callable[[ChainDetail], dict[str, Any]], what: str) -> None:
        detail = self.detail
        changes = changes_of(detail) if detail is not None else {}
        if detail is None or not changes:
            return
        project, key = self._studio.need_project(), detail.key
        self._newest = None

        def done(chain: Chain) -> None:
            self._studio.toast_asked.emit(
                Toast(text=f"Version {chain.version} {what}", kind="ok", action="Undo", run=self._studio.undo)
            )

        self._bridge.edit(lambda: project.edit_chain(key, by=self, **changes), done)

    def take_back(self, decision: Decision) -> None:
        """Undoes a decision and goes back to its chain."""
        project = self._studio.need_project()
        before = decision.before

        def undo() -> None:
            if self._newest is decision:
                project.undo(by=self)
            elif before is not None:
                project.mark(before, by=self)
            else:
                project.unmark(decision.key, by=self)

        def done(_: object) -> None:
            self._newest = None
            self.open_number(decision.number)

        self._decisions = [d for d in self._decisions if d is not decision]
        self._bridge.edit(undo, done)

    def goes_back_to(self, versions: Collection[ChainKey]) -> bool:
        """Whether undoing what was done to one of these leads there by itself: the last decision made here was on it."""
        due = self._decisions[-1].key if self._decisions else None
        return due in versions or self._went_back in versions

    # Inside

    def _write(self, decision: Decision, fn: Callable[[], Any]) -> None:
        def done(_: object) -> None:
            self._decisions.append(decision)
            self._newest = decision
            self.decided.emit(decision)

        def failed(error: Exception) -> None:
            # The next chain has come already; what was not written has to be decided once more.
            self._bridge.failed.emit(error)
            self.open_number(decision.number)

        self._shelf.drop(decision.number)
        self._bridge.edit(fn, done, failed=failed)

    def _forget_way_back(self, detail: ChainDetail | None) -> None:
        if detail is not None and detail.key != self._went_back:
            self._went_back = None

    def _react(self, tables: frozenset[str], by: object) -> None:
        if by is not None and by is not self:
            self._newest = None
        if self._is_active and by is self._studio and "mark" in tables and self._decisions:
            self._look_back()
        super()._react(tables, by)

    def _look_back(self) -> None:
        """After an undo: goes back to the chain whose decision it took away."""
        last = self._decisions[-1]

        def take(mark: Mark | None) -> None:
            if (mark.kind if mark is not None else None) is not last.kind:
                self._decisions = [d for d in self._decisions if d is not last]
                self._went_back = last.key
                self.open_number(last.number)

        self._bridge.read(lambda r: r.mark(last.key), take, key="chain look back")
