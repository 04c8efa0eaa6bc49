"""A whole round of four people: two at the desk one after the other, two with packets on other machines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.studio import Studio
from app.views.solve.packet_space import PacketSpace
from app.views.solve.reasons import ReasonsPopup
from app.views.solve.space import SolveSpace
from app.widgets.dialog import Dialog
from hopchain_core.domain.review import AmbiguityReason, Outcome
from hopchain_core.domain.rounds import RoundTerms
from hopchain_core.domain.status import ChainStatus
from hopchain_core.project import Project

AT_THE_DESK, AWAY = ("Ana", "Bo"), ("Cy", "Di")
PEOPLE = (*AT_THE_DESK, *AWAY)
WAIT_MS = 20_000


def answer_all(space: SolveSpace | PacketSpace, qtbot: QtBot, says: Callable[[str], str]) -> None:
    """Answers what comes, by keys; an empty text says that the question fits more than one thing."""
    while (question := space.sitting.question) is not None:
        text = says(question.item.question)
        if text:
            QTest.keyClicks(space.sitting.panel.field, text)
            QTest.keyClick(space.sitting.panel.field, Qt.Key.Key_Return)
        else:
            QTest.keyClick(space.sitting.panel.field, Qt.Key.Key_B)
            popup = QApplication.activePopupWidget()
            assert isinstance(popup, ReasonsPopup)
            QTest.keyClick(popup.focusWidget() or popup, Qt.Key.Key_1)
        qtbot.waitUntil(lambda: space.sitting.question is not question, timeout=WAIT_MS)


def at_the_desk(composed: Composed, studio: Studio, qtbot: QtBot, name: str) -> SolveSpace:
    studio.go("solve")
    space = composed.window.stack.currentWidget()
    assert isinstance(space, SolveSpace)
    qtbot.waitUntil(lambda: any(row.seat.name == name for row in space.entry.rows), timeout=WAIT_MS)
    space.entry.goal.set_value("")
    row = next(row for row in space.entry.rows if row.seat.name == name)
    QTest.keyClick(row, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: space.has_question, timeout=WAIT_MS)
    return space


def test_that_a_round_of_four_ends_in_verdicts_and_labels(
    composed: Composed,
    studio: Studio,
    sample_project: Path,
    tmp_path: Path,
    qtbot: QtBot,
    settled: Callable[[Studio], None],
) -> None:
    project = studio.need_project()
    for name in PEOPLE:
        project.add_annotator(name)
    with project.read() as read:
        asked = {stored.chain.question: stored.chain.answer for stored in map(read.chain, read.awaiting_people())}
        keys = {stored.chain.question: stored.chain.key for stored in map(read.chain, read.awaiting_people())}
    project.open_round(RoundTerms())
    contested, unclear = sorted(asked)[:2]
    packets = [project.make_packet(name, tmp_path).path for name in AWAY]

    def says(name: str) -> Callable[[str], str]:
        def said(question: str) -> str:
            if question == unclear and name == "Bo":
                return ""
            return str(asked[question].value + (1 if question == contested and name == "Di" else 0))

        return said

    composed.window.activateWindow()
    for name in AT_THE_DESK:
        space = at_the_desk(composed, studio, qtbot, name)
        answer_all(space, qtbot, says(name))
        space.leave_sitting()
        settled(studio)
    studio.close_project()
    for name, packet in zip(AWAY, packets, strict=True):
        studio.open_project(packet)
        away = composed.window.stack.currentWidget()
        assert isinstance(away, PacketSpace)
        qtbot.waitUntil(away.begin.isEnabled, timeout=WAIT_MS)
        away.goal.set_value("")
        QTest.mouseClick(away.begin, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: away.has_question, timeout=WAIT_MS)  # noqa: B023
        answer_all(away, qtbot, says(name))
        away.leave_sitting()
        settled(studio)
        QTest.mouseClick(away.away, Qt.MouseButton.LeftButton)
        settled(studio)

    studio.take_project(Project.open(sample_project))
    # The later one first, and the first of them twice.
    for packet in (packets[1], packets[0], packets[1]):
        studio.dropped.emit((str(packet),))
        qtbot.waitUntil(lambda: any(d.isVisible() for d in composed.window.findChildren(Dialog)), timeout=WAIT_MS)
        dialog = next(d for d in composed.window.findChildren(Dialog) if d.isVisible())
        dialog.press_main()
        settled(studio)

    def answers() -> int:
        with studio.need_project().read() as read:
            return len(read.answer_rows())

    qtbot.waitUntil(lambda: answers() == len(PEOPLE) * len(asked), timeout=WAIT_MS)
    with studio.need_project().read() as read:
        rows = read.answer_rows()
        by_key = {row.key: row.status for row in read.chain_rows(read.chain_ids())}
        notes = [a for a in read.annotations(keys[unclear]) if a.outcome is not Outcome.ANSWERED]
    assert {row.annotator for row in rows} == set(PEOPLE)
    assert [(a.annotator, a.reason) for a in notes] == [("Bo", AmbiguityReason.REFERENCE)]
    status = {question: by_key[key] for question, key in keys.items()}
    assert status.pop(contested) is ChainStatus.DISPUTED
    assert status.pop(unclear) is ChainStatus.DISPUTED
    assert set(status.values()) == {ChainStatus.VERIFIED}
