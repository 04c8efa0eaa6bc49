"""Masks to bitmaps of their own bounds and back, without ever unpacking the whole picture.

A mask of a 50-megapixel picture unpacks to 50 MB; its bounds hold a hundredth of that.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from app.canvas.values import NOWHERE, Crop, Region
from hopchain_core.domain.geometry import Mask

_FEW_RUNS = 8
"""Up to this many runs in a column, comparing rows with the ends of runs is quicker than adding up (measured)."""


def crop_of(mask: Mask) -> Crop:
    """The part of a mask inside its bounds; an empty crop for an empty mask.

    Raises:
        ValueError: The text is no run-length code of a picture of this size.
    """
    height = mask.height_px
    ends = np.cumsum(mask.runs())
    starts, stops = ends[: len(ends) // 2 * 2 : 2], ends[1::2]
    kept = stops > starts
    starts, stops = starts[kept], stops[kept]
    if not len(starts):
        return Crop(NOWHERE, np.zeros((0, 0), dtype=bool))
    starts, stops = _split_at_columns(starts, stops, height)
    columns = starts // height
    tops, ends_in_column = starts - columns * height, stops - columns * height
    region = Region(int(columns[0]), int(tops.min()), int(columns[-1]) + 1, int(ends_in_column.max()))
    return Crop(region, _filled(columns - region.x0, tops - region.y0, ends_in_column - region.y0, region))


def _filled(
    columns: NDArray[np.int64], tops: NDArray[np.int64], ends: NDArray[np.int64], region: Region
) -> NDArray[np.bool_]:
    """The bitmap of runs that each lie in one column, in column order."""
    heads = np.flatnonzero(np.diff(columns, prepend=-1))
    rank = np.arange(len(columns)) - np.repeat(heads, np.diff(heads, append=len(columns)))
    most = int(rank.max()) + 1
    if most > _FEW_RUNS or region.height > np.iinfo(np.uint16).max:
        return _filled_by_changes(columns, tops, ends, region)
    bitmap = np.zeros((region.height, region.width), dtype=bool)
    rows = np.arange(region.height, dtype=np.uint16)[:, None]
    for k in range(most):
        chosen = rank == k
        first, last = int(columns[chosen][0]), int(columns[chosen][-1]) + 1
        top, length = np.zeros((2, last - first), dtype=np.uint16)
        top[columns[chosen] - first] = tops[chosen]
        length[columns[chosen] - first] = (ends - tops)[chosen]
        # Above its top the difference wraps round to a large number.
        bitmap[:, first:last] |= (rows - top) < length
    return bitmap


def _filled_by_changes(
    columns: NDArray[np.int64], tops: NDArray[np.int64], ends: NDArray[np.int64], region: Region
) -> NDArray[np.bool_]:
    # One place more in each column, so that a run that ends at the lower edge does not open the next column.
    pitch = region.height + 1
    changes = np.zeros(region.width * pitch, dtype=np.int8)
    changes[columns * pitch + tops] = 1
    # Two runs of one column never touch, so no place is both an end and a beginning.
    changes[columns * pitch + ends] = -1
    columns_first = np.cumsum(changes, dtype=np.int8).reshape(region.width, pitch)
    return cv2.transpose(columns_first[:, :-1].view(np.uint8)).view(np.bool_)


def _split_at_columns(
    starts: NDArray[np.int64], stops: NDArray[np.int64], height: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Runs that go on into the next column become one run for each column."""
    first, last = starts // height, (stops - 1) // height
    spans = last - first + 1
    if int(spans.max()) == 1:
        return starts, stops
    run = np.repeat(np.arange(len(starts)), spans)
    step = np.arange(len(run)) - np.repeat(np.cumsum(spans) - spans, spans)
    column = first[run] + step
    return np.maximum(starts[run], column * height), np.minimum(stops[run], (column + 1) * height)


def mask_of(crop: Crop, height_px: int, width_px: int) -> Mask:
    """The mask of a whole picture whose pixels are those of a crop."""
    bitmap = crop.bitmap
    if not bitmap.any():
        return Mask.from_runs(np.array([height_px * width_px], dtype=np.int64), height_px, width_px)
    tall = bitmap.shape[0]
    columns_first = np.zeros((bitmap.shape[1], tall + 1), dtype=np.int8)
    columns_first[:, :tall] = bitmap.T
    flat = columns_first.ravel()
    changes = np.flatnonzero(np.diff(flat, prepend=np.int8(0)))
    column, row = np.divmod(changes, tall + 1)
    places = (column + crop.region.x0) * height_px + row + crop.region.y0
    # A run to the lower edge and one from the upper edge of the next column are one run.
    twice = np.flatnonzero(places[1:] == places[:-1])
    keep = np.ones(len(places), dtype=bool)
    keep[twice] = False
    keep[twice + 1] = False
    runs = np.diff(places[keep], prepend=0, append=height_px * width_px)
    if runs[-1] == 0:
        runs = runs[:-1]
    return Mask.from_runs(runs.astype(np.int64), height_px, width_px)
