"""Replies of every kind that models give."""

from __future__ import annotations

import contextlib
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.backends.vlm.chat import Choice
from hopchain_core.backends.vlm.replies import ReplyProblem, UnusableReplyError, object_in, said_in
from hopchain_core.domain.rollouts import FinishReason

WANTED = {"puzzles": [{"question": "How many?"}]}
TEXT = json.dumps(WANTED)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"```json\n{TEXT}\n```",
        f"Here you are:\n\n{TEXT}\n\nI hope this helps {{:-)",
        f'<think>\nFirst a draft: {{"puzzles": []}}\n</think>\n{TEXT}',
        f"a draft without its first tag {{}} </think>{TEXT}",
        f'{{"note": "not this one"}} and then {TEXT}',
        f"{json.dumps({'puzzles': []})} no, better: {TEXT}",
        json.dumps(WANTED["puzzles"]),
        TEXT.replace("How many?", "How\tmany?"),
    ],
)
def test_that_the_json_is_found_whatever_stands_round_it(text: str) -> None:
    found = object_in(Choice(text=text), with_field="puzzles")
    assert [" ".join(row["question"].split()) for row in found["puzzles"]] == ["How many?"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", ReplyProblem.EMPTY),
        ("<think>I wonder", ReplyProblem.EMPTY),
        ("<think>done</think>  \n", ReplyProblem.EMPTY),
        ("I'm sorry, I can't help with that.", ReplyProblem.REFUSED),
        ("There are nine birds.", ReplyProblem.NO_JSON),
        ('{"answer": 9}', ReplyProblem.WRONG_SHAPE),
        ("[1, 2]", ReplyProblem.WRONG_SHAPE),
        (TEXT[:-2], ReplyProblem.WRONG_SHAPE),
    ],
)
def test_that_a_reply_without_it_says_why(text: str, problem: ReplyProblem) -> None:
    with pytest.raises(UnusableReplyError) as raised:
        object_in(Choice(text=text), with_field="puzzles")
    assert raised.value.problem is problem


def test_that_a_reply_that_was_cut_off_is_not_closed_for_the_model() -> None:
    inner = '{"puzzles": [{"question": "a", "hops": [{"output": "1"}, {"output": "2"}], "answer"'
    with pytest.raises(UnusableReplyError) as raised:
        object_in(Choice(text=inner, finish_reason=FinishReason.LENGTH), with_field="puzzles")
    assert raised.value.problem is ReplyProblem.CUT_OFF


WORDS = st.text(st.characters(exclude_characters="<"))


@given(WORDS, st.dictionaries(WORDS, st.integers() | WORDS), st.text(alphabet="abc \n}]"))
def test_that_an_object_survives_any_words_before_and_after(
    before: str, fields: dict[str, int | str], after: str
) -> None:
    data = {**fields, "puzzles": [{"n": 1}]}
    text = before.replace("{", "").replace("[", "") + json.dumps(data) + after
    assert object_in(Choice(text=text), with_field="puzzles") == data


@given(st.text(alphabet='{}[]":,ab\\<>/think ', max_size=200))
def test_that_no_text_makes_reading_fail_otherwise(text: str) -> None:
    with contextlib.suppress(UnusableReplyError):
        assert "x" in object_in(Choice(text=text), with_field="x")


@pytest.mark.parametrize("text", ["[" * 1_000_000, '{"a":' * 100_000, "{ " * 300_000])
def test_that_a_reply_full_of_brackets_is_given_up(text: str) -> None:
    began = time.perf_counter()
    with pytest.raises(UnusableReplyError):
        object_in(Choice(text=text), with_field="puzzles")
    # Minutes, if it were tried at every bracket to its end.
    assert time.perf_counter() - began < 30


def test_that_only_what_was_said_is_read() -> None:
    assert said_in(Choice(text="<think>5 or 6</think>\n\nIt is 7.")) == "It is 7."
