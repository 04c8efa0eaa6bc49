"""What happens when something goes wrong that nobody foresaw: a report that can be copied, and work goes on."""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import re
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
_LEFT_OUT = "[left out]"
_LEAST_SECRET = 8
"""Shorter values of the environment may stand in any text by chance. Chosen."""
_NAMES_A_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSW", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"(\w+://)[^\s/@:]*:[^\s/@]+@")
_BEARER = re.compile(r"(\b(?:Bearer|Basic)\s+)[\w.~+/=-]{6,}", re.IGNORECASE)
_NAMED = re.compile(
    r"(\b[\w-]*(?:api[_-]?key|token|secret|password|passwd)[\"']?\s*[=:]\s*[\"']?)[^\s\"',;&)}\]]{6,}", re.IGNORECASE
)
_PREFIXED = re.compile(r"\b(?:sk|hf|ghp|gho|github_pat|gsk|xai|AIza|AKIA)[-_]?(?=[\w-]*\d)[\w-]{16,}")
"""As the keys of common services begin: OpenAI and its like, Hugging Face, GitHub, Groq, xAI, Google, Amazon."""


def report(error: BaseException) -> str:
    """A bug as text to send: what is installed, and where it happened.

    The home folder is written as ``~``; what looks like a key, a password or a token is left out.

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
    return _shareable("\n".join(lines))


def _shareable(text: str) -> str:
    return without_secrets(text.replace(str(Path.home()), "~"))


def without_secrets(text: str) -> str:
    """The same text with keys, passwords and tokens left out: by how they look, and by what the environment calls so."""
    for name, value in os.environ.items():
        if _NAMES_A_SECRET.search(name) and len(value) >= _LEAST_SECRET:
            text = text.replace(value, _LEFT_OUT)
    text = _IN_ADDRESS.sub(rf"\1{_LEFT_OUT}@", text)
    text = _BEARER.sub(rf"\1{_LEFT_OUT}", text)
    text = _NAMED.sub(rf"\1{_LEFT_OUT}", text)
    return _PREFIXED.sub(_LEFT_OUT, text)


def headline(error: BaseException) -> str:
    """A bug in one line."""
    text = _shareable(" ".join(str(error).split()))
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
