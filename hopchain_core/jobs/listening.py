"""From what servers tell of themselves to events of the run, and how fast its models are."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from hopchain_core.backends.servers.cards import cards
from hopchain_core.backends.servers.news import ServerState
from hopchain_core.backends.servers.room import MeteredModel, Room
from hopchain_core.jobs.events import CardMemory, Event, ModelPace, ServerChanged, ServerWrote

PACE_EVERY_S = 1.0
SPAN_S = 10.0
"""Paces are told over so long: replies of a model that thinks come far apart. Chosen."""

Emit = Callable[[Event], None]


class Listening:
    """Makes events of what servers tell, on the event loop that it was made on.

    Args:
        emit: Told of them.
    """

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._loop = asyncio.get_running_loop()
        self.stage = ""

    def changed(self, server: str, kind: str, state: ServerState, text: str) -> None:
        """See `Listener.changed`."""
        self._post(ServerChanged(stage=self.stage, server=server, kind=kind, state=state, text=text))

    def wrote(self, server: str, kind: str, line: str) -> None:
        """See `Listener.wrote`."""
        self._post(ServerWrote(stage=self.stage, server=server, kind=kind, line=line))

    def _post(self, event: Event) -> None:
        try:
            self._loop.call_soon_threadsafe(self._emit, event)
        except RuntimeError:
            # The loop is closed: the run is over.
            return


@asynccontextmanager
async def told_of_pace(room: Room, stage: str, emit: Emit) -> AsyncIterator[None]:
    """While within, tells about once a second what goes through the model of a stage."""
    meter = room.meter
    telling = None
    if meter is not None:
        begin = (time.monotonic(), *_counts(meter))
        telling = asyncio.create_task(_tell(room, meter, begin, stage, emit))
    try:
        yield
    finally:
        if telling is not None:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)


async def _tell(room: Room, meter: MeteredModel, begin: tuple[float, int, int, int], stage: str, emit: Emit) -> None:
    seen: deque[tuple[float, int, int, int]] = deque([begin])
    last: ModelPace | None = None
    while True:
        await asyncio.sleep(PACE_EVERY_S)
        now = (time.monotonic(), *_counts(meter))
        seen.append(now)
        while now[0] - seen[0][0] > SPAN_S:
            seen.popleft()
        first = seen[0]
        span = max(now[0] - first[0], PACE_EVERY_S)
        server = room.server_of(meter.name)
        figures = await server.server.figures() if server is not None and server.is_ready else {}
        pace = ModelPace(
            stage=stage,
            server=meter.name,
            tokens_per_s=round((now[1] - first[1]) / span, 1),
            prompt_tokens_per_s=round((now[2] - first[2]) / span, 1),
            pictures_per_s=round((now[3] - first[3]) / span, 2),
            running=_whole(figures.get("vllm:num_requests_running")),
            waiting=_whole(figures.get("vllm:num_requests_waiting")),
            cache_share=figures.get("vllm:kv_cache_usage_perc"),
            cards=tuple(
                CardMemory(number=c.number, name=c.name, used_mib=c.used_mib, total_mib=c.total_mib)
                for c in await asyncio.to_thread(cards)
            ),
        )
        if pace != last:
            last = pace
            emit(pace)


def _counts(meter: MeteredModel) -> tuple[int, int, int]:
    return meter.completion_tokens, meter.prompt_tokens, meter.pictures


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
