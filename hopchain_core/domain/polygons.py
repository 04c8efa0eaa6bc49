"""Polygons to run-length codes, pixel for pixel as COCO's tools draw them.

Source: `rleFrPoly` in COCO's `maskApi.c` (pycocotools). The outline is walked on a grid five times as fine as the
picture; where it passes the middle of a column of pixels, that column changes between inside and outside. A polygon
that crosses itself is filled by the even-odd rule.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hopchain_core.domain import rle

_SCALE = 5.0
"""Of the fine grid, as in `rleFrPoly`."""
MOST_OUTLINE_STEPS = 4_000_000
"""Steps on the fine grid that an outline may take: ten times round a picture of 400 megapixels. Chosen; they take some
300 MB while they are walked."""


def rasterize(points: NDArray[np.float64], height_px: int, width_px: int) -> rle.Runs:
    """Runs of the pixels inside one polygon; what lies outside the picture is cut off.

    Args:
        points: Corners in pixels, float64, (N, 2) as x, y; the last is joined to the first.
        height_px: Rows of the picture.
        width_px: Columns of the picture.

    Raises:
        ValueError: There are fewer than three corners, one is not finite, or the outline is endlessly long.
    """
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 3:
        raise ValueError("a polygon needs three corners of two numbers each")
    if not np.isfinite(points).all():
        raise ValueError("a polygon needs finite numbers")
    if np.abs(points).max() > 1e8:
        raise ValueError("a corner of the polygon lies endlessly far away")
    fine = np.trunc(_SCALE * points + 0.5).astype(np.int64)
    x, y = _outline(fine)
    # Where the walk steps from one fine column to the next, and that step lies at the middle of a column of pixels.
    stepped = np.flatnonzero(x[1:] != x[:-1])
    before, after = x[stepped], x[stepped + 1]
    column = (np.where(after < before, after, after - 1) + 0.5) / _SCALE - 0.5
    row = (np.minimum(y[stepped], y[stepped + 1]) + 0.5) / _SCALE - 0.5
    keep = (np.floor(column) == column) & (column >= 0) & (column <= width_px - 1)
    places = column[keep].astype(np.int64) * height_px + np.ceil(np.clip(row[keep], 0, height_px)).astype(np.int64)
    # Two changes at one place undo each other.
    places, times = np.unique(places, return_counts=True)
    return rle.from_changes(places[times % 2 == 1], height_px * width_px)


def _outline(corners: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All steps along the closed outline, edge by edge, each one unit long in its longer direction."""
    following = np.roll(corners, -1, axis=0)
    dx, dy = np.abs(following - corners).T
    steps = np.maximum(dx, dy)
    if int(steps.sum()) + len(steps) > MOST_OUTLINE_STEPS:
        raise ValueError("the outline of the polygon is endlessly long")
    is_wide = dx >= dy
    # An edge is always walked from its smaller end, so that two polygons that share it agree on its pixels.
    along = np.where(is_wide[:, None], corners, corners[:, ::-1])
    along_next = np.where(is_wide[:, None], following, following[:, ::-1])
    is_flipped = along[:, 0] > along_next[:, 0]
    start = np.where(is_flipped[:, None], along_next, along)
    end = np.where(is_flipped[:, None], along, along_next)
    slope = (end[:, 1] - start[:, 1]) / np.maximum(steps, 1)
    edge = np.repeat(np.arange(len(steps)), steps + 1)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(steps + 1) - (steps + 1), steps + 1)
    step = np.where(is_flipped[edge], steps[edge] - step, step)
    major = start[edge, 0] + step
    minor = np.trunc(start[edge, 1] + slope[edge] * step + 0.5).astype(np.int64)
    return np.where(is_wide[edge], major, minor), np.where(is_wide[edge], minor, major)
