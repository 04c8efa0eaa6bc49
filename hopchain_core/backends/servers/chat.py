"""A model on a vLLM server of ours, or on one that somebody started before by its profile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from hopchain_core.backends.servers.kept import KeptServer
from hopchain_core.backends.servers.news import ServerState, Teller
from hopchain_core.backends.servers.room import current, teller
from hopchain_core.backends.servers.started import AttachedServer, attached_to
from hopchain_core.backends.servers.vllm import VllmServer
from hopchain_core.backends.vlm.chat import ChatReply, ChatRequest
from hopchain_core.backends.vlm.client import ChatClient
from hopchain_core.backends.vlm.endpoint import Endpoint
from hopchain_core.errors import BackendError
from hopchain_core.profiles.profile import ServerAbilities, VllmProfile


class VllmChat:
    """Asks a server that is started when it is first asked.

    Within a run the server is the run's and stays when this is closed; else it is ours and ends with us.

    Args:
        profile: What to serve, and how.
        on_log: Told each line of the server's log, and what is waited for, in any thread; not within a run.
    """

    def __init__(self, profile: VllmProfile, on_log: Callable[[str], None] | None = None) -> None:
        self._profile = profile
        room = current()
        self._is_ours = room is None
        self._teller = teller(profile.name, profile.kind)
        own = Teller(_Lines(on_log) if on_log is not None else None, profile.name, profile.kind)
        self._kept = KeptServer(profile, own) if room is None else room.kept(profile)
        self._source: KeptServer | AttachedServer | None = None
        self._client: ChatClient | None = None
        self._asking = ""
        self._starting = asyncio.Lock()

    @property
    def model(self) -> str:
        """The model's name as records show it."""
        return self._profile.label or self._profile.model

    @property
    def server(self) -> VllmServer:
        """The process behind it, where it is ours or the run's."""
        return self._kept.server

    async def aclose(self) -> None:
        """Lets the server go: it stops where it is ours."""
        async with self._starting:
            await self._close_client()
            source, self._source = self._source, None
            if source is not None:
                source.leave()
            if self._is_ours:
                await self._kept.aclose()

    async def chat(self, request: ChatRequest) -> ChatReply:
        """See `ChatModel.chat`. A server that died is started again for the next request."""
        client = await self._ready()
        try:
            return await client.chat(request)
        except BackendError as error:
            source = self._source
            if source is not None and not source.is_ready and error.kind in ("out_of_reach", "server_error"):
                raise BackendError(f"vLLM ended on the way. {error}", kind="engine_died") from error
            raise

    async def _ready(self) -> ChatClient:
        async with self._starting:
            if self._source is not None and isinstance(self._source, AttachedServer) and not self._source.is_ready:
                # It was stopped meanwhile: one of our own takes over.
                self._source.leave()
                self._source = None
            if self._source is None:
                source = attached_to(self._profile) or self._kept
                await source.use()
                self._source = source
                if isinstance(source, AttachedServer):
                    self._teller.changed(ServerState.READY, f"started before, at {source.url}")
            elif not self._source.is_ready:
                await self._source.ready()
            if self._client is None or self._asking != self._source.url:
                await self._close_client()
                self._asking = self._source.url
                self._client = ChatClient(self._endpoint(self._asking))
            return self._client

    def _endpoint(self, url: str) -> Endpoint:
        can = ServerAbilities(
            json_schema=True, seed=True, n=True, priority=True, context_tokens=self._profile.context_tokens
        )
        return Endpoint(
            url=url,
            model=self._profile.model,
            label=self.model,
            can=can,
            most_in_flight=self._profile.most_in_flight,
            body={"return_token_ids": True},
        )

    async def _close_client(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()


class _Lines:
    """Hands on the log alone, and what is waited for."""

    def __init__(self, on_log: Callable[[str], None]) -> None:
        self._on_log = on_log

    def changed(self, server: str, kind: str, state: ServerState, text: str) -> None:
        if state is ServerState.WAITING:
            self._on_log(text)

    def wrote(self, server: str, kind: str, line: str) -> None:
        self._on_log(line)
