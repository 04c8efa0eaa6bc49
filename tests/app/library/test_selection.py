"""Pictures are selected and walked through by keys and mouse."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.style.tokens import tokens_of
from tests.app.library.person import CTRL, LEFT, NONE, SHIFT, Visitor

COUNT = 8
"""Pictures of the mixed project."""


def test_that_arrows_walk_through_the_grid(visitor: Visitor) -> None:
    columns = visitor.grid.geometry_now().columns
    visitor.click(0)
    visitor.key(Qt.Key.Key_Right)
    assert visitor.current() == 1
    assert visitor.selected() == [1]
    visitor.key(Qt.Key.Key_Down)
    assert visitor.current() == min(1 + columns, COUNT - 1)
    visitor.key(Qt.Key.Key_Up)
    visitor.key(Qt.Key.Key_Left)
    assert visitor.current() == 0
    visitor.key(Qt.Key.Key_Left)
    assert visitor.current() == 0, "there is nothing before the first"


def test_that_down_reaches_the_last_picture_from_above_a_gap(visitor: Visitor) -> None:
    columns = visitor.grid.geometry_now().columns
    assert COUNT % columns, "the last row is full"
    visitor.click(columns - 1)
    visitor.key(Qt.Key.Key_Down)
    assert visitor.current() == COUNT - 1


def test_that_home_and_end_go_to_the_ends(visitor: Visitor) -> None:
    visitor.click(3)
    visitor.key(Qt.Key.Key_End)
    assert visitor.current() == COUNT - 1
    visitor.key(Qt.Key.Key_Home)
    assert visitor.current() == 0


def test_that_the_first_key_goes_where_it_says(visitor: Visitor) -> None:
    visitor.grid.setFocus()
    # As when the keyboard was here before the pictures were.
    visitor.grid.selectionModel().clearCurrentIndex()
    visitor.key(Qt.Key.Key_End)
    assert visitor.current() == COUNT - 1


def test_that_a_page_is_what_fits(visitor: Visitor) -> None:
    visitor.presenter.choose(text="")
    visitor.space.tools.slider.setValue(visitor.space.tools.slider.maximum())
    visitor.settle()
    geometry = visitor.grid.geometry_now()
    assert geometry.height_px > visitor.grid.viewport().height(), "everything fits"
    visitor.click(0)
    visitor.key(Qt.Key.Key_PageDown)
    assert visitor.current() >= geometry.columns
    assert visitor.grid.verticalScrollBar().value() > 0
    rect = visitor.grid.visualRect(visitor.grid.currentIndex())
    assert rect.top() >= 0
    assert rect.bottom() <= visitor.grid.viewport().height()
    visitor.key(Qt.Key.Key_PageUp)
    assert visitor.current() == 0


def test_that_shift_extends_and_takes_back(visitor: Visitor) -> None:
    visitor.click(1)
    visitor.key(Qt.Key.Key_Right, SHIFT)
    visitor.key(Qt.Key.Key_Right, SHIFT)
    assert visitor.selected() == [1, 2, 3]
    visitor.key(Qt.Key.Key_Left, SHIFT)
    assert visitor.selected() == [1, 2]
    visitor.key(Qt.Key.Key_End, SHIFT)
    assert visitor.selected() == list(range(1, COUNT))


def test_that_control_walks_without_selecting_and_space_toggles(visitor: Visitor) -> None:
    visitor.click(0)
    visitor.key(Qt.Key.Key_Right, CTRL)
    visitor.key(Qt.Key.Key_Right, CTRL)
    assert visitor.current() == 2
    assert visitor.selected() == [0]
    visitor.key(Qt.Key.Key_Space)
    assert visitor.selected() == [0, 2]
    visitor.key(Qt.Key.Key_Space)
    assert visitor.selected() == [0]


def test_that_ranges_are_selected_by_the_mouse(visitor: Visitor) -> None:
    visitor.click(1)
    visitor.click(4, SHIFT)
    assert visitor.selected() == [1, 2, 3, 4]
    visitor.click(2, CTRL)
    assert visitor.selected() == [1, 3, 4]
    visitor.click(6, CTRL)
    assert visitor.selected() == [1, 3, 4, 6]
    visitor.click(0)
    assert visitor.selected() == [0]


def test_that_the_box_on_a_card_adds_to_the_selection(visitor: Visitor) -> None:
    visitor.click(0)
    corner = visitor.grid.visualRect(visitor.model.index(3)).topLeft() + QPoint(18, 18)
    QTest.mouseClick(visitor.grid.viewport(), LEFT, NONE, corner)
    assert visitor.selected() == [0, 3]
    QTest.mouseClick(visitor.grid.viewport(), LEFT, NONE, corner)
    assert visitor.selected() == [0]


def test_that_everything_is_selected_and_nothing(visitor: Visitor) -> None:
    visitor.grid.setFocus()
    visitor.key(Qt.Key.Key_A, CTRL)
    assert visitor.selected() == list(range(COUNT))
    assert visitor.space.selection.text() == f"{COUNT} selected"
    visitor.key(Qt.Key.Key_Escape)
    assert visitor.selected() == []
    assert visitor.space.selection.text().startswith(f"{COUNT} pictures")


def test_that_selecting_moves_no_picture(visitor: Visitor) -> None:
    before = visitor.grid.viewport().mapToGlobal(visitor.centre(0))
    visitor.click(2)
    visitor.settle()
    assert visitor.grid.viewport().mapToGlobal(visitor.centre(0)) == before


def test_that_another_order_keeps_the_selection(visitor: Visitor) -> None:
    visitor.click(0)
    visitor.click(5, CTRL)
    keys = {visitor.key_at(row) for row in visitor.selected()}
    visitor.presenter.choose(descending=True)
    visitor.settle()
    assert {visitor.key_at(row) for row in visitor.selected()} == keys
    assert visitor.selected() == [COUNT - 6, COUNT - 1]


def test_that_what_is_filtered_out_is_no_longer_selected(visitor: Visitor) -> None:
    visitor.grid.setFocus()
    visitor.key(Qt.Key.Key_A, CTRL)
    visitor.presenter.choose(failing=True)
    visitor.settle()
    assert len(visitor.presenter.selected) == 1
    visitor.presenter.clear()
    visitor.settle()
    assert len(visitor.selected()) == 1


def test_that_letters_do_not_read_the_whole_list(visitor: Visitor) -> None:
    visitor.click(0)
    visitor.grid.keyboardSearch("s")
    assert visitor.current() == 0


def test_that_actions_without_room_stand_behind_more(visitor: Visitor) -> None:
    visitor.click(0)
    bar = visitor.space.selection
    assert not bar.more.isVisible()
    visitor.window.resize(960, 600)
    visitor.settle()
    assert visitor.window.width() == 960, "the bar widens the window"
    assert bar.more.isVisible()
    visitor.push(bar.more)
    visitor.choose("Copy path")
    visitor.settle()
    assert visitor.toasts == ["1 path copied"]


def test_that_a_drag_selects_what_it_touches(visitor: Visitor) -> None:
    grid = visitor.grid
    geometry = grid.geometry_now()
    beside = QPoint(grid.visualRect(visitor.model.index(0)).left() - 8, 8)
    inside = visitor.centre(geometry.columns + 1)
    QTest.mousePress(grid.viewport(), LEFT, NONE, beside)
    QTest.mouseMove(grid.viewport(), beside + QPoint(40, 40))
    QTest.mouseMove(grid.viewport(), inside)
    QTest.mouseRelease(grid.viewport(), LEFT, NONE, inside)
    assert visitor.selected() == [0, 1, geometry.columns, geometry.columns + 1]


def test_that_a_drag_shows_its_frame_while_it_lasts(visitor: Visitor) -> None:
    grid = visitor.grid
    first = grid.visualRect(visitor.model.index(0))
    beside, inside = QPoint(first.left() - 8, 8), visitor.centre(1)
    accent = tokens_of(grid).accent.name()

    def edge() -> str:
        return str(grid.viewport().grab().toImage().pixelColor(beside.x(), first.center().y()).name())

    QTest.mousePress(grid.viewport(), LEFT, NONE, beside)
    QTest.mouseMove(grid.viewport(), beside + QPoint(1, 1))
    assert edge() != accent, "a hand that trembles drags nothing"
    QTest.mouseMove(grid.viewport(), beside + QPoint(40, 40))
    QTest.mouseMove(grid.viewport(), inside)
    assert edge() == accent
    QTest.mouseRelease(grid.viewport(), LEFT, NONE, inside)
    assert edge() != accent


def test_that_the_ring_shows_where_keys_go_and_not_where_was_clicked(visitor: Visitor) -> None:
    def beside(row: int) -> str:
        rect = visitor.grid.visualRect(visitor.model.index(row))
        return visitor.grid.viewport().grab().toImage().pixelColor(rect.left() - 4, rect.center().y()).name()

    accent = tokens_of(visitor.grid).accent.name()
    visitor.click(1)
    assert beside(1) != accent
    visitor.key(Qt.Key.Key_Right)
    assert beside(2) == accent
    assert beside(1) != accent
    visitor.click(2)
    assert beside(2) != accent
