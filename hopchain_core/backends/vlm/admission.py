"""How many samples are in flight at one endpoint: more while it goes well, fewer at once when it does not.

Additive increase, multiplicative decrease, after TCP's congestion control; the constants are chosen.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from hopchain_core.backends.protocols import Urgency

DECREASE = 0.75
SUCCESSES_FOR_ONE_MORE = 25
COOL_DOWN_S = 2.0
"""Trouble within this time of the last decrease is the same trouble."""


class Admission:
    """Lets samples through, a person's first, as many at once as the endpoint bears. For one event loop.

    Args:
        most: Samples in flight at most.
        clock: Seconds that never go back.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        if most < 1:
            raise ValueError("at least one sample must be let through")
        self._most = most
        self._clock = clock
        self._limit = float(most)
        self._in_flight = 0
        self._successes = 0
        self._decreased_at = -COOL_DOWN_S
        self._waiting: list[tuple[int, int, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    @property
    def limit(self) -> int:
        """Samples that may be in flight now."""
        return max(1, int(self._limit))

    @property
    def in_flight(self) -> int:
        """Samples in flight."""
        return self._in_flight

    @property
    def waiting(self) -> int:
        """Requests that wait to be let through."""
        return sum(not future.done() for *_, future in self._waiting)

    @asynccontextmanager
    async def samples(self, count: int, urgency: Urgency = Urgency.BATCH) -> AsyncIterator[None]:
        """Waits until so many samples may go, and counts them as in flight until the block ends.

        A request for more than the limit goes when nothing else is in flight.
        """
        await self._enter(count, urgency)
        try:
            yield
        finally:
            self._in_flight -= count
            self._let_through()

    def succeeded(self, count: int = 1) -> None:
        """So many samples came back in order."""
        self._successes += count
        more, self._successes = divmod(self._successes, SUCCESSES_FOR_ONE_MORE)
        if more and self._limit < self._most:
            self._limit = min(float(self._most), self._limit + more)
            self._let_through()

    def troubled(self) -> None:
        """The endpoint said that it is too much, failed or took too long."""
        self._successes = 0
        now = self._clock()
        if now - self._decreased_at >= COOL_DOWN_S:
            self._decreased_at = now
            self._limit = max(1.0, self._limit * DECREASE)

    async def _enter(self, count: int, urgency: Urgency) -> None:
        if not self._waiting and self._fits(count):
            self._in_flight += count
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        rank = 0 if urgency is Urgency.PERSON else 1
        heapq.heappush(self._waiting, (rank, next(self._order), count, future))
        self._let_through()
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self._in_flight -= count
            self._let_through()
            raise

    def _fits(self, count: int) -> bool:
        return self._in_flight == 0 or self._in_flight + count <= self.limit

    def _let_through(self) -> None:
        while self._waiting:
            _, _, count, future = self._waiting[0]
            if future.done():
                heapq.heappop(self._waiting)
            elif self._fits(count):
                heapq.heappop(self._waiting)
                self._in_flight += count
                future.set_result(None)
            else:
                return
