"""Projects that are made: the sample with its progress and its end, and one of pictures."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.presenters.intake import Intake, IntakeState, Source
from app.views import shell_projects
from app.views.errors import ErrorDialog
from app.views.start.new_project import NewProjectDialog
from app.widgets.dialog import Dialog
from hopchain_core.domain.chains import Composer
from hopchain_core.project import Project
from tests.app.shell.person import LEFT, press, the_dialog, words_of

LONGEST_PAUSE_S = 0.25
"""The goal is 50 ms; machines that test run other things meanwhile."""


@pytest.fixture
def sample_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the sample project comes to lie: nothing is there yet."""
    path = tmp_path / "Documents" / "HopChain sample" / "Sample.hopchain"
    path.parent.parent.mkdir()
    monkeypatch.setattr(shell_projects, "sample_path", lambda: path)
    made = Intake.make_sample
    monkeypatch.setattr(Intake, "make_sample", lambda self, folder: made(self, folder, 3))
    return path


@pytest.fixture
def pauses(qapp: QApplication) -> Iterator[list[float]]:
    """How long the window's loop was away each time, in seconds."""
    seen: list[float] = []
    last = [time.perf_counter()]

    def tick() -> None:
        now = time.perf_counter()
        seen.append(now - last[0])
        last[0] = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start(2)
    yield seen
    timer.stop()


def _states(composed: Composed) -> list[IntakeState]:
    seen: list[IntakeState] = []
    composed.shell.intake.changed.connect(lambda state: seen.append(state) if state is not None else None)
    return seen


def test_that_the_sample_is_made_and_opened_while_the_window_stays_fluid(
    composed: Composed, qtbot: QtBot, sample_at: Path, pauses: list[float]
) -> None:
    states = _states(composed)
    qtbot.mouseClick(composed.shell.start.sample, LEFT)
    assert composed.shell.start.making.isVisible()
    qtbot.waitUntil(lambda: bool(states) and states[-1].step >= 2, timeout=40_000)
    assert max(pauses) < LONGEST_PAUSE_S
    qtbot.waitUntil(lambda: composed.studio.project is not None, timeout=40_000)
    assert composed.studio.need_project().path == sample_at
    with composed.studio.need_project().read() as read:
        assert read.image_count() == 3
        assert {stored.chain.composer for stored in read.chains()} == {Composer.PROGRAM}
        assert set(read.work_counts()) >= {"categorize", "segment", "compose", "audit", "solve", "decide"}
    assert [state.step for state in states] == sorted(state.step for state in states)
    assert states[-1].steps[-1] == "Decide"
    assert (3, 3) in {(state.done, state.total) for state in states if state.step == 0}
    assert composed.shell.intake.state is None


@pytest.mark.parametrize("step", [0, 4])
def test_that_making_the_sample_is_cancelled_and_leaves_nothing(
    composed: Composed, qtbot: QtBot, sample_at: Path, step: int
) -> None:
    states = _states(composed)
    view = composed.shell.start
    qtbot.mouseClick(view.sample, LEFT)
    assert QApplication.focusWidget() is view.making
    qtbot.waitUntil(lambda: bool(states) and states[-1].step >= step and states[-1].done > 0, timeout=40_000)
    qtbot.keyClick(view.making, Qt.Key.Key_Escape)
    assert states[-1].is_cancelling
    qtbot.waitUntil(lambda: composed.shell.intake.state is None, timeout=20_000)
    qtbot.waitUntil(lambda: not sample_at.parent.exists(), timeout=20_000)
    assert composed.studio.project is None
    assert composed.window.toasts.text() == "Stopped. Nothing was kept."
    assert view.sample.isEnabled()
    assert not view.making.isVisible()
    assert QApplication.focusWidget() is view.sample


def test_that_a_second_enter_does_not_stop_what_the_first_began(
    composed: Composed, qtbot: QtBot, sample_at: Path
) -> None:
    states = _states(composed)
    view = composed.shell.start
    qtbot.keyClick(view.sample, Qt.Key.Key_Return)
    for _ in range(2):
        qtbot.keyClick(view.making if (at := QApplication.focusWidget()) is None else at, Qt.Key.Key_Return)
    assert not any(state.is_cancelling for state in states)
    qtbot.keyClick(view.making.cancel, Qt.Key.Key_Space)
    assert states[-1].is_cancelling
    qtbot.waitUntil(lambda: composed.shell.intake.state is None, timeout=20_000)


def test_that_closing_the_window_asks_while_the_sample_is_made(
    composed: Composed, qtbot: QtBot, sample_at: Path
) -> None:
    qtbot.mouseClick(composed.shell.start.sample, LEFT)
    composed.window.close()
    assert composed.window.isVisible()
    press(qtbot, the_dialog(qtbot, Dialog), "Stop it")
    qtbot.waitUntil(lambda: not composed.window.isVisible(), timeout=20_000)
    qtbot.waitUntil(lambda: not sample_at.parent.exists(), timeout=20_000)


def test_that_the_sample_is_opened_where_it_is_there_already(
    composed: Composed, qtbot: QtBot, sample_at: Path, built_project: Path
) -> None:
    shutil.copytree(built_project, sample_at.parent)
    (sample_at.parent / "sample.hopchain").rename(sample_at)
    before = {path.name: path.stat().st_mtime_ns for path in (sample_at.parent / "scenes").iterdir()}
    qtbot.mouseClick(composed.shell.start.sample, LEFT)
    qtbot.waitUntil(lambda: composed.studio.project is not None, timeout=20_000)
    assert before == {path.name: path.stat().st_mtime_ns for path in (sample_at.parent / "scenes").iterdir()}


def test_that_a_folder_is_looked_at_before_anything_is_made(
    composed: Composed, qtbot: QtBot, built_project: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "scenes"
    shutil.copytree(built_project / "scenes", folder)
    qtbot.keyClick(composed.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    dialog = the_dialog(qtbot, NewProjectDialog)
    dialog.folder.field.setFocus()
    qtbot.keyClicks(dialog.folder.field, str(folder))
    qtbot.waitUntil(lambda: dialog.found.text() == "6 pictures, rendered scenes with their truth", timeout=20_000)
    assert not list(tmp_path.rglob("*.hopchain"))
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: composed.studio.project is not None, timeout=20_000)
    project = composed.studio.need_project()
    assert project.path == folder / "scenes.hopchain"
    with project.read() as read:
        assert read.image_count() == 6
    assert composed.window.toasts.text() == "6 pictures taken in."


def test_that_a_refused_field_says_why_and_keeps_its_text(
    composed: Composed, qtbot: QtBot, tmp_path: Path, sample_project: Path
) -> None:
    composed.shell.ask_new(sample_project.parent / "scenes")
    dialog = the_dialog(qtbot, NewProjectDialog)
    qtbot.waitUntil(lambda: dialog.found.text().startswith("6 pictures"), timeout=20_000)
    dialog.file.set_path(sample_project)
    press(qtbot, dialog, "Make project")
    assert dialog.isVisible()
    assert dialog.file.path() == sample_project
    assert dialog.file.checked.text() == "There is a file of this name already; choose another."
    dialog.folder.set_path(sample_project)
    qtbot.waitUntil(lambda: "neither a COCO nor a labelme file" in dialog.folder.checked.text(), timeout=20_000)
    dialog.reject()


def test_that_a_project_of_no_pictures_is_not_kept(composed: Composed, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n torn")
    composed.shell.intake.make_project(folder / "p.hopchain", Source(paths=(folder,)))
    dialog = the_dialog(qtbot, ErrorDialog)
    assert "torn.png" in words_of(dialog)
    dialog.reject()
    assert not (folder / "p.hopchain").exists()
    assert composed.studio.project is None


def test_that_a_project_can_be_read_by_others_once_it_is_made(
    composed: Composed, qtbot: QtBot, built_project: Path, tmp_path: Path
) -> None:
    file = tmp_path / "p.hopchain"
    composed.shell.intake.make_project(file, Source(paths=(built_project / "scenes",), licence="CC0"))
    qtbot.waitUntil(lambda: composed.studio.project is not None, timeout=20_000)
    with Project.open(file, read_only=True) as other, other.read() as read:
        assert {image.licence for image in read.images()} == {"CC0"}
