"""The model servers and workers of runs: what they do, what they wrote, and how fast their models are."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from app.models.spans import NONE, span_text
from hopchain_core.jobs.events import CardMemory, Event, ModelPace, RunEnded, ServerChanged, ServerState, ServerWrote

MOST_LINES = 2000
KIND_WORDS = {"vllm": "vLLM", "sam3": "SAM 3", "transformers": "transformers"}
STATE_WORDS = {
    ServerState.WAITING: "waiting for its card",
    ServerState.STARTING: "starting",
    ServerState.READY: "ready",
    ServerState.ASLEEP: "asleep, its card is free",
    ServerState.STOPPED: "stopped",
    ServerState.DIED: "died",
}
_COUNTED = frozenset({ServerState.WAITING, ServerState.STARTING})
"""States whose length a person wants to see."""


@dataclass(slots=True)
class Server:
    """One server or worker of the runs of this window.

    Attributes:
        name: Of its profile.
        kind: vllm, sam3 or transformers.
        state: What it does.
        text: Its address, what it waits for, or its last lines.
        since: When that began, on the clock of the board.
        lines: Of its log, the newest last.
        pace: How fast its model was lately; None until that is known.
    """

    name: str
    kind: str
    state: ServerState = ServerState.STOPPED
    text: str = ""
    since: float = 0.0
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=MOST_LINES))
    pace: ModelPace | None = None

    def state_text(self, now: float) -> str:
        """What it does, in words, with how long it has done so where that matters."""
        word = STATE_WORDS[self.state]
        return f"{word} {span_text(now - self.since)}" if self.state in _COUNTED else word

    @property
    def is_counted(self) -> bool:
        """Its words change with the time."""
        return self.state in _COUNTED

    @property
    def log(self) -> str:
        """All that is kept of its log."""
        return "\n".join(self.lines)


class ServerBoard:
    """Every server that a run of this window has told of.

    Args:
        clock: Seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.servers: dict[str, Server] = {}
        self.by_stage: dict[str, str] = {}
        self.paces: dict[str, ModelPace] = {}

    def take(self, events: Iterable[Event]) -> dict[str, list[str]]:
        """Takes what happened; gives the new lines of each server that something is new of."""
        news: dict[str, list[str]] = {}
        for event in events:
            match event:
                case ServerChanged():
                    server = self._server(event.server, event.kind)
                    server.state, server.text, server.since = event.state, event.text, self.clock()
                    if event.state is not ServerState.READY:
                        server.pace = None
                    if event.stage:
                        self.by_stage[event.stage] = event.server
                    news.setdefault(event.server, [])
                case ServerWrote():
                    self._server(event.server, event.kind).lines.append(event.line)
                    news.setdefault(event.server, []).append(event.line)
                case ModelPace():
                    self.paces[event.stage] = event
                    if event.server in self.servers:
                        self.servers[event.server].pace = event
                        news.setdefault(event.server, [])
                case RunEnded():
                    self.paces.pop(event.stage, None)
                    self.by_stage.pop(event.stage, None)
        return news

    def note_of(self, stage: str) -> str:
        """What a card says of the model of a stage that runs; empty when there is nothing to say."""
        server = self.servers.get(self.by_stage.get(stage, ""))
        if server is not None and server.state is not ServerState.READY:
            return f"{server.name} {server.state_text(self.clock())}"
        pace = self.paces.get(stage)
        return pace_text(pace) if pace is not None else ""

    @property
    def is_counting(self) -> bool:
        """Somebody's words change with the time."""
        return any(server.is_counted for server in self.servers.values())

    def _server(self, name: str, kind: str) -> Server:
        return self.servers.setdefault(name, Server(name, kind))


def pace_text(pace: ModelPace) -> str:
    """How fast a model is, in words."""
    parts = []
    if pace.tokens_per_s:
        parts.append(f"{pace.tokens_per_s:,.0f} tokens/s")
    if pace.pictures_per_s:
        parts.append(f"{pace.pictures_per_s:.1f} pictures/s")
    if pace.running is not None and (pace.running or pace.waiting):
        parts.append(f"{pace.running} at once" + (f", {pace.waiting} wait" if pace.waiting else ""))
    parts += [card_text(card) for card in pace.cards[:1]]
    return " · ".join(parts)


def card_text(card: CardMemory) -> str:
    """The memory of a card, in words."""
    return f"card {card.number}: {card.used_mib / 1024:.1f} of {card.total_mib / 1024:.0f} GiB"


def figures_of(server: Server) -> tuple[tuple[str, str], ...]:
    """What a server's panel shows in figures: words and values."""
    pace = server.pace
    if pace is None:
        return ()
    rows = [
        ("written", f"{pace.tokens_per_s:,.0f} tokens/s"),
        ("read", f"{pace.prompt_tokens_per_s:,.0f} tokens/s"),
        ("pictures", f"{pace.pictures_per_s:.1f}/s"),
    ]
    if pace.running is not None:
        rows.append(("requests", f"{pace.running} run, {pace.waiting or 0} wait"))
    if pace.cache_share is not None:
        rows.append(("cache", f"{pace.cache_share:.0%}" if pace.cache_share else NONE))
    rows += [(f"card {card.number}", card_text(card).partition(": ")[2]) for card in pace.cards]
    return tuple(rows)
