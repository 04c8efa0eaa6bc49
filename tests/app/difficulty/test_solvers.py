"""Several solvers, and chains that were tried only until it was decided: never a rate, wherever one looks."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.models.rollout_list import measured_sentence
from app.studio import Studio
from app.views.difficulty.space import DifficultySpace
from hopchain_core.project import Project
from tests.core.store.difficulty_project import OTHER, WEAK, Tried, fill

Settled = Callable[[Studio], None]


@pytest.fixture
def shown(composed: Composed, tmp_path: Path, qtbot: QtBot, settled: Settled) -> tuple[DifficultySpace, Tried]:
    """Four chains that two solvers tried, in the window."""
    project = Project.create(tmp_path / "tried.hopchain")
    tried = fill(project.file)
    composed.studio.take_project(project)
    composed.studio.go("difficulty")
    space = composed.window.space("difficulty")
    assert isinstance(space, DifficultySpace)
    qtbot.waitUntil(lambda: space.presenter.opened is not None and space.presenter.charts is not None, timeout=20_000)
    settled(composed.studio)
    return space, tried


def test_that_what_was_tried_until_decided_has_no_rate_anywhere(
    shown: tuple[DifficultySpace, Tried], qtbot: QtBot
) -> None:
    space, tried = shown
    counts = [int(space.charts.rates.words(n).partition(" ")[0]) for n in range(space.charts.rates.count)]
    assert sum(counts) == 3
    assert "1 chain tried until decided, without a rate" in space.charts.rate_foot.text()
    space.presenter.open_number(tried.numbers[3])
    opened = lambda: space.presenter.opened  # noqa: E731
    qtbot.waitUntil(lambda: (found := opened()) is not None and found.row.number == tried.numbers[3])
    assert space.panel.right.text() == "at least 1 wrong of 1"
    assert "there is no pass rate" in space.panel.interval.text()
    assert "%" not in space.panel.interval.text()
    found = opened()
    assert found is not None
    assert "at least 1 wrong of 1" in measured_sentence(found.row)


def test_that_the_other_solver_is_an_outline_and_can_be_chosen(
    shown: tuple[DifficultySpace, Tried], qtbot: QtBot, composed: Composed, settled: Settled
) -> None:
    space, tried = shown
    assert [space.models.itemText(n) for n in range(space.models.count())] == ["weak · 4", "other (simulated) · 1"]
    assert any("other: 1" in space.charts.rates.words(n) for n in range(space.charts.rates.count))
    assert not space.charts.simulated.isVisible()
    space.models.setFocus()
    qtbot.keyClick(space.models, Qt.Key.Key_Down)
    space.models.activated.emit(space.models.currentIndex())
    qtbot.waitUntil(lambda: space.presenter.charts is not None and space.presenter.charts.solver == OTHER)
    qtbot.waitUntil(lambda: list(space.presenter.list.ids) == [tried.numbers[1]])
    settled(composed.studio)
    assert space.charts.simulated.isVisible()
    space.presenter.choose(solver=WEAK)
    qtbot.waitUntil(lambda: len(space.presenter.list.ids) == 4)
    settled(composed.studio)


def test_that_a_reply_without_a_number_and_one_cut_off_say_so(
    shown: tuple[DifficultySpace, Tried], qtbot: QtBot
) -> None:
    space, tried = shown
    space.presenter.open_number(tried.numbers[0])
    qtbot.waitUntil(lambda: len(space.panel.cards) == 4)
    chips = [[card.chips.itemAt(n).widget().text() for n in range(card.chips.count())] for card in space.panel.cards]
    assert [("No answer" in c, "Cut off" in c) for c in chips] == [
        (False, False), (True, False), (False, True), (False, False),
    ]  # fmt: skip
    assert space.panel.cards[1].answer.text() == "—"


def test_that_every_space_has_room_on_the_rail_of_a_low_window(
    composed: Composed, studio: Studio, qtbot: QtBot
) -> None:
    composed.window.resize(960, 600)
    rail = composed.window.rail
    qtbot.waitUntil(lambda: rail.height() < 560)
    places = [rail.item(space).geometry() for space in composed.window.space_ids()]
    assert all(rail.rect().contains(place) for place in places)
    assert all(above.bottom() < below.top() for above, below in itertools.pairwise(places))
