"""Who answers waits for one picture: it comes first, and the next ones are made ready after it, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from app.presenters.decoded_ahead import DecodedAhead, Making
from hopchain_core.blind import BlindItem
from hopchain_core.errors import PictureError

BIG = 4000
PREVIEW = 500
GIVE_UP_S = 30

Work = Callable[[], object]


class Asked:
    """Stands for the bridge: what is asked for waits until a test lets it be done."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Work, Callable[[object], object], Callable[[Exception], object]]] = []

    def __call__(self, fn: Work, then: Callable[[object], object], *, failed: Callable[[Exception], object]) -> object:
        self.waiting.append((fn, then, failed))
        return None

    def do_next(self) -> None:
        fn, then, failed = self.waiting.pop(0)
        try:
            found = fn()
        except Exception as error:
            failed(error)
        else:
            then(found)


class Files:
    """Stands for the pictures of a sitting: notes what is decoded."""

    def __init__(self) -> None:
        self.decoded: list[tuple[str, int | None]] = []
        self.broken: set[str] = set()
        self.hold: Event | None = None
        self.begun = Event()

    def __call__(self, item: str, side: int | None) -> NDArray[np.uint8]:
        self.decoded.append((item, side))
        self.begun.set()
        if self.hold is not None:
            assert self.hold.wait(GIVE_UP_S)
        if item in self.broken:
            raise PictureError("broken", kind="broken")
        return np.zeros((1, 1, 3), dtype=np.uint8)


MAKING: Making[str] = Making(
    of=lambda pixels, width, height: f"{width} x {height}",
    size=len,
    first_side=lambda width, height: PREVIEW if width >= BIG else None,
)


def item(name: str, width: int = 100) -> BlindItem:
    return BlindItem(id=name, path=f"{name}.jpg", width_px=width, height_px=50, question="?")


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture
def ahead(asked: Asked, files: Files, qapp: QCoreApplication) -> Iterator[DecodedAhead[str]]:
    made: DecodedAhead[str] = DecodedAhead(asked, files, MAKING)
    yield made
    made.stop()


def test_that_nothing_is_begun_until_what_is_shown_is_there(
    ahead: DecodedAhead[str], asked: Asked, files: Files
) -> None:
    ahead.want([item("b"), item("c")], item("a"))
    assert not asked.waiting
    ahead.read(item("a"), None)
    ahead.go_on_now()
    assert len(asked.waiting) == 1
    assert files.decoded == [("a", None)]


def test_that_the_next_ones_are_made_one_at_a_time_the_soonest_first(
    ahead: DecodedAhead[str], asked: Asked, files: Files
) -> None:
    ahead.want([item("a"), item("b"), item("c")], item("a"))
    ahead.go_on_now()
    while asked.waiting:
        assert len(asked.waiting) == 1
        asked.do_next()
    assert files.decoded == [("b", None), ("c", None)]
    assert ahead.ready(item("b")) == "100 x 50"
    assert ahead.ready(item("a")) is None


def test_that_only_the_very_next_large_picture_is_made_small_first(
    ahead: DecodedAhead[str], asked: Asked, files: Files
) -> None:
    ahead.want([item("b", BIG), item("c", BIG)], item("a"))
    ahead.go_on_now()
    while asked.waiting:
        asked.do_next()
    assert files.decoded == [("b", PREVIEW), ("b", None), ("c", None)]


def test_that_what_is_ready_is_not_decoded_again(ahead: DecodedAhead[str], asked: Asked, files: Files) -> None:
    ahead.want([item("b")])
    ahead.go_on_now()
    asked.do_next()
    ahead.want([item("c")], item("b"))
    assert ahead.read(item("b"), PREVIEW) == ahead.read(item("b"), None) == ahead.ready(item("b"))
    assert files.decoded == [("b", None)]


def test_that_a_picture_that_is_asked_for_is_not_left_in_the_queue(
    ahead: DecodedAhead[str], asked: Asked, files: Files
) -> None:
    ahead.want([item("b")])
    ahead.go_on_now()
    ahead.want([item("c")], item("b"))
    ahead.read(item("b"), None)
    asked.do_next()
    assert files.decoded[0] == ("b", None)
    assert files.decoded.count(("b", None)) == 1


def test_that_what_is_just_being_made_is_waited_for(ahead: DecodedAhead[str], asked: Asked, files: Files) -> None:
    files.hold = Event()
    ahead.want([item("b")])
    ahead.go_on_now()
    fn, _, _ = asked.waiting.pop()
    with ThreadPoolExecutor(2) as threads:
        making = threads.submit(fn)
        assert files.begun.wait(GIVE_UP_S)
        reading = threads.submit(ahead.read, item("b"), None)
        files.hold.set()
        making.result(GIVE_UP_S)
        assert reading.result(GIVE_UP_S) == "100 x 50"
    assert files.decoded == [("b", None)]


def test_that_a_picture_no_longer_wanted_is_not_decoded(ahead: DecodedAhead[str], asked: Asked, files: Files) -> None:
    ahead.want([item("b")])
    ahead.go_on_now()
    ahead.want([item("d")], item("c"))
    asked.do_next()
    assert ("b", None) not in files.decoded


def test_that_a_broken_picture_keeps_back_neither_the_others_nor_another_try(
    ahead: DecodedAhead[str], asked: Asked, files: Files
) -> None:
    files.broken.add("b")
    ahead.want([item("b"), item("c")])
    ahead.go_on_now()
    while asked.waiting:
        asked.do_next()
    assert ahead.ready(item("b")) is None
    assert ahead.ready(item("c")) is not None
    with pytest.raises(PictureError):
        ahead.read(item("b"), None)
    files.broken.clear()
    assert ahead.read(item("b"), None) == "100 x 50"


def test_that_no_more_is_kept_than_there_is_room_for(
    ahead: DecodedAhead[str], asked: Asked, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.presenters.decoded_ahead.MOST_BYTES", 2 * len("100 x 50"))
    ahead.want([item(name) for name in "bcdef"])
    ahead.go_on_now()
    while asked.waiting:
        asked.do_next()
    assert [name for name, _ in files.decoded] == ["b", "c"]
