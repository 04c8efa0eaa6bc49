"""Packets made in the window, answered in a window without a project, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.studio import START, Studio
from app.views.people.dialog import ROUNDS, PeopleDialog
from app.views.solve.packet_space import PacketSpace
from app.widgets.dialog import Dialog
from hopchain_core.domain.rounds import RoundTerms
from hopchain_core.project import Project

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def packets(studio: Studio, tmp_path: Path) -> dict[str, Path]:
    """A packet for each of two people, by their names."""
    project = studio.need_project()
    for name in ("Ana", "Bo"):
        project.add_annotator(name)
    project.open_round(RoundTerms())
    return {name: project.make_packet(name, tmp_path).path for name in ("Ana", "Bo")}


def packet_space(composed: Composed, qtbot: QtBot) -> PacketSpace:
    found = composed.window.stack.currentWidget()
    assert isinstance(found, PacketSpace)
    qtbot.waitUntil(found.begin.isEnabled)
    return found


def answer(space: PacketSpace, qtbot: QtBot, texts: list[str]) -> None:
    for text in texts:
        before = space.sitting.question
        QTest.keyClicks(space.sitting.panel.field, text)
        QTest.keyClick(space.sitting.panel.field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: space.sitting.question is not before)  # noqa: B023


def test_that_a_packet_is_answered_without_its_project_and_taken_back(
    composed: Composed,
    studio: Studio,
    packets: dict[str, Path],
    sample_project: Path,
    qtbot: QtBot,
    settled: Callable[[Studio], None],
) -> None:
    studio.close_project()
    studio.open_project(packets["Ana"])
    space = packet_space(composed, qtbot)
    assert "Ana" in space.title.text()
    QTest.mouseClick(space.begin, LEFT)
    qtbot.waitUntil(lambda: space.has_question)
    assert not composed.window.top_bar.isVisible()
    answer(space, qtbot, ["3", "4"])
    qtbot.waitUntil(lambda: studio.actions.is_enabled("edit.undo"))
    before = space.sitting.question
    studio.undo()
    qtbot.waitUntil(lambda: space.sitting.question is not before)
    assert space.sitting.panel.field.text() == "4"
    answer(space, qtbot, ["5"])
    space.leave_sitting()
    settled(studio)
    assert space.text.text().startswith(tuple("0123456789"))
    QTest.mouseClick(space.away, LEFT)
    assert studio.space == START
    settled(studio)
    studio.take_project(Project.open(sample_project))
    studio.dropped.emit((str(packets["Ana"]),))
    qtbot.waitUntil(lambda: any(d.isVisible() for d in composed.window.findChildren(Dialog)))
    dialog = next(d for d in composed.window.findChildren(Dialog) if d.isVisible())
    dialog.press_main()

    def said() -> list[str]:
        with studio.need_project().read() as read:
            return [row.answer for row in read.answer_rows() if row.annotator == "Ana"]

    qtbot.waitUntil(lambda: sorted(said()) == ["3", "5"], timeout=10000)


def test_that_a_broken_packet_is_refused_in_words(
    composed: Composed, studio: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    broken = tmp_path / "torn.hopchain-packet"
    broken.write_bytes(b"not a packet at all")
    shown: list[object] = []
    studio.error_asked.connect(shown.append)
    studio.open_project(broken)
    qtbot.waitUntil(lambda: bool(shown))
    assert "torn" in str(shown[0])
    assert studio.space == "library"
    for dialog in composed.window.findChildren(Dialog):
        dialog.close()


def test_that_packets_are_made_for_all_and_merged_from_the_dialog(
    composed: Composed, studio: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    project = studio.need_project()
    for name in ("Ana", "Bo"):
        project.add_annotator(name)
    project.open_round(RoundTerms())
    studio.actions.trigger("people.open")
    dialog = composed.window.findChildren(PeopleDialog)[-1]
    dialog.show_page(ROUNDS)
    qtbot.waitUntil(dialog.rounds.make.isEnabled)
    folder = tmp_path / "out"
    folder.mkdir()
    dialog.rounds._presenter.packets.make(folder)
    qtbot.waitUntil(lambda: "2 packets" in dialog.rounds.said.text(), timeout=10000)
    files = sorted(folder.glob("*.hopchain-packet"))
    assert len(files) == 2
    dialog.rounds._presenter.packets.merge(files)
    qtbot.waitUntil(lambda: "Answers of Ana, Bo" in dialog.rounds.said.text(), timeout=10000)
    dialog.close()
    assert QApplication.activePopupWidget() is None
