"""Looking at instances: hover, click, list, filter, order, pictures, all by real keys and mouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.composition import Composed
from app.models.instance_list import InstanceColumn
from app.studio import Studio
from hopchain_core.project import ImageQuery, Project
from tests.app.instances.desk import CTRL, LEFT, NONE, SHIFT, Desk


def test_that_a_picture_comes_with_its_instances(desk: Desk) -> None:
    held = desk.held()
    assert len(held) > 4
    assert desk.presenter.model.rowCount() == len(held)
    assert set(desk.canvas.content.instances) == {instance.key for instance in held}
    assert f"{len(held)} instances" in desk.status()
    assert desk.space.row.name.text() == desk.image.name


def test_that_a_click_on_the_canvas_selects_in_the_list(desk: Desk) -> None:
    key = desk.rows[2].key
    desk.click(key)
    assert desk.presenter.selected == (key,)
    assert desk.selected_rows() == [2]
    assert desk.inspector.name.text() == desk.rows[2].name
    assert "1 selected" in desk.status()


def test_that_shift_adds_to_the_selection_and_a_click_beside_clears_it(desk: Desk) -> None:
    first, second = desk.rows[1].key, desk.rows[3].key
    desk.click(first)
    desk.click(second, SHIFT)
    assert set(desk.presenter.selected) == {first, second}
    assert desk.selected_rows() == [1, 3]
    QTest.mouseClick(desk.canvas, LEFT, NONE, QPoint(2, 2))
    desk.settle()
    assert desk.presenter.selected == ()
    assert desk.selected_rows() == []


def test_that_a_row_selects_on_the_canvas_and_control_adds(desk: Desk) -> None:
    desk.click_row(0)
    assert desk.canvas.selection == (desk.rows[0].key,)
    desk.click_row(2, modifiers=CTRL)
    assert set(desk.canvas.selection) == {desk.rows[0].key, desk.rows[2].key}
    desk.press(Qt.Key.Key_Escape)
    assert desk.canvas.selection == ()


def test_that_hovering_shows_in_list_and_canvas(desk: Desk) -> None:
    key = desk.rows[1].key
    desk.hover(desk.spot(key))
    assert desk.list.delegate.hovered == key
    QTest.mouseMove(desk.list.viewport(), desk.cell(3))
    desk.when(lambda: desk.canvas.content.hovered == desk.rows[3].key)


def test_that_clicking_again_selects_what_lies_beneath(desk: Desk) -> None:
    # One more over the first, by hand: a box that covers its middle.
    below = desk.rows[0]
    desk.project.add_instance(desk.image.key, "lid", below.instance.box, below.instance.mask, by=desk)
    desk.when(lambda: any(row.category == "lid" for row in desk.rows))
    desk.settle()
    upper = next(row.key for row in desk.rows if row.category == "lid")
    both = {below.key, upper}
    place = next(
        desk.at(x + 0.5, y + 0.5)
        for y in range(int(below.instance.box.y0), int(below.instance.box.y1), 3)
        for x in range(int(below.instance.box.x0), int(below.instance.box.x1), 3)
        if set(desk.canvas.keys_at(desk.canvas.view.to_picture(desk.at(x + 0.5, y + 0.5).toPointF()))) == both
    )
    QTest.mouseClick(desk.canvas, LEFT, NONE, place)
    desk.settle()
    (first,) = desk.presenter.selected
    QTest.mouseClick(desk.canvas, LEFT, NONE, place)
    desk.settle()
    (second,) = desk.presenter.selected
    assert {first, second} == both


def test_that_the_filter_narrows_the_list_and_keeps_the_selection(desk: Desk) -> None:
    row = desk.rows[0]
    desk.click(row.key)
    other = next(r for r in desk.rows if r.category != row.category)
    desk.press(Qt.Key.Key_Slash)
    assert desk.space.panel.filter.hasFocus()
    desk.type(other.category)
    assert {r.category for r in desk.presenter.model.rows} == {other.category}
    assert desk.presenter.selected == (row.key,)
    # Letters belong to the field meanwhile.
    assert desk.space.tool_name() == "select"
    desk.press(Qt.Key.Key_Escape)
    assert desk.presenter.model.rowCount() == len(desk.rows)
    assert desk.selected_rows() == [0]


def test_that_a_filter_that_nothing_passes_says_so(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F, CTRL)
    desk.type("zebra crossing")
    assert desk.space.panel.nothing_left.isVisible()
    desk.press(Qt.Key.Key_Escape)
    assert desk.list.isVisible()


def test_that_a_head_sorts_and_the_selection_goes_along(desk: Desk) -> None:
    desk.click_row(1)
    key = desk.rows[1].key
    header = desk.list.header()
    x = header.sectionViewportPosition(InstanceColumn.AREA) + 20
    QTest.mouseClick(header.viewport(), LEFT, NONE, QPoint(x, 10))
    shares = [row.share for row in desk.presenter.model.rows]
    assert shares == sorted(shares, reverse=True)
    tip = desk.presenter.model.headerData(InstanceColumn.AREA, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert tip == "Largest first; click for smallest first"
    QTest.mouseClick(header.viewport(), LEFT, NONE, QPoint(x, 10))
    assert [row.share for row in desk.presenter.model.rows] == sorted(shares)
    assert desk.selected_rows() == [desk.presenter.model.row(key)]
    assert desk.presenter.selected == (key,)


def test_that_the_order_of_the_list_is_kept(
    desk: Desk, composed: Composed, sample_project: Path, open_desk: Callable[..., Desk]
) -> None:
    header = desk.list.header()
    x = header.sectionViewportPosition(InstanceColumn.AREA) + 20
    QTest.mouseClick(header.viewport(), LEFT, NONE, QPoint(x, 10))
    order = [row.key for row in desk.presenter.model.rows]
    image = desk.image.key
    composed.studio.close_project()
    composed.studio.take_project(Project.open(sample_project))
    again = open_desk(image=image)
    assert [row.key for row in again.presenter.model.rows] == order
    assert again.list.header().sortIndicatorSection() == InstanceColumn.AREA


def test_that_j_and_k_go_through_the_pictures(desk: Desk) -> None:
    with desk.project.read() as read:
        rows = read.image_rows(read.image_ids(ImageQuery()))
    assert desk.image.key == rows[0].key
    assert desk.space.row.place.text() == f"1 of {len(rows)}"
    desk.press(Qt.Key.Key_J)
    assert desk.image.key == rows[1].key
    assert desk.space.row.place.text() == f"2 of {len(rows)}"
    desk.press(Qt.Key.Key_K)
    desk.press(Qt.Key.Key_K)
    assert desk.image.key == rows[0].key
    assert not desk.studio.actions.is_enabled("instances.previous")


def test_that_another_picture_begins_with_nothing_selected(desk: Desk) -> None:
    desk.click(desk.rows[0].key)
    desk.press(Qt.Key.Key_J)
    assert desk.presenter.selected == ()
    assert set(desk.canvas.content.instances) == desk.held_keys()


def test_that_pictures_come_in_the_order_of_the_library(
    studio: Studio, open_desk: Callable[..., Desk], settled: Callable[[Studio], None]
) -> None:
    settled(studio)
    library = open_desk().window.space("library")
    assert library is not None
    library.presenter.choose(descending=True)  # type: ignore[attr-defined]
    desk = open_desk()
    with desk.project.read() as read:
        rows = read.image_rows(read.image_ids(ImageQuery(descending=True)))
    at = [row.key for row in rows].index(desk.image.key)
    assert desk.space.row.place.text() == f"{at + 1} of {len(rows)}"
    desk.press(Qt.Key.Key_K)
    assert desk.image.key == rows[at - 1].key


def test_that_one_can_go_to_an_instance(desk: Desk, open_desk: Callable[..., Desk]) -> None:
    with desk.project.read() as read:
        image = read.image_rows(read.image_ids(ImageQuery()))[3].key
        wanted = read.instances(image)[1]
    desk.studio.go("library")
    there = open_desk(image=image, instance=wanted.key)
    assert there.image.key == image
    assert there.presenter.selected == (wanted.key,)
    there.studio.go("library")
    alone = open_desk(instance=wanted.key)
    assert alone.image.key == image
    assert alone.presenter.selected == (wanted.key,)
    assert alone.space.row.place.text().startswith("4 of")


def test_that_control_a_selects_all_that_is_listed(desk: Desk) -> None:
    desk.press(Qt.Key.Key_A, CTRL)
    assert set(desk.presenter.selected) == desk.held_keys()
    assert desk.inspector.name.text() == f"{len(desk.rows)} selected"


def test_that_a_double_click_beside_the_name_zooms_to_it(desk: Desk) -> None:
    before = desk.canvas.view.scale
    desk.double_click_row(0, InstanceColumn.AREA)
    desk.settle()
    assert desk.canvas.view.scale > before


def test_that_crops_show_and_change_the_same_selection(desk: Desk) -> None:
    desk.click(desk.rows[2].key)
    desk.press(Qt.Key.Key_G)
    crops = desk.space.panel.crops
    assert crops.isVisible()
    assert [index.row() for index in crops.selectionModel().selectedIndexes()] == [2]
    rect = crops.visualRect(desk.presenter.model.index(0, InstanceColumn.NAME))
    QTest.mouseClick(crops.viewport(), LEFT, NONE, rect.center())
    desk.settle()
    assert desk.canvas.selection == (desk.rows[0].key,)


def test_that_one_goes_on_to_the_chain_that_uses_it(desk: Desk) -> None:
    with desk.project.read() as read:
        used = {row.key: read.chains_using([row.key]) for row in desk.rows}
    key = next(key for key, chains in used.items() if chains)
    desk.click_row(desk.presenter.model.row(key))
    desk.press(Qt.Key.Key_C, SHIFT)
    assert desk.studio.space == "chains"
