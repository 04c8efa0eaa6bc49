"""The end of the bridge between threads and the window."""

from __future__ import annotations

import threading

from PySide6.QtWidgets import QApplication

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
