"""Wilson's interval against known figures and for what must always hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.domain.statistics import wilson_interval


@pytest.mark.parametrize(
    ("n_hits", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (8, 8, 0.6756, 1.0000),
    ],
)
def test_that_it_gives_the_published_figures(n_hits: int, n: int, low: float, high: float) -> None:
    assert wilson_interval(n_hits, n) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_that_it_holds_the_share_and_stays_within_bounds(pair: tuple[int, int]) -> None:
    n_hits, n = pair
    low, high = wilson_interval(n_hits, n)
    assert 0.0 <= low <= n_hits / n <= high <= 1.0
    mirrored = wilson_interval(n - n_hits, n)
    assert (1 - mirrored[1], 1 - mirrored[0]) == pytest.approx((low, high))


def test_that_more_trials_and_less_confidence_narrow_it() -> None:
    def width(n: int, confidence: float = 0.95) -> float:
        low, high = wilson_interval(n // 2, n, confidence)
        return high - low

    assert width(8) > width(80) > width(800)
    assert width(80, 0.8) < width(80) < width(80, 0.99)


def test_that_nothing_counted_says_nothing() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("n_hits", "n", "confidence"), [(3, 2, 0.95), (-1, 2, 0.95), (1, 2, 1.0), (1, 2, 0.0)])
def test_that_impossible_counts_are_refused(n_hits: int, n: int, confidence: float) -> None:
    with pytest.raises(ValueError, match=r"share|level"):
        wilson_interval(n_hits, n, confidence)
