"""Pictures and label maps come from elsewhere: late, in parts, or not at all."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from app.canvas import PictureSource
from hopchain_core.domain.geometry import Point
from hopchain_core.errors import PictureError
from hopchain_core.pictures.decode import read_rgb
from tests.app.canvas.shapes import Stand, grey, instance, source


class SlowPicture:
    """A picture that is read only when it is let go."""

    def __init__(self, value: int) -> None:
        self.value = value
        self.is_free = threading.Event()
        self.threads: list[threading.Thread] = []
        self.sides: list[int | None] = []

    def read(self, side: int | None) -> NDArray[np.uint8]:
        self.threads.append(threading.current_thread())
        self.sides.append(side)
        assert self.is_free.wait(5)
        return grey(self.value)

    def source(self) -> PictureSource:
        return replace(source(grey(), f"{self.value}.png"), read=self.read)


def test_that_a_picture_is_read_in_another_thread(stand: Stand) -> None:
    slow = SlowPicture(77)
    slow.is_free.set()
    stand.canvas.set_picture(slow.source())
    stand.settle()
    assert slow.threads[0] is not threading.main_thread()
    assert stand.pixel(30, 20) == (77, 77, 77)


def test_that_a_picture_nobody_waits_for_is_not_shown(stand: Stand) -> None:
    late, wanted = SlowPicture(10), SlowPicture(200)
    shown: list[bool] = []
    stand.canvas.picture_shown.connect(shown.append)
    stand.canvas.set_picture(late.source())
    stand.qtbot.waitUntil(lambda: bool(late.threads))
    wanted.is_free.set()
    stand.canvas.set_picture(wanted.source())
    stand.settle()
    late.is_free.set()
    stand.qtbot.wait(50)
    assert stand.pixel(30, 20) == (200, 200, 200)
    assert shown == [True]


def test_that_a_large_picture_is_shown_small_first(stand: Stand) -> None:
    sides: list[int | None] = []

    def read(side: int | None) -> NDArray[np.uint8]:
        sides.append(side)
        return grey(50, (400, 300)) if side else grey(90, (4000, 3000))

    shown: list[bool] = []
    stand.canvas.picture_shown.connect(shown.append)
    stand.canvas.set_picture(PictureSource(name="large", width_px=4000, height_px=3000, read=read))
    stand.settle()
    assert sides == [2000, None]
    assert shown == [False, True]
    assert stand.pixel(2000, 1500) == (90, 90, 90)


def test_that_a_picture_that_cannot_be_read_is_told(stand: Stand) -> None:
    def read(side: int | None) -> NDArray[np.uint8]:
        raise PictureError("the file ends too early", kind="truncated")

    told: list[Exception] = []
    stand.canvas.failed.connect(told.append)
    stand.canvas.set_picture(replace(source(grey()), read=read))
    stand.canvas.set_instances([instance("a", (10, 10, 20, 20))])
    stand.settle()
    assert [str(error) for error in told] == ["the file ends too early"]
    assert stand.canvas.keys_at(Point(15, 15)) == ("a",)


def test_that_instances_are_shown_before_their_picture_is_there(stand: Stand) -> None:
    slow = SlowPicture(0)
    stand.canvas.set_picture(slow.source())
    with stand.qtbot.waitSignal(stand.canvas.instances_shown, timeout=20_000):
        stand.canvas.set_instances([instance("a", (10, 10, 50, 30))])
    assert stand.pixel(30, 20) != stand.pixel(2, 2)
    slow.is_free.set()
    stand.settle()


def test_that_only_the_instances_last_set_arrive(stand: Stand) -> None:
    stand.show()
    for count in (30, 20, 12):
        stand.canvas.set_instances([instance(f"{count}-{k}", (k, 0, k + 1, 5)) for k in range(count)])
    stand.settle()
    assert len(stand.canvas.content.instances) == 12
    assert stand.canvas.keys_at(Point(3.5, 2)) == ("12-3",)


def test_that_another_picture_takes_the_instances_away(stand: Stand) -> None:
    stand.show(None, instance("a", (10, 10, 50, 30)))
    stand.canvas.set_selection(["a"])
    stand.canvas.set_picture(source(grey(60)))
    stand.settle()
    assert stand.canvas.selection == ()
    assert stand.canvas.keys_at(Point(30, 20)) == ()
    assert stand.pixel(30, 20) == (60, 60, 60)


def test_that_nothing_arrives_once_it_is_closed_down(stand: Stand) -> None:
    slow = SlowPicture(10)
    shown: list[bool] = []
    stand.canvas.picture_shown.connect(shown.append)
    stand.canvas.set_picture(slow.source())
    stand.qtbot.waitUntil(lambda: bool(slow.threads))
    stand.canvas.close_down()
    slow.is_free.set()
    stand.qtbot.wait(50)
    assert shown == []


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_that_a_photograph_is_shown_upright(stand: Stand, tmp_path: pytest.TempPathFactory, orientation: int) -> None:
    from pathlib import Path

    from PIL import Image

    upright = np.zeros((80, 120, 3), dtype=np.uint8)
    upright[:20, :20] = (255, 0, 0)
    turns = {1: 0, 3: 2, 6: 1, 8: 3}
    stored = np.rot90(upright, turns[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = Path(str(tmp_path)) / "photo.png"
    Image.fromarray(np.ascontiguousarray(stored)).save(path, exif=exif)
    stand.canvas.set_picture(
        PictureSource(name="photo", width_px=120, height_px=80, read=lambda side: read_rgb(path, side))
    )
    stand.settle()
    assert stand.pixel(5, 5) == (255, 0, 0)
    assert stand.pixel(110, 70) == (0, 0, 0)
