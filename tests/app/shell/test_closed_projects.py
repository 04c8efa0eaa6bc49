"""What a closed project leaves behind in a window that stays open."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.studio import Studio
from app.thumbnails import Thumbnails


@pytest.mark.parametrize("space", ["library", "pipeline", "instances", "chains"])
def test_that_no_space_of_a_closed_project_hears_of_pictures_and_runs(
    studio: Studio, composed: Composed, qtbot: QtBot, space: str
) -> None:
    studio.go(space)
    qtbot.waitUntil(lambda: studio.bridge.is_idle, timeout=5000)
    composed.studio.actions.trigger("project.close")
    qtbot.waitUntil(lambda: studio.project is None, timeout=5000)
    thumbnails = composed.studio.findChild(Thumbnails)
    assert isinstance(thumbnails, Thumbnails)
    with qtbot.captureExceptions() as raised:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        thumbnails.ready.emit("0" * 64)
        studio.runs.changed.emit(studio.runs.state)
    assert [str(error) for _, error, _ in raised] == []
