"""The log of the pipeline: what is folded, and what an opened fold shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.modeltest import ModelTester

from app.models.event_log import TAIL, EventLog, Level, Line, LogRole


@pytest.fixture
def log(qtmodeltester: ModelTester) -> EventLog:
    made = EventLog(str, clock=lambda: "12:00:00")
    qtmodeltester.check(made)
    return made


@pytest.fixture
def write(log: EventLog) -> Callable[[int], None]:
    """Writes ordinary lines one by one, as a run does."""

    def lines(count: int) -> None:
        for _ in range(count):
            log.add([Line("12:00:00", "compose", f"line {log.rowCount()}")])

    return lines


def folds(log: EventLog) -> list[int]:
    """How many lines each fold holds."""
    counts = [int(log.index(row).data(LogRole.FOLDED)) for row in range(log.rowCount())]
    return [count for count in counts if count]


def test_that_a_run_of_ordinary_lines_is_one_fold(log: EventLog, write: Callable[[int], None]) -> None:
    write(20)
    assert folds(log) == [20 - TAIL]
    assert log.rowCount() == 1 + TAIL


def test_that_a_warning_ends_a_fold(log: EventLog, write: Callable[[int], None]) -> None:
    write(20)
    log.note("compose", "no answer", Level.WARNING)
    write(20)
    assert folds(log) == [20 - TAIL, 20 - TAIL]


def test_that_an_opened_fold_stays_as_it_was_seen(log: EventLog, write: Callable[[int], None]) -> None:
    write(20)
    log.toggle(0)
    write(20)
    assert folds(log)[0] == 20 - TAIL
    log.toggle(0)
    assert log.index(0).data(LogRole.IS_OPEN) is False
