"""What is done with pictures: opened, run, copied, shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.actions import ActionSpec
from app.composition import Composed
from app.views.library import actions as ids
from app.views.library import space as library_space
from hopchain_core.project import Project
from tests.app.library.person import CTRL, LEFT, NONE, SHIFT, Visitor
from tests.app.library.rows import FAILING, FRESH, row_of

RIGHT = Qt.MouseButton.RightButton


@pytest.fixture
def both_spaces(visitor: Visitor) -> Visitor:
    """The library beside Instances and Chains, which are only gone to and not looked at here."""
    for space in ("instances", "chains"):
        if not visitor.studio.actions.has(f"go.{space}"):
            visitor.studio.actions.add(ActionSpec(id=f"go.{space}", text=space, run=lambda: None))
    visitor.studio.went.disconnect(visitor.window._go)
    QApplication.processEvents()
    return visitor


def context_menu(visitor: Visitor, row: int) -> None:
    """A click with the right button on a card."""
    place = visitor.centre(row)
    QTest.mouseClick(visitor.grid.viewport(), RIGHT, NONE, place)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, visitor.grid.viewport().mapToGlobal(place), NONE)
    QApplication.sendEvent(visitor.grid.viewport(), event)


def last_went(visitor: Visitor) -> tuple[str, dict[str, object]]:
    """Where the person went, once the picture's key has been read."""
    visitor.qtbot.waitUntil(lambda: bool(visitor.went))
    return visitor.went[-1]


def works_on(project: Project, path: str) -> dict[str, str]:
    """What the stages did with a picture: stage and status."""
    with project.read() as read:
        failing = {item.stage for item in read.failing() if item.image_path == path}
    image = row_of(project, path).key
    connection = project.file.writer.submit(
        lambda uow: [
            tuple(row) for row in uow.conn.exec_driver_sql("SELECT stage, status FROM work WHERE subject = ?", (image,))
        ]
    ).result()
    assert failing == {stage for stage, status in connection if status == "failed"}
    return dict(connection)


def test_that_a_double_click_opens_the_instances_of_a_picture(both_spaces: Visitor) -> None:
    visitor = both_spaces
    key = visitor.key_at(3)
    visitor.double_click(3)
    assert last_went(visitor) == ("instances", {"image": key})


def test_that_enter_opens_the_picture_that_has_the_keyboard(both_spaces: Visitor) -> None:
    visitor = both_spaces
    visitor.click(1)
    visitor.key(Qt.Key.Key_Right)
    visitor.key(Qt.Key.Key_Return)
    assert last_went(visitor) == ("instances", {"image": visitor.key_at(2)})


def test_that_c_shows_the_chains_of_a_picture(both_spaces: Visitor) -> None:
    visitor = both_spaces
    visitor.click(4)
    visitor.key(Qt.Key.Key_C)
    assert last_went(visitor) == ("chains", {"image": visitor.key_at(4)})


def test_that_a_button_on_a_card_shows_its_chains(both_spaces: Visitor) -> None:
    visitor = both_spaces
    rect = visitor.grid.visualRect(visitor.model.index(2))
    QTest.mouseMove(visitor.grid.viewport(), rect.center())
    QTest.mouseClick(visitor.grid.viewport(), LEFT, NONE, QPoint(rect.right() - 20, rect.top() + 20))
    assert last_went(visitor) == ("chains", {"image": visitor.key_at(2)})
    assert visitor.selected() == []


def test_that_nothing_opens_in_a_space_that_is_not_there(visitor: Visitor) -> None:
    actions = visitor.studio.actions
    actions.remove(["go.instances", "go.chains"])
    visitor.click(0)
    visitor.went.clear()
    visitor.key(Qt.Key.Key_Return)
    visitor.double_click(0)
    visitor.settle()
    assert visitor.went == []
    assert not actions.is_enabled(ids.OPEN_INSTANCES)
    assert not actions.is_enabled(ids.OPEN_CHAINS)


def test_that_paths_are_copied_in_the_order_listed(visitor: Visitor) -> None:
    visitor.click(2)
    visitor.click(0, CTRL)
    visitor.key(Qt.Key.Key_C, CTRL | SHIFT)
    visitor.settle()
    folder = visitor.project.folder
    wanted = [str(folder / visitor.listed_row(row).path) for row in (0, 2)]
    assert QGuiApplication.clipboard().text().split("\n") == wanted
    assert all(Path(path).is_file() for path in wanted)
    assert visitor.toasts == ["2 paths copied"]


def test_that_keys_are_copied_from_the_menu(visitor: Visitor) -> None:
    context_menu(visitor, 1)
    visitor.choose("Copy key")
    visitor.settle()
    assert QGuiApplication.clipboard().text() == visitor.key_at(1)


def test_that_a_click_with_the_right_button_selects_what_is_under_it(visitor: Visitor) -> None:
    visitor.click(0)
    context_menu(visitor, 3)
    assert visitor.selected() == [3]
    visitor.menu().close()
    visitor.click(1)
    visitor.click(4, SHIFT)
    context_menu(visitor, 2)
    assert visitor.selected() == [1, 2, 3, 4]
    visitor.menu().close()


def test_that_the_menu_opens_by_its_key_at_the_current_picture(visitor: Visitor) -> None:
    visitor.click(2)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), QPoint(1, 1), NONE)
    with visitor.qtbot.waitSignal(visitor.grid.menu_wanted) as asked:
        QApplication.sendEvent(visitor.grid.viewport(), event)
    assert asked.args == [visitor.grid.viewport().mapToGlobal(visitor.centre(2))]
    visitor.menu().close()


def test_that_a_file_is_shown_in_its_folder(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(library_space.QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))
    context_menu(visitor, 0)
    visitor.choose("Show in folder")
    visitor.settle()
    assert shown == [str((visitor.project.folder / visitor.listed_row(0).path).parent)]


def test_that_stages_run_on_the_selection_alone(visitor: Visitor) -> None:
    fresh = visitor.paths().index(FRESH)
    visitor.click(fresh)
    assert works_on(visitor.project, FRESH) == {}
    visitor.push(visitor.space.selection.button(ids.SEGMENT))
    visitor.qtbot.waitUntil(lambda: "categorize" in works_on(visitor.project, FRESH), timeout=15000)
    visitor.qtbot.waitUntil(lambda: not visitor.studio.runs.is_running, timeout=15000)
    assert works_on(visitor.project, FAILING) == {"categorize": "failed"}
    assert visitor.toasts[0] == "Running over 1 picture"


def test_that_failures_of_the_selection_are_tried_again(visitor: Visitor) -> None:
    failing = visitor.paths().index(FAILING)
    assert visitor.listed_row(failing).failing == ("categorize",)
    visitor.click(failing)
    visitor.key(Qt.Key.Key_R)
    visitor.qtbot.waitUntil(lambda: works_on(visitor.project, FAILING) == {"categorize": "done"}, timeout=15000)
    visitor.qtbot.waitUntil(lambda: not visitor.studio.runs.is_running, timeout=15000)
    visitor.settle()
    assert visitor.listed_row(failing).failing == ()
    assert works_on(visitor.project, FRESH) == {}, "nothing else was run"
    assert visitor.selected() == [failing]


def test_that_nothing_is_tried_again_where_nothing_failed(visitor: Visitor) -> None:
    visitor.click(visitor.paths().index(FRESH))
    visitor.key(Qt.Key.Key_R)
    visitor.settle()
    assert visitor.toasts == ["No stage fails on these pictures."]
    assert not visitor.studio.runs.is_running


def test_that_nothing_runs_without_a_selection(visitor: Visitor) -> None:
    actions = visitor.studio.actions
    for action_id in (ids.SEGMENT, ids.COMPOSE, ids.RUN_ALL, ids.RETRY, ids.COPY_PATHS, ids.COPY_KEYS):
        assert not actions.is_enabled(action_id)
        assert actions.why_not(action_id) == "nothing selected"


def test_that_keys_of_the_library_are_free_of_conflicts(visitor: Visitor) -> None:
    own = {spec.id for spec in visitor.studio.actions.specs() if spec.space == "library"}
    found = [conflict for conflict in visitor.studio.actions.conflicts() if {conflict.first, conflict.second} & own]
    assert found == []


def test_that_a_project_for_reading_only_is_looked_at_and_not_run(
    composed: Composed, qtbot: QtBot, sample_project: Path
) -> None:
    composed.window.activateWindow()
    qtbot.waitUntil(composed.window.isActiveWindow)
    composed.studio.take_project(Project.open(sample_project, read_only=True))
    visitor = Visitor(composed.studio, composed.window, qtbot)
    visitor.settle()
    visitor.click(0)
    actions = composed.studio.actions
    for action_id in (ids.SEGMENT, ids.RUN_ALL, ids.RETRY, ids.RELINK):
        assert not actions.is_enabled(action_id)
        assert actions.why_not(action_id) == "the project is open for reading only"
    assert actions.is_enabled(ids.COPY_PATHS)
    assert visitor.space.empty_shown() is None
