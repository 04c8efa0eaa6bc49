"""The space Chains in a real window, on a real project of rendered scenes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.studio import Studio
from tests.app.chains.curator import Curator


@pytest.fixture
def open_chains(studio: Studio, window: MainWindow, qtbot: QtBot) -> Callable[..., Curator]:
    """Goes to the space, to a chain of one's choice or the first one."""

    def go(**where: object) -> Curator:
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        studio.go("chains", **where)
        curator = Curator(studio, window, qtbot)
        curator.canvas.set_reduced_motion(True)
        curator.settle()
        return curator

    return go


@pytest.fixture
def curator(open_chains: Callable[..., Curator]) -> Curator:
    """The space with the first chain."""
    return open_chains()
