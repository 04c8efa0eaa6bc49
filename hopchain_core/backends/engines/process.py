"""Our side of an engine: starts the process when it is first asked, and again when it has died."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hopchain_core.backends.engines.channel import read_frame, write_frame
from hopchain_core.backends.servers.news import ServerState
from hopchain_core.backends.servers.room import teller
from hopchain_core.errors import BackendError, PrerequisiteError

ROOT = Path(__file__).resolve().parents[3]
"""Folder that our package lies in, so that a Python without it finds it."""
LOG_LINES = 200
_LAST_LINES = 6
_END_WITHIN_S = 2.0


class EngineProcess:
    """A process that answers calls one after the other. It dies with us, however we die.

    Args:
        module: What it runs, as ``python -m``.
        python: Of its environment; empty for ours.
        arguments: Of the module.
        env: Variables added to ours.
        on_log: Told each line that it writes, in another thread.
        name: Of its profile, for whoever listens to the run.
    """

    def __init__(
        self,
        module: str,
        *,
        name: str = "",
        python: str = "",
        arguments: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        on_log: Callable[[str], None] | None = None,
    ) -> None:
        self._command = [python or sys.executable, "-m", module, *arguments]
        self._env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **(env or {})}
        self._on_log = on_log
        kind = module.split(".")[-2] if "." in module else module
        self.teller = teller(name or kind, kind)
        self._process: subprocess.Popen[bytes] | None = None
        self._pending: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._numbers = itertools.count()
        self._starting = asyncio.Lock()
        self._writing = threading.Lock()
        self._threads: list[threading.Thread] = []
        self.log: deque[str] = deque(maxlen=LOG_LINES)

    @property
    def pid(self) -> int | None:
        """Of the process, while it runs."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Has the engine do something.

        Raises:
            BackendError: It failed at this, or died; the next call starts it again.
            PrerequisiteError: It cannot be started, or says that something is missing.
        """
        process = await self._started()
        loop = asyncio.get_running_loop()
        number = next(self._numbers)
        future: asyncio.Future[dict[str, Any]] = loop.create_future()
        self._pending[number] = future
        # It reads its model when it is first asked, and says nothing until that is done.
        frame = {"id": number, "method": method, "arguments": arguments}
        try:
            await asyncio.to_thread(self._write, process, frame)
            reply = await future
            if "error" not in reply:
                self.teller.changed(ServerState.READY)
        except (BrokenPipeError, ValueError) as error:
            raise self._died() from error
        finally:
            self._pending.pop(number, None)
        return _result(reply)

    async def aclose(self) -> None:
        """Ends the process."""
        async with self._starting:
            process, self._process = self._process, None
            if process is not None:
                await asyncio.to_thread(self._end, process)
                self.teller.changed(ServerState.STOPPED)

    async def _started(self) -> subprocess.Popen[bytes]:
        async with self._starting:
            if self._process is not None and self._process.poll() is None:
                return self._process
            if self._process is not None:
                await asyncio.to_thread(self._end, self._process)
            loop = asyncio.get_running_loop()
            self.teller.changed(ServerState.STARTING)
            self._process = await asyncio.to_thread(self._start, loop)
            return self._process

    def _start(self, loop: asyncio.AbstractEventLoop) -> subprocess.Popen[bytes]:
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self._env,
                # Ctrl-C is for us to decide on.
                start_new_session=True,
            )
        except OSError as error:
            raise PrerequisiteError(
                f"{self._command[0]} cannot be started ({error.strerror}).", hint="Correct the Python of the profile."
            ) from error
        self.log.clear()
        self._threads = [
            threading.Thread(target=self._listen, args=(process, loop), name="engine-replies", daemon=True),
            threading.Thread(target=self._read_log, args=(process,), name="engine-log", daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        return process

    def _write(self, process: subprocess.Popen[bytes], frame: dict[str, Any]) -> None:
        assert process.stdin is not None
        with self._writing:
            write_frame(process.stdin, frame)  # type: ignore[arg-type]

    def _listen(self, process: subprocess.Popen[bytes], loop: asyncio.AbstractEventLoop) -> None:
        assert process.stdout is not None
        try:
            while True:
                reply = read_frame(process.stdout)  # type: ignore[arg-type]
                _post(loop, self._settle, reply)
        except (EOFError, ValueError, OSError):
            process.wait()
            _post(loop, self._ended, process)

    def _read_log(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stderr is not None
        with process.stderr:
            for raw in process.stderr:
                line = raw.decode(errors="replace").rstrip()
                self.log.append(line)
                self.teller.wrote(line)
                if self._on_log is not None:
                    self._on_log(line)

    def _settle(self, reply: dict[str, Any]) -> None:
        future = self._pending.get(int(reply["id"]))
        if future is not None and not future.done():
            future.set_result(reply)

    def _ended(self, process: subprocess.Popen[bytes]) -> None:
        if process is self._process:
            self.teller.changed(ServerState.DIED, self._last_lines())
        for future in list(self._pending.values()):
            if not future.done():
                future.set_exception(self._died())

    def _died(self) -> BackendError:
        return BackendError(f"The engine ended on the way. {self._last_lines()}", kind="engine_died")

    def _last_lines(self) -> str:
        return " | ".join([line for line in self.log if line.strip()][-_LAST_LINES:]) or "It said nothing."

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        try:
            process.wait(_END_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for thread in self._threads:
            thread.join()
        process.stdout.close()


def _post(loop: asyncio.AbstractEventLoop, callback: Callable[..., None], *arguments: Any) -> None:
    try:
        loop.call_soon_threadsafe(callback, *arguments)
    except RuntimeError:
        # The loop is closed: nobody waits any more.
        return


def _result(reply: dict[str, Any]) -> dict[str, Any]:
    error = reply.get("error")
    if error is None:
        result: dict[str, Any] = reply["result"]
        return result
    if error["of"] == "known":
        raise PrerequisiteError(error["message"], hint=error["hint"])
    if error["of"] == "bug":
        message = error["message"].strip().splitlines()
        raise BackendError(f"{message[-1]}\n{error['message']}", kind=error["kind"])
    raise BackendError(error["message"], kind=error["kind"])
