"""What servers and workers tell of themselves while they are used: what they do, and what they write."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class ServerState(StrEnum):
    """What a server or a worker does."""

    WAITING = "waiting"
    """For its card, which somebody else holds."""
    STARTING = "starting"
    READY = "ready"
    ASLEEP = "asleep"
    """Its weights are in the computer's memory and its card is free."""
    STOPPED = "stopped"
    DIED = "died"


class Listener(Protocol):
    """Is told, in any thread."""

    def changed(self, server: str, kind: str, state: ServerState, text: str) -> None:
        """A server does something else now.

        Args:
            server: Its name: that of its profile.
            kind: vllm, sam3 or transformers.
            state: What it does.
            text: Its address, what it waits for, or its last lines.
        """
        ...

    def wrote(self, server: str, kind: str, line: str) -> None:
        """A server wrote a line of its log."""
        ...


class Teller:
    """Tells of one server; without a listener it tells nobody.

    Args:
        listener: Who is told.
        server: Name of its profile.
        kind: vllm, sam3 or transformers.
    """

    def __init__(self, listener: Listener | None, server: str, kind: str) -> None:
        self._listener = listener
        self.server = server
        self.kind = kind
        self.state = ServerState.STOPPED

    def changed(self, state: ServerState, text: str = "") -> None:
        """It does something else now. The same state twice is told once, unless there is something to say."""
        if state is self.state and not text:
            return
        self.state = state
        if self._listener is not None:
            self._listener.changed(self.server, self.kind, state, text)

    def waits(self, text: str) -> None:
        """It waits for a card."""
        self.changed(ServerState.WAITING, text)

    def wrote(self, line: str) -> None:
        """It wrote a line."""
        if self._listener is not None and line.strip():
            self._listener.wrote(self.server, self.kind, line)
