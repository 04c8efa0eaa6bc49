"""Annotators, rounds and gold: read, and changed one step of undo at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.presenters.packets import PacketsPresenter
from app.studio import Studio
from hopchain_core.blind import read_typed
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.rounds import Annotator, Gold, Round, RoundTerms, Standing
from hopchain_core.domain.rounds_plan import RoundPlan
from hopchain_core.errors import KnownError
from hopchain_core.project import Reader

TABLES = frozenset({"annotator", "round", "round_gold", "assignment", "annotation", "gold", "chain", "mark", "verdict"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One annotator, with what only the curator sees.

    Attributes:
        person: Who.
        standing: Whether they are given items.
        answered: Items answered, gold among them.
        gold_right: Of the gold among them.
        gold_asked: How much gold was among them.
    """

    person: Annotator
    standing: Standing
    answered: int
    gold_right: int
    gold_asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRow:
    """One round and how far it is.

    Attributes:
        round: Which.
        people: How many take part.
        answered: Items answered, of all.
        assigned: Items given and not withdrawn.
    """

    round: Round
    people: int
    answered: int
    assigned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldRow:
    """A chain whose answer is known.

    Attributes:
        gold: Which.
        number: Of the chain.
        question: Of the chain.
    """

    gold: Gold
    number: int
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleState:
    """All that is shown.

    Attributes:
        people: By name.
        rounds: The newest first.
        gold: By number.
        awaiting: Chains that a next round could ask.
    """

    people: tuple[PersonRow, ...]
    rounds: tuple[RoundRow, ...]
    gold: tuple[GoldRow, ...]
    awaiting: int


class PeoplePresenter(QObject):
    """What the dialog of people and rounds asks for.

    Args:
        studio: What everything shares.
        parent: Owner.
    """

    shown = Signal(object)
    """`PeopleState`."""
    planned = Signal(object, object)
    """(`RoundTerms`, `RoundPlan` or the sentence that says why there is none)."""
    refused = Signal(str, str)
    """(what was tried: person, name, round or gold; why it was not done)."""
    done = Signal(str)
    """What was done: person, name, round or gold."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.packets = PacketsPresenter(studio, self)
        self.packets.told.connect(lambda *_: self.refresh())
        self.is_active = False
        studio.bridge.changed.connect(self._follow)

    @property
    def is_read_only(self) -> bool:
        """Nothing can be changed."""
        return self._studio.is_read_only

    def refresh(self) -> None:
        """Reads again."""
        self._studio.bridge.read(people_state, self.shown.emit, key="people-state")

    # People

    def add_person(self, name: str, note: str = "") -> None:
        """Adds an annotator."""
        self._edit("person", lambda: self._studio.need_project().add_annotator(name, note=note, by=self))

    def set_active(self, name: str, is_active: bool) -> None:
        """Gives a person items, or no longer."""
        self._edit("person", lambda: self._studio.need_project().change_annotator(name, is_active=is_active, by=self))

    def let_in(self, name: str, is_let_in: bool) -> None:
        """Gives a person items however they did in a qualification."""
        self._edit("person", lambda: self._studio.need_project().let_in(name, is_let_in=is_let_in, by=self))

    def rename_person(self, name: str, new_name: str) -> None:
        """Gives a person another name; what they answered goes with it."""

        def tell(person: Annotator) -> None:
            self._studio.toast(f"{name} is now {person.name}", action="Undo", run=self._studio.undo)

        self._edit("name", lambda: self._studio.need_project().rename_annotator(name, new_name, by=self), tell)

    def remove_person(self, name: str) -> None:
        """Removes an annotator; one who has answered is only made inactive."""

        def tell(is_gone: bool) -> None:
            said = f"Removed {name}" if is_gone else f"{name} has work here and was only made inactive"
            self._studio.toast(said, action="Undo", run=self._studio.undo)

        self._edit("person", lambda: self._studio.need_project().remove_annotator(name, by=self), tell)

    # Rounds

    def plan(self, terms: RoundTerms) -> None:
        """Works out what a round would give to whom; nothing is written."""
        project = self._studio.project
        if project is None:
            return

        def work() -> RoundPlan | str:
            try:
                return project.plan_round(terms)
            except KnownError as error:
                return error.line

        self._studio.bridge.ask(work, lambda found: self.planned.emit(terms, found), key="people-plan")

    def open_round(self, terms: RoundTerms) -> None:
        """Opens a round."""

        def tell(made: Round) -> None:
            self._studio.toast(f"Round {made.id} is open", "ok", action="Undo", run=self._studio.undo)

        self._edit("round", lambda: self._studio.need_project().open_round(terms, by=self), tell)

    def close_round(self, number: int) -> None:
        """Closes a round; its answers stay."""
        self._edit("round", lambda: self._studio.need_project().close_round(number, by=self))

    def reopen_round(self, number: int) -> None:
        """Opens a round again."""
        self._edit("round", lambda: self._studio.need_project().reopen_round(number, by=self))

    # Gold

    def add_gold(self, name: str, answer: str = "", note: str = "") -> None:
        """Marks a chain as one whose answer is known.

        Args:
            name: ``C-12``, ``12`` or the beginning of its key.
            answer: What a careful person answers; what stands in the project when empty.
            note: Free text.
        """
        project = self._studio.need_project()

        def work() -> Gold:
            with project.read() as read:
                key = read.chain(name.strip()).chain.key
            known = read_typed(answer) if answer.strip() else None
            return project.set_gold(key, known, note=note, by=self)

        self._edit("gold", work)

    def drop_gold(self, chain: ChainKey) -> None:
        """A chain is gold no more."""
        self._edit("gold", lambda: self._studio.need_project().drop_gold(chain, by=self))

    def _edit(self, what: str, work: Callable[[], Any], then: Callable[[Any], object] | None = None) -> None:
        def done(found: Any) -> None:
            if then is not None:
                then(found)
            self.done.emit(what)
            self.refresh()

        def fail(error: Exception) -> None:
            if isinstance(error, KnownError):
                self.refused.emit(what, error.line)
            else:
                self._studio.show_error(error)

        self._studio.bridge.edit(work, done, failed=fail)

    def _follow(self, tables: frozenset[str], by: object) -> None:
        if self.is_active and by is not self and (not tables or tables & TABLES):
            self.refresh()


def people_state(read: Reader) -> PeopleState:
    """Reads all that the dialog shows."""
    answered: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for row in read.answer_rows():
        answered[row.annotator] += 1
        if row.is_gold_correct is not None:
            asked[row.annotator] += 1
            right[row.annotator] += row.is_gold_correct
    standings = read.standings()
    people = tuple(
        PersonRow(
            person=person,
            standing=standings[person.name],
            answered=answered[person.name],
            gold_right=right[person.name],
            gold_asked=asked[person.name],
        )
        for person in read.annotators()
    )
    rounds = []
    for each in reversed(read.rounds()):
        progress = read.round_progress(each.id)
        rounds.append(
            RoundRow(
                round=each,
                people=len(progress),
                answered=sum(p.answered for p in progress),
                assigned=sum(p.assigned - p.withdrawn for p in progress),
            )
        )
    gold = []
    for known in read.gold():
        stored = read.chain(known.chain)
        gold.append(GoldRow(gold=known, number=stored.number, question=stored.chain.question))
    gold.sort(key=lambda row: row.number)
    return PeopleState(people=people, rounds=tuple(rounds), gold=tuple(gold), awaiting=len(read.awaiting_people()))
