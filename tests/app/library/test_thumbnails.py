"""Small pictures: made in other threads, kept in memory and on the disk, dropped when nobody looks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from app.thumbnails import LONGEST_PX, SIDES_PX, Thumbnails, ThumbRequest, longest_side, side_of
from hopchain_core.domain.keys import ImageKey
from hopchain_core.errors import PictureError


class Shelf:
    """Pictures by path, and what was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.refused: dict[str, PictureError] = {}
        self.gate = threading.Event()
        self.gate.set()

    def read(self, path: str, longest_px: int) -> NDArray[np.uint8]:
        height_px = -(-longest_px * 3 // 4)
        self.gate.wait(5)
        self.asked.append(path)
        if path in self.refused:
            raise self.refused[path]
        return np.full((height_px, longest_px, 3), 80, np.uint8)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def thumbnails(qtbot: QtBot, shelf: Shelf, tmp_path: Path) -> Iterator[Thumbnails]:
    made = Thumbnails(tmp_path / "kept")
    made.set_reader(shelf.read)
    yield made
    shelf.gate.set()
    made.close()


def request(name: str, path: str = "") -> ThumbRequest:
    """A picture that is looked at."""
    return ThumbRequest(ImageKey(name * 64), path or f"{name}.jpg", 640, 480)


def test_that_a_thumbnail_comes_in_the_next_larger_size(thumbnails: Thumbnails, qtbot: QtBot) -> None:
    wanted = request("a")
    assert thumbnails.get(wanted.key, 200) is None
    with qtbot.waitSignal(thumbnails.ready) as came:
        thumbnails.look_at([wanted], 200)
    assert came.args == [wanted.key]
    found = thumbnails.get(wanted.key, 200)
    assert found is not None
    assert min(found.width(), found.height()) == side_of(200) == 240


def test_that_another_size_serves_until_the_right_one_is_there(thumbnails: Thumbnails, qtbot: QtBot) -> None:
    wanted = request("a")
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.look_at([wanted], SIDES_PX[0])
    found = thumbnails.get(wanted.key, SIDES_PX[2])
    assert found is not None
    assert found.height() == SIDES_PX[0]


def test_that_what_is_kept_on_the_disk_is_not_decoded_again(
    thumbnails: Thumbnails, shelf: Shelf, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.look_at([request("a")], 160)
    again = Thumbnails(tmp_path / "kept")
    again.set_reader(shelf.read)
    with qtbot.waitSignal(again.ready):
        again.look_at([request("a", "moved/elsewhere.jpg")], 160)
    assert shelf.asked == ["a.jpg"]
    assert again.get(request("a").key, 160) is not None
    again.close()


def test_that_what_is_no_longer_looked_at_is_not_decoded(thumbnails: Thumbnails, shelf: Shelf, qtbot: QtBot) -> None:
    shelf.gate.clear()
    thumbnails.look_at([request(name) for name in "abcdef"], 160)
    thumbnails.look_at([request("0")], 160)
    shelf.gate.set()
    qtbot.waitUntil(lambda: thumbnails.is_idle)
    assert "0.jpg" in shelf.asked
    assert len(shelf.asked) <= 3, "only the two that were begun already may be finished"


def test_that_a_refusal_is_kept_for_its_path_and_not_asked_again(
    thumbnails: Thumbnails, shelf: Shelf, qtbot: QtBot
) -> None:
    shelf.refused["a.jpg"] = PictureError("It ends too early.")
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.look_at([request("a")], 160)
    assert thumbnails.why_not(request("a").key) == "It ends too early."
    thumbnails.look_at([request("a")], 160)
    qtbot.waitUntil(lambda: thumbnails.is_idle)
    assert shelf.asked == ["a.jpg"]
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.look_at([request("a", "b.jpg")], 160)
    assert thumbnails.why_not(request("a").key) == ""


def test_that_it_is_tried_again_when_asked(thumbnails: Thumbnails, shelf: Shelf, qtbot: QtBot) -> None:
    shelf.refused["a.jpg"] = PictureError("It ends too early.")
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.look_at([request("a")], 160)
    shelf.refused.clear()
    thumbnails.try_again()
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.look_at([request("a")], 160)
    assert thumbnails.get(request("a").key, 160) is not None


def test_that_a_panorama_is_not_kept_in_its_whole_length() -> None:
    assert longest_side(1000, 500, 160) == 320
    assert longest_side(20000, 200, 160) == LONGEST_PX * 160
    assert longest_side(100, 50, 160) == 100, "nothing is enlarged"
