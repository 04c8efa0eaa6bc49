"""Seconds that a person really spends on a question: away from the window or idle, none go by."""

from __future__ import annotations

import time
from collections.abc import Callable

IDLE_S = 60.0
"""After this long without a key or a move of the mouse a person is taken to be away. Chosen: longer than one looks at a
picture without moving a hand, and short enough that a coffee does not count."""


class ActiveTime:
    """Counts for one question at a time.

    Args:
        now: A clock that never goes back, in seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._seconds = 0.0
        self._touched: float | None = None

    def begin(self, seconds: float = 0.0) -> None:
        """Another question; it has had so many seconds before. The person is here."""
        self._seconds = seconds
        self._touched = self._now()

    def touch(self) -> None:
        """The person did something, or is back."""
        now = self._now()
        if self._touched is not None:
            self._seconds += min(now - self._touched, IDLE_S)
        self._touched = now

    def pause(self) -> None:
        """The window is no longer in front; the next `touch` goes on."""
        if self._touched is not None:
            self.touch()
            self._touched = None

    @property
    def seconds(self) -> float:
        """So far."""
        since = 0.0 if self._touched is None else min(self._now() - self._touched, IDLE_S)
        return self._seconds + since
