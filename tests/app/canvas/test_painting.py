"""Drawing on screens with more than one device pixel for a logical one, again and again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from app.canvas.content import Content
from app.canvas.label_map import build
from app.canvas.look import CanvasLook
from app.canvas.painting import Painting
from app.canvas.pyramid import Pyramid
from app.canvas.tools import SelectTool
from app.canvas.view_transform import ViewTransform
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.keys import InstanceKey
from tests.app.canvas.shapes import HEIGHT, PLAIN, WIDTH, grey, instance


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_that_masks_stay_on_their_pixels_on_any_screen_whatever_is_painted_again(qtbot: QtBot, ratio: float) -> None:
    content = Content(CanvasLook())
    content.width_px, content.height_px = WIDTH, HEIGHT
    content.labels = build(WIDTH, HEIGHT, [instance("a", (10, 10, 30, 20)), instance("b", (40, 10, 50, 35))])
    content.set_instances([instance("a", (10, 10, 30, 20)), instance("b", (40, 10, 50, 35))])
    content.opacity = 1.0
    painting = Painting(content)
    painting.display = replace(PLAIN)
    painting.pyramid = Pyramid.of(grey(100), WIDTH, HEIGHT)
    device_width, device_height = round(400 * ratio), round(300 * ratio)
    view = ViewTransform(WIDTH, HEIGHT, device_width, device_height, ratio).fitted()
    for move in range(4):
        view = view.panned(0.0 if move == 0 else 7.0, -3.0 * move).snapped()
        content.selected = ()
        painting.forget_colours()
        image = QImage(device_width, device_height, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        painter = QPainter(image)
        painting.paint(painter, view, QRectF(0, 0, 400, 300), SelectTool(None))  # type: ignore[arg-type]
        painter.end()
        for box, key in ((Box(10, 10, 30, 20), "a"), (Box(40, 10, 50, 35), "b")):
            expected = content.colour(key).name()  # type: ignore[arg-type]
            for x, y in ((box.x0 + 0.5, box.y0 + 0.5), (box.x1 - 0.5, box.y1 - 0.5)):
                colour = image.pixelColor(int(x * view.scale + view.x), int(y * view.scale + view.y))
                assert colour.name() == expected, (move, key, x, y)
            beside = image.pixelColor(int((box.x0 - 0.5) * view.scale + view.x), int(15.5 * view.scale + view.y))
            assert beside == QColor(100, 100, 100)


@pytest.mark.parametrize("ratio", [1.0, 2.0, 3.0])
def test_that_a_line_is_as_wide_on_any_screen(qtbot: QtBot, ratio: float) -> None:
    content = Content(CanvasLook())
    content.width_px, content.height_px = WIDTH, HEIGHT
    content.labels = build(WIDTH, HEIGHT, [instance("a", (10, 10, 50, 30))])
    content.set_instances([instance("a", (10, 10, 50, 30))])
    content.selected = (InstanceKey("a"),)
    painting = Painting(content)
    painting.display = PLAIN
    painting.pyramid = Pyramid.of(grey(100), WIDTH, HEIGHT)
    width, height = round(400 * ratio), round(300 * ratio)
    view = ViewTransform(WIDTH, HEIGHT, width, height, ratio).fitted().snapped()
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    painter = QPainter(image)
    painting.paint(painter, view, QRectF(0, 0, 400, 300), SelectTool(None))  # type: ignore[arg-type]
    painter.end()
    y, left = round(20 * view.scale + view.y), 10 * view.scale + view.x
    row = [image.pixelColor(x, y) for x in range(round(left - 12 * ratio), round(left))]
    # The casing of a selected one is six pixels wide; half of it lies outside.
    first = next(index for index, colour in enumerate(row) if abs(colour.red() - 100) > 25)
    assert len(row) - first == pytest.approx(3 * ratio, abs=1)
