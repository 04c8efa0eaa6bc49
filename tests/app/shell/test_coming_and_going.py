"""What the window does as projects come and go, and on a small screen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.canvas import PictureCanvas
from app.composition import Composed, compose
from app.settings import Settings
from app.studio import Studio
from app.thumbnails import Thumbnails
from tests.app.shell.person import no_dialog


@pytest.mark.parametrize("space", ["library", "pipeline", "instances", "chains"])
def test_that_no_space_of_a_closed_project_hears_of_pictures_and_runs(
    studio: Studio, composed: Composed, qtbot: QtBot, space: str
) -> None:
    studio.go(space)
    qtbot.waitUntil(lambda: studio.bridge.is_idle, timeout=20_000)
    composed.studio.actions.trigger("project.close")
    qtbot.waitUntil(lambda: studio.project is None, timeout=20_000)
    thumbnails = composed.studio.findChild(Thumbnails)
    assert isinstance(thumbnails, Thumbnails)
    with qtbot.captureExceptions() as raised:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        thumbnails.ready.emit("0" * 64)
        studio.runs.changed.emit(studio.runs.state)
    assert [str(error) for _, error, _ in raised] == []


def test_that_a_first_window_is_no_higher_than_the_screen(
    composed: Composed, qapp: QApplication, settings: Settings
) -> None:
    after = compose(qapp, settings)
    assert after.window.height() <= after.window.screen().availableSize().height()
    after.window.close()
    after.studio.close()
    after.window.deleteLater()
    after.studio.theme.deleteLater()


def test_that_nothing_is_said_to_be_opening_once_it_is_open(
    composed: Composed, qtbot: QtBot, sample_project: Path
) -> None:
    composed.studio.open_project(sample_project)
    assert composed.window.toasts.text() == "Opening sample.hopchain…"
    qtbot.waitUntil(lambda: composed.studio.project is not None, timeout=20_000)
    assert not composed.window.toasts.isVisible()


def test_that_chains_of_a_picture_that_is_gone_open_without_a_dialog(
    studio: Studio, composed: Composed, qtbot: QtBot, sample_project: Path
) -> None:
    shutil.rmtree(sample_project.parent / "scenes")
    studio.go("chains")
    qtbot.waitUntil(
        lambda: any(
            "cannot be shown" in c.accessibleDescription() for c in composed.window.findChildren(PictureCanvas)
        ),
        timeout=20_000,
    )
    assert no_dialog()
