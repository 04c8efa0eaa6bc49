"""Makes spaces ready that nobody has opened yet, a little at a time, so that going to one does not stop the window."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from PySide6.QtCore import QObject, QTimer

from app.style.icons import icon_names, icon_source

_PACKAGES = ("app.models", "app.presenters", "app.views")
_BEGIN_AFTER_MS = 1500
_EVERY_MS = 16
_TURN_S = 0.006
"""One turn goes on for so long: with what it ends with it takes some 15 ms. Chosen."""


class Warming(QObject):
    """Imports one module after the other while the window waits for input, reads icons, then builds the spaces of a project.

    Importing is most of what the first visit of a space costs, building it most of the rest.

    Args:
        parent: Ends with it.
        build_part: Builds a few milliseconds' worth of a space that nobody has shown yet; False once there is none.
    """

    def __init__(self, parent: QObject, build_part: Callable[[], bool] = lambda: False) -> None:
        super().__init__(parent)
        self._waiting = module_names()
        self._icons = iter(sorted(icon_names()))
        self._build_part = build_part
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._turn)
        self.begin()

    def begin(self) -> None:
        """Begins in a while: another project has been opened, which is shown first."""
        self._timer.start(_BEGIN_AFTER_MS)

    def _turn(self) -> None:
        until = time.perf_counter() + _TURN_S
        while time.perf_counter() < until:
            if not (self._import_next() or self._read_icon() or self._build_part()):
                return
        self._timer.start(_EVERY_MS)

    def _import_next(self) -> bool:
        for name in self._waiting:
            if name not in sys.modules:
                # What cannot be imported is told where it is wanted.
                with suppress(Exception):
                    importlib.import_module(name)
                return True
        return False

    def _read_icon(self) -> bool:
        name = next(self._icons, "")
        if name:
            icon_source(name)
        return bool(name)


def module_names() -> Iterator[str]:
    """Names of all modules that show something, those that others build on first."""
    for package in _PACKAGES:
        yield from sorted(modules_below(package))


def modules_below(package: str) -> Iterator[str]:
    """Names of the modules of a package, those of packages in it before the packages themselves."""
    found = importlib.import_module(package)
    for module in pkgutil.iter_modules(found.__path__, f"{package}."):
        if module.ispkg:
            yield from modules_below(module.name)
        yield module.name
