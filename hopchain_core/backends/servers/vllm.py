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
from hopchain_core.backends.servers.lease import DeviceLease
from hopchain_core.backends.vlm.chat import ChatReply, ChatRequest
from hopchain_core.backends.vlm.client import ChatClient
from hopchain_core.backends.vlm.endpoint import Endpoint
from hopchain_core.errors import BackendError, PrerequisiteError
from hopchain_core.profiles.profile import ServerAbilities, VllmProfile

GUARD = Path(__file__).with_name("guard.py")
HOST = "127.0.0.1"
LOG_LINES = 400
_LOOK_AGAIN_S = 0.25
_LAST_LINES = 8
_MOST_STARTS = 3
"""An engine that dies so often will not do better the next time."""


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
            *profile.arguments,
        ]

    def _spawn(self) -> subprocess.Popen[bytes]:
        env = {
            **os.environ,
            "CUDA_VISIBLE_DEVICES": ",".join(map(str, self._profile.devices)),
            "VLLM_NO_USAGE_STATS": "1",
            "DO_NOT_TRACK": "1",
            "PYTHONUNBUFFERED": "1",
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
                        f"vLLM ended before it could serve {self._profile.model}. {self._last_lines()}",
                        hint="See its log; often the card has too little memory free, or the model cannot be found.",
                    )
                with contextlib.suppress(httpx2.HTTPError):
                    if (await http.get(f"http://{HOST}:{self.port}/health")).status_code == 200:
                        return
                await asyncio.sleep(_LOOK_AGAIN_S)
        raise PrerequisiteError(
            f"vLLM was not ready within {self._profile.ready_within_s:.0f} s. {self._last_lines()}",
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

    def _last_lines(self) -> str:
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


class VllmChat:
    """A model on a vLLM server that is started when it is first asked.

    Args:
        profile: What to serve, and how.
        on_log: Told each line of the server's log, and what is waited for, in any thread.
    """

    def __init__(self, profile: VllmProfile, on_log: Callable[[str], None] | None = None) -> None:
        self._profile = profile
        self.server = VllmServer(profile, on_log)
        self._lease = DeviceLease(profile.devices, f"vLLM with {profile.model}", on_log or (lambda text: None))
        self._client: ChatClient | None = None
        self._starting = asyncio.Lock()
        self._starts = 0

    @property
    def model(self) -> str:
        """The model's name as records show it."""
        return self._profile.label or self._profile.model

    async def aclose(self) -> None:
        """Stops the server and gives the cards back."""
        async with self._starting:
            await self._close_client()
            await self.server.stop()
            self._lease.give_back()

    async def chat(self, request: ChatRequest) -> ChatReply:
        """See `ChatModel.chat`. A server that died is started again for the next request."""
        client = await self._ready()
        try:
            return await client.chat(request)
        except BackendError as error:
            if not self.server.is_running and error.kind in ("out_of_reach", "server_error"):
                raise BackendError(f"vLLM ended on the way. {error}", kind="engine_died") from error
            raise

    async def _ready(self) -> ChatClient:
        async with self._starting:
            if self._client is not None and self.server.is_running:
                return self._client
            await self._close_client()
            if self._starts == _MOST_STARTS:
                raise PrerequisiteError(
                    f"vLLM with {self._profile.model} ended {_MOST_STARTS} times.",
                    hint="See its log; mend its profile.",
                )
            await self._lease.take()
            await self.server.stop()
            self._starts += 1
            await self.server.start()
            self._client = ChatClient(
                Endpoint(
                    url=self.server.url,
                    model=self._profile.model,
                    label=self.model,
                    can=ServerAbilities(
                        json_schema=True,
                        seed=True,
                        n=True,
                        priority=True,
                        context_tokens=self._profile.context_tokens,
                    ),
                    most_in_flight=self._profile.most_in_flight,
                    body={"return_token_ids": True},
                )
            )
            return self._client

    async def _close_client(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
