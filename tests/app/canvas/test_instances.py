"""Instances on the picture: what is hit, what is shown, and how it changes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.bridge import Bridge
from app.canvas import Colouring, Display, PictureCanvas
from app.canvas.look import INSTANCE_COLOURS
from app.style.palette import palette
from app.style.tokens import tokens
from hopchain_core.domain.geometry import Box, Point
from hopchain_core.domain.keys import InstanceKey
from tests.app.canvas.shapes import HEIGHT, PLAIN, WIDTH, Stand, boxed, grey, instance, masked, numbered

LEFT = Qt.MouseButton.LeftButton
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
BIG, MIDDLE, SMALL = (5, 5, 55, 35), (10, 10, 40, 30), (20, 15, 30, 25)


def nested() -> tuple:
    return instance("big", BIG), instance("middle", MIDDLE), instance("small", SMALL)


def click(stand: Stand, x: float, y: float, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(stand.canvas, LEFT, modifiers, stand.at(x, y))


def test_that_a_click_selects_the_uppermost_and_clicks_again_what_lies_beneath(stand: Stand) -> None:
    stand.show(None, *nested())
    chosen: list[tuple[InstanceKey, ...]] = []
    through: list[InstanceKey] = []
    stand.canvas.selected.connect(chosen.append)
    stand.canvas.clicked_through.connect(through.append)
    for _ in range(4):
        click(stand, 25, 20)
    assert chosen == [("small",), ("middle",), ("big",), ("small",)]
    assert through == ["middle", "big", "small"]
    click(stand, 7, 7)
    assert stand.canvas.selection == ("big",)
    click(stand, 2, 2)
    assert stand.canvas.selection == ()


def test_that_a_click_elsewhere_begins_at_the_top_again(stand: Stand) -> None:
    stand.show(None, *nested())
    click(stand, 25, 20)
    click(stand, 25, 20)
    click(stand, 22, 17)
    assert stand.canvas.selection == ("small",)


def test_that_shift_adds_to_the_selection_and_takes_away(stand: Stand) -> None:
    stand.show(None, *nested())
    click(stand, 25, 20)
    click(stand, 7, 7, SHIFT)
    assert stand.canvas.selection == ("small", "big")
    click(stand, 25, 20, SHIFT)
    assert stand.canvas.selection == ("big",)
    click(stand, 1, 1, SHIFT)
    assert stand.canvas.selection == ("big",)


def test_that_a_rubber_band_selects_what_it_touches(stand: Stand) -> None:
    stand.show(None, instance("a", (0, 0, 10, 10)), instance("b", (20, 0, 30, 10)), instance("c", (50, 30, 60, 40)))
    start, end = stand.at(8, 8), stand.at(25, 20)
    QTest.mousePress(stand.canvas, LEFT, NONE, start)
    QTest.mouseMove(stand.canvas, (start + end) / 2)
    QTest.mouseMove(stand.canvas, end)
    QTest.mouseRelease(stand.canvas, LEFT, NONE, end)
    assert stand.canvas.selection == ("a", "b")
    start, end = stand.at(45, 25), stand.at(59, 39)
    QTest.mousePress(stand.canvas, LEFT, SHIFT, start)
    QTest.mouseMove(stand.canvas, end)
    QTest.mouseRelease(stand.canvas, LEFT, SHIFT, end)
    assert stand.canvas.selection == ("a", "b", "c")


def test_that_escape_gives_up_the_band_and_then_the_selection(stand: Stand) -> None:
    stand.show(None, *nested())
    click(stand, 25, 20)
    QTest.mousePress(stand.canvas, LEFT, NONE, stand.at(1, 1))
    QTest.mouseMove(stand.canvas, stand.at(50, 30))
    QTest.keyClick(stand.canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(stand.canvas, LEFT, NONE, stand.at(50, 30))
    assert stand.canvas.selection == ("small",)
    QTest.keyClick(stand.canvas, Qt.Key.Key_Escape)
    assert stand.canvas.selection == ()


def test_that_hovering_highlights_what_is_under_the_cursor(stand: Stand) -> None:
    stand.show(None, *nested())
    told: list[InstanceKey | None] = []
    stand.canvas.hovered.connect(told.append)
    rest = stand.pixel(12, 12)
    QTest.mouseMove(stand.canvas, stand.at(12, 12))
    assert stand.pixel(12, 12) != rest
    QTest.mouseMove(stand.canvas, stand.at(25, 20))
    QTest.mouseMove(stand.canvas, stand.at(1, 1))
    assert told == ["middle", "small", None]
    assert stand.pixel(12, 12) == rest


def test_that_hits_are_exact_to_the_pixel_at_many_zooms(make_stand: Callable[..., Stand]) -> None:
    bitmap = np.random.default_rng(3).random((HEIGHT, WIDTH)) < 0.5
    stand = make_stand(500, 400)
    stand.show(numbered(), masked("dust", bitmap))
    for scale in (3.0, 7.5, 21.0):
        stand.canvas.navigator.zoom_to(scale)
        view = stand.canvas.view
        for x in range(3, 500, 41):
            for y in range(3, 400, 37):
                at = view.to_picture(QPoint(x, y).toPointF())
                if 0 <= at.x < WIDTH and 0 <= at.y < HEIGHT:
                    assert bool(stand.canvas.keys_at(at)) == bitmap[int(at.y), int(at.x)]


def test_that_a_fill_has_the_colour_of_its_instance(stand: Stand) -> None:
    stand.show(grey(100), instance("a", BIG, colour_index=2))
    stand.canvas.set_opacity(1.0)
    assert "#{:02X}{:02X}{:02X}".format(*stand.pixel(30, 20)) == INSTANCE_COLOURS[2]
    stand.canvas.set_opacity(0.5)
    assert stand.pixel(30, 20) == pytest.approx([(100 + v) / 2 for v in (0xDD, 0x38, 0x9D)], abs=1)
    stand.canvas.set_opacity(0.0)
    assert stand.pixel(30, 20) == (100, 100, 100)


def test_that_hiding_one_shows_and_hits_what_lies_beneath(stand: Stand) -> None:
    big, small = instance("big", BIG, colour_index=2), instance("small", SMALL, colour_index=4)
    stand.show(grey(100), big, small)
    stand.canvas.set_opacity(1.0)
    stand.canvas.set_instances([big, replace(small, is_hidden=True)])
    assert stand.pixel(25, 20) == stand.pixel(7, 7)
    click(stand, 25, 20)
    assert stand.canvas.selection == ("big",)
    stand.canvas.set_instances([replace(big, is_hidden=True), replace(small, is_hidden=True)])
    assert stand.pixel(25, 20) == (100, 100, 100)


def test_that_hiding_builds_no_label_map_anew(stand: Stand) -> None:
    some = nested()
    stand.show(None, *some)
    before = stand.canvas.content.labels
    stand.canvas.set_instances([replace(some[0], is_hidden=True), *some[1:]])
    assert not stand.canvas.feed.is_building
    assert stand.canvas.content.labels is before
    assert stand.canvas.content.stack_at(stand.canvas.view.to_picture(stand.at(7, 7).toPointF())) == ()


def test_that_one_changed_mask_is_shown_at_once(stand: Stand) -> None:
    some = nested()
    stand.show(grey(100), *some)
    labels = stand.canvas.content.labels
    moved = instance("small", (42, 10, 52, 20))
    new = instance("new", (6, 6, 9, 9))
    stand.canvas.set_instances([some[0], moved, new])
    assert stand.canvas.content.labels is labels
    assert stand.canvas.keys_at(Point(45, 12)) == ("small", "big")
    assert stand.canvas.keys_at(Point(7, 7)) == ("new", "big")
    assert stand.canvas.keys_at(Point(24, 19)) == ("big",)


def test_that_what_is_drawn_after_changes_is_what_a_fresh_canvas_draws(make_stand: Callable[..., Stand]) -> None:
    some = nested()
    changed, fresh = make_stand(), make_stand()
    changed.show(numbered(), *some)
    changed.image()
    last = [some[0], instance("small", (42, 10, 52, 20)), instance("new", (6, 6, 9, 9), colour_index=7)]
    changed.canvas.set_instances(last)
    fresh.show(numbered(), *last)
    by_key = {key: changed.canvas.colour(key).name() for key in ("big", "small", "new")}
    if by_key == {key: fresh.canvas.colour(key).name() for key in by_key}:
        assert changed.image() == fresh.image()


def test_that_a_removed_instance_leaves_the_selection(stand: Stand) -> None:
    some = nested()
    stand.show(None, *some)
    stand.canvas.set_selection(["small", "big"])
    stand.canvas.set_instances(some[:2])
    assert stand.canvas.selection == ("big",)


def test_that_selecting_from_outside_sends_no_signal(stand: Stand) -> None:
    stand.show(None, *nested())
    sent: list[object] = []
    stand.canvas.selected.connect(sent.append)
    stand.canvas.hovered.connect(sent.append)
    stand.canvas.set_selection(["big"])
    stand.canvas.set_hovered(InstanceKey("small"))
    assert stand.canvas.selection == ("big",)
    assert sent == []


def test_that_a_selection_set_before_the_instances_arrive_holds(stand: Stand) -> None:
    stand.show()
    stand.canvas.set_instances([*nested(), *(instance(f"i{k}", (k, 0, k + 1, 1)) for k in range(20))])
    stand.canvas.set_selection(["middle"])
    stand.settle()
    assert stand.canvas.selection == ("middle",)


def test_that_an_instance_without_a_mask_is_hit_inside_its_box(stand: Stand) -> None:
    stand.show(
        None, instance("masked", SMALL), boxed("outer", Box(10, 10, 50, 35)), boxed("inner", Box(12, 12, 48, 33))
    )
    click(stand, 11, 11)
    assert stand.canvas.selection == ("outer",)
    click(stand, 25, 20)
    assert stand.canvas.selection == ("masked",)
    click(stand, 25, 20)
    assert stand.canvas.selection == ("inner",)


def test_that_a_box_is_drawn_for_an_instance_without_a_mask(stand: Stand) -> None:
    stand.show(grey(100), boxed("a", Box(10, 10, 50, 30)))
    edge = stand.canvas.view.to_view(10, 20).toPoint()
    image = stand.image()
    colours = {image.pixelColor(edge.x() + dx, edge.y()).name() for dx in (-1, 0, 1)}
    assert stand.canvas.colour(InstanceKey("a")).name() in colours
    assert stand.pixel(30, 20) == (100, 100, 100)


def test_that_categories_share_a_colour_and_neighbours_do_not(stand: Stand) -> None:
    row = [instance(f"bird {k}", (k * 10, 5, k * 10 + 9, 30), colour_index=3) for k in range(5)]
    stand.show(None, *row)
    changes: list[int] = []
    stand.canvas.colours_changed.connect(lambda: changes.append(1))
    by_instance = [stand.canvas.colour(i.key).name() for i in row]
    assert all(a != b for a, b in itertools.pairwise(by_instance))
    stand.canvas.set_colouring(Colouring.CATEGORY)
    assert {stand.canvas.colour(i.key).name() for i in row} == {INSTANCE_COLOURS[3].lower()}
    assert stand.pixel(4, 20) == stand.pixel(14, 20)
    assert changes == [1]


def test_that_all_of_a_kind_change_colour_with_the_one_that_chose_it(stand: Stand) -> None:
    first = instance("cup 1", (5, 5, 15, 15), colour_index=1)
    other = instance("cup 2", (35, 5, 45, 15), colour_index=4)
    stand.canvas.set_colouring(Colouring.CATEGORY)
    stand.canvas.set_display(PLAIN)
    stand.show(grey(), first, other)
    before = stand.pixel(40.5, 10.5)
    stand.canvas.set_instances((replace(first, category="plate"), other))
    stand.settle()
    assert stand.pixel(40.5, 10.5) != before


def test_that_names_are_drawn_where_they_fit_and_the_selected_always(make_stand: Callable[..., Stand]) -> None:
    stand = make_stand(400, 300, display=Display(has_outlines=False))
    crowd = [instance(f"thing {k}", (k, k // 2, k + 25, k // 2 + 18)) for k in range(0, 30, 2)]
    stand.show(None, *crowd)
    stand.image()
    chips = stand.canvas._painting._chips
    assert chips is not None
    placed = chips[1]
    assert 0 < len(placed) < len(crowd)
    for i, (_, a) in enumerate(placed):
        for _, b in placed[i + 1 :]:
            assert not a.rect.intersects(b.rect)
    left_out = next(i.key for i in crowd if i.key not in {key for key, _ in placed})
    stand.canvas.set_selection([left_out])
    stand.image()
    assert left_out in {key for key, _ in stand.canvas._painting._chips[1]}


def test_that_hovering_moves_no_name(make_stand: Callable[..., Stand]) -> None:
    stand = make_stand(400, 300, display=Display())
    stand.show(None, *nested())
    stand.image()
    before = stand.canvas._painting._chips[1]
    QTest.mouseMove(stand.canvas, stand.at(12, 12))
    stand.image()
    assert stand.canvas._painting._chips[1] is before


def test_that_a_hover_tag_names_what_lies_beneath(make_stand: Callable[..., Stand]) -> None:
    stand = make_stand(400, 300, display=Display())
    stand.show(None, *nested())
    QTest.mouseMove(stand.canvas, stand.at(25, 20))
    assert stand.canvas._painting.names.beneath == ("middle", "big")


def test_that_markup_in_a_name_is_drawn_as_it_is_written(make_stand: Callable[..., Stand]) -> None:
    plain, tagged = make_stand(400, 300, display=Display()), make_stand(400, 300, display=Display())
    plain.show(grey(), instance("thing", BIG))
    tagged.show(grey(), instance("<b>thing</b>", BIG, category="thing"))
    widths = [s.canvas._painting._chips[1][0][1].rect.width() for s in (plain, tagged)]
    assert widths[1] > widths[0] + 20


def test_that_few_outlines_are_smooth_and_many_come_from_the_label_map(make_stand: Callable[..., Stand]) -> None:
    stand = make_stand(400, 300, display=Display(has_names=False))
    few = instance("a", BIG)
    stand.show(grey(100), few)
    assert stand.canvas._painting._marks.has_vectors_at_rest(stand.canvas.view)
    many = [instance(f"i{k}", (k % 60, k // 60 * 8, k % 60 + 1, k // 60 * 8 + 7)) for k in range(300)]
    stand.canvas.set_instances(many)
    stand.settle()
    assert not stand.canvas._painting._marks.has_vectors_at_rest(stand.canvas.view)
    stand.canvas.set_opacity(0.0)
    image = stand.image()
    painted = {image.pixelColor(x, 150).name() for x in range(10, 390)}
    assert painted & {c.lower() for c in INSTANCE_COLOURS}


def test_that_a_crowd_is_drawn_lighter(stand: Stand) -> None:
    stand.show(
        grey(100),
        instance("a", (0, 0, 20, 40), colour_index=1),
        instance("b", (40, 0, 60, 40), colour_index=1, is_crowd=True),
    )
    stand.canvas.set_colouring(Colouring.CATEGORY)
    change = [abs(stand.pixel(x, 20)[2] - 100) for x in (10, 50)]
    assert change[1] == pytest.approx(change[0] / 2, abs=2)


def test_that_a_candidate_is_white_and_dashed_and_has_no_fill(make_stand: Callable[..., Stand]) -> None:
    stand = make_stand(400, 300, display=Display(has_names=False))
    stand.show(grey(100), instance("new", BIG, is_candidate=True))
    assert stand.canvas.colour(InstanceKey("new")).name() == "#ffffff"
    assert stand.pixel(30, 20) == (100, 100, 100)
    y = stand.canvas.view.to_view(30, 5).toPoint().y()
    image = stand.image()
    row = [max(image.pixelColor(x, y + dy).red() for dy in (-1, 0, 1)) for x in range(80, 320)]
    assert max(row) > 220
    assert min(row) < 120


def test_that_another_theme_changes_the_ground(qtbot: object, bridge: Bridge) -> None:
    canvas = PictureCanvas(bridge.ask)
    qtbot.addWidget(canvas)  # type: ignore[attr-defined]
    found = []
    for scheme in ("dark", "light"):
        canvas.setPalette(palette(tokens(scheme)))
        canvas.resize(300, 200)
        found.append(canvas.grab().toImage().pixelColor(5, 5).name())
    canvas.close_down()
    assert found == ["#0d0e11", "#d5d8dd"]


def test_that_boxes_are_drawn_on_demand(stand: Stand) -> None:
    stand.show(grey(100), instance("a", BIG))
    stand.canvas.set_opacity(0.0)
    place = stand.canvas.view.to_view(5, 20).toPoint()

    def has_edge() -> bool:
        image = stand.image()
        colour = stand.canvas.colour(InstanceKey("a")).name()
        return any(image.pixelColor(place.x() + dx, place.y()).name() == colour for dx in (-1, 0, 1))

    assert not has_edge()
    stand.canvas.set_display(replace(PLAIN, has_boxes=True))
    assert has_edge()
