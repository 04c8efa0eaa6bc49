"""Keeps one server that somebody started: ``python -m … NAME [PID]``, until SIGTERM, or until that process ends.

The server itself hangs on a guard below us, so that it ends with us, however we end.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from hopchain_core.backends.servers.kept import KeptServer
from hopchain_core.backends.servers.lease import folder, is_free
from hopchain_core.backends.servers.news import ServerState, Teller
from hopchain_core.backends.servers.started import StartedServer, lock_of, note_of, use_of, write_note
from hopchain_core.errors import HopchainError, InputError
from hopchain_core.profiles.book import ProfileBook
from hopchain_core.profiles.profile import VllmProfile

_LOOK_AGAIN_S = 0.1


class Keeper:
    """Holds a server of a profile ready for whoever uses it.

    Args:
        profile: What to serve.
        on_line: Told each line of its log, in another thread.
        on_state: Told what it does: state and text.
        lives_for: A process; None for nobody in particular.
    """

    def __init__(
        self,
        profile: VllmProfile,
        *,
        on_line: Callable[[str], None],
        on_state: Callable[[ServerState, str], None] = lambda state, text: None,
        lives_for: int | None = None,
    ) -> None:
        self._profile = profile
        self._on_line = on_line
        self._on_state = on_state
        self._lives_for = _Life(lives_for)
        self._end = asyncio.Event()
        self._kept = KeptServer(profile, Teller(self, profile.name, profile.kind))
        self._note = StartedServer(
            name=profile.name,
            pid=os.getpid(),
            state=ServerState.STARTING,
            since=time.time(),
            profile=profile.model_dump(mode="json"),
        )

    def end(self) -> None:
        """Asks it to stop."""
        self._end.set()

    async def run(self) -> None:
        """Starts the server and keeps it until `end`.

        Raises:
            InputError: Its keeper is there already.
            PrerequisiteError: It cannot be started, or died too often.
        """
        import fcntl

        folder().mkdir(parents=True, exist_ok=True)
        with lock_of(self._profile.name).open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InputError(f"{self._profile.name} was started already.") from None
            write_note(self._note)
            try:
                await self._keep()
            finally:
                await self._kept.aclose()
                note_of(self._profile.name).unlink(missing_ok=True)

    def changed(self, server: str, kind: str, state: ServerState, text: str) -> None:
        """See `Listener.changed`; comes on our loop."""
        url = self._kept.url if state is ServerState.READY else self._note.url
        self._note = replace(self._note, state=state, text=text, url=url, since=time.time())
        write_note(self._note)
        self._on_state(state, text)

    def wrote(self, server: str, kind: str, line: str) -> None:
        """See `Listener.wrote`."""
        self._on_line(line)

    async def _keep(self) -> None:
        keeping = asyncio.create_task(self._serve())
        ending = asyncio.create_task(self._await_end())
        try:
            await asyncio.wait((keeping, ending), return_when=asyncio.FIRST_COMPLETED)
            if keeping.done():
                keeping.result()
        finally:
            for task in (keeping, ending):
                task.cancel()
            await asyncio.gather(keeping, ending, return_exceptions=True)

    async def _serve(self) -> None:
        # Once for whoever started it; from then on for whoever uses it.
        await self._kept.use()
        self._kept.leave()
        is_used = False
        while True:
            wants = not is_free(use_of(self._profile.name))
            if wants and not is_used:
                await self._kept.use()
            elif wants and not self._kept.is_ready:
                await self._kept.ready()
            elif is_used and not wants:
                self._kept.leave()
            if wants is not is_used:
                is_used = wants
                self._note = replace(self._note, is_used=is_used)
                write_note(self._note)
            if not is_used and self._note.state is ServerState.DIED:
                # Somebody asked for it to be there.
                await self._kept.ready()
            await asyncio.sleep(_LOOK_AGAIN_S)

    async def _await_end(self) -> None:
        while not self._end.is_set() and self._lives_for.goes_on:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._end.wait(), _LOOK_AGAIN_S * 2)


class _Life:
    """Whether a process goes on; where the system can say, a number that is used again deceives nobody."""

    def __init__(self, pid: int | None) -> None:
        self._pid = pid
        self._fd: int | None = None
        if pid is not None and hasattr(os, "pidfd_open"):
            with contextlib.suppress(OSError):
                self._fd = os.pidfd_open(pid)

    @property
    def goes_on(self) -> bool:
        if self._pid is None:
            return True
        if self._fd is not None:
            return not select.select([self._fd], [], [], 0)[0]
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return not hasattr(os, "pidfd_open")


async def keep(keeper: Keeper) -> None:
    """Runs a keeper until SIGTERM, SIGINT or SIGHUP."""
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, keeper.end)
    try:
        await keeper.run()
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def main(arguments: list[str]) -> int:
    """Keeps the server of a profile; its log goes to standard output."""
    lives_for = int(arguments[1]) if len(arguments) > 1 else None

    def say(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    def tell(state: ServerState, text: str) -> None:
        say(f"– {state.value}{f': {text}' if text else ''}")

    async def run() -> None:
        profile = ProfileBook().get(arguments[0])
        if not isinstance(profile, VllmProfile):
            raise InputError(f"{profile.name} has no server.")
        await keep(Keeper(profile, on_line=say, on_state=tell, lives_for=lives_for))

    try:
        asyncio.run(run())
    except HopchainError as error:
        say(f"error: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
