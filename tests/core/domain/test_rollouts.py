"""What a difficulty claims."""

from __future__ import annotations

import pytest

from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.rollouts import Difficulty


def difficulty(n: int, n_correct: int, *, is_until_decided: bool) -> Difficulty:
    return Difficulty(
        chain=ChainKey("c"),
        n=n,
        n_correct=n_correct,
        interval=(0, 1),
        model="m",
        is_simulated=False,
        is_kept=True,
        is_until_decided=is_until_decided,
    )


@pytest.mark.parametrize(
    ("n", "n_correct", "is_until_decided", "words", "is_rate"),
    [
        (8, 3, False, "3 of 8 correct", True),
        (3, 2, True, "at least 1 wrong of 3", False),
        (8, 8, True, "none wrong of 8", False),
        (0, 0, False, "not tried", False),
    ],
)
def test_that_only_a_full_count_is_a_rate(
    n: int, n_correct: int, is_until_decided: bool, words: str, is_rate: bool
) -> None:
    made = difficulty(n, n_correct, is_until_decided=is_until_decided)
    assert (made.words, made.is_rate) == (words, is_rate)
