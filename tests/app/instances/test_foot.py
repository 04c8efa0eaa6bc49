"""What the window says while an instance is prompted for."""

from __future__ import annotations

from app.composition import Composed
from app.studio import Studio
from tests.app.instances.desk import Desk


def test_that_every_hint_is_read_whole_in_a_small_window(composed: Composed, studio: Studio, desk: Desk) -> None:
    composed.window.resize(1280, 800)
    for tool in ("select", "hand", "box", "polygon", "brush", "erase"):
        studio.actions.trigger(f"instances.{tool}")
        desk.settle()
        said = desk.space.stage.hints.text
        assert said.text()
        lines = said.heightForWidth(said.width()) / said.fontMetrics().lineSpacing()
        assert round(lines) <= 2, tool
        assert said.heightForWidth(said.width()) <= desk.space.bar.height(), tool


def test_that_the_row_of_a_new_instance_stays_in_view_when_the_inspector_opens(composed: Composed, desk: Desk) -> None:
    composed.window.resize(1280, 620)
    desk.settle()
    image, box = desk.image, desk.rows[0].instance.box
    for n in range(30):
        desk.project.add_instance(image.key, f"zebra {n}", box)
    desk.qtbot.waitUntil(lambda: len(desk.rows) >= 30, timeout=20_000)
    desk.settle()
    tall = desk.list.viewport().height()
    desk.presenter.select((desk.rows[-1].key,))
    desk.settle()
    assert desk.list.viewport().height() < tall
    at = desk.list.visualRect(desk.list.currentIndex())
    assert at.bottom() < desk.list.viewport().height()
    assert at.top() >= 0
