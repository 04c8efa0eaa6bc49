"""Search, order and size."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.settings import Settings
from app.views.library.geometry import LEAST_WIDTH_PX, MOST_WIDTH_PX
from hopchain_core.project import ImageQuery, ImageSort
from tests.app.library.person import CTRL, NONE, Visitor
from tests.app.library.rows import FRESH, rows_of


def search(visitor: Visitor, text: str) -> None:
    """Types into the search and waits for what is found."""
    visitor.grid.setFocus()
    visitor.key(Qt.Key.Key_Slash)
    assert visitor.space.tools.search.hasFocus()
    visitor.type(text)
    visitor.qtbot.waitUntil(lambda: visitor.presenter.choice.text == text.strip())
    visitor.settle()


def test_that_a_part_of_a_name_finds_pictures(visitor: Visitor) -> None:
    search(visitor, "QUITE a long")
    assert visitor.paths() == [FRESH]


def test_that_a_category_finds_pictures(visitor: Visitor) -> None:
    search(visitor, "teapot")
    with visitor.project.read() as read:
        held = [row for row in rows_of(visitor.project) if "teapot" in {i.category for i in read.instances(row.key)}]
    assert visitor.paths() == [row.path for row in held]
    assert held


def test_that_words_of_a_question_find_pictures(visitor: Visitor) -> None:
    search(visitor, "Looked at by a person")
    assert len(visitor.paths()) == 1


def test_that_letters_in_the_search_reach_no_action(visitor: Visitor) -> None:
    visitor.click(0)
    went = len(visitor.went)
    search(visitor, "ifcr")
    assert visitor.space.tools.search.text() == "ifcr"
    assert len(visitor.went) == went
    assert visitor.space.filters.isVisible()


def test_that_enter_searches_at_once_and_gives_the_keyboard_back(visitor: Visitor) -> None:
    visitor.grid.setFocus()
    visitor.key(Qt.Key.Key_Slash)
    visitor.type("fresh")
    visitor.key(Qt.Key.Key_Return)
    assert visitor.presenter.choice.text == "fresh"
    assert visitor.grid.hasFocus()
    visitor.settle()
    assert len(visitor.paths()) == 2


def test_that_escape_empties_the_search_then_leaves_it(visitor: Visitor) -> None:
    search(visitor, "fresh")
    visitor.key(Qt.Key.Key_Escape)
    visitor.settle()
    assert len(visitor.paths()) == len(rows_of(visitor.project))
    assert visitor.space.tools.search.hasFocus()
    visitor.key(Qt.Key.Key_Escape)
    assert visitor.grid.hasFocus()


def test_that_escape_in_the_grid_lets_the_selection_go_before_the_search(visitor: Visitor) -> None:
    search(visitor, "fresh")
    visitor.key(Qt.Key.Key_Return)
    visitor.click(0)
    visitor.key(Qt.Key.Key_Escape)
    assert visitor.selected() == []
    assert visitor.presenter.choice.text == "fresh"
    visitor.key(Qt.Key.Key_Escape)
    visitor.settle()
    assert visitor.presenter.choice.text == ""
    assert visitor.space.tools.search.text() == ""
    assert len(visitor.paths()) == len(rows_of(visitor.project))


def test_that_each_order_is_the_stores(visitor: Visitor) -> None:
    words = {ImageSort.ADDED: "Added", ImageSort.INSTANCES: "Instances", ImageSort.CHAINS: "Chains"}
    for sort, text in words.items():
        visitor.push(visitor.space.tools.order)
        visitor.choose(text)
        visitor.settle()
        with visitor.project.read() as read:
            wanted = list(read.image_ids(ImageQuery(sort=sort, descending=True)))
        assert list(visitor.model.ids()) == wanted, sort
        assert visitor.space.tools.order.text() == text
        assert visitor.space.tools.order.icon_name == "sort-up"


def test_that_the_order_is_turned_round_and_remembered(visitor: Visitor) -> None:
    before = visitor.paths()
    visitor.push(visitor.space.tools.order)
    visitor.choose("Z to A")
    visitor.settle()
    assert visitor.paths() == before[::-1]
    assert visitor.studio.settings.get("library.order") == ["path", True]
    assert visitor.space.tools.order.accessibleName() == "Order: Name, Z to A"


def test_that_the_slider_makes_pictures_larger(visitor: Visitor) -> None:
    before = visitor.grid.geometry_now().cell_width_px
    slider = visitor.space.tools.slider
    slider.setFocus()
    visitor.key(Qt.Key.Key_End)
    assert slider.value() == MOST_WIDTH_PX
    assert visitor.grid.geometry_now().cell_width_px > before
    assert visitor.studio.settings.get("library.cell_px") == MOST_WIDTH_PX


def test_that_the_slider_goes_to_where_it_is_pressed(visitor: Visitor) -> None:
    slider = visitor.space.tools.slider
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, NONE, QPoint(slider.width() - 3, slider.height() // 2))
    assert slider.value() == MOST_WIDTH_PX
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, NONE, QPoint(2, slider.height() // 2))
    assert slider.value() == LEAST_WIDTH_PX


def test_that_what_is_looked_at_stays_while_pictures_grow(visitor: Visitor) -> None:
    slider, grid = visitor.space.tools.slider, visitor.grid
    slider.setValue(MOST_WIDTH_PX)
    assert grid.verticalOffset() == 0, "at the beginning of the list it stays at the beginning"
    last = grid.model().index(grid.model().rowCount() - 1, 0)
    grid.setCurrentIndex(last)
    grid.scrollTo(last)
    for width in range(MOST_WIDTH_PX, LEAST_WIDTH_PX, -24):
        slider.setValue(width)
    for width in range(LEAST_WIDTH_PX, MOST_WIDTH_PX, 24):
        slider.setValue(width)
        assert grid.viewport().rect().intersects(grid.visualRect(last))


def test_that_the_wheel_with_control_zooms(visitor: Visitor) -> None:
    before = visitor.space.tools.slider.value()
    place = QPointF(visitor.centre(0))
    event = QWheelEvent(
        place, visitor.grid.mapToGlobal(place), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, CTRL,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(visitor.grid.viewport(), event)
    assert visitor.space.tools.slider.value() > before


def test_that_plus_and_minus_change_the_size(visitor: Visitor) -> None:
    visitor.grid.setFocus()
    before = visitor.grid.cell_width_px
    visitor.key(Qt.Key.Key_Plus, NONE)
    assert visitor.grid.cell_width_px > before
    visitor.key(Qt.Key.Key_Minus, NONE)
    assert visitor.grid.cell_width_px == before


def test_that_a_larger_size_keeps_what_is_in_the_middle(visitor: Visitor) -> None:
    visitor.space.tools.slider.setValue(MOST_WIDTH_PX)
    bar = visitor.grid.verticalScrollBar()
    bar.setValue(bar.maximum())
    last = len(visitor.model.ids()) - 1
    assert last in visitor.grid.shown_rows()
    visitor.space.tools.slider.setValue(MOST_WIDTH_PX - 80)
    assert last in visitor.grid.shown_rows()


def test_that_order_and_size_are_as_they_were_left(visitor: Visitor, settings: Settings, sample_project: Path) -> None:
    visitor.presenter.choose(descending=True)
    visitor.space._take_order(ImageSort.INSTANCES, False)
    visitor.space.tools.slider.setValue(304)
    visitor.studio.close_project()
    visitor.studio.open_project(sample_project)
    visitor.qtbot.waitUntil(lambda: visitor.studio.project is not None)
    again = Visitor(visitor.studio, visitor.window, visitor.qtbot)
    again.settle()
    assert again.presenter.choice.sort is ImageSort.INSTANCES
    assert not again.presenter.choice.descending
    assert again.grid.cell_width_px == 304


def test_that_the_order_is_named_before_anything_was_chosen(visitor: Visitor) -> None:
    assert visitor.space.tools.order.text() == "Name"


def test_that_a_long_text_that_is_not_found_is_told_in_a_line(visitor: Visitor) -> None:
    visitor.space.presenter.choose(text="no such\nwords " * 40)
    visitor.settle()
    shown = visitor.space.empty_shown()
    assert shown is not None
    assert shown.text.text().startswith("Nothing found for “no such words no such")
    assert len(shown.text.text()) < 90
