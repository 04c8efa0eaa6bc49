"""What a project leaves behind when it is closed: nothing."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from app.canvas import PictureCanvas
from app.main_window import MainWindow
from app.studio import Studio
from hopchain_core.project import Project


def test_that_a_closed_project_leaves_nothing_in_memory(
    studio: Studio, window: MainWindow, qtbot: QtBot, sample_project: Path
) -> None:
    held: dict[str, weakref.ref[object]] = {"project": weakref.ref(studio.need_project())}
    for space in window.space_ids():
        studio.go(space)
        qtbot.waitUntil(lambda: studio.bridge.is_idle, timeout=20_000)
        held[space] = weakref.ref(window.stack.currentWidget())
    held |= {f"canvas {at}": weakref.ref(c) for at, c in enumerate(window.findChildren(PictureCanvas))}
    studio.close_project()
    qtbot.waitUntil(lambda: studio.bridge.is_idle, timeout=20_000)
    # What the window's loop does by itself when nothing else waits.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    assert [name for name, ref in held.items() if ref() is not None] == []
    # The window is as good as new.
    studio.take_project(Project.open(sample_project))
    assert window.stack.currentWidget() is window.space("overview")
