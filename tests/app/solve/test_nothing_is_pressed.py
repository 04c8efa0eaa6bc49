"""Enter presses nothing while there is nothing to answer yet."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.presenters.solve import SolvePresenter
from app.presenters.solve_entry import SolveEntryPresenter
from app.studio import Studio
from app.views.solve.space import SolveSpace
from hopchain_core.domain.rounds import RoundTerms


def open_space(composed: Composed, studio: Studio) -> SolveSpace:
    composed.window.activateWindow()
    studio.go("solve")
    found = composed.window.stack.currentWidget()
    assert isinstance(found, SolveSpace)
    return found


def pressed_by_enter(composed: Composed) -> list[str]:
    """The buttons that Enter presses, by either key, where the keyboard is."""
    pressed: list[str] = []
    for button in composed.window.findChildren(QAbstractButton):
        button.clicked.connect(lambda _=False, b=button: pressed.append(b.accessibleName() or b.text()))
    held = QApplication.focusWidget()
    assert isinstance(held, QWidget)
    assert not isinstance(held, QAbstractButton)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        QTest.keyClick(held, key)
    return pressed


def test_that_enter_presses_nothing_before_the_first_question(
    composed: Composed, studio: Studio, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = studio.need_project()
    project.add_annotator("ada")
    project.open_round(RoundTerms())
    space = open_space(composed, studio)
    begun: list[int | None] = []
    # The first question never comes.
    monkeypatch.setattr(SolvePresenter, "begin", lambda self, goal: begun.append(goal))
    space.begin("ada")
    qtbot.waitUntil(lambda: bool(begun))
    assert space.has_sitting
    assert not space.has_question
    assert pressed_by_enter(composed) == []
    assert space.has_sitting
    assert QApplication.activePopupWidget() is None
    space.leave_sitting()


def test_that_enter_presses_nothing_before_anybody_is_listed(
    composed: Composed, studio: Studio, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.need_project().add_annotator("ada")
    # Those who answer are never read.
    monkeypatch.setattr(SolveEntryPresenter, "refresh", lambda self: None)
    space = open_space(composed, studio)
    assert space.entry.rows == []
    assert pressed_by_enter(composed) == []
    assert studio.space == "solve"
    assert not space.has_sitting
