"""Bands of pass rates, and the chance of dropping a question by luck."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.domain.calibration import band, band_name, band_words, luck, luck_table, luck_words
from hopchain_core.domain.policy import DropRule, Policy
from hopchain_core.domain.statistics import IntervalMethod

BANDS = ("paper", "all", "0-1", "0.1-0.9", "below-0.75", "0.3-0.7", "below-0.3", "0.1-0.4", "0.6-0.9")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("paper", "0123456-7"),
        ("all", "0123456-7-8"),
        ("0-1", "123456-7"),
        ("0.1-0.9", "123456-7"),
        ("below-0.75", "012345"),
        ("0.3-0.7", "345"),
        ("0.25-0.75", "345"),
        ("below-0.3", "012"),
        ("0.1-0.4", "123"),
        ("0.6-0.9", "567"),
    ],
)
def test_that_a_band_keeps_what_lies_between_its_ends(name: str, kept: str) -> None:
    rule = band(name)
    found = {k for k in range(9) if rule is None or not rule.drops(k, 8)}
    assert found == {int(k) for k in kept.replace("-", "")}


@pytest.mark.parametrize(
    "name", ["", "easy", "0.1", "0.9-0.1", "0.4-0.4", "below-0", "-0.1-0.9", "0.1-1.1", "nan-1", "0-nan"]
)
def test_that_what_is_no_band_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        band(name)


@pytest.mark.parametrize("name", BANDS)
@pytest.mark.parametrize("interval", IntervalMethod)
def test_that_a_policy_with_a_band_reads_back(name: str, interval: IntervalMethod) -> None:
    policy = Policy(drop=band(name, 8), interval=interval)
    assert Policy.from_json(policy.to_json()) == policy


def test_that_the_papers_policy_is_written_as_it_always_was() -> None:
    drop = {"name": "always-solved", "pass_rate": 1.0, "least_rollouts": 4}
    assert Policy().to_json() == {"people": 4, "agreeing": 4, "drop": drop}
    assert band("paper") == DropRule()


@pytest.mark.parametrize(
    ("rate", "n", "chance"), [(0.5, 8, 0.00390625), (0.9, 8, 0.43046721), (0.95, 8, 0.6634204312890625), (0.9, 3, 0.0)]
)
def test_that_the_chance_to_be_always_solved_is_the_power_of_the_rate(rate: float, n: int, chance: float) -> None:
    assert luck(DropRule(), rate, n).dropped == pytest.approx(chance, rel=1e-12)


@given(
    name=st.sampled_from(BANDS),
    rate=st.fractions(0, 1, max_denominator=50),
    n=st.integers(0, 24),
    least=st.integers(1, 9),
)
def test_that_chances_are_those_of_every_run_of_luck_added_up(name: str, rate: Fraction, n: int, least: int) -> None:
    rule = band(name, least)
    found = luck(rule, float(rate), n)
    exact = sum(
        math.comb(n, k) * rate**k * (1 - rate) ** (n - k) for k in range(n + 1) if rule is not None and rule.drops(k, n)
    )
    # A rule that dropped a count from both sides would be counted twice.
    assert found.dropped == pytest.approx(float(exact), abs=1e-12)


def test_that_the_table_speaks_of_rates_inside_the_band_only() -> None:
    assert [row.rate for row in luck_table(band("paper"), 8)] == [0.5, 0.75, 0.9, 0.95]
    assert [row.rate for row in luck_table(band("below-0.75"), 8)] == [0.5]
    assert [row.rate for row in luck_table(band("0-1"), 8)] == [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]
    assert [row.rate for row in luck_table(band("0.3-0.4"), 8)] == [0.35]
    assert [row.rate for row in luck_table(band("below-0.3"), 8)] == [0.15]
    assert luck_table(None, 8)[0].dropped == 0.0


def test_that_the_rule_and_its_luck_are_said_in_words() -> None:
    assert band_words(band("paper")) == "solved every time, of 4 tries or more"
    assert band_words(band("0-1", 8)) == "solved every time or never, of 8 tries or more"
    assert band_words(band("0.1-0.9")) == (
        "solved 90 % of the time or more or 10 % of the time or less, of 4 tries or more"
    )
    assert luck_words(Policy(), 8) == "by luck 43 % of those solved 90 % of the time, at 8 tries"
    assert luck_words(Policy(), 3) == luck_words(Policy(drop=None), 8) == ""
    assert "solved 50 % of the time" in luck_words(Policy(drop=band("below-0.75")), 8)
    assert "solved 25 % of the time" in luck_words(Policy(drop=band("0.1-0.4")), 8)


@pytest.mark.parametrize("name", [*BANDS, "0.123456789-1"])
def test_that_a_band_is_named_so_that_the_name_reads_back(name: str) -> None:
    found = band(name, 6)
    assert band(band_name(found), 6) == found


@pytest.mark.parametrize(
    ("name", "n_correct", "is_hard"), [("below-0.3", 3, False), ("0.6-0.9", 4, True), ("0-1", 0, True)]
)
def test_that_a_dropped_chain_lies_on_its_own_side_of_the_band(name: str, n_correct: int, is_hard: bool) -> None:
    rule = band(name)
    assert rule is not None
    assert (rule.is_too_hard(n_correct, 8), rule.is_too_easy(n_correct, 8)) == (is_hard, not is_hard)
