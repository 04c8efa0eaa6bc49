"""What a person asked the list of measured chains for, and what is read for it in one go."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from enum import StrEnum

from hopchain_core.domain.policy import Policy
from hopchain_core.domain.rollout_errors import ErrorSubkind
from hopchain_core.domain.rollouts import ErrorKind
from hopchain_core.project import DifficultyQuery, DifficultySort, LengthUnit, Reader, Solver


class Segment(StrEnum):
    """Which part of the measured chains is listed."""

    ALL = "all"
    NEVER = "never"
    """Solved not once."""
    DROPPED = "dropped"
    """The policy drops them as too easy."""
    TO_JUDGE = "to_judge"
    """A wrong rollout was judged by nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DifficultyChoice:
    """What is listed; see `DifficultyQuery` for the fields that both have."""

    segment: Segment = Segment.ALL
    solver: Solver | None = None
    text: str = ""
    rate: tuple[float, float] | None = None
    is_until_decided: bool | None = None
    error_kind: ErrorKind | None = None
    error_subkind: ErrorSubkind | None = None
    first_wrong_hop: int | None = None
    length: tuple[int, int] | None = None
    length_unit: LengthUnit = LengthUnit.TOKENS
    numbers: tuple[int, ...] | None = None
    sort: DifficultySort = DifficultySort.PASS_RATE
    descending: bool = False

    @property
    def filters(self) -> tuple[str, ...]:
        """Names of the filters that charts and other spaces have set."""
        names = (
            "rate",
            "is_until_decided",
            "error_subkind" if self.error_subkind is not None else "error_kind",
            "first_wrong_hop",
            "length",
            "numbers",
        )
        return tuple(name for name in names if getattr(self, name) is not None)

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the segment leaves chains out."""
        return bool(self.filters or self.text.strip())

    def query(self, segment: Segment | None = None) -> DifficultyQuery:
        """The same for the store, for its own segment or another one."""
        asked = DifficultyQuery(
            solver=self.solver,
            text=self.text.strip(),
            rate=self.rate,
            is_until_decided=self.is_until_decided,
            error_kind=self.error_kind,
            error_subkind=self.error_subkind,
            first_wrong_hop=self.first_wrong_hop,
            length=self.length,
            length_unit=self.length_unit,
            numbers=self.numbers,
            sort=self.sort,
            descending=self.descending,
        )
        match segment or self.segment:
            case Segment.NEVER:
                low, high = self.rate or (0.0, 0.0)
                # Of what is never solved, what also has another rate is nothing.
                return replace(asked, rate=(max(low, 0.0), min(high, 0.0)))
            case Segment.DROPPED:
                return replace(asked, is_kept=False)
            case Segment.TO_JUDGE:
                return replace(asked, has_unjudged=True)
        return asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a list is made of.

    Attributes:
        ids: Numbers of the chains listed.
        solver: Who tried them; None when nothing was tried.
        policy: In force.
        segments: Chains of each segment, given the other filters.
        is_read: Anything has been read yet.
    """

    ids: array[int]
    solver: Solver | None = None
    policy: Policy | None = None
    segments: tuple[tuple[Segment, int], ...] = ()
    is_read: bool = False

    def of(self, segment: Segment) -> int:
        """Chains of a segment."""
        return dict(self.segments).get(segment, 0)


NOTHING = Listed(ids=array("q"))


def read_list(read: Reader, choice: DifficultyChoice, policy: Policy) -> Listed:
    """Reads what is listed; how much other segments would list comes later."""
    solver = choice.solver
    if solver is None:
        solver = next((s.solver for s in read.solvers()), None)
    ids = read.difficulty_ids(replace(choice, solver=solver).query()) if solver is not None else array("q")
    return Listed(ids=ids, solver=solver, policy=policy, is_read=True)


def read_segments(read: Reader, choice: DifficultyChoice, listed: Listed) -> Listed:
    """What was listed with the count of every segment; some of them look at every rollout."""
    asked = replace(choice, solver=listed.solver)

    def count(segment: Segment) -> int:
        if segment is choice.segment or listed.solver is None:
            return len(listed.ids)
        return read.difficulty_count(asked.query(segment))

    return replace(listed, segments=tuple((segment, count(segment)) for segment in Segment))
