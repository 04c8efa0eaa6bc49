"""One session of the studio: the application, its event loop, and its end."""

from __future__ import annotations

import asyncio
import faulthandler
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import qasync
from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication

from app.composition import Composed, compose
from app.crash import CrashHooks
from app.garbage import Collecting
from app.main_window import APP_NAME
from app.settings import Settings, default_path
from app.thumbnails import default_folder
from app.warming import Warming

_ENDING = (signal.SIGINT, signal.SIGTERM)


def run_session(project: Path | None) -> int:
    """Opens the window and returns when it has been closed.

    Args:
        project: Opened at once; the start screen when None.

    Returns:
        The exit code of the process.
    """
    if sys.stderr is not None:
        # What kills the process outright leaves at least where it was.
        with suppress(OSError, ValueError):
            faulthandler.enable()
    settings = Settings(default_path())
    if settings.scale != 100:
        # Qt reads it once, before there is an application; what a person set in the environment goes before.
        os.environ.setdefault("QT_SCALE_FACTOR", str(settings.scale / 100))
    app = QApplication(sys.argv[:1])
    app.setApplicationName("hopchain-studio")
    app.setApplicationDisplayName(APP_NAME)
    app.setDesktopFileName("hopchain-studio")
    app.setQuitOnLastWindowClosed(False)
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(_session(app, settings, project))
    return 0


async def _session(app: QApplication, settings: Settings, project: Path | None) -> None:
    composed = compose(app, settings, default_folder())
    hooks = watch_for_bugs(composed, asyncio.get_running_loop())
    signals = Signals(composed.shell.close_window, composed.window)
    closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    composed.window.closing.connect(lambda: None if closed.done() else closed.set_result(None))
    composed.window.come_up()
    composed.window.shows_in_turns = True
    warming = Warming(composed.window, composed.window.build_part)
    composed.studio.project_changed.connect(warming.begin)
    collecting = Collecting(lambda: composed.studio.runs.is_running, composed.window)
    if project is not None:
        composed.studio.open_project(project)
    try:
        await closed
        # What renders or reads in a thread is told to stop: the threads are waited for.
        composed.studio.runs.cancel()
        composed.shell.intake.cancel()
        await composed.studio.tasks.aclose()
    finally:
        composed.studio.close()
        collecting.end()
        signals.remove()
        hooks.remove()


def watch_for_bugs(composed: Composed, loop: asyncio.AbstractEventLoop) -> CrashHooks:
    """Shows what nobody caught, from slots, threads and coroutines, as a report in the window."""
    studio = composed.studio
    # Posted: a dialog belongs to the window's thread, and not into the midst of what just failed.
    hooks = CrashHooks(lambda error: studio.bridge.post(lambda: studio.show_error(error)))
    hooks.watch(loop)
    return hooks


class Signals(QObject):
    """Ends the session in order when the system or a terminal asks for it.

    Python sees a signal only when it gets to run, which it does not while Qt waits; a socket wakes Qt, and what ends
    the session runs between two events.

    Args:
        end: Called on the window's thread.
        parent: Owner.
    """

    def __init__(self, end: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._end = end
        self._reading, self._writing = socket.socketpair()
        for side in (self._reading, self._writing):
            side.setblocking(False)
        self._before = {number: signal.signal(number, _wake) for number in _ENDING}
        self._fd_before = signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._drain)

    def remove(self) -> None:
        """Puts back what was there before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._fd_before)
        for number, before in self._before.items():
            signal.signal(number, before)
        self._reading.close()
        self._writing.close()

    def _drain(self) -> None:
        numbers = b""
        with suppress(BlockingIOError):
            numbers = self._reading.recv(64)
        if set(numbers) & set(_ENDING):
            self._end()


def _wake(number: int, frame: object) -> None:
    """Nothing: Python calls this in the midst of whatever runs, and the number has gone to the socket before."""
