"""Plain statistics of a project: what is left at each step, what guessing reaches, shares with their intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hopchain_core.domain.statistics import wilson_interval

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many.

    Attributes:
        n: Of them.
        of: Out of so many.
    """

    n: int
    of: int

    @property
    def value(self) -> float:
        """The share; 0 of nothing."""
        return self.n / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval, as if all were independent; 0 to 1 of nothing."""
        return wilson_interval(self.n, self.of)


@dataclass(frozen=True, slots=True)
class Loss:
    """What is lost on the way to a step, for one reason.

    Attributes:
        reason: A stable word.
        count: How many.
        is_open: They are not lost for good: something is still to be done with them.
    """

    reason: str
    count: int
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a funnel.

    Attributes:
        name: A stable word.
        count: How many are left.
        losses: What was lost between the step before and this one, most first; without zeros.
        unit: What is counted; another unit begins another funnel.
    """

    name: str
    count: int
    losses: tuple[Loss, ...] = ()
    unit: str = ""

    @property
    def lost(self) -> int:
        """All losses of this step."""
        return sum(loss.count for loss in self.losses)


def step(name: str, before: int, losses: Iterable[Loss], unit: str = "") -> Step:
    """A step after another one: what is not lost is left.

    Raises:
        ValueError: More is lost than there was.
    """
    kept = tuple(sorted((loss for loss in losses if loss.count), key=lambda loss: (-loss.count, loss.reason)))
    left = before - sum(loss.count for loss in kept)
    if left < 0:
        raise ValueError(f"{name}: {-left} more are lost than there were")
    return Step(name, left, kept, unit)


@dataclass(frozen=True, slots=True)
class Bin:
    """A span of lengths with what is in it.

    Attributes:
        low: First length in it.
        high: First length beyond it.
        n: Rollouts.
        n_right: Of them right.
    """

    low: int
    high: int
    n: int
    n_right: int

    @property
    def share(self) -> Share:
        """Right of all."""
        return Share(self.n_right, self.n)


def nice_width(low: int, high: int, most_bins: int) -> int:
    """Width of bins with round edges, so that from `low` to `high` there are at most `most_bins`.

    Raises:
        ValueError: Fewer than two bins, or the span is turned round.
    """
    if most_bins < 2 or high < low:
        raise ValueError("bins need a span and room for two at least")
    for exponent in range(20):
        for factor in _STEPS:
            width = factor * 10**exponent
            if width == int(width) and math.floor(high / width) - math.floor(low / width) + 1 <= most_bins:
                return int(width)
    raise ValueError(f"{low} to {high} is no span of lengths")


def bins(counts: Mapping[int, tuple[int, int]], width: int) -> tuple[Bin, ...]:
    """Bins side by side without gaps, empty ones included.

    Args:
        counts: By length divided by `width`, rounded down: all, and those that are right.
        width: Of a bin.
    """
    if not counts:
        return ()
    return tuple(
        Bin(place * width, (place + 1) * width, *counts.get(place, (0, 0)))
        for place in range(min(counts), max(counts) + 1)
    )


@dataclass(frozen=True, slots=True)
class Guessing:
    """What always saying the commonest number reaches.

    Attributes:
        total: Numbers in all.
        commonest: Each with how often it comes, most first; of equals the smaller number.
        others: How many different numbers are not named.
    """

    total: int
    commonest: tuple[tuple[str, int], ...]
    others: int = 0

    @property
    def reach(self) -> Share:
        """What guessing reaches."""
        return Share(self.commonest[0][1] if self.commonest else 0, self.total)


def guessing(counts: Mapping[str, int], most: int) -> Guessing:
    """The commonest numbers.

    Args:
        counts: How often each number comes, by its canonical text.
        most: How many are named.
    """
    ordered = sorted(counts.items(), key=lambda c: (-c[1], float(c[0])))
    return Guessing(sum(counts.values()), tuple(ordered[:most]), max(0, len(ordered) - most))


def median(values: Sequence[float]) -> float | None:
    """The middle one; the mean of both in the middle; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


@dataclass(frozen=True, slots=True)
class StageCost:
    """What a stage has cost.

    Attributes:
        stage: Its name.
        items: Items done, superseded ones included.
        seconds: Spent on them, one after the other.
    """

    stage: str
    items: int
    seconds: float


def per_record(amount: float, records: int) -> float | None:
    """What falls on one record; None while there is none."""
    return amount / records if records else None
