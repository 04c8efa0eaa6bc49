"""The space Instances in a real window, on a real project of rendered scenes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.main_window import MainWindow
from app.presenters.instance_prompting import Prompting
from app.studio import Studio
from tests.app.instances.desk import Desk
from tests.app.instances.model import Model


@pytest.fixture
def model() -> Model:
    """What answers prompts in these tests."""
    return Model()


@pytest.fixture
def prompting(model: Model) -> Prompting:
    """One profile, and a model that answers as a test says."""
    return Prompting(lambda: tuple(model.profiles), model.made)


@pytest.fixture
def open_desk(composed: Composed, window: MainWindow, qtbot: QtBot) -> Callable[..., Desk]:
    """Goes to the space, to a picture of one's choice or the first one."""

    def go(**where: object) -> Desk:
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        composed.studio.go("instances", **where)
        desk = Desk(composed.studio, window, qtbot)
        desk.space.canvas.set_reduced_motion(True)
        desk.settle()
        return desk

    return go


@pytest.fixture
def desk(studio: Studio, open_desk: Callable[..., Desk]) -> Desk:
    """The space with the first picture of the sample project."""
    return open_desk()
