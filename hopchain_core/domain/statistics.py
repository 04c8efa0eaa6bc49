"""Intervals for shares."""

from __future__ import annotations

import math
from statistics import NormalDist


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
