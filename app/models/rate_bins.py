"""Places of a histogram of pass rates: one for each number of right answers, or spans where chains were tried unevenly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_MOST_EXACT = 16
_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class RateBin:
    """One place.

    Attributes:
        label: Under the bar.
        words: In a sentence.
        low: Lowest share in it.
        high: Highest share in it.
    """

    label: str
    words: str
    low: float
    high: float

    def holds(self, share: float) -> bool:
        """Whether a chain with this share stands here."""
        return self.low - 1e-9 <= share <= self.high + 1e-9


_SPANS = (
    RateBin("never", "never right", 0.0, 0.0),
    RateBin("to 25 %", "right up to 25 % of the time", _EDGE, 0.25),
    RateBin("to 50 %", "right 25 to 50 % of the time", 0.25 + _EDGE, 0.5),
    RateBin("to 75 %", "right 50 to 75 % of the time", 0.5 + _EDGE, 0.75),
    RateBin("to 99 %", "right more than 75 % of the time, but not always", 0.75 + _EDGE, 1.0 - _EDGE),
    RateBin("always", "always right", 1.0, 1.0),
)


def rate_bins(tried: Iterable[int]) -> tuple[RateBin, ...]:
    """Places for chains that were tried so often: exact ones where all were tried as often.

    Args:
        tried: How many rollouts there are of the chains, each number once or more.
    """
    found = set(tried)
    if len(found) == 1 and (n := next(iter(found))) <= _MOST_EXACT:
        return tuple(RateBin(f"{k}/{n}", f"{k} of {n} right", k / n, k / n) for k in range(n + 1))
    return _SPANS


def counts_in(bins: tuple[RateBin, ...], rates: Mapping[tuple[int, int], int]) -> list[int]:
    """How many chains stand in each place.

    Args:
        bins: The places.
        rates: Chains by (right, rollouts).
    """
    counts = [0] * len(bins)
    for (right, n), chains in rates.items():
        for place, one in enumerate(bins):
            if one.holds(right / n):
                counts[place] += chains
                break
    return counts
