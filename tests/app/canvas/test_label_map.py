"""One plane for all masks: who lies where, on top of whom, and after changes."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.canvas.crops import crop_of
from app.canvas.label_map import LabelMap, build, rank_of
from app.canvas.values import CanvasInstance, Region
from hopchain_core.domain.geometry import Mask
from hopchain_core.domain.keys import InstanceKey

W, H = 12, 9


def made(key: str, bitmap: np.ndarray, **more: bool) -> CanvasInstance:
    mask = Mask.from_bitmap(bitmap)
    return CanvasInstance(key=InstanceKey(key), name=key, category="thing", box=mask.box(), mask=mask, **more)


def filled(x0: int, y0: int, x1: int, y1: int) -> np.ndarray:
    bitmap = np.zeros((H, W), dtype=bool)
    bitmap[y0:y1, x0:x1] = True
    return bitmap


rectangles = st.tuples(st.integers(0, W - 1), st.integers(0, H - 1), st.integers(1, W), st.integers(1, H)).map(
    lambda r: (r[0], r[1], min(W, r[0] + r[2]), min(H, r[1] + r[3]))
)


@settings(max_examples=60)
@given(st.lists(rectangles, max_size=7), st.sets(st.integers(0, 6)), st.lists(rectangles, max_size=2))
def test_that_each_pixel_knows_all_that_cover_it_after_any_changes(
    first: list[tuple[int, int, int, int]], removed: set[int], added: list[tuple[int, int, int, int]]
) -> None:
    bitmaps = {f"a{i}": filled(*r) for i, r in enumerate(first)}
    labels = build(W, H, [made(key, bitmap) for key, bitmap in bitmaps.items()])
    for index in removed & set(range(len(first))):
        labels.remove(InstanceKey(f"a{index}"))
        del bitmaps[f"a{index}"]
    for index, rectangle in enumerate(added):
        bitmaps[f"b{index}"] = filled(*rectangle)
        labels.put(InstanceKey(f"b{index}"), crop_of(Mask.from_bitmap(bitmaps[f"b{index}"])))
    for y in range(H):
        for x in range(W):
            covering = [key for key, bitmap in bitmaps.items() if bitmap[y, x]]
            found = labels.stack_at(x, y)
            assert sorted(found) == sorted(covering)
            areas = [int(bitmaps[key].sum()) for key in found]
            ranks = [labels.places[key].rank for key in found]
            assert ranks == sorted(ranks, reverse=True)
            if len(set(ranks)) <= 1:
                assert areas == sorted(areas)
    for key, bitmap in bitmaps.items():
        region = labels.places[InstanceKey(key)].region
        assert np.array_equal(labels.bitmap(InstanceKey(key), region), bitmap[region.slices])


def test_that_a_candidate_lies_above_and_a_crowd_beneath_whatever_their_size() -> None:
    labels = build(
        W,
        H,
        [
            made("crowd", filled(4, 4, 6, 6), is_crowd=True),
            made("middle", filled(2, 2, 8, 8)),
            made("candidate", filled(0, 0, 12, 9), is_candidate=True),
        ],
    )
    assert labels.stack_at(5, 5) == ("candidate", "middle", "crowd")


def test_that_there_is_nothing_outside_the_picture() -> None:
    labels = build(W, H, [made("all", filled(0, 0, W, H))])
    assert labels.stack_at(-1, 0) == labels.stack_at(0, H) == labels.stack_at(W, 0) == ()
    assert labels.keys_touching(Region(-5, -5, 0, 0)) == frozenset()


def test_that_a_rectangle_finds_what_has_a_pixel_in_it_and_not_what_only_has_its_box_there() -> None:
    corner = filled(0, 0, 8, 1) | filled(0, 0, 1, 8)
    labels = build(W, H, [made("corner", corner), made("dot", filled(5, 5, 6, 6))])
    assert labels.keys_touching(Region(4, 4, 8, 8)) == {"dot"}
    assert labels.keys_touching(Region(0, 0, 2, 2)) == {"corner"}


def test_that_masks_of_another_picture_are_left_out() -> None:
    wrong = CanvasInstance(
        key=InstanceKey("wrong"),
        name="wrong",
        category="thing",
        box=Mask.from_bitmap(np.ones((3, 3), dtype=bool)).box(),
        mask=Mask.from_bitmap(np.ones((3, 3), dtype=bool)),
    )
    assert not build(W, H, [wrong]).places


def test_that_more_than_65535_stacks_find_room() -> None:
    labels = LabelMap(300, 300)
    rng = np.random.default_rng(0)
    bitmaps = {}
    for index in range(26):
        bitmap = rng.random((300, 300)) < 0.5
        bitmaps[f"k{index}"] = bitmap
        labels.put(InstanceKey(f"k{index}"), crop_of(Mask.from_bitmap(bitmap)))
    assert labels.stack_count > 65_535
    assert labels.plane.dtype == np.uint32
    for x, y in ((0, 0), (150, 20), (299, 299)):
        assert set(labels.stack_at(x, y)) == {key for key, bitmap in bitmaps.items() if bitmap[y, x]}


def test_that_building_stops_when_nobody_waits_for_it() -> None:
    asked = []

    def is_cancelled() -> bool:
        asked.append(1)
        return len(asked) > 1

    labels = build(W, H, [made(f"k{i}", filled(i, 0, i + 1, 1)) for i in range(5)], is_cancelled)
    assert len(labels.places) == 1


def test_that_the_place_of_a_name_lies_on_the_instance() -> None:
    ring = filled(1, 1, 11, 8)
    ring[3:6, 3:9] = False
    placed = build(W, H, [made("ring", ring)]).places[InstanceKey("ring")]
    assert ring[int(placed.inside.y), int(placed.inside.x)]
    assert ring[int(placed.top.y), int(placed.top.x)]


def test_that_rank_tells_crowds_instances_and_candidates_apart() -> None:
    some = filled(0, 0, 1, 1)
    ranks = [rank_of(made("a", some, **more)) for more in ({"is_crowd": True}, {}, {"is_candidate": True})]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == 3
