"""Masks as run-length codes, beside pycocotools: encoding, decoding, area, bounds, IoU and polygons.

The masks are drawn to be like those of photographs: jagged outlines of 10 to 400 pixels across, some with holes, in
pictures of 640 x 480 and one of 12 megapixels. pycocotools is written in C, ours in numpy.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco

from hopchain_core.domain import polygons, rle
from hopchain_core.domain.geometry import Mask

MASKS = 300
LARGE = 12
Bitmap = NDArray[np.bool_]


def main() -> None:
    """Prints every row."""
    for row in run():
        print(f"{row['name']}: {row['ours']:.3g} {row['unit']}, {row['other_name']} {row['other']:.3g} {row['unit']}")


def run() -> list[dict[str, Any]]:
    """All measurements of masks."""
    random = np.random.default_rng(0)
    outlines = [outline(random, 640, 480) for _ in range(MASKS)]
    bitmaps = [bitmap_of(o, random, 640, 480) for o in outlines]
    rows = measure(bitmaps, "640 x 480")
    rows.append(
        _row(
            "polygon to runs",
            lambda: [polygons.rasterize(o, 480, 640) for o in outlines],
            lambda: [coco.frPyObjects([o.ravel().tolist()], 480, 640) for o in outlines],
            MASKS,
            "the same pixels",
        )
    )
    large = [bitmap_of(outline(random, 4000, 3000), random, 4000, 3000) for _ in range(LARGE)]
    return rows + [row for row in measure(large, "4000 x 3000") if "code" in row["name"]]


def measure(bitmaps: list[Bitmap], size: str) -> list[dict[str, Any]]:
    """Ours beside theirs over the same bitmaps."""
    height, width = bitmaps[0].shape
    count = len(bitmaps)
    codes = [coco.encode(np.asfortranarray(b.view(np.uint8))) for b in bitmaps]
    texts = [code["counts"].decode() for code in codes]
    runs = [rle.from_string(text) for text in texts]
    assert [Mask.from_bitmap(b).counts for b in bitmaps] == texts
    pairs = list(zip(runs, runs[1:] + runs[:1], strict=True))
    areas = [rle.area(r) for r in runs]
    note = f"{size}, {int(np.median([len(r) for r in runs]))} runs in the median"

    def our_ious() -> list[float]:
        common = [rle.intersection_area(a, b) for a, b in pairs]
        return [c / (areas[i] + areas[(i + 1) % count] - c) for i, c in enumerate(common)]

    return [
        _row(
            f"bitmap to code, {size}",
            lambda: [rle.to_string(rle.encode(b)) for b in bitmaps],
            lambda: [coco.encode(np.asfortranarray(b.view(np.uint8))) for b in bitmaps],
            count,
            note,
        ),
        _row(
            f"code to bitmap, {size}",
            lambda: [rle.decode(rle.from_string(t), height, width) for t in texts],
            lambda: [coco.decode(code) for code in codes],
            count,
            note,
        ),
        _row("area", lambda: [rle.area(r) for r in runs], lambda: [coco.area(code) for code in codes], count, note),
        _row(
            "bounds",
            lambda: [rle.bounds(r, height) for r in runs],
            lambda: [coco.toBbox(code) for code in codes],
            count,
            note,
        ),
        _row(
            "IoU of a pair",
            our_ious,
            lambda: [coco.iou([a], [b], [0]) for a, b in zip(codes, codes[1:] + codes[:1], strict=True)],
            count,
            f"{note}; ours on runs already read, as `Mask` keeps them",
        ),
    ]


def outline(random: np.random.Generator, width: int, height: int) -> NDArray[np.float64]:
    """Corners of a jagged blob, float64, (N, 2)."""
    corners = int(random.integers(12, 60))
    radius = float(np.exp(random.uniform(np.log(5), np.log(200)))) * width / 640
    angles = np.sort(random.uniform(0, 2 * np.pi, corners))
    radii = radius * random.uniform(0.6, 1.0, corners)
    middle = random.uniform((0, 0), (width, height))
    return np.stack([middle[0] + radii * np.cos(angles), middle[1] + radii * np.sin(angles)], axis=1)


def bitmap_of(corners: NDArray[np.float64], random: np.random.Generator, width: int, height: int) -> Bitmap:
    """The blob, bool, (H, W), C-contiguous; every third has holes."""
    bitmap = np.ascontiguousarray(rle.decode(polygons.rasterize(corners, height, width), height, width))
    if random.random() < 1 / 3:
        for _ in range(5):
            x, y = random.uniform((0, 0), (width, height)).astype(int)
            bitmap[y : y + height // 20, x : x + width // 20] = False
    if not bitmap.any():
        bitmap[height // 2, width // 2] = True
    return bitmap


def _row(name: str, ours: Callable[[], object], other: Callable[[], object], count: int, note: str) -> dict[str, Any]:
    return {
        "name": name,
        "ours": _microseconds(ours, count),
        "other_name": "pycocotools",
        "other": _microseconds(other, count),
        "unit": "µs",
        "note": note,
    }


def _microseconds(work: Callable[[], object], count: int) -> float:
    """The best of five rounds, for one mask."""
    best = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best / count * 1e6


if __name__ == "__main__":
    main()
