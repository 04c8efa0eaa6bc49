"""Loads the code of spaces that nobody has opened yet, a little at a time, so that going to one does not stop the window."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import suppress

from PySide6.QtCore import QObject, QTimer

_PACKAGES = ("app.models", "app.presenters", "app.views")
_BEGIN_AFTER_MS = 1500
_EVERY_MS = 20


class Warming(QObject):
    """Imports one module after the other while the window waits for input; each takes a few milliseconds.

    Importing is most of what the first visit of a space costs.

    Args:
        parent: Ends with it.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting = module_names()
        QTimer.singleShot(_BEGIN_AFTER_MS, self, self._next)

    def _next(self) -> None:
        for name in self._waiting:
            if name not in sys.modules:
                # What cannot be imported is told where it is wanted.
                with suppress(Exception):
                    importlib.import_module(name)
                QTimer.singleShot(_EVERY_MS, self, self._next)
                return


def module_names() -> Iterator[str]:
    """Names of all modules that show something, those that others build on first."""
    for package in _PACKAGES:
        yield from sorted(_below(package))


def _below(package: str) -> Iterator[str]:
    found = importlib.import_module(package)
    for module in pkgutil.iter_modules(found.__path__, f"{package}."):
        if module.ispkg:
            yield from _below(module.name)
        yield module.name
