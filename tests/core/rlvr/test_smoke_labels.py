"""The reward's check of itself on the labels that a loader hands over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.domain.answers import Answer
from hopchain_core.rlvr.smoke import labels
from hopchain_core.rlvr.smoke.labels import check_labels


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=3), max_size=5))
def test_that_canonical_labels_pass_with_seven_replies_each(numbers: list[object]) -> None:
    texts = [Answer.of(str(number)).text for number in numbers]
    seen = check_labels(texts)
    assert seen.mistakes == ()
    assert (seen.labels, seen.replies) == (len(texts), 7 * len(texts))


def test_that_a_label_which_a_loader_changed_is_a_mistake_with_its_row() -> None:
    seen = check_labels(["7", 7, 7.0, "007", "7.0", "7 or 8", None])
    assert len(seen.mistakes) == 6
    assert seen.mistakes[0].startswith("row 1: the loader made 7 of a label")
    assert any(mistake.startswith("row 3: ") and "'007'" in mistake for mistake in seen.mistakes)
    assert any(mistake.startswith("row 5: ") and "not one number" in mistake for mistake in seen.mistakes)


def test_that_a_reward_that_takes_everything_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "hopchain_reward", lambda **_: [1.0])
    assert len(check_labels(["12"]).mistakes) == 5
