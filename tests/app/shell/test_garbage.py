"""Unreachable cycles are freed without a look through everything at once."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from app.garbage import Collecting


class _Cycle:
    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def collecting(qapp: QApplication) -> Iterator[Collecting]:
    owner = QObject()
    made = Collecting(lambda: False, owner)
    made.stop()
    yield made
    made.end()


def _lost() -> weakref.ref[_Cycle]:
    return weakref.ref(_Cycle())


def test_that_what_is_new_and_unreachable_is_freed(collecting: Collecting) -> None:
    lost = _lost()
    assert lost() is not None
    collecting.look()
    assert lost() is None


def test_that_what_outlived_a_look_is_not_looked_at_again(collecting: Collecting) -> None:
    before = gc.get_freeze_count()
    kept = [_Cycle() for _ in range(1000)]
    collecting.look()
    assert gc.get_freeze_count() >= before + len(kept)


def test_that_what_outlived_a_look_and_is_lost_later_is_freed_by_a_deep_one(collecting: Collecting) -> None:
    cycle = _Cycle()
    lost = weakref.ref(cycle)
    collecting.look()
    del cycle
    collecting.look()
    assert lost() is not None
    collecting.look_deep()
    assert lost() is None


def test_that_a_window_that_is_left_is_looked_through(collecting: Collecting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.garbage._AWAY_S", 0.0)
    cycle = _Cycle()
    lost = weakref.ref(cycle)
    collecting.look()
    del cycle
    collecting.tick()
    assert lost() is not None
    collecting.notice(Qt.ApplicationState.ApplicationInactive)
    collecting.tick()
    assert lost() is None


def test_that_the_interpreter_has_its_collector_back_in_the_end(qapp: QApplication) -> None:
    before = gc.get_threshold()
    owner = QObject()
    made = Collecting(lambda: False, owner)
    assert gc.get_threshold()[2] > 1_000_000
    made.end()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
