"""Disputed questions decided by keys and mouse; read back from the project."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.presenters.parting import parting
from app.studio import Studio
from app.views.adjudicate.actions import AGREEMENT
from app.views.adjudicate.decision import NumberPopup, RefusePopup, SendBackDialog
from app.views.adjudicate.figures import FiguresDialog
from app.views.adjudicate.space import AdjudicateSpace
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import AdjudicationKind, Outcome, VerdictOutcome
from hopchain_core.domain.rounds import RoundTerms
from hopchain_core.domain.status import ChainStatus

PEOPLE = ("Ana", "Bo", "Cy", "Di")
DISPUTED = 3
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def space(composed: Composed, studio: Studio, qtbot: QtBot) -> AdjudicateSpace:
    """Four people have answered all questions; on the first three one of them differs by one."""
    project = studio.need_project()
    for name in PEOPLE:
        project.add_annotator(name)
    with project.read() as read:
        proposed = {stored.chain.question: stored.chain.answer for stored in read.chains()}
        hard = {read.chain(key).chain.question for key in read.awaiting_people()[:DISPUTED]}
    project.open_round(RoundTerms())
    for name in PEOPLE:
        source = project.blind(name)
        while (item := source.next()) is not None:
            value = proposed[item.question].value + (1 if name == "Di" and item.question in hard else 0)
            source.answer(item.id, Outcome.ANSWERED, str(value), note=f"said {name.lower()}", active_seconds=30)
        source.close()
    composed.window.activateWindow()
    studio.go("adjudicate")
    found = composed.window.stack.currentWidget()
    assert isinstance(found, AdjudicateSpace)
    qtbot.waitUntil(lambda: found.presenter.open is not None and len(found.answers.cards) == len(PEOPLE))
    return found


def key_of(space: AdjudicateSpace) -> ChainKey:
    opened = space.presenter.open
    assert opened is not None
    return opened.key


def moved_on(space: AdjudicateSpace, qtbot: QtBot, do: Callable[[], object]) -> ChainKey:
    """Decides, waits until another question is open, and gives the one that was."""
    before = key_of(space)
    do()
    qtbot.waitUntil(lambda: space.presenter.open is None or space.presenter.open.key != before)
    return before


def press(key: Qt.Key) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key)


def test_that_answers_stand_side_by_side_without_names(space: AdjudicateSpace) -> None:
    opened = space.presenter.open
    assert opened is not None
    assert [card.text() for card in space.answers.cards] == ["Answer 1", "Answer 2", "Answer 3", "Answer 4"]
    shown = "\n".join(f"{c.text()} {c.accessibleName()} {c.text_shown}" for c in space.answers.cards)
    assert not any(name in shown for name in PEOPLE)
    # Three gave the proposed number: it is chosen beforehand.
    assert space.answers.answer == opened.dispute.stored.chain.answer
    assert sum(card.isChecked() for card in space.answers.cards) == 3


def test_that_enter_takes_the_majority_and_the_next_one_opens(
    space: AdjudicateSpace, studio: Studio, qtbot: QtBot
) -> None:
    qtbot.waitUntil(space.list.hasFocus)
    wanted = space.answers.answer
    key = moved_on(space, qtbot, lambda: press(Qt.Key.Key_Return))
    with studio.need_project().read() as read:
        decided, verdict = read.adjudication(key), read.verdict(key)
    assert decided is not None
    assert (decided.kind, decided.label, decided.adjudicator) == (AdjudicationKind.LABEL, wanted, "ada")
    assert verdict is not None
    assert verdict.outcome is VerdictOutcome.ADJUDICATED


def test_that_a_digit_takes_that_answer(space: AdjudicateSpace, studio: Studio, qtbot: QtBot) -> None:
    opened = space.presenter.open
    assert opened is not None
    odd = next(c for c in space.answers.cards if c.answer.answer != opened.dispute.stored.chain.answer)
    key = moved_on(space, qtbot, lambda: QTest.keyClick(space.list, Qt.Key(Qt.Key.Key_0 + odd.answer.position)))
    with studio.need_project().read() as read:
        decided = read.adjudication(key)
    assert decided is not None
    assert decided.label == odd.answer.answer


def test_that_a_number_nobody_gave_is_written(space: AdjudicateSpace, studio: Studio, qtbot: QtBot) -> None:
    QTest.keyClick(space.list, Qt.Key.Key_W)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), NumberPopup))
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, NumberPopup)
    QTest.keyClicks(popup.field, "many")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert popup.checked.refusal.isVisible()
    popup.field.clear()
    QTest.keyClicks(popup.field, "7.50")
    key = moved_on(space, qtbot, lambda: QTest.keyClick(popup.field, Qt.Key.Key_Return))
    with studio.need_project().read() as read:
        decided = read.adjudication(key)
    assert decided is not None
    assert decided.label is not None
    assert decided.label.text == "7.5"


def test_that_a_question_is_refused_with_a_reason_and_taken_back(
    space: AdjudicateSpace, studio: Studio, qtbot: QtBot
) -> None:
    QTest.keyClick(space.list, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), RefusePopup))
    popup = QApplication.activePopupWidget()
    key = moved_on(space, qtbot, lambda: QTest.keyClick(popup, Qt.Key.Key_2))
    with studio.need_project().read() as read:
        decided, status = read.adjudication(key), read.status(key)
    assert decided is not None
    assert (decided.kind, decided.reason) == (AdjudicationKind.REFUSED, "Cannot be seen in the picture")
    assert status is ChainStatus.DISPUTED
    space.presenter.choose(key)
    qtbot.waitUntil(lambda: key_of(space) == key and space.decision.take_back.isVisible())
    QTest.mouseClick(space.decision.take_back, LEFT)
    qtbot.waitUntil(lambda: space.decision.take.isVisible())
    with studio.need_project().read() as read:
        assert read.adjudication(key) is None


def test_that_a_mended_question_goes_back_as_a_new_version(
    space: AdjudicateSpace, composed: Composed, studio: Studio, qtbot: QtBot
) -> None:
    key = key_of(space)
    QTest.keyClick(space.list, Qt.Key.Key_E)
    dialog = composed.window.findChildren(SendBackDialog)[-1]
    QTest.mouseClick(dialog.send, LEFT)
    assert dialog.checked.refusal.isVisible()
    dialog.question.selectAll()
    QTest.keyClicks(dialog.question, "How many things are there, all in all?")
    QTest.mouseClick(dialog.send, LEFT)
    with_new = "How many things are there, all in all?"

    def is_there() -> bool:
        with studio.need_project().read() as read:
            return any(stored.chain.question == with_new for stored in read.chains())

    qtbot.waitUntil(is_there)
    with studio.need_project().read() as read:
        decided = read.adjudication(key)
        made = next(stored.chain for stored in read.chains() if stored.chain.question == with_new)
        assert len(read.annotations(key)) == len(PEOPLE)
    assert decided is not None
    assert decided.kind is AdjudicationKind.SENT_BACK
    assert made.supersedes == key

    def is_asked_next() -> bool:
        with studio.need_project().read() as read:
            return made.key in read.awaiting_people()

    # Nobody has to run the rules by hand before the next round offers it.
    qtbot.waitUntil(is_asked_next, timeout=15000)
    qtbot.waitUntil(lambda: not studio.runs.is_running, timeout=15000)
    plan = studio.need_project().plan_round(RoundTerms())
    assert all(made.key in keys for keys in plan.assignments.values())


def test_that_a_question_sent_back_during_a_run_is_looked_at_after_it(
    space: AdjudicateSpace, studio: Studio, qtbot: QtBot
) -> None:
    said: list[str] = []
    studio.toast_asked.connect(lambda toast: said.append(toast.text))
    with studio.need_project().read() as read:
        answer = read.chain(key_of(space)).chain.answer
    assert studio.runs.start(("solve",))
    assert space.presenter.send_back("How many are there, in the end?", answer.text, "") == ""

    def is_asked_next() -> bool:
        with studio.need_project().read() as read:
            awaiting = set(read.awaiting_people())
            return any(s.chain.question.endswith("in the end?") and s.chain.key in awaiting for s in read.chains())

    qtbot.waitUntil(is_asked_next, timeout=20000)
    qtbot.waitUntil(lambda: "Sent back; the next round asks it" in said, timeout=15000)


def test_that_a_question_the_rules_refuse_is_not_asked_and_it_says_why(
    space: AdjudicateSpace, studio: Studio, qtbot: QtBot
) -> None:
    said: list[str] = []
    studio.toast_asked.connect(lambda toast: said.append(toast.text))
    with studio.need_project().read() as read:
        answer = read.chain(key_of(space)).chain.answer
    space.presenter.send_back("How many boxes have the id 3 in the second picture?", answer.text, "")
    qtbot.waitUntil(lambda: any("not asked yet" in text for text in said), timeout=20000)
    qtbot.waitUntil(lambda: not studio.runs.is_running, timeout=15000)


def test_that_undo_takes_a_decision_back(space: AdjudicateSpace, studio: Studio, qtbot: QtBot) -> None:
    key = moved_on(space, qtbot, lambda: QTest.mouseClick(space.decision.take, LEFT))
    qtbot.waitUntil(lambda: studio.actions.is_enabled("edit.undo"))
    QTest.keyClick(space.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    def is_back() -> bool:
        with studio.need_project().read() as read:
            return read.adjudication(key) is None

    qtbot.waitUntil(is_back)
    qtbot.waitUntil(lambda: space.presenter.disputes is not None and len(space.presenter.disputes.waiting) == DISPUTED)


def test_that_the_list_tells_who_waits_and_follows_keys(space: AdjudicateSpace, qtbot: QtBot) -> None:
    QAbstractItemModelTester(space.model, QAbstractItemModelTester.FailureReportingMode.Fatal, space)
    disputes = space.presenter.disputes
    assert disputes is not None
    assert len(disputes.waiting) == DISPUTED
    first = key_of(space)
    QTest.keyClick(space.list, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: key_of(space) != first)
    QTest.keyClick(space.list, Qt.Key.Key_K)
    qtbot.waitUntil(lambda: key_of(space) == first)


def test_that_alpha_and_the_policy_stand_beside_it(
    space: AdjudicateSpace, composed: Composed, studio: Studio, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: space.agreement.value.text() not in ("–", ""), timeout=10000)
    report = studio.need_project().agreement()
    assert report.overall.value is not None
    assert space.agreement.value.text() == f"{report.overall.value:.2f}"
    assert "With “3 of 4” 3 more would be kept." in space.agreement.policy_hint.text()
    space.agreement.policy.setFocus()
    QTest.keyClick(space.agreement.policy, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: studio.need_project().policy().agreeing == 3)
    qtbot.waitUntil(lambda: space.presenter.disputes is not None and not space.presenter.disputes.waiting)
    assert space.nothing.isVisible()
    QTest.mouseClick(space.agreement.all_figures, LEFT)
    dialog = composed.window.findChildren(FiguresDialog)[-1]
    assert dialog.isVisible()
    dialog.close()


def test_that_steps_are_walked_on_the_picture(space: AdjudicateSpace, qtbot: QtBot) -> None:
    hops = [row.hop.index for row in space.steps.rows]
    QTest.mouseClick(space.steps.rows[0], LEFT)
    assert [row.hop.index for row in space.steps.rows if row.is_open] == [hops[0]]
    QTest.keyClick(space.list, Qt.Key.Key_BracketRight)
    assert [row.hop.index for row in space.steps.rows if row.is_open] == [hops[1]]


def test_that_the_agreement_can_be_seen_in_a_narrow_window(
    space: AdjudicateSpace, composed: Composed, qtbot: QtBot
) -> None:
    composed.window.resize(1280, 800)
    qtbot.waitUntil(lambda: space.width() < 1280 and not space.agreement.isVisible())
    composed.studio.actions.trigger(AGREEMENT)
    assert space.agreement.isVisible()
    assert space.agreement.mapTo(space, space.agreement.rect().topRight()).x() == space.width() - 1
    QTest.keyClick(space, Qt.Key.Key_Escape)
    assert not space.agreement.isVisible()
    composed.window.resize(1600, 1000)
    qtbot.waitUntil(space.agreement.isVisible)


def test_that_what_the_window_says_covers_no_answer_and_no_decision(
    space: AdjudicateSpace, composed: Composed, qtbot: QtBot
) -> None:
    composed.window.resize(1280, 800)
    qtbot.waitUntil(lambda: space.width() < 1280)
    composed.studio.toast("A rule refuses the new version, so no round asks it: an intermediate result", "warn")
    toast = composed.window.toasts
    foot = toast.mapTo(composed.window, toast.rect().bottomLeft()).y()
    assert toast.isVisible()
    assert foot < space.answers.mapTo(composed.window, space.answers.rect().topLeft()).y()


@pytest.mark.parametrize(
    ("tally", "said"),
    [
        ((("4", 2), ("5", 1)), True),
        ((("4", 2), ("ambiguous", 1), ("6", 1)), True),
        ((("4", 2), ("9", 1)), False),
        ((("4", 3), ("ambiguous", 1)), False),
    ],
)
def test_that_numbers_a_miscount_apart_point_at_a_hop_that_counts(
    space: AdjudicateSpace, tally: tuple[tuple[str, int], ...], said: bool
) -> None:
    opened = space.presenter.open
    assert opened is not None
    chain = opened.dispute.stored.chain
    text, hop = parting(tally, chain)
    counts = [each.index for each in chain.hops if each.output.isdigit() and each.uses]
    assert (hop == counts[-1] and f"hop {hop}" in text) if said and counts else (text, hop) == ("", None)
