"""COCO run-length code: alternating runs of 0 and 1 down the columns, the first of 0.

Source: COCO `maskApi` (pycocotools); the compressed text packs differences in 5-bit groups, offset by 48.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Runs = NDArray[np.int64]


def encode(bitmap: NDArray[np.bool_]) -> Runs:
    """Run lengths of a bitmap.

    Shapes:
        bitmap: bool, (H, W)
        returns: int64, (R,)
    """
    flat = np.asarray(bitmap, dtype=bool).ravel(order="F")
    if flat.size == 0:
        return np.zeros(1, dtype=np.int64)
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    bounds = np.concatenate(([0], edges, [flat.size]))
    runs = np.diff(bounds)
    return np.concatenate(([0], runs)) if flat[0] else runs


def decode(runs: Runs, height_px: int, width_px: int) -> NDArray[np.bool_]:
    """The bitmap of these runs, bool, (H, W)."""
    values = np.zeros(len(runs), dtype=bool)
    values[1::2] = True
    return np.repeat(values, runs).reshape((height_px, width_px), order="F")


def check(runs: Runs, height_px: int, width_px: int) -> None:
    """Raises ValueError unless the runs cover exactly a picture of this size."""
    if len(runs) == 0 or (runs < 0).any() or int(runs.sum()) != height_px * width_px:
        raise ValueError(f"run-length code does not cover {height_px} x {width_px} pixels")


def bounds(runs: Runs, height_px: int) -> tuple[float, float, float, float]:
    """(x0, y0, x1, y1) of the pixels set, half-open; all 0 when there are none."""
    ends = np.cumsum(runs)
    starts = (ends - runs)[1::2]
    stops = ends[1::2]
    keep = stops > starts
    starts, stops = starts[keep], stops[keep]
    if len(starts) == 0:
        return (0.0, 0.0, 0.0, 0.0)
    first_column, last_column = starts // height_px, (stops - 1) // height_px
    wraps = first_column != last_column
    top = np.where(wraps, 0, starts % height_px).min()
    bottom = np.where(wraps, height_px - 1, (stops - 1) % height_px).max()
    return (float(first_column.min()), float(top), float(last_column.max() + 1), float(bottom + 1))


def intersection_area(a: Runs, b: Runs) -> int:
    """Pixels set in both, from the runs alone."""
    ends_a, ends_b = np.cumsum(a), np.cumsum(b)
    cuts = np.union1d(ends_a, ends_b)
    lengths = np.diff(np.concatenate(([0], cuts)))
    in_a = np.searchsorted(ends_a, cuts, side="left") % 2 == 1
    in_b = np.searchsorted(ends_b, cuts, side="left") % 2 == 1
    return int(lengths[in_a & in_b].sum())


def to_string(runs: Runs) -> str:
    """Compresses run lengths to COCO's ASCII text."""
    out = bytearray()
    counts = runs.tolist()
    for i, count in enumerate(counts):
        x = count - counts[i - 2] if i > 2 else count
        more = True
        while more:
            group = x & 0x1F
            x >>= 5
            more = (x != -1) if group & 0x10 else (x != 0)
            out.append((group | 0x20 if more else group) + 48)
    return out.decode("ascii")


def from_string(text: str) -> Runs:
    """Reads COCO's ASCII text.

    Raises:
        ValueError: The text ends inside a number or holds other characters.
    """
    counts: list[int] = []
    value = shift = 0
    for byte in text.encode("ascii", errors="strict"):
        group = byte - 48
        if not 0 <= group < 64:
            raise ValueError("run-length text holds a character outside its alphabet")
        value |= (group & 0x1F) << shift
        shift += 5
        if group & 0x20:
            continue
        if group & 0x10:
            value |= -1 << shift
        if len(counts) > 2:
            value += counts[-2]
        counts.append(value)
        value = shift = 0
    if shift:
        raise ValueError("run-length text ends inside a number")
    return np.array(counts, dtype=np.int64)
