"""A vLLM server that stays between the times it is used, and makes room on its card when another needs it."""

from __future__ import annotations

import asyncio
import contextlib

from hopchain_core.backends.servers.lease import DeviceLease
from hopchain_core.backends.servers.news import ServerState, Teller
from hopchain_core.backends.servers.vllm import VllmServer
from hopchain_core.errors import PrerequisiteError
from hopchain_core.profiles.profile import VllmProfile

MOST_STARTS = 3
"""An engine that died so often will not do better the next time."""
_LOOK_AGAIN_S = 0.2


class KeptServer:
    """Started when it is first used. Once nobody uses it, it sleeps or ends as soon as another wants its card.

    It belongs to the event loop that it is first used on.

    Args:
        profile: What to serve, and how.
        teller: Tells what it does and writes.
    """

    def __init__(self, profile: VllmProfile, teller: Teller) -> None:
        self._profile = profile
        self._teller = teller
        self.server = VllmServer(profile, teller.wrote)
        self._lease = DeviceLease(profile.devices, f"vLLM with {profile.model}", teller.waits)
        self._users = 0
        self._deaths = 0
        self._is_asleep = False
        self._turn = asyncio.Lock()
        self._watching: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Base of its chat."""
        return self.server.url

    @property
    def is_ready(self) -> bool:
        """It runs and is awake."""
        return self.server.is_running and not self._is_asleep

    async def use(self) -> None:
        """Starts or wakes it, once its cards are free, and keeps it awake until `leave`.

        Raises:
            PrerequisiteError: It cannot be started, or died too often.
        """
        self._users += 1
        try:
            await self.ready()
        except BaseException:
            self._users -= 1
            raise

    def leave(self) -> None:
        """Ends what `use` began; the server stays until its card is wanted."""
        self._users = max(0, self._users - 1)

    async def ready(self) -> None:
        """Waits until it can be asked, starting it again if it died meanwhile. Raises as `use`."""
        async with self._turn:
            if self.is_ready:
                return
            if self._watching is None:
                self._watching = asyncio.create_task(self._watch())
            self._note_death()
            if self._deaths >= MOST_STARTS:
                raise PrerequisiteError(
                    f"vLLM with {self._profile.model} ended {MOST_STARTS} times.", hint="See its log; mend its profile."
                )
            await self._lease.take()
            self._teller.changed(ServerState.STARTING, "waking up" if self._is_asleep else "")
            if self._is_asleep and await self.server.wake():
                self._is_asleep = False
            else:
                await self._start()
            self._teller.changed(ServerState.READY, self.url)

    async def aclose(self) -> None:
        """Stops it and gives the cards back."""
        watching, self._watching = self._watching, None
        if watching is not None:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
        async with self._turn:
            was_there = self.server.is_running
            await self.server.stop()
            self._is_asleep = False
            self._lease.give_back()
            if was_there:
                self._teller.changed(ServerState.STOPPED)

    async def _start(self) -> None:
        self._is_asleep = False
        await self.server.stop()
        try:
            await self.server.start()
        except PrerequisiteError as error:
            self._teller.changed(ServerState.DIED, str(error))
            self._lease.give_back()
            raise
        except BaseException:
            self._teller.changed(ServerState.STOPPED)
            self._lease.give_back()
            raise

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_AGAIN_S)
            if self._turn.locked():
                # Somebody starts it now, and will see how that ends.
                continue
            async with self._turn:
                self._note_death()
                if not self._users and self._lease.is_held and self._lease.is_wanted():
                    await self._make_room()

    async def _make_room(self) -> None:
        if self.server.is_running and self._profile.sleeps and await self.server.sleep():
            self._is_asleep = True
            self._teller.changed(ServerState.ASLEEP)
        else:
            await self.server.stop()
            self._is_asleep = False
            self._teller.changed(ServerState.STOPPED, "another stage needs its card")
        self._lease.give_back()

    def _note_death(self) -> None:
        if self._teller.state in (ServerState.READY, ServerState.ASLEEP) and not self.server.is_running:
            self._deaths += 1
            self._is_asleep = False
            self._teller.changed(ServerState.DIED, self.server.last_lines() or "It said nothing.")
            with contextlib.suppress(OSError):
                self._lease.give_back()
