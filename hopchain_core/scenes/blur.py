"""Box blurs by running sums, the same to the bit everywhere."""

from __future__ import annotations

from typing import Any

import numpy as np

from hopchain_core.scenes.exactness import Singles, single


def smoothed(values: Singles, radius: int, passes: int = 2) -> Singles:
    """Passes of a box of this radius along both axes; edges go on as they are, (h, w)."""
    out = values.astype(np.float64)
    for _ in range(passes):
        for axis in (0, 1):
            out = _boxed(out, min(radius, (out.shape[axis] - 1) // 2), axis)
    return out.astype(np.float32)


def smoothed_within(values: Singles, weight: Singles, radius: int) -> Singles:
    """Values smoothed where there is weight, from where there is weight, (h, w)."""
    total = smoothed(weight, radius, passes=1)
    return single(smoothed(values * weight, radius, passes=1) / np.maximum(total, np.float32(1e-6)))


def _boxed(values: Any, radius: int, axis: int) -> Any:
    if radius < 1:
        return values
    pad = [(0, 0), (0, 0)]
    pad[axis] = (radius + 1, radius)
    total = np.cumsum(np.pad(values, pad, mode="edge"), axis=axis)
    size = values.shape[axis]
    if axis == 0:
        return (total[2 * radius + 1 :][:size] - total[:size]) / (2 * radius + 1)
    return (total[:, 2 * radius + 1 :][:, :size] - total[:, :size]) / (2 * radius + 1)
