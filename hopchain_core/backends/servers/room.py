"""What a run keeps between its stages: its servers, who is told of them, and what went through its models."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from hopchain_core.backends.servers.kept import KeptServer
from hopchain_core.backends.servers.news import Listener, Teller
from hopchain_core.backends.vlm.chat import ChatModel, ChatReply, ChatRequest, PicturePart
from hopchain_core.profiles.profile import VllmProfile


class Room:
    """The servers of one run. Backends made inside `entered` share them.

    Args:
        listener: Told what they do.
    """

    def __init__(self, listener: Listener | None = None) -> None:
        self.listener = listener
        self._kept: dict[str, KeptServer] = {}
        self.meter: MeteredModel | None = None

    def kept(self, profile: VllmProfile) -> KeptServer:
        """The server of a profile, one for all stages that use it."""
        found = self._kept.get(profile.name)
        if found is None:
            found = self._kept[profile.name] = KeptServer(profile, Teller(self.listener, profile.name, profile.kind))
        return found

    def server_of(self, name: str) -> KeptServer | None:
        """The server of a profile, where the run has one."""
        return self._kept.get(name)

    async def aclose(self) -> None:
        """Stops them all."""
        await asyncio.gather(*(server.aclose() for server in self._kept.values()))
        self._kept.clear()


_current: ContextVar[Room | None] = ContextVar("room", default=None)


def current() -> Room | None:
    """The room of the run that this is called in."""
    return _current.get()


@contextmanager
def entered(room: Room) -> Iterator[None]:
    """Makes it the room of what is called within."""
    token = _current.set(room)
    try:
        yield
    finally:
        _current.reset(token)


def teller(name: str, kind: str) -> Teller:
    """Tells whoever listens to the run of this server; nobody outside a run."""
    room = current()
    return Teller(room.listener if room is not None else None, name, kind)


class MeteredModel:
    """A model, with what has gone through it counted.

    Args:
        model: That is asked.
        name: Of its profile.
    """

    def __init__(self, model: ChatModel, name: str) -> None:
        self.inner = model
        self.name = name
        self.requests = 0
        self.prompt_tokens = 0
        self.completion_tokens = 0
        self.pictures = 0

    @property
    def model(self) -> str:
        """Its name, as records show it."""
        return self.inner.model

    @property
    def settings(self) -> Mapping[str, Any]:
        """What besides the requests determines what it says; nothing where it has none."""
        found: Mapping[str, Any] = getattr(self.inner, "settings", {})
        return found

    async def chat(self, request: ChatRequest) -> ChatReply:
        """See `ChatModel.chat`."""
        reply = await self.inner.chat(request)
        self.requests += 1
        self.prompt_tokens += reply.prompt_tokens
        self.completion_tokens += reply.completion_tokens
        self.pictures += sum(isinstance(part, PicturePart) for message in request.messages for part in message.parts)
        return reply

    async def aclose(self) -> None:
        """See `ChatModel.aclose`."""
        await self.inner.aclose()


def metered(model: ChatModel, name: str) -> ChatModel:
    """The model with a meter before it while a run goes on; else the model itself."""
    room = current()
    if room is None:
        return model
    room.meter = MeteredModel(model, name)
    return room.meter
