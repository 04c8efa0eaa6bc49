"""Which triangle each pixel shows, and what its corners say there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopchain_core.scenes.exactness import Floats, Singles, single
from hopchain_core.scenes.mesh import Indices

_TRIANGLE_BITS = 20
_DEPTH_STEPS = float(1 << 40)


@dataclass(frozen=True, slots=True)
class Covered:
    """Pixels that show something, in one window of a raster.

    Shapes:
        index: int64, (P,), row-major in the window, ascending
        triangle: int64, (P,)
        nearness: float32, (P,)
    """

    index: NDArray[np.int64]
    triangle: NDArray[np.int64]
    nearness: Singles

    def __getitem__(self, which: Any) -> Covered:
        """Some of them."""
        return Covered(self.index[which], self.triangle[which], self.nearness[which])

    def __len__(self) -> int:
        return len(self.index)


@dataclass(frozen=True, slots=True)
class _Spans:
    """Runs of pixels along rows, each within one triangle."""

    triangle: NDArray[np.int64]
    row: NDArray[np.int64]
    start: NDArray[np.int64]
    length: NDArray[np.int64]


def facing(xy: Floats, triangles: Indices) -> NDArray[np.bool_]:
    """Which triangles show their front in a frame whose y runs down, (M,)."""
    a, b, c = xy[triangles[:, 0]], xy[triangles[:, 1]], xy[triangles[:, 2]]
    doubled = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    return doubled < -1e-7


def visible(xy: Floats, nearness: Floats, triangles: Indices, width: int, height: int) -> Covered:
    """The nearest triangle at each pixel centre of a window.

    Args:
        xy: (N, 2) in pixels of the window, y down.
        nearness: (N,), larger is nearer; linear over a triangle.
        triangles: (M, 3), all of them facing.
        width: Columns of the window.
        height: Rows of the window.
    """
    spans = _spans(xy, triangles, width, height)
    at, nearness_there = _walk(spans, xy, nearness, triangles, width)
    low, high = (float(nearness.min()), float(nearness.max())) if len(nearness) else (0.0, 1.0)
    steps = _DEPTH_STEPS / (high - low + 1e-12)
    key = (np.clip(nearness_there - low, 0, high - low) * steps).astype(np.int64) << _TRIANGLE_BITS
    key += np.repeat(spans.triangle + 1, spans.length)
    best = np.zeros(width * height, dtype=np.int64)
    np.maximum.at(best, at, key)
    index = np.flatnonzero(best)
    found = best[index]
    there = ((found >> _TRIANGLE_BITS) / steps + low).astype(np.float32)
    return Covered(index, (found & ((1 << _TRIANGLE_BITS) - 1)) - 1, there)


def nearest(xy: Floats, nearness: Floats, triangles: Indices, width: int, height: int) -> Singles:
    """The greatest nearness at each pixel of a window, float32, (H * W,); a large negative number where nothing is."""
    spans = _spans(xy, triangles, width, height)
    at, nearness_there = _walk(spans, xy, nearness, triangles, width)
    best = np.full(width * height, -1e9, dtype=np.float32)
    np.maximum.at(best, at, nearness_there.astype(np.float32))
    return best


def _spans(xy: Floats, triangles: Indices, width: int, height: int) -> _Spans:
    every = np.ascontiguousarray(xy[:, 1])
    y0, y1, y2 = (every[triangles[:, i]] for i in range(3))
    first = np.clip(np.ceil(np.minimum(np.minimum(y0, y1), y2) - 0.5), 0, height).astype(np.int64)
    last = np.clip(np.ceil(np.maximum(np.maximum(y0, y1), y2) - 0.5), 0, height).astype(np.int64)
    tall = np.flatnonzero(last > first)
    first, rows = first[tall], (last - first)[tall]
    corners = _from_the_top(np.ascontiguousarray(xy[:, 0]), every, triangles[tall])
    triangle = np.repeat(np.arange(len(tall)), rows)
    row = np.arange(len(triangle)) - np.repeat(np.cumsum(rows) - rows - first, rows)
    centre = row + 0.5
    (ax, ay), (bx, by), (cx, cy) = ((x[triangle], y[triangle]) for x, y in corners)
    long_edge = _x_on_edge(ax, ay, cx, cy, centre)
    upper = centre < by
    short_edge = _x_on_edge(
        np.where(upper, ax, bx), np.where(upper, ay, by), np.where(upper, bx, cx), np.where(upper, by, cy), centre
    )
    start = np.clip(np.ceil(np.minimum(long_edge, short_edge) - 0.5), 0, width).astype(np.int64)
    stop = np.clip(np.ceil(np.maximum(long_edge, short_edge) - 0.5), 0, width).astype(np.int64)
    keep = np.flatnonzero(stop > start)
    return _Spans(tall[triangle[keep]], row[keep], start[keep], (stop - start)[keep])


def _from_the_top(x: Floats, y: Floats, triangles: Indices) -> list[tuple[Floats, Floats]]:
    """The corners of each triangle from the top down, of equal ones from the left.

    So an edge that two triangles share is walked from the same end in both, and leaves no gap.
    """
    corners = [(x[triangles[:, i]], y[triangles[:, i]]) for i in range(3)]
    for i, j in ((0, 1), (1, 2), (0, 1)):
        (xi, yi), (xj, yj) = corners[i], corners[j]
        swap = (yj < yi) | ((yj == yi) & (xj < xi))
        corners[i] = (np.where(swap, xj, xi), np.where(swap, yj, yi))
        corners[j] = (np.where(swap, xi, xj), np.where(swap, yi, yj))
    return corners


def _x_on_edge(x0: Floats, y0: Floats, x1: Floats, y1: Floats, y: Floats) -> Floats:
    rise = y1 - y0
    return x0 + (y - y0) * (x1 - x0) / np.where(rise > 0, rise, 1.0)


def _walk(
    spans: _Spans, xy: Floats, nearness: Floats, triangles: Indices, width: int
) -> tuple[NDArray[np.int64], Floats]:
    """Every pixel of every span: its index in the window and the nearness there."""
    slope = gradients(xy, nearness[:, None], triangles)
    corner = triangles[:, 0]
    dx, dy = slope[:, 0, 0][spans.triangle], slope[:, 0, 1][spans.triangle]
    at_corner = nearness[corner][spans.triangle]
    cx, cy = xy[:, 0][corner][spans.triangle], xy[:, 1][corner][spans.triangle]
    at_start = at_corner + dx * (spans.start + 0.5 - cx) + dy * (spans.row + 0.5 - cy)
    before = np.cumsum(spans.length) - spans.length
    span = np.repeat(np.arange(len(spans.length)), spans.length)
    step = np.arange(len(span)) - before[span]
    at = (spans.row * width + spans.start)[span] + step
    return at, at_start[span] + dx[span] * step


def gradients(xy: Floats, values: Floats, triangles: Indices) -> Floats:
    """How values at the corners change per pixel to the right and down, (M, K, 2); 0 for a sliver."""
    a, b, c = (xy[triangles[:, i]] for i in range(3))
    d1, d2 = b - a, c - a
    area = d1[:, 0] * d2[:, 1] - d1[:, 1] * d2[:, 0]
    inverse = np.where(np.abs(area) > 1e-7, 1.0 / np.where(area == 0, 1.0, area), 0.0)[:, None]
    f0 = values[triangles[:, 0]]
    f1, f2 = values[triangles[:, 1]] - f0, values[triangles[:, 2]] - f0
    right = (f1 * d2[:, 1:2] - f2 * d1[:, 1:2]) * inverse
    down = (f2 * d1[:, 0:1] - f1 * d2[:, 0:1]) * inverse
    return np.stack([right, down], axis=2)


class Blend:
    """Values at the corners of triangles, mixed at pixels between them, correct in perspective.

    Args:
        xy: (N, 2) in pixels of the window.
        nearness: (N,)
        values: (N, K) at the corners.
        triangles: (M, 3)
        covered: Which of them are asked for.
        width: Columns of the window.
    """

    def __init__(
        self, xy: Floats, nearness: Floats, values: Floats, triangles: Indices, covered: Covered, width: int
    ) -> None:
        is_used = np.zeros(len(triangles), dtype=np.int64)
        is_used[covered.triangle] = 1
        self._row_of = np.cumsum(is_used) - 1
        corners = triangles[is_used > 0]
        over_depth = np.concatenate([nearness[:, None], values * nearness[:, None]], axis=1)
        slope = gradients(xy, over_depth, corners)
        base = over_depth[corners[:, 0]]
        self._table = np.concatenate([base, slope[:, :, 0], slope[:, :, 1]], axis=1).astype(np.float32)
        self._origin = xy[corners[:, 0]]
        self._width, self._count = width, over_depth.shape[1]

    def at(self, covered: Covered) -> Singles:
        """Values at some covered pixels, float32, (P, K)."""
        row, count = self._row_of[covered.triangle], self._count
        table, origin = self._table[row], self._origin[row]
        x = (covered.index % self._width + 0.5 - origin[:, 0]).astype(np.float32)[:, None]
        y = (covered.index // self._width + 0.5 - origin[:, 1]).astype(np.float32)[:, None]
        found = table[:, :count] + table[:, count : 2 * count] * x + table[:, 2 * count :] * y
        return single(found[:, 1:] / found[:, :1])
