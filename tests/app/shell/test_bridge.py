"""The end of the bridge between threads and the window."""

from __future__ import annotations

import threading
import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.bridge import Bridge


def test_that_an_answer_that_comes_after_the_end_is_told_to_nobody(qapp: QApplication) -> None:
    bridge = Bridge()
    begun = threading.Event()
    told: list[bool] = []

    def work() -> bool:
        begun.set()
        return True

    bridge.ask(work, told.append)
    assert begun.wait(30)
    # Waits for the thread, so that the answer lies in the window's queue.
    bridge.close()
    qapp.processEvents()
    assert told == []
    assert bridge.is_idle
    bridge.deleteLater()


def test_that_what_is_asked_after_the_end_is_told_to_nobody(qapp: QApplication) -> None:
    bridge = Bridge()
    bridge.close()
    told: list[object] = []
    asked = bridge.ask(lambda: True, told.append, failed=told.append)
    bridge.read(lambda _: True, told.append, failed=told.append)
    qapp.processEvents()
    assert asked.is_cancelled
    assert told == []
    assert bridge.is_idle
    bridge.deleteLater()


def test_that_answers_that_came_together_are_given_in_turns(qapp: QApplication, qtbot: QtBot) -> None:
    bridge = Bridge()
    events: list[str] = []

    def show(name: str) -> None:
        events.append(name)
        QTimer.singleShot(0, lambda: events.append(f"a turn after {name}"))
        until_s = time.perf_counter() + 0.02  # longer than answers are given in one turn
        while time.perf_counter() < until_s:
            pass

    for name in ("first", "second", "third"):
        bridge.ask(lambda: None, lambda _, n=name: show(n))  # type: ignore[misc]
    # Waits for the threads without a turn of the window's loop, so that all three are there.
    for _ in range(3):
        bridge._pool.submit(time.sleep, 0.01).result()
    qtbot.waitUntil(lambda: bridge.is_idle and len(events) == 6, timeout=20_000)
    assert [e.startswith("a turn") for e in events[:2]] == [False, True]
    assert sorted(e for e in events if not e.startswith("a turn")) == ["first", "second", "third"]
    bridge.close()
    bridge.deleteLater()


def test_that_an_answer_that_cannot_be_shown_leaves_the_next(qapp: QApplication, qtbot: QtBot) -> None:
    bridge = Bridge()
    told: list[str] = []

    def fail(_: object) -> None:
        raise ValueError("cannot be shown")

    with qtbot.captureExceptions() as raised:
        bridge.ask(lambda: None, fail)
        bridge.ask(lambda: None, lambda _: told.append("next"))
        qtbot.waitUntil(lambda: bridge.is_idle, timeout=20_000)
    assert told == ["next"]
    assert [str(error) for _, error, _ in raised] == ["cannot be shown"]
    bridge.close()
    bridge.deleteLater()
