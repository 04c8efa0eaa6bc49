"""COCO run-length code: alternating runs of 0 and 1 down the columns, the first of 0.

Source: COCO `maskApi` (pycocotools); the compressed text packs differences in 5-bit groups, offset by 48.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Runs = NDArray[np.int64]

LONGEST_RUN = 2**32 - 1
"""`maskApi` holds a run in 32 bits."""
_MOST_GROUPS = 7
"""5-bit groups of one number: 7 hold the difference of any two runs."""
_SHORT = 128
"""Up to this many numbers a plain loop beats numpy (measured)."""


def encode(bitmap: NDArray[np.bool_]) -> Runs:
    """Run lengths of a bitmap.

    Shapes:
        bitmap: bool, (H, W)
        returns: int64, (R,)
    """
    bitmap = np.asarray(bitmap, dtype=bool)
    height, width = bitmap.shape
    rows = np.flatnonzero(bitmap.any(axis=1))
    if rows.size == 0:
        return np.array([height * width], dtype=np.int64)
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(bitmap[top:bottom].any(axis=0))
    left, right = int(columns[0]), int(columns[-1]) + 1
    # Only the part inside the bounds is turned to column order: for a small object in a large picture that turning
    # is nearly all of the cost. A row of zeros between the columns keeps their runs apart.
    pitch = min(bottom - top + 1, height)
    columns_first = np.zeros((right - left, pitch), dtype=bool)
    columns_first[:, : bottom - top] = bitmap[top:bottom, left:right].T
    flat = columns_first.ravel()
    cuts = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    if flat[0]:
        cuts = np.concatenate(([0], cuts))
    if flat[-1]:
        cuts = np.append(cuts, flat.size)
    cuts = (cuts // pitch + left) * height + cuts % pitch + top
    return from_changes(cuts, height * width)


def from_changes(cuts: Runs, size: int) -> Runs:
    """Runs between the places where the value changes.

    Args:
        cuts: Places in column order, int64, ascending, each in [0, size] and at most once.
        size: Pixels of the picture.
    """
    if cuts.size and cuts[-1] == size:
        return np.diff(cuts, prepend=0)
    return np.diff(cuts, prepend=0, append=size)


def decode(runs: Runs, height_px: int, width_px: int) -> NDArray[np.bool_]:
    """The bitmap of these runs, bool, (H, W)."""
    values = np.zeros(len(runs), dtype=bool)
    values[1::2] = True
    return np.repeat(values, runs).reshape((height_px, width_px), order="F")


def check(runs: Runs, height_px: int, width_px: int) -> None:
    """Raises ValueError unless the runs cover exactly a picture of this size."""
    size = height_px * width_px
    if len(runs) == 0 or runs.min() < 0 or runs.max() > size or int(runs.sum()) != size:
        raise ValueError(f"run-length code does not cover {height_px} x {width_px} pixels")


def bounds(runs: Runs, height_px: int) -> tuple[float, float, float, float]:
    """(x0, y0, x1, y1) of the pixels set, half-open; all 0 when there are none."""
    ends = np.cumsum(runs)
    starts, stops = ends[:-1:2], ends[1::2]
    if (runs[1::2] == 0).any():
        keep = stops > starts
        starts, stops = starts[keep], stops[keep]
    if len(starts) == 0:
        return (0.0, 0.0, 0.0, 0.0)
    first_column, top = divmod(int(starts[0]), height_px)
    last_column = (int(stops[-1]) - 1) // height_px
    tops, bottoms = starts % height_px, (stops - 1) % height_px
    # A run that goes on into the next column touches the lower and the upper edge; its length or its ends say so.
    if ((tops + (stops - starts)) > height_px).any():
        top, bottom = 0, height_px - 1
    else:
        top, bottom = int(tops.min()), int(bottoms.max())
    return (float(first_column), float(top), float(last_column + 1), float(bottom + 1))


def area(runs: Runs) -> int:
    """Number of pixels set."""
    return int(runs[1::2].sum())


def intersection_area(a: Runs, b: Runs) -> int:
    """Pixels set in both, from the runs alone."""
    if len(a) > len(b):
        a, b = b, a
    ends_a, ends_b = np.cumsum(a), np.cumsum(b)
    if len(a) < 2 or ends_a[0] >= ends_b[len(b) // 2 * 2 - 1] or ends_b[0] >= ends_a[len(a) // 2 * 2 - 1]:
        return 0
    # A run of a from s to e holds below(e) - below(s) of the pixels of b, where below(x) counts those before place x.
    whole_runs = np.zeros(len(b) + 1, dtype=np.int64)
    np.cumsum(b[1::2], out=whole_runs[2::2])
    whole_runs[1::2] = whole_runs[0 : len(b) : 2]
    places = ends_a[: len(a) // 2 * 2]
    index = np.searchsorted(ends_b, places, side="right")
    below = whole_runs[index]
    inside = np.flatnonzero(index & 1)
    below[inside] += places[inside] - ends_b[index[inside] - 1]
    return int(below[1::2].sum() - below[0::2].sum())


def union(codes: Sequence[Runs], size: int) -> Runs:
    """Pixels set in any of several masks of one picture.

    Args:
        codes: Runs of each mask.
        size: Pixels of the picture.
    """
    if len(codes) == 1:
        return codes[0]
    ends = [np.cumsum(code) for code in codes]
    starts = np.concatenate([end[:-1:2] for end in ends]) if ends else np.zeros(0, dtype=np.int64)
    stops = np.concatenate([end[1::2] for end in ends]) if ends else np.zeros(0, dtype=np.int64)
    places, where = np.unique(np.concatenate((starts, stops)), return_inverse=True)
    change = np.bincount(where[: len(starts)], minlength=len(places)) - np.bincount(
        where[len(starts) :], minlength=len(places)
    )
    is_set = np.cumsum(change) > 0
    before = np.concatenate(([False], is_set[:-1]))
    return from_changes(places[is_set != before].astype(np.int64), size)


def to_string(runs: Runs) -> str:
    """Compresses run lengths to COCO's ASCII text."""
    if len(runs) <= _SHORT:
        return _to_string_plainly(runs.tolist())
    numbers = np.array(runs, dtype=np.int64)
    numbers[3:] -= runs[1:-2]
    # A number takes as many groups of 5 bits as hold it with its sign.
    magnitude = np.where(numbers < 0, ~numbers, numbers)
    groups = np.ones(len(numbers), dtype=np.int64)
    for group in range(1, 13):
        longer = magnitude >= 1 << (5 * group - 1)
        if not longer.any():
            break
        groups += longer
    ends = np.cumsum(groups)
    out = np.empty(int(ends[-1]), dtype=np.uint8)
    first = ends - groups
    for group in range(int(groups.max())):
        has = groups > group if group else slice(None)
        more = (groups[has] > group + 1).astype(np.int64) << 5
        out[first[has] + group] = ((numbers[has] >> (5 * group)) & 0x1F | more) + 48
    return out.tobytes().decode("ascii")


def _to_string_plainly(counts: list[int]) -> str:
    out = bytearray()
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
        ValueError: The text ends inside a number, holds other characters, or a run is negative or longer than 32 bits.
    """
    groups = np.frombuffer(text.encode("ascii"), dtype=np.uint8) - np.uint8(48)  # below "0" wraps round to 208 and up
    if groups.size == 0:
        return np.zeros(0, dtype=np.int64)
    if groups.max() >= 64:
        raise ValueError("run-length text holds a character outside its alphabet")
    if groups[-1] & 0x20:
        raise ValueError("run-length text ends inside a number")
    last = np.flatnonzero(groups < 0x20)
    first = np.empty_like(last)
    first[0] = 0
    first[1:] = last[:-1] + 1
    lengths = last - first
    longest = int(lengths.max())
    if longest >= _MOST_GROUPS:
        raise ValueError("run-length text holds a number of more than 32 bits")
    bits = (groups & 0x1F).astype(np.int64)
    counts = bits[first]
    for group in range(1, longest + 1):
        has = np.flatnonzero(lengths >= group)
        counts[has] |= bits[first[has] + group] << (5 * group)
    counts -= ((groups[last] & 0x10).astype(np.int64) << 1) << (5 * lengths)
    # Each number but the first three is the difference to the one two before it.
    counts[1::2] = np.cumsum(counts[1::2])
    counts[2::2] = np.cumsum(counts[2::2])
    if counts.min() < 0 or counts.max() > LONGEST_RUN:
        raise ValueError("run-length text holds a run that is negative or longer than 32 bits")
    return counts
