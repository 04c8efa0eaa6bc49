"""Who sits down to answer, and how much there is for each."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.studio import Studio
from hopchain_core.domain.rounds import Standing
from hopchain_core.project import Reader

TABLES = frozenset({"annotator", "round", "assignment", "annotation", "gold", "chain", "mark"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One person who could sit down.

    Attributes:
        name: Name or alias.
        standing: Whether they may answer.
        answered: Of the open rounds.
        assigned: In the open rounds.
    """

    name: str
    standing: Standing
    answered: int
    assigned: int

    @property
    def left(self) -> int:
        """Not answered yet."""
        return max(0, self.assigned - self.answered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """What the entry shows.

    Attributes:
        seats: Everybody who takes part, by name.
        rounds: How many rounds are open.
        awaiting: Chains that a next round could ask.
    """

    seats: tuple[Seat, ...]
    rounds: int
    awaiting: int


class SolveEntryPresenter(QObject):
    """Reads who could sit down.

    Args:
        studio: What everything shares.
        parent: Owner.
    """

    seats_shown = Signal(object)
    """`Seats`."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.is_active = False
        studio.bridge.changed.connect(self._follow)

    def refresh(self) -> None:
        """Reads again."""
        self._studio.bridge.read(seats_of, self.seats_shown.emit, key="solve-seats")

    def _follow(self, tables: frozenset[str], by: object) -> None:
        if self.is_active and (not tables or tables & TABLES):
            self.refresh()


def seats_of(read: Reader) -> Seats:
    """Everybody who takes part, with what the open rounds ask of them."""
    standings = read.standings()
    rounds = read.open_rounds()
    answered: dict[str, int] = {}
    assigned: dict[str, int] = {}
    for each in rounds:
        for progress in read.round_progress(each.id):
            name = progress.annotator
            answered[name] = answered.get(name, 0) + progress.answered
            assigned[name] = assigned.get(name, 0) + progress.assigned - progress.withdrawn
    seats = tuple(
        Seat(
            name=person.name,
            standing=standings.get(person.name, Standing.FREE),
            answered=answered.get(person.name, 0),
            assigned=assigned.get(person.name, 0),
        )
        for person in read.annotators()
        if person.is_active
    )
    return Seats(seats=seats, rounds=len(rounds), awaiting=len(read.awaiting_people()) if not rounds else 0)
