"""Spaces that are built part by part, so that no turn of the window's loop takes long."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.main_window import MainWindow
from app.studio import START, Studio
from app.views.frame.spaces import Spaces, SpaceSpec
from app.warming import Warming
from app.widgets.space import SpaceView
from hopchain_core.project import Project

LARGE = ("pipeline", "instances", "chains", "export")
"""Spaces of many widgets."""


class _Space(SpaceView):
    """A space of three parts."""

    def __init__(self, told: list[str]) -> None:
        super().__init__()
        self._told = told
        told.append("begun")
        self.parts = self._build()

    def _build(self) -> Iterator[None]:
        for part in ("one", "two"):
            self._told.append(part)
            yield
        self._told.append("three")


def _spaces(studio: Studio, told: list[str], owner: QObject) -> Spaces:
    spec = SpaceSpec(id="some", title="Some", icon="image", build=lambda _: _Space(told))

    def place(space: str, widget: QWidget) -> None:
        widget.setParent(owner if isinstance(owner, QWidget) else None)
        told.append(f"{space} placed")

    return Spaces(studio, [spec], place, lambda space, _: told.append(f"{space} finished"), owner)


def _parts_of(window: MainWindow, space: str) -> int:
    """Builds ahead until a space is there: how many parts it took."""
    waiting = [s for s in window.space_ids() if window.space(s) is None]
    for other in waiting[: waiting.index(space)]:
        while window.space(other) is None:
            assert window.build_part()
    parts = 0
    while window.space(space) is None:
        window.build_part()
        parts += 1
    return parts


def test_that_a_part_is_built_at_a_time(composed: Composed, studio: Studio) -> None:
    told: list[str] = []
    spaces = _spaces(studio, told, composed.window)
    seen = []
    is_more = True
    while is_more:
        is_more = spaces.make_part()
        seen.append(len(told))
    assert told == ["begun", "some placed", "one", "two", "three", "some finished"]
    assert len(seen) > 4
    assert spaces.get("some") is not None
    assert not spaces.make_part()


def test_that_what_is_asked_for_is_made_whole_at_once(composed: Composed, studio: Studio) -> None:
    told: list[str] = []
    spaces = _spaces(studio, told, composed.window)
    spaces.make_part()
    spaces.make_part()
    assert spaces.get("some") is None
    made = spaces.whole("some")
    assert told == ["begun", "some placed", "one", "two", "three", "some finished"]
    assert spaces.whole("some") is made


def test_that_a_space_that_fails_while_it_is_built_is_begun_anew(composed: Composed, studio: Studio) -> None:
    tries: list[_Space] = []

    def build(_: Studio) -> QWidget:
        made = _Space([])
        if not tries:
            made.parts = iter(_failing())
        tries.append(made)
        return made

    spec = SpaceSpec(id="some", title="Some", icon="image", build=build)
    spaces = Spaces(studio, [spec], lambda *_: None, lambda *_: None, composed.window)
    with pytest.raises(RuntimeError):
        spaces.whole("some")
    assert spaces.get("some") is None
    assert spaces.whole("some") is tries[1]


def _failing() -> Iterator[None]:
    yield
    raise RuntimeError("no room")


@pytest.mark.parametrize("space", LARGE)
def test_that_a_large_space_is_built_in_several_parts(window: MainWindow, studio: Studio, space: str) -> None:
    assert _parts_of(window, space) > 4
    # It can be gone to as if it had been built at once.
    studio.go(space)
    assert window.stack.currentWidget() is window.space(space)


def test_that_the_space_before_stays_until_the_next_is_whole(
    composed: Composed, studio: Studio, window: MainWindow, qtbot: QtBot
) -> None:
    window.shows_in_turns = True
    before = window.stack.currentWidget()
    shown: list[QWidget] = []
    window.stack.currentChanged.connect(lambda at: shown.append(window.stack.widget(at)))
    qtbot.mouseClick(window.rail.item("chains"), Qt.MouseButton.LeftButton)
    assert window.stack.currentWidget() is before
    assert window.space("chains") is None
    qtbot.waitUntil(lambda: window.space("chains") is not None and bool(shown), timeout=20_000)
    assert shown == [window.space("chains")]
    # Its keys are there with it.
    assert studio.actions.is_here(studio.actions.spec("chains.find"))


def test_that_of_two_spaces_asked_for_the_later_one_is_shown(studio: Studio, window: MainWindow, qtbot: QtBot) -> None:
    window.shows_in_turns = True
    shown: list[QWidget] = []
    window.stack.currentChanged.connect(lambda at: shown.append(window.stack.widget(at)))
    studio.go("chains")
    studio.go("pipeline")
    qtbot.waitUntil(lambda: bool(shown), timeout=20_000)
    assert shown == [window.space("pipeline")]
    studio.go("chains")
    studio.go("library")
    assert window.stack.currentWidget() is window.space("library")
    while window.build_part():
        pass
    qtbot.waitUntil(lambda: studio.bridge.is_idle, timeout=20_000)
    assert window.stack.currentWidget() is window.space("library")


def test_that_half_a_space_goes_with_its_project(
    studio: Studio, window: MainWindow, qtbot: QtBot, sample_project: Path
) -> None:
    for _ in range(3):
        assert window.build_part()
    assert window.space("pipeline") is None
    assert studio.actions.has("library.find")
    studio.close_project()
    qtbot.waitUntil(lambda: studio.project is None, timeout=20_000)
    assert window.stack.currentWidget() is window.space(START)
    assert not window.build_part()
    assert not [spec for spec in studio.actions.specs() if spec.space in LARGE]
    studio.take_project(Project.open(sample_project))
    while window.build_part():
        pass
    assert all(window.space(space) is not None for space in window.space_ids())


def test_that_spaces_are_built_once_all_code_is_loaded_and_again_for_another_project(
    qtbot: QtBot,
) -> None:
    owner = QObject()
    left = [3]

    def build_part() -> bool:
        left[0] -= 1
        return left[0] > 0

    warming = Warming(owner, build_part)
    qtbot.waitUntil(lambda: left[0] == 0, timeout=60_000)
    left[0] = 2
    warming.begin()
    qtbot.waitUntil(lambda: left[0] == 0, timeout=60_000)
    owner.deleteLater()


def test_that_what_is_built_ahead_does_not_have_the_window_painted(
    studio: Studio, window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: studio.bridge.is_idle, timeout=20_000)
    qtbot.wait(1)
    space = window.stack.currentWidget()
    painted: list[QObject] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Paint:
                painted.append(watched)
            return False

    watch = Watch()
    space.installEventFilter(watch)
    assert window.build_part()
    for _ in range(20):
        QCoreApplication.processEvents()
    assert painted == []
    space.repaint()
    assert painted == [space]


def test_that_the_start_screen_stays_until_the_first_space_is_there(
    composed: Composed, window: MainWindow, qtbot: QtBot, sample_project: Path
) -> None:
    window.shows_in_turns = True
    start = window.stack.currentWidget()
    composed.studio.take_project(Project.open(sample_project))
    assert window.stack.currentWidget() is start
    assert composed.studio.space == "library"
    qtbot.waitUntil(lambda: window.stack.currentWidget() is not start, timeout=20_000)
    assert window.stack.currentWidget() is window.space("library")


def test_that_a_space_built_ahead_has_the_size_it_is_shown_with(
    studio: Studio, window: MainWindow, qtbot: QtBot
) -> None:
    assert _parts_of(window, "chains")
    chains = window.space("chains")
    assert chains is not None
    assert not chains.isVisible()
    assert chains.size() == window.stack.size()
    places = [child.geometry() for child in chains.findChildren(QWidget) if child.parentWidget() is chains]
    assert max(place.bottom() for place in places) == chains.height() - 1
