"""Who answers what: annotators, rounds, and the chains each person is given.

Source: HopChain (arXiv 2603.17024), stage 4, where four people solve each question alone. Qualification before the
first round and hidden gold among the questions are common practice (CVAT's honeypots, Dataloop's qualification); the
paper says nothing of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.keys import ChainKey

DEFAULT_PASS_MARK = 0.8
"""Share of a qualification set that has to be right. Chosen."""
MAX_GOLD_SHARE = 0.5
"""More gold than questions would be a qualification."""


class Standing(StrEnum):
    """Whether a person is given items of main rounds."""

    FREE = "free"
    """No qualification was asked of them."""
    QUALIFYING = "qualifying"
    """They have not finished the one they were given last."""
    QUALIFIED = "qualified"
    BELOW = "below"
    """They finished it below its pass mark."""
    LET_IN = "let_in"
    """The curator lets them, however they did."""
    INACTIVE = "inactive"

    @property
    def may_answer(self) -> bool:
        """True where main rounds are open to them."""
        return self in (Standing.FREE, Standing.QUALIFIED, Standing.LET_IN)


class RoundKind(StrEnum):
    """What a round is for."""

    QUALIFICATION = "qualification"
    """Gold only, to see how a person does before their answers count."""
    MAIN = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotator:
    """A person who answers questions.

    Attributes:
        name: Name or alias; answers bear it.
        is_active: Given items at all.
        is_let_in: Given items of main rounds however they did in a qualification.
        note: The curator's, free text.
        added_at: UTC, ISO 8601.
    """

    name: str
    is_active: bool = True
    is_let_in: bool = False
    note: str = ""
    added_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """A chain whose answer the curator is sure of.

    Attributes:
        chain: The version.
        answer: What a careful person answers.
        note: Free text.
    """

    chain: ChainKey
    answer: Answer
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Questions given to people at one time.

    Attributes:
        id: Its number, as people say it; never used twice in a project.
        opened_at: UTC, ISO 8601.
        closed_at: None while it is open.
        seed: What the assignment and everybody's order start from.
        per_chain: How many people are wanted for each chain; None for everyone.
        gold_share: Of each person's items.
        pass_mark: Share that has to be right; means something in a qualification only.
    """

    id: int
    kind: RoundKind
    opened_at: str
    closed_at: str | None
    seed: int
    per_chain: int | None
    gold_share: float
    pass_mark: float

    @property
    def is_open(self) -> bool:
        """Items can be answered and reopened."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTerms:
    """What a curator asks of a round.

    Attributes:
        annotators: Who takes part; all who may when empty.
        chains: What is asked; all that await people (or all gold, for a qualification) when None.
        per_chain: How many people are wanted for each chain, answers given before counted in; None for everyone.
        gold_share: Of each person's items, in [0, `MAX_GOLD_SHARE`]; as many as there is unused gold for.
        pass_mark: Share of a qualification that has to be right, in [0, 1].
        seed: The project's, with the number of the round, when None.

    Raises:
        ValueError: A number is out of its range.
    """

    kind: RoundKind = RoundKind.MAIN
    annotators: tuple[str, ...] = ()
    chains: tuple[ChainKey, ...] | None = None
    per_chain: int | None = None
    gold_share: float = 0.0
    pass_mark: float = DEFAULT_PASS_MARK
    seed: int | None = None

    def __post_init__(self) -> None:
        if self.per_chain is not None and self.per_chain < 1:
            raise ValueError("each chain is answered by one person at least")
        if not 0.0 <= self.gold_share <= MAX_GOLD_SHARE:
            raise ValueError(f"a share of gold lies in [0, {MAX_GOLD_SHARE}], not {self.gold_share}")
        if not 0.0 <= self.pass_mark <= 1.0:
            raise ValueError(f"a pass mark lies in [0, 1], not {self.pass_mark}")


def standing_of(
    *, is_active: bool, is_let_in: bool, asked: int, answered: int, right: int, pass_mark: float
) -> Standing:
    """Where a person stands by the last qualification they were given.

    Args:
        is_active: Given items at all.
        is_let_in: By the curator.
        asked: Items of it; 0 when there was none.
        answered: Of them answered, in whatever way.
        right: Of them as the gold says.
        pass_mark: Share of `asked` that has to be right.
    """
    if not is_active:
        return Standing.INACTIVE
    if is_let_in:
        return Standing.LET_IN
    if asked == 0:
        return Standing.FREE
    if answered < asked:
        return Standing.QUALIFYING
    return Standing.QUALIFIED if right >= pass_mark * asked else Standing.BELOW
