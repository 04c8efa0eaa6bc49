"""Where the window says a passing word."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from app.composition import Composed
from app.studio import Studio, Toast

_LONG = "The chain was edited while you wrote. Put your words on the version that is seen now, or throw them away. " * 2


def _placed(composed: Composed, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(composed.window, widget.rect().topLeft()), widget.size())


@pytest.mark.parametrize("width", [1600, 1280, 960])
def test_that_a_word_covers_no_space_and_no_control(composed: Composed, studio: Studio, width: int) -> None:
    window = composed.window
    window.resize(width, 800)
    for space in window.space_ids():
        studio.go(space)
        studio.toast_asked.emit(Toast(text="Version 2 says what version 1 said.", action="Undo"))
        said = _placed(composed, window.toasts)
        if not window.top_bar.isVisible():
            assert said.bottom() < window.height(), space
            continue
        assert not said.intersects(_placed(composed, window.stack)), space
        assert said.left() > 0, space
        for part in window.top_bar.at_right:
            assert not part.isVisible() or not said.intersects(_placed(composed, part)), space


def test_that_a_word_gives_way_to_what_begins_to_run(composed: Composed, studio: Studio) -> None:
    window = composed.window
    studio.toast_asked.emit(Toast(text="Something was done", action="Undo"))
    window.top_bar.show_making("Taking in", 0.5)
    window.top_bar.layout().activate()
    assert window.top_bar.runs.isVisible()
    assert not _placed(composed, window.toasts).intersects(_placed(composed, window.top_bar.runs))


def test_that_a_long_word_is_read_whole(composed: Composed, studio: Studio) -> None:
    window = composed.window
    window.resize(960, 700)
    studio.toast_asked.emit(Toast(text=_LONG, kind="warn", action="Leave it out"))
    said = window.toasts._label
    assert said.wordWrap()
    assert said.height() >= said.heightForWidth(said.width())
    studio.toast_asked.emit(Toast(text="Undone"))
    assert not said.wordWrap()
    assert window.toasts.height() <= window.top_bar.height()
