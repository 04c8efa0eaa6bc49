"""What happens when something goes wrong that nobody foresaw: a report that can be copied, and work goes on."""

from __future__ import annotations

import asyncio
import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import PySide6
from PySide6.QtCore import QtMsgType, qInstallMessageHandler, qVersion

from hopchain_core import __version__

_log = logging.getLogger(__name__)
_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def report(error: BaseException) -> str:
    """A bug as text to send: what is installed, and where it happened. The home folder is written as ``~``.

    Args:
        error: With its traceback, if it was raised.
    """
    lines = [
        f"HopChain Studio {__version__}",
        f"Python {platform.python_version()}, PySide6 {PySide6.__version__}, Qt {qVersion()}",
        f"{platform.platform()}, {sys.byteorder}-endian",
        "",
        *"".join(traceback.format_exception(error)).rstrip().splitlines(),
    ]
    return "\n".join(lines).replace(str(Path.home()), "~")


def headline(error: BaseException) -> str:
    """A bug in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


class CrashHooks:
    """Sends what nobody caught to one place: from slots, threads and coroutines.

    Args:
        show: Told about each, in whatever thread it happened.
    """

    def __init__(self, show: Callable[[BaseException], object]) -> None:
        self._show = show
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._take
        threading.excepthook = self._take_in_thread
        self._qt_before = qInstallMessageHandler(_log_qt)

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Takes what a loop's callbacks raise, too."""
        loop.set_exception_handler(self._take_in_loop)

    def remove(self) -> None:
        """Puts back what was there before."""
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(self._qt_before)

    def _take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        _log.error("a bug: %s", headline(error), exc_info=(kind, error, trace))
        self._tell(error)

    def _take_in_thread(self, args: Any) -> None:
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            self._take(args.exc_type, args.exc_value, args.exc_traceback)

    def _take_in_loop(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            self._take(type(error), error, error.__traceback__)
        else:
            _log.error("the event loop: %s", context.get("message", ""))

    def _tell(self, error: BaseException) -> None:
        try:
            self._show(error)
        except Exception:
            # Telling of a bug must not be one.
            _log.exception("the report could not be shown")


def _log_qt(kind: QtMsgType, context: object, text: str) -> None:
    _log.log(_QT_LEVELS.get(kind, logging.WARNING), "Qt: %s", text)
