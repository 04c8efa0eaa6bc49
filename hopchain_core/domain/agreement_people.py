"""How each person does beside the others: what they answered, how fast, and how often they agree with the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import Outcome
from hopchain_core.domain.statistics import wilson_interval

QUICK_FROM = 2.0
"""Relative speed from which a person is marked. Source: D. J. Leiner, Too Fast, too Straight, too Weird, Survey Research
Methods 13 (2019) 229-248, whose index it is, and who takes 2 for the threshold."""
SPEED_CAP = 3.0
"""One question counts for no more than this. Source: as above."""
LEAST_COMPARED = 20
"""With fewer questions in common with others nobody's speed is judged. Chosen."""


class GivenAnswer(Protocol):
    """One answer of one person, as the store lists them."""

    @property
    def annotator(self) -> str: ...  # noqa: D102

    @property
    def chain_key(self) -> ChainKey: ...  # noqa: D102

    @property
    def outcome(self) -> Outcome: ...  # noqa: D102

    @property
    def answer(self) -> str | None: ...  # noqa: D102

    @property
    def seconds(self) -> float: ...  # noqa: D102

    @property
    def is_gold(self) -> bool: ...  # noqa: D102

    @property
    def is_gold_correct(self) -> bool | None: ...  # noqa: D102

    @property
    def is_stale(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person's figures.

    Attributes:
        name: Name or alias.
        answers: Given in all, gold and those to versions replaced since included; the counts by outcome add up to it.
        answered: With a number.
        cannot_tell: Without.
        ambiguous: Without.
        bad: Without.
        seconds: Lower quartile, median and upper quartile of the active seconds; None where no time is known.
        pairs: Pairs of this person's value and another's of the same question, gold and replaced versions left out.
        agreeing: Of them those that are equal.
        gold: Gold items answered, of those that are gold still.
        gold_correct: Of them as the gold says.
        gold_interval: Wilson's 95 % interval of the share that is correct; None without gold.
        speed: How many times faster than the others on the same questions (`relative_speed`); None where too little can
            be compared.
        is_far_quicker: `speed` is `QUICK_FROM` or more. A reason to look, not a verdict.
    """

    name: str
    answers: int
    answered: int
    cannot_tell: int
    ambiguous: int
    bad: int
    seconds: tuple[float, float, float] | None
    pairs: int
    agreeing: int
    gold: int
    gold_correct: int
    gold_interval: tuple[float, float] | None
    speed: float | None
    is_far_quicker: bool

    @property
    def agreement(self) -> float | None:
        """Share of pairs that are equal; None without any."""
        return self.agreeing / self.pairs if self.pairs else None

    @property
    def gold_accuracy(self) -> float | None:
        """Share of gold that is correct; None without any."""
        return self.gold_correct / self.gold if self.gold else None


def value_of(answer: GivenAnswer) -> str | None:
    """What an answer says of its question, for comparing; None where it says nothing.

    A number is its canonical text. “Ambiguous” and “bad” are judgements of the question, so each is a value of its own:
    two people who both call it ambiguous agree. “Cannot tell” says something of the person and nothing of the question;
    it is missing, as Krippendorff (2011) treats a unit that somebody did not code. Which of the two a reply is, is our
    choice: the literature leaves it to what the data are for.
    """
    match answer.outcome:
        case Outcome.ANSWERED:
            return answer.answer
        case Outcome.CANNOT_TELL:
            return None
    return f"({answer.outcome.value})"


def people(answers: Sequence[GivenAnswer]) -> tuple[Person, ...]:
    """Everybody's figures, by name."""
    names = sorted({a.annotator for a in answers})
    number_of = {name: number for number, name in enumerate(names)}
    who = np.fromiter((number_of[a.annotator] for a in answers), np.int64, len(answers))
    asked = codes(a.chain_key for a in answers)
    seconds = np.fromiter((a.seconds for a in answers), np.float64, len(answers))
    outcome = np.array([a.outcome for a in answers], dtype=object)
    gold = np.fromiter(
        (-1 if a.is_gold_correct is None else a.is_gold_correct for a in answers), np.int64, len(answers)
    )
    said = [None if a.is_gold or a.is_stale else value_of(a) for a in answers]
    pairs, agreeing = _pairs(asked, said)
    speeds = relative_speed(who, asked, seconds, len(names))
    found = []
    for number, name in enumerate(names):
        mine = who == number
        count = {kind: int(np.count_nonzero(outcome[mine] == kind)) for kind in Outcome}
        times = seconds[mine & (seconds > 0)]
        asked_gold, correct = int(np.count_nonzero(gold[mine] >= 0)), int(np.count_nonzero(gold[mine] == 1))
        speed = speeds[number]
        found.append(
            Person(
                name=name,
                answers=int(mine.sum()),
                answered=count[Outcome.ANSWERED],
                cannot_tell=count[Outcome.CANNOT_TELL],
                ambiguous=count[Outcome.AMBIGUOUS],
                bad=count[Outcome.BAD],
                seconds=_quartiles(times),
                pairs=int(pairs[mine].sum()),
                agreeing=int(agreeing[mine].sum()),
                gold=asked_gold,
                gold_correct=correct,
                gold_interval=wilson_interval(correct, asked_gold) if asked_gold else None,
                speed=speed,
                is_far_quicker=speed is not None and speed >= QUICK_FROM,
            )
        )
    return tuple(found)


def relative_speed(
    who: NDArray[np.int64], asked: NDArray[np.int64], seconds: NDArray[np.float64], n_people: int
) -> list[float | None]:
    """How many times faster each person is than the others are on the same questions.

    Leiner's relative speed index: for each question, the median time of the others over the person's own, at most
    `SPEED_CAP`; then the mean over the questions. It compares like with like, so whoever was given the easy questions
    does not look quick, and one long coffee break moves nothing. It differs from the source in one thing: the median is
    of the others only, because among four people one's own time would be a quarter of it. Answers whose time is not
    known (0) are left out.

    Args:
        who: Person of each answer, from 0.
        asked: Question of each answer, from 0.
        seconds: Active time of each answer.
        n_people: How many there are.

    Returns:
        By person; None with fewer than `LEAST_COMPARED` questions to compare, or with only one other person to
        compare with: then it cannot be said which of the two is out of line.

    Shapes:
        who, asked, seconds: (answers,)
    """
    timed = seconds > 0
    who, asked, seconds = who[timed], asked[timed], seconds[timed]
    order = np.lexsort((seconds, asked))
    who, asked, seconds = who[order], asked[order], seconds[order]
    if not len(who):
        return [None] * n_people
    starts = np.flatnonzero(np.diff(asked, prepend=asked[0] - 1))
    sizes = np.diff(starts, append=len(asked))
    first, others = np.repeat(starts, sizes), np.repeat(sizes, sizes) - 1
    rank = np.arange(len(asked)) - first

    def other(position: NDArray[np.int64]) -> NDArray[np.float64]:
        # The times of a question are sorted; leaving one's own out moves those behind it up by one.
        taken = np.minimum(first + position + (position >= rank), len(seconds) - 1)
        return np.asarray(seconds[taken])

    median = (other((others - 1) // 2) + other(others // 2)) / 2
    factor = np.minimum(median / seconds, SPEED_CAP)
    comparable = others >= 1
    companions = _companions(who, asked, n_people)
    found: list[float | None] = []
    for person in range(n_people):
        mine = factor[comparable & (who == person)]
        enough = len(mine) >= LEAST_COMPARED and companions[person] >= 2
        found.append(float(mine.mean()) if enough else None)
    return found


def codes(labels: Iterable[object]) -> NDArray[np.int64]:
    """Numbers from 0 in place of labels, in order of first sight."""
    seen: dict[object, int] = {}
    return np.array([seen.setdefault(label, len(seen)) for label in labels], dtype=np.int64)


def _companions(who: NDArray[np.int64], asked: NDArray[np.int64], n_people: int) -> list[int]:
    """How many others each person has a question in common with."""
    took = np.zeros((int(asked.max()) + 1, n_people), dtype=np.float32)
    took[asked, who] = 1
    together = took.T @ took
    np.fill_diagonal(together, 0)
    return [int(n) for n in np.count_nonzero(together, axis=1)]


def _pairs(asked: NDArray[np.int64], said: Sequence[str | None]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each answer, how many others there are to its question and how many of them say the same."""
    pairs = np.zeros(len(asked), dtype=np.int64)
    agreeing = np.zeros(len(asked), dtype=np.int64)
    counts = np.fromiter((text is not None for text in said), bool, len(said))
    if counts.any():
        questions = asked[counts]
        cells = codes(zip(questions.tolist(), (text for text in said if text is not None), strict=True))
        pairs[counts] = np.bincount(questions)[questions] - 1
        agreeing[counts] = np.bincount(cells)[cells] - 1
    return pairs, agreeing


def _quartiles(seconds: NDArray[np.float64]) -> tuple[float, float, float] | None:
    if not seconds.size:
        return None
    low, middle, high = (float(q) for q in np.quantile(seconds, (0.25, 0.5, 0.75)))
    return (low, middle, high)
