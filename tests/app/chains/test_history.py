"""Versions beside each other, and the way back to an old one."""

from __future__ import annotations

import re
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.models.version_diff import OperationChange
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain
from tests.app.chains.curator import LEFT
from tests.app.chains.editor import Editor, editor, focused

__all__ = ["editor"]
Key = Qt.Key


def test_that_versions_are_told_with_who_made_them_and_what_changed(editor: Editor) -> None:
    first, second, third = _three_versions(editor)
    rows = editor.history.rows
    assert [rows[at].accessibleName() for at in sorted(rows)] == [
        f"Version 1, {_made(rows[0].accessibleName())}: First version",
        f"Version 2, {_made(rows[1].accessibleName())}: Question, answer {first.answer.text} → {second.answer.text}",
        f"Version 3, {_made(rows[2].accessibleName())}: Hop 1, seen now",
    ]
    assert all(re.search(r", by a person at \d\d:\d\d: ", rows[at].accessibleName()) for at in (1, 2))
    assert "by a program, run" in rows[0].accessibleName()
    assert third.version == 3


def test_that_the_newest_is_compared_with_the_one_before_and_any_two_can_be(editor: Editor) -> None:
    first, second, third = _three_versions(editor)
    assert editor.history.compared == (1, 2)
    assert editor.history.view is not None
    assert [t.diff.new for t in editor.history.view.texts] == [third.hop(1).sub_question]
    editor.click(editor.history.rows[1])
    assert editor.history.compared == (0, 1)
    assert (editor.history.view.texts[0].diff.old, editor.history.view.texts[0].diff.new) == (
        first.question,
        second.question,
    )
    editor.history.new.setFocus()
    QTest.keyClick(editor.history.new, Key.Key_Up)
    editor.settle()
    assert editor.history.compared == (0, 2)
    assert editor.history.summary.text().startswith("Changed: question, hop 1, answer")


def test_that_an_old_version_is_restored_as_a_new_one_and_undone(editor: Editor) -> None:
    first, _, third = _three_versions(editor)
    assert not editor.history.restore.isEnabled()
    editor.click(editor.history.rows[0])
    assert editor.history.restore.text() == "Restore version 1"
    # What going back would change.
    assert editor.history.compared == (2, 0)
    assert editor.history.view is not None
    assert editor.history.view.texts
    editor.click(editor.history.restore)
    editor.qtbot.waitUntil(lambda: editor.detail.chain.version == 4)
    made = editor.detail.chain
    assert made.supersedes == third.key
    assert (made.question, made.hops, made.answer) == (first.question, first.hops, first.answer)
    editor.qtbot.waitUntil(lambda: len(editor.history.rows) == 4)
    editor.undo()
    editor.qtbot.waitUntil(lambda: editor.detail.chain.key == third.key)
    editor.qtbot.waitUntil(lambda: len(editor.history.rows) == 3)


def test_that_h_opens_and_closes_the_history_and_escape_closes_it(editor: Editor) -> None:
    _three_versions(editor)
    editor.press(Key.Key_H)
    assert editor.space.side.currentWidget() is editor.stepper
    editor.press(Key.Key_H)
    assert editor.space.side.currentWidget() is editor.history
    editor.qtbot.waitUntil(lambda: focused() is editor.history.rows.get(2))
    editor.qtbot.waitUntil(lambda: all(row.isVisible() for row in editor.history.rows.values()))
    editor.press(Key.Key_Down)
    assert focused() is editor.history.rows[1]
    assert editor.history.compared == (0, 1)
    assert editor.history.rows[1].isChecked()
    editor.press(Key.Key_Up)
    assert editor.history.compared == (1, 2)
    editor.press(Key.Key_Escape)
    assert editor.space.side.currentWidget() is editor.stepper


def test_that_a_check_that_was_dropped_is_told(editor: Editor) -> None:
    first = editor.detail.chain
    hops = (replace(first.hop(1), operation=None, sub_question="Where, then?"), *first.hops[1:])
    editor.project.edit_chain(first.key, by="ben", hops=hops)
    editor.qtbot.waitUntil(lambda: editor.detail.chain.version == 2)
    editor.press(Key.Key_H)
    editor.qtbot.waitUntil(lambda: bool(editor.history.rows))
    (changed,) = editor.history._history.rows[1].change.changed_hops  # type: ignore[union-attr]
    assert changed.operation is OperationChange.DROPPED


def test_that_restoring_a_chain_replaced_meanwhile_is_told(editor: Editor) -> None:
    first, _, third = _three_versions(editor)
    editor.click(editor.history.rows[0])
    # The click comes before the history has heard of the fourth version.
    editor.project.edit_chain(third.key, by="ben", answer=Answer.of(5))
    QTest.mouseClick(editor.history.restore, LEFT)
    editor.settle()
    assert "has been replaced" in editor.toast()
    assert [v.version for v in editor.versions(first)] == [1, 2, 3, 4]


def _three_versions(editor: Editor) -> tuple[Chain, Chain, Chain]:
    """Two edits of the first chain; its history is open."""
    first = editor.detail.chain
    second = editor.project.edit_chain(
        first.key, by="ben", question="How many now?", answer=Answer(first.answer.value + 1)
    )
    hops = (replace(first.hop(1), sub_question="Where is it, then?"), *first.hops[1:])
    third = editor.project.edit_chain(second.key, by="ben", hops=hops)
    editor.qtbot.waitUntil(lambda: editor.detail.chain.key == third.key)
    editor.settle()
    editor.list.setFocus()
    editor.press(Key.Key_H)
    editor.qtbot.waitUntil(lambda: len(editor.history.rows) == 3)
    editor.settle()
    return first, second, third


def _made(name: str) -> str:
    return name.partition(", ")[2].rpartition(": ")[0]
