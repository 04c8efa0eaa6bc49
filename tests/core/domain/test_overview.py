"""Plain statistics of a project."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.overview import Loss, Share, bins, guessing, median, nice_width, per_record, step
from hopchain_core.domain.rollout_errors import ErrorSubkind, RolloutError, RolloutName, subkinds_of
from hopchain_core.domain.rollouts import ErrorKind

NAME = RolloutName(chain=ChainKey("a" * 16), fingerprint="f", index=0)


@given(st.integers(0, 20_000), st.integers(0, 100_000), st.integers(2, 20))
def test_that_bins_of_a_nice_width_hold_the_whole_span_in_few_bins(low: int, more: int, most: int) -> None:
    high = low + more
    width = nice_width(low, high, most)
    assert high // width - low // width + 1 <= most
    assert str(width).rstrip("0") in ("1", "2", "25", "5")


def test_that_a_span_that_fits_is_not_parted_more_coarsely_than_needed() -> None:
    assert nice_width(350, 799, 12) == 50
    assert nice_width(0, 99, 10) == 10


@given(st.dictionaries(st.integers(0, 30), st.tuples(st.integers(0, 9), st.just(0)), min_size=1))
def test_that_bins_stand_side_by_side_and_lose_nothing(counts: dict[int, tuple[int, int]]) -> None:
    found = bins(counts, 100)
    assert [b.low for b in found[1:]] == [b.high for b in found[:-1]]
    assert sum(b.n for b in found) == sum(n for n, _ in counts.values())
    assert (found[0].low, found[-1].high) == (100 * min(counts), 100 * max(counts) + 100)


def test_that_what_is_not_lost_is_left_at_the_next_step() -> None:
    found = step("sound", 10, [Loss("b", 2), Loss("a", 2), Loss("none", 0), Loss("c", 5)])
    assert (found.count, found.lost) == (1, 9)
    assert [loss.reason for loss in found.losses] == ["c", "a", "b"]


def test_that_more_cannot_be_lost_than_there_was() -> None:
    with pytest.raises(ValueError, match="2 more"):
        step("sound", 1, [Loss("a", 3)])


def test_that_guessing_reaches_the_share_of_the_commonest_number() -> None:
    found = guessing({"10": 3, "9": 3, "2": 1, "4": 1}, 3)
    assert found.commonest == (("9", 3), ("10", 3), ("2", 1))
    assert (found.reach, found.others) == (Share(3, 8), 1)
    low, high = found.reach.interval
    assert low < 0.375 < high


def test_that_nothing_is_guessed_of_nothing() -> None:
    assert guessing({}, 5).reach.value == 0.0
    assert Share(0, 0).interval == (0.0, 1.0)


@given(st.lists(st.floats(0, 1e6)))
def test_that_the_median_is_that_of_the_standard_library(values: list[float]) -> None:
    assert median(values) == (statistics.median(values) if values else None)


def test_that_nothing_falls_on_a_record_while_there_is_none() -> None:
    assert (per_record(5.0, 0), per_record(5.0, 2)) == (None, 2.5)


def test_that_each_sub_kind_belongs_to_one_kind() -> None:
    assert {sub for kind in ErrorKind for sub in subkinds_of(kind)} == set(ErrorSubkind)
    assert len(subkinds_of(ErrorKind.PERCEPTION)) == 7
    assert subkinds_of(ErrorKind.KNOWLEDGE) == ()


def test_that_a_sub_kind_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="no error of reasoning"):
        RolloutError(rollout=NAME, kind=ErrorKind.REASONING, subkind=ErrorSubkind.COLOUR, judged_by="ada")
    with pytest.raises(ValueError, match="who made it"):
        RolloutError(rollout=NAME, kind=ErrorKind.REASONING, judged_by=" ")
