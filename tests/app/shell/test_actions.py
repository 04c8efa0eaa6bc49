"""The table of actions: keys, conflicts, and what can be done where."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMainWindow, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.actions import ActionSpec, ActionTable, is_plain_key
from app.composition import Composed
from app.studio import Studio
from app.widgets.action_button import ActionButton
from app.widgets.shortcuts import Shortcuts, normalised


class Desk:
    """A window with a field and a button, and a list of what was done."""

    def __init__(self, qtbot: QtBot) -> None:
        self.table = ActionTable(normalised)
        self.done: list[str] = []
        self.window = QMainWindow()
        inner = QWidget()
        layout = QHBoxLayout(inner)
        self.field = QLineEdit()
        self.other = QPushButton("other")
        layout.addWidget(self.field)
        layout.addWidget(self.other)
        self.window.setCentralWidget(inner)
        self.shortcuts = Shortcuts(self.window, self.table)
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()
        self.qtbot = qtbot

    def spec(self, name: str, *keys: str, space: str = "", **more: object) -> ActionSpec:
        return ActionSpec(
            id=name,
            text=name,
            keys=keys,
            space=space,
            needs_project=False,
            run=lambda: self.done.append(name),
            **more,  # type: ignore[arg-type]
        )

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.window.focusWidget() or self.window, key, modifier)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_that_a_letter_typed_into_a_field_runs_no_action(desk: Desk) -> None:
    desk.table.add(desk.spec("accept", "A"))
    desk.field.setFocus()
    desk.press(Qt.Key.Key_A)
    assert desk.field.text() == "a"
    assert desk.done == []
    desk.other.setFocus()
    desk.press(Qt.Key.Key_A)
    assert desk.done == ["accept"]


def test_that_a_key_with_ctrl_runs_also_while_one_types(desk: Desk) -> None:
    desk.table.add(desk.spec("palette", "Ctrl+K"))
    desk.field.setFocus()
    desk.press(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert desk.done == ["palette"]
    assert desk.field.text() == ""


def test_that_a_field_for_reading_only_takes_no_letters_from_actions(desk: Desk) -> None:
    desk.table.add(desk.spec("accept", "A"))
    desk.other.setFocus()
    desk.field.setReadOnly(True)
    desk.field.setFocus()
    desk.press(Qt.Key.Key_A)
    assert desk.done == ["accept"]


def test_that_the_space_at_hand_goes_before_what_holds_everywhere(desk: Desk) -> None:
    desk.table.add(desk.spec("everywhere", "J"), desk.spec("here", "J", space="chains"))
    desk.other.setFocus()
    desk.table.enter("chains", has_project=True)
    desk.press(Qt.Key.Key_J)
    desk.table.enter("library", has_project=True)
    desk.press(Qt.Key.Key_J)
    assert desk.done == ["here", "everywhere"]


def test_that_a_held_action_ends_when_its_key_is_let_go(desk: Desk) -> None:
    desk.table.add(desk.spec("bare", "B", released=lambda: desk.done.append("over")))
    desk.other.setFocus()
    desk.qtbot.keyPress(desk.other, Qt.Key.Key_B)
    assert desk.done == ["bare"]
    desk.qtbot.keyRelease(desk.other, Qt.Key.Key_B)
    assert desk.done == ["bare", "over"]


def test_that_suspended_keys_run_nothing(desk: Desk) -> None:
    desk.table.add(desk.spec("accept", "A"))
    desk.other.setFocus()
    desk.shortcuts.suspend(True)
    desk.press(Qt.Key.Key_A)
    assert desk.done == []
    desk.shortcuts.suspend(False)
    desk.press(Qt.Key.Key_A)
    assert desk.done == ["accept"]


def test_that_a_changed_key_moves_to_the_button_and_the_keyboard_at_once(desk: Desk) -> None:
    desk.table.add(desk.spec("accept", "A"))
    button = ActionButton(desk.table, "accept", parent=desk.window)
    assert "(A)" in button.toolTip()
    desk.table.set_keys("accept", ("Ctrl+J",))
    assert "(Ctrl J)" in button.toolTip()
    desk.other.setFocus()
    desk.press(Qt.Key.Key_A)
    assert desk.done == []
    desk.press(Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert desk.done == ["accept"]


def test_that_a_disabled_button_says_why(desk: Desk) -> None:
    desk.table.add(desk.spec("accept", "A", enabled_when=lambda: False, why_not=lambda: "nothing selected"))
    button = ActionButton(desk.table, "accept", parent=desk.window)
    assert not button.isEnabled()
    assert "nothing selected" in button.toolTip()


def test_that_what_an_action_raises_is_reported_and_not_thrown(desk: Desk) -> None:
    def fail() -> None:
        raise ValueError("no")

    raised: list[object] = []
    desk.table.failed.connect(raised.append)
    desk.table.add(ActionSpec(id="x", text="x", run=fail, needs_project=False))
    assert desk.table.trigger("x")
    assert [str(error) for error in raised] == ["no"]


def test_that_one_spelling_of_a_key_conflicts_with_another(desk: Desk) -> None:
    desk.table.add(desk.spec("one", "ctrl+k"), desk.spec("two", "Ctrl+K"), desk.spec("three", "Ctrl+L"))
    assert [(c.first, c.second) for c in desk.table.conflicts()] == [("one", "two")]


def test_that_two_spaces_may_share_a_key(desk: Desk) -> None:
    desk.table.add(desk.spec("one", "J", space="chains"), desk.spec("two", "J", space="library"))
    assert desk.table.conflicts() == []


def test_that_setting_the_default_keys_leaves_nothing_of_ones_own(desk: Desk) -> None:
    desk.table.add(desk.spec("one", "Ctrl+K"))
    desk.table.set_keys("one", ("J",))
    assert desk.table.own_keys() == {"one": ("J",)}
    desk.table.set_keys("one", ("ctrl+k",))
    assert desk.table.own_keys() == {}


@pytest.mark.parametrize(
    ("keys", "is_plain"),
    [
        ("A", True),
        ("Shift+A", True),
        ("?", True),
        ("Ctrl+A", False),
        ("F1", False),
        ("Shift+F5", False),
        ("Alt+1", False),
    ],
)
def test_that_a_key_is_plain_when_typing_needs_it(keys: str, is_plain: bool) -> None:
    assert is_plain_key(keys) is is_plain


def test_that_no_two_default_keys_meet(composed: Composed, studio: Studio, qtbot: QtBot) -> None:
    composed.window.build_rest()
    qtbot.waitUntil(lambda: all(composed.window.space(space) is not None for space in composed.window.space_ids()))
    names = {(conflict.keys, conflict.first, conflict.second) for conflict in studio.actions.conflicts()}
    assert names == set()


def test_that_every_action_names_a_group_and_an_icon_there_is(composed: Composed, studio: Studio, qtbot: QtBot) -> None:
    from app.style.icons import icon_names

    composed.window.build_rest()
    qtbot.waitUntil(lambda: all(composed.window.space(space) is not None for space in composed.window.space_ids()))
    for spec in studio.actions.specs():
        assert spec.group, spec.id
        assert not spec.icon or spec.icon in icon_names(), spec.id
        assert not spec.space or spec.space in composed.window.space_ids(), spec.id
