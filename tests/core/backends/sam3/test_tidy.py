"""What of a segmenter's findings is kept."""

from __future__ import annotations

import numpy as np
import pytest

from hopchain_core.backends.sam3.segmenter import Sam3Options
from hopchain_core.backends.sam3.tidy import Candidate, Left, tidied, without_specks
from hopchain_core.domain.geometry import Mask

LIMITS = Sam3Options().limits


def block(*boxes: tuple[int, int, int, int]) -> Mask:
    bitmap = np.zeros((100, 200), dtype=bool)
    for x0, y0, x1, y1 in boxes:
        bitmap[y0:y1, x0:x1] = True
    return Mask.from_bitmap(bitmap)


def seen(category: str, score: float, *boxes: tuple[int, int, int, int]) -> Candidate:
    return Candidate(category, score, block(*boxes))


def reasons(left: list[Left]) -> list[str]:
    return [one.reason for one in left]


def test_that_one_thing_found_twice_by_one_name_is_kept_once() -> None:
    kept, left = tidied([seen("cup", 0.7, (10, 10, 50, 50)), seen("cup", 0.9, (11, 10, 51, 50))], LIMITS)
    assert [c.score for c in kept] == [0.9]
    assert reasons(left) == ["duplicate"]
    assert "cup 0.90" in left[0].detail


def test_that_of_two_names_the_surer_stays() -> None:
    kept, left = tidied([seen("person", 0.6, (10, 10, 50, 90)), seen("woman", 0.8, (10, 10, 50, 90))], LIMITS)
    assert [c.category for c in kept] == ["woman"]
    assert reasons(left) == ["duplicate"]


def test_that_things_lying_on_each_other_are_two() -> None:
    kept, left = tidied([seen("plate", 0.9, (0, 0, 60, 60)), seen("cake", 0.8, (10, 10, 50, 50))], LIMITS)
    assert [c.category for c in kept] == ["plate", "cake"]
    assert left == []


@pytest.mark.parametrize(
    ("boxes", "reason"),
    [
        ([(5, 5, 7, 7)], "too_small"),
        ([], "too_small"),
        ([(0, 0, 20, 20), (40, 0, 60, 20), (80, 0, 100, 20)], "fragments"),
    ],
)
def test_that_what_nobody_could_point_at_is_left_out(boxes: list[tuple[int, int, int, int]], reason: str) -> None:
    kept, left = tidied([seen("cup", 0.9, *boxes)], LIMITS)
    assert kept == []
    assert reasons(left) == [reason]


def test_that_specks_are_wiped_off_and_large_parts_stay() -> None:
    mask, largest = without_specks(block((0, 0, 40, 40), (60, 0, 80, 40), (150, 90, 153, 93)), 0.02)
    assert mask == block((0, 0, 40, 40), (60, 0, 80, 40))
    assert largest == pytest.approx(1600 / (1600 + 800 + 9))
    whole = block((3, 3, 30, 30))
    assert without_specks(whole, 0.5) == (whole, 1.0)


def test_that_the_order_of_findings_does_not_matter() -> None:
    found = [seen("cup", 0.5 + n / 100, (n * 9, 10, n * 9 + 30, 60)) for n in range(12)]
    assert tidied(found, LIMITS) == tidied(found[::-1], LIMITS)


def test_that_too_many_of_one_kind_are_cut_at_the_least_sure() -> None:
    found = [seen("cup", 0.5 + n / 100, (n * 15, 10, n * 15 + 12, 60)) for n in range(12)]
    kept, left = tidied(found, Sam3Options(most=10).limits)
    assert len(kept) == 10
    assert reasons(left) == ["too_many"] * 2
    assert min(c.score for c in kept) > max(one.candidate.score for one in left)
