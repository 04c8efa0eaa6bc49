"""Stepping through chains and hops by keys and mouse: what is open, lit, zoomed to and said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.presenters.chain_detail import CheckState
from app.running import Runs
from app.settings import Settings
from app.views.chains.actions import BARE, ZOOM_HOP
from app.views.chains.findings import FindingCard
from app.views.chains.rollouts import RolloutsDialog
from app.widgets.action_button import ActionButton
from app.widgets.label import QuestionLabel
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.keys import InstanceKey
from tests.app.chains.curator import CTRL, SHIFT, Curator

Key = Qt.Key


def lit(curator: Curator) -> frozenset[InstanceKey]:
    overlay = curator.canvas.content.overlay
    assert overlay is not None
    return overlay.lit


def test_that_the_first_chain_is_open_at_its_first_hop(curator: Curator) -> None:
    assert curator.number == curator.listed[0] == curator.selected()
    assert curator.hop == 1
    assert curator.space.header.question.label.text() == curator.detail.chain.question
    assert curator.space.header.answer.text() == curator.detail.chain.answer.text
    assert curator.space.header.check.text() == "recomputed"
    assert lit(curator) == curator.detail.evidence[1].lit


def test_that_digits_and_brackets_step_through_the_hops(curator: Curator) -> None:
    last = curator.detail.chain.hops[-1].index
    for key, wanted in ((Key.Key_2, 2), (Key.Key_BracketRight, 3), (Key.Key_BracketLeft, 2), (Key.Key_1, 1)):
        curator.press(key)
        assert curator.hop == wanted
        assert curator.stepper.open is not None
        assert curator.stepper.open.hop.index == wanted
        assert lit(curator) == curator.detail.evidence[wanted].lit
        assert curator.stepper.head.figure.text() == f"{wanted} of {last}"
    curator.press(Key.Key_BracketLeft)
    assert curator.hop == 1
    curator.press(Key.Key_9)
    assert curator.hop == 1


def test_that_a_click_opens_a_hop(curator: Curator) -> None:
    curator.click(curator.stepper.rows[3])
    assert curator.hop == 3
    assert not curator.stepper.rows[3].isVisible()
    assert curator.stepper.rows[1].isVisible()
    opened = curator.stepper.open
    assert opened is not None
    needed = curator.detail.chain.hop(3).needs[0]
    curator.click(opened.needs, opened.needs.rect_of(f"hop:{needed}").center())
    assert curator.hop == needed


def test_that_an_open_hop_says_level_output_and_how_clear_it_is(curator: Curator) -> None:
    hop = next(h for h in curator.detail.chain.hops if curator.detail.evidence[h.index].remarks)
    curator.press(Key(Key.Key_0 + hop.index))
    opened = curator.stepper.open
    assert opened is not None
    assert opened.question.text() == hop.sub_question
    assert opened.check.text() == "recomputed"
    assert opened.remarks[0].text.startswith(curator.detail.evidence[hop.index].remarks[0].lead)


def test_that_j_and_k_go_through_the_list(curator: Curator) -> None:
    curator.press(Key.Key_3)
    curator.press(Key.Key_J)
    assert curator.number == curator.listed[1] == curator.selected()
    assert curator.hop == 1
    curator.press(Key.Key_J)
    curator.press(Key.Key_K)
    curator.press(Key.Key_K)
    assert curator.number == curator.listed[0]
    curator.press(Key.Key_K)
    assert curator.number == curator.listed[0]


def test_that_the_next_chain_is_there_before_it_is_asked_for(curator: Curator) -> None:
    shown: list[object] = []
    curator.presenter.chain_shown.connect(lambda detail: shown.append(detail.stored.number))
    for place in range(1, 4):
        QTest.keyClick(QApplication.focusWidget() or curator.window, Key.Key_J)
        # Nothing was waited for: it is shown when the key returns.
        assert shown == curator.listed[1 : place + 1]
        image = curator.detail.image
        assert curator.presenter.pictures.has(image.key, None)
        curator.settle()
        shown[:] = curator.listed[1 : place + 1]


def test_that_chains_are_read_ahead_beside_a_run_too(
    curator: Curator, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Runs, "is_running", property(lambda _: True))
    shown: list[object] = []
    curator.presenter.chain_shown.connect(lambda detail: shown.append(detail.stored.number))
    for place in range(1, 4):
        QTest.keyClick(QApplication.focusWidget() or curator.window, Key.Key_J)
        assert shown == curator.listed[1 : place + 1]
        following = curator.listed[place + 1]
        qtbot.waitUntil(lambda n=following: curator.presenter.has_at_hand(n), timeout=10_000)


def test_that_the_list_opens_chains_by_mouse_and_arrows(curator: Curator) -> None:
    curator.click_row(2)
    assert curator.number == curator.listed[2]
    curator.press(Key.Key_Down, on=curator.list)
    assert curator.number == curator.listed[3]
    curator.press(Key.Key_Home, on=curator.list)
    assert curator.number == curator.listed[0]
    curator.press(Key.Key_End, on=curator.list)
    assert curator.number == curator.listed[-1]


def test_that_a_step_zooms_to_its_instances_unless_told_not_to(curator: Curator, settings: Settings) -> None:
    view = curator.canvas.view
    hop = min(
        (h.index for h in curator.detail.chain.hops if curator.detail.evidence[h.index].zoomed),
        key=lambda n: sum(curator.detail.facts.by_key[k].box.area for k in curator.detail.evidence[n].zoomed),
    )
    curator.press(Key(Key.Key_0 + hop))
    near = curator.canvas.view
    assert near.scale > view.fit_scale
    curator.press(Key.Key_0)
    assert curator.canvas.view.scale == view.fit_scale
    curator.press(Key.Key_Z)
    assert curator.canvas.view == near
    # A tap while it is there already: steps leave the view alone from now on.
    curator.press(Key.Key_Z)
    assert not settings.get("chains.zoom_follows", True)
    assert curator.canvas.view.scale == view.fit_scale
    curator.press(Key.Key_1 if hop != 1 else Key.Key_2)
    curator.press(Key(Key.Key_0 + hop))
    assert curator.canvas.view.scale == view.fit_scale
    curator.press(Key.Key_Z)
    assert curator.canvas.view == near
    assert settings.get("chains.zoom_follows", False)


def test_that_the_line_that_decides_is_in_sight(curator: Curator) -> None:
    seen = 0
    for _ in range(4):
        for hop in curator.detail.chain.hops:
            border = curator.detail.evidence[hop.index].border
            if border is not None:
                curator.press(Key(Key.Key_0 + hop.index))
                visible = curator.canvas.view.visible
                if border.towards[0]:
                    assert visible.x0 <= border.through.x <= visible.x1
                else:
                    assert visible.y0 <= border.through.y <= visible.y1
                seen += 1
        curator.press(Key.Key_J)
    assert seen > 2


def test_that_a_held_key_looks_at_the_hop_and_goes_back(curator: Curator) -> None:
    curator.space.picture.set_follows(False)
    curator.settle()
    before = curator.canvas.view
    target = QApplication.focusWidget() or curator.window
    QTest.keyPress(target, Key.Key_Z)
    assert curator.canvas.view != before
    curator.qtbot.wait(320)
    QTest.keyRelease(target, Key.Key_Z)
    curator.settle()
    assert curator.canvas.view == before
    assert not curator.space.picture.follows


def test_that_space_shows_the_bare_picture_while_it_is_held(curator: Curator) -> None:
    target = QApplication.focusWidget() or curator.window
    QTest.keyPress(target, Key.Key_Space)
    assert curator.canvas.is_bare
    QTest.keyRelease(target, Key.Key_Space)
    assert not curator.canvas.is_bare


def test_that_buttons_stand_for_held_keys(curator: Curator) -> None:
    buttons = {b.action_id: b for b in curator.space.tools.findChildren(ActionButton) if b.isVisible()}
    curator.click(buttons[BARE])
    assert curator.canvas.is_bare
    assert buttons[BARE].isChecked()
    curator.click(buttons[BARE])
    assert not curator.canvas.is_bare
    assert buttons[ZOOM_HOP].isChecked()
    curator.click(buttons[ZOOM_HOP])
    assert not curator.space.picture.follows
    curator.click(buttons[ZOOM_HOP])
    assert curator.space.picture.follows


def test_that_a_chip_highlights_its_instance(curator: Curator) -> None:
    opened = curator.stepper.open
    assert opened is not None
    key = curator.detail.evidence[curator.hop].found[0]
    QTest.mouseMove(opened.output, opened.output.rect_of(key).center())
    assert curator.canvas.content.hovered == key
    QTest.mouseMove(opened.output, opened.output.rect().bottomRight())


def test_that_a_chain_can_be_gone_to_by_number_key_and_hop(open_chains: Callable[..., Curator]) -> None:
    curator = open_chains()
    number = curator.listed[-1]
    curator.studio.go("chains", chain=number, hop=2)
    curator.settle()
    assert (curator.number, curator.hop, curator.selected()) == (number, 2, number)
    key = curator.stored(curator.listed[1]).chain.key
    curator.studio.go("chains", chain=key)
    curator.settle()
    assert (curator.number, curator.hop) == (curator.listed[1], 1)
    curator.studio.go("chains", chain="C-99999")
    curator.settle()
    assert "no chain" in curator.toast()
    assert curator.number == curator.listed[1]


def test_that_an_edit_elsewhere_is_shown_without_losing_the_place(curator: Curator) -> None:
    curator.press(Key.Key_3)
    old = curator.detail
    curator.studio.bridge.edit(lambda: curator.project.edit_chain(old.key, answer=Answer.of("4711"), by="elsewhere"))
    curator.settle()
    assert curator.detail.chain.supersedes == old.key
    assert curator.hop == 3
    assert curator.space.header.answer.text() == "4711"
    assert curator.detail.answer_check.state is CheckState.DIFFERS
    assert old.chain.answer.text in curator.space.header.check.text()
    assert "Version 2" in curator.space.header.versions.text()
    curator.undo()
    assert curator.detail.key == old.key
    assert curator.hop == 3


def test_that_what_is_recomputed_can_be_taken(curator: Curator) -> None:
    old = curator.detail
    curator.studio.bridge.edit(lambda: curator.project.edit_chain(old.key, answer=Answer.of("4711"), by="elsewhere"))
    curator.settle()
    cards = curator.stepper.whole.findChildren(FindingCard)
    button = next(card.button for card in cards if card.button is not None and card.button.text().startswith("Take"))
    curator.click(button)
    assert curator.detail.chain.version == 3
    assert curator.stored(curator.number).chain.answer == old.chain.answer
    curator.undo()
    assert curator.detail.chain.answer.text == "4711"


def test_that_attempts_of_the_weaker_model_are_shown(curator: Curator) -> None:
    difficulty = curator.detail.difficulty
    assert difficulty is not None
    line = curator.stepper.rollouts
    assert line.figures.text().startswith(f"{difficulty.n_correct} of {difficulty.n} correct")
    assert line.simulated.isVisible() == difficulty.is_simulated
    curator.press(Key.Key_W)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, RolloutsDialog)
    shown = [label.text() for label in dialog.findChildren(QuestionLabel)]
    assert all(rollout.text in shown for rollout in curator.detail.rollouts)
    QTest.keyClick(dialog, Key.Key_Escape)
    curator.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)


def test_that_attempts_until_decided_are_no_rate(curator: Curator) -> None:
    counted = curator.detail.difficulty
    assert counted is not None
    line = curator.stepper.rollouts
    assert line.bar.isVisible()
    short = replace(counted, n=3, n_correct=2, is_until_decided=True, is_kept=True)
    line.show_chain(replace(curator.detail, difficulty=short))
    assert line.figures.text() == "at least 1 wrong of 3 · tried until decided, so no pass rate"
    assert not line.bar.isVisible()
    line.show_chain(curator.detail)
    assert line.bar.isVisible()


def test_that_a_commit_that_changes_nothing_here_shows_nothing_anew(curator: Curator) -> None:
    told: list[object] = []
    curator.presenter.chain_shown.connect(told.append)
    other = curator.stored(curator.listed[-1]).chain.key
    curator.studio.bridge.edit(lambda: curator.project.comment(other, "grace", "Fine", by="elsewhere"))
    curator.settle()
    assert not told


def test_that_the_question_goes_to_the_clipboard(curator: Curator) -> None:
    curator.press(Key.Key_C, CTRL | SHIFT)
    assert QGuiApplication.clipboard().text() == curator.detail.chain.question


def test_that_colours_on_chips_are_those_of_the_picture(curator: Curator) -> None:
    for key in curator.detail.evidence[curator.hop].found:
        opened = curator.stepper.open
        assert opened is not None
        chip = next(c for c in opened.output.chips() if c.value == key)
        assert chip.swatch == curator.canvas.colour(key)


def test_that_the_status_bar_names_the_picture(curator: Curator) -> None:
    image = curator.detail.image
    text = curator.window.status_bar.place.text()
    assert image.path.rpartition("/")[2] in text
    assert f"{image.width_px} × {image.height_px}" in text


def test_that_a_step_to_a_chain_of_another_length_ends_at_its_hop(curator: Curator) -> None:
    with curator.project.read() as read:
        image = next(i.key for i in read.images() if len(list(read.chains(i.key))) > 1)
        first, second, *_ = read.chains(image)
    # The question of the second takes more lines, so that the picture gets less room while it is on its way.
    curator.project.edit_chain(second.chain.key, question=second.chain.question + " Say the number." * 20)
    curator.presenter.open_number(first.number)
    curator.settle()
    curator.canvas.set_reduced_motion(False)
    before = curator.canvas.height()
    with curator.project.read() as read:
        longer = next(s.number for s in read.chains(image) if s.chain.supersedes == second.chain.key)
    curator.presenter.open_number(longer)
    curator.qtbot.waitUntil(lambda: curator.canvas.height() < before, timeout=20_000)
    curator.settle()
    curator.qtbot.waitUntil(lambda: not curator.canvas.navigator.is_moving, timeout=20_000)
    view = curator.canvas.navigator.view
    box = view.visible
    for key in lit(curator):
        centre = curator.canvas.content.box(key).centre
        assert box.x0 <= centre.x <= box.x1
        assert box.y0 <= centre.y <= box.y1
    evidence = curator.detail.evidence[curator.hop]
    boxes = [curator.canvas.content.box(key) for key in evidence.lit]
    # Where lines lead to others, those are in sight as well.
    if len(boxes) == 1 and evidence.border is None and not (evidence.arrows or evidence.dashes):
        assert view.centre.distance(boxes[0].centre) * view.scale < 0.35 * view.width


def test_that_no_two_actions_here_ask_for_one_key(curator: Curator) -> None:
    table = curator.studio.actions
    mine = {spec.id for spec in table.specs() if spec.space == "chains"}
    assert len(mine) > 25
    assert [c for c in table.conflicts() if {c.first, c.second} & mine] == []


def test_that_everything_that_can_be_reached_has_a_name(curator: Curator) -> None:
    reached = [
        widget
        for widget in curator.space.findChildren(QWidget)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert len(reached) > 20
    assert [type(w).__name__ for w in reached if not w.accessibleName()] == []


@pytest.mark.parametrize("size", [(1280, 800), (1600, 1000)], ids=["small", "large"])
def test_that_question_and_answer_are_read_whole(curator: Curator, size: tuple[int, int]) -> None:
    curator.window.resize(*size)
    header, key = curator.space.header, curator.detail.key
    # As long as the longest that the program composer writes.
    curator.project.edit_chain(key, question=("Find the piece of broccoli that is nearest to the fork. " * 12)[:576])
    curator.qtbot.waitUntil(lambda: curator.detail.key != key, timeout=20_000)
    curator.qtbot.waitUntil(lambda: header.question.verticalScrollBar().maximum() == 0, timeout=20_000)
    answers = [w for w in header.findChildren(QLabel) if w.isVisible() and w.text() == curator.detail.chain.answer.text]
    assert len(answers) == 1
