"""What the window says while an instance is prompted for."""

from __future__ import annotations

from app.composition import Composed
from app.studio import Studio, Toast
from app.views.instances.prompt_bar import PromptBar


def test_that_a_word_of_the_window_leaves_the_bar_in_reach(composed: Composed, studio: Studio) -> None:
    studio.go("instances")
    studio.toast_asked.emit(Toast(text="Something was done", action="Undo"))
    toasts = composed.window.toasts
    assert toasts.isVisible()
    space = composed.window.space("instances")
    assert space is not None
    (bar,) = space.findChildren(PromptBar)
    assert toasts.geometry().bottom() < bar.mapTo(composed.window, bar.rect().topLeft()).y()
    before = toasts.y()
    studio.go("library")
    assert toasts.y() > before
