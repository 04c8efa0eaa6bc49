"""The tour: by keys to its end, what it points at, and what stays as it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.presenters.intake import Intake
from app.presenters.tour import STEPS, TourPresenter, TourStep
from app.settings import Settings
from app.studio import Studio
from app.views import shell_projects
from app.views.tour import TourView
from hopchain_core.project import Project

Settled = Callable[[Studio], None]


def _key(key: Qt.Key) -> None:
    """A key, pressed where the keyboard is."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


def _title(tour: TourView) -> str:
    return tour.card.title.text()


@pytest.fixture
def tour(composed: Composed, studio: Studio, settled: Settled, qtbot: QtBot) -> TourView:
    """The tour, begun from the help menu on the sample project."""
    settled(studio)
    composed.over.show_help_menu()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text().startswith("Take the tour")).trigger()
    menu.close()
    tour = composed.shell.tour
    # Offscreen, a menu that closes leaves no window active.
    composed.window.activateWindow()
    qtbot.waitUntil(lambda: tour.card.next.hasFocus(), timeout=20_000)
    return tour


def test_that_the_tour_is_walked_by_keys_to_its_end(
    composed: Composed, studio: Studio, tour: TourView, qtbot: QtBot, sample_project: Path
) -> None:
    seen: list[tuple[str, str]] = []
    while composed.shell.touring.is_running:
        assert tour.isVisible()
        seen.append((studio.space, _title(tour)))
        assert len(seen) <= len(STEPS)
        _key(Qt.Key.Key_Right)
    assert {space for space, _ in seen} == {step.space for step in STEPS} & set(composed.window.space_ids())
    assert len(seen) == len(set(seen)) == len([s for s in STEPS if s.space in composed.window.space_ids()])
    assert not tour.isVisible()
    focused = QApplication.focusWidget()
    assert focused is None or not tour.isAncestorOf(focused)
    with studio.need_project().read() as read:
        assert not any(read.mark(row.key) for row in read.chain_rows(read.chain_ids()))
    assert studio.undo_texts == (None, None)


@pytest.mark.parametrize("size", [(1600, 1000), (960, 600)])
def test_that_each_step_points_at_a_part_of_its_own(
    composed: Composed, studio: Studio, tour: TourView, qtbot: QtBot, size: tuple[int, int]
) -> None:
    composed.window.resize(*size)
    whole = dict.fromkeys(composed.window.space_ids(), 0) | {"library": 1}
    while composed.shell.touring.is_running:
        step = next(s for s in STEPS if s.title == _title(tour))
        if step.target:
            space = composed.window.space(studio.space)
            assert space is not None

            def points_at_a_part(of: QWidget = space) -> bool:
                hole = tour.hole()
                return not hole.isEmpty() and hole.size() != of.size()

            qtbot.waitUntil(points_at_a_part, timeout=20_000)
        else:
            whole[studio.space] -= 1
        qtbot.waitUntil(lambda: composed.window.rect().contains(tour.card.geometry()), timeout=20_000)
        if tour.hole().width() * tour.hole().height() < 0.3 * size[0] * size[1]:
            assert not tour.card.geometry().intersects(tour.hole())
        _key(Qt.Key.Key_Return)
    assert set(whole.values()) == {0}


def test_that_left_goes_back_and_escape_leaves(composed: Composed, tour: TourView, qtbot: QtBot) -> None:
    first = _title(tour)
    assert not tour.card.back.isEnabled()
    _key(Qt.Key.Key_Return)
    assert _title(tour) != first
    _key(Qt.Key.Key_Left)
    assert _title(tour) == first
    _key(Qt.Key.Key_Escape)
    assert not tour.isVisible()
    assert not composed.shell.touring.is_running


def test_that_the_buttons_do_what_the_keys_do(composed: Composed, tour: TourView, qtbot: QtBot) -> None:
    first = _title(tour)
    qtbot.mouseClick(tour.card.next, Qt.MouseButton.LeftButton)
    assert _title(tour) != first
    qtbot.mouseClick(tour.card.back, Qt.MouseButton.LeftButton)
    assert _title(tour) == first
    qtbot.mouseClick(tour.card.skip, Qt.MouseButton.LeftButton)
    assert not tour.isVisible()


def test_that_tab_stays_in_the_tour_and_shortcuts_rest(composed: Composed, studio: Studio, tour: TourView) -> None:
    for _ in range(7):
        _key(Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert tour.isAncestorOf(focused)
    QTest.keyClick(composed.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert studio.space == "library"
    composed.shell.touring.stop()
    QTest.keyClick(composed.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert studio.space == "pipeline"


def test_that_the_tour_covers_a_window_that_grows(composed: Composed, tour: TourView, qtbot: QtBot) -> None:
    composed.window.resize(1300, 820)
    qtbot.waitUntil(lambda: tour.geometry() == composed.window.rect(), timeout=20_000)
    qtbot.waitUntil(lambda: tour.rect().contains(tour.card.geometry()), timeout=20_000)


def test_that_spaces_that_are_not_there_are_left_out(studio: Studio) -> None:
    presenter = TourPresenter(studio, {"library", "chains"}.__contains__)
    titles: list[str] = []
    presenter.step_changed.connect(lambda step, index, count: titles.append(f"{step.space} {index + 1}/{count}"))
    presenter.start()
    while presenter.is_running:
        presenter.forward()
    count = len([s for s in STEPS if s.space in ("library", "chains")])
    assert [title.split()[1] for title in titles] == [f"{i}/{count}" for i in range(1, count + 1)]
    assert {title.split()[0] for title in titles} == {"library", "chains"}


def test_that_a_part_that_is_missing_leaves_the_whole_space_lit(composed: Composed, studio: Studio) -> None:
    step = TourStep(space="library", title="", text="", target=("nothing_of_this_name",))
    assert composed.window.tour_target(step) is composed.window.space("library")


def test_that_words_name_the_keys_that_hold_now(composed: Composed, studio: Studio, tour: TourView) -> None:
    composed.shell.touring.stop()
    studio.actions.set_keys("app.palette", ("Ctrl+J",))
    composed.shell.start_tour()
    said: list[str] = []
    while composed.shell.touring.is_running:
        said.append(tour.card.text.text())
        composed.shell.touring.forward()
    assert said[-1].startswith("Ctrl J finds every command")
    assert not any("{" in text or "|" in text for text in said)


def test_that_every_key_in_the_words_belongs_to_an_action(composed: Composed, studio: Studio, settled: Settled) -> None:
    for space in composed.window.space_ids():
        studio.go(space)
    settled(studio)
    named = {
        name
        for step in STEPS
        if step.space in composed.window.space_ids()
        for name in re.findall(r"\{([a-z_.]+)\|", step.text + step.elsewhere)
    }
    assert {name for name in named if not studio.actions.has(name)} == set()


def test_that_the_tour_is_offered_once(
    composed: Composed,
    settings: Settings,
    qtbot: QtBot,
    sample_project: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shell_projects, "sample_path", lambda: sample_project)
    monkeypatch.setattr(
        Intake, "make_sample", lambda self, folder: bool(self.made.emit(Project.open(sample_project), None) or True)
    )
    settings.set("tour_offered", False)
    composed.shell.make_sample()
    assert composed.shell.touring.is_running
    assert composed.shell.tour.card.text.text().startswith("This project holds rendered still lifes")
    composed.studio.close_project()
    assert not composed.shell.touring.is_running
    composed.shell.make_sample()
    assert composed.studio.project is not None
    assert not composed.shell.touring.is_running


def test_that_another_project_is_not_called_the_sample(composed: Composed, tour: TourView) -> None:
    assert not composed.shell.is_sample()
    assert "still lifes" not in tour.card.text.text()
    assert tour.hole() == QRect()
