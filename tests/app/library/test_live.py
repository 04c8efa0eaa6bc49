"""The project changes while somebody looks at it: in another thread, by a run, by undo."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy

from app.views.library.geometry import MOST_WIDTH_PX
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.review import Mark, MarkKind
from hopchain_core.domain.status import ChainStatus
from hopchain_core.project import Project
from tests.app.library.person import CTRL, Visitor
from tests.app.library.rows import FAILING, FRESH, reject_one, rows_of, write_many


def in_another_thread(visitor: Visitor, change: Callable[[Project], object]) -> None:
    """Changes the project as a job would, and waits for the library to show it."""
    project = visitor.project
    worker = threading.Thread(target=lambda: change(project))
    worker.start()
    visitor.qtbot.waitUntil(lambda: not worker.is_alive(), timeout=20_000)
    worker.join()
    visitor.settle()


@pytest.fixture
def scrolled(visitor: Visitor) -> Visitor:
    """Somebody halfway down, with large cards."""
    write_many(visitor.project, 0, 60)
    visitor.qtbot.waitUntil(lambda: len(visitor.model.ids()) == 68, timeout=20_000)
    visitor.space.tools.slider.setValue(MOST_WIDTH_PX)
    visitor.settle()
    visitor.grid.verticalScrollBar().setValue(visitor.grid.verticalScrollBar().maximum() // 2)
    visitor.settle()
    return visitor


def first_in_sight(visitor: Visitor) -> tuple[int, int]:
    """The first card whose top is in sight: its picture's number and where it stands."""
    for row in visitor.grid.shown_rows():
        top = visitor.grid.visualRect(visitor.model.index(row)).top()
        if top >= 0:
            return int(visitor.model.number(row) or 0), top
    raise AssertionError("nothing is in sight")


def test_that_pictures_coming_before_move_nothing_in_sight(scrolled: Visitor) -> None:
    number, top = first_in_sight(scrolled)
    in_another_thread(scrolled, lambda project: write_many(project, 1000, 25, folder="a"))
    assert len(scrolled.model.ids()) == 93
    row = scrolled.model.row_of(number)
    assert row is not None
    assert scrolled.grid.visualRect(scrolled.model.index(row)).top() == top
    assert scrolled.paths()[0].startswith("a/")


def test_that_pictures_coming_keep_selection_and_keyboard(scrolled: Visitor) -> None:
    row = scrolled.grid.shown_rows()[scrolled.grid.geometry_now().columns]
    scrolled.click(row)
    scrolled.click(row + 1, CTRL)
    numbers = [scrolled.model.number(r) for r in scrolled.selected()]
    current = scrolled.grid.current_number()
    before = scrolled.grid.visualRect(scrolled.grid.currentIndex()).top()
    in_another_thread(scrolled, lambda project: write_many(project, 1000, 25, folder="a"))
    assert [scrolled.model.number(r) for r in scrolled.selected()] == numbers
    assert scrolled.grid.current_number() == current
    assert scrolled.grid.visualRect(scrolled.grid.currentIndex()).top() == before


def test_that_a_keyboard_out_of_sight_is_not_scrolled_to(scrolled: Visitor) -> None:
    scrolled.grid.verticalScrollBar().setValue(0)
    scrolled.click(0)
    scrolled.grid.verticalScrollBar().setValue(scrolled.grid.verticalScrollBar().maximum())
    before = first_in_sight(scrolled)
    in_another_thread(scrolled, lambda project: write_many(project, 1000, 25, folder="zz"))
    assert first_in_sight(scrolled) == before


def test_that_another_wish_is_shown_from_its_beginning(scrolled: Visitor) -> None:
    scrolled.presenter.choose(text="many")
    scrolled.settle()
    assert scrolled.grid.verticalScrollBar().value() == 0


def test_that_another_order_follows_the_picture_that_has_the_keyboard(scrolled: Visitor) -> None:
    row = scrolled.grid.shown_rows()[0]
    scrolled.click(row)
    number = scrolled.grid.current_number()
    scrolled.presenter.choose(descending=True)
    scrolled.settle()
    assert scrolled.grid.current_number() == number
    assert scrolled.grid.currentIndex().row() in scrolled.grid.shown_rows()


def test_that_a_decision_changes_figures_and_resets_nothing(visitor: Visitor) -> None:
    resets = QSignalSpy(visitor.model.modelReset)
    row = visitor.paths().index(rows_of(visitor.project)[-1].path)
    rejected = visitor.space.filters.chains.row(ChainStatus.REJECTED)
    assert rejected is not None
    assert ChainStatus.REJECTED not in visitor.listed_row(row).chain_counts
    assert rejected.count == 1
    key = visitor.key_at(row)
    in_another_thread(visitor, lambda project: reject_one(project, key))
    assert visitor.listed_row(row).chain_counts[ChainStatus.REJECTED] == 1
    assert rejected.count == 2
    assert resets.count() == 0


def test_that_undo_takes_a_decision_back_in_sight(visitor: Visitor) -> None:
    row = len(visitor.paths()) - 1
    key = visitor.key_at(row)
    visitor.studio.bridge.edit(lambda: reject_one(visitor.project, key, by=visitor.studio))
    visitor.settle()
    assert ChainStatus.REJECTED in visitor.listed_row(row).chain_counts
    visitor.qtbot.waitUntil(lambda: visitor.studio.undo_texts[0] == f"{MarkKind.REJECT.value.capitalize()} chain")
    visitor.grid.setFocus()
    visitor.key(Qt.Key.Key_Z, CTRL)
    visitor.settle()
    assert ChainStatus.REJECTED not in visitor.listed_row(row).chain_counts
    rejected = visitor.space.filters.chains.row(ChainStatus.REJECTED)
    assert rejected is not None
    assert rejected.count == 1


def test_that_a_picture_leaving_a_filter_hands_the_keyboard_on(visitor: Visitor) -> None:
    visitor.check(visitor.space.filters.chains.row(ChainStatus.BY_CONSTRUCTION))
    visitor.grid.setFocus()
    visitor.click(1)
    follower = visitor.model.number(2)
    key = visitor.key_at(1)
    with visitor.project.read() as read:
        count = len(list(read.chains(key)))
    for _ in range(count):
        in_another_thread(visitor, lambda project: _reject_next(project, key))
    assert visitor.grid.current_number() == follower
    assert visitor.presenter.selected == frozenset()


def _reject_next(project: Project, image: ImageKey) -> None:
    with project.read() as read:
        left = [
            stored.chain.key
            for stored in read.chains(image)
            if read.status(stored.chain.key) is not ChainStatus.REJECTED
        ]
    if left:
        project.mark(Mark(chain=left[0], kind=MarkKind.REJECT))


def test_that_counts_follow_a_run(visitor: Visitor) -> None:
    first = visitor.paths().index(FAILING)
    visitor.click(first)
    bar = visitor.grid.verticalScrollBar().value()
    assert visitor.studio.runs.start(["categorize"])
    visitor.qtbot.waitUntil(lambda: not visitor.studio.runs.is_running, timeout=15000)
    visitor.settle()
    assert visitor.selected() == [first]
    assert visitor.grid.verticalScrollBar().value() == bar
    assert FRESH in visitor.paths()


def test_that_nothing_is_read_while_another_space_is_shown(
    visitor: Visitor, open_library: Callable[..., Visitor]
) -> None:
    visitor.studio.go("pipeline")
    pages = QSignalSpy(visitor.model.page_wanted)
    write_many(visitor.project, 0, 5)
    visitor.qtbot.waitUntil(lambda: visitor.studio.bridge.is_idle, timeout=20_000)
    assert len(visitor.model.ids()) == 8
    assert pages.count() == 0
    again = open_library()
    assert len(again.model.ids()) == 13
