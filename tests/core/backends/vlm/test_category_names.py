"""One name for one kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.backends.program.words import plural
from hopchain_core.backends.vlm.category_names import cleaned, merged, singular
from hopchain_core.domain.images import Category


def names(*said: str) -> list[str]:
    return [c.name for c in merged([Category(name=name) for name in said], 20)]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("A Wine Glass", "wine glass"),
        ("the dog.", "dog"),
        ("3 apples", "apples"),
        ("traffic_light", "traffic light"),
        ('"cup"', "cup"),
        ("42", ""),
        ("a man who holds a very long ladder", ""),
        ("  ", ""),
    ],
)
def test_that_a_name_is_a_bare_phrase(said: str, name: str) -> None:
    assert cleaned(said) == name


@pytest.mark.parametrize(
    "name", ["cup", "wine glass", "knife", "berry", "box", "mouse", "child", "bus", "shelf", "bench"]
)
def test_that_plurals_lead_back(name: str) -> None:
    many = plural(name)
    assert singular(many) in {name, many}
    assert singular(name) == name


@given(st.from_regex(r"[a-z]{2,8}( [a-z]{2,8})?", fullmatch=True))
def test_that_a_singular_is_one_whose_plural_was_given(name: str) -> None:
    found = singular(name)
    assert found == name or plural(found) == name


def test_that_one_kind_is_named_once() -> None:
    assert names("cup", "Cups", "a cup") == ["cup"]
    assert names("man", "woman", "dog") == ["person", "dog"]
    assert names("man", "dog") == ["man", "dog"]
    assert names("red car", "car", "police car") == ["car"]
    assert names("red car", "dog") == ["red car", "dog"]
    assert names("carpet", "car") == ["carpet", "car"]


def test_that_counts_of_one_kind_are_not_added_and_doubt_stays() -> None:
    (person,) = merged(
        [Category(name="man", estimated_count=4), Category(name="people", estimated_count=9, is_countable=False)], 20
    )
    assert (person.name, person.estimated_count, person.is_countable) == ("person", 9, False)


def test_that_the_first_are_kept() -> None:
    assert [c.name for c in merged([Category(name=n) for n in ("dog", "cat", "hen")], 2)] == ["dog", "cat"]
