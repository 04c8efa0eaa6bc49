"""Tools give back finished shapes, by real mouse and keys."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas.crops import crop_of
from app.canvas.tools import BoxTool, BrushTool, PointsTool, PolygonTool, SelectTool
from app.canvas.tools.brush import draw_stroke
from app.canvas.values import CanvasInstance
from hopchain_core.domain.geometry import Box, Mask, Point
from hopchain_core.domain.keys import InstanceKey
from tests.app.canvas.shapes import HEIGHT, WIDTH, Stand, grey, instance

LEFT = Qt.MouseButton.LeftButton
NONE, SHIFT, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


def drag(stand: Stand, *points: tuple[float, float], modifiers: Qt.KeyboardModifier = NONE) -> None:
    places = [stand.at(*p) for p in points]
    QTest.mousePress(stand.canvas, LEFT, modifiers, places[0])
    for place in places[1:]:
        QTest.mouseMove(stand.canvas, place)
    QTest.mouseRelease(stand.canvas, LEFT, modifiers, places[-1])


def boxes_of(stand: Stand) -> list[Box]:
    found: list[Box] = []
    stand.canvas.box_drawn.connect(found.append)
    stand.canvas.set_tool(BoxTool(stand.canvas))
    return found


def test_that_a_drag_draws_a_box_of_whole_pixels(stand: Stand) -> None:
    stand.show()
    found = boxes_of(stand)
    drag(stand, (10.5, 5.5), (20.5, 15.5), (30.5, 25.5))
    assert found == [Box(10, 5, 31, 26)]


@pytest.mark.parametrize("scale", [3.0, 8.0, 25.0])
def test_that_a_box_holds_the_pixels_it_was_drawn_over_at_any_zoom(stand: Stand, scale: float) -> None:
    stand.show()
    found = boxes_of(stand)
    stand.canvas.navigator.zoom_to(scale)
    drag(stand, (28.5, 18.5), (31.5, 21.5))
    assert found == [Box(28, 18, 32, 22)]


def test_that_a_box_is_drawn_backwards_and_cut_at_the_picture(stand: Stand) -> None:
    stand.show()
    found = boxes_of(stand)
    drag(stand, (50.5, 30.5), (40, 10), (-3, -3))
    assert found == [Box(0, 0, 51, 31)]


def test_that_shift_draws_a_square(stand: Stand) -> None:
    stand.show()
    found = boxes_of(stand)
    drag(stand, (10.1, 10.1), (15, 13), (20.1, 13.1), modifiers=SHIFT)
    # The keys held count while the pointer moves; the moves of this test carry none, the release does.
    assert len(found) == 1
    assert found[0].width == found[0].height


def test_that_a_slip_draws_no_box_and_escape_gives_one_up(stand: Stand) -> None:
    stand.show()
    found = boxes_of(stand)
    QTest.mouseClick(stand.canvas, LEFT, NONE, stand.at(20.5, 20.5))
    QTest.mousePress(stand.canvas, LEFT, NONE, stand.at(10, 10))
    QTest.mouseMove(stand.canvas, stand.at(30, 30))
    assert stand.canvas.tool.is_busy
    QTest.keyClick(stand.canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(stand.canvas, LEFT, NONE, stand.at(30, 30))
    assert found == []


def polygons_of(stand: Stand) -> list[tuple[Point, ...]]:
    found: list[tuple[Point, ...]] = []
    stand.canvas.polygon_drawn.connect(found.append)
    stand.canvas.set_tool(PolygonTool(stand.canvas))
    return found


def corners(stand: Stand, *points: tuple[float, float]) -> None:
    for point in points:
        QTest.mouseClick(stand.canvas, LEFT, NONE, stand.at(*point))


def near(found: tuple[Point, ...], *points: tuple[float, float]) -> bool:
    return len(found) == len(points) and all(
        abs(p.x - x) < 0.2 and abs(p.y - y) < 0.2 for p, (x, y) in zip(found, points, strict=True)
    )


def test_that_a_click_on_the_first_corner_closes_a_polygon(stand: Stand) -> None:
    stand.show()
    found = polygons_of(stand)
    corners(stand, (10, 10), (40, 12), (30, 30), (10, 10))
    assert len(found) == 1
    assert near(found[0], (10, 10), (40, 12), (30, 30))
    assert not stand.canvas.tool.is_busy


def test_that_enter_closes_and_backspace_takes_a_corner_back(stand: Stand) -> None:
    stand.show()
    found = polygons_of(stand)
    corners(stand, (10, 10), (40, 12), (55, 38))
    QTest.keyClick(stand.canvas, Qt.Key.Key_Backspace)
    QTest.keyClick(stand.canvas, Qt.Key.Key_Return)
    assert found == []
    corners(stand, (30, 30), (12, 28))
    QTest.keyClick(stand.canvas, Qt.Key.Key_Return)
    assert near(found[0], (10, 10), (40, 12), (30, 30), (12, 28))


def test_that_a_double_click_closes(stand: Stand) -> None:
    stand.show()
    found = polygons_of(stand)
    corners(stand, (10, 10), (40, 12), (30, 30))
    QTest.mouseDClick(stand.canvas, LEFT, NONE, stand.at(30, 30))
    assert near(found[0], (10, 10), (40, 12), (30, 30))


def test_that_escape_and_another_tool_give_a_polygon_up(stand: Stand) -> None:
    stand.show()
    found = polygons_of(stand)
    corners(stand, (10, 10), (40, 12))
    QTest.keyClick(stand.canvas, Qt.Key.Key_Escape)
    assert not stand.canvas.tool.is_busy
    corners(stand, (10, 10), (40, 12), (30, 30))
    stand.canvas.set_tool(SelectTool(stand.canvas))
    assert found == []


def test_that_points_are_inside_and_with_alt_outside(stand: Stand) -> None:
    stand.show()
    found: list[tuple[Point, bool]] = []
    stand.canvas.point_placed.connect(lambda p, inside: found.append((p, inside)))
    stand.canvas.set_tool(PointsTool(stand.canvas))
    QTest.mouseClick(stand.canvas, LEFT, NONE, stand.at(10, 10))
    QTest.mouseClick(stand.canvas, LEFT, ALT, stand.at(20, 10))
    QTest.mouseClick(stand.canvas, LEFT, NONE, QPoint(1, 1))
    assert [inside for _, inside in found] == [True, False]
    assert near((found[0][0],), (10, 10))


def masks_of(stand: Stand, *, erases: bool = False, size_px: float = 6) -> list[tuple[InstanceKey | None, Mask]]:
    found: list[tuple[InstanceKey | None, Mask]] = []
    stand.canvas.mask_edited.connect(lambda key, mask: found.append((key, mask)))
    stand.canvas.set_tool(BrushTool(stand.canvas, erases=erases, size_px=size_px))
    return found


def test_that_a_stroke_adds_to_the_mask_of_the_selected_one(stand: Stand) -> None:
    a = instance("a", (10, 10, 20, 30))
    stand.show(None, a)
    stand.canvas.set_selection(["a"])
    found = masks_of(stand)
    drag(stand, (15, 20), (25, 20), (40, 20))
    assert [key for key, _ in found] == ["a"]
    bitmap = found[0][1].to_bitmap()
    assert a.mask is not None
    assert bitmap[a.mask.to_bitmap()].all()
    assert bitmap[18:22, 20:40].all()
    assert not bitmap[15, 30]
    assert not bitmap[20, 45]


def test_that_a_stroke_shows_at_once_and_until_the_instance_comes_anew(stand: Stand) -> None:
    a = instance("a", (10, 10, 20, 30))
    stand.show(grey(100), a)
    stand.canvas.set_selection(["a"])
    found = masks_of(stand)
    QTest.mousePress(stand.canvas, LEFT, NONE, stand.at(40, 20))
    assert stand.pixel(40, 20) != (100, 100, 100)
    QTest.mouseRelease(stand.canvas, LEFT, NONE, stand.at(40, 20))
    assert stand.pixel(40, 20) != (100, 100, 100)
    mask = found[0][1]
    stand.canvas.set_instances(
        [CanvasInstance(key=InstanceKey("a2"), name="a", category="a", box=mask.box(), mask=mask)]
    )
    assert stand.canvas.content.edited is None
    assert stand.canvas.keys_at(Point(40.5, 20.5)) == ("a2",)
    assert stand.pixel(40, 20) != (100, 100, 100)


def test_that_strokes_add_up_before_the_instance_comes_anew(stand: Stand) -> None:
    stand.show(None, instance("a", (10, 10, 20, 30)))
    stand.canvas.set_selection(["a"])
    found = masks_of(stand)
    drag(stand, (40, 10), (42, 10))
    drag(stand, (40, 30), (42, 30))
    assert [key for key, _ in found] == ["a", "a"]
    last = found[1][1].to_bitmap()
    assert last[10, 41]
    assert last[30, 41]


def test_that_a_stroke_with_nothing_selected_is_a_new_mask(stand: Stand) -> None:
    stand.show(None, instance("a", (10, 10, 20, 30)))
    found = masks_of(stand)
    drag(stand, (40, 20), (45, 20))
    assert found[0][0] is None
    assert not found[0][1].to_bitmap()[20, 15]


def test_that_the_eraser_takes_pixels_from_what_is_under_it(stand: Stand) -> None:
    stand.show(None, instance("a", (10, 10, 30, 30)), instance("b", (40, 10, 50, 30)))
    found = masks_of(stand, erases=True)
    drag(stand, (12, 20), (28, 20))
    key, mask = found[0]
    bitmap = mask.to_bitmap()
    assert key == "a"
    assert not bitmap[18:22, 12:28].any()
    assert bitmap[12, 15]
    assert stand.canvas.selection == ("a",)


def test_that_erasing_all_gives_an_empty_mask(stand: Stand) -> None:
    stand.show(None, instance("a", (20, 20, 23, 23)))
    found = masks_of(stand, erases=True, size_px=30)
    drag(stand, (21, 21), (22, 22))
    assert found[0][1].area == 0


def test_that_escape_gives_a_stroke_up(stand: Stand) -> None:
    stand.show(grey(100), instance("a", (10, 10, 20, 30)))
    stand.canvas.set_selection(["a"])
    found = masks_of(stand)
    QTest.mousePress(stand.canvas, LEFT, NONE, stand.at(40, 20))
    QTest.keyClick(stand.canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(stand.canvas, LEFT, NONE, stand.at(40, 20))
    QTest.mouseMove(stand.canvas, QPoint(1, 1))
    assert found == []
    assert stand.pixel(40, 20) == (100, 100, 100)


def test_that_brackets_and_the_wheel_with_alt_change_the_size(stand: Stand) -> None:
    stand.show()
    tool = BrushTool(stand.canvas, size_px=20)
    stand.canvas.set_tool(tool)
    stand.canvas.setFocus()
    QTest.keyClicks(stand.canvas, "]")
    assert tool.size_px == 25
    QTest.keyClicks(stand.canvas, "[[")
    assert tool.size_px == 16
    scale = stand.canvas.view.scale
    event = QWheelEvent(
        QPointF(50, 50), QPointF(50, 50), QPoint(), QPoint(120, 0), Qt.MouseButton.NoButton, ALT,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(stand.canvas, event)
    assert tool.size_px == 20
    assert stand.canvas.view.scale == scale
    for _ in range(40):
        QTest.keyClicks(stand.canvas, "[")
    assert tool.size_px == 1


def test_that_a_key_of_the_tool_goes_before_a_shortcut(stand: Stand) -> None:
    stand.show()
    fired: list[str] = []
    for keys in ("]", "Space", "Left"):
        action = QAction(stand.canvas)
        action.setShortcut(keys)
        action.triggered.connect(lambda _=False, keys=keys: fired.append(keys))
        stand.canvas.addAction(action)
    tool = BrushTool(stand.canvas, size_px=20)
    stand.canvas.set_tool(tool)
    stand.canvas.setFocus()
    QTest.keyClicks(stand.canvas, "]")
    QTest.keyClick(stand.canvas, Qt.Key.Key_Space)
    QTest.keyClick(stand.canvas, Qt.Key.Key_Left)
    assert fired == []
    assert tool.size_px == 25
    stand.canvas.set_tool(SelectTool(stand.canvas))
    QTest.keyClicks(stand.canvas, "]")
    assert fired == ["]"]


@pytest.mark.parametrize("size_px", [1, 2, 3, 7, 24, 101])
def test_that_a_dab_is_a_disc_of_its_size(size_px: float) -> None:
    bitmap = np.zeros((200, 200), dtype=bool)
    draw_stroke(bitmap, Point(100.5, 100.5), Point(100.5, 100.5), size_px, is_set=True)
    assert bitmap.any(axis=0).sum() == pytest.approx(size_px, abs=1)
    assert bitmap.any(axis=1).sum() == pytest.approx(size_px, abs=1)
    assert bitmap[100, 100]
    assert bitmap.sum() == pytest.approx(np.pi * size_px**2 / 4, rel=0.35, abs=2)


def test_that_a_stroke_has_no_gaps_however_fast() -> None:
    bitmap = np.zeros((300, 300), dtype=bool)
    region = draw_stroke(bitmap, Point(10, 10), Point(290, 250), 3, is_set=True)
    assert bitmap.any(axis=0)[10:290].all()
    outside = bitmap.copy()
    outside[region.slices] = False
    assert not outside.any()


def test_that_a_stroke_stays_on_the_picture() -> None:
    bitmap = np.zeros((20, 20), dtype=bool)
    assert draw_stroke(bitmap, Point(-50, -50), Point(-40, -40), 8, is_set=True).is_empty
    draw_stroke(bitmap, Point(-5, 10), Point(40, 10), 4, is_set=True)
    assert bitmap.any(axis=0).all()


def test_that_a_huge_brush_is_quick_and_round() -> None:
    bitmap = np.zeros((1200, 1200), dtype=bool)
    draw_stroke(bitmap, Point(600, 600), Point(610, 600), 900, is_set=True)
    assert bitmap.sum() == pytest.approx(np.pi * 450**2 + 10 * 900, rel=0.01)


def test_that_an_edited_mask_is_the_same_code_as_its_bitmap(stand: Stand) -> None:
    stand.show()
    found = masks_of(stand, size_px=9)
    drag(stand, (5, 5), (30, 22), (58, 3))
    mask = found[0][1]
    assert (mask.height_px, mask.width_px) == (HEIGHT, WIDTH)
    assert Mask.from_bitmap(mask.to_bitmap()) == mask
    assert crop_of(mask).bitmap.sum() == mask.area
