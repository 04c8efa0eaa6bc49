"""Findings that are mended without a word being written."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.presenters.chain_mends import MendKind
from app.views.chains.chips import ChipText
from hopchain_core.domain.chains import instances_of
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.instances import Instance
from tests.app.chains.curator import SHIFT, Curator


def _used(curator: Curator) -> Instance:
    """An instance that the open chain speaks of."""
    wanted = instances_of(curator.detail.chain)
    return next(i for i in curator.detail.facts.instances if i.key in wanted)


def _redrawn(curator: Curator) -> Instance:
    old = _used(curator)
    box = old.box
    changed = curator.project.redraw_instance(old.key, Box(box.x0, box.y0, box.x1 - 1, box.y1))
    curator.settle()
    return changed


def _buttons(curator: Curator) -> list[str]:
    """Texts of the mends that stand beside the hops and the whole chain."""
    opened = curator.stepper.open
    cards = [*(opened.findings if opened is not None else ()), *curator.stepper.whole.cards]
    return [card.button.text() for card in cards if card.button is not None]


def test_that_a_changed_instance_is_taken_as_it_is_now_by_one_key_and_undone_by_another(curator: Curator) -> None:
    assert not curator.studio.actions.is_enabled("chains.mend")
    version, before = curator.detail.chain.version, curator.detail.chain
    new = _redrawn(curator)
    curator.qtbot.waitUntil(lambda: curator.presenter.mend is not None, timeout=20_000)
    assert curator.presenter.mend is not None
    assert curator.presenter.mend.kind is MendKind.FOLLOW
    messages = [f.message for f in curator.detail.findings if f.rule == "references"]
    assert messages
    assert all(f" {new.category} that was changed since" in message for message in messages)
    chips: list[ChipText] = []
    for hop in sorted({f.hop for f in curator.detail.findings if f.rule == "references" and f.hop}):
        curator.presenter.show_hop(hop)
        assert "Take it as it is now" in _buttons(curator)
        opened = curator.stepper.open
        assert opened is not None
        chips += [*opened.needs.chips(), *opened.output.chips()]
    assert any(c.text == f"{new.category}, changed" and "was changed since" in c.hint for c in chips)
    curator.press(Qt.Key.Key_M)
    curator.qtbot.waitUntil(lambda: curator.detail.chain.version == version + 1, timeout=20_000)
    assert new.key in instances_of(curator.detail.chain)
    assert not [f for f in curator.detail.findings if f.rule == "references"]
    assert curator.detail.chain.question == before.question
    curator.undo()
    curator.qtbot.waitUntil(lambda: curator.detail.chain == before, timeout=20_000)


def test_that_an_instance_that_was_deleted_is_left_to_the_curator(curator: Curator) -> None:
    gone = _used(curator)
    curator.project.remove_instances([gone.key])
    curator.qtbot.waitUntil(lambda: not curator.detail.is_audited, timeout=20_000)
    mend = curator.presenter.mend
    assert mend is None or mend.kind is not MendKind.FOLLOW
    assert any("was removed from the picture." in f.message for f in curator.detail.findings)
    assert not any(key in f.message for f in curator.detail.findings for key in curator.detail.chain.instances)


def test_that_the_question_is_edited_by_a_key_of_its_own(open_chains: Callable[..., Curator]) -> None:
    curator = open_chains()
    curator.press(Qt.Key.Key_2)
    curator.press(Qt.Key.Key_E, SHIFT)
    assert curator.space.is_editing
    panel = curator.space.desk.panel
    assert panel.question.field is QApplication.focusWidget()
    # From there to any hop and back, out of a text field too.
    curator.press(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    fields = panel.hops[2].fields
    assert fields is not None
    assert fields.sub_question is QApplication.focusWidget()
    curator.press(Qt.Key.Key_0, Qt.KeyboardModifier.AltModifier)
    assert panel.question.field is QApplication.focusWidget()
    assert not curator.detail.chain.question.endswith("2")
    curator.press(Qt.Key.Key_Escape)
    assert not curator.space.is_editing
