"""The window has the keyboard: shortcuts reach only an active one."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot


@pytest.fixture(autouse=True)
def active_window(request: pytest.FixtureRequest, qtbot: QtBot) -> None:
    if "composed" in request.fixturenames:
        window = request.getfixturevalue("composed").window
        window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
