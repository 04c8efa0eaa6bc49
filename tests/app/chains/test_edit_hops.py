"""Adding, removing and moving hops in the window, by keys and mouse, and what the project then holds."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.models.version_diff import chain_diff
from hopchain_core.domain.programs.operations import hops_used
from tests.app.chains.curator import CTRL
from tests.app.chains.editor import Editor, editor, focused

__all__ = ["editor"]
Key = Qt.Key
CTRL_ALT = CTRL | Qt.KeyboardModifier.AltModifier


def test_that_an_added_hop_is_written_and_saved_by_keys_alone(editor: Editor) -> None:
    chain = editor.begin(1)
    editor.press(Key.Key_N, CTRL_ALT)
    assert editor.panel.hop == 2
    assert focused() is editor.fields(2).sub_question
    editor.type("Which one stands beside it?")
    editor.settle()
    made = editor.save()
    assert [h.sub_question for h in made.hops] == [
        chain.hops[0].sub_question,
        "Which one stands beside it?",
        *(h.sub_question for h in chain.hops[1:]),
    ]
    assert (made.hop(2).needs, made.hop(2).uses) == ((1,), chain.hop(1).establishes)
    for was, now in zip(chain.hops[1:], made.hops[2:], strict=True):
        assert now.needs == tuple(n if n == 1 else n + 1 for n in was.needs)
        if was.operation is not None and now.operation is not None:
            assert hops_used(now.operation) == {n if n == 1 else n + 1 for n in hops_used(was.operation)}
    assert [h.operation is None for h in made.hops[2:]] == [h.operation is None for h in chain.hops[1:]]
    assert chain_diff(chain, made).summary == "Hop 2 added"


def test_that_an_added_hop_without_words_is_not_saved(editor: Editor) -> None:
    chain = editor.begin(1)
    editor.click(editor.fields(1).tools.add)
    assert len(editor.edit.state.hops) == len(chain.hops) + 1
    editor.press(Key.Key_Return, CTRL)
    assert editor.edit.is_editing
    assert "Hop 2 asks nothing yet" in editor.toast()
    assert len(editor.versions(chain)) == 1


def test_that_a_needed_hop_is_removed_only_after_it_was_asked(editor: Editor) -> None:
    chain = editor.begin(1)
    tools = editor.fields(1).tools
    editor.click(tools.remove)
    assert tools.asking.isVisible()
    assert "need" in tools.asking.text.text()
    editor.press(Key.Key_Escape)
    assert not tools.asking.isVisible()
    assert editor.edit.is_editing
    assert not editor.edit.is_changed
    editor.click(tools.remove)
    editor.qtbot.waitUntil(lambda: tools.agree.height() > 20)
    editor.click(tools.agree)
    made = editor.save()
    assert [h.sub_question for h in made.hops] == [h.sub_question for h in chain.hops[1:]]
    for was, now in zip(chain.hops[1:], made.hops, strict=True):
        assert now.needs == tuple(n - 1 for n in was.needs if n > 1)
        assert now.operation is None or 1 not in was.needs


def test_that_the_last_hop_goes_at_once_and_undo_brings_it_back(editor: Editor) -> None:
    chain = editor.begin(chain_end(editor))
    editor.press(Key.Key_Backspace, CTRL_ALT)
    assert editor.panel.hop == len(chain.hops) - 1
    assert list(editor.panel.hops) == [h.index for h in chain.hops[:-1]]
    editor.panel.area.viewport().setFocus()
    editor.canvas.setFocus()
    editor.press(Key.Key_Z, CTRL)
    assert editor.edit.state.hops == chain.hops
    assert list(editor.panel.hops) == [h.index for h in chain.hops]
    assert not editor.edit.is_changed


def test_that_a_hop_moves_by_keys_unless_another_needs_it(editor: Editor) -> None:
    chain = editor.begin(1)
    editor.press(Key.Key_N, CTRL_ALT)
    editor.type("And beside it?")
    second = chain.hop(2)
    editor.press(Key.Key_Down, CTRL_ALT)
    assert editor.panel.hop == 3
    assert focused() is editor.fields(3).sub_question
    assert editor.fields(3).sub_question.toPlainText() == "And beside it?"
    editor.press(Key.Key_Up, CTRL_ALT)
    editor.press(Key.Key_Up, CTRL_ALT)
    assert editor.panel.hop == 2
    assert "Hop 2 needs hop 1" in editor.toast()
    editor.press(Key.Key_Down, CTRL_ALT)
    made = editor.save()
    assert made.hop(2).sub_question == second.sub_question
    assert made.hop(3).sub_question == "And beside it?"


def test_that_changed_hops_are_kept_as_a_draft(editor: Editor) -> None:
    chain = editor.begin(2)
    editor.press(Key.Key_N, CTRL_ALT)
    editor.type("Kept?")
    editor.settle()
    draft = editor.edit.state
    editor.edit.put_aside()
    editor.settle()
    editor.begin(3)
    assert editor.edit.state == draft
    # The picture showed hop 3 of the version, which is hop 4 of the draft.
    assert editor.panel.hop == (4 if len(chain.hops) > 2 else None)
    assert list(editor.panel.hops) == [h.index for h in draft.hops]


def chain_end(editor: Editor) -> int:
    """Number of the last hop."""
    return editor.detail.chain.hops[-1].index
