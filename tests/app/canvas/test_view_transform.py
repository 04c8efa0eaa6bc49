"""Where the picture lies: exact at every zoom, and never lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from app.canvas.values import Region
from app.canvas.view_transform import MOST_SCALE, ViewTransform
from hopchain_core.domain.geometry import Box

sizes = st.integers(1, 9000)
views = st.builds(
    lambda pw, ph, w, h, ratio: ViewTransform(pw, ph, w, h, ratio).fitted(),
    sizes,
    sizes,
    st.integers(100, 3000),
    st.integers(100, 3000),
    st.sampled_from([1.0, 1.25, 1.5, 2.0]),
)


@given(views)
def test_that_fit_shows_all_of_any_picture(view: ViewTransform) -> None:
    assert view.shows_all
    assert view.centre.x == pytest.approx(view.picture_width / 2, abs=1)


@given(views, st.floats(0.1, 10), st.floats(0.3, 0.7), st.floats(0.3, 0.7))
def test_that_zooming_leaves_the_point_under_the_cursor_where_it_is(
    view: ViewTransform, factor: float, x: float, y: float
) -> None:
    cursor = QPointF(view.width * x, view.height * y)
    before = ((cursor.x() - view.x) / view.scale, (cursor.y() - view.y) / view.scale)
    after = view.zoomed(factor, cursor)
    found = ((cursor.x() - after.x) / after.scale, (cursor.y() - after.y) / after.scale)
    # The picture gives way only where it would leave the middle of the window.
    moved_x = (
        view.width / 2 - after.scale * view.picture_width <= cursor.x() - before[0] * after.scale <= view.width / 2
    )
    moved_y = (
        view.height / 2 - after.scale * view.picture_height <= cursor.y() - before[1] * after.scale <= view.height / 2
    )
    if moved_x:
        assert found[0] == pytest.approx(before[0], abs=1e-6 * view.picture_width + 1e-9)
    if moved_y:
        assert found[1] == pytest.approx(before[1], abs=1e-6 * view.picture_height + 1e-9)


@given(views, st.floats(-1e5, 1e5), st.floats(-1e5, 1e5), st.floats(0.01, 100))
def test_that_the_picture_can_never_be_lost(view: ViewTransform, dx: float, dy: float, factor: float) -> None:
    moved = view.zoomed(factor, QPointF(0, 0)).panned(dx, dy)
    middle = moved.centre
    assert -1e-6 <= middle.x <= moved.picture_width + 1e-6
    assert -1e-6 <= middle.y <= moved.picture_height + 1e-6
    assert moved.least_scale <= moved.scale <= MOST_SCALE


@given(views, st.floats(0.01, 100), st.floats(0, 1), st.floats(0, 1))
def test_that_points_go_to_the_window_and_back(view: ViewTransform, factor: float, x: float, y: float) -> None:
    zoomed = view.zoomed(factor, QPointF(10, 10)).snapped()
    point = zoomed.to_picture(zoomed.to_view(x * view.picture_width, y * view.picture_height))
    assert point.x == pytest.approx(x * view.picture_width, abs=1e-6 * view.picture_width + 1e-9)
    assert point.y == pytest.approx(y * view.picture_height, abs=1e-6 * view.picture_height + 1e-9)


@given(views, st.floats(0.05, 60))
def test_that_a_device_pixel_shows_the_pixel_it_is_hit_as(view: ViewTransform, factor: float) -> None:
    shown = view.zoomed(factor, QPointF(view.width / 2, view.height / 2)).snapped()
    columns = shown.columns(Region(0, 0, shown.width, shown.height))
    for device_x in (0, shown.width // 3, shown.width - 1):
        at = shown.to_picture(QPointF((device_x + 0.5) / shown.ratio, 0)).x
        # On the edge between two pixels either will do.
        assert columns[device_x] == int(np.floor(at)) or abs(at - round(at)) < 1e-6


def test_that_a_box_is_shown_large_and_whole() -> None:
    view = ViewTransform(4000, 3000, 1600, 1000).fitted().showing(Box(100, 200, 500, 400))
    assert view.visible.x0 <= 100
    assert view.visible.x1 >= 500
    assert view.visible.y0 <= 200
    assert view.visible.y1 >= 400
    assert 400 * view.scale == pytest.approx(0.7 * 1600)


def test_that_a_box_as_large_as_the_picture_is_shown_as_fit() -> None:
    view = ViewTransform(4000, 3000, 1600, 1000).fitted()
    assert view.showing(Box(0, 0, 4000, 3000)) == view


def test_that_a_tiny_box_is_not_blown_up_beyond_reason() -> None:
    view = ViewTransform(4000, 3000, 1600, 1000).fitted().showing(Box(100, 200, 102, 202))
    assert view.scale == 6.0


def test_that_the_way_between_two_views_begins_and_ends_at_them() -> None:
    start = ViewTransform(4000, 3000, 1600, 1000).fitted()
    end = start.showing(Box(3000, 2000, 3200, 2200))
    assert start.between(end, 1.0) == end
    first = start.between(end, 0.0)
    assert first.scale == pytest.approx(start.scale)
    assert first.centre.x == pytest.approx(start.centre.x)
    scales = [start.between(end, t).scale for t in (0.1, 0.5, 0.9)]
    assert scales == sorted(scales)


def test_that_a_larger_window_keeps_what_was_in_the_middle() -> None:
    view = ViewTransform(4000, 3000, 1600, 1000).fitted().centred_on(1000, 900, 2.0)
    larger = view.resized(2000, 1400, 1.0)
    assert larger.centre == view.centre
    assert larger.scale == view.scale
