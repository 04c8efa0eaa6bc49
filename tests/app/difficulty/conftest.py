from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.studio import Studio
from app.views.difficulty.space import DifficultySpace


@pytest.fixture
def space(composed: Composed, studio: Studio, qtbot: QtBot, settled: Callable[[Studio], None]) -> DifficultySpace:
    """The space, shown, with its first chain open."""
    studio.go("difficulty")
    found = composed.window.space("difficulty")
    assert isinstance(found, DifficultySpace)
    qtbot.waitUntil(lambda: found.presenter.opened is not None and found.presenter.charts is not None, timeout=20_000)
    settled(studio)
    return found
