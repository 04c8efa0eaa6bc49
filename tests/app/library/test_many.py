"""Twenty thousand pictures: read a page at a time, wherever one looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.models.image_list import ImageListModel
from app.models.paged_list import MOST_PAGES
from hopchain_core.project import Project, Reader
from tests.app.library.person import CTRL, SHIFT, Visitor
from tests.app.library.rows import write_many

COUNT = 20_000


@pytest.fixture(scope="session")
def big_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of 20,000 pictures without files; not to be changed."""
    path = tmp_path_factory.mktemp("big") / "big.hopchain"
    with Project.create(path) as project:
        write_many(project, 0, COUNT)
    return path


@pytest.fixture
def rows_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows were read, one entry for each question."""
    read: list[int] = []
    original: Callable[..., Any] = Reader.image_rows

    def counting(self: Reader, ids: Sequence[int]) -> Any:
        read.append(len(ids))
        return original(self, ids)

    monkeypatch.setattr(Reader, "image_rows", counting)
    return read


@pytest.fixture
def crowd(composed: Composed, qtbot: QtBot, rows_read: list[int], big_project: Path) -> Visitor:
    """A person in the library of the big project."""
    composed.window.activateWindow()
    qtbot.waitUntil(composed.window.isActiveWindow)
    composed.studio.take_project(Project.open(big_project))
    visitor = Visitor(composed.studio, composed.window, qtbot)
    visitor.settle()
    return visitor


def test_that_opening_reads_what_is_in_sight_and_no_more(crowd: Visitor, rows_read: list[int]) -> None:
    assert len(crowd.model.ids()) == COUNT
    assert sum(rows_read) <= 3 * ImageListModel.PAGE
    geometry = crowd.grid.geometry_now()
    bar = crowd.grid.verticalScrollBar()
    assert bar.maximum() == geometry.height_px - crowd.grid.viewport().height()


def test_that_scrolling_reads_pages_and_each_once(crowd: Visitor, rows_read: list[int]) -> None:
    rows_read.clear()
    bar = crowd.grid.verticalScrollBar()
    start, step = bar.value(), crowd.grid.viewport().height() // 2
    for move in range(1, 41):
        bar.setValue(start + move * step)
        crowd.grid.viewport().repaint()
    crowd.settle()
    seen = crowd.grid.shown_rows().stop
    # The rows a screen ahead are read, too, so that they are there when they come into sight.
    pages = (seen + len(crowd.grid.shown_rows())) // ImageListModel.PAGE + 1
    assert max(rows_read) <= ImageListModel.PAGE
    assert sum(rows_read) <= pages * ImageListModel.PAGE
    assert crowd.model.known(crowd.grid.shown_rows()[0]) is not None


def test_that_a_jump_to_the_end_reads_the_end(crowd: Visitor, rows_read: list[int]) -> None:
    crowd.click(0)
    crowd.settle()
    rows_read.clear()
    crowd.key(Qt.Key.Key_End)
    crowd.settle()
    assert crowd.current() == COUNT - 1
    assert crowd.listed_row(COUNT - 1).path == f"many/{COUNT - 1:06d}.jpg"
    assert sum(rows_read) <= 2 * ImageListModel.PAGE


def test_that_selecting_everything_reads_nothing(crowd: Visitor, rows_read: list[int]) -> None:
    crowd.grid.setFocus()
    rows_read.clear()
    crowd.key(Qt.Key.Key_A, CTRL)
    assert len(crowd.presenter.selected) == COUNT
    crowd.settle()
    assert sum(rows_read) <= 3 * ImageListModel.PAGE


def test_that_a_range_over_many_is_selected_by_two_keys(crowd: Visitor) -> None:
    crowd.click(7)
    crowd.key(Qt.Key.Key_End, SHIFT)
    assert len(crowd.presenter.selected) == COUNT - 7
    crowd.key(Qt.Key.Key_Home, SHIFT)
    assert len(crowd.presenter.selected) == 8


def test_that_letters_are_not_looked_for_in_every_row(crowd: Visitor, rows_read: list[int]) -> None:
    crowd.click(0)
    crowd.settle()
    rows_read.clear()
    for letter in (Qt.Key.Key_Q, Qt.Key.Key_W, Qt.Key.Key_Z):
        crowd.key(letter)
    crowd.settle()
    assert sum(rows_read) <= 3 * ImageListModel.PAGE


def test_that_few_pages_are_kept_however_far_one_scrolls(crowd: Visitor) -> None:
    bar = crowd.grid.verticalScrollBar()
    for part in range(0, 101, 2):
        bar.setValue(bar.maximum() * part // 100)
        crowd.grid.viewport().repaint()
        crowd.settle()
    assert len(crowd.model._pages) <= MOST_PAGES


def test_that_a_search_among_many_lists_what_it_finds(crowd: Visitor, rows_read: list[int]) -> None:
    rows_read.clear()
    crowd.presenter.choose(text="many/0199")
    crowd.settle()
    assert len(crowd.model.ids()) == 100
    assert sum(rows_read) <= 2 * ImageListModel.PAGE
