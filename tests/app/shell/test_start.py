"""The start screen: where the keyboard begins, ways to begin, and projects opened lately."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QEnterEvent, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QFocusFrame
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.presenters.start import ago
from app.settings import Settings
from app.style.fonts import font
from app.views.start.new_project import NewProjectDialog
from app.views.start.parts import RecentRow
from tests.app.shell.person import LEFT, the_dialog

Settled = Callable[..., None]


@pytest.fixture
def gone(tmp_path: Path) -> Path:
    return tmp_path / "gone" / "Harbour.hopchain"


@pytest.fixture
def visited(composed: Composed, settings: Settings, sample_project: Path, gone: Path) -> Settings:
    """The start screen of a person who opened a project that is not there any more, and then the sample."""
    settings.add_recent(gone)
    settings.add_recent(sample_project)
    composed.studio.go("start")
    return settings


def _rows(composed: Composed, qtbot: QtBot, count: int) -> list[RecentRow]:
    view = composed.shell.start
    qtbot.waitUntil(lambda: len(view.rows) == count, timeout=20_000)
    qtbot.waitUntil(lambda: composed.studio.bridge.is_idle, timeout=20_000)
    return view.rows


def test_that_the_keyboard_begins_on_the_first_way_to_begin(composed: Composed) -> None:
    assert QApplication.focusWidget() is composed.shell.start.sample


def test_that_the_ring_comes_with_the_first_key_only(composed: Composed, qtbot: QtBot) -> None:
    view = composed.shell.start

    def ringed() -> list[object]:
        return [f.widget() for f in composed.window.findChildren(QFocusFrame) if f.widget() is not None]

    def press(key: Qt.Key) -> None:
        # Through the window, as the keyboard does it.
        QTest.keyClick(composed.window.windowHandle(), key)

    assert ringed() == []
    press(Qt.Key.Key_Down)
    assert QApplication.focusWidget() is view.new
    assert ringed() == [view.new]
    press(Qt.Key.Key_Up)
    assert ringed() == [view.sample]


def test_that_enter_on_new_asks_for_pictures(composed: Composed, qtbot: QtBot) -> None:
    view = composed.shell.start
    qtbot.keyClick(view.sample, Qt.Key.Key_Down)
    qtbot.keyClick(view.new, Qt.Key.Key_Return)
    the_dialog(qtbot, NewProjectDialog).close()


@pytest.mark.parametrize("width", [960, 1280])
def test_that_no_way_to_begin_is_cut_off(composed: Composed, width: int) -> None:
    composed.window.resize(width, 600)
    QApplication.processEvents()
    view = composed.shell.start
    for row in (view.sample, view.new, view.open):
        assert QFontMetricsF(font("meta")).horizontalAdvance(row.accessibleDescription()) <= row.width() - 64
        assert row.mapTo(view, row.rect().bottomRight()).x() < view.width() / 2


def test_that_a_project_is_opened_from_the_file_dialog(composed: Composed, qtbot: QtBot, sample_project: Path) -> None:
    qtbot.keyClick(composed.window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    dialog = the_dialog(qtbot, QFileDialog)
    dialog.selectFile(str(sample_project))
    dialog.fileSelected.emit(str(sample_project))
    dialog.reject()
    qtbot.waitUntil(lambda: composed.studio.project is not None, timeout=20_000)
    assert composed.studio.need_project().path == sample_project
    assert composed.studio.settings.recent() == [sample_project]


def test_that_recent_projects_say_what_is_in_them(visited: Settings, composed: Composed, qtbot: QtBot) -> None:
    sample, gone = _rows(composed, qtbot, 2)
    qtbot.waitUntil(lambda: "pictures" in sample.line(), timeout=20_000)
    assert sample.line().startswith("6 pictures, ")
    assert not sample._cover.isNull()
    assert gone.line().startswith("Not found in ")
    assert "not found" in gone.accessibleName().lower()


def test_that_enter_opens_a_recent_project(
    visited: Settings, composed: Composed, qtbot: QtBot, sample_project: Path
) -> None:
    row = _rows(composed, qtbot, 2)[0]
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: composed.studio.project is not None, timeout=20_000)
    assert composed.studio.need_project().path == sample_project
    assert composed.studio.space == "library"


def test_that_a_missing_project_is_taken_off_by_its_button(
    visited: Settings, composed: Composed, qtbot: QtBot, sample_project: Path
) -> None:
    missing = _rows(composed, qtbot, 2)[1]
    assert missing.forget.isVisible()
    qtbot.mouseClick(missing.forget, LEFT)
    assert [row.project.path for row in _rows(composed, qtbot, 1)] == [sample_project]
    assert visited.recent() == [sample_project]


def test_that_a_project_is_taken_off_by_delete_and_its_file_stays(
    visited: Settings, composed: Composed, qtbot: QtBot, sample_project: Path, gone: Path
) -> None:
    row = _rows(composed, qtbot, 2)[0]
    qtbot.keyClick(row, Qt.Key.Key_Delete)
    _rows(composed, qtbot, 1)
    assert visited.recent() == [gone]
    assert sample_project.is_file()


def test_that_a_project_that_is_there_offers_its_cross_under_the_mouse_only(
    visited: Settings, composed: Composed, qtbot: QtBot
) -> None:
    row = _rows(composed, qtbot, 2)[0]
    assert not row.forget.isVisible()
    where = row.rect().center().toPointF()
    QApplication.sendEvent(row, QEnterEvent(where, where, where))
    assert row.forget.isVisible()
    QApplication.sendEvent(row, QEvent(QEvent.Type.Leave))
    assert not row.forget.isVisible()


def test_that_without_recent_projects_the_drawing_takes_their_place(composed: Composed) -> None:
    view = composed.shell.start
    assert not view._recent_card.isVisible()
    top = view.drawing.mapTo(view, view.drawing.rect().topLeft()).y()
    bottom = view.drawing.mapTo(view, view.drawing.rect().bottomLeft()).y()
    last = view.open.mapTo(view, view.open.rect().bottomLeft()).y()
    assert bottom == pytest.approx(last, abs=2)
    assert bottom - top > 250


def test_that_recents_begin_at_the_height_of_the_ways(
    settings: Settings, composed: Composed, qtbot: QtBot, sample_project: Path, tmp_path: Path
) -> None:
    for index in range(10):
        other = tmp_path / f"p{index}" / f"Project {index}.hopchain"
        other.parent.mkdir()
        shutil.copy(sample_project, other)
        settings.add_recent(other)
    composed.studio.go("start")
    rows = _rows(composed, qtbot, 8)
    QApplication.processEvents()
    view = composed.shell.start
    first = view._recent_card.mapTo(view, view._recent_card.rect().topLeft()).y()
    assert first == view.sample.mapTo(view, view.sample.rect().topLeft()).y()
    assert rows[0].project.name == "Project 9"


def test_that_a_damaged_project_is_marked(
    settings: Settings, composed: Composed, qtbot: QtBot, sample_project: Path
) -> None:
    whole = sample_project.read_bytes()
    sample_project.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    settings.add_recent(sample_project)
    composed.studio.go("start")
    row = _rows(composed, qtbot, 1)[0]
    qtbot.waitUntil(lambda: "Damaged" in row.line(), timeout=20_000)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(days=1), "yesterday"),
        (timedelta(days=9), "9 days ago"),
        (timedelta(days=90), "23 Mar 2026"),
    ],
)
def test_that_times_are_said_as_people_say_them(before: timedelta, words: str) -> None:
    now = datetime(2026, 6, 21, 12, 0).astimezone()
    assert ago(now - before, now) == words
