"""What stands in place of the grid while there is nothing to show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.views.library.space import ADD_PICTURES
from hopchain_core.project import Project
from tests.app.library.person import LEFT, Visitor
from tests.app.library.rows import write_many


@pytest.fixture
def nobody(composed: Composed, qtbot: QtBot, tmp_path: Path) -> Visitor:
    """The library of a project without pictures."""
    composed.studio.take_project(Project.create(tmp_path / "new.hopchain"))
    visitor = Visitor(composed.studio, composed.window, qtbot)
    visitor.settle()
    return visitor


def test_that_an_empty_project_says_how_pictures_come_in(nobody: Visitor) -> None:
    empty = nobody.space.empty_shown()
    assert empty is not None
    assert empty.text.text() == "No pictures yet"
    assert not nobody.space.selection.isVisible()


def test_that_its_button_asks_for_pictures(nobody: Visitor) -> None:
    asked: list[str] = []
    table = nobody.studio.actions
    table.add(replace(table.spec(ADD_PICTURES), run=lambda: asked.append("asked")))
    nobody.qtbot.wait(1)
    empty = nobody.space.empty_shown()
    assert empty is not None
    button = next(b for b in empty.findChildren(type(nobody.space.tools.add)) if b.isVisible())
    QTest.mouseClick(button, LEFT)
    assert asked == ["asked"]


def test_that_pictures_being_taken_in_are_announced(nobody: Visitor) -> None:
    table = nobody.studio.actions
    before = table.spec(ADD_PICTURES)
    table.add(replace(before, enabled_when=lambda: False))
    nobody.qtbot.waitUntil(lambda: "taken in" in shown_text(nobody))
    table.add(before)
    nobody.qtbot.waitUntil(lambda: shown_text(nobody) == "No pictures yet")


def test_that_the_grid_comes_with_the_first_pictures(nobody: Visitor) -> None:
    write_many(nobody.project, 0, 3)
    nobody.qtbot.waitUntil(lambda: nobody.space.empty_shown() is None, timeout=20_000)
    nobody.settle()
    assert len(nobody.model.ids()) == 3
    assert nobody.space.selection.isVisible()
    assert nobody.space.selection.text().startswith("3 pictures")


def shown_text(visitor: Visitor) -> str:
    """The line that stands in place of the grid; empty while the grid is shown."""
    empty = visitor.space.empty_shown()
    return "" if empty is None else empty.text.text()
