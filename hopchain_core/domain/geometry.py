"""Boxes and masks in the pixels of the upright picture.

Frame: origin at the top left corner of the top left pixel, x to the right, y down. A box is half-open: it covers
x0 <= x < x1 and y0 <= y < y1, so `x1 - x0` is its width.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hopchain_core.domain import rle

Bitmap = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the picture, in pixels."""

    x: float
    y: float

    def distance(self, other: Point) -> float:
        """Euclidean distance in pixels."""
        return math.hypot(self.x - other.x, self.y - other.y)


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-parallel box: absolute pixels of the upright picture, half-open.

    Raises:
        ValueError: A corner is not finite, or the box is turned inside out.
    """

    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        if not all(math.isfinite(v) for v in (self.x0, self.y0, self.x1, self.y1)):
            raise ValueError(f"a box needs four finite numbers, not {self}")
        if self.x1 < self.x0 or self.y1 < self.y0:
            raise ValueError(f"a box needs x0 <= x1 and y0 <= y1, not {self}")

    @property
    def width(self) -> float:
        """Pixels from the left edge to the right edge."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Pixels from the upper edge to the lower edge."""
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        """Square pixels."""
        return self.width * self.height

    @property
    def centre(self) -> Point:
        """The middle of the box."""
        return Point((self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2)

    def intersection_area(self, other: Box) -> float:
        """Square pixels that both boxes cover."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        return max(0.0, width) * max(0.0, height)

    def iou(self, other: Box) -> float:
        """Intersection over union, in [0, 1]; 0 when both are empty."""
        common = self.intersection_area(other)
        union = self.area + other.area - common
        return common / union if union > 0 else 0.0

    def gap(self, other: Box) -> float:
        """Pixels between the nearest edges; 0 when the boxes touch or overlap."""
        dx = max(0.0, self.x0 - other.x1, other.x0 - self.x1)
        dy = max(0.0, self.y0 - other.y1, other.y0 - self.y1)
        return math.hypot(dx, dy)

    def clipped(self, width_px: int, height_px: int) -> Box:
        """The part inside a picture of this size (may be empty)."""
        x0, x1 = (min(max(v, 0.0), float(width_px)) for v in (self.x0, self.x1))
        y0, y1 = (min(max(v, 0.0), float(height_px)) for v in (self.y0, self.y1))
        return Box(x0, y0, x1, y1)

    def scaled_1000(self, width_px: int, height_px: int) -> tuple[int, int, int, int]:
        """The corners in thousandths of the picture's sides, rounded, as Qwen3-VL speaks of boxes."""
        return (
            round(1000 * self.x0 / width_px),
            round(1000 * self.y0 / height_px),
            round(1000 * self.x1 / width_px),
            round(1000 * self.y1 / height_px),
        )

    def as_tuple(self) -> tuple[float, float, float, float]:
        """(x0, y0, x1, y1)."""
        return (self.x0, self.y0, self.x1, self.y1)


@dataclass(frozen=True, slots=True)
class Mask:
    """Which pixels belong to an instance: COCO run-length code, column-major, compressed to ASCII.

    Attributes:
        height_px: Rows of the picture.
        width_px: Columns of the picture.
        counts: The compressed counts as in COCO's `maskApi` (`rleToString`), ASCII.
    """

    height_px: int
    width_px: int
    counts: str

    @classmethod
    def from_bitmap(cls, bitmap: Bitmap) -> Mask:
        """Encodes a bitmap.

        Shapes:
            bitmap: bool, (H, W)
        """
        height, width = bitmap.shape
        return cls(height, width, rle.to_string(rle.encode(bitmap)))

    @classmethod
    def from_runs(cls, runs: NDArray[np.int64], height_px: int, width_px: int) -> Mask:
        """Takes uncompressed counts: lengths of alternating runs of 0 and 1, column by column, first of 0.

        Raises:
            ValueError: The counts do not add up to H * W, or one is negative.
        """
        rle.check(runs, height_px, width_px)
        return cls(height_px, width_px, rle.to_string(runs))

    @classmethod
    def union(cls, masks: Sequence[Mask]) -> Mask:
        """The pixels set in any of several masks of one picture.

        Raises:
            ValueError: There is none, or they belong to pictures of different sizes.
        """
        sizes = {(mask.height_px, mask.width_px) for mask in masks}
        if len(sizes) != 1:
            raise ValueError("only masks of one picture have a union")
        ((height_px, width_px),) = sizes
        runs = rle.union([mask.runs() for mask in masks], height_px * width_px)
        return cls(height_px, width_px, rle.to_string(runs))

    def runs(self) -> NDArray[np.int64]:
        """Uncompressed counts, int64, (R,).

        Raises:
            ValueError: The text is no run-length code of a picture of this size.
        """
        return _runs(self)

    def to_bitmap(self) -> Bitmap:
        """Decodes to bool, (H, W)."""
        return rle.decode(self.runs(), self.height_px, self.width_px)

    @property
    def area(self) -> int:
        """Number of pixels set."""
        return rle.area(self.runs())

    def box(self) -> Box:
        """The smallest box round the pixels set; an empty box at the origin when there are none."""
        return Box(*rle.bounds(self.runs(), self.height_px))

    def iou(self, other: Mask) -> float:
        """Intersection over union in [0, 1], computed on the runs; 0 when both are empty.

        Raises:
            ValueError: The masks belong to pictures of different sizes.
        """
        if (self.height_px, self.width_px) != (other.height_px, other.width_px):
            raise ValueError("masks of pictures of different sizes have no IoU")
        common = rle.intersection_area(self.runs(), other.runs())
        union = self.area + other.area - common
        return common / union if union else 0.0


@lru_cache(maxsize=4096)
def _runs(mask: Mask) -> NDArray[np.int64]:
    runs = rle.from_string(mask.counts)
    rle.check(runs, mask.height_px, mask.width_px)
    runs.flags.writeable = False
    return runs
