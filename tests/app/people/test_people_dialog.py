"""Annotators, rounds and gold, by keys and mouse in the dialog; read back from the project."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.presenters.people import PeopleState, people_state
from app.studio import Studio
from app.views.people.dialog import GOLD, ROUNDS, PeopleDialog
from app.views.people.rename import RenameDialog
from app.widgets.button import Button
from app.widgets.chip import Chip
from hopchain_core.domain.review import Outcome
from hopchain_core.domain.rounds import RoundKind, Standing

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(composed: Composed, studio: Studio, qtbot: QtBot) -> PeopleDialog:
    studio.actions.trigger("people.open")
    found = composed.window.findChildren(PeopleDialog)[-1]
    qtbot.waitExposed(found)
    return found


def state(studio: Studio) -> PeopleState:
    with studio.need_project().read() as read:
        return people_state(read)


def add(dialog: PeopleDialog, qtbot: QtBot, *names: str) -> None:
    for name in names:
        wanted = len(dialog.people.rows.rows) + 1
        QTest.keyClicks(dialog.people.name, name)
        QTest.keyClick(dialog.people.name, Qt.Key.Key_Return)
        qtbot.waitUntil(
            lambda: len(rows := dialog.people.rows.rows) == wanted and all(row.isVisible() for row in rows),  # noqa: B023
            timeout=20_000,
        )


def choose(dialog: PeopleDialog, name: str, text: str) -> None:
    """Picks from a person's menu."""
    row = next(r for r in state_of(dialog).people if r.person.name == name)
    menu = dialog.people.menu(row)
    next(action for action in menu.actions() if action.text() == text).trigger()
    menu.close()


def state_of(dialog: PeopleDialog) -> PeopleState:
    with dialog._presenter._studio.need_project().read() as read:
        return people_state(read)


def test_that_people_are_added_by_name_and_one_name_only_once(
    dialog: PeopleDialog, studio: Studio, qtbot: QtBot
) -> None:
    add(dialog, qtbot, "Ana", "Bo")
    assert [row.person.name for row in state(studio).people] == ["Ana", "Bo"]
    QTest.keyClicks(dialog.people.name, "ana")
    QTest.keyClick(dialog.people.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.people.checked.refusal.isVisible())
    assert dialog.people.name.text() == "ana"
    assert len(state(studio).people) == 2


def test_that_a_person_is_made_inactive_and_removed(dialog: PeopleDialog, studio: Studio, qtbot: QtBot) -> None:
    add(dialog, qtbot, "Ana", "Bo")
    choose(dialog, "Ana", "Make inactive")
    qtbot.waitUntil(lambda: state(studio).people[0].standing is Standing.INACTIVE)
    choose(dialog, "Bo", "Remove")
    qtbot.waitUntil(lambda: [row.person.name for row in state(studio).people] == ["Ana"])
    studio.undo()
    qtbot.waitUntil(lambda: len(state(studio).people) == 2)


def test_that_a_round_is_planned_opened_closed_and_opened_again(
    dialog: PeopleDialog, studio: Studio, qtbot: QtBot
) -> None:
    add(dialog, qtbot, "Ana", "Bo", "Cy")
    awaiting = state(studio).awaiting
    dialog.show_page(ROUNDS)
    qtbot.waitUntil(lambda: "3 people get" in dialog.rounds.plan.text())
    QTest.keyClick(dialog.rounds.who, Qt.Key.Key_Right)
    assert dialog.rounds.who.value() == "some"
    dialog.rounds.some.setValue(2)
    qtbot.waitUntil(lambda: f"{awaiting} questions" in dialog.rounds.plan.text() and dialog.rounds.open.isEnabled())
    QTest.mouseClick(dialog.rounds.open, LEFT)
    qtbot.waitUntil(lambda: len(state(studio).rounds) == 1)
    row = state(studio).rounds[0]
    assert (row.round.per_chain, row.people, row.assigned) == (2, 3, 2 * awaiting)
    qtbot.waitUntil(lambda: len(dialog.rounds.rows.rows) == 1)
    press_row(dialog, "Close")
    qtbot.waitUntil(lambda: not state(studio).rounds[0].round.is_open)
    qtbot.waitUntil(lambda: has_button(dialog, "Open again"))
    press_row(dialog, "Open again")
    qtbot.waitUntil(lambda: state(studio).rounds[0].round.is_open)


def test_that_gold_makes_a_qualification(dialog: PeopleDialog, studio: Studio, qtbot: QtBot) -> None:
    add(dialog, qtbot, "Ana")
    with studio.need_project().read() as read:
        stored = next(iter(read.chains()))
    dialog.show_page(GOLD)
    QTest.keyClicks(dialog.gold.chain, f"C-{stored.number}")
    QTest.keyClicks(dialog.gold.answer, "twelve and a half")
    QTest.mouseClick(dialog.gold.add, LEFT)
    qtbot.waitUntil(lambda: dialog.gold.checked.refusal.isVisible())
    dialog.gold.answer.clear()
    QTest.keyClicks(dialog.gold.answer, "12.50")
    QTest.mouseClick(dialog.gold.add, LEFT)
    qtbot.waitUntil(lambda: len(state(studio).gold) == 1)
    assert state(studio).gold[0].gold.answer.text == "12.5"
    dialog.show_page(ROUNDS)
    QTest.keyClick(dialog.rounds.kind, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: "1 with known answers" in dialog.rounds.plan.text())
    QTest.mouseClick(dialog.rounds.open, LEFT)
    qtbot.waitUntil(lambda: len(state(studio).rounds) == 1)
    assert state(studio).rounds[0].round.kind is RoundKind.QUALIFICATION
    assert state(studio).people[0].standing is Standing.QUALIFYING


def test_that_a_chain_that_is_not_there_is_no_gold(dialog: PeopleDialog, studio: Studio, qtbot: QtBot) -> None:
    dialog.show_page(GOLD)
    QTest.keyClicks(dialog.gold.chain, "C-99999")
    QTest.keyClick(dialog.gold.chain, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.gold.checked.refusal.isVisible())
    assert state(studio).gold == ()


def has_button(dialog: PeopleDialog, text: str) -> bool:
    return bool(buttons(dialog, text))


def buttons(dialog: PeopleDialog, text: str) -> list[object]:
    from app.widgets.button import Button

    return [b for row in dialog.rounds.rows.rows for b in row.findChildren(Button) if b.text() == text]


def press_row(dialog: PeopleDialog, text: str) -> None:
    QTest.mouseClick(buttons(dialog, text)[0], LEFT)  # type: ignore[call-overload]


def test_that_a_row_keeps_the_keyboard_when_it_changes(dialog: PeopleDialog, studio: Studio, qtbot: QtBot) -> None:
    add(dialog, qtbot, "Ana", "Bo")
    dialog.people.rows.rows[1].findChildren(Button)[0].setFocus()
    choose(dialog, "Bo", "Make inactive")
    qtbot.waitUntil(lambda: state(studio).people[1].standing is Standing.INACTIVE)
    qtbot.waitUntil(lambda: "inactive" in [chip.text() for chip in dialog.people.rows.rows[1].findChildren(Chip)])
    assert dialog.focusWidget() is dialog.people.rows.rows[1].findChildren(Button)[0]


def tabbed(dialog: PeopleDialog, first: QWidget, last: QWidget) -> list[QWidget]:
    """Where Tab goes from one widget to another."""
    first.setFocus(Qt.FocusReason.TabFocusReason)
    found: list[QWidget] = []
    for _ in range(60):
        held = QApplication.focusWidget()
        assert held is not None
        found.append(held)
        if held is last:
            return found
        QTest.keyClick(held, Qt.Key.Key_Tab)
    raise AssertionError([type(widget).__name__ for widget in found])


def test_that_tab_goes_through_the_rows_before_it_comes_to_done(
    dialog: PeopleDialog, studio: Studio, qtbot: QtBot
) -> None:
    add(dialog, qtbot, "Ana", "Bo", "Cy")
    done = next(b for b in dialog.findChildren(Button) if b.text() == "Done")
    names = [widget.accessibleName() for widget in tabbed(dialog, dialog.people.name, done)]
    assert [name for name in names if name.startswith("What to do with")] == [
        f"What to do with {name}" for name in ("Ana", "Bo", "Cy")
    ]
    dialog.show_page(ROUNDS)
    qtbot.waitUntil(lambda: dialog.rounds.open.isEnabled())
    QTest.mouseClick(dialog.rounds.open, LEFT)
    qtbot.waitUntil(lambda: dialog.rounds.make.isEnabled() and len(dialog.rounds.rows.rows) == 1)
    walked = tabbed(dialog, dialog.rounds.kind, done)
    texts = [widget.text() for widget in walked if isinstance(widget, Button)]
    assert texts.index("Close") < texts.index("Make packets…") < texts.index("Done")


def test_that_a_person_is_renamed_with_what_they_answered(dialog: PeopleDialog, studio: Studio, qtbot: QtBot) -> None:
    add(dialog, qtbot, "Ana", "Bo")
    project = studio.need_project()
    project.open_round()
    source = project.blind("Ana")
    item = source.next()
    assert item is not None
    source.answer(item.id, Outcome.ANSWERED, "7", active_seconds=5.0)
    source.close()
    choose(dialog, "Ana", "Rename…")
    rename = dialog.findChildren(RenameDialog)[-1]
    QTest.keyClicks(rename.field, "bo")
    QTest.keyClick(rename.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Bo already" in rename.checked.refusal.text())
    rename.field.selectAll()
    QTest.keyClicks(rename.field, "Anna")
    QTest.keyClick(rename.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [(p.person.name, p.answered) for p in state(studio).people] == [("Anna", 1), ("Bo", 0)])
    qtbot.waitUntil(lambda: not dialog.findChildren(RenameDialog))
    studio.undo()
    qtbot.waitUntil(lambda: [(p.person.name, p.answered) for p in state(studio).people] == [("Ana", 1), ("Bo", 0)])


def test_that_parts_of_the_form_for_a_round_stand_on_one_line(dialog: PeopleDialog, qtbot: QtBot) -> None:
    add(dialog, qtbot, "Ana", "Bo")
    dialog.show_page(ROUNDS)
    rounds = dialog.rounds
    QTest.keyClick(rounds.who, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: rounds.some.isVisible() and rounds.some.height() > 0)
    boxes = [rounds.who, rounds.some, rounds.gold]
    assert len({(box.geometry().top(), box.height()) for box in boxes}) == 1, [b.geometry() for b in boxes]
    heads = [rounds.kind, rounds.open]
    assert len({(box.geometry().top(), box.height()) for box in heads}) == 1, [b.geometry() for b in heads]
