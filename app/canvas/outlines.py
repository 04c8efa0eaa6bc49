"""Outlines of instances as paths, never finer than the screen shows.

A path is taken from the label map at the step at which it is seen, so it costs what it covers on the screen, not what
the mask holds. Near, it runs along the edges of pixels exactly.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QPolygonF

from app.canvas.label_map import LabelMap
from app.canvas.pyramid import UNSMOOTHED_FROM
from app.canvas.values import Region
from app.canvas.view_transform import ViewTransform
from hopchain_core.domain.keys import InstanceKey

MOST_PATHS = 600
_MOST_SAMPLES = 1_500_000
"""A larger bitmap is cut to what is seen of it."""
_MARGIN_PX = 48
"""Device pixels beyond the window that a cut outline still holds; its cut edges are never seen."""
_TOLERANCE_PX = 0.6
"""Device pixels that a simplified outline may be off. Chosen."""
_MOST_CORNERS = 20_000
"""Of an outline that is followed exactly; more take over 20 ms."""
_SOFT_TOLERANCE = 0.6
"""In steps of the bitmap: with bevelled corners enough to turn a slanted edge into a line."""

_EXACT = 99
_Name: TypeAlias = tuple[InstanceKey, int, int, Region]
"""Of a path: whose, at which step of the label map, in which detail, of what part."""


class Outlines:
    """Paths of the instances of one label map, kept while they fit the view."""

    def __init__(self) -> None:
        self._paths: OrderedDict[_Name, QPainterPath] = OrderedDict()

    def forget(self, key: InstanceKey | None = None) -> None:
        """Drops the paths of one instance, or of all."""
        if key is None:
            self._paths.clear()
        for kept in [k for k in self._paths if k[0] == key]:
            del self._paths[kept]

    def has(self, labels: LabelMap, key: InstanceKey, view: ViewTransform) -> bool:
        """Whether `path` has nothing to trace; as there."""
        name = _name(labels, key, view)
        return name is None or name in self._paths

    def path(self, labels: LabelMap, key: InstanceKey, view: ViewTransform) -> QPainterPath:
        """Outline of an instance with its holes, in pixels of the picture; empty where it is not seen.

        Args:
            labels: Holds the instance, or the path is empty.
            key: Of the instance.
            view: Snapped.
        """
        name = _name(labels, key, view)
        if name is None:
            return QPainterPath()
        if name in self._paths:
            self._paths.move_to_end(name)
            return self._paths[name]
        _, step, detail, region = name
        scale = 2.0 ** (math.floor(math.log2(view.scale)) + 0.5)
        path = _traced(labels.bitmap(key, region, step), region, step, scale, is_exact=detail == _EXACT)
        self._paths[name] = path
        while len(self._paths) > MOST_PATHS:
            self._paths.popitem(last=False)
        return path


def _name(labels: LabelMap, key: InstanceKey, view: ViewTransform) -> _Name | None:
    """What the path for a view is called; None where there is nothing to be seen of it."""
    placed = labels.places.get(key)
    if placed is None:
        return None
    octave = math.floor(math.log2(view.scale))
    step = 2 ** max(0, -octave - 1) if octave < 0 else 1
    region = _cut(placed.region, step, view)
    return None if region.is_empty else (key, step, _EXACT if view.scale >= UNSMOOTHED_FROM else octave, region)


def _cut(region: Region, step: int, view: ViewTransform) -> Region:
    """All of a region, or, where that is too much, what is seen of it on a coarse grid, so that panning keeps it."""
    long_px = max(region.width, region.height) * view.scale
    if region.width * region.height <= _MOST_SAMPLES * step * step and long_px < 8 * max(view.width, view.height):
        return region
    grid = max(step, 2 ** math.ceil(math.log2(max(view.width, view.height) / view.scale / 4)))
    seen = view.visible.grown(math.ceil(_MARGIN_PX / view.scale))
    on_grid = Region(
        seen.x0 // grid * grid, seen.y0 // grid * grid, -(-seen.x1 // grid) * grid, -(-seen.y1 // grid) * grid
    )
    return region.common(on_grid)


def _traced(bitmap: NDArray[np.bool_], region: Region, step: int, scale: float, *, is_exact: bool) -> QPainterPath:
    path = QPainterPath()
    for ring in rings(bitmap):
        points = ring.astype(np.float32)
        if not is_exact:
            tolerance = max(_TOLERANCE_PX / (scale * step), _SOFT_TOLERANCE)
            points = np.asarray(cv2.approxPolyDP(bevelled(points), tolerance, True), dtype=np.float32).reshape(-1, 2)
            if len(points) < 3:
                points = ring.astype(np.float32)
        points *= step
        polygon = QPolygonF([QPointF(float(x) + region.x0, float(y) + region.y0) for x, y in points])
        path.addPolygon(polygon)
        path.closeSubpath()
    return path


def bevelled(ring: NDArray[np.float32]) -> NDArray[np.float32]:
    """A ring with its corners cut off half a pixel from each, so that the steps of a slanted edge become a line.

    Shapes:
        ring: (N, 2), corners of edges along rows and columns
        returns: (2 N, 2)
    """
    following = np.roll(ring, -1, axis=0)
    along = following - ring
    length = np.abs(along).sum(axis=1, keepdims=True)
    cut = along / np.maximum(length, 1) * np.minimum(length / 2, np.float32(0.5))
    return np.stack((ring + cut, following - cut), axis=1).reshape(-1, 2).astype(np.float32)


def rings(bitmap: NDArray[np.bool_]) -> list[NDArray[np.int32]]:
    """The closed lines along the edges of pixels, holes with them.

    Corners of a rectilinear outline come in pairs along every row and along every column; following the pairs by turns
    goes round it.

    Shapes:
        bitmap: bool, (H, W)
        returns: each int32, (N, 2) as x, y, corners only; from 0 to W and 0 to H
    """
    padded = np.pad(bitmap.view(np.uint8), 1)
    # A corner is where an odd number of the four pixels round it are set; where two opposite ones are, there are two.
    a, b, c, d = padded[:-1, :-1], padded[:-1, 1:], padded[1:, :-1], padded[1:, 1:]
    is_corner = (a ^ b ^ c ^ d).astype(bool)
    is_saddle = (a == d) & (b == c) & (a != b)
    y, x = np.nonzero(is_corner | is_saddle)
    if not len(x):
        return []
    if len(x) > _MOST_CORNERS:
        return _inner_borders(bitmap)
    saddle = is_saddle[y, x]
    order = np.repeat(np.arange(len(x)), np.where(saddle, 2, 1))
    x, y = x[order], y[order]
    is_second = np.zeros(len(order), dtype=bool)
    is_second[1:] = order[1:] == order[:-1]
    # At a saddle the first corner has the edge from the left, the second the one to the right. Pixels that touch only
    # at a corner stay apart, so the edge to the right turns up where the pixel above it is set, else down.
    turns_up = padded[y, x + 1] > 0
    goes_down = np.repeat(saddle, np.where(saddle, 2, 1)) & (is_second ^ turns_up)
    along_row = np.lexsort((is_second, x, y))
    along_column = np.lexsort((goes_down, y, x))
    beside, over = np.empty(len(x), dtype=np.int64), np.empty(len(x), dtype=np.int64)
    beside[along_row[0::2]], beside[along_row[1::2]] = along_row[1::2], along_row[0::2]
    over[along_column[0::2]], over[along_column[1::2]] = along_column[1::2], along_column[0::2]
    return _followed(beside.tolist(), over.tolist(), np.column_stack((x, y)).astype(np.int32))


def _inner_borders(bitmap: NDArray[np.bool_]) -> list[NDArray[np.int32]]:
    """A quicker, coarser way for masks like dust: through the middles of the pixels at the edge."""
    contours, _ = cv2.findContours(bitmap.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return [np.asarray(c, dtype=np.int32).reshape(-1, 2) for c in contours]


def _followed(beside: list[int], over: list[int], corners: NDArray[np.int32]) -> list[NDArray[np.int32]]:
    is_seen = bytearray(len(beside))
    found = []
    for start in range(len(beside)):
        if is_seen[start]:
            continue
        ring, at = [], start
        while not is_seen[at]:
            is_seen[at] = 1
            ring.append(at)
            at = beside[at]
            is_seen[at] = 1
            ring.append(at)
            at = over[at]
        found.append(corners[ring])
    return found
