"""The band of pass rates that is kept: its names, what it would keep, and how a person enters its ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hopchain_core.domain.policy import DropRule
from hopchain_core.domain.statistics import IntervalMethod

OWN = "own"
BANDS = {
    "paper": "All but always solved, as the paper (p < 1)",
    "0-1": "Neither always nor never solved (0 < p < 1)",
    "0.1-0.9": "Between 0.1 and 0.9 (MM-Eureka)",
    "below-0.75": "Below 0.75 (Video-HopChain)",
    "all": "Everything",
    OWN: "Other ends",
}
"""Bands by the name that `hopchain policy --band` takes; the last is any other."""
INTERVALS = {
    IntervalMethod.WILSON: "Wilson",
    IntervalMethod.JEFFREYS: "Jeffreys, Beta(k + ½, n − k + ½)",
    IntervalMethod.BAYES_LAPLACE: "Bayes–Laplace, Beta(k + 1, n − k + 1)",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """How many measured chains a rule keeps.

    Attributes:
        kept: Inside the band, or tried too seldom to say.
        too_easy: Dropped at its upper end.
        too_hard: Dropped at its lower end.
    """

    kept: int
    too_easy: int
    too_hard: int

    @property
    def chains(self) -> int:
        """All of them."""
        return self.kept + self.too_easy + self.too_hard


def kept_by(drop: DropRule | None, rates: Mapping[tuple[int, int], int]) -> Kept:
    """What a rule keeps of chains counted by (right, rollouts)."""
    easy = hard = 0
    for (right, n), chains in rates.items():
        if drop is not None and drop.is_too_easy(right, n):
            easy += chains
        elif drop is not None and drop.is_too_hard(right, n):
            hard += chains
    return Kept(sum(rates.values()) - easy - hard, easy, hard)


def rate_of(text: str) -> float | None:
    """A pass rate as a person types it: 0.75, .75, 75 %; None for nothing.

    Raises:
        ValueError: It is none.
    """
    plain = text.strip().replace(",", ".")
    if not plain:
        return None
    is_percent = plain.endswith("%")
    value = float(plain.removesuffix("%").strip())
    found = value / 100 if is_percent else value
    if not 0.0 <= found <= 1.0:
        raise ValueError(f"{text} is no pass rate")
    return found
