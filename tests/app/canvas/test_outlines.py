"""Outlines follow the edges of pixels exactly when near, and cost no more than is seen."""

from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from PySide6.QtCore import QPointF

from app.canvas.label_map import build
from app.canvas.outlines import Outlines, rings
from app.canvas.view_transform import ViewTransform
from hopchain_core.domain.keys import InstanceKey
from tests.app.canvas.shapes import masked


def refilled(found: list[np.ndarray], shape: tuple[int, int]) -> np.ndarray:
    """Inside by the even-odd rule: each upright edge turns over all to its right."""
    inside = np.zeros(shape, dtype=bool)
    for ring in found:
        for (x0, y0), (x1, y1) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            if x0 == x1:
                inside[min(y0, y1) : max(y0, y1), x0:] ^= True
    return inside


@settings(max_examples=150)
@given(npst.arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_that_the_rings_of_a_bitmap_enclose_its_pixels(bitmap: np.ndarray) -> None:
    found = rings(bitmap)
    assert np.array_equal(refilled(found, bitmap.shape), bitmap)


@settings(max_examples=100)
@given(npst.arrays(bool, st.tuples(st.integers(1, 8), st.integers(1, 8))))
def test_that_there_is_a_ring_for_each_part_and_each_hole(bitmap: np.ndarray) -> None:
    parts = cv2.connectedComponents(bitmap.astype(np.uint8), connectivity=4)[0] - 1
    ground = np.pad(~bitmap, 1, constant_values=True).astype(np.uint8)
    holes = cv2.connectedComponents(ground, connectivity=8)[0] - 2
    assert len(rings(bitmap)) == parts + holes


def blob(size: int) -> np.ndarray:
    y, x = np.mgrid[:size, :size]
    return (x - size / 2) ** 2 + (y - size / 2) ** 2 < (size * 0.4) ** 2


def test_that_a_near_outline_runs_along_pixels() -> None:
    labels = build(40, 40, [masked("a", blob(40))])
    view = ViewTransform(40, 40, 800, 800).centred_on(20, 20, 16.0).snapped()
    path = Outlines().path(labels, InstanceKey("a"), view)
    bitmap = blob(40)
    for y in range(40):
        for x in range(40):
            assert path.contains(QPointF(x + 0.5, y + 0.5)) == bitmap[y, x]


def test_that_a_far_outline_is_off_by_a_device_pixel_at_most() -> None:
    bitmap = blob(1600)
    labels = build(1600, 1600, [masked("a", bitmap)])
    view = ViewTransform(1600, 1600, 200, 200).fitted().snapped()
    path = Outlines().path(labels, InstanceKey("a"), view)
    assert path.elementCount() < 200
    device_px = 1 / view.scale
    for angle in np.linspace(0, 2 * np.pi, 40):
        direction = np.array([np.cos(angle), np.sin(angle)])
        inner = 800 + direction * (640 - 1.5 * device_px)
        outer = 800 + direction * (640 + 1.5 * device_px)
        assert path.contains(QPointF(*inner))
        assert not path.contains(QPointF(*outer))


def test_that_a_large_outline_seen_from_near_is_cut_to_the_window() -> None:
    bitmap = blob(3000)
    labels = build(3000, 3000, [masked("a", bitmap)])
    view = ViewTransform(3000, 3000, 400, 300).centred_on(300, 1500, 32.0).snapped()
    box = Outlines().path(labels, InstanceKey("a"), view).boundingRect()
    seen = view.visible
    assert box.width() < 40 * seen.width
    assert box.left() <= 310
    assert box.right() >= seen.x1


def test_that_an_outline_is_kept_until_it_is_forgotten() -> None:
    labels = build(40, 40, [masked("a", blob(40))])
    outlines, view = Outlines(), ViewTransform(40, 40, 200, 200).fitted().snapped()
    first = outlines.path(labels, InstanceKey("a"), view)
    assert outlines.path(labels, InstanceKey("a"), view) is first
    outlines.forget(InstanceKey("a"))
    assert outlines.path(labels, InstanceKey("a"), view) is not first
