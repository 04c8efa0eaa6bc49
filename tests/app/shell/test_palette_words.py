"""The palette finds what people look for under other names."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.studio import Studio


def _titles(composed: Composed, qtbot: QtBot, query: str) -> list[str]:
    qtbot.keyClick(composed.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(composed.over.palette.field, query)
    model = composed.over.palette.model
    return [entry.title for row in range(model.rowCount()) if (entry := model.entry(row)) is not None]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("relink", "Find moved pictures…"),
        ("missing files", "Find moved pictures…"),
        ("dark", "Dark theme"),
        ("theme", "Dark theme"),
        ("preferences", "Settings…"),
        ("hotkeys", "Shortcuts"),
        ("import", "Add pictures…"),
        ("exit", "Quit"),
        ("masks", "Instances"),
        ("approve", "Accept"),
        ("versions", "History"),
    ],
)
def test_that_a_command_is_found_by_what_else_it_is_called(
    composed: Composed, studio: Studio, qtbot: QtBot, query: str, title: str
) -> None:
    composed.window.build_rest()
    qtbot.waitUntil(lambda: all(composed.window.space(s) is not None for s in composed.window.space_ids()))
    assert title in _titles(composed, qtbot, query)


def test_that_its_own_name_goes_before_what_else_a_command_is_called(
    composed: Composed, studio: Studio, qtbot: QtBot
) -> None:
    titles = _titles(composed, qtbot, "export")
    assert titles[0] == "Export"


def test_that_strewn_letters_of_words_nobody_sees_find_nothing(
    composed: Composed, studio: Studio, qtbot: QtBot
) -> None:
    # r-l-k stand in "relink" in this order.
    assert "Find moved pictures…" not in _titles(composed, qtbot, "rlk")
