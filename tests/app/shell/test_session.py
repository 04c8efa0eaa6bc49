"""A session from its start to its end, and what the next one finds."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSplitter
from pytestqt.qtbot import QtBot

from app.composition import Composed, compose
from app.settings import Settings
from app.studio import Studio
from hopchain_core.project import Project

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def again(composed: Composed, settings: Settings, qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[[], Composed]]:
    """Ends the first session and begins another one on the same settings file."""
    made: list[Composed] = []

    def begin() -> Composed:
        composed.studio.close_project()
        composed.window.close()
        after = compose(qapp, Settings(settings.path))
        made.append(after)
        after.window.show()
        qtbot.waitExposed(after.window)
        return after

    yield begin
    for after in made:
        after.window.close()
        after.studio.close()
        after.window.deleteLater()
        after.studio.theme.deleteLater()
        qapp.processEvents()


def test_that_size_and_space_are_found_again(
    composed: Composed,
    studio: Studio,
    again: Callable[[], Composed],
    settled: Callable[[Studio], None],
    sample_project: Path,
) -> None:
    # Offscreen, the screen is narrower than the narrowest window: only the height tells.
    composed.window.resize(1100, 700)
    studio.go("chains")
    settled(studio)
    after = again()
    assert after.window.height() == 700
    assert after.studio.space == "start"
    after.studio.take_project(Project.open(sample_project))
    settled(after.studio)
    assert after.studio.space == "chains"
    assert after.window.rail.item("chains").isChecked()


def test_that_each_project_has_a_space_of_its_own(
    composed: Composed, studio: Studio, settled: Callable[[Studio], None], tmp_path: Path, sample_project: Path
) -> None:
    other = tmp_path / "other.hopchain"
    Project.create(other).close()
    studio.go("pipeline")
    settled(studio)
    studio.take_project(Project.open(other))
    assert studio.space == "library"
    settled(studio)
    studio.take_project(Project.open(sample_project))
    assert studio.space == "pipeline"


def test_that_a_space_that_is_no_more_is_forgotten(studio: Studio, sample_project: Path) -> None:
    studio.settings.set("spaces", {str(sample_project): "attic"})
    studio.close_project()
    studio.take_project(Project.open(sample_project))
    assert studio.space == "library"


def _splitters(composed: Composed) -> list[QSplitter]:
    space = composed.window.space("pipeline")
    assert space is not None
    return space.findChildren(QSplitter)


def test_that_a_dragged_splitter_is_found_again(
    composed: Composed,
    studio: Studio,
    again: Callable[[], Composed],
    settled: Callable[[Studio], None],
    sample_project: Path,
) -> None:
    studio.go("pipeline")
    settled(studio)
    splitter = next(s for s in _splitters(composed) if s.orientation() is Qt.Orientation.Horizontal)
    before = splitter.sizes()
    handle = splitter.handle(1)
    middle = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    QTest.mouseMove(handle, middle - QPoint(120, 0))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle - QPoint(120, 0))
    moved = splitter.sizes()
    assert moved[1] > before[1] + 60
    after = again()
    after.window.resize(composed.window.size())
    after.studio.take_project(Project.open(sample_project))
    settled(after.studio)
    assert after.studio.space == "pipeline"
    found = next(s for s in _splitters(after) if s.orientation() is Qt.Orientation.Horizontal)
    assert found.sizes()[1] == pytest.approx(moved[1], abs=4)


@pytest.mark.parametrize("junk", [{"window": 7, "spaces": [1], "splitters": "x"}, {"window": {"geometry": "?"}}])
def test_that_settings_of_another_shape_do_no_harm(
    composed: Composed, studio: Studio, settings: Settings, again: Callable[[], Composed], junk: dict[str, object]
) -> None:
    for name, value in junk.items():
        settings.set(name, value)
    path = studio.need_project().path
    studio.close_project()
    for name, value in junk.items():
        settings.set(name, value)
    after = again()
    assert settings.path is not None
    after.studio.take_project(Project.open(path))
    assert after.studio.space == "library"


# A process of its own


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """The environment of a person who was never here, without a screen."""
    return {
        **os.environ,
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONUNBUFFERED": "1",
    }


def _settings_of(home: dict[str, str]) -> dict[str, object]:
    path = Path(home["XDG_CONFIG_HOME"]) / "hopchain-studio" / "settings.json"
    found: dict[str, object] = json.loads(path.read_text()) if path.exists() else {}
    return found


def _started(home: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "app", *arguments],
        env=home,
        cwd=REPOSITORY,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_that_a_real_process_opens_a_project_and_ends_in_order(
    home: dict[str, str], sample_project: Path, how: signal.Signals
) -> None:
    process = _started(home, str(sample_project))
    try:
        until = time.monotonic() + 40
        while "spaces" not in _settings_of(home):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        process.send_signal(how)
        _, said = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0, said
    assert "Traceback" not in said
    kept = _settings_of(home)
    assert kept["spaces"] == {str(sample_project): "library"}
    assert "geometry" in json.dumps(kept["window"])
    with Project.open(sample_project) as project, project.read() as read:
        assert read.image_count() == 6


def test_that_the_command_says_what_it_takes(home: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "--help"], env=home, cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert "[PROJECT]" in done.stdout


def test_that_a_window_that_would_not_fit_takes_the_whole_screen_the_first_time(composed: Composed) -> None:
    window = composed.window
    window.hide()
    window.resize(1600, 1000)
    window.restore({})
    window.come_up()
    assert window.isMaximized(), "the screen of these tests is a small one"
