"""Picking instances on the picture, and in the list beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.canvas.tools import SelectTool
from app.views.chains.edit.pick_tool import PickTool
from hopchain_core.domain.chains import InstanceReference, SetReference
from hopchain_core.domain.keys import InstanceKey
from tests.app.chains.curator import CTRL
from tests.app.chains.editor import Editor, editor, focused

__all__ = ["editor"]
Key = Qt.Key


def test_that_chosen_instances_are_toggled_by_clicks_on_the_picture(editor: Editor) -> None:
    chain = editor.begin(1)
    new = _others(editor, chain.instances)[0]
    editor.click(editor.panel.question.head.button)
    assert isinstance(editor.canvas.tool, PickTool)
    assert set(editor.canvas.selection) == set(chain.instances)
    editor.click_instance(new)
    editor.click_instance(chain.instances[0])
    assert set(editor.canvas.selection) == {*chain.instances[1:], new}
    assert editor.panel.picker.rows[new].isChecked()
    editor.press(Key.Key_Return, CTRL)
    assert editor.edit.is_editing
    assert isinstance(editor.canvas.tool, SelectTool)
    assert editor.canvas.selection == ()
    assert editor.save().instances == (*chain.instances[1:], new)


def test_that_what_a_hop_finds_is_picked_and_handed_on(editor: Editor) -> None:
    chain = editor.begin(1)
    assert isinstance(chain.hop(1).establishes[0], InstanceReference)
    old = chain.hop(1).establishes[0].instance
    new = _others(editor, (old,))[0]
    editor.click(editor.fields(1).pick_found)
    editor.click_instance(new)
    editor.click(editor.panel.picker.done)
    assert editor.fields(1).establishes.chips()[0].value == new
    assert "The masks say" in editor.fields(1).check.text.text()
    made = editor.save()
    assert made.hop(1).establishes == (InstanceReference(new),)
    after = [h for h in made.hops if 1 in h.needs]
    assert all(InstanceReference(old) not in h.uses for h in after)
    assert any(InstanceReference(new) in h.uses for h in after)


def test_that_the_picture_and_the_graph_follow_what_is_written(editor: Editor) -> None:
    chain = editor.begin(1)
    assert isinstance(chain.hop(1).establishes[0], InstanceReference)
    old = chain.hop(1).establishes[0].instance
    name = editor.detail.names
    alike = [key for key in _others(editor, (old,)) if name[key].split()[0] == name[old].split()[0]]
    new = (alike or _others(editor, (old,)))[0]
    editor.edit.set_hop(1, output=f"the {name[old]}")
    editor.click(editor.fields(1).pick_found)
    editor.click_instance(new)
    editor.settle()
    # One picks from the whole picture.
    assert editor.canvas.content.overlay is None
    editor.press(Key.Key_Return, CTRL)
    editor.settle()
    editor.qtbot.waitUntil(lambda: editor.canvas.content.overlay is not None and new in editor.canvas.content.lit)
    nodes = {node.index: node.output for node in editor.space.graph.drawing._graph.nodes}
    assert nodes[1] == editor.edit.draft.hop(1).output
    if alike:
        assert nodes[1] == f"the {name[new]}"
    editor.space.graph.hop_asked.emit(2)
    assert editor.panel.hop == 2
    editor.edit.discard()
    editor.settle()
    assert not editor.edit.is_editing
    nodes = {node.index: node.output for node in editor.space.graph.drawing._graph.nodes}
    assert nodes[1] == chain.hop(1).output
    editor.presenter.show_hop(1)
    assert old in editor.canvas.content.lit


def test_that_a_hop_that_was_added_is_seen_in_the_graph(editor: Editor) -> None:
    chain = editor.begin(1)
    editor.edit.add_hop(1)
    editor.settle()
    count = len(chain.hops) + 1
    editor.qtbot.waitUntil(lambda: len(editor.space.graph.drawing._graph.nodes) == count)
    assert editor.panel.hop == 2
    editor.qtbot.waitUntil(lambda: editor.space.graph.drawing._hop == 2)


def test_that_several_objects_are_picked_with_the_keyboard(editor: Editor) -> None:
    editor.begin(1)
    fields = editor.fields(1)
    fields.kind.setFocus()
    editor.press(Key.Key_Right)
    fields.pick_found.setFocus()
    editor.press(Key.Key_Return)
    rows = list(editor.panel.picker.rows.values())
    assert focused() in rows
    editor.qtbot.waitUntil(lambda: all(row.isVisible() for row in rows))
    for row in rows[:3]:
        row.setFocus()
        if not row.isChecked():
            editor.press(Key.Key_Space)
    for row in rows[3:]:
        row.setFocus()
        if row.isChecked():
            editor.press(Key.Key_Space)
    editor.press(Key.Key_Up)
    assert focused() is rows[-2]
    editor.press(Key.Key_Return, CTRL)
    assert editor.save().hop(1).establishes == (SetReference(tuple(sorted(row.key for row in rows[:3]))),)


def test_that_escape_leaves_everything_as_before_and_goes_on_editing(editor: Editor) -> None:
    chain = editor.begin(2)
    editor.click(editor.fields(2).pick_uses)
    editor.click_instance(_others(editor, tuple(editor.edit.picked))[0])
    assert editor.edit.is_changed
    editor.press(Key.Key_Escape)
    assert editor.edit.is_editing
    assert editor.edit.picking is None
    assert editor.edit.draft.hops == chain.hops
    assert not editor.edit.is_changed


def test_that_ctrl_z_on_the_picture_takes_the_last_pick_back(editor: Editor) -> None:
    chain = editor.begin(1)
    first, second = _others(editor, chain.instances)[:2]
    editor.click(editor.panel.question.head.button)
    editor.click_instance(first)
    editor.click_instance(second)
    editor.canvas.setFocus()
    editor.undo()
    assert editor.edit.picked == (*chain.instances, first)
    editor.press(Key.Key_Return, CTRL)
    editor.canvas.setFocus()
    editor.press(Key.Key_U)
    assert editor.edit.draft.instances == chain.instances
    editor.undo()
    assert editor.versions(chain) == [chain]


def test_that_the_list_and_the_picture_show_what_is_under_the_cursor(editor: Editor) -> None:
    editor.begin(1)
    editor.click(editor.panel.question.head.button)
    key = next(iter(editor.panel.picker.rows))
    editor.canvas.hovered.emit(key)
    assert editor.panel.picker.rows[key]._is_hot
    editor.panel.picker.rows[key].entered.emit(key)
    assert editor.canvas.content.hovered == key


def test_that_clicks_at_one_place_go_on_to_what_lies_beneath() -> None:
    from PySide6.QtCore import QPointF

    from app.canvas.tools.tool import Pointer
    from hopchain_core.domain.geometry import Point

    class Stage:
        def __init__(self) -> None:
            self.content = self

        def stack_at(self, at: Point) -> tuple[str, ...]:
            return ("top", "below")

    picked: list[str] = []
    tool = PickTool(Stage(), picked.append)  # type: ignore[arg-type]
    for _ in range(5):
        pointer = Pointer(Point(1, 1), QPointF(1, 1))
        tool.press(pointer)
        tool.release(pointer)
    assert picked == ["top", "top", "below", "below", "top"]


def _others(editor: Editor, keys: tuple[InstanceKey, ...]) -> list[InstanceKey]:
    return [k for k in editor.edit.names if k not in keys]
