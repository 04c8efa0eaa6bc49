"""The beta distribution against closed forms, exact binomial tails and published intervals."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.domain.beta import beta_cdf, beta_quantile
from hopchain_core.domain.statistics import IntervalMethod, share_interval

SHARES = st.floats(1e-6, 1 - 1e-6)


@given(x=SHARES, a=st.integers(1, 40), b=st.integers(1, 40))
def test_that_whole_parameters_give_the_tail_of_a_binomial(x: float, a: int, b: int) -> None:
    n = a + b - 1
    tail = math.fsum(math.comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))
    assert beta_cdf(x, a, b) == pytest.approx(tail, rel=1e-9, abs=1e-12)


@given(x=SHARES, a=st.floats(0.5, 60))
def test_that_the_closed_forms_hold(x: float, a: float) -> None:
    assert beta_cdf(x, a, 1) == pytest.approx(x**a, rel=1e-9, abs=1e-14)
    assert beta_cdf(x, 0.5, 0.5) == pytest.approx(2 / math.pi * math.asin(math.sqrt(x)), rel=1e-9)


@given(share=SHARES, a=st.floats(0.5, 200), b=st.floats(0.5, 200))
def test_that_a_quantile_is_where_the_share_is_reached(share: float, a: float, b: float) -> None:
    assert beta_cdf(beta_quantile(share, a, b), a, b) == pytest.approx(share, abs=1e-9)


def test_that_quantiles_of_nothing_and_all_are_the_ends() -> None:
    assert (beta_quantile(0.0, 2, 3), beta_quantile(1.0, 2, 3)) == (0.0, 1.0)


@pytest.mark.parametrize(("a", "b"), [(0, 1), (1, 0), (-1, 2)])
def test_that_parameters_that_give_no_distribution_are_refused(a: float, b: float) -> None:
    with pytest.raises(ValueError, match="no distribution"):
        beta_cdf(0.5, a, b)


@pytest.mark.parametrize(
    ("method", "n_hits", "n", "low", "high"),
    [
        # beta.ppf of SciPy 1.17.1, equal tails of 95 %
        (IntervalMethod.JEFFREYS, 1, 8, 0.013838, 0.453719),
        (IntervalMethod.JEFFREYS, 4, 8, 0.198966, 0.801034),
        (IntervalMethod.JEFFREYS, 3, 20, 0.044131, 0.348578),
        (IntervalMethod.JEFFREYS, 0, 8, 0.0, 0.262217),
        (IntervalMethod.BAYES_LAPLACE, 1, 8, 0.028145, 0.482497),
        (IntervalMethod.BAYES_LAPLACE, 7, 8, 0.517503, 0.971855),
        (IntervalMethod.BAYES_LAPLACE, 8, 8, 0.663733, 1.0),
        (IntervalMethod.WILSON, 8, 8, 0.675592, 1.0),
    ],
)
def test_that_named_intervals_have_the_known_ends(
    method: IntervalMethod, n_hits: int, n: int, low: float, high: float
) -> None:
    assert share_interval(method, n_hits, n) == pytest.approx((low, high), abs=5e-7)


@given(
    method=st.sampled_from(IntervalMethod),
    pair=st.integers(0, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)
def test_that_every_interval_holds_the_share_and_mirrors(method: IntervalMethod, pair: tuple[int, int]) -> None:
    n_hits, n = pair
    low, high = share_interval(method, n_hits, n)
    assert 0.0 <= low <= (n_hits / n if n else 0.5) <= high <= 1.0
    mirrored = share_interval(method, n - n_hits, n)
    assert (1 - mirrored[1], 1 - mirrored[0]) == pytest.approx((low, high), abs=1e-9)
