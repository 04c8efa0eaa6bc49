"""The library in a real window, on a project with something for each filter."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.studio import Studio
from tests.app.library.person import Visitor
from tests.app.library.rows import mix


@pytest.fixture(scope="session")
def mixed_project(built_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `built_project`, with chains of every sort; built once, never opened for writing."""
    folder = tmp_path_factory.mktemp("mixed") / "mixed"
    shutil.copytree(built_project, folder)
    # The window's loop counts as running here, and stages want one of their own.
    with ThreadPoolExecutor(1) as other:
        other.submit(mix, folder / "sample.hopchain").result()
    return folder


@pytest.fixture
def sample_project(mixed_project: Path, tmp_path: Path) -> Path:
    """A copy of the mixed project of one's own."""
    folder = tmp_path / "mixed"
    shutil.copytree(mixed_project, folder)
    return folder / "sample.hopchain"


@pytest.fixture
def open_library(studio: Studio, window: MainWindow, qtbot: QtBot) -> Callable[..., Visitor]:
    """Goes to the library, to a place in it."""

    def go(**where: object) -> Visitor:
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        studio.go("library", **where)
        visitor = Visitor(studio, window, qtbot)
        visitor.settle()
        return visitor

    return go


@pytest.fixture
def visitor(open_library: Callable[..., Visitor]) -> Visitor:
    """A person in the library."""
    return open_library()
