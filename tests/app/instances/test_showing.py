"""How instances and their picture are shown, and what stands there when something is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from app.canvas import Colouring
from app.composition import Composed
from app.models.instance_list import InstanceColumn
from app.studio import Studio
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.project import ImageQuery, Project
from tests.app.instances.desk import CTRL, LEFT, NONE, RIGHT, SHIFT, Desk

ALT = Qt.KeyboardModifier.AltModifier


@pytest.mark.parametrize(
    ("key", "modifiers", "what"),
    [
        (Qt.Key.Key_O, NONE, "outlines"),
        (Qt.Key.Key_N, NONE, "names"),
        (Qt.Key.Key_S, NONE, "scores"),
        (Qt.Key.Key_B, SHIFT, "boxes"),
    ],
)
def test_that_a_letter_switches_what_is_drawn(
    desk: Desk, key: Qt.Key, modifiers: Qt.KeyboardModifier, what: str
) -> None:
    before, picture = desk.space.is_on(what), desk.canvas.grab().toImage()
    desk.press(key, modifiers)
    assert desk.space.is_on(what) is not before
    assert desk.studio.actions.is_checked(f"instances.{what}") is not before
    if what != "scores":
        # Scenes have no scores to show.
        assert desk.canvas.grab().toImage() != picture
    desk.press(key, modifiers)
    assert desk.canvas.grab().toImage() == picture


def test_that_colours_tell_the_category_or_the_instance(desk: Desk) -> None:
    def colours(category: str) -> set[str]:
        return {desk.canvas.colour(row.key).name() for row in desk.rows if row.category == category}

    several = max((row.category for row in desk.rows), key=desk.categories().count)
    assert desk.categories().count(several) > 1
    desk.press(Qt.Key.Key_C)
    assert desk.space.stage.colouring is Colouring.CATEGORY
    assert len(colours(several)) == 1
    assert len({desk.canvas.colour(row.key).name() for row in desk.rows}) > 1
    row = desk.space.row.colouring
    QTest.mouseClick(row, LEFT, NONE, QPoint(row.width() - 10, row.height() // 2))
    assert desk.space.stage.colouring is Colouring.INSTANCE
    assert len(colours(several)) > 1


def test_that_an_instance_keeps_its_colour_through_an_edit(desk: Desk) -> None:
    before = {row.key: desk.canvas.colour(row.key).name() for row in desk.rows}
    for row in desk.rows[:3]:
        desk.click_row(desk.presenter.model.row(row.key))
        desk.press(Qt.Key.Key_1)
    now = {(row.before or (row.key,))[-1]: desk.canvas.colour(row.key).name() for row in desk.rows}
    assert now == before


def test_that_colours_follow_instances_through_edits_in_a_crowd_and_over_a_restart(
    desk: Desk, composed: Composed, sample_project: Path, open_desk: Callable[..., Desk]
) -> None:
    image, box = desk.image, desk.rows[0].instance.box
    assert desk.space.stage.colouring is Colouring.INSTANCE
    # More of them in one place than there are colours.
    for n in range(14):
        desk.project.add_instance(image.key, f"zebra {n}", box)
    desk.qtbot.waitUntil(lambda: len(desk.rows) >= 14 and "zebra 13" in {row.category for row in desk.rows})
    desk.settle()
    before = _colours_of(desk)
    for row in desk.rows[::2]:
        desk.presenter.select((row.key,))
        desk.presenter.relabel(f"aardvark {row.name}")
        desk.settle()
    assert _colours_of(desk) == before
    composed.studio.close_project()
    composed.studio.take_project(Project.open(sample_project))
    again = open_desk(image=image.key)
    assert again.space.stage.colouring is Colouring.INSTANCE
    assert _colours_of(again) == before


def _colours_of(desk: Desk) -> dict[InstanceKey, str]:
    return {(row.before or (row.key,))[-1]: desk.canvas.colour(row.key).name() for row in desk.rows}


def test_that_the_opacity_is_changed_and_kept(desk: Desk) -> None:
    place = desk.spot(desk.rows[0].key)
    desk.hover(QPoint(1, 1))
    before = desk.canvas.grab().toImage().pixel(place)
    desk.space.row.opacity.setFocus()
    desk.press(Qt.Key.Key_End)
    assert desk.space.row.opacity_text.text() == "100 %"
    assert desk.canvas.grab().toImage().pixel(place) != before
    assert desk.studio.settings.get("instances.view")["opacity"] == 100


def test_that_space_held_shows_the_bare_picture(desk: Desk) -> None:
    whole = desk.canvas.grab().toImage()
    QTest.keyPress(desk.canvas, Qt.Key.Key_Space)
    assert desk.canvas.is_bare
    assert desk.canvas.grab().toImage() != whole
    QTest.keyRelease(desk.canvas, Qt.Key.Key_Space)
    assert not desk.canvas.is_bare
    desk.list.setFocus()
    QTest.keyPress(desk.list, Qt.Key.Key_Space)
    assert desk.canvas.is_bare
    QTest.keyRelease(desk.list, Qt.Key.Key_Space)
    assert not desk.canvas.is_bare
    QTest.mousePress(desk.space.row.bare, LEFT)
    assert desk.canvas.is_bare
    QTest.mouseRelease(desk.space.row.bare, LEFT)
    assert not desk.canvas.is_bare
    assert desk.canvas.grab().toImage() == whole


def test_that_keys_move_the_view(desk: Desk) -> None:
    fit = desk.canvas.view.scale
    desk.press(Qt.Key.Key_Plus)
    assert desk.canvas.view.scale > fit
    desk.press(Qt.Key.Key_0, ALT)
    assert desk.canvas.view.scale == 1.0
    assert desk.space.row.zoom.text() == "100 %"
    desk.press(Qt.Key.Key_0)
    assert desk.canvas.view.scale == fit
    desk.list.setFocus()
    desk.press(Qt.Key.Key_Minus)
    assert desk.canvas.view.scale < fit
    desk.click_row(0)
    desk.press(Qt.Key.Key_Z)
    assert desk.canvas.view.scale > fit


def test_that_brightness_and_contrast_change_the_looks_alone(desk: Desk) -> None:
    before = desk.canvas.grab().toImage()
    desk.press(Qt.Key.Key_L)
    tone = desk.space.stage.tone
    assert tone.isVisible()
    assert tone.brightness.hasFocus()
    desk.press(Qt.Key.Key_End)
    assert desk.canvas.grab().toImage() != before
    desk.press(Qt.Key.Key_Escape)
    assert not tone.isVisible()
    # What is changed is told while the sliders are closed.
    assert desk.studio.actions.is_checked("instances.tone")
    desk.press(Qt.Key.Key_L)
    QTest.mouseClick(tone.reset, LEFT)
    desk.press(Qt.Key.Key_Escape, on=tone.brightness)
    assert not desk.studio.actions.is_checked("instances.tone")
    assert not tone.isVisible()
    assert desk.canvas.hasFocus()
    assert desk.canvas.grab().toImage() == before


def test_that_the_status_bar_follows_the_cursor(desk: Desk) -> None:
    desk.hover(desk.at(20.5, 30.5))
    assert "x 20" in desk.status()
    assert "y 30" in desk.status()
    assert f"{desk.image.width_px} × {desk.image.height_px}" in desk.status()


def test_that_the_inspector_gives_the_box_in_thousandths(desk: Desk) -> None:
    row = desk.rows[0]
    desk.click(row.key)
    expected = row.instance.box.scaled_1000(desk.image.width_px, desk.image.height_px)
    assert desk.inspector.place.text() == " ".join(map(str, expected))
    assert desk.inspector.crop.grab().toImage().pixelColor(56, 56).isValid()


def test_that_the_right_button_offers_the_actions_of_what_is_under_it(desk: Desk) -> None:
    key = desk.rows[0].key
    place = desk.spot(key)
    QTest.mousePress(desk.canvas, RIGHT, NONE, place)
    QTest.mouseRelease(desk.canvas, RIGHT, NONE, place)
    desk.when(lambda: bool(desk.space.findChildren(QMenu)))
    assert desk.presenter.selected == (key,)
    menu = desk.space.findChildren(QMenu)[0]
    entry = next(action for action in menu.actions() if action.text().startswith("Hide or show"))
    entry.trigger()
    menu.close()
    desk.settle()
    assert desk.hidden() == {key}


def test_that_a_machine_that_segments_again_leaves_the_view_as_it_is(desk: Desk) -> None:
    desk.canvas.zoom_to_instances([desk.rows[0].key], is_animated=False)
    desk.click(desk.rows[0].key)
    view, selected, count = desk.canvas.view, desk.presenter.selected, len(desk.rows)
    # Without a person: told as a job's commit is.
    desk.project.add_instance(desk.image.key, "kettle", Box(10, 10, 60, 60))
    desk.when(lambda: len(desk.rows) == count + 1)
    desk.settle()
    assert desk.canvas.view == view
    assert desk.presenter.selected == selected
    assert len(desk.canvas.content.instances) == count + 1


def test_that_a_change_while_away_is_shown_on_coming_back(desk: Desk, open_desk: Callable[..., Desk]) -> None:
    count = len(desk.rows)
    desk.studio.go("library")
    desk.project.add_instance(desk.image.key, "kettle", Box(10, 10, 60, 60))
    desk.when(lambda: desk.presenter._is_stale)
    assert len(desk.rows) == count
    back = open_desk()
    back.when(lambda: len(back.rows) == count + 1)


def test_that_crowds_and_boxes_alone_are_shown_and_say_so(desk: Desk) -> None:
    desk.project.add_instance(desk.image.key, "kettle", Box(10, 10, 60, 60), by=desk)
    desk.when(lambda: "kettle" in desk.categories() and any(r.category == "kettle" for r in desk.rows))
    desk.settle()
    row = next(r for r in desk.rows if r.category == "kettle")
    QTest.mouseClick(desk.canvas, LEFT, NONE, desk.at(12, 58))
    desk.settle()
    assert desk.presenter.selected == (row.key,)
    assert desk.inspector.origin.text() == "person · box only"
    model = desk.presenter.model
    tip = model.data(model.index(model.row(row.key), InstanceColumn.NAME), Qt.ItemDataRole.ToolTipRole)
    assert "box only" in tip


def test_that_a_missing_file_says_where_to_put_it(
    studio: Studio, sample_project: Path, open_desk: Callable[..., Desk], settled: Callable[[Studio], None]
) -> None:
    with studio.need_project().read() as read:
        image = read.image_rows(read.image_ids(ImageQuery()))[1]
    file = sample_project.parent / image.path
    kept = file.read_bytes()
    file.unlink()
    desk = open_desk(image=image.key)
    stage = desk.space.stage
    desk.when(stage.missing.isVisible)
    assert "not there" in stage.missing.text.text()
    assert image.path in stage.missing.hint.text()
    assert not desk.studio.actions.is_enabled("instances.box")
    # The list is there all the same.
    assert desk.presenter.model.rowCount() == image.instance_count
    file.write_bytes(kept)
    QTest.mouseClick(stage._again, LEFT)
    desk.settle()
    assert desk.canvas.isVisible()
    assert stage.has_picture


def test_that_a_project_without_pictures_says_what_to_do(
    composed: Composed, tmp_path: Path, open_desk: Callable[..., Desk]
) -> None:
    composed.studio.take_project(Project.create(tmp_path / "empty.hopchain"))
    desk = open_desk()
    assert desk.space.empty.isVisible()
    assert desk.presenter.picture is None
    assert not desk.studio.actions.is_enabled("instances.box")
    for key in (Qt.Key.Key_J, Qt.Key.Key_Delete, Qt.Key.Key_M, Qt.Key.Key_Return):
        desk.press(key)
    assert desk.status() == ""


def test_that_a_picture_without_instances_leads_to_the_pipeline(desk: Desk) -> None:
    desk.press(Qt.Key.Key_A, CTRL)
    desk.press(Qt.Key.Key_Delete)
    panel = desk.space.panel
    assert desk.held() == ()
    assert panel.empty.isVisible()
    button = next(b for b in panel.empty.children() if getattr(b, "action_id", "") == "go.pipeline")
    QTest.mouseClick(button, LEFT)  # type: ignore[arg-type]
    assert desk.studio.space == "pipeline"


def test_that_a_restart_begins_with_the_picture_seen_last(
    open_desk: Callable[..., Desk], studio: Studio, sample_project: Path
) -> None:
    desk = open_desk()
    desk.press(Qt.Key.Key_J)
    desk.press(Qt.Key.Key_J)
    seen, place = desk.image.key, desk.presenter.place
    assert place.number == 3
    studio.close_project()
    studio.take_project(Project.open(sample_project))
    desk = open_desk()
    assert desk.image.key == seen
    assert desk.presenter.place == place


def test_that_a_picture_seen_last_and_gone_since_gives_way_to_the_first(
    open_desk: Callable[..., Desk], studio: Studio
) -> None:
    studio.settings.set("instances.pictures", {str(studio.need_project().path): "f" * 64})
    desk = open_desk()
    assert desk.presenter.place.number == 1
    assert desk.rows
