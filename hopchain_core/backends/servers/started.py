"""Servers that somebody started by their profile (`hopchain models start`), as all processes of one person see them.

Each has a keeper (see `keeper`), which holds a lock on a note of its own while it lives, so that a note left by one that
was killed deceives nobody. Whoever uses such a server holds another lock, so that it is not put to sleep meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from hopchain_core.backends.servers.lease import folder, is_free
from hopchain_core.backends.servers.news import ServerState
from hopchain_core.errors import InputError, PrerequisiteError
from hopchain_core.profiles.profile import Profile, VllmProfile

KEEPER = "hopchain_core.backends.servers.keeper"
STOP_WITHIN_S = 40.0
_LOOK_AGAIN_S = 0.1
_APPEARS_WITHIN_S = 30.0
_WAKES_WITHIN_S = 1800.0
_LAUNCH = (
    "import os, subprocess, sys\n"
    "log = open(sys.argv[1], 'wb')\n"
    "subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)\n"
    "os._exit(0)\n"
)
"""Leaves the keeper to the system, so that whoever started it need not wait for its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedServer:
    """A server that somebody started.

    Attributes:
        name: Of its profile.
        pid: Of its keeper.
        state: What it does.
        url: Base of its chat; empty until it is ready for the first time.
        text: What it waits for, or its last lines.
        since: When its state began, in seconds of the system's clock.
        is_used: The keeper knows that somebody uses it, and keeps it awake.
        profile: As it was when it was started.
    """

    name: str
    pid: int
    state: ServerState
    url: str = ""
    text: str = ""
    since: float = 0.0
    is_used: bool = False
    profile: dict[str, Any] | None = None


def note_of(name: str) -> Path:
    """Where the keeper of a profile's server notes how it stands."""
    return folder() / f"server-{name.casefold()}.json"


def log_of(name: str) -> Path:
    """Where the log of a profile's server is written."""
    return folder() / f"server-{name.casefold()}.log"


def lock_of(name: str) -> Path:
    """Locked by the keeper while it lives."""
    return folder() / f"server-{name.casefold()}.lock"


def use_of(name: str) -> Path:
    """Locked by whoever uses the server."""
    return folder() / f"server-{name.casefold()}.use"


def write_note(server: StartedServer) -> None:
    """Notes how a server stands, whole or not at all."""
    path = note_of(server.name)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=".server-", delete=False) as file:
        json.dump(asdict(server), file)
    Path(file.name).replace(path)


def started(name: str) -> StartedServer | None:
    """The server of a profile, if one was started and its keeper lives."""
    if is_free(lock_of(name), of_one=True):
        return None
    try:
        data = json.loads(note_of(name).read_text(encoding="utf-8"))
        return StartedServer(**{**data, "state": ServerState(data["state"])})
    except (OSError, ValueError, TypeError, KeyError):
        # Its keeper has only just begun.
        return None


def every_started() -> tuple[StartedServer, ...]:
    """All servers that were started and go on."""
    names = [path.name.removeprefix("server-").removesuffix(".json") for path in folder().glob("server-*.json")]
    return tuple(sorted(filter(None, map(started, names)), key=lambda server: server.name.casefold()))


def may_start(profile: Profile) -> VllmProfile:
    """The profile, if a server can be started by it now.

    Raises:
        InputError: It is of another kind, or its server was started already.
    """
    if not isinstance(profile, VllmProfile):
        raise InputError(
            f"{profile.name} ({profile.kind}) has no server that is started here.",
            hint="Only profiles of the kind vllm have; the others are ready when a stage needs them.",
        )
    there = started(profile.name)
    if there is not None:
        raise InputError(
            f"{profile.name} was started already ({there.state.value}{f', {there.url}' if there.url else ''}).",
            hint=f"Stop it: hopchain models stop {profile.name}",
        )
    return profile


def launch(profile: Profile, *, while_pid: int | None = None) -> None:
    """Starts a server with a keeper of its own, and returns at once.

    Args:
        profile: Which.
        while_pid: It ends when this process does; None keeps it until somebody stops it.

    Raises:
        InputError: See `may_start`.
        PrerequisiteError: No process can be started.
    """
    may_start(profile)
    folder().mkdir(parents=True, exist_ok=True)
    note_of(profile.name).unlink(missing_ok=True)
    command = [sys.executable, "-c", _LAUNCH, str(log_of(profile.name)), sys.executable, "-m", KEEPER, profile.name]
    if while_pid is not None:
        command.append(str(while_pid))
    root = str(Path(__file__).resolve().parents[3])
    paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
    try:
        subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": paths})
    except (OSError, subprocess.CalledProcessError) as error:
        raise PrerequisiteError(f"The server cannot be started ({error}).", hint="Look at the system's log.") from error


def await_appearance(name: str) -> StartedServer:
    """Waits until the keeper of a server that was launched has taken it up.

    Raises:
        PrerequisiteError: It did not, or ended at once.
    """
    deadline = time.monotonic() + _APPEARS_WITHIN_S
    while time.monotonic() < deadline:
        there = started(name)
        if there is not None:
            return there
        time.sleep(_LOOK_AGAIN_S)
    raise PrerequisiteError(f"{name} did not start. {' | '.join(last_log_lines(name, 4))}", hint="See its log.")


def last_log_lines(name: str, most: int = 400) -> tuple[str, ...]:
    """The end of the log of a server that was started; empty where there is none."""
    try:
        with log_of(name).open(encoding="utf-8", errors="replace") as file:
            return tuple(line.rstrip() for line in deque(file, maxlen=most))
    except OSError:
        return ()


def stop(name: str) -> bool:
    """Stops a server that was started, and waits until nothing of it is left.

    Returns:
        False when there was none.

    Raises:
        PrerequisiteError: It does not end.
    """
    there = started(name)
    if there is None:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(there.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_WITHIN_S
    while not is_free(lock_of(name), of_one=True):
        if time.monotonic() > deadline:
            raise PrerequisiteError(f"{name} does not end (process {there.pid}).", hint=f"Run: kill -9 {there.pid}")
        time.sleep(_LOOK_AGAIN_S)
    return True


class AttachedServer:
    """A server that somebody started, used by us for a while.

    Args:
        name: Of its profile.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock: IO[str] | None = None
        self.url = ""

    @property
    def is_ready(self) -> bool:
        """It is kept awake for us."""
        there = started(self._name)
        return there is not None and there.state is ServerState.READY and there.is_used

    async def use(self) -> None:
        """Has it kept awake until `leave`, waking it first where it sleeps. Raises as `ready`."""
        import fcntl

        self._lock = use_of(self._name).open("a+", encoding="utf-8")
        fcntl.flock(self._lock, fcntl.LOCK_SH)
        try:
            await self.ready()
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        """Ends what `use` began."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.close()

    async def ready(self) -> None:
        """Waits until it can be asked.

        Raises:
            PrerequisiteError: It ended meanwhile.
        """
        deadline = time.monotonic() + _WAKES_WITHIN_S
        while time.monotonic() < deadline:
            there = await asyncio.to_thread(started, self._name)
            if there is None:
                break
            if there.state is ServerState.READY and there.is_used:
                self.url = there.url
                return
            await asyncio.sleep(_LOOK_AGAIN_S)
        raise PrerequisiteError(f"The server {self._name} was stopped.", hint="Run again; one is started for the run.")


def attached_to(profile: VllmProfile) -> AttachedServer | None:
    """The server of this very profile, if somebody started one; another one of the same name is not it."""
    there = started(profile.name)
    if there is None or there.profile != profile.model_dump(mode="json"):
        return None
    return AttachedServer(profile.name)
