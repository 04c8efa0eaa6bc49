"""Changing instances by real keys and mouse; the project holds it, and undo takes it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.composition import Composed
from app.models.instance_list import InstanceColumn
from app.studio import Studio
from hopchain_core.domain.instances import AttributeName, Origin
from hopchain_core.project import Project
from tests.app.instances.desk import CTRL, LEFT, NONE, SHIFT, Desk


def test_that_a_name_is_typed_over_in_the_list(desk: Desk) -> None:
    row = desk.rows[0]
    desk.double_click_row(0)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    assert editor.text() == row.category
    editor.selectAll()
    desk.type("Zither")
    desk.press(Qt.Key.Key_Return)
    (new,) = [instance for instance in desk.held() if instance.category == "zither"]
    assert new.supersedes == row.key
    assert new.origin is Origin.PERSON
    # It has another key, and is still what is selected.
    assert desk.presenter.selected == (new.key,)
    desk.undo()
    assert row.key in desk.held_keys()
    assert desk.presenter.selected == (row.key,)
    desk.redo()
    assert desk.presenter.selected == (new.key,)


def test_that_enter_asks_beside_the_instance_and_takes_what_is_typed(desk: Desk) -> None:
    row = desk.rows[1]
    desk.click(row.key)
    desk.press(Qt.Key.Key_Return)
    popover = desk.space.stage.popover
    assert popover.isVisible()
    assert popover.field.text() == row.category
    desk.type("lantern")
    desk.press(Qt.Key.Key_Return)
    assert not popover.isVisible()
    assert "lantern" in desk.categories()
    assert desk.canvas.hasFocus()
    desk.undo()
    assert "lantern" not in desk.categories()


def test_that_the_arrows_choose_among_the_categories_of_the_project(desk: Desk) -> None:
    desk.click(desk.rows[1].key)
    desk.press(Qt.Key.Key_F2)
    popover = desk.space.stage.popover
    names = desk.presenter.categories
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Return)
    assert not popover.isVisible()
    assert [row.category for row in desk.presenter.selected_rows] == [names[1]]


def test_that_escape_leaves_a_category_as_it_was(desk: Desk) -> None:
    before = desk.held_keys()
    desk.click(desk.rows[1].key)
    desk.press(Qt.Key.Key_Return)
    desk.type("nonsense")
    desk.press(Qt.Key.Key_Escape)
    assert not desk.space.stage.popover.isVisible()
    assert desk.held_keys() == before
    assert len(desk.presenter.selected) == 1


def test_that_a_click_elsewhere_leaves_a_category_as_it_was(desk: Desk) -> None:
    before = desk.held_keys()
    desk.click(desk.rows[1].key)
    desk.press(Qt.Key.Key_Return)
    desk.type("nonsense")
    desk.click(desk.rows[0].key)
    assert not desk.space.stage.popover.isVisible()
    assert desk.held_keys() == before
    assert desk.presenter.selected == (desk.rows[0].key,)


def test_that_deleting_twice_at_once_deletes_once(desk: Desk) -> None:
    count = len(desk.rows)
    desk.click_row(0)
    QTest.keyClick(desk.list, Qt.Key.Key_Delete)
    QTest.keyClick(desk.list, Qt.Key.Key_Delete)
    desk.settle()
    assert len(desk.held()) == count - 1
    assert desk.toast() == "1 instance deleted" or "stale" in desk.toast()


def test_that_what_is_typed_after_a_click_takes_the_place_of_the_category(desk: Desk) -> None:
    desk.presenter.select((desk.rows[0].key,))
    desk.settle()
    field = desk.inspector.category
    QTest.mouseClick(field, LEFT, NONE, QPoint(30, field.height() // 2))
    assert field.selectedText() == field.text() == desk.rows[0].category
    # A second click puts the cursor where it is, for a letter that is wrong.
    QTest.mouseClick(field, LEFT, NONE, QPoint(30, field.height() // 2))
    assert not field.hasSelectedText()


@pytest.mark.parametrize("is_by_key", [False, True], ids=["chevron", "down"])
def test_that_all_categories_are_offered_when_asked_for(desk: Desk, is_by_key: bool) -> None:
    desk.presenter.select((desk.rows[0].key,))
    desk.settle()
    field = desk.inspector.category
    before = field.text()
    if is_by_key:
        field.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(field, Qt.Key.Key_Down)
    else:
        QTest.mouseClick(field, LEFT, NONE, QPoint(field.width() - 10, field.height() // 2))
    completer = field.completer()
    popup = completer.popup() if completer is not None else None
    assert popup is not None
    assert popup.isVisible()
    assert popup.model().rowCount() >= len(set(desk.categories()))
    popup.hide()
    assert field.text() == before


def test_that_a_digit_gives_a_category_to_all_that_is_selected(desk: Desk) -> None:
    category = desk.presenter.numbered[0]
    others = [row for row in desk.rows if row.category != category][:2]
    count = desk.categories().count(category)
    desk.click(others[0].key)
    desk.click(others[1].key, SHIFT)
    desk.press(Qt.Key.Key_1)
    assert desk.categories().count(category) == count + 2
    assert {row.category for row in desk.presenter.selected_rows} == {category}
    desk.undo()
    assert desk.categories().count(category) == count
    assert set(desk.presenter.selected) == {row.key for row in others}


def test_that_the_inspector_takes_a_category_with_completion(desk: Desk) -> None:
    row = desk.rows[0]
    wanted = next(name for name in desk.presenter.categories if name != row.category)
    desk.click(row.key)
    field = desk.inspector.category
    QTest.mouseClick(field, LEFT)
    field.selectAll()
    desk.type(wanted[:3])
    completer = field.completer()
    assert completer is not None
    assert wanted in [completer.completionModel().index(i, 0).data() for i in range(completer.completionCount())]
    field.setText(wanted)
    desk.press(Qt.Key.Key_Return, on=field)
    assert [r.category for r in desk.presenter.selected_rows] == [wanted]
    assert desk.canvas.hasFocus()


def test_that_attributes_are_said_and_taken_back_in_place(desk: Desk) -> None:
    row = desk.rows[0]
    desk.click(row.key)
    for name, text in ((AttributeName.COLOUR, "Teal"), (AttributeName.TEXT, "Exit 4"), (AttributeName.MATERIAL, "tin")):
        field = desk.inspector.attributes[name]
        QTest.mouseClick(field, LEFT)
        field.selectAll()
        desk.type(text)
        desk.press(Qt.Key.Key_Return, on=field)
    (now,) = desk.presenter.selected_rows
    assert now.instance.attribute(AttributeName.COLOUR) == "teal"
    assert now.instance.attribute(AttributeName.TEXT) == "Exit 4"
    assert now.instance.attribute(AttributeName.MATERIAL) == "tin"
    assert row.key in now.before
    field = desk.inspector.attributes[AttributeName.TEXT]
    QTest.mouseClick(field, LEFT)
    field.clear()
    desk.press(Qt.Key.Key_Return, on=field)
    assert desk.presenter.selected_rows[0].instance.attribute(AttributeName.TEXT) is None
    desk.undo()
    assert desk.presenter.selected_rows[0].instance.attribute(AttributeName.TEXT) == "Exit 4"
    assert desk.inspector.attributes[AttributeName.TEXT].text() == "Exit 4"


def test_that_leaving_a_field_by_a_click_takes_it_for_what_was_selected(desk: Desk) -> None:
    first, second = desk.rows[0], desk.rows[1]
    desk.click(first.key)
    QTest.mouseClick(desk.inspector.attributes[AttributeName.STATE], LEFT)
    desk.type("open")
    desk.click(second.key)
    held = {instance.supersedes: instance for instance in desk.held()}
    assert held[first.key].attribute(AttributeName.STATE) == "open"
    assert second.key in desk.held_keys()
    assert desk.presenter.selected == (second.key,)


def test_that_escape_in_a_field_keeps_the_old_text(desk: Desk) -> None:
    before = desk.held_keys()
    desk.click(desk.rows[0].key)
    field = desk.inspector.colour
    said = field.text()
    QTest.mouseClick(field, LEFT)
    desk.type("x")
    desk.press(Qt.Key.Key_Escape)
    assert field.text() == said
    assert desk.held_keys() == before


def test_that_the_eye_hides_and_shows_and_the_project_keeps_it(desk: Desk) -> None:
    row = desk.rows[2]
    desk.click_row(2, InstanceColumn.EYE)
    assert desk.hidden() == {row.key}
    assert desk.canvas.content.instances[row.key].is_hidden
    assert "1 hidden" in desk.status()
    desk.click_row(2, InstanceColumn.EYE)
    assert desk.hidden() == frozenset()
    desk.undo()
    assert desk.hidden() == {row.key}


def test_that_all_others_are_hidden_and_all_are_shown_again(desk: Desk) -> None:
    row = desk.rows[1]
    desk.click(row.key)
    desk.press(Qt.Key.Key_I, SHIFT)
    assert desk.hidden() == desk.held_keys() - {row.key}
    desk.press(Qt.Key.Key_A, SHIFT)
    assert desk.hidden() == frozenset()
    assert not desk.studio.actions.is_enabled("instances.show_all")
    desk.undo()
    assert desk.hidden() == desk.held_keys() - {row.key}


def test_that_shift_h_hides_what_is_selected(desk: Desk) -> None:
    keys = {desk.rows[0].key, desk.rows[1].key}
    desk.click_row(0)
    desk.click_row(1, modifiers=CTRL)
    desk.press(Qt.Key.Key_H, SHIFT)
    assert desk.hidden() == keys
    desk.press(Qt.Key.Key_H, SHIFT)
    assert desk.hidden() == frozenset()


def test_that_deleting_says_which_chains_used_it(desk: Desk) -> None:
    with desk.project.read() as read:
        used = {key: len(read.chains_using([key])) for key in desk.held_keys()}
    key = max(used, key=lambda k: used[k])
    assert used[key] > 0
    desk.click_row(desk.presenter.model.row(key))
    words = f"{used[key]} chain{'s' if used[key] > 1 else ''}"
    desk.when(lambda: desk.inspector.used.text().startswith(f"Used in {words}; a change makes"))
    desk.press(Qt.Key.Key_Delete)
    assert key not in desk.held_keys()
    assert words in desk.toast()
    assert desk.presenter.selected == ()
    desk.undo()
    assert key in desk.held_keys()
    assert desk.presenter.selected == (key,)
    desk.redo()
    assert key not in desk.held_keys()


def test_that_the_toast_of_a_deletion_takes_it_back(desk: Desk) -> None:
    before = desk.held_keys()
    desk.click_row(0)
    desk.press(Qt.Key.Key_Backspace)
    assert len(desk.held()) == len(before) - 1
    QTest.mouseClick(desk.window.toasts._button, LEFT)
    desk.settle()
    assert desk.held_keys() == before


def test_that_merging_makes_one_of_two(desk: Desk) -> None:
    first, second = desk.rows[0], desk.rows[1]
    desk.click_row(0)
    assert not desk.studio.actions.is_enabled("instances.merge")
    desk.click_row(1, modifiers=CTRL)
    kept = desk.presenter.selected[0]
    count = len(desk.rows)
    desk.press(Qt.Key.Key_M)
    assert len(desk.held()) == count - 1
    (merged,) = desk.presenter.selected_rows
    assert merged.instance.supersedes == kept
    area = sum(row.instance.area_px for row in (first, second))
    assert max(first.instance.area_px, second.instance.area_px) < merged.instance.area_px <= area
    desk.undo()
    assert {first.key, second.key} <= desk.held_keys()
    assert set(desk.presenter.selected) == {first.key, second.key}
    desk.redo()
    assert desk.presenter.selected == (merged.key,)


@pytest.mark.parametrize("word", ["lantern", "cup"])
def test_that_one_enter_takes_what_is_typed_over_a_name_in_the_list(desk: Desk, word: str) -> None:
    desk.project.relabel_instances([desk.rows[-1].key], "cup", by=desk.project)
    desk.settle()
    desk.click_row(0)
    desk.double_click_row(0)
    desk.qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, word)
    completer = field.completer()
    popup = completer.popup() if completer is not None else None
    # The list of completions has the keyboard as long as it is open.
    desk.press(Qt.Key.Key_Return, on=popup if popup is not None and popup.isVisible() else field)
    desk.qtbot.waitUntil(lambda: word in {row.category for row in desk.presenter.selected_rows})
    assert [row.category for row in desk.presenter.selected_rows] == [word]
    assert str(desk.studio.undo_texts[0]).endswith(f"as {word}")


def test_that_undo_reaches_back_over_a_restart(
    desk: Desk, composed: Composed, sample_project: Path, open_desk: Callable[..., Desk]
) -> None:
    image, before = desk.image.key, desk.held_keys()
    desk.click_row(0)
    desk.press(Qt.Key.Key_1)
    desk.press(Qt.Key.Key_H, SHIFT)
    changed = desk.held_keys()
    composed.studio.close_project()
    composed.studio.take_project(Project.open(sample_project))
    again = open_desk(image=image)
    assert again.held_keys() == changed
    assert len(again.hidden()) == 1
    (row,) = [r for r in again.rows if r.key not in before]
    again.click_row(again.presenter.model.row(row.key))
    again.undo()
    assert again.hidden() == frozenset()
    again.undo()
    assert again.held_keys() == before
    # What was selected is the version of before, which only the file knew of.
    assert again.presenter.selected == row.before


def test_that_an_edit_of_a_version_superseded_meanwhile_reaches_the_newest(desk: Desk) -> None:
    key = desk.rows[0].key
    desk.presenter.describe(key, AttributeName.COLOUR, "teal")
    desk.presenter.describe(key, AttributeName.SHAPE, "round")
    desk.settle()
    (new,) = [row for row in desk.rows if key in row.before]
    assert new.instance.attribute(AttributeName.COLOUR) == "teal"
    assert new.instance.attribute(AttributeName.SHAPE) == "round"


def test_that_a_project_open_for_reading_cannot_be_changed(
    composed: Composed, sample_project: Path, open_desk: Callable[..., Desk]
) -> None:
    composed.studio.take_project(Project.open(sample_project, read_only=True))
    desk = open_desk()
    desk.click_row(0)
    desk.click_row(1, modifiers=CTRL)
    table = desk.studio.actions
    for action in ("relabel", "hide", "delete", "merge", "box", "brush", "label_1"):
        assert not table.is_enabled(f"instances.{action}")
    for action in ("relabel", "merge", "box"):
        assert table.why_not(f"instances.{action}") == "the project is open for reading only"
    before = desk.held_keys()
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_M, Qt.Key.Key_1, Qt.Key.Key_R):
        desk.press(key)
    desk.double_click_row(0)
    assert not isinstance(QApplication.focusWidget(), QLineEdit)
    assert desk.held_keys() == before


def test_that_the_studio_has_one_key_for_one_thing(desk: Desk, studio: Studio) -> None:
    mine = [c for c in studio.actions.conflicts() if "instances." in c.first + c.second]
    assert mine == []
