"""A picture that cannot be read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.canvas import PictureSource
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
