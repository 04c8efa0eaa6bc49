"""Bands of pass rates by name, and how often luck alone puts a question outside of one.

Sources: HopChain (arXiv 2603.17024), stage 4, drops what a weaker model always solves. The open band 0 < p < 1 is what group
policies can learn from at all: a group that is all right or all wrong has no advantage. 0.1 < p < 0.9 is MM-Eureka's
filter, p < 0.75 Video-HopChain's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from hopchain_core.domain.policy import DropRule, Policy

PAPER, ALL, BELOW = "paper", "all", "below-"
RATES = (0.5, 0.75, 0.9, 0.95)
"""True pass rates for which the chance is told. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Luck:
    """How often a question is dropped whose true pass rate is known, exactly: tries are independent.

    Attributes:
        rate: The true pass rate.
        n: Tries.
        too_easy: Chance that it is dropped as too easy.
        too_hard: Chance that it is dropped as too hard.
    """

    rate: float
    n: int
    too_easy: float
    too_hard: float

    @property
    def dropped(self) -> float:
        """Chance that it is dropped."""
        return self.too_easy + self.too_hard


def luck(drop: DropRule | None, rate: float, n: int) -> Luck:
    """The chance that a question is dropped that a model solves with probability `rate`, tried `n` times in full.

    Raises:
        ValueError: The rate is not in [0, 1], or n is negative.
    """
    if not 0.0 <= rate <= 1.0 or n < 0:
        raise ValueError(f"{n} tries at a pass rate of {rate} cannot be")

    def chance(counts: Iterable[int]) -> float:
        return math.fsum(math.comb(n, k) * rate**k * (1 - rate) ** (n - k) for k in counts)

    if drop is None:
        return Luck(rate=rate, n=n, too_easy=0.0, too_hard=0.0)
    easy = chance(k for k in range(n + 1) if drop.is_too_easy(k, n))
    hard = chance(k for k in range(n + 1) if drop.is_too_hard(k, n))
    return Luck(rate=rate, n=n, too_easy=easy, too_hard=hard)


def luck_table(drop: DropRule | None, n: int) -> tuple[Luck, ...]:
    """The chances for `RATES`, for the same seldom solved ones where the band has a lower end, and for its middle."""
    rates = set(RATES)
    if drop is not None and drop.too_hard_up_to is not None:
        rates |= {round(1 - rate, 9) for rate in RATES}
    low, high = ends(drop)
    inside = sorted(rate for rate in rates if low < rate < high)
    return tuple(luck(drop, rate, n) for rate in inside or [_middle(drop)])


def ends(drop: DropRule | None) -> tuple[float, float]:
    """The ends of the band, which are outside of it; -1 and 2 where a side has none."""
    if drop is None:
        return -1.0, 2.0
    return (-1.0 if drop.too_hard_up_to is None else drop.too_hard_up_to), drop.pass_rate


def _middle(drop: DropRule | None) -> float:
    low, high = ends(drop)
    return (max(low, 0.0) + min(high, 1.0)) / 2


def rule(lowest: float | None, highest: float, least_rollouts: int | None = None) -> DropRule:
    """The rule that keeps what lies between two pass rates, named after them.

    Args:
        lowest: Dropped as too hard up to here; None drops nothing as too hard.
        highest: Dropped as too easy from here on.
        least_rollouts: With fewer rollouts nothing is dropped; the usual number when None.

    Raises:
        ValueError: The ends are impossible.
    """
    usual = DropRule()
    least = usual.least_rollouts if least_rollouts is None else least_rollouts
    if lowest is None and highest == usual.pass_rate:
        return DropRule(least_rollouts=least)
    name = f"{BELOW}{highest:g}" if lowest is None else f"{lowest:g}-{highest:g}"
    return DropRule(name=f"pass-rate-{name}", pass_rate=highest, least_rollouts=least, too_hard_up_to=lowest)


def band_name(drop: DropRule | None) -> str:
    """What `band` reads back as the same ends: ``paper``, ``all``, ``below-0.75``, ``0.1-0.9``."""
    if drop is None:
        return ALL
    if drop.too_hard_up_to is not None:
        return f"{drop.too_hard_up_to!r}-{drop.pass_rate!r}"
    return PAPER if drop.pass_rate == 1.0 else f"{BELOW}{drop.pass_rate!r}"


def band(name: str, least_rollouts: int | None = None) -> DropRule | None:
    """The rule of a band: ``paper``, ``all``, ``below-0.75``, or its two ends: ``0-1``, ``0.1-0.9``.

    Args:
        name: The band; its ends are outside of it.
        least_rollouts: With fewer rollouts nothing is dropped; the usual number when None.

    Raises:
        ValueError: It is none of these, or has impossible ends.
    """
    if name == ALL:
        return None
    if name == PAPER:
        return rule(None, 1.0, least_rollouts)
    low, _, high = name.partition("-")
    try:
        lowest = None if f"{low}-" == BELOW else float(low)
        highest = float(high)
    except ValueError:
        raise ValueError(f"{name} is no band: give {PAPER}, {ALL}, {BELOW}0.75, or two ends such as 0.1-0.9") from None
    return rule(lowest, highest, least_rollouts)


def band_words(drop: DropRule | None) -> str:
    """What a rule drops: ``solved every time, of 4 tries or more``."""
    if drop is None:
        return "nothing"
    easy = "every time" if drop.pass_rate >= 1.0 else f"{percent(drop.pass_rate)} of the time or more"
    hard = ""
    if drop.too_hard_up_to is not None:
        seldom = "never" if drop.too_hard_up_to == 0 else f"{percent(drop.too_hard_up_to)} of the time or less"
        hard = f" or {seldom}"
    return f"solved {easy}{hard}, of {drop.least_rollouts} tries or more"


def band_formula(drop: DropRule | None) -> str:
    """What a rule keeps, in a few signs: ``p < 1``, ``0.1 < p < 0.9``."""
    if drop is None:
        return "every p"
    low = "" if drop.too_hard_up_to is None else f"{drop.too_hard_up_to:g} < "
    return f"{low}p < {drop.pass_rate:g}"


def luck_words(policy: Policy, n: int, rate: float = 0.9) -> str:
    """The chance beside the rule, to follow it; empty where nothing can be dropped by luck.

    Args:
        policy: In force.
        n: Tries of each question.
        rate: The true pass rate spoken of.
    """
    drop = policy.drop
    if drop is None or n < drop.least_rollouts:
        return ""
    low, high = ends(drop)
    if not low < rate < high:
        rate = 0.5 if low < 0.5 < high else _middle(drop)
    chance = luck(drop, rate, n).dropped
    return f"by luck {percent(chance)} of those solved {percent(rate)} of the time, at {n} tries"


def percent(share: float) -> str:
    """A share in percent: ``43 %``, ``0.4 %``, ``under 0.1 %``."""
    value = 100 * share
    if 0 < value < 0.1:
        return "under 0.1 %"
    return f"{value:.1f} %" if value < 1 and value > 0 else f"{round(value, 1):g} %" if value > 99 else f"{value:.0f} %"
