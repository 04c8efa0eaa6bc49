"""Buttons and menus say which key does the same, and why something cannot be done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.composition import Composed, compose
from app.settings import Settings
from app.studio import Studio
from app.widgets.action_button import ActionButton
from app.widgets.keycap import key_text

Settled = Callable[[Studio], None]


def test_that_every_button_of_an_action_tells_its_key(
    composed: Composed, studio: Studio, settled: Settled, qtbot: QtBot
) -> None:
    silent = set()
    for space in composed.window.space_ids():
        studio.go(space)
        settled(studio)
        for button in composed.window.findChildren(ActionButton):
            keys = key_text(studio.actions.first_key(button.action_id))
            if keys and button.isEnabled() and not button.shows_keys and f"({keys})" not in button.toolTip():
                silent.add((space, button.action_id))
    assert silent == set()


def test_that_what_cannot_be_done_in_a_space_says_why(
    composed: Composed, studio: Studio, settled: Settled, qtbot: QtBot
) -> None:
    silent = set()
    for space in composed.window.space_ids():
        studio.go(space)
        settled(studio)
        silent |= {
            spec.id
            for spec in studio.actions.specs()
            if studio.actions.is_here(spec) and not studio.actions.is_enabled(spec.id)
            if not studio.actions.why_not(spec.id)
        }
    assert silent == set()


def test_that_one_menu_bar_for_all_windows_holds_the_same_menus(
    qapp: object, qtbot: QtBot, loop: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    with monkeypatch.context() as patched:
        patched.setattr(sys, "platform", "darwin")
        made = compose(qapp, Settings(None))  # type: ignore[arg-type]
    bar = made.window.menuBar()
    assert [action.text() for action in bar.actions()] == ["Project", "Edit", "Go to", "View", "Help"]
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # type: ignore[arg-type]
    (view,) = [menu for menu in bar.findChildren(QMenu) if menu.title() == "View"]
    view.aboutToShow.emit()
    assert "Dark theme" in [action.text().partition("\t")[0] for action in view.actions()]
    made.window.close()
    made.studio.close()
    made.window.deleteLater()
    made.studio.theme.deleteLater()
