"""The picture in the window, moved by real events."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas import Display, Overlay
from app.canvas.tools import HandTool
from hopchain_core.domain.geometry import Box, Point
from hopchain_core.domain.keys import InstanceKey
from tests.app.canvas.shapes import HEIGHT, WIDTH, Stand, grey, instance, numbered

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
PLAIN_KEYS = Qt.KeyboardModifier.NoModifier


def turn(stand: Stand, place: QPoint, notches: float, modifiers: Qt.KeyboardModifier = PLAIN_KEYS) -> None:
    event = QWheelEvent(
        QPointF(place),
        QPointF(stand.canvas.mapToGlobal(place)),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(stand.canvas, event)


def drag(stand: Stand, button: Qt.MouseButton, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(stand.canvas, button, PLAIN_KEYS, start)
    for share in (0.3, 0.6, 1.0):
        QTest.mouseMove(stand.canvas, start + (end - start) * share)
    QTest.mouseRelease(stand.canvas, button, PLAIN_KEYS, end)


def test_that_a_picture_is_fitted_and_stays_fitted_when_the_window_changes(stand: Stand) -> None:
    stand.show()
    assert stand.canvas.view.shows_all
    stand.canvas.resize(800, 500)
    stand.settle()
    assert stand.canvas.view.shows_all
    assert stand.canvas.view.scale == pytest.approx(min(784 / WIDTH, 484 / HEIGHT))


@pytest.mark.parametrize("scale", [4.0, 5.5, 8.0, 20.0])
def test_that_pixels_are_squares_when_near(stand: Stand, scale: float) -> None:
    stand.show(numbered())
    stand.canvas.navigator.zoom_to(scale)
    image, view = stand.image(), stand.canvas.view
    seen = set()
    for x in range(20, 380, 3):
        for y in (40, 150, 260):
            at = view.to_picture(QPointF(x + 0.5, y + 0.5))
            if 0 <= at.x < WIDTH and 0 <= at.y < HEIGHT:
                colour = image.pixelColor(x, y)
                assert (colour.red(), colour.green()) == (int(at.x) * 3, int(at.y) * 5)
                seen.add(int(at.x))
    assert len(seen) > 10


def test_that_one_to_one_shows_each_pixel_as_it_is(make_stand: Callable[..., Stand]) -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 255, (500, 700, 3)).astype(np.uint8)
    stand = make_stand(300, 200)
    stand.show(pixels)
    stand.canvas.one_to_one()
    image, view = stand.image(), stand.canvas.view
    for x, y in ((0, 0), (17, 133), (299, 199), (150, 100)):
        colour = image.pixelColor(x, y)
        at = view.to_picture(QPointF(x + 0.5, y + 0.5))
        assert [colour.red(), colour.green(), colour.blue()] == pixels[int(at.y), int(at.x)].tolist()


def test_that_a_small_picture_far_away_is_smoothed_and_keeps_its_mean(make_stand: Callable[..., Stand]) -> None:
    checks = np.indices((800, 800)).sum(axis=0) % 2 * 255
    stand = make_stand(216, 216)
    stand.show(np.repeat(checks[..., None], 3, axis=2).astype(np.uint8))
    image = stand.image()
    values = [image.pixelColor(x, 108).red() for x in range(20, 190)]
    assert all(100 < value < 155 for value in values)


def test_that_the_wheel_zooms_to_the_cursor(stand: Stand) -> None:
    stand.show(numbered())
    place = QPoint(250, 120)
    before, scale = stand.canvas.view.to_picture(QPointF(place)), stand.canvas.view.scale
    for _ in range(4):
        turn(stand, place, 1)
    after = stand.canvas.view.to_picture(QPointF(place))
    assert stand.canvas.view.scale == pytest.approx(scale * 1.25**4)
    assert after.distance(before) * stand.canvas.view.scale <= 1
    turn(stand, place, -4, Qt.KeyboardModifier.ControlModifier)
    assert stand.canvas.view.scale == pytest.approx(scale)


@pytest.mark.parametrize("button", [MIDDLE, RIGHT])
def test_that_the_middle_and_the_right_button_pan(stand: Stand, button: Qt.MouseButton) -> None:
    stand.show()
    stand.canvas.navigator.zoom_to(16)
    before = stand.canvas.view
    drag(stand, button, QPoint(200, 150), QPoint(140, 190))
    assert stand.canvas.view.x == before.x - 60
    assert stand.canvas.view.y == before.y + 40


def test_that_the_hand_pans_and_selects_nothing(stand: Stand) -> None:
    stand.show(None, instance("a", (0, 0, WIDTH, HEIGHT)))
    stand.canvas.set_tool(HandTool(stand.canvas))
    stand.canvas.navigator.zoom_to(16)
    before = stand.canvas.view
    drag(stand, LEFT, QPoint(200, 150), QPoint(220, 150))
    assert stand.canvas.view.x == before.x + 20
    assert stand.canvas.selection == ()


def test_that_the_right_button_without_a_drag_asks_for_a_menu(stand: Stand) -> None:
    stand.show(None, instance("a", (10, 10, 20, 20)))
    asked = []
    stand.canvas.context_requested.connect(lambda key, place: asked.append((key, place)))
    QTest.mouseClick(stand.canvas, RIGHT, PLAIN_KEYS, stand.at(15, 15))
    QTest.mouseClick(stand.canvas, RIGHT, PLAIN_KEYS, stand.at(40, 15))
    assert [key for key, _ in asked] == ["a", None]
    assert asked[0][1] == stand.canvas.mapToGlobal(stand.at(15, 15))


def test_that_keys_pan_zoom_and_fit(stand: Stand) -> None:
    stand.show()
    stand.canvas.setFocus()
    QTest.keyClick(stand.canvas, Qt.Key.Key_Plus)
    QTest.keyClick(stand.canvas, Qt.Key.Key_Plus)
    nearer = stand.canvas.view
    assert nearer.scale == pytest.approx(stand.canvas.view.fit_scale * 1.25**2)
    QTest.keyClick(stand.canvas, Qt.Key.Key_Right)
    assert stand.canvas.view.x < nearer.x
    QTest.keyClick(stand.canvas, Qt.Key.Key_Minus)
    assert stand.canvas.view.scale == pytest.approx(nearer.scale / 1.25)
    QTest.keyClick(stand.canvas, Qt.Key.Key_0)
    assert stand.canvas.navigator.is_fitted
    assert stand.canvas.view.shows_all


def test_that_space_held_shows_the_bare_picture(stand: Stand) -> None:
    stand.show(grey(100), instance("a", (10, 10, 50, 30)))
    changes: list[bool] = []
    stand.canvas.bare_changed.connect(changes.append)
    stand.canvas.setFocus()
    assert stand.pixel(20, 20) != (100, 100, 100)
    QTest.keyPress(stand.canvas, Qt.Key.Key_Space)
    assert stand.pixel(20, 20) == (100, 100, 100)
    repeat = QKeyEvent(QEvent.Type.KeyRelease, Qt.Key.Key_Space, PLAIN_KEYS, " ", True)
    QApplication.sendEvent(stand.canvas, repeat)
    assert stand.canvas.is_bare
    QTest.keyRelease(stand.canvas, Qt.Key.Key_Space)
    assert stand.pixel(20, 20) != (100, 100, 100)
    assert changes == [True, False]


def test_that_the_bare_picture_ends_when_the_focus_goes(stand: Stand) -> None:
    stand.show()
    stand.canvas.setFocus()
    QTest.keyPress(stand.canvas, Qt.Key.Key_Space)
    stand.canvas.clearFocus()
    assert not stand.canvas.is_bare


def test_that_brightness_and_contrast_change_the_picture_and_no_mask(stand: Stand) -> None:
    stand.show(grey(100), instance("a", (30, 0, 60, 40)))
    stand.canvas.set_opacity(1.0)
    mask, ground = stand.pixel(45, 20), stand.image().pixelColor(1, 1)
    stand.canvas.set_tone(0.2, 0.0)
    assert stand.pixel(10, 20) == (151, 151, 151)
    assert stand.pixel(45, 20) == mask
    assert stand.image().pixelColor(1, 1) == ground
    stand.canvas.set_tone(0.0, 1.0)
    assert stand.pixel(10, 20) == (0, 0, 0)
    stand.canvas.set_tone(0.0, 0.0)
    assert stand.pixel(10, 20) == (100, 100, 100)


def test_that_the_cursor_tells_where_it_is_and_when_it_is_nowhere(stand: Stand) -> None:
    stand.show()
    told: list[Point | None] = []
    stand.canvas.cursor_moved.connect(told.append)
    QTest.mouseMove(stand.canvas, stand.at(12.0, 7.0))
    QTest.mouseMove(stand.canvas, QPoint(1, 1))
    at = told[0]
    assert at is not None
    assert (at.x, at.y) == pytest.approx((12, 7), abs=0.2)
    assert told[-1] is None


def test_that_the_overview_is_shown_only_when_there_is_more_than_the_window(make_stand: Callable[..., Stand]) -> None:
    stand = make_stand(700, 500)
    stand.show(grey(90, (600, 400)))
    corner = QPoint(700 - 12 - 84, 500 - 12 - 56)
    fitted = stand.image().pixelColor(corner)
    assert (fitted.red(), fitted.green()) in ((90, 90), (0x0D, 0x0E))
    stand.canvas.navigator.zoom_to(8)
    before = stand.canvas.view.centre
    QTest.mousePress(stand.canvas, LEFT, PLAIN_KEYS, QPoint(700 - 12 - 20, 500 - 12 - 20))
    QTest.mouseRelease(stand.canvas, LEFT, PLAIN_KEYS, QPoint(700 - 12 - 20, 500 - 12 - 20))
    after = stand.canvas.view.centre
    assert after.x > before.x + 100
    assert after.y > before.y + 50
    assert stand.canvas.selection == ()


def test_that_a_way_takes_a_moment_and_none_with_reduced_motion(stand: Stand) -> None:
    stand.show(None, instance("a", (10, 10, 14, 14)))
    stand.canvas.set_reduced_motion(False)
    fitted = stand.canvas.view.scale
    stand.canvas.zoom_to_instances(["a"])
    assert stand.canvas.view.scale == pytest.approx(fitted)
    stand.qtbot.waitUntil(lambda: not stand.canvas.navigator.is_moving, timeout=20_000)
    near = stand.canvas.view.scale
    assert near > fitted
    stand.canvas.set_reduced_motion(True)
    stand.canvas.fit()
    assert stand.canvas.view.scale == pytest.approx(fitted)


def test_that_a_way_leads_to_its_end_when_the_window_changes_meanwhile(stand: Stand) -> None:
    stand.show(None, instance("a", (10, 10, 14, 14)))
    stand.canvas.set_reduced_motion(False)
    stand.canvas.zoom_to_instances(["a"])
    assert stand.canvas.navigator.is_moving
    near = stand.canvas.navigator.destination
    stand.canvas.resize(stand.canvas.width(), stand.canvas.height() - 60)
    stand.settle()
    assert not stand.canvas.navigator.is_moving
    view = stand.canvas.navigator.view
    assert view.scale == pytest.approx(near.scale, rel=0.01)
    assert view.visible.x0 <= 12 <= view.visible.x1
    assert view.visible.y0 <= 12 <= view.visible.y1


def test_that_the_overview_stands_where_it_covers_nothing_that_is_lit(make_stand: Callable[..., Stand]) -> None:
    stand = make_stand(700, 500)
    names = [InstanceKey(name) for name in "ab"]
    size = (600, 400)
    stand.show(grey(90, size), instance("a", (520, 340, 590, 390), size), instance("b", (290, 20, 300, 30), size))
    stand.canvas.navigator.show_box(Box(330, 220, 600, 400), is_animated=False)
    window, places = QRectF(stand.canvas.rect()), []
    for lit in ((), names[:1], names[1:]):
        stand.canvas.set_overlay(Overlay(lit=frozenset(lit)))
        places.append(stand.canvas._painting.minimap.rect(stand.canvas.navigator.view, window))
    assert places[0] == places[2]
    assert places[0].center().x() > 350
    assert places[0].center().y() > 250
    at = stand.canvas.navigator.view.box_to_view(Box(520, 340, 590, 390))
    assert places[0].intersects(at)
    assert not places[1].intersects(at)


def test_that_zooming_to_nobody_shows_all(stand: Stand) -> None:
    stand.show(None, instance("a", (10, 10, 14, 14)))
    stand.canvas.navigator.zoom_to(20)
    stand.canvas.zoom_to_instances(["nobody"])
    assert stand.canvas.view.shows_all


def test_that_no_picture_is_a_plain_ground(stand: Stand) -> None:
    stand.show()
    stand.canvas.set_picture(None)
    stand.settle()
    image = stand.image()
    assert {image.pixelColor(x, 150).name() for x in range(0, 400, 20)} == {"#0d0e11"}
    QTest.mouseClick(stand.canvas, LEFT, PLAIN_KEYS, QPoint(100, 100))
    turn(stand, QPoint(100, 100), 1)
    assert stand.canvas.accessibleDescription() == "No picture"


def test_that_a_screen_reader_is_told_what_is_shown(stand: Stand) -> None:
    stand.show(None, instance("bird 1", (1, 1, 9, 9)), instance("bird 2", (20, 20, 30, 30)))
    stand.canvas.set_selection(["bird 2"])
    assert stand.canvas.accessibleName() == "Picture"
    said = stand.canvas.accessibleDescription()
    assert said == "picture.png; 60 by 40 pixels; 2 instances; selected: bird 2"


def test_that_bare_display_holds_without_a_key(stand: Stand) -> None:
    stand.show(grey(100), instance("a", (10, 10, 50, 30)))
    stand.canvas.set_display(Display(is_bare=True))
    assert stand.pixel(20, 20) == (100, 100, 100)
