"""Pictures whose files are missing, damaged, moved, or back again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QToolTip

from app.views.library import actions as ids
from app.views.library.cell import MISSING
from hopchain_core.project import Project
from tests.app.library.person import CTRL, LEFT, Visitor
from tests.app.library.rows import FAILING, FRESH, add_picture, row_of


def scene(visitor: Visitor, place: int) -> Path:
    """The file of the picture in a row."""
    return visitor.project.folder / visitor.listed_row(place).path


def thumbnails_done(visitor: Visitor) -> None:
    """Waits until every thumbnail in sight is there, or known not to come."""
    visitor.qtbot.waitUntil(lambda: visitor.space.thumbnails.is_idle, timeout=20_000)
    QApplication.processEvents()


def tip_over(visitor: Visitor, row: int) -> str:
    """The tooltip of a card."""
    place = visitor.centre(row) + QPoint(0, 20)
    where = visitor.grid.viewport()
    QApplication.sendEvent(where, QHelpEvent(QEvent.Type.ToolTip, place, where.mapToGlobal(place)))
    text = QToolTip.text()
    QToolTip.hideText()
    return text


def find_moved(visitor: Visitor, folder: Path) -> None:
    """Says where pictures were moved to, in the dialog."""
    assert visitor.studio.actions.trigger(ids.RELINK)
    dialog = visitor.space.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.isVisible()
    dialog.setDirectory(str(folder.parent))
    dialog.selectFile(str(folder))
    before = len(visitor.toasts)
    dialog.accept()
    # Without a window manager nobody gives the keyboard back.
    visitor.window.activateWindow()
    visitor.qtbot.waitUntil(visitor.window.isActiveWindow)
    visitor.qtbot.waitUntil(lambda: len(visitor.toasts) >= before + 2, timeout=20_000)
    visitor.settle()


@pytest.fixture
def moved(sample_project: Path) -> Path:
    """A folder to which one picture of the project was moved before it is opened."""
    folder = sample_project.parent.parent / "elsewhere"
    folder.mkdir()
    (sample_project.parent / FRESH).rename(folder / "under another name.png")
    return folder


def test_that_missing_files_are_told_once_with_what_can_be_done(moved: Path, visitor: Visitor) -> None:
    told = "Pictures are missing: their files were moved, or their disk is not connected."
    toasts = visitor.window.toasts
    visitor.qtbot.waitUntil(lambda: toasts.isVisible() and toasts.text() == told, timeout=20_000)
    before = len(visitor.toasts)
    button = next(b for b in toasts.findChildren(QAbstractButton) if b.isVisible())
    assert button.text() == "Find them…"
    visitor.qtbot.mouseClick(button, LEFT)
    dialog = visitor.space.findChild(QFileDialog)
    assert dialog is not None
    dialog.reject()
    visitor.presenter.look_again()
    row = visitor.paths().index(FRESH)
    visitor.qtbot.waitUntil(lambda: visitor.model.is_missing(visitor.listed_row(row)))
    visitor.settle()
    assert told not in visitor.toasts[before:]


def test_that_a_missing_file_shows_on_its_card(moved: Path, visitor: Visitor) -> None:
    row = visitor.paths().index(FRESH)
    visitor.qtbot.waitUntil(lambda: visitor.model.is_missing(visitor.listed_row(row)))
    thumbnails_done(visitor)
    assert MISSING.lower() not in tip_over(visitor, row + 1)
    assert "its file is missing" in tip_over(visitor, row)
    others = [visitor.listed_row(r) for r in range(len(visitor.paths())) if r != row]
    assert not any(visitor.model.is_missing(other) for other in others)


def test_that_a_file_that_is_gone_later_is_seen_on_coming_back(
    visitor: Visitor, open_library: Callable[..., Visitor]
) -> None:
    file = scene(visitor, 0)
    visitor.qtbot.waitUntil(lambda: visitor.studio.bridge.is_idle)
    assert not visitor.model.is_missing(visitor.listed_row(0))
    visitor.studio.go("pipeline")
    file.rename(file.with_suffix(".away"))
    again = open_library()
    again.qtbot.waitUntil(lambda: again.model.is_missing(again.listed_row(0)))
    file.with_suffix(".away").rename(file)
    again.grid.setFocus()
    again.key(Qt.Key.Key_F5)
    again.qtbot.waitUntil(lambda: not again.model.is_missing(again.listed_row(0)))


def test_that_a_moved_picture_is_found_and_that_can_be_taken_back(moved: Path, visitor: Visitor) -> None:
    key = row_of(visitor.project, FRESH).key
    find_moved(visitor, moved)
    assert visitor.toasts[-1] == "1 picture found again."
    with visitor.project.read() as read:
        path = read.image(key).path
    assert path.endswith("under another name.png")
    place = visitor.presenter.model.row_of(row_number(visitor.project, path))
    assert place is not None
    visitor.qtbot.waitUntil(lambda: visitor.model.known(place) is not None)
    assert not visitor.model.is_missing(visitor.listed_row(place))
    visitor.qtbot.waitUntil(lambda: visitor.studio.undo_texts[0] == "Relink picture")
    visitor.grid.setFocus()
    visitor.key(Qt.Key.Key_Z, CTRL)
    visitor.settle()
    with visitor.project.read() as read:
        assert read.image(key).path == FRESH


def row_number(project: Project, path: str) -> int:
    """The number of the picture of a path."""
    return row_of(project, path).number


def test_that_looking_in_the_wrong_folder_says_what_is_missing(moved: Path, visitor: Visitor, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    find_moved(visitor, empty)
    assert visitor.toasts[-1] == "1 still missing."


def test_that_there_may_be_nothing_to_look_for(visitor: Visitor, tmp_path: Path) -> None:
    find_moved(visitor, tmp_path)
    assert visitor.toasts[-1] == "Every picture is where it should be."


def test_that_a_damaged_picture_says_so_and_is_shown_once_it_is_mended(sample_project: Path, visitor: Visitor) -> None:
    file = sample_project.parent / FAILING
    visitor.studio.go("pipeline")
    whole = file.read_bytes()
    thumbnails_done(visitor)
    visitor.space.thumbnails._kept.clear()
    file.write_bytes(b"no picture at all" * 20)
    visitor.studio.go("library")
    visitor.settle()
    key = row_of(visitor.project, FAILING).key
    visitor.qtbot.waitUntil(lambda: bool(visitor.space.thumbnails.why_not(key)), timeout=20_000)
    row = visitor.paths().index(FAILING)
    assert visitor.space.thumbnails.why_not(key) in tip_over(visitor, row)
    file.write_bytes(whole)
    visitor.grid.setFocus()
    visitor.key(Qt.Key.Key_F5)
    visitor.qtbot.waitUntil(lambda: visitor.space.thumbnails.get(key, 160) is not None, timeout=20_000)
    assert visitor.space.thumbnails.why_not(key) == ""


def test_that_a_new_picture_comes_into_the_list(visitor: Visitor) -> None:
    before = visitor.paths()
    file = add_picture(visitor.project.folder / "fresh/zz later.png", 200)
    visitor.project.ingest([file])
    visitor.qtbot.waitUntil(lambda: len(visitor.model.ids()) == len(before) + 1, timeout=20_000)
    visitor.settle()
    assert set(visitor.paths()) - set(before) == {"fresh/zz later.png"}
