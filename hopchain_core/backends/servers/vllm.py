"""A vLLM server of ours: started when it is first asked, stopped when it is given back, never left behind.

It runs in the Python of its own environment; we speak to it over HTTP on loopback. Flags as vLLM 0.32 and 0.33 name
them.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import httpx2

from hopchain_core.backends.engines.setup import python_of
from hopchain_core.backends.servers.guard import MARK
from hopchain_core.errors import PrerequisiteError
from hopchain_core.profiles.profile import VllmProfile

GUARD = Path(__file__).with_name("guard.py")
HOST = "127.0.0.1"
LOG_LINES = 400
_LOOK_AGAIN_S = 0.25
_LAST_LINES = 8
SLEEP_WITHIN_S = 60.0
"""Measured by others at 3 s; one that takes longer is stopped instead."""


class VllmServer:
    """One server process, with all that hangs on it.

    Args:
        profile: What to serve, and how.
        on_log: Told each line that it writes, in another thread.
    """

    def __init__(self, profile: VllmProfile, on_log: Callable[[str], None] | None = None) -> None:
        self._profile = profile
        self._on_log = on_log
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._session = 0
        self.port = 0
        self.log: deque[str] = deque(maxlen=LOG_LINES)

    @property
    def is_running(self) -> bool:
        """The engine has not ended, of itself or otherwise."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Of the guard, while it runs."""
        return self._process.pid if self._process is not None and self.is_running else None

    @property
    def url(self) -> str:
        """Base of its chat."""
        return f"http://{HOST}:{self.port}/v1"

    async def start(self) -> None:
        """Starts it and waits until it answers.

        Raises:
            PrerequisiteError: It ended before it was ready, took too long, or its Python cannot be started.
        """
        self.port = _free_port()
        self._process = await asyncio.to_thread(self._spawn)
        try:
            await self._ready()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Ends it with all its processes."""
        process, self._process = self._process, None
        if process is None:
            return
        await asyncio.to_thread(self._end, process)

    async def sleep(self) -> bool:
        """Moves its weights to the computer's memory, so that its cards are free; whether that went well.

        Requests that still run are waited for. Only where the profile says that it may.
        """
        # Level 1 keeps the weights; by default, what runs would be dropped.
        if not await self._post("/sleep?level=1&mode=wait", SLEEP_WITHIN_S):
            return False
        return await self._is_sleeping() is True

    async def wake(self) -> bool:
        """Brings it back on its cards; whether that went well."""
        if not self.is_running or not await self._post("/wake_up", SLEEP_WITHIN_S):
            return False
        return await self._is_sleeping() is False

    async def figures(self) -> dict[str, float]:
        """What it counts of itself, by the names of its metrics without labels; empty where it does not answer."""
        with contextlib.suppress(httpx2.HTTPError):
            async with httpx2.AsyncClient(trust_env=False, timeout=2.0) as http:
                response = await http.get(f"http://{HOST}:{self.port}/metrics")
            if response.status_code == 200:
                return read_figures(response.text)
        return {}

    async def _post(self, path: str, timeout_s: float) -> bool:
        try:
            async with httpx2.AsyncClient(trust_env=False, timeout=timeout_s) as http:
                return (await http.post(f"http://{HOST}:{self.port}{path}")).status_code == 200
        except httpx2.HTTPError:
            return False

    async def _is_sleeping(self) -> bool | None:
        try:
            async with httpx2.AsyncClient(trust_env=False, timeout=5.0) as http:
                found = (await http.get(f"http://{HOST}:{self.port}/is_sleeping")).json()
            return bool(found["is_sleeping"])
        except (httpx2.HTTPError, ValueError, KeyError, TypeError):
            return None

    def command(self) -> list[str]:
        """The command line of the server itself."""
        profile = self._profile
        return [
            profile.python or str(python_of("vllm") or sys.executable),
            "-m",
            "vllm.entrypoints.cli.main",
            "serve",
            profile.model,
            *("--host", HOST, "--port", str(self.port)),
            *("--served-model-name", profile.model),
            *("--max-model-len", str(profile.context_tokens)),
            *("--gpu-memory-utilization", str(profile.memory_share)),
            *("--tensor-parallel-size", str(len(profile.devices))),
            *("--limit-mm-per-prompt", f'{{"image": {profile.pictures_per_request}, "video": 0}}'),
            # Without this the model's own sampling settings would apply in silence.
            *("--generation-config", "vllm"),
            "--enable-prefix-caching",
            # What a person waits for goes before a batch, whichever process of ours asked.
            *("--scheduling-policy", "priority"),
            # The other backends let raw control characters into strings, or take 45 % more tokens.
            *("--structured-outputs-config", '{"backend": "guidance", "disable_any_whitespace": true}'),
            # By default it would fetch any address that a message names.
            *("--allowed-media-domains", HOST),
            *(("--enable-sleep-mode",) if profile.sleeps else ()),
            *profile.arguments,
        ]

    def _spawn(self) -> subprocess.Popen[bytes]:
        env = {
            **os.environ,
            "CUDA_VISIBLE_DEVICES": ",".join(map(str, self._profile.devices)),
            "VLLM_NO_USAGE_STATS": "1",
            "DO_NOT_TRACK": "1",
            "PYTHONUNBUFFERED": "1",
            # Only this lets it be put to sleep; it opens more besides, so the server listens on loopback alone.
            **({"VLLM_SERVER_DEV_MODE": "1"} if self._profile.sleeps else {}),
        }
        try:
            process = subprocess.Popen(
                [sys.executable, str(GUARD), *self.command()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=env,
                start_new_session=True,
            )
        except OSError as error:
            raise PrerequisiteError(f"vLLM cannot be started ({error.strerror}).", hint="See the profile.") from error
        self.log.clear()
        self._session = 0
        self._reader = threading.Thread(target=self._read_log, args=(process,), name="server-log", daemon=True)
        self._reader.start()
        return process

    async def _ready(self) -> None:
        deadline = time.monotonic() + self._profile.ready_within_s
        async with httpx2.AsyncClient(trust_env=False, timeout=5.0) as http:
            while time.monotonic() < deadline:
                if not self.is_running:
                    # By whether it ended, never by its status: a crashed vLLM ends with 0.
                    raise PrerequisiteError(
                        f"vLLM ended before it could serve {self._profile.model}. {self.last_lines()}",
                        hint="See its log; often the card has too little memory free, or the model cannot be found.",
                    )
                with contextlib.suppress(httpx2.HTTPError):
                    if (await http.get(f"http://{HOST}:{self.port}/health")).status_code == 200:
                        return
                await asyncio.sleep(_LOOK_AGAIN_S)
        raise PrerequisiteError(
            f"vLLM was not ready within {self._profile.ready_within_s:.0f} s. {self.last_lines()}",
            hint="Give it longer in its profile (ready_within_s), or see its log.",
        )

    def _read_log(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for raw in process.stdout:
                line = raw.decode(errors="replace").rstrip()
                if line.startswith(MARK):
                    self._session = int(line.removeprefix(MARK))
                    continue
                self.log.append(line)
                if self._on_log is not None:
                    self._on_log(line)

    def last_lines(self) -> str:
        """The end of its log in one line."""
        return " | ".join([line for line in self.log if line.strip()][-_LAST_LINES:])

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        # The guard takes its time for a clean end and then none.
        process.wait()
        if process.returncode < 0 and self._session:
            # The guard was killed and could not clear up: what it guarded is ours to end.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._session, signal.SIGKILL)
        if self._reader is not None:
            self._reader.join()


def read_figures(text: str) -> dict[str, float]:
    """Reads the metrics of a server, in the text format of Prometheus; those of several labels are added up."""
    found: dict[str, float] = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        name, _, value = line.rpartition(" ")
        name = name.partition("{")[0].strip()
        if name:
            with contextlib.suppress(ValueError):
                found[name] = found.get(name, 0.0) + float(value)
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
