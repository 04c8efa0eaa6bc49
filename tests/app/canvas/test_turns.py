"""The canvas is drawn in turns of its own, so that the window is not held up by it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from app.bridge import Bridge
from app.canvas import CanvasLook, Display, PictureCanvas
from app.canvas.content import Content
from app.canvas.label_map import build
from app.canvas.painting import Painting
from app.canvas.pyramid import Pyramid
from app.canvas.tools import SelectTool
from app.canvas.view_transform import ViewTransform
from tests.app.canvas.shapes import HEIGHT, WIDTH, Stand, grey, instance, source

OUTLINED = Display(has_outlines=True, has_names=False)
MANY = [instance(f"i{n}", (2 * n, 2 * n, 2 * n + 12, 2 * n + 12)) for n in range(12)]


def _painting() -> tuple[Painting, ViewTransform]:
    content = Content(CanvasLook())
    content.width_px, content.height_px = WIDTH, HEIGHT
    content.labels = build(WIDTH, HEIGHT, MANY)
    content.set_instances(MANY)
    painting = Painting(content)
    painting.display = OUTLINED
    painting.pyramid = Pyramid.of(grey(100), WIDTH, HEIGHT)
    return painting, ViewTransform(WIDTH, HEIGHT, 400, 300, 1.0).fitted().snapped()


def _drawn(painting: Painting, view: ViewTransform, *, is_whole: bool = True) -> QImage:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painting.paint(painter, view, QRectF(0, 0, 400, 300), SelectTool(None), is_whole=is_whole)  # type: ignore[arg-type]
    painter.end()
    return image


def test_that_a_turn_ends_when_its_time_is_over(qtbot: QtBot) -> None:
    painting, view = _painting()
    window = QRectF(0, 0, 400, 300)
    assert not painting.make_ready(view, window, time.perf_counter() - 1)
    assert painting.make_ready(view, window, time.perf_counter() + 60)
    # What has been worked out stays.
    assert painting.make_ready(view, window, time.perf_counter() + 60)


def test_that_what_was_made_ready_in_turns_looks_as_if_drawn_at_once(qtbot: QtBot) -> None:
    (in_turns, view), (at_once, _) = _painting(), _painting()
    in_turns.make_ready(view, QRectF(0, 0, 400, 300), time.perf_counter() - 1)
    bare = _drawn(in_turns, view, is_whole=False)
    in_turns.make_ready(view, QRectF(0, 0, 400, 300), time.perf_counter() + 60)
    assert _drawn(in_turns, view, is_whole=False) == _drawn(at_once, view)
    # Before, the outlines were left out.
    assert bare != _drawn(at_once, view)


def test_that_the_window_shows_what_was_drawn_before_until_the_next_is(stand: Stand, qtbot: QtBot) -> None:
    canvas = stand.canvas
    stand.show(grey(100))
    seen = QImage(canvas.size(), QImage.Format.Format_RGB32)

    def paint() -> int:
        # As the window has it painted, not as `render` of the canvas would.
        QWidget.render(canvas, seen, QPoint())
        return seen.pixelColor(200, 150).red()

    assert paint() == 100
    canvas.set_tone(0.3, 0.0)
    assert not canvas.is_settled()
    assert paint() == 100
    qtbot.waitUntil(canvas.is_settled, timeout=20_000)
    assert paint() > 100


@pytest.mark.parametrize("what", ["repaint", "grab", "render"])
def test_that_whoever_has_it_painted_at_once_sees_it_as_it_is(stand: Stand, qtbot: QtBot, what: str) -> None:
    canvas = stand.canvas
    stand.show(grey(100))
    canvas.set_tone(0.3, 0.0)
    image = QImage(canvas.size(), QImage.Format.Format_RGB32)
    if what == "render":
        canvas.render(image, QPoint())
    elif what == "grab":
        image = canvas.grab().toImage()
    else:
        canvas.repaint()
        QWidget.render(canvas, image, QPoint())
    assert image.pixelColor(200, 150).red() > 100
    assert canvas.is_settled()


def test_that_a_canvas_out_of_sight_is_drawn_when_it_is_seen(qtbot: QtBot, bridge: Bridge) -> None:
    stack = QStackedWidget()
    qtbot.addWidget(stack)
    canvas = PictureCanvas(bridge.ask, CanvasLook())
    canvas.set_reduced_motion(True)
    stack.addWidget(QWidget())
    stack.addWidget(canvas)
    stack.resize(400, 300)
    stack.show()
    qtbot.waitExposed(stack)
    stand = Stand(canvas, qtbot)
    canvas.set_picture(source(grey(100)))
    qtbot.waitUntil(canvas.is_settled, timeout=20_000)
    stack.setCurrentWidget(canvas)
    qtbot.waitUntil(lambda: _seen(canvas).pixelColor(200, 150).red() == 100, timeout=20_000)
    assert stand.canvas.is_settled()
    canvas.close_down()


def test_that_many_outlines_come_bit_by_bit(
    make_stand: Callable[..., Stand], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.canvas.surface._TURN_S", 0.0)
    stand = make_stand(display=OUTLINED)
    stand.canvas.set_picture(source(grey(100)))
    stand.canvas.set_instances(MANY)
    seen: list[bytes] = []
    while not stand.canvas.is_settled():
        QCoreApplication.processEvents()
        seen.append(bytes(_seen(stand.canvas).constBits()))
    # A turn had time for one at most; what was there was shown on the way.
    assert len(set(seen)) > 2
    assert stand.image() == _seen(stand.canvas)


def _seen(canvas: PictureCanvas) -> QImage:
    image = QImage(canvas.size(), QImage.Format.Format_RGB32)
    QWidget.render(canvas, image, QPoint())
    return image
