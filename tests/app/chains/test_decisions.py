"""Accepting, rejecting, flagging, skipping, commenting: what the project then holds, and how it is undone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.presenters.chain_search import Segment
from app.views.chains.decision import REASONS
from app.views.errors import ErrorDialog
from hopchain_core.domain.review import Mark, MarkKind
from hopchain_core.domain.status import ChainStatus
from hopchain_core.errors import ProjectError
from hopchain_core.project import Project
from tests.app.chains.curator import Curator
from tests.app.shell.person import no_dialog, the_dialog, words_of

Key = Qt.Key


def test_that_a_accepts_and_the_next_chain_comes(curator: Curator) -> None:
    first = curator.detail
    curator.press(Key.Key_A)
    assert curator.mark(first.key) == Mark(chain=first.key, kind=MarkKind.ACCEPT)
    assert curator.number == curator.listed[1]
    assert "accepted" in curator.toast()


def test_that_a_decision_that_cannot_be_written_leads_back_to_its_chain(
    curator: Curator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise ProjectError("The disk is full.", hint="Make room, then decide again.")

    first = curator.detail
    monkeypatch.setattr(curator.project, "mark", full)
    curator.press(Key.Key_A)
    assert curator.number == first.stored.number
    dialog = the_dialog(curator.qtbot, ErrorDialog)
    assert "disk is full" in words_of(dialog)
    dialog.reject()
    monkeypatch.undo()
    curator.window.activateWindow()  # as a window manager does
    curator.qtbot.waitUntil(lambda: no_dialog() and curator.window.isActiveWindow(), timeout=20_000)
    curator.press(Key.Key_A)
    assert curator.mark(first.key) == Mark(chain=first.key, kind=MarkKind.ACCEPT)
    assert curator.number == curator.listed[1]


def test_that_undo_takes_a_decision_back_and_returns_to_its_chain(curator: Curator) -> None:
    first = curator.detail
    curator.press(Key.Key_A)
    curator.press(Key.Key_U)
    assert curator.mark(first.key) is None
    assert curator.number == first.stored.number
    # It stands there: nothing has to be offered to be shown.
    assert "another chain" not in curator.toast()
    curator.redo()
    assert curator.mark(first.key) == Mark(chain=first.key, kind=MarkKind.ACCEPT)


def test_that_the_toast_undoes_its_own_decision(curator: Curator) -> None:
    first, second = curator.listed[:2]
    keys = [curator.stored(number).chain.key for number in (first, second)]
    curator.press(Key.Key_A)
    curator.press(Key.Key_F)
    assert curator.number == curator.listed[2]
    curator.click(curator.window.toasts._button)
    assert curator.number == second
    assert curator.mark(keys[1]) is None
    assert curator.mark(keys[0]) is not None


def test_that_a_digit_rejects_with_a_reason(curator: Curator) -> None:
    first = curator.detail
    curator.press(Key.Key_X)
    assert curator.stepper.decision.is_asking
    curator.press(Key.Key_2)
    assert curator.mark(first.key) == Mark(chain=first.key, kind=MarkKind.REJECT, reason=REASONS[1])
    assert curator.hop == 1
    assert not curator.stepper.decision.is_asking
    with curator.project.read() as read:
        assert read.status(first.key) is ChainStatus.REJECTED


def test_that_a_reason_can_be_typed(curator: Curator) -> None:
    first = curator.detail
    curator.press(Key.Key_X)
    curator.type("s")
    # From the first letter on it goes into the field, so neither s nor a are taken for keys.
    curator.type("ame ball twice")
    curator.press(Key.Key_Return)
    assert curator.mark(first.key) == Mark(chain=first.key, kind=MarkKind.REJECT, reason="same ball twice")
    assert curator.number == curator.listed[1]


def test_that_escape_gives_rejecting_up(curator: Curator) -> None:
    first = curator.detail
    curator.press(Key.Key_X)
    curator.press(Key.Key_Escape)
    assert not curator.stepper.decision.is_asking
    assert curator.mark(first.key) is None
    assert curator.number == first.stored.number
    curator.press(Key.Key_J)
    assert curator.number == curator.listed[1]


def test_that_a_change_elsewhere_leaves_the_reasons_open(curator: Curator) -> None:
    curator.press(Key.Key_X)
    first = curator.detail
    comment = partial(curator.project.comment, first.key, "grace", "Not so fast", by="elsewhere")
    curator.studio.bridge.edit(comment)
    curator.settle()
    assert curator.stepper.comments.texts() == ["Not so fast"]
    assert curator.stepper.decision.is_asking
    curator.press(Key.Key_1)
    assert curator.mark(first.key) == Mark(chain=first.key, kind=MarkKind.REJECT, reason=REASONS[0])


def test_that_buttons_do_what_keys_do(curator: Curator) -> None:
    keys = [curator.stored(number).chain.key for number in curator.listed[:3]]
    bar = curator.stepper.decision
    curator.click(bar.flag)
    curator.click(bar.accept)
    curator.click(bar.reject)
    curator.click(bar.reasons.buttons[0])
    marks = [curator.mark(key) for key in keys]
    assert [mark.kind for mark in marks if mark is not None] == [MarkKind.FLAG, MarkKind.ACCEPT, MarkKind.REJECT]


def test_that_skipping_decides_nothing(curator: Curator) -> None:
    first = curator.detail
    curator.press(Key.Key_S)
    assert curator.number == curator.listed[1]
    assert curator.mark(first.key) is None
    assert curator.studio.undo_texts[0] is None


def test_that_the_same_decision_again_takes_it_back(curator: Curator) -> None:
    first = curator.detail
    curator.press(Key.Key_F)
    curator.press(Key.Key_K)
    assert "Flagged" in curator.stepper.decision._standing.text.text()
    curator.press(Key.Key_F)
    assert curator.mark(first.key) is None
    assert curator.number == first.stored.number


def test_that_a_decided_chain_leaves_those_to_review(curator: Curator) -> None:
    curator.presenter.search.choose(segment=Segment.TO_REVIEW)
    curator.settle()
    before = curator.listed
    curator.press(Key.Key_A)
    assert curator.listed == before[1:]
    assert curator.number == before[1] == curator.selected()
    curator.press(Key.Key_A)
    curator.press(Key.Key_U)
    assert curator.listed == before[1:]
    assert curator.number == before[1]
    assert curator.window.rail.item("chains").badge() == len(before) - 1


def test_that_the_last_one_to_review_stays_open(curator: Curator) -> None:
    curator.presenter.search.choose(segment=Segment.TO_REVIEW)
    curator.settle()
    count = len(curator.listed)
    for _ in range(count):
        curator.press(Key.Key_A)
    assert curator.listed == []
    assert curator.space.list._reviewed.isVisible()
    with curator.project.read() as read:
        kept = [read.mark(stored.chain.key) for stored in read.chains()]
    assert sum(mark is not None for mark in kept) == count


def test_that_a_comment_is_kept_with_its_author(curator: Curator) -> None:
    curator.press(Key.Key_C)
    curator.type("Look at the shadow")
    curator.press(Key.Key_Return)
    (comment,) = curator.comments(curator.detail.key)
    assert (comment.author, comment.text) == ("ada", "Look at the shadow")
    assert curator.stepper.comments.texts() == ["Look at the shadow"]
    newest, area = curator.stepper.comments.newest, curator.stepper.area
    assert newest is not None
    curator.qtbot.waitUntil(lambda: area.viewport().rect().contains(_place_in(newest, area.viewport())))
    # The keyboard is back at the list: letters are keys again.
    curator.press(Key.Key_J)
    assert curator.number == curator.listed[1]
    curator.press(Key.Key_K)
    curator.undo()
    assert curator.comments(curator.detail.key) == ()
    assert curator.stepper.comments.texts() == []


def _place_in(widget: QWidget, outer: QWidget) -> QRect:
    return QRect(widget.mapTo(outer, QPoint(0, 0)), widget.size())


def test_that_letters_typed_into_a_comment_decide_nothing(curator: Curator) -> None:
    first = curator.detail
    curator.press(Key.Key_C)
    for key in (Key.Key_A, Key.Key_X, Key.Key_J, Key.Key_3):
        curator.press(key)
    field = curator.stepper.comments.field
    assert QApplication.focusWidget() is field
    assert field.text() == "axj3"
    assert curator.number == first.stored.number
    assert curator.mark(first.key) is None


def test_that_nothing_is_decided_in_a_project_open_for_reading(
    curator: Curator, open_chains: Callable[..., Curator]
) -> None:
    path = curator.project.path
    curator.studio.close_project()
    curator.studio.take_project(Project.open(path, read_only=True))
    reading = open_chains()
    key = reading.detail.key
    reading.press(Key.Key_A)
    assert reading.mark(key) is None
    assert not reading.stepper.decision.accept.isEnabled()
    assert "reading only" in reading.stepper.decision.accept.toolTip()
