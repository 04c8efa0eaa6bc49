import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask as coco

from hopchain_core.domain import polygons, rle

COORDINATES = st.floats(-60, 140) | st.integers(-60, 140) | st.integers(-60, 140).map(lambda n: n / 2)
CORNERS = st.lists(st.tuples(COORDINATES, COORDINATES), min_size=3, max_size=14)


def ours(corners, height, width):
    runs = polygons.rasterize(np.array(corners, dtype=np.float64), height, width)
    rle.check(runs, height, width)
    return runs


@given(CORNERS, st.integers(1, 80), st.integers(1, 80))
def test_that_every_pixel_equals_that_of_pycocotools(corners, height, width):
    flat = [float(number) for corner in corners for number in corner]
    assert rle.to_string(ours(corners, height, width)) == coco.frPyObjects([flat], height, width)[0]["counts"].decode()


@given(st.integers(0, 20), st.integers(0, 20), st.integers(1, 20), st.integers(1, 20))
def test_that_a_box_on_whole_pixels_covers_exactly_them(left, top, width, height):
    corners = [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]
    runs = ours(corners, 40, 40)
    assert rle.area(runs) == width * height
    assert rle.bounds(runs, 40) == (left, top, left + width, top + height)


def test_that_polygons_that_share_an_edge_leave_no_gap_and_no_overlap():
    random = np.random.default_rng(2)
    for _ in range(50):
        a, b = random.uniform(0, 50, 2), random.uniform(0, 50, 2)
        left = ours([(0, 0), (50, 0), a, b, (0, 50)], 50, 50)
        right = ours([(50, 50), (0, 50), b, a, (50, 0)], 50, 50)
        square = ours([(0, 0), (50, 0), (50, 50), (0, 50)], 50, 50)
        parity = rle.decode(left, 50, 50) ^ rle.decode(right, 50, 50)
        assert (parity == rle.decode(square, 50, 50)).all()


def test_that_the_inside_of_a_crossing_polygon_follows_the_even_odd_rule():
    twice = [(0, 0), (10, 0), (10, 10), (0, 10)] * 2
    assert rle.area(ours(twice, 20, 20)) == 0


@pytest.mark.parametrize(
    "corners",
    [[(1, 1), (2, 2)], [(np.nan, 1), (2, 2), (3, 1)], [(np.inf, 1), (2, 2), (3, 1)], [(1e300, 1), (2, 2), (3, 1)]],
)
def test_that_what_is_no_polygon_is_refused(corners):
    with pytest.raises(ValueError, match="polygon"):
        ours(corners, 10, 10)


def test_that_an_endless_outline_is_refused_before_it_is_walked():
    with pytest.raises(ValueError, match="endlessly long"):
        ours([(-9e7, 0), (9e7, 5), (0, 9)], 10, 10)
