import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hopchain_core.domain.geometry import Box, Mask, Point

PLACES = st.floats(-1000, 1000)


@st.composite
def boxes(draw, places=PLACES):
    (x0, x1), (y0, y1) = sorted([draw(places), draw(places)]), sorted([draw(places), draw(places)])
    return Box(x0, y0, x1, y1)


WHOLE = boxes(st.integers(-12, 12).map(float))


def covered(box):
    """The pixels a box on whole pixels covers."""
    xs, ys = range(int(box.x0), int(box.x1)), range(int(box.y0), int(box.y1))
    return {(x, y) for x in xs for y in ys}


@given(WHOLE, WHOLE)
def test_that_areas_and_iou_count_pixels(a, b):
    common, union = covered(a) & covered(b), covered(a) | covered(b)
    assert a.area == len(covered(a))
    assert a.intersection_area(b) == len(common)
    assert a.iou(b) == (len(common) / len(union) if union else 0)


@given(boxes(), boxes())
def test_that_what_two_boxes_share_does_not_depend_on_their_order(a, b):
    assert a.intersection_area(b) == b.intersection_area(a) <= min(a.area, b.area)
    assert a.iou(b) == pytest.approx(b.iou(a))
    assert 0 <= a.iou(b) <= 1
    assert a.gap(b) == b.gap(a) >= 0


@given(boxes())
def test_that_a_box_is_all_of_itself(box):
    assert box.iou(box) == (1 if box.area > 0 else 0)
    assert box.gap(box) == 0
    assert Box(*box.as_tuple()) == box
    assert box.x0 <= box.centre.x <= box.x1
    assert box.y0 <= box.centre.y <= box.y1


@given(WHOLE, WHOLE)
def test_that_a_gap_is_the_distance_of_the_nearest_edges(a, b):
    corners = [[(box.x0, box.x1), (box.y0, box.y1)] for box in (a, b)]
    apart = [max(0, p[0] - q[1], q[0] - p[1]) for p, q in zip(*corners, strict=True)]
    assert a.gap(b) == pytest.approx(math.hypot(*apart))
    assert (a.gap(b) > 0) <= (a.intersection_area(b) == 0)


@given(boxes(), st.integers(1, 500), st.integers(1, 500))
def test_that_a_clipped_box_lies_in_the_picture_and_in_the_box(box, width, height):
    inside = box.clipped(width, height)
    assert 0 <= inside.x0 <= inside.x1 <= width
    assert 0 <= inside.y0 <= inside.y1 <= height
    assert inside.area == pytest.approx(box.intersection_area(Box(0, 0, width, height)))
    assert inside.clipped(width, height) == inside


@given(boxes(st.floats(0, 640)))
def test_that_thousandths_stay_within_half_a_step(box):
    for place, scaled in zip(box.as_tuple(), box.scaled_1000(640, 640), strict=True):
        assert abs(scaled - place / 0.64) <= 0.5 + 1e-9


@pytest.mark.parametrize(
    "corners", [(1, 0, 0, 1), (0, 1, 1, 0), (math.nan, 0, 1, 1), (0, 0, math.inf, 1), (0, -math.inf, 1, 1)]
)
def test_that_a_box_inside_out_or_without_end_is_refused(corners):
    with pytest.raises(ValueError, match="a box needs"):
        Box(*corners)


def test_that_a_distance_is_euclidean():
    assert Point(0, 0).distance(Point(3, 4)) == 5


BITMAPS = hnp.arrays(bool, st.tuples(st.integers(1, 12), st.integers(1, 12)))


@given(BITMAPS)
def test_that_a_mask_holds_its_bitmap_area_and_box(bitmap):
    mask = Mask.from_bitmap(bitmap)
    assert (mask.height_px, mask.width_px) == bitmap.shape
    assert (mask.to_bitmap() == bitmap).all()
    assert mask.area == bitmap.sum()
    assert Mask.from_runs(mask.runs(), mask.height_px, mask.width_px) == mask
    rows, columns = np.nonzero(bitmap)
    expected = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) if len(rows) else Box(0, 0, 0, 0)
    assert mask.box() == expected


@given(st.data())
def test_that_the_iou_of_masks_counts_pixels(data):
    shape = data.draw(st.tuples(st.integers(1, 12), st.integers(1, 12)))
    a, b = (data.draw(hnp.arrays(bool, shape)) for _ in range(2))
    union = (a | b).sum()
    assert Mask.from_bitmap(a).iou(Mask.from_bitmap(b)) == ((a & b).sum() / union if union else 0)


@given(st.lists(hnp.arrays(bool, (7, 5)), min_size=1, max_size=4))
def test_that_the_union_of_masks_has_the_pixels_of_each(bitmaps):
    union = Mask.union([Mask.from_bitmap(bitmap) for bitmap in bitmaps])
    assert (union.to_bitmap() == np.logical_or.reduce(bitmaps)).all()


def test_that_masks_of_pictures_of_different_sizes_have_no_iou():
    a, b = (Mask.from_bitmap(np.ones(shape, bool)) for shape in [(3, 4), (4, 3)])
    with pytest.raises(ValueError, match="different sizes"):
        a.iou(b)


def test_that_a_mask_with_a_wrong_code_is_refused_when_it_is_read():
    for counts in ("", "nonsense", Mask.from_bitmap(np.ones((9, 9), bool)).counts):
        with pytest.raises(ValueError, match="run-length"):
            Mask(3, 3, counts).runs()


def test_that_the_runs_of_a_mask_cannot_be_changed():
    runs = Mask.from_bitmap(np.ones((3, 3), bool)).runs()
    with pytest.raises(ValueError, match="read-only"):
        runs[0] = 1
