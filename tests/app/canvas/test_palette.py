"""Lookup tables: stacks of colours, dimming, and which colour each gets."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from app.canvas import Colouring
from app.canvas.palette import SlotPaint, colour_indexes, stack_paint
from hopchain_core.domain.geometry import Box
from tests.app.canvas.shapes import boxed

RED, BLUE = (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)
MEMBERS = np.array([[-1, -1], [0, -1], [1, -1], [0, 1]], dtype=np.int32)


def paint(
    alpha: tuple[float, float] = (0.5, 0.5),
    shown: tuple[bool, bool] = (True, True),
    lit: tuple[bool, bool] = (False, False),
) -> SlotPaint:
    return SlotPaint(
        np.array([RED, BLUE], dtype=np.float32),
        np.array(alpha, dtype=np.float32),
        np.array(shown),
        np.array(lit),
    )


def argb(value: int) -> tuple[int, int, int, int]:
    return value >> 24 & 255, value >> 16 & 255, value >> 8 & 255, value & 255


def test_that_a_stack_shows_its_colours_over_each_other() -> None:
    fill = stack_paint(MEMBERS, paint()).fill
    assert argb(int(fill[0])) == (0, 0, 0, 0)
    assert argb(int(fill[1])) == (128, 128, 0, 0)
    assert argb(int(fill[3])) == pytest.approx((191, 64, 0, 128), abs=1)


def test_that_a_hidden_one_is_as_if_it_were_not_there() -> None:
    found = stack_paint(MEMBERS, paint(shown=(True, False)))
    assert found.fill[3] == found.fill[1]
    assert found.fill[2] == 0
    assert found.top.tolist() == [0, 1, 0, 1]


def test_that_dimming_leaves_lit_stacks_alone() -> None:
    found = stack_paint(MEMBERS, paint((0.1, 0.0), lit=(True, False)), (0.0, 0.0, 0.0), 0.64)
    assert argb(int(found.fill[0])) == (163, 0, 0, 0)
    assert argb(int(found.fill[2])) == (163, 0, 0, 0)
    assert argb(int(found.fill[1])) == argb(int(found.fill[3])) == (26, 26, 0, 0)


def test_that_a_hidden_one_lights_nothing() -> None:
    found = stack_paint(MEMBERS, paint(shown=(False, True), lit=(True, False)), dim=0.5)
    assert not found.is_lit.any()


def test_that_a_line_has_the_colour_of_the_uppermost() -> None:
    assert argb(int(stack_paint(MEMBERS, paint()).line[3])) == (255, 0, 0, 255)


def test_that_equal_categories_have_equal_colours() -> None:
    some = [boxed("cup", Box(0, 0, 1, 1), colour_index=4), boxed("fork", Box(5, 5, 6, 6), colour_index=2)]
    some += [boxed("cup 2", Box(9, 9, 10, 10), colour_index=7)]
    by_key = colour_indexes(
        [some[0], some[1], type(some[2])(key=some[2].key, name="cup 2", category="cup", box=some[2].box)],
        Colouring.CATEGORY,
        10,
    )
    assert by_key["cup"] == by_key["cup 2"] == 4
    assert by_key["fork"] == 2


def test_that_neighbours_have_different_colours() -> None:
    row = [boxed(f"k{i}", Box(i * 10, 0, i * 10 + 9, 9), colour_index=0) for i in range(30)]
    chosen = colour_indexes(row, Colouring.INSTANCE, 10)
    colours = [chosen[i.key] for i in row]
    assert all(a != b for a, b in itertools.pairwise(colours))


def test_that_each_keeps_the_colour_it_asks_for_where_no_neighbour_has_it() -> None:
    apart = [boxed(f"k{i}", Box(i * 100, 0, i * 100 + 9, 9), colour_index=i % 3) for i in range(9)]
    chosen = colour_indexes(apart, Colouring.INSTANCE, 10)
    assert [chosen[i.key] for i in apart] == [i % 3 for i in range(9)]


def test_that_a_new_one_changes_nobodys_colour() -> None:
    row = [boxed(f"k{i}", Box(i * 10, 0, i * 10 + 9, 9)) for i in range(12)]
    before = colour_indexes(row, Colouring.INSTANCE, 10)
    after = colour_indexes([boxed("new", Box(0, 0, 50, 9)), *row], Colouring.INSTANCE, 10, before)
    assert {key: after[key] for key in before} == before
    assert after["new"] not in {before[f"k{i}"] for i in range(5)}


def test_that_a_colour_that_is_set_stays_whatever_neighbours_have() -> None:
    same = [boxed(f"k{i}", Box(i, 0, i + 9, 9), colour_index=3, has_colour=True) for i in range(4)]
    chosen = colour_indexes([boxed("free", Box(0, 0, 9, 9), colour_index=3), *same], Colouring.INSTANCE, 10)
    assert {chosen[i.key] for i in same} == {3}
    assert chosen["free"] != 3


def test_that_colours_do_not_go_by_the_order_of_the_list() -> None:
    row = [boxed(f"k{i}", Box(i * 5, 0, i * 5 + 9, 9), colour_index=i) for i in range(25)]
    assert colour_indexes(row, Colouring.INSTANCE, 10) == colour_indexes(row[::-1], Colouring.INSTANCE, 10)
