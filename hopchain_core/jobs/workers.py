"""Where stages' computing goes, off the event loop: a few processes of our own, or a thread when there is little to do.

Not `concurrent.futures`: its workers cannot be stopped in the middle of a call, and one that dies takes the others'
calls with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hopchain_core.errors import BackendError
from hopchain_core.jobs.worker import PATIENT, read_frame, write_frame


async def compute_in_thread(function: Callable[..., Any], *arguments: Any) -> Any:
    """Calls a function in a thread: no start-up, but one core for all."""
    return await asyncio.to_thread(function, *arguments)


def can_start_processes() -> bool:
    """Whether this Python can be started again beside itself; a frozen program cannot."""
    return bool(sys.executable) and not getattr(sys, "frozen", False)


class WorkerPool:
    """Processes that compute, each started when it is first needed.

    Used on one event loop. `close` it: its processes end at once, in the middle of whatever they do.

    Args:
        size: How many processes at most; as many as there are cores by default.
        is_beside_a_window: All but one compute only while nothing else wants the core, so that a window never waits for
            them; the one goes on where other programs keep every core busy.
    """

    def __init__(self, size: int | None = None, *, is_beside_a_window: bool = False) -> None:
        self.size = size or os.cpu_count() or 1
        # Last in, first out: as long as one process keeps up, the others are not started.
        self._idle: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        self._threads = ThreadPoolExecutor(self.size, thread_name_prefix="talk to worker")
        self._workers: set[_Worker] = set()
        for place in range(self.size):
            # The last one is the first to be used.
            self._add(is_patient=is_beside_a_window and place < self.size - 1)

    async def compute(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Calls a function in the next free process.

        Args:
            function: Found by its module and name over there.
            arguments: Picklable, as is the result.

        Raises:
            BackendError: The process died, such as for want of memory.
            ItemError: As the function raised it; likewise `KnownError`.
            RemoteBugError: The function raised anything else.
        """
        worker = await self._idle.get()
        try:
            is_result, reply = await asyncio.wrap_future(self._threads.submit(worker.ask, function, arguments))
        except (EOFError, BrokenPipeError) as error:
            code = self._replace(worker)
            raise BackendError(f"The process that computed this died (exit code {code}).", kind="died") from error
        except BaseException:
            self._replace(worker)
            raise
        self._idle.put_nowait(worker)
        if not is_result:
            raise reply
        return reply

    def close(self) -> None:
        """Ends the processes."""
        for worker in self._workers:
            worker.kill()
        self._threads.shutdown()

    def _add(self, *, is_patient: bool) -> None:
        worker = _Worker(is_patient=is_patient)
        self._workers.add(worker)
        self._idle.put_nowait(worker)

    def _replace(self, worker: _Worker) -> int | None:
        self._workers.discard(worker)
        code = worker.kill()
        self._add(is_patient=worker.is_patient)
        return code


class _Worker:
    """One process, started at the first call."""

    def __init__(self, *, is_patient: bool) -> None:
        self.is_patient = is_patient
        self._process: subprocess.Popen[bytes] | None = None
        self._is_killed = False
        self._lock = threading.Lock()

    def ask(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[bool, Any]:
        """Makes one call and waits for its reply; (True, result) or (False, exception).

        Raises:
            EOFError: The process died.
            BrokenPipeError: It had died before.
        """
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        write_frame(process.stdin, (function, arguments))  # type: ignore[arg-type]
        reply: tuple[bool, Any] = pickle.loads(read_frame(process.stdout))  # type: ignore[arg-type]
        return reply

    def kill(self) -> int | None:
        """Ends the process at once and for good; gives its exit code, None when there was none."""
        with self._lock:
            self._is_killed = True
            process = self._process
        if process is None:
            return None
        process.kill()
        code = process.wait()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(BrokenPipeError):
                if stream is not None:
                    stream.close()
        return code

    def _running(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._is_killed:
                raise EOFError
            if self._process is None:
                # The same modules must be found over there, wherever they were found from here.
                code = f"import sys; sys.path[:] = {sys.path!r}; from hopchain_core.jobs.worker import main; main()"
                # The processes share the cores among themselves; a library in one of them must not take them all.
                environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
                self._process = subprocess.Popen(
                    [sys.executable, "-c", code, *([PATIENT] if self.is_patient else [])],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    env=environment,
                    # Ctrl-C is for the runner, who decides what becomes of its workers.
                    process_group=0,
                )
            return self._process
