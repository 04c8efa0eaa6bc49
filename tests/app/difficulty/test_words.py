"""Replies parted and shortened, bins of pass rates, and words for filters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.error_words import KIND_KEYS, KIND_WORDS, SUBKIND_KEYS, SUBKIND_WORDS
from app.models.rate_bins import counts_in, rate_bins
from app.models.rollout_text import ReplyText, excerpt, found_in
from hopchain_core.domain.rollout_errors import ErrorSubkind
from hopchain_core.domain.rollouts import ErrorKind


@pytest.mark.parametrize(
    ("text", "thought", "said"),
    [
        ("so it is 4", "", "so it is 4"),
        ("<think>one, two</think>\n4", "one, two", "4"),
        ("one, two</think> 4", "one, two", "4"),
        ("<think>one, two, and on", "one, two, and on", ""),
        ("<thinking>a</thinking>b<think>c</think>d", "a\n\nc", "bd"),
        ("", "", ""),
    ],
)
def test_that_a_reply_is_parted_into_thought_and_said(text: str, thought: str, said: str) -> None:
    assert ReplyText.of(text) == ReplyText(thought, said)


@given(st.text(max_size=400), st.text(max_size=6))
def test_that_an_excerpt_is_one_short_line_around_the_word(text: str, word: str) -> None:
    line = excerpt(text, 100, word)
    assert "\n" not in line
    assert len(line) <= 104


def test_that_an_excerpt_shows_the_end_where_the_answer_is() -> None:
    line = excerpt("word " * 100 + "so it is 42", 40)
    assert line.startswith("… ")
    assert line.endswith("so it is 42")
    assert "42" in excerpt("42 " + "word " * 100, 40, "42")
    assert found_in("Bear, bears", "bear") == 2


@given(st.dictionaries(st.tuples(st.integers(0, 8), st.just(8)), st.integers(1, 50)))
def test_that_each_chain_stands_in_one_exact_bin(rates: dict[tuple[int, int], int]) -> None:
    bins = rate_bins([8])
    assert [b.label for b in bins][:2] == ["0/8", "1/8"]
    assert counts_in(bins, rates) == [rates.get((k, 8), 0) for k in range(9)]


@given(st.dictionaries(st.tuples(st.integers(0, 6), st.integers(6, 40)), st.integers(1, 50), min_size=1))
def test_that_no_chain_is_lost_where_some_were_tried_more_often(rates: dict[tuple[int, int], int]) -> None:
    bins = rate_bins([n for _, n in rates] + [5])
    assert sum(counts_in(bins, rates)) == sum(rates.values())


def test_that_every_kind_and_sub_kind_has_a_name_and_a_key_of_its_own() -> None:
    assert set(KIND_WORDS) == set(KIND_KEYS) == set(ErrorKind)
    assert set(SUBKIND_WORDS) == set(SUBKIND_KEYS) == set(ErrorSubkind)
    keys = [*KIND_KEYS.values(), *SUBKIND_KEYS.values()]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & {"J", "K", "V", "D", "W", "U", "[", "]", "/"}
