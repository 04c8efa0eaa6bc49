"""Looks for unreachable cycles a little at a time, so that the window does not stand still while Python looks for them.

Left alone, the interpreter looks through every object of the studio now and then: some 150,000 once all spaces are
built, 0.1 to 0.15 s in which no thread runs (measured on two cores). Here what outlived one look is set aside, and a
look covers only what was born since. What was set aside is looked through when nobody waits for the window.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

_EVERY_MS = 1_000
"""Between two looks at what is new: a few thousand objects beside a run, 2 to 5 ms."""
_DEEP_EVERY_S = 600.0
_AWAY_S = 30.0
"""Once the window has not been in use for so long, and once in each such time, everything is looked through."""
_NEVER = 1_000_000_000


class Collecting(QObject):
    """Takes the third generation of the collector over from the interpreter, until `end`.

    Args:
        is_busy: Whether a job runs: everything is then looked through only while the window is not in use.
        parent: Ends with it.
    """

    def __init__(self, is_busy: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._is_busy = is_busy
        self._before = gc.get_threshold()
        gc.set_threshold(self._before[0], self._before[1], _NEVER)
        self._looked_deep = time.monotonic()
        self._left: float | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.applicationStateChanged.connect(self.notice)
        # What there is when the window opens is nearly all there for good.
        self.look()

    def look(self) -> None:
        """Frees what is unreachable among what was born since the last look, and sets aside what is not."""
        gc.collect()
        gc.freeze()

    def look_deep(self) -> None:
        """Frees all that is unreachable."""
        gc.unfreeze()
        self.look()
        self._looked_deep = time.monotonic()

    def stop(self) -> None:
        """Looks no more by itself."""
        self._timer.stop()

    def end(self) -> None:
        """Gives the collector back to the interpreter."""
        self.stop()
        gc.set_threshold(*self._before)
        gc.unfreeze()

    def tick(self) -> None:
        """Looks at what is new, or through everything where that is due and nobody waits."""
        now = time.monotonic()
        is_away = self._left is not None and now - self._left > _AWAY_S
        since = now - self._looked_deep
        if (is_away and since > _AWAY_S) or (since > _DEEP_EVERY_S and not self._is_busy()):
            self.look_deep()
        else:
            self.look()

    def notice(self, state: Qt.ApplicationState) -> None:
        """Takes down when the window was left."""
        self._left = None if state is Qt.ApplicationState.ApplicationActive else time.monotonic()
