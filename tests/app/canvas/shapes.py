"""Pictures and masks made of arrays, and a canvas with what a test does with it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.canvas import CanvasInstance, Display, PictureCanvas, PictureSource
from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.domain.keys import InstanceKey

WIDTH, HEIGHT = 60, 40
PLAIN = Display(has_outlines=False, has_names=False)


def instance(
    name: str, box: tuple[int, int, int, int], size: tuple[int, int] = (WIDTH, HEIGHT), **more: Any
) -> CanvasInstance:
    """An instance whose mask fills its box."""
    bitmap = np.zeros((size[1], size[0]), dtype=bool)
    x0, y0, x1, y1 = box
    bitmap[y0:y1, x0:x1] = True
    return masked(name, bitmap, **more)


def masked(name: str, bitmap: NDArray[np.bool_], **more: Any) -> CanvasInstance:
    mask = Mask.from_bitmap(bitmap)
    given = {"category": name.split(maxsplit=1)[0], **more}
    return CanvasInstance(key=InstanceKey(name), name=name, box=mask.box(), mask=mask, **given)


def boxed(name: str, box: Box, **more: Any) -> CanvasInstance:
    return CanvasInstance(key=InstanceKey(name), name=name, category=name, box=box, **more)


def source(pixels: NDArray[np.uint8], name: str = "picture.png") -> PictureSource:
    height, width = pixels.shape[:2]
    return PictureSource(name=name, width_px=width, height_px=height, read=lambda _: pixels)


def grey(value: int = 100, size: tuple[int, int] = (WIDTH, HEIGHT)) -> NDArray[np.uint8]:
    return np.full((size[1], size[0], 3), value, dtype=np.uint8)


def numbered(size: tuple[int, int] = (WIDTH, HEIGHT)) -> NDArray[np.uint8]:
    """A picture in which each pixel tells where it is: red its column, green its row."""
    pixels = np.zeros((size[1], size[0], 3), dtype=np.uint8)
    pixels[..., 0] = np.arange(size[0])[None, :] * 3
    pixels[..., 1] = np.arange(size[1])[:, None] * 5
    return pixels


class Stand:
    """A canvas and what a test does with it."""

    def __init__(self, canvas: PictureCanvas, qtbot: QtBot) -> None:
        self.canvas = canvas
        self.qtbot = qtbot

    def settle(self) -> None:
        self.qtbot.waitUntil(self.canvas.is_settled, timeout=20_000)
        self.canvas.repaint()

    def show(self, pixels: NDArray[np.uint8] | None = None, *instances: CanvasInstance) -> None:
        self.canvas.set_picture(source(grey() if pixels is None else pixels))
        self.canvas.set_instances(instances)
        self.settle()

    def image(self) -> QImage:
        return self.canvas.grab().toImage()

    def at(self, x: float, y: float) -> Any:
        """Place in the window of a point of the picture."""
        return self.canvas.view.to_view(x, y).toPoint()

    def pixel(self, x: float, y: float) -> tuple[int, int, int]:
        """What is painted at a point of the picture."""
        place = self.canvas.view.to_view(x, y)
        colour: QColor = self.image().pixelColor(int(place.x()), int(place.y()))
        return colour.red(), colour.green(), colour.blue()
