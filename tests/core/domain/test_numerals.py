"""Numbers in writing: every supported form, and the forms that could mean another number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.domain.answers import Answer, Unreadable
from hopchain_core.domain.number_words import read_number_words, split_words, words_of
from hopchain_core.domain.numerals import read_numeral


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234", "1234"),
        ("1,234,567.5", "1234567.5"),
        ("1\\,234", "1234"),
        ("1{,}234", "1234"),
        ("1\u202f234", "1234"),
        ("٣٬٤٥٦", "3456"),
        ("1e3", "1000"),
        ("2.5E-3", "0.0025"),
        ("1.2 × 10^3", "1200"),
        ("1.2 \\times 10^{3}", "1200"),
        ("2×10³", "2000"),
        ("3/4", "0.75"),
        ("6/3", "2"),
        ("1 1/2", "1.5"),
        ("1\\frac12", "1.5"),
        ("-\\frac{3}{4}", "-0.75"),
        ("½", "0.5"),
        ("2½", "2.5"),
        ("−½", "-0.5"),
        ("２２", "22"),
        ("१२", "12"),
        ("–5", "-5"),
        ("zero", "0"),
        ("Twenty-One", "21"),
        ("one hundred and five", "105"),
        ("twelve hundred", "1200"),
        ("two million, three hundred thousand and four", "2300004"),
        ("minus five", "-5"),
        ("three point one four", "3.14"),
        ("a dozen", "12"),
        ("half a dozen", "6"),
        ("2 dozen eggs", "24"),
        ("1.5 million", "1500000"),
        ("12 birds", "12"),
        ("**22**.", "22"),
        ("\\(22\\)", "22"),
    ],
)
def test_that_a_number_is_read_however_it_is_written(text: str, number: str) -> None:
    assert read_numeral(text) == Answer.of(number)


@pytest.mark.parametrize(
    "text",
    [
        *["12,34", "1,2345", "0,123", "1.234.567", "1.234,5", "1,5", "1 234", "1_000", "1'234", "0x12", "1e3.5"],
        *["75%", "75 percent", "12-13", "12–13", "12 to 13", "12:30", "3:1", "12 ± 1", "< 12", "~12", "about 12"],
        *[
            "12 or 13",
            "12 (3)",
            "12 m",
            "12!",
            "12..",
            "12…",
            "- 12",
            "--5",
            "+-5",
            "1/2/2024",
            "2 3/2",
            "12/0",
            "12th",
        ],
        *["one two", "twenty twenty", "nineteen eighty-four", "five or six", "a few", "a couple", "some", "first", "a"],
        *["3²", "Ⅻ", "十二", "NaN", "inf", "3 + 4", "3 pairs", "7 tenths", "12 birds and 3 bears", "12 birds or so"],
    ],
)
def test_that_what_could_mean_another_number_is_not_read(text: str) -> None:
    assert isinstance(read_numeral(text), Unreadable)


def test_that_a_fraction_without_an_end_is_named_as_such() -> None:
    assert read_numeral("1/3") is Unreadable.NOT_FINITE
    assert read_numeral("1/8") == Answer.of("0.125")


def test_that_a_number_beyond_all_use_is_refused_before_it_fills_the_memory() -> None:
    assert read_numeral("1e999999999999") is Unreadable.TOO_LONG
    assert read_numeral("1e99999") is Unreadable.TOO_LONG
    assert read_numeral("1e-99999") is Unreadable.TOO_LONG
    assert read_numeral("0e99999") == Answer.of(0)
    assert read_numeral("9" * 10_000) == Answer.of("9" * 10_000)


@given(st.integers(0, 10**12 - 1))
def test_that_the_words_of_a_whole_number_read_back(number: int) -> None:
    tokens = split_words(words_of(number))
    assert read_number_words(tokens) == (str(number), len(tokens))
    assert read_numeral(words_of(-number)) == Answer.of(-number)


@given(st.integers(0, 10**6), st.integers(1, 999))
def test_that_number_words_stop_where_the_number_does(number: int, other: int) -> None:
    tokens = split_words(words_of(number))
    assert read_number_words([*tokens, "birds", *split_words(words_of(other))]) == (str(number), len(tokens))


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**4))
def test_that_a_fraction_is_exact_or_not_read(numerator: int, denominator: int) -> None:
    read = read_numeral(f"{numerator}/{denominator}")
    if isinstance(read, Answer):
        assert read.value * denominator == Decimal(numerator)
    else:
        assert read is Unreadable.NOT_FINITE
