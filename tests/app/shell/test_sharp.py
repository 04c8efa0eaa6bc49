"""What is painted on screens whose pixels are smaller than logical ones."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.style.hairline import fill_lines
from app.style.icons import icon_pixmap
from app.widgets.panel import EmptyState

WHITE, BLACK, RED = QColor("white"), QColor("black"), QColor("red")
SIDE = 40


def _painted(ratio: float, lines: list[QRectF], casing: QColor | None = None) -> np.ndarray:
    """Pixels of the screen after lines were filled on white, as rows of RGB."""
    image = QImage(round(SIDE * ratio), round(SIDE * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(WHITE)
    painter = QPainter(image)
    fill_lines(painter, lines, BLACK, casing)
    painter.end()
    raw = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return raw[:, : image.width(), :3].copy()


@pytest.mark.parametrize(("ratio", "thick"), [(1.0, 1), (1.25, 1), (1.5, 1), (1.75, 1), (2.0, 2), (3.0, 3)])
def test_that_a_line_is_as_thick_wherever_it_lies(qapp: QApplication, ratio: float, thick: int) -> None:
    for place in range(1, SIDE - 2):
        level = _painted(ratio, [QRectF(4, place, 20, 1)])
        upright = _painted(ratio, [QRectF(place, 4, 1, 20)])
        for pixels in (level, upright.swapaxes(0, 1)):
            column = pixels[:, pixels.shape[1] // 4]
            assert {tuple(pixel) for pixel in column} == {(0, 0, 0), (255, 255, 255)}
            assert (column == 0).all(axis=1).sum() == thick


def test_that_no_casing_covers_a_line_of_the_same_mark(qapp: QApplication) -> None:
    lines = [QRectF(20, 10, 1, 20), QRectF(17, 10, 7, 1)]
    pixels = _painted(1.5, lines, RED)
    alone = _painted(1.5, lines)
    is_black = (alone == 0).all(axis=2)
    assert is_black.any()
    assert (pixels[is_black] == 0).all()
    assert (pixels == (0, 0, 255)).all(axis=2).any()


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_that_an_icon_has_a_pixel_for_each_of_the_screen(qapp: QApplication, ratio: float) -> None:
    picture = icon_pixmap("image", BLACK, 20, ratio)
    assert picture.width() == round(20 * ratio)
    assert picture.devicePixelRatio() == ratio


@pytest.mark.parametrize("width", [300, 600, 900, 1400])
def test_that_an_empty_state_has_room_for_all_its_lines(qtbot: QtBot, width: int) -> None:
    hint = (
        "44: no person has answered it, and computed answers alone were not taken; 5: the weaker model solved it often."
    )
    empty = EmptyState("Nothing is taken", hint, icon="search")
    qtbot.addWidget(empty)
    empty.resize(width, 400)
    empty.show()
    qtbot.waitExposed(empty)
    assert empty.hint.line_count() > 1
    assert empty.hint.height() >= empty.hint.heightForWidth(empty.hint.width())
