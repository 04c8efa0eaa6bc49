"""A picture at full size, half, a quarter and so on, ready to be painted."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from app.canvas.values import Region
from app.canvas.view_transform import ViewTransform

SMALLEST_SIDE_PX = 512
"""Halving ends when the longer side is no more than this. Chosen."""
UNSMOOTHED_FROM = 4.0
"""From this many device pixels for a pixel of the picture on, pixels are shown as squares. Chosen."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The picture at one size.

    Attributes:
        image: All of it; its pixels belong to `pixels`.
        pixels: uint8, (H, W, 4) as blue, green, red, 255. The largest level stays as it was decoded, (H, W, 3) as red,
            green, blue: to turn all of 50 megapixels takes a quarter of a second and 200 MB, a window of them 2 ms.
        scale_x: Columns of this for a column of the picture.
        scale_y: Rows of this for a row of the picture.
    """

    image: QImage
    pixels: NDArray[np.uint8]
    scale_x: float
    scale_y: float

    def part(self, region: Region) -> NDArray[np.uint8]:
        """A region of this level as blue, green, red, 255: uint8, (rows, columns, 4)."""
        pixels = self.pixels[region.slices]
        return pixels if pixels.shape[2] == 4 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGRA), dtype=np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Pyramid:
    """A picture at falling sizes.

    Attributes:
        width_px: Columns of the picture, whatever the first level has.
        height_px: Rows of the picture.
        levels: The largest first; while a picture is still being decoded the first is smaller than the picture.
    """

    width_px: int
    height_px: int
    levels: tuple[Level, ...]

    @classmethod
    def of(cls, rgb: NDArray[np.uint8], width_px: int, height_px: int) -> Pyramid:
        """Builds all levels. Takes time for a large picture: call it off the GUI thread.

        Args:
            rgb: uint8, (H, W, 3); as large as the picture, or a smaller copy of it.
            width_px: Columns of the picture.
            height_px: Rows of the picture.
        """
        pixels = rgb
        levels = [_level(pixels, width_px, height_px)]
        while max(pixels.shape[:2]) > SMALLEST_SIDE_PX:
            half = (max(1, pixels.shape[1] // 2), max(1, pixels.shape[0] // 2))
            pixels = np.asarray(cv2.resize(pixels, half, interpolation=cv2.INTER_AREA), dtype=np.uint8)
            if pixels.shape[2] == 3:
                pixels = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGRA), dtype=np.uint8)
            levels.append(_level(pixels, width_px, height_px))
        return cls(width_px, height_px, tuple(levels))

    @property
    def is_whole(self) -> bool:
        """Whether the picture is there at its full size."""
        return self.levels[0].image.width() == self.width_px

    @property
    def size_bytes(self) -> int:
        """Of all levels."""
        return sum(level.pixels.nbytes for level in self.levels)

    def level_for(self, scale: float) -> Level:
        """The smallest level that needs no enlarging at this scale, else the largest there is."""
        for level in reversed(self.levels):
            if level.scale_x >= scale * 0.98:
                return level
        return self.levels[0]

    def has_squares(self, view: ViewTransform) -> bool:
        """Whether the view is so near that pixels are shown as squares."""
        return view.scale >= UNSMOOTHED_FROM and self.is_whole

    def paint(self, painter: QPainter, view: ViewTransform, region: Region) -> None:
        """Paints what a region of the window shows, smoothed.

        Args:
            painter: In device pixels of the window.
            view: Snapped.
            region: Device pixels.
        """
        level = self.level_for(view.scale)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, view.scale != level.scale_x)
        scale_x, scale_y = view.scale / level.scale_x, view.scale / level.scale_y
        # One pixel more on each side, so that smoothing at the edge of the region sees its neighbours.
        x0 = max(0, int((region.x0 - view.x) / scale_x) - 1)
        y0 = max(0, int((region.y0 - view.y) / scale_y) - 1)
        x1 = min(level.image.width(), int((region.x1 - view.x) / scale_x) + 2)
        y1 = min(level.image.height(), int((region.y1 - view.y) / scale_y) + 2)
        if x1 <= x0 or y1 <= y0:
            return
        target = QRectF(view.x + x0 * scale_x, view.y + y0 * scale_y, (x1 - x0) * scale_x, (y1 - y0) * scale_y)
        if level.pixels.shape[2] == 4:
            painter.drawImage(target, level.image, QRectF(x0, y0, x1 - x0, y1 - y0))
        else:
            part = level.part(Region(x0, y0, x1, y1))
            painter.drawImage(target, QImage(part.data, x1 - x0, y1 - y0, part.strides[0], QImage.Format.Format_RGB32))


def _level(pixels: NDArray[np.uint8], width_px: int, height_px: int) -> Level:
    height, width, channels = pixels.shape
    form = QImage.Format.Format_RGB32 if channels == 4 else QImage.Format.Format_RGB888
    image = QImage(pixels.data, width, height, pixels.strides[0], form)
    return Level(image, pixels, width / width_px, height / height_px)


def tone_table(brightness: float, contrast: float) -> NDArray[np.uint8] | None:
    """The table that brightens and spreads the values of a picture; None where it would change nothing.

    Args:
        brightness: -1 (black) to 1 (white); 0 changes nothing.
        contrast: -1 (grey) to 1 (two tones); 0 changes nothing.
    """
    if brightness == 0 and contrast == 0:
        return None
    slope = float(np.tan((np.clip(contrast, -1, 0.999) + 1) * np.pi / 4))
    values = (np.arange(256) / 255 - 0.5) * slope + 0.5 + brightness
    return np.clip(np.rint(values * 255), 0, 255).astype(np.uint8)
