"""How fast a run goes and when it will be over."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

WINDOW_S = 15.0
"""The rate is that of the last moments: models warm up and items differ. Chosen."""
REPORT_EVERY_S = 0.1
"""At most ten reports a second: more than anyone can read."""


class Pace:
    """Rate and time left of one run.

    Args:
        owed: Items to be done.
        clock: Seconds that never go back.
    """

    def __init__(self, owed: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._owed = owed
        self._clock = clock
        self._started = clock()
        self._ended: deque[float] = deque()
        self._count = 0
        self._reported: float | None = None

    def note(self) -> None:
        """An item ended, one way or the other."""
        self._ended.append(self._clock())
        self._count += 1

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return self._clock() - self._started

    def rate_per_s(self) -> float:
        """Items a second over the last moments; 0 before the first."""
        oldest = self._clock() - WINDOW_S
        while self._ended and self._ended[0] <= oldest:
            self._ended.popleft()
        span = min(WINDOW_S, self.seconds)
        return len(self._ended) / span if span > 0 else 0.0

    def remaining_s(self) -> float | None:
        """Seconds to the end at this rate; None until it can be told."""
        rate = self.rate_per_s()
        return (self._owed - self._count) / rate if rate > 0 else None

    def is_report_due(self) -> bool:
        """Whether enough time has gone by since the last report; if so, this counts as one."""
        now = self._clock()
        if self._reported is not None and now - self._reported < REPORT_EVERY_S:
            return False
        self._reported = now
        return True
