"""Answers: exact, canonical, and never a number that was not there."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.domain.answers import MAX_DIGITS, Answer, AnswerType, Unreadable


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (22, "22"),
        ("22.0", "22"),
        ("-0.0", "0"),
        ("+7", "7"),
        ("007", "7"),
        (".5", "0.5"),
        ("5.", "5"),
        ("\N{MINUS SIGN}3.50", "-3.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-3"), "0.001"),
        (Decimal("120"), "120"),
        (Decimal("-0"), "0"),
    ],
)
def test_that_a_number_has_one_text(number: int | str | Decimal, text: str) -> None:
    assert Answer.of(number).text == str(Answer.of(number)) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", Unreadable.EMPTY),
        ("  \n", Unreadable.EMPTY),
        ("twelve", Unreadable.NOT_A_NUMBER),
        ("12 birds", Unreadable.NOT_A_NUMBER),
        ("1,234", Unreadable.NOT_A_NUMBER),
        ("1e3", Unreadable.NOT_A_NUMBER),
        ("NaN", Unreadable.NOT_A_NUMBER),
        ("Infinity", Unreadable.NOT_A_NUMBER),
        (".", Unreadable.NOT_A_NUMBER),
        ("--1", Unreadable.NOT_A_NUMBER),
        ("12\n13", Unreadable.NOT_A_NUMBER),
        ("1" * (MAX_DIGITS + 3), Unreadable.TOO_LONG),
    ],
)
def test_that_what_is_not_one_plain_number_is_unreadable_with_a_reason(text: str, why: Unreadable) -> None:
    assert Answer.read(text) is why
    with pytest.raises(ValueError, match="not one number"):
        Answer.of(text)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity")])
def test_that_an_answer_is_never_nan_or_infinite(value: Decimal) -> None:
    with pytest.raises(ValueError, match="finite"):
        Answer(value)


def test_that_a_number_of_ten_thousand_digits_is_kept_whole() -> None:
    text = "-" + "7" * MAX_DIGITS
    assert Answer.of(text).text == text


def test_that_the_type_follows_the_value_and_not_the_writing() -> None:
    assert Answer.of("22.00").type is AnswerType.INTEGER
    assert Answer.of("22.50").type is AnswerType.DECIMAL


def test_that_equal_numbers_are_equal_answers() -> None:
    assert Answer.of("22.0") == Answer.of(22)
    assert hash(Answer.of("22.0")) == hash(Answer.of(22))


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_that_the_text_reads_back_to_the_same_number(value: Decimal) -> None:
    text = Answer(value).text
    read = Answer.read(text)
    assert isinstance(read, Answer)
    assert read.value == value
    assert read.text == text
    assert "E" not in text.upper()
    assert not text.startswith("-0") or "." in text
