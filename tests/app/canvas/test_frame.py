"""The composed window, pixel by pixel, against the plain definition."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QColor

from app.canvas.frame import Frame, Shown, Sketch, sampled
from app.canvas.label_map import LabelMap, build
from app.canvas.palette import SlotPaint, StackPaint, stack_paint
from app.canvas.pyramid import Pyramid
from app.canvas.values import Region
from app.canvas.view_transform import ViewTransform
from hopchain_core.domain.keys import InstanceKey
from tests.app.canvas.shapes import instance, numbered

SIZE = (60, 40)
SCALES = (0.21, 0.5, 0.77, 1.0, 1.37, 2.0, 3.3, 8.0, 33.3, 64.0)


def labels() -> LabelMap:
    return build(
        *SIZE, [instance("a", (0, 0, 30, 40)), instance("b", (10, 10, 50, 30)), instance("c", (59, 39, 60, 40))]
    )


def colours(found: LabelMap, *, alpha: float = 1.0) -> StackPaint:
    count = len(found.keys)
    rgb = np.eye(3, dtype=np.float32)[np.arange(count) % 3]
    every = np.full(count, alpha, dtype=np.float32)
    return stack_paint(found.members, SlotPaint(rgb, every, np.ones(count, bool), np.zeros(count, bool)))


def pixels(frame: Frame) -> np.ndarray:
    image = frame.image
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width()).copy()


def view_at(scale: float, x: float = 31.0, y: float = 19.0) -> ViewTransform:
    view = ViewTransform(*SIZE, 160, 120)
    return replace(view, scale=scale, x=80 - x * scale, y=60 - y * scale).clamped().snapped()


@pytest.mark.parametrize("scale", SCALES)
def test_that_each_device_pixel_shows_the_mask_that_a_click_there_hits(scale: float) -> None:
    found, view, frame = labels(), view_at(scale), Frame()
    frame.show(Shown(view=view, ground=QColor("black"), labels=found, paint=colours(found)))
    shown = pixels(frame)
    colour_of = {"a": 0xFFFF0000, "b": 0xFF00FF00, "c": 0xFF0000FF, None: 0xFF000000}
    for y in range(0, 120, 7):
        for x in range(160):
            at_x = int(np.floor((x + 0.5 - view.x) / view.scale))
            at_y = int(np.floor((y + 0.5 - view.y) / view.scale))
            stack = found.stack_at(at_x, at_y)
            # Whose pixel is cut by the picture's edge is a matter of rounding.
            edge = min(abs((x + 0.5 - view.x) / view.scale - e) for e in (0, SIZE[0])) * view.scale
            edge = min(edge, *(abs((y + 0.5 - view.y) / view.scale - e) * view.scale for e in (0, SIZE[1])))
            if edge > 0.5:
                by_area = sorted(stack, key=lambda k: found.places[k].area_px)
                assert shown[y, x] == colour_of[by_area[0] if by_area else None], (x, y, stack)


@pytest.mark.parametrize("scale", SCALES)
def test_that_sampling_is_exact_at_every_zoom(scale: float) -> None:
    rng = np.random.default_rng(1)
    plane = rng.integers(0, 60_000, (SIZE[1], SIZE[0])).astype(np.uint16)
    view = view_at(scale)
    inside = Region(
        max(0, round(view.x)),
        max(0, round(view.y)),
        min(160, round(view.x + SIZE[0] * scale)),
        min(120, round(view.y + SIZE[1] * scale)),
    )
    rows, columns = np.clip(view.rows(inside), 0, SIZE[1] - 1), np.clip(view.columns(inside), 0, SIZE[0] - 1)
    assert np.array_equal(sampled(plane, view, inside), plane[rows[:, None], columns])
    wide = plane.astype(np.uint32)
    assert np.array_equal(sampled(wide, view, inside), wide[rows[:, None], columns])


def test_that_panning_gives_what_drawing_anew_gives() -> None:
    found = labels()
    paint = colours(found, alpha=0.4)
    pyramid = Pyramid.of(numbered(SIZE), *SIZE)
    moving = Frame()
    for scale in (0.9, 1.0, 4.0, 7.0):
        view = view_at(scale)
        for step in ((0, 0), (13, 0), (0, -9), (-31, 22), (5, 5), (200, 0)):
            view = view.panned(*step).snapped()
            shown = Shown(
                view=view, ground=QColor("#123456"), pyramid=pyramid, labels=found, paint=paint, has_lines=True
            )
            moving.show(shown)
            anew = Frame()
            anew.show(shown)
            differs = np.abs(pixels(moving).view(np.uint8).astype(int) - pixels(anew).view(np.uint8).astype(int))
            # Smoothing may round the other way at the edge of a strip.
            assert differs.max() <= 2, (scale, step)


def test_that_a_change_in_place_redraws_its_region() -> None:
    found = labels()
    view, frame = view_at(2.0), Frame()
    before = Shown(view=view, ground=QColor("black"), labels=found, paint=colours(found))
    frame.show(before)
    changed = found.remove(InstanceKey("b"))
    frame.show(replace(before, paint=colours(found)), changed)
    anew = Frame()
    anew.show(replace(before, paint=colours(found)))
    assert np.array_equal(pixels(frame), pixels(anew))


def test_that_other_colours_are_drawn_only_where_they_are_said_to_be() -> None:
    found = labels()
    view, frame = view_at(2.0), Frame()
    shown = Shown(view=view, ground=QColor("black"), labels=found, paint=colours(found))
    frame.show(shown)
    before = pixels(frame)
    frame.show(replace(shown, paint=colours(found, alpha=0.0)), repainted=Region(30, 10, 50, 30))
    after = pixels(frame)
    region = view.device_region(Region(30, 10, 50, 30))
    assert not after[region.slices].astype(np.uint32).__and__(0xFFFFFF).any()
    outside = view.device_region(Region(0, 0, 20, 40))
    assert np.array_equal(before[outside.slices], after[outside.slices])


def test_that_a_line_runs_along_every_edge_once() -> None:
    found = build(*SIZE, [instance("a", (10, 10, 50, 30))])
    view, frame = view_at(2.0), Frame()
    frame.show(Shown(view=view, ground=QColor("black"), labels=found, paint=colours(found, alpha=0.0), has_lines=True))
    lit = (pixels(frame) & 0xFFFFFF) > 0
    left, top = round(view.x + 20), round(view.y + 20)
    drawn = np.zeros_like(lit)
    drawn[top : top + 41, left] = drawn[top : top + 40, left + 80] = True
    drawn[top, left : left + 81] = drawn[top + 40, left : left + 80] = True
    assert np.count_nonzero(lit ^ drawn) <= 2


def test_that_an_edited_mask_lies_over_all() -> None:
    found = labels()
    bitmap = np.zeros((SIZE[1], SIZE[0]), dtype=bool)
    bitmap[20, 40] = True
    view, frame = view_at(4.0), Frame()
    frame.show(
        Shown(view=view, ground=QColor("black"), labels=found, paint=colours(found), sketch=Sketch(bitmap, 0xFFFFFFFF))
    )
    white = np.argwhere(pixels(frame) == 0xFFFFFFFF)
    assert len(white) == 16
    assert ((white[:, 1] - view.x) // 4 == 40).all()
    assert ((white[:, 0] - view.y) // 4 == 20).all()


def test_that_a_panorama_wider_than_warping_reaches_is_sampled_as_well() -> None:
    plane = np.zeros((2, 40_000), dtype=np.uint16)
    plane[:, 35_000:] = 7
    view = replace(ViewTransform(40_000, 2, 800, 40), scale=0.02, x=0.0, y=20.0)
    row = sampled(plane, view, Region(0, 20, 800, 21))[0]
    assert row[699] == 0
    assert row[701] == 7
