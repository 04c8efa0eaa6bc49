"""Undo and redo of what was done to a chain or picture that is not on the screen."""

from __future__ import annotations

from PySide6.QtCore import Qt

from hopchain_core.domain.review import Mark, MarkKind
from tests.app.chains.curator import Curator

Key = Qt.Key


def test_that_undo_of_another_chains_edit_offers_to_show_it(curator: Curator) -> None:
    first = curator.detail
    made = curator.project.edit_chain(first.key, question=f"{first.chain.question} Now", by=curator)
    curator.settle()
    curator.press(Key.Key_J)
    assert curator.number != first.stored.number
    curator.press(Key.Key_U)
    assert "another chain" in curator.toast()
    assert curator.window.toasts._button.text() == "Show"
    curator.click(curator.window.toasts._button)
    assert curator.detail.key == first.key
    curator.press(Key.Key_J)
    curator.redo()
    curator.click(curator.window.toasts._button)
    assert curator.detail.key == made.key


def test_that_undo_of_the_chain_at_hand_offers_redo(curator: Curator) -> None:
    first = curator.detail
    curator.project.mark(Mark(chain=first.key, kind=MarkKind.FLAG), by=curator)
    curator.settle()
    curator.qtbot.waitUntil(lambda: curator.studio.actions.is_enabled("edit.undo"))
    curator.press(Key.Key_U)
    assert curator.window.toasts._button.text() == "Redo"
    assert curator.number == first.stored.number


def test_that_redo_of_an_edit_of_the_chain_at_hand_offers_undo(curator: Curator) -> None:
    first = curator.detail
    made = curator.project.edit_chain(first.key, question=f"{first.chain.question} Now", by=curator)
    curator.settle()
    curator.qtbot.waitUntil(lambda: curator.detail.key == made.key)
    curator.press(Key.Key_U)
    curator.qtbot.waitUntil(lambda: curator.detail.key == first.key)
    curator.redo()
    curator.qtbot.waitUntil(lambda: curator.detail.key == made.key)
    assert "another chain" not in curator.toast()
    assert curator.window.toasts._button.text() == "Undo"


def test_that_undo_of_an_instance_leads_to_its_picture(curator: Curator) -> None:
    detail = curator.detail
    gone = min(detail.facts.by_key)
    curator.project.remove_instances([gone], by=curator)
    curator.settle()
    curator.qtbot.waitUntil(lambda: curator.studio.actions.is_enabled("edit.undo"))
    curator.press(Key.Key_U)
    assert "another picture" in curator.toast()
    curator.click(curator.window.toasts._button)
    assert curator.studio.space == "instances"
    space = curator.window.space("instances")
    curator.qtbot.waitUntil(lambda: space.presenter.picture is not None)  # type: ignore[union-attr]
    assert space.presenter.picture.image.key == detail.image.key  # type: ignore[union-attr]
