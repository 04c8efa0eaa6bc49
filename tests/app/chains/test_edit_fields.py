"""Editing a chain in the window, by keys and mouse, and what the project then holds."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest

from app.models.operation_fit import FitState
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Composer, Level
from tests.app.chains.curator import CTRL, SHIFT
from tests.app.chains.editor import Editor, editor, focused

__all__ = ["editor"]
Key = Qt.Key


def test_that_e_begins_with_the_sub_question_of_the_hop_that_is_shown(editor: Editor) -> None:
    chain = editor.begin(2, selects=False)
    assert editor.space.side.currentWidget() is editor.panel
    assert editor.panel.hop == 2
    assert focused() is editor.fields(2).sub_question
    assert editor.fields(2).sub_question.toPlainText() == chain.hop(2).sub_question
    cursor = editor.fields(2).sub_question.textCursor()
    assert cursor.atEnd()
    assert not cursor.hasSelection()
    assert not editor.space.header.isVisible()


def test_that_a_sub_question_is_rewritten_and_saved_by_keys_alone(editor: Editor) -> None:
    chain = editor.begin(2)
    editor.type("Which one of them is it now?")
    editor.settle()
    made = editor.save()
    assert made.hop(2).sub_question == "Which one of them is it now?"
    assert made.composer is Composer.PERSON
    assert [v.version for v in editor.versions(chain)] == [1, 2]
    assert editor.space.side.currentWidget() is editor.stepper
    assert editor.hop == 2


def test_that_letters_typed_into_fields_reach_no_shortcut(editor: Editor) -> None:
    editor.begin(1)
    key, number = editor.detail.key, editor.number
    editor.type("axfjks129[]u?")
    editor.settle()
    assert editor.fields(1).sub_question.toPlainText() == "axfjks129[]u?"
    assert editor.mark(key) is None
    assert (editor.number, editor.panel.hop) == (number, 1)


def test_that_question_answer_and_output_are_saved(editor: Editor) -> None:
    chain = editor.begin(1)
    last = chain.hops[-1].index
    editor.write(editor.panel.question.field, "How many are there?")
    editor.click(editor.panel.hops[last].row)
    editor.write(editor.fields(last).output, "123")
    editor.write(editor.panel.answer.field, "123")
    made = editor.save()
    assert made.question == "How many are there?"
    assert made.answer == Answer.of(123)
    assert made.hop(last).output == "123"


def test_that_level_and_needs_are_changed_with_the_mouse(editor: Editor) -> None:
    chain = editor.begin(3)
    fields = editor.fields(3)
    level = Level.ONE_OBJECT if chain.hop(3).level is not Level.ONE_OBJECT else Level.SEVERAL
    segment = 0 if level is Level.ONE_OBJECT else 1
    editor.click(fields.level, fields.level._rects()[segment].center().toPoint())
    wanted = tuple(n for n in (1, 2) if (n in chain.hop(3).needs) != (n == 1))
    editor.click(fields.needs[1])
    made = editor.save()
    assert made.hop(3).level is level
    assert made.hop(3).needs == wanted
    assert made.hop(3).operation is None


def test_that_findings_stand_beside_their_hop_while_one_types(editor: Editor) -> None:
    chain = editor.begin(1)
    number = chain.hops[-1].index
    editor.click(editor.panel.hops[number].row)
    editor.write(editor.fields(number).output, "several")
    found = editor.fields(number).findings.findings
    assert "number" in {f.rule for f in found}
    assert all(f.hop == number for f in found)
    assert editor.fields(number).findings.isVisible()
    assert "error" in editor.panel.save_bar.found.text()
    editor.write(editor.panel.question.field, "Roughly how many?")
    assert any("estimate" in f.message for f in editor.panel.whole.findings)


def test_that_what_the_masks_say_is_taken_with_a_button(editor: Editor) -> None:
    chain = editor.begin(1)
    last = chain.hops[-1].index
    editor.write(editor.panel.answer.field, "998")
    assert f"say {chain.answer.text}; stated is 998" in editor.panel.answer.check.text.text()
    editor.click(editor.panel.answer.check.take)
    assert editor.panel.answer.field.text() == chain.answer.text
    editor.click(editor.panel.hops[last].row)
    editor.write(editor.fields(last).output, "997")
    editor.write(editor.panel.answer.field, "997")
    editor.click(editor.panel.answer.all)
    assert editor.fields(last).output.text() == chain.hop(last).output
    assert editor.panel.answer.field.text() == chain.answer.text
    assert not editor.edit.is_changed


def test_that_a_hop_that_asks_otherwise_says_that_it_is_no_longer_recomputed(editor: Editor) -> None:
    chain = editor.begin(1)
    hops = len(chain.hops)
    assert f"{hops} of {hops} hops" in editor.panel.save_bar.found.text()
    fields = editor.fields(1)
    editor.write(fields.sub_question, "Which of them is the second smallest of all?")
    assert "no longer recomputed" in fields.check.text.text()
    assert f"{hops - 1} of {hops} hops" in editor.panel.save_bar.found.text()
    editor.click(fields.check.choice)
    assert editor.edit.fits[1].state is FitState.KEPT
    assert "Still recomputed" in fields.check.text.text()
    editor.click(fields.check.choice)
    assert editor.edit.fits[1].state is FitState.DROPPED


def test_that_an_answer_that_is_no_number_is_refused_where_it_stands(editor: Editor) -> None:
    chain = editor.begin(1)
    editor.write(editor.panel.answer.field, "twelve")
    assert editor.panel.answer.refusal.text() == "Write it in digits: 12."
    assert editor.panel.answer.refusal.isVisible()
    assert not editor.panel.save_bar.save.isEnabled()
    editor.press(Key.Key_Return, CTRL)
    assert editor.edit.is_editing
    assert editor.versions(chain) == [chain]
    editor.write(editor.panel.answer.field, "12")
    assert not editor.panel.answer.refusal.isVisible()
    assert editor.save().answer == Answer.of(12)


def test_that_ctrl_z_in_a_field_is_the_fields_own(editor: Editor) -> None:
    chain = editor.begin(1)
    field = editor.fields(1).sub_question
    QTest.keyClick(field, Key.Key_End)
    editor.type(" Really")
    editor.undo()
    assert field.toPlainText() != f"{chain.hop(1).sub_question} Really"
    assert editor.edit.draft.hop(1).sub_question == field.toPlainText().strip()
    editor.redo()
    assert field.toPlainText() == f"{chain.hop(1).sub_question} Really"
    assert editor.studio.undo_texts[0] is None


def test_that_what_was_taken_can_be_undone_in_its_field(editor: Editor) -> None:
    editor.begin(1)
    editor.write(editor.panel.answer.field, "998")
    editor.click(editor.panel.answer.check.take)
    editor.panel.answer.field.setFocus()
    editor.undo()
    assert editor.panel.answer.field.text() == "998"
    assert editor.edit.state.answer_text == "998"


def test_that_ctrl_z_beside_fields_takes_back_a_choice_and_no_decision(editor: Editor) -> None:
    chain = editor.begin(1)
    other = next(c for c in editor.listed if c != editor.number)
    with editor.project.read() as read:
        stored = read.chain(f"C-{other}")
    editor.project.comment(stored.chain.key, "ben", "look at this", by="ben")
    fields = editor.fields(1)
    segment = 0 if chain.hop(1).level is not Level.ONE_OBJECT else 1
    editor.click(fields.level, fields.level._rects()[segment].center().toPoint())
    assert editor.edit.is_changed
    fields.level.setFocus()
    editor.undo()
    assert not editor.edit.is_changed
    editor.undo()
    assert len(editor.comments(stored.chain.key)) == 1


def test_that_undo_after_saving_takes_the_version_back(editor: Editor) -> None:
    chain = editor.begin(1)
    editor.write(editor.panel.answer.field, "12")
    made = editor.save()
    editor.undo()
    editor.qtbot.waitUntil(lambda: editor.detail.chain.key == chain.key)
    assert editor.versions(chain) == [chain]
    editor.redo()
    editor.qtbot.waitUntil(lambda: editor.detail.chain.key == made.key)


def test_that_escape_asks_nothing_where_nothing_was_changed(editor: Editor) -> None:
    editor.begin(1)
    editor.press(Key.Key_Escape)
    assert not editor.edit.is_editing
    assert editor.space.side.currentWidget() is editor.stepper
    assert editor.space.header.isVisible()


def test_that_escape_offers_to_go_on_where_something_was_changed(editor: Editor) -> None:
    editor.begin(1)
    field = editor.fields(1).sub_question
    editor.type("Mine?")
    editor.press(Key.Key_Escape)
    assert editor.panel.save_bar.is_asking
    assert focused() is editor.panel.save_bar.go_on
    editor.press(Key.Key_Escape)
    assert not editor.panel.save_bar.is_asking
    assert focused() is field
    editor.press(Key.Key_Escape)
    editor.press(Key.Key_Return)
    assert editor.edit.is_editing
    assert not editor.panel.save_bar.is_asking


def test_that_words_can_be_thrown_away_or_left_as_a_draft(editor: Editor) -> None:
    chain = editor.begin(1)
    editor.type("Mine?")
    editor.press(Key.Key_Escape)
    editor.click(editor.panel.save_bar.keep)
    assert not editor.edit.is_editing
    assert editor.space.draft.isVisible()
    editor.click(editor.space.draft.resume)
    assert editor.edit.state.hop(1).sub_question == "Mine?"
    assert editor.panel.resumed.isVisible()
    editor.press(Key.Key_Escape)
    editor.click(editor.panel.save_bar.discard)
    assert not editor.space.draft.isVisible()
    assert editor.versions(chain) == [chain]
    editor.begin(1)
    assert not editor.edit.is_changed


def test_that_a_click_on_another_chain_keeps_the_draft(editor: Editor) -> None:
    editor.begin(1)
    first = editor.number
    editor.type("Mine?")
    editor.settle()
    editor.click_row(1)
    editor.qtbot.waitUntil(lambda: editor.number != first)
    assert not editor.edit.is_editing
    assert not editor.space.draft.isVisible()
    editor.click_row(0)
    editor.qtbot.waitUntil(lambda: editor.number == first)
    editor.settle()
    assert editor.space.draft.isVisible()
    editor.press(Key.Key_E)
    assert editor.edit.state.hop(1).sub_question == "Mine?"


def test_that_another_space_and_back_leaves_the_fields_as_they_were(editor: Editor) -> None:
    editor.begin(1)
    editor.type("Mine?")
    editor.studio.go("library")
    editor.settle()
    editor.studio.go("chains")
    editor.settle()
    assert editor.edit.is_editing
    assert editor.fields(1).sub_question.toPlainText() == "Mine?"


def test_that_a_version_replaced_meanwhile_is_told_and_the_words_can_follow(editor: Editor) -> None:
    chain = editor.begin(1)
    editor.type("Mine?")
    editor.settle()
    theirs = editor.project.edit_chain(chain.key, by="ben", answer=Answer.of(77))
    editor.qtbot.waitUntil(lambda: editor.panel.stale.isVisible())
    editor.settle()
    assert editor.edit.is_editing
    assert not editor.panel.save_bar.save.isEnabled()
    editor.click(editor.panel.stale.rebase)
    assert editor.panel.answer.field.text() == "77"
    assert editor.fields(1).sub_question.toPlainText() == "Mine?"
    editor.fields(1).sub_question.setFocus()
    made = editor.save()
    assert made.supersedes == theirs.key
    assert made.hop(1).sub_question == "Mine?"


def test_that_enter_goes_on_and_pasted_lines_become_one(editor: Editor) -> None:
    editor.begin(1)
    field = editor.fields(1).sub_question
    data = QMimeData()
    data.setText("How\nmany\n\n <b>balls</b>?")
    field.selectAll()
    field.insertFromMimeData(data)
    editor.settle()
    assert editor.edit.draft.hop(1).sub_question == "How many <b>balls</b>?"
    editor.press(Key.Key_Return)
    assert "\n" not in field.toPlainText()
    assert focused() is not field
    editor.press(Key.Key_Backtab, SHIFT)
    assert focused() is field


def test_that_hops_open_by_click_and_follow_the_picture(editor: Editor) -> None:
    editor.begin(1)
    editor.click(editor.panel.hops[2].row)
    assert editor.hop == 2
    assert editor.panel.hop == 2
    assert not editor.panel.hops[1].is_open
    editor.presenter.show_hop(3)
    assert editor.panel.hop == 3
    assert editor.panel.isAncestorOf(focused())
