"""The beta distribution, as far as intervals and chances of shares need it; exact counts come from the binomial."""

from __future__ import annotations

import math

_TINY = 1e-300
_MOST_TERMS = 10_000


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b): the share of Beta(a, b) up to x.

    Continued fraction 8.17.22 of the NIST Digital Library of Mathematical Functions, summed by Lentz's method; the
    side on which it converges fast is chosen by symmetry (8.17.4).

    Raises:
        ValueError: A parameter is not positive.
    """
    if a <= 0 or b <= 0:
        raise ValueError(f"Beta({a}, {b}) is no distribution")
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - beta_cdf(1.0 - x, b, a)
    front = math.exp(
        a * math.log(x) + b * math.log1p(-x) + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) - math.log(a)
    )
    fraction, c, d = 1.0, 1.0, 0.0
    for term in range(_MOST_TERMS):
        d = 1.0 + _coefficient(term, x, a, b) * d
        d = 1.0 / (d if abs(d) > _TINY else _TINY)
        c = 1.0 + _coefficient(term, x, a, b) / c
        c = c if abs(c) > _TINY else _TINY
        fraction *= c * d
        if abs(c * d - 1.0) < 1e-15:
            break
    return front * (fraction - 1.0)


def _coefficient(term: int, x: float, a: float, b: float) -> float:
    if term == 0:
        return 1.0
    m, is_odd = divmod(term, 2)
    if is_odd:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))


def beta_quantile(share: float, a: float, b: float) -> float:
    """Where Beta(a, b) reaches this share, by bisection to the last digit.

    Raises:
        ValueError: The share is not in [0, 1], or a parameter is not positive.
    """
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"a share lies in [0, 1], not {share}")
    low, high = 0.0, 1.0
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle if 0.0 < share < 1.0 else share
        if beta_cdf(middle, a, b) < share:
            low = middle
        else:
            high = middle
