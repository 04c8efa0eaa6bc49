"""A picture that cannot be read."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from app.canvas import CanvasLook, PictureSource
from tests.app.canvas.shapes import Stand


def test_that_a_missing_picture_is_named_on_the_canvas_until_another_is_shown(stand: Stand) -> None:
    def read(_: int | None) -> NDArray[np.uint8]:
        raise FileNotFoundError("no such file")

    stand.canvas.set_picture(None)
    empty = stand.image()
    with stand.qtbot.waitSignal(stand.canvas.failed):
        stand.canvas.set_picture(PictureSource(name="gone.jpg", width_px=60, height_px=40, read=read))
    stand.settle()
    assert stand.image() != empty
    assert "gone.jpg cannot be shown" in stand.canvas.accessibleDescription()
    stand.show()
    assert stand.pixel(30, 20) == (100, 100, 100)
    assert "cannot be shown" not in stand.canvas.accessibleDescription()


@pytest.mark.parametrize("ground", ["#0d0e11", "#d5d8dd"])
def test_that_the_words_stand_out_from_the_ground(stand: Stand, ground: str) -> None:
    def read(_: int | None) -> NDArray[np.uint8]:
        raise FileNotFoundError("no such file")

    stand.canvas.set_look(CanvasLook(ground=QColor(ground)))
    with stand.qtbot.waitSignal(stand.canvas.failed):
        stand.canvas.set_picture(PictureSource(name="gone.jpg", width_px=60, height_px=40, read=read))
    stand.settle()
    image = stand.image()
    shades = {image.pixelColor(x, y).lightness() for x in range(image.width()) for y in range(100, 200)}
    assert max(abs(shade - QColor(ground).lightness()) for shade in shades) > 120
