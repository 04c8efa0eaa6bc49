"""Intervals for shares."""

from __future__ import annotations

import math
from enum import StrEnum
from statistics import NormalDist

from hopchain_core.domain.beta import beta_quantile


def wilson_interval(n_hits: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of a share, within [0, 1]; (0, 1) when nothing was counted.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212.
    It holds its level for few trials and for shares near 0 and 1, where the textbook interval shrinks to a point.

    Args:
        n_hits: How often it happened.
        n: Out of how many.
        confidence: Level of the interval, between 0 and 1.

    Raises:
        ValueError: More hits than trials, or a level that is none.
    """
    if not 0 <= n_hits <= n:
        raise ValueError(f"{n_hits} of {n} is no share")
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"a level lies between 0 and 1, not {confidence}")
    if n == 0:
        return (0.0, 1.0)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = n_hits / n
    middle = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low = 0.0 if n_hits == 0 else max(0.0, (middle - half) / scale)
    high = 1.0 if n_hits == n else min(1.0, (middle + half) / scale)
    return (low, high)


class IntervalMethod(StrEnum):
    """How the interval of a pass rate is worked out."""

    WILSON = "wilson"
    """Wilson's score interval."""
    JEFFREYS = "jeffreys"
    """Equal tails of Beta(hits + 1/2, misses + 1/2)."""
    BAYES_LAPLACE = "bayes-laplace"
    """Equal tails of Beta(hits + 1, misses + 1): every rate equally likely before."""


_PRIOR = {IntervalMethod.JEFFREYS: 0.5, IntervalMethod.BAYES_LAPLACE: 1.0}


def share_interval(method: IntervalMethod, n_hits: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of a share by a named method, within [0, 1]; (0, 1) when nothing was counted.

    The Beta intervals reach to 0 where it never happened and to 1 where it always did, as L. D. Brown, T. T. Cai and
    A. DasGupta advise for Jeffreys' (Interval estimation for a binomial proportion, Statistical Science 16 (2001)
    101-133); so every interval holds the share that was counted.

    Args:
        method: By which.
        n_hits: How often it happened.
        n: Out of how many.
        confidence: Level of the interval, between 0 and 1.

    Raises:
        ValueError: More hits than trials, or a level that is none.
    """
    wilson = wilson_interval(n_hits, n, confidence)
    if method is IntervalMethod.WILSON or n == 0:
        return wilson
    prior, tail = _PRIOR[method], (1 - confidence) / 2
    a, b = n_hits + prior, n - n_hits + prior
    low = 0.0 if n_hits == 0 else beta_quantile(tail, a, b)
    high = 1.0 if n_hits == n else beta_quantile(1 - tail, a, b)
    return (low, high)
