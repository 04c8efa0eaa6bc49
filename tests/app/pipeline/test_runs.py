"""Stages run, cancelled, tried again and set otherwise, by keys and mouse in the window."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.models.stage_rows import StageRow, StageState, begun
from app.studio import Studio
from app.views.pipeline.space import PipelineSpace
from hopchain_core.domain.provenance import RunOutcome
from hopchain_core.project import ORDER, Project

SCENES = 6
LEFT = Qt.MouseButton.LeftButton


class Desk:
    """The pipeline of an open project, and a person at it."""

    def __init__(self, composed: Composed, qtbot: QtBot, path: Path) -> None:
        self.composed, self.qtbot, self.path = composed, qtbot, path
        composed.studio.take_project(Project.open(path))
        composed.studio.go("pipeline")
        space = composed.window.stack.currentWidget()
        assert isinstance(space, PipelineSpace)
        self.space = space
        self.settle()

    @property
    def studio(self) -> Studio:
        return self.composed.studio

    def settle(self, timeout: int = 90_000) -> None:
        """Waits until nothing runs and what is shown is up to date."""
        presenter = self.space.presenter

        def is_still() -> bool:
            is_known = presenter.overview is not None and presenter.is_up_to_date
            return not presenter.is_running and is_known and self.studio.bridge.is_idle

        self.qtbot.waitUntil(is_still, timeout=timeout)
        # A commit is told to the window by its queue.
        self.qtbot.wait(150)
        self.qtbot.waitUntil(is_still, timeout=timeout)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.composed.window, key, modifier)

    def click(self, stage: str) -> None:
        """Presses the button of a stage's card."""
        QTest.mouseClick(self.space.cards[stage].button, LEFT)

    def figures(self, stage: str) -> tuple[int, int, int]:
        """Owed, done, failed, as the card shows them."""
        row = self.space.presenter.row(stage)
        assert row is not None
        return row.owed, row.done, row.failed

    def counts(self) -> tuple[int, int]:
        """Chains and rollouts that the project holds."""
        with self.studio.need_project().read() as read:
            keys = [stored.chain.key for stored in read.chains()]
            return len(keys), sum(len(read.rollouts(key)) for key in keys)


@pytest.fixture
def fresh(built_project: Path, tmp_path: Path) -> Path:
    """A project with the scenes taken in and nothing run."""
    shutil.copytree(built_project / "scenes", tmp_path / "scenes")
    with Project.create(tmp_path / "fresh.hopchain") as made:
        made.ingest([tmp_path / "scenes"], scenes=tmp_path / "scenes")
    return tmp_path / "fresh.hopchain"


@pytest.fixture
def desk(composed: Composed, qtbot: QtBot, fresh: Path) -> Desk:
    return Desk(composed, qtbot, fresh)


def test_that_one_key_runs_all_that_is_owed(desk: Desk) -> None:
    assert desk.figures("categorize") == (SCENES, 0, 0)
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.space.presenter.is_running
    desk.settle()
    assert desk.figures("categorize") == (0, SCENES, 0)
    chains, rollouts = desk.counts()
    assert chains > 0
    assert rollouts == 8 * chains
    assert desk.figures("solve") == (0, chains, 0)
    with desk.studio.need_project().read() as read:
        assert [run.outcome for run in read.runs()] == [RunOutcome.FINISHED] * len(ORDER)
    assert not desk.studio.actions.is_enabled("pipeline.start_all")


def test_that_a_stage_runs_alone_by_its_own_button(desk: Desk) -> None:
    desk.click("categorize")
    desk.settle()
    assert desk.figures("categorize") == (0, SCENES, 0)
    assert desk.counts() == (0, 0)
    row = desk.space.presenter.row("segment")
    assert row is not None
    assert row.state is StageState.OWED


def test_that_a_cancelled_run_owes_exactly_the_rest(desk: Desk) -> None:
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.qtbot.waitUntil(lambda: desk.figures("compose")[1] > 0 or not desk.space.presenter.is_running, timeout=20_000)
    desk.press(Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    desk.qtbot.waitUntil(lambda: not desk.space.presenter.is_running, timeout=20_000)
    desk.settle()
    owed, done, failed = desk.figures("compose")
    assert (owed + done, failed) == (SCENES, 0)
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert desk.figures("compose") == (0, SCENES, 0)
    chains, rollouts = desk.counts()
    assert rollouts == 8 * chains


def test_that_two_runs_do_not_begin_at_once(desk: Desk) -> None:
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not desk.studio.actions.is_enabled("pipeline.start_all")
    assert not desk.space.presenter.start()
    desk.settle()
    with desk.studio.need_project().read() as read:
        assert len(read.runs()) == len(ORDER)


def test_that_settings_say_first_what_they_would_redo(desk: Desk) -> None:
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    before = desk.counts()
    panel = desk.space.settings
    desk.space.cards["solve"].settings_wanted.emit("solve")
    assert panel.isVisible()
    _put(panel.stage_form.input("rollouts"), "12")
    desk.qtbot.waitUntil(lambda: str(before[0]) in panel.redo.text(), timeout=20_000)
    # Nothing is changed by looking.
    assert desk.figures("solve")[0] == 0
    QTest.mouseClick(panel.keep_button, LEFT)
    desk.settle()
    assert desk.figures("solve")[0] == before[0]
    desk.click("solve")
    desk.settle()
    assert desk.counts() == (before[0], 12 * before[0])


def test_that_trying_may_stop_once_decided(desk: Desk) -> None:
    desk.space.cards["solve"].settings_wanted.emit("solve")
    panel = desk.space.settings
    switch = panel.stage_form.input("until_decided")
    switch.setFocus()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    QTest.mouseClick(panel.keep_button, LEFT)
    desk.settle()
    assert desk.studio.need_project().last_options().until_decided
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    chains, rollouts = desk.counts()
    assert 0 < chains <= rollouts < 8 * chains


def test_that_a_value_out_of_range_is_refused_where_it_stands(desk: Desk) -> None:
    desk.space.cards["solve"].settings_wanted.emit("solve")
    panel = desk.space.settings
    field = panel.stage_form.input("rollouts")
    _put(field, "0")
    assert panel.chosen() is None or field.text() != "0"  # type: ignore[attr-defined]
    QTest.mouseClick(panel.keep_button, LEFT)
    desk.settle()
    assert desk.studio.need_project().last_options().rollouts == 8


def test_that_what_failed_is_listed_and_tried_again_once_it_is_mended(desk: Desk) -> None:
    # A solver that follows programs cannot follow a chain that a person wrote without them.
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    project = desk.studio.need_project()
    with project.read() as read:
        first = next(read.chains()).chain
    hops = tuple(replace(hop, operation=None) for hop in first.hops)
    project.edit_chain(first.key, hops=hops)
    desk.settle()
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert desk.figures("solve")[2] == 1, [(s, desk.figures(s)) for s in ("compose", "audit", "solve")]
    (item,) = desk.space.presenter.failures.items()
    assert item.stage == "solve"
    assert "has none" in item.error_text
    QAbstractItemModelTester(desk.space.presenter.failures, desk.space)
    rows = desk.space.below.rows
    desk.space.below.show_tab(0)
    rows.setFocus()
    desk.qtbot.keyClick(rows, Qt.Key.Key_Down)
    rows.selectAll()
    desk.qtbot.keyClick(rows, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert "has none" in QApplication.clipboard().text()
    # Mended: undone, so that the version that can be followed is seen again.
    project.undo()
    desk.settle()
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert desk.figures("solve")[2] == 0
    assert desk.space.presenter.failures.rowCount() == 0


def _standing(owed: int, done: int, failed: int) -> StageRow:
    return StageRow(
        stage="solve",
        title="Solve",
        by="",
        is_simulated=False,
        state=StageState.FAILED,
        state_text="",
        owed=owed,
        done=done,
        failed=failed,
    )


def test_that_one_item_tried_again_leaves_the_others_failed() -> None:
    live = begun(_standing(2, 90, 8), owed=1, done=0, retries=True, is_partial=True)
    assert (live.owed, live.before, live.failed_before) == (3, 90, 7)


def test_that_what_failed_before_stays_failed_in_a_run_that_does_not_try_it() -> None:
    live = begun(_standing(2, 90, 8), owed=2, done=90, retries=False, is_partial=False)
    assert (live.owed, live.before, live.failed_before) == (2, 90, 8)
    again = begun(_standing(2, 90, 8), owed=10, done=90, retries=True, is_partial=False)
    assert (again.owed, again.failed_before) == (10, 0)


def test_that_figures_are_asked_for_at_once_when_a_run_has_ended(desk: Desk) -> None:
    presenter = desk.space.presenter
    presenter._later.start(3_600_000)
    presenter._is_due = True
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert desk.figures("categorize") == (0, SCENES, 0)


def test_that_only_what_a_retry_would_try_is_listed_as_failed(desk: Desk) -> None:
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    project = desk.studio.need_project()
    with project.read() as read:
        first = next(read.chains()).chain
    project.edit_chain(first.key, hops=tuple(replace(hop, operation=None) for hop in first.hops))
    desk.settle()
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    below = desk.space.below
    assert (desk.figures("solve")[2], desk.space.presenter.failed_count) == (1, 1)
    assert desk.studio.actions.is_enabled("pipeline.retry_all")
    # Other settings: nothing has failed under these yet.
    project.set_options(project.last_options().model_copy(update={"rollouts": 3}))
    desk.settle()
    assert (desk.figures("solve")[2], desk.space.presenter.failures.rowCount()) == (0, 0)
    assert below._none.isVisible()
    assert "1 item failed under settings" in below._none.hint.text()
    assert not desk.studio.actions.is_enabled("pipeline.retry_all")
    # Undone, the failure is one that a retry would try.
    project.undo()
    desk.settle()
    assert (desk.figures("solve")[2], desk.space.presenter.failures.rowCount()) == (1, 1)
    assert desk.studio.actions.is_enabled("pipeline.retry_all")


def test_that_the_log_tells_what_ran(desk: Desk) -> None:
    log = desk.space.presenter.log
    QAbstractItemModelTester(log, desk.space)
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    said = "\n".join(str(log.index(row, 0).data()) for row in range(log.rowCount()))
    assert "run 1 started: 6 owed" in said
    assert "run 6 ended" in said


def test_that_a_project_open_for_reading_runs_nothing(composed: Composed, qtbot: QtBot, fresh: Path) -> None:
    composed.studio.take_project(Project.open(fresh, read_only=True))
    composed.studio.go("pipeline")
    qtbot.waitUntil(lambda: composed.studio.bridge.is_idle)
    assert not composed.studio.actions.is_enabled("pipeline.start_all")
    space = composed.window.stack.currentWidget()
    assert isinstance(space, PipelineSpace)
    QTest.mouseClick(space.cards["categorize"].button, LEFT)
    assert not space.presenter.is_running


def test_that_the_keyboard_walks_from_stage_to_stage(desk: Desk) -> None:
    desk.press(Qt.Key.Key_J)
    first = QApplication.focusWidget()
    desk.press(Qt.Key.Key_J)
    assert QApplication.focusWidget() is not first
    desk.press(Qt.Key.Key_K)
    assert QApplication.focusWidget() is first


def _put(widget: object, text: str) -> None:
    assert isinstance(widget, QLineEdit | QSpinBox)
    widget.setFocus()
    widget.selectAll()
    QTest.keyClicks(widget, text)
    QTest.keyClick(widget, Qt.Key.Key_Tab)
