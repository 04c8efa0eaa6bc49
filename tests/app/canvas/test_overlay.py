"""The evidence of a hop: what is lit, what is dark, and what is drawn between."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.canvas import Arrow, Dash, HalfPlane, Overlay, Tag
from app.canvas.chips import ChipMeasures, Taken
from app.canvas.content import Content
from app.canvas.evidence import found_in, paint_evidence
from app.canvas.label_map import build
from app.canvas.look import CanvasLook
from app.canvas.view_transform import ViewTransform
from hopchain_core.domain.geometry import Box, Point
from hopchain_core.domain.keys import InstanceKey
from tests.app.canvas.shapes import HEIGHT, WIDTH, Stand, boxed, grey, instance

A, B, C = (InstanceKey(k) for k in "abc")
LEFT_BOX, RIGHT_BOX, THIRD = (5, 10, 15, 30), (40, 10, 50, 30), (25, 2, 30, 8)
DARK = round(100 * 0.36 + 12 * 0.64)


def three() -> tuple:
    return instance("a", LEFT_BOX), instance("b", RIGHT_BOX), instance("c", THIRD)


def difference(a: QImage, b: QImage, x: int, y: int) -> int:
    p, q = a.pixelColor(x, y), b.pixelColor(x, y)
    return abs(p.red() - q.red()) + abs(p.green() - q.green()) + abs(p.blue() - q.blue())


def test_that_all_but_what_is_lit_is_darkened_by_64_percent(stand: Stand) -> None:
    stand.show(grey(100), *three())
    stand.canvas.set_overlay(Overlay(lit=frozenset([A])))
    assert stand.pixel(20, 20) == pytest.approx((DARK, DARK, DARK + 3), abs=1)
    assert stand.pixel(45, 20) == pytest.approx((DARK, DARK, DARK + 3), abs=1)
    colour = stand.canvas.colour(A)
    lit = stand.pixel(10, 20)
    assert lit == pytest.approx([90 + v * 0.1 for v in (colour.red(), colour.green(), colour.blue())], abs=1)
    ground = stand.image().pixelColor(1, 1)
    assert ground.name() == "#0d0e11"
    stand.canvas.set_overlay(None)
    assert stand.pixel(20, 20) == (100, 100, 100)


def test_that_adjudicating_darkens_less(stand: Stand) -> None:
    stand.show(grey(100), *three())
    stand.canvas.set_overlay(Overlay(lit=frozenset([A]), dim=0.46))
    assert stand.pixel(20, 20)[0] == pytest.approx(100 * 0.54 + 12 * 0.46, abs=1)


def test_that_nothing_is_darkened_when_nothing_is_lit(stand: Stand) -> None:
    stand.show(grey(100), *three())
    stand.canvas.set_overlay(Overlay(members=frozenset([B])))
    assert stand.pixel(20, 20) == (100, 100, 100)


def test_that_unknown_instances_darken_nothing_until_they_are_there(stand: Stand) -> None:
    stand.show(grey(100))
    stand.canvas.set_overlay(Overlay(lit=frozenset([A])))
    assert stand.pixel(20, 20) == (100, 100, 100)
    stand.canvas.set_instances(three())
    stand.settle()
    assert stand.pixel(20, 20)[0] == pytest.approx(DARK, abs=1)


def test_that_a_lit_instance_that_is_only_a_box_keeps_its_pixels(stand: Stand) -> None:
    stand.show(grey(100), boxed("a", Box(5, 10, 15, 30)), instance("b", RIGHT_BOX))
    stand.canvas.set_overlay(Overlay(lit=frozenset([A])))
    assert stand.pixel(10, 20) == (100, 100, 100)
    assert stand.pixel(20, 20)[0] == pytest.approx(DARK, abs=1)


def test_that_what_is_lit_inside_a_dark_one_stays_lit(stand: Stand) -> None:
    stand.show(grey(100), instance("a", (20, 15, 30, 25)), instance("b", (5, 5, 55, 35)))
    stand.canvas.set_overlay(Overlay(lit=frozenset([A])))
    assert stand.pixel(25, 20)[0] > 85
    assert stand.pixel(10, 20)[0] == pytest.approx(DARK, abs=1)


def test_that_the_bare_picture_is_not_darkened(stand: Stand) -> None:
    stand.show(grey(100), *three())
    stand.canvas.set_overlay(Overlay(lit=frozenset([A]), arrows=(Arrow(A, B),)))
    stand.canvas.set_bare(True)
    assert stand.pixel(20, 20) == stand.pixel(45, 20) == (100, 100, 100)


def test_that_darkness_comes_within_a_moment_and_at_once_with_reduced_motion(stand: Stand) -> None:
    stand.show(grey(100), *three())
    stand.canvas.set_reduced_motion(False)
    stand.canvas.set_overlay(Overlay(lit=frozenset([A])))
    assert stand.pixel(20, 20)[0] > DARK + 5
    stand.settle()
    assert stand.pixel(20, 20)[0] == pytest.approx(DARK, abs=1)


def drawn_on(stand: Stand, overlay: Overlay) -> tuple[QImage, QImage]:
    stand.canvas.set_overlay(Overlay(lit=overlay.lit, members=frozenset()))
    before = stand.image()
    stand.canvas.set_overlay(overlay)
    return before, stand.image()


def test_that_an_arrow_is_drawn_from_edge_to_edge_in_white(stand: Stand) -> None:
    stand.show(grey(100), *three())
    lit = frozenset([A, B])
    before, after = drawn_on(stand, Overlay(lit=lit, arrows=(Arrow(A, B),)))
    view = stand.canvas.view
    left, right = view.to_view(15, 20).toPoint(), view.to_view(40, 20).toPoint()
    changed = [
        (x, y) for x in range(left.x(), right.x()) for y in range(60, 240) if difference(before, after, x, y) > 60
    ]
    assert min(x for x, _ in changed) <= left.x() + 4
    assert max(x for x, _ in changed) >= right.x() - 4
    assert any(after.pixelColor(x, y).name() == "#ffffff" for x, y in changed)


def test_that_members_get_a_faint_dotted_outline(stand: Stand) -> None:
    stand.show(grey(0), *three())
    before, after = drawn_on(stand, Overlay(lit=frozenset([A]), members=frozenset([A, B, C])))
    x = stand.canvas.view.to_view(40, 20).toPoint().x()
    column = [max(difference(before, after, x + dx, y) for dx in (-1, 0, 1)) for y in range(95, 200)]
    assert max(column) > 60
    assert min(column) < 20
    assert max(after.pixelColor(x + dx, y).red() for dx in (-1, 0, 1) for y in range(95, 200)) < 150


@pytest.mark.parametrize(
    "overlay",
    [
        Overlay(dashes=(Dash(A, C, "runner-up 178 px"),)),
        Overlay(tags=(Tag(B, "178 px"), Tag(Point(5, 5), "here"))),
        Overlay(half_plane=HalfPlane(Point(30, 20), (1, 0), "farther right")),
        Overlay(half_plane=HalfPlane(Point(30, 20), (-1, 2))),
        Overlay(arrows=(Arrow(Point(5, 5), Point(5, 5), "nowhere"),)),
        Overlay(arrows=(Arrow(InstanceKey("unknown"), B),), dashes=(Dash(B, InstanceKey("unknown")),)),
    ],
)
def test_that_evidence_is_drawn_at_any_zoom(stand: Stand, overlay: Overlay) -> None:
    stand.show(grey(100), *three())
    before = stand.image()
    stand.canvas.set_overlay(overlay)
    is_unknown = "unknown" in repr(overlay)
    assert (stand.image() == before) == is_unknown
    for scale in (0.5, 12.0, 64.0):
        stand.canvas.navigator.zoom_to(scale)
        stand.image()


def test_that_the_side_that_does_not_count_is_shaded(stand: Stand) -> None:
    stand.show(grey(100))
    stand.canvas.set_overlay(Overlay(half_plane=HalfPlane(Point(30, 20), (1, 0))))
    assert stand.pixel(10, 5)[0] < 80
    assert stand.pixel(50, 5)[0] == 100


def content(*instances: object) -> Content:
    found = Content(CanvasLook())
    found.width_px, found.height_px = WIDTH, HEIGHT
    found.labels = build(WIDTH, HEIGHT, instances)  # type: ignore[arg-type]
    found.set_instances(instances)  # type: ignore[arg-type]
    return found


def test_that_an_arrow_joins_the_nearest_points() -> None:
    evidence = found_in(Overlay(arrows=(Arrow(A, B), Arrow(Point(0.0, 20.0), A))), content(*three()))
    between, to_point = evidence.arrows
    assert between.start.x == 14.5
    assert between.end.x == 40.5
    assert 10 <= between.start.y <= 30
    assert (to_point.end.x, to_point.start.x) == (5.5, 0.0)


def test_that_touching_instances_are_joined_at_their_middles() -> None:
    evidence = found_in(
        Overlay(arrows=(Arrow(A, B),)), content(instance("a", (5, 10, 25, 30)), instance("b", (25, 10, 45, 30)))
    )
    assert evidence.arrows[0].end.x - evidence.arrows[0].start.x > 10


def test_that_a_half_plane_needs_a_direction() -> None:
    with pytest.raises(ValueError, match="direction"):
        HalfPlane(Point(1, 1), (0.0, 0.0))


def test_that_tags_stay_inside_the_window(make_stand: Callable[..., Stand]) -> None:
    stand = make_stand(300, 200)
    stand.show(grey(100), *three())
    tags = tuple(Tag(Point(x, y), "a long tag for a corner") for x in (0, WIDTH) for y in (0, HEIGHT))
    stand.canvas.set_overlay(Overlay(tags=tags))
    image = stand.image()
    dark = [(x, y) for x in range(300) for y in range(200) if image.pixelColor(x, y).name() == "#14161c"]
    assert dark
    assert min(x for x, _ in dark) >= 2
    assert max(x for x, _ in dark) < 298


def test_that_a_tag_makes_room_for_the_names_around_it(qapp: QApplication) -> None:
    look, window = CanvasLook(), QRectF(0, 0, 600, 400)
    measures = ChipMeasures(look)
    view = ViewTransform(width=600, height=400, picture_width=WIDTH, picture_height=HEIGHT).fitted()
    evidence = found_in(Overlay(tags=(Tag(Point(WIDTH / 2, HEIGHT / 2), "farther right: no"),)), content(*three()))
    image = QImage(600, 400, QImage.Format.Format_RGB32)

    def placed(taken: Taken) -> QRectF:
        painter = QPainter(image)
        (tag,) = paint_evidence(painter, evidence, view, look, measures, taken, window, has_shade=False)
        painter.end()
        return tag.rect

    alone = placed(Taken(window))
    names = alone.adjusted(-20, -alone.height(), 20, alone.height())
    taken = Taken(window)
    taken.add(names)
    assert not placed(taken).intersects(names)


def test_that_a_tag_of_an_instance_leaves_it_to_be_seen(qapp: QApplication) -> None:
    look, window = CanvasLook(), QRectF(0, 0, 600, 400)
    view = ViewTransform(width=600, height=400, picture_width=WIDTH, picture_height=HEIGHT).fitted()
    one = instance("a", (20, 5, 40, 20))
    evidence = found_in(Overlay(tags=(Tag(one.key, "text QUIET → 5"),)), content(one))
    image = QImage(600, 400, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    (tag,) = paint_evidence(painter, evidence, view, look, ChipMeasures(look), Taken(window), window, has_shade=False)
    painter.end()
    seen = view.box_to_view(one.box)
    assert tag.rect.top() > seen.bottom()
    assert abs(tag.rect.center().x() - seen.center().x()) < 1
