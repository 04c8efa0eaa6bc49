"""Drawing by real mouse: boxes, polygons, brush and eraser; each stroke is one step of undo."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas.tools import BoxTool, BrushTool, SelectTool
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.instances import Instance, Origin
from tests.app.instances.desk import LEFT, NONE, SHIFT, Desk


@pytest.fixture
def named(desk: Desk) -> Desk:
    """With nothing selected, and names that no picture has."""
    assert not {"kettle", "lamp"} & set(desk.categories())
    return desk


def the(desk: Desk, category: str) -> Instance:
    (found,) = [instance for instance in desk.held() if instance.category == category]
    return found


def name(desk: Desk, category: str) -> None:
    assert desk.space.stage.popover.isVisible()
    desk.type(category)
    desk.press(Qt.Key.Key_Return)


def test_that_a_box_is_drawn_and_named_right_there(named: Desk) -> None:
    desk = named
    desk.press(Qt.Key.Key_R)
    assert isinstance(desk.canvas.tool, BoxTool)
    assert desk.space.stage.hints.text.text().startswith("Drag from corner")
    desk.drag((100.5, 60.5), (150, 90), (180.5, 120.5))
    assert desk.presenter.drawn is not None
    name(desk, "Kettle")
    made = the(desk, "kettle")
    assert made.box == Box(100, 60, 181, 121)
    assert made.mask is None
    assert made.origin is Origin.PERSON
    assert desk.presenter.selected == (made.key,)
    # The tool stays, for the next one.
    assert isinstance(desk.canvas.tool, BoxTool)
    desk.undo()
    assert "kettle" not in desk.categories()
    desk.redo()
    assert desk.presenter.selected == (made.key,)


def test_that_the_last_category_is_offered_for_the_next_box(named: Desk) -> None:
    desk = named
    desk.press(Qt.Key.Key_R)
    desk.drag((10.5, 10.5), (40.5, 40.5))
    name(desk, "lamp")
    desk.drag((200.5, 10.5), (240.5, 40.5))
    assert desk.space.stage.popover.field.text() == "lamp"
    desk.press(Qt.Key.Key_Return)
    assert desk.categories().count("lamp") == 2


def test_that_a_digit_names_what_was_drawn(named: Desk) -> None:
    desk = named
    wanted = desk.presenter.numbered[1]
    count = desk.categories().count(wanted)
    desk.press(Qt.Key.Key_R)
    desk.drag((10.5, 10.5), (40.5, 40.5))
    desk.press(Qt.Key.Key_2)
    assert desk.categories().count(wanted) == count + 1


def test_that_a_shape_waits_for_its_name_while_one_looks_elsewhere(named: Desk) -> None:
    desk = named
    desk.press(Qt.Key.Key_B)
    desk.drag((300.5, 30.5), (360.5, 30.5))
    # A further stroke before it has a name is of the same mask.
    desk.drag((330.5, 30.5), (330.5, 70.5))
    desk.canvas.setFocus()
    assert desk.space.stage.popover.isVisible()
    desk.press(Qt.Key.Key_Return)
    name(desk, "lamp")
    mask = the(desk, "lamp").mask
    assert mask is not None
    assert mask.to_bitmap()[30, 350]
    assert mask.to_bitmap()[65, 330]


def test_that_escape_drops_a_box_without_a_category(named: Desk) -> None:
    desk = named
    before = desk.held_keys()
    desk.press(Qt.Key.Key_R)
    desk.drag((10.5, 10.5), (40.5, 40.5))
    desk.press(Qt.Key.Key_Escape)
    assert desk.presenter.drawn is None
    assert desk.held_keys() == before
    assert set(desk.canvas.content.instances) == before
    desk.press(Qt.Key.Key_Escape)
    assert isinstance(desk.canvas.tool, SelectTool)
    assert desk.space.stage.hints.text.text().startswith("Click selects")


def test_that_a_polygon_becomes_a_mask(named: Desk) -> None:
    desk = named
    desk.press(Qt.Key.Key_P)
    for x, y in ((100, 100), (200, 100), (200, 180), (100, 180)):
        QTest.mouseClick(desk.canvas, LEFT, NONE, desk.at(x, y))
        # Two quick clicks at one place would be a double one.
        desk.qtbot.wait(1)
    desk.press(Qt.Key.Key_Return)
    desk.when(lambda: desk.presenter.drawn is not None)
    name(desk, "kettle")
    made = the(desk, "kettle")
    assert made.mask is not None
    assert made.mask.area == pytest.approx(100 * 80, rel=0.05)
    desk.undo()
    assert "kettle" not in desk.categories()


def test_that_a_stroke_of_the_brush_adds_to_the_mask_at_once(desk: Desk) -> None:
    row = desk.rows[0]
    desk.click(row.key)
    desk.press(Qt.Key.Key_B)
    box = row.instance.box
    y = (box.y0 + box.y1) / 2
    desk.drag((box.centre.x, y), (min(box.x1 + 30, desk.image.width_px - 2), y))
    (first,) = desk.presenter.selected_rows
    assert first.instance.supersedes == row.key
    assert first.instance.area_px > row.instance.area_px
    desk.drag((box.centre.x, y), (box.centre.x, max(2.0, box.y0 - 25)))
    (second,) = desk.presenter.selected_rows
    assert second.instance.supersedes == first.key
    assert second.instance.area_px > first.instance.area_px
    # One stroke, one step.
    desk.undo()
    assert first.key in desk.held_keys()
    assert desk.presenter.selected == (first.key,)
    desk.undo()
    assert row.key in desk.held_keys()
    desk.redo()
    assert desk.presenter.selected == (first.key,)


def test_that_strokes_that_follow_quickly_are_all_kept(desk: Desk) -> None:
    row = desk.rows[0]
    desk.click(row.key)
    desk.press(Qt.Key.Key_B)
    box, canvas = row.instance.box, desk.canvas
    middle = desk.at(box.centre.x, box.centre.y)
    for away in (QPoint(60, 0), QPoint(0, 60), QPoint(-60, 0)):
        QTest.mousePress(canvas, LEFT, NONE, middle)
        QTest.mouseMove(canvas, middle + away)
        QTest.mouseRelease(canvas, LEFT, NONE, middle + away)
    desk.settle()
    (now,) = desk.presenter.selected_rows
    assert len(now.before) == 3
    bitmap = now.instance.mask.to_bitmap() if now.instance.mask else None
    assert bitmap is not None
    for away in (QPoint(55, 0), QPoint(0, 55), QPoint(-55, 0)):
        at = canvas.view.to_picture((middle + away).toPointF())
        if 0 <= at.x < desk.image.width_px and 0 <= at.y < desk.image.height_px:
            assert bitmap[int(at.y), int(at.x)]
    for _ in range(3):
        desk.undo()
    assert row.key in desk.held_keys()


def test_that_the_eraser_takes_pixels_away(desk: Desk) -> None:
    row = desk.rows[1]
    desk.click(row.key)
    desk.press(Qt.Key.Key_D)
    place = desk.spot(row.key)
    QTest.mouseClick(desk.canvas, LEFT, NONE, place)
    desk.settle()
    (now,) = desk.presenter.selected_rows
    assert now.instance.supersedes == row.key
    assert 0 < now.instance.area_px < row.instance.area_px
    desk.undo()
    assert desk.presenter.selected == (row.key,)


def test_that_erasing_everything_deletes_nothing_but_says_so(desk: Desk) -> None:
    row = min(desk.rows, key=lambda r: r.share)
    desk.click_row(desk.presenter.model.row(row.key))
    desk.press(Qt.Key.Key_D)
    desk.space.stage.set_brush(1500.0)
    QTest.mouseClick(desk.canvas, LEFT, NONE, desk.at(row.instance.box.centre.x, row.instance.box.centre.y))
    desk.settle()
    assert row.key in desk.held_keys()
    assert row.name in desk.toast()
    QTest.mouseClick(desk.window.toasts._button, LEFT)
    desk.settle()
    assert row.key not in desk.held_keys()


def test_that_the_brush_begins_a_new_instance_with_nothing_selected(named: Desk) -> None:
    desk = named
    desk.press(Qt.Key.Key_B)
    desk.drag((300.5, 30.5), (360.5, 30.5))
    name(desk, "lamp")
    made = the(desk, "lamp")
    assert made.mask is not None
    assert made.mask.to_bitmap()[30, 330]
    assert desk.presenter.selected == (made.key,)
    # The next stroke goes on with it.
    desk.drag((330.5, 30.5), (330.5, 70.5))
    assert the(desk, "lamp").supersedes == made.key


def test_that_a_mask_that_nobody_names_is_dropped(named: Desk) -> None:
    desk = named
    before = desk.held_keys()
    desk.press(Qt.Key.Key_B)
    desk.drag((300.5, 30.5), (360.5, 30.5))
    desk.press(Qt.Key.Key_Escape)
    assert desk.held_keys() == before
    assert isinstance(desk.canvas.tool, BrushTool)
    # What comes next does not hold the pixels of what was dropped.
    desk.drag((500.5, 30.5), (520.5, 30.5))
    name(desk, "lamp")
    mask = the(desk, "lamp").mask
    assert mask is not None
    assert not mask.to_bitmap()[30, 330]


def test_that_keys_wheel_and_slider_size_the_brush(desk: Desk) -> None:
    desk.press(Qt.Key.Key_B)
    tool, hints = desk.canvas.tool, desk.space.stage.hints
    assert isinstance(tool, BrushTool)
    before = tool.size_px
    desk.press(Qt.Key.Key_BracketRight)
    assert tool.size_px > before
    assert hints.figure.text() == f"{tool.size_px:.0f} px"
    larger = tool.size_px
    place = QPointF(desk.canvas.rect().center())
    wheel = QWheelEvent(
        place,
        desk.canvas.mapToGlobal(place),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.AltModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(desk.canvas, wheel)
    assert tool.size_px < larger
    hints.slider.setFocus()
    desk.press(Qt.Key.Key_End)
    assert tool.size_px == 400
    # The eraser has the size of the brush.
    desk.press(Qt.Key.Key_D)
    assert isinstance(desk.canvas.tool, BrushTool)
    assert desk.canvas.tool.size_px == 400


def test_that_the_same_box_twice_is_refused_in_words(named: Desk) -> None:
    desk = named
    desk.press(Qt.Key.Key_R)
    for _ in range(2):
        desk.drag((10.5, 10.5), (40.5, 40.5))
        name(desk, "lamp")
    assert desk.categories().count("lamp") == 1
    assert "there already" in desk.toast()


def test_that_tools_are_taken_from_the_column_by_mouse(desk: Desk) -> None:
    from app.views.instances.tool_column import ToolButton

    for button in desk.space.tools.findChildren(ToolButton):
        if "prompt" in button.action_id:
            # These lead to the bar; see test_prompting.
            continue
        if not button.isEnabled():
            assert button.action_id == "instances.merge"
            continue
        QTest.mouseClick(button, LEFT)
        assert button.isChecked()
        assert f"instances.{desk.space.tool_name()}" == button.action_id


def test_that_merging_a_box_and_a_mask_is_refused_in_words(named: Desk) -> None:
    desk = named
    desk.press(Qt.Key.Key_R)
    desk.drag((10.5, 10.5), (40.5, 40.5))
    name(desk, "lamp")
    desk.press(Qt.Key.Key_V)
    count = len(desk.held())
    other = next(row for row in desk.rows if row.category != "lamp")
    desk.click(other.key, SHIFT)
    desk.press(Qt.Key.Key_M)
    assert len(desk.held()) == count
    assert "box only" in desk.toast()
