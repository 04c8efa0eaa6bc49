"""What nobody foresaw: from a slot, a thread, the loop or a read, it becomes a report, and the window goes on."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.crash import CrashHooks, headline, report
from app.session import watch_for_bugs
from app.studio import Studio
from app.views.errors import BugDialog, ErrorDialog
from hopchain_core.domain.review import Mark, MarkKind
from hopchain_core.errors import InputError
from tests.app.shell.person import no_dialog, press, the_dialog


class SlipError(Exception):
    """A bug of ours, made for a test."""


def slip() -> None:
    raise SlipError("the kettle is empty")


@pytest.fixture
def hooks(composed: Composed, loop: qasync.QEventLoop) -> Iterator[CrashHooks]:
    made = watch_for_bugs(composed, loop)
    yield made
    made.remove()


def _from_slot(loop: asyncio.AbstractEventLoop) -> None:
    QTimer.singleShot(0, slip)


def _from_thread(loop: asyncio.AbstractEventLoop) -> None:
    thread = threading.Thread(target=slip)
    thread.start()
    thread.join()


def _from_loop(loop: asyncio.AbstractEventLoop) -> None:
    loop.call_soon(slip)


@pytest.mark.parametrize("source", [_from_slot, _from_thread, _from_loop])
def test_that_a_bug_becomes_a_report(
    composed: Composed,
    hooks: CrashHooks,
    loop: qasync.QEventLoop,
    qtbot: QtBot,
    source: Callable[[asyncio.AbstractEventLoop], None],
) -> None:
    source(loop)
    dialog = the_dialog(qtbot, BugDialog)
    assert "SlipError: the kettle is empty" in dialog.report_text
    assert "in slip" in dialog.report_text
    assert "HopChain Studio" in dialog.report_text
    press(qtbot, dialog, "Copy report")
    assert QGuiApplication.clipboard().text() == dialog.report_text
    press(qtbot, dialog, "Go on")
    qtbot.waitUntil(no_dialog)
    assert composed.window.isVisible()


async def _slip() -> None:
    slip()


@pytest.mark.parametrize(
    "begin",
    [
        lambda studio: studio.spawn(_slip()),
        lambda studio: studio.bridge.ask(slip, lambda _: None),
        lambda studio: studio.bridge.edit(slip),
    ],
    ids=["coroutine", "question", "edit"],
)
def test_that_a_bug_in_the_windows_own_work_becomes_a_report(
    composed: Composed, studio: Studio, qtbot: QtBot, begin: Callable[[Studio], object]
) -> None:
    begin(studio)
    dialog = the_dialog(qtbot, BugDialog)
    assert "SlipError: the kettle is empty" in dialog.report_text
    dialog.reject()


def test_that_work_goes_on_after_a_bug_and_nothing_is_lost(
    composed: Composed,
    studio: Studio,
    hooks: CrashHooks,
    qtbot: QtBot,
    settled: Callable[[Studio], None],
) -> None:
    project = studio.need_project()
    with project.read() as read:
        first, second = (row.key for row in read.chain_rows(read.chain_ids()[:2]))
    studio.bridge.edit(lambda: project.mark(Mark(chain=first, kind=MarkKind.ACCEPT), by=studio))
    QTimer.singleShot(0, slip)
    the_dialog(qtbot, BugDialog).reject()
    studio.bridge.edit(lambda: project.mark(Mark(chain=second, kind=MarkKind.REJECT), by=studio))
    settled(studio)
    with project.read() as read:
        kinds = [mark.kind for key in (first, second) if (mark := read.mark(key)) is not None]
    assert kinds == [MarkKind.ACCEPT, MarkKind.REJECT]


def test_that_bugs_that_follow_join_one_report(composed: Composed, hooks: CrashHooks, qtbot: QtBot) -> None:
    QTimer.singleShot(0, slip)
    dialog = the_dialog(qtbot, BugDialog)
    for number in range(3):
        composed.studio.show_error(ValueError(f"number {number}"))
    assert the_dialog(qtbot, BugDialog) is dialog
    assert dialog.headline.text() == "4 errors, the last: ValueError: number 2"
    for number in range(3):
        assert f"ValueError: number {number}" in dialog.report_text
    dialog.reject()
    composed.studio.show_error(ValueError("later"))
    assert "number 2" not in the_dialog(qtbot, BugDialog).report_text
    the_dialog(qtbot, BugDialog).reject()


def test_that_an_error_of_the_world_is_no_bug(composed: Composed, hooks: CrashHooks, qtbot: QtBot) -> None:
    def fail() -> None:
        raise InputError("The tea is cold.", hint="Make another.")

    QTimer.singleShot(0, fail)
    dialog = the_dialog(qtbot, ErrorDialog)
    assert dialog.text.text() == "The tea is cold."
    assert dialog.hint.text() == "Make another."
    dialog.reject()


def test_that_the_same_error_of_the_world_is_told_once_at_a_time(composed: Composed, qtbot: QtBot) -> None:
    error = InputError("The disk is full.", hint="Make room.")
    for _ in range(3):
        composed.studio.show_error(error)
    first = the_dialog(qtbot, ErrorDialog)
    first.reject()
    assert no_dialog()
    composed.studio.show_error(error)
    again = the_dialog(qtbot, ErrorDialog)
    assert again is not first
    again.reject()


@pytest.mark.parametrize(
    "said",
    [
        "POST https://ada:{}@models.example/v1 failed",
        "headers={{'Authorization': 'Bearer {}'}}",
        "api_key='{}'",
        '{{"access_token": "{}"}}',
        "HF_TOKEN={}",
        "password: {}",
    ],
)
def test_that_a_report_names_no_secret(said: str) -> None:
    secret = "Zq8vLw2pTn5x"
    with pytest.raises(SlipError) as raised:
        raise SlipError(said.format(secret))
    assert secret not in headline(raised.value)
    assert secret not in report(raised.value)
    assert "in test_that_a_report_names_no_secret" in report(raised.value)


def test_that_a_report_leaves_out_what_the_environment_calls_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTHOR_KEY", "correct-horse-battery")
    assert "battery" not in report(SlipError("sent correct-horse-battery to the server"))
    assert "hf_" not in report(SlipError("refused hf_Abcdefgh1jklmnopqrst"))


def test_that_a_report_keeps_words_that_only_look_alike() -> None:
    text = "KeyError: 'sk-learn'; the token 12 of 4096; a basic shape; https://models.example:8000/v1"
    assert text in report(SlipError(text))


def test_that_a_report_keeps_the_home_folder_to_itself() -> None:
    try:
        raise OSError(f"cannot read {Path.home()}/secret/p.hopchain")
    except OSError as error:
        text = report(error)
    assert "~/secret/p.hopchain" in text
    assert str(Path.home()) not in text


def test_that_hooks_put_back_what_was_there(composed: Composed, loop: qasync.QEventLoop) -> None:
    before = sys.excepthook, threading.excepthook
    hooks = watch_for_bugs(composed, loop)
    assert sys.excepthook != before[0]
    hooks.remove()
    assert (sys.excepthook, threading.excepthook) == before
