"""A canvas in a window of its own."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import threading
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.bridge import Bridge
from app.canvas import CanvasLook, Display, PictureCanvas
from tests.app.canvas.shapes import PLAIN, Stand


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[Bridge]:
    before = set(threading.enumerate())
    made = Bridge()
    yield made
    made.close()
    left = [t for t in set(threading.enumerate()) - before if t.is_alive()]
    assert not left, f"threads still run: {left}"


@pytest.fixture
def make_stand(qtbot: QtBot, bridge: Bridge) -> Iterator[Callable[..., Stand]]:
    made: list[PictureCanvas] = []

    def make(width: int = 400, height: int = 300, display: Display = PLAIN) -> Stand:
        canvas = PictureCanvas(bridge.ask, CanvasLook())
        made.append(canvas)
        qtbot.addWidget(canvas)
        canvas.resize(width, height)
        canvas.set_reduced_motion(True)
        canvas.set_display(display)
        canvas.show()
        qtbot.waitExposed(canvas)
        return Stand(canvas, qtbot)

    yield make
    for canvas in made:
        canvas.close_down()


@pytest.fixture
def stand(make_stand: Callable[..., Stand]) -> Stand:
    """A canvas of 400 by 300 without outlines and names, so that a test sees fills alone."""
    return make_stand()
