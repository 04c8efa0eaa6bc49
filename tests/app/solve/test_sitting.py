"""Questions answered in the window, by keys alone, on a real project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.studio import Studio
from app.views.solve.reasons import ReasonsPopup
from app.views.solve.recent import RecentPopup
from app.views.solve.space import SolveSpace
from app.widgets.segmented import Segment
from hopchain_core.domain.review import AmbiguityReason, Annotation, Outcome
from hopchain_core.domain.rounds import RoundTerms
from hopchain_core.project import Project

PEOPLE = ("ada", "bo")


@pytest.fixture
def space(composed: Composed, studio: Studio, qtbot: QtBot) -> SolveSpace:
    """A round is open for two people, and the space asks who answers."""
    project = studio.need_project()
    for name in PEOPLE:
        project.add_annotator(name)
    project.open_round(RoundTerms())
    composed.window.activateWindow()
    studio.go("solve")
    found = composed.window.stack.currentWidget()
    assert isinstance(found, SolveSpace)
    qtbot.waitUntil(lambda: len(found.entry.rows) == len(PEOPLE))
    return found


@pytest.fixture
def sit(space: SolveSpace, qtbot: QtBot) -> Callable[..., SolveSpace]:
    """Begins a sitting by keys; the person who sits here by the settings stands first."""

    def begin(goal: str = "") -> SolveSpace:
        space.entry.goal.set_value(goal)
        row = space.entry.rows[0]
        assert row.seat.name == "ada"
        QTest.keyClick(row, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: space.has_question)
        return space

    return begin


def questions(studio: Studio) -> dict[str, str]:
    """Proposed answers by question."""
    with studio.need_project().read() as read:
        return {stored.chain.question: stored.chain.answer.text for stored in read.chains()}


def answers(studio: Studio, person: str) -> list[Annotation]:
    """What a person has said, by the project."""
    found = []
    with studio.need_project().read() as read:
        for stored in read.chains():
            found += [a for a in read.annotations(stored.chain.key) if a.annotator == person]
    return found


def after(space: SolveSpace, qtbot: QtBot, do: Callable[[], object]) -> None:
    """Does something, and waits for another question or the end."""
    before = space.sitting.question
    do()
    qtbot.waitUntil(lambda: space.sitting.question is not before)


def press(space: SolveSpace, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or space.window(), key, modifier)


def test_that_a_person_answers_everything_without_the_mouse(
    sit: Callable[..., SolveSpace], studio: Studio, qtbot: QtBot
) -> None:
    space = sit()
    known = questions(studio)
    given: dict[str, str] = {}
    while (question := space.sitting.question) is not None:
        text = known[question.item.question]
        given[question.item.question] = text

        def send(text: str = text) -> None:
            QTest.keyClicks(space.sitting.panel.field, text)
            press(space, Qt.Key.Key_Return)

        after(space, qtbot, send)
    assert space.sitting.pause.isVisible()
    said = answers(studio, "ada")
    assert len(said) == len(given)
    assert {a.answer.text for a in said if a.answer is not None} == set(given.values())
    assert all(a.outcome is Outcome.ANSWERED and a.active_seconds > 0 for a in said)
    press(space, Qt.Key.Key_Return)
    assert not space.has_sitting


def test_that_letters_reach_their_actions_while_the_box_has_the_keyboard(
    sit: Callable[..., SolveSpace], studio: Studio, qtbot: QtBot
) -> None:
    space = sit()
    field = space.sitting.panel.field
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClicks(field, "1")
    after(space, qtbot, lambda: press(space, Qt.Key.Key_N))
    assert [a.outcome for a in answers(studio, "ada")] == [Outcome.CANNOT_TELL]
    press(space, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), ReasonsPopup))
    popup = QApplication.activePopupWidget()
    assert popup is not None
    after(space, qtbot, lambda: QTest.keyClick(popup, Qt.Key.Key_2))
    said = answers(studio, "ada")
    assert {(a.outcome, a.reason) for a in said} == {
        (Outcome.CANNOT_TELL, None),
        (Outcome.AMBIGUOUS, AmbiguityReason.COUNT),
    }
    assert field.text() == ""


def test_that_what_is_no_number_is_refused_and_stays(
    sit: Callable[..., SolveSpace], studio: Studio, qtbot: QtBot
) -> None:
    space = sit()
    field = space.sitting.panel.field
    QTest.keyClicks(field, "12 / / 3")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert space.sitting.panel.refusal.isVisible()
    assert field.text() == "12 / / 3"
    assert answers(studio, "ada") == []
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert not space.sitting.panel.refusal.isVisible()


def test_that_the_last_answer_is_reopened_and_replaced(
    sit: Callable[..., SolveSpace], studio: Studio, qtbot: QtBot
) -> None:
    space = sit()
    first = space.sitting.question
    QTest.keyClicks(space.sitting.panel.field, "41")
    after(space, qtbot, lambda: press(space, Qt.Key.Key_Return))
    second = space.sitting.question
    QTest.mouseClick(space.sitting.strip.recent, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), RecentPopup))
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, RecentPopup)
    after(space, qtbot, lambda: QTest.keyClick(popup.rows[0], Qt.Key.Key_Return))
    assert space.sitting.question is not None
    assert first is not None
    assert space.sitting.question.item == first.item
    assert space.sitting.panel.field.text() == "41"
    # It stands until another is sent.
    assert [a.answer.text for a in answers(studio, "ada") if a.answer is not None] == ["41"]
    QTest.keyClicks(space.sitting.panel.field, "42")
    after(space, qtbot, lambda: press(space, Qt.Key.Key_Return))
    assert [a.answer.text for a in answers(studio, "ada") if a.answer is not None] == ["42"]
    assert second is not None
    assert space.sitting.question is not None
    assert space.sitting.question.item == second.item


@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier])
def test_that_undo_goes_back_question_by_question(
    sit: Callable[..., SolveSpace], studio: Studio, qtbot: QtBot, modifier: Qt.KeyboardModifier
) -> None:
    space = sit()
    key = Qt.Key.Key_Z if modifier else Qt.Key.Key_U
    seen = []
    for text in ("7", "8"):
        seen.append(space.sitting.question)
        QTest.keyClicks(space.sitting.panel.field, text)
        after(space, qtbot, lambda: press(space, Qt.Key.Key_Return))
    for question, text in zip(reversed(seen), ("8", "7"), strict=True):
        qtbot.waitUntil(lambda: studio.actions.is_enabled("edit.undo"))
        after(space, qtbot, lambda: press(space, key, modifier))
        assert space.sitting.question is not None
        assert question is not None
        assert space.sitting.question.item == question.item
        assert space.sitting.panel.field.text() == text
    assert answers(studio, "ada") == []


def test_that_what_is_typed_is_there_after_leaving(
    sit: Callable[..., SolveSpace], composed: Composed, studio: Studio, qtbot: QtBot, settled: Callable[[Studio], None]
) -> None:
    space = sit()
    panel = space.sitting.panel
    QTest.keyClicks(panel.field, "3")
    QTest.mouseClick(panel.add_note, Qt.MouseButton.LeftButton)
    QTest.keyClicks(panel.note, "dark corner")
    QTest.keyClick(panel.note, Qt.Key.Key_Escape)
    assert panel.field.hasFocus()
    QTest.keyClick(panel.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not space.has_sitting)
    settled(studio)
    assert composed.window.rail.isVisible()
    QTest.keyClick(space.entry.rows[0], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: space.has_question)
    assert panel.field.text() == "3"
    assert panel.note.toPlainText() == "dark corner"


def test_that_nothing_of_the_window_is_seen_meanwhile(sit: Callable[..., SolveSpace], composed: Composed) -> None:
    assert composed.window.rail.isVisible()
    sit()
    assert not composed.window.rail.isVisible()
    assert not composed.window.top_bar.isVisible()
    assert not composed.window.status_bar.isVisible()


def test_that_the_goal_of_a_sitting_is_told_once(
    space: SolveSpace, sit: Callable[..., SolveSpace], studio: Studio, qtbot: QtBot
) -> None:
    space.entry.goal.set_segments([Segment("2", "2")])
    sit("2")
    for n in range(2):

        def send(n: int = n) -> None:
            QTest.keyClicks(space.sitting.panel.field, str(n))
            press(space, Qt.Key.Key_Return)

        after(space, qtbot, send)
    assert space.sitting.pause.isVisible()
    assert "2 answered" in space.sitting.pause.hint.text()
    QTest.keyClick(space.sitting.go_on, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: space.has_question)
    after(space, qtbot, lambda: press(space, Qt.Key.Key_N))
    assert space.has_question
    assert len(answers(studio, "ada")) == 3


def test_that_a_skipped_question_comes_last(sit: Callable[..., SolveSpace], studio: Studio, qtbot: QtBot) -> None:
    space = sit()
    first = space.sitting.question
    after(space, qtbot, lambda: press(space, Qt.Key.Key_S))
    seen = []
    while (question := space.sitting.question) is not None:
        seen.append(question.item.id)
        after(space, qtbot, lambda: press(space, Qt.Key.Key_N))
    assert first is not None
    assert seen[-1] == first.item.id


def test_that_closing_the_project_keeps_what_is_typed(
    sit: Callable[..., SolveSpace], studio: Studio, qtbot: QtBot, sample_project: Path
) -> None:
    space = sit()
    QTest.keyClicks(space.sitting.panel.field, "17")
    assert space.sitting.question is not None
    item = space.sitting.question.item.id
    studio.close_project()
    with Project.open(sample_project) as project:
        assert project.blind("ada").draft(item).text == "17"
