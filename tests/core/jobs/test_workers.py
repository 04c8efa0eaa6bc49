"""Processes that compute for the runner."""

from __future__ import annotations

import asyncio
import math
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.errors import BackendError, InputError, ItemError, PictureError
from hopchain_core.jobs.worker import RemoteBugError
from hopchain_core.jobs.workers import WorkerPool


def _raise(error: Exception) -> None:
    raise error


def _print_and_return(text: str) -> str:
    print(text)
    return text


def _sleep_and_name_process(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _give_what_cannot_be_pickled() -> Callable[[], None]:
    return lambda: None


@contextmanager
def _pool(size: int) -> Iterator[WorkerPool]:
    pool = WorkerPool(size)
    try:
        yield pool
    finally:
        pool.close()


def _with_pool(size: int, use: Callable[[WorkerPool], Coroutine[Any, Any, Any]]) -> Any:
    async def main() -> Any:
        with _pool(size) as pool:
            return await use(pool)

    return asyncio.run(main())


def test_that_calls_give_results_and_run_side_by_side() -> None:
    async def use(pool: WorkerPool) -> tuple[list[int], set[int]]:
        roots = await asyncio.gather(*(pool.compute(math.isqrt, n * n) for n in range(20)))
        processes = await asyncio.gather(*(pool.compute(_sleep_and_name_process, 0.1) for _ in range(2)))
        return roots, set(processes)

    roots, processes = _with_pool(2, use)
    assert roots == list(range(20))
    assert len(processes) == 2
    assert os.getpid() not in processes


def test_that_errors_of_ours_come_back_as_they_are() -> None:
    async def use(pool: WorkerPool) -> list[Any]:
        errors = [PictureError("cut off", kind="truncated"), InputError("no such thing", hint="Look.")]
        return await asyncio.gather(*(pool.compute(_raise, e) for e in errors), return_exceptions=True)

    picture, known = _with_pool(1, use)
    assert isinstance(picture, PictureError)
    assert (str(picture), picture.kind) == ("cut off", "truncated")
    assert isinstance(known, InputError)
    assert known.line == "no such thing Look."


def test_that_a_bug_comes_back_with_its_traceback_and_the_process_goes_on() -> None:
    async def use(pool: WorkerPool) -> tuple[str, int]:
        with pytest.raises(RemoteBugError) as raised:
            await pool.compute(_raise, ZeroDivisionError("a slip"))
        return str(raised.value), await pool.compute(math.isqrt, 81)

    text, root = _with_pool(1, use)
    assert "ZeroDivisionError: a slip" in text
    assert "in _raise" in text
    assert root == 9


def test_that_printing_does_not_disturb_the_replies(capfd: pytest.CaptureFixture[str]) -> None:
    assert _with_pool(1, lambda pool: pool.compute(_print_and_return, "hello")) == "hello"


def test_that_a_result_that_cannot_travel_is_a_bug_and_no_death() -> None:
    async def use(pool: WorkerPool) -> Any:
        with pytest.raises(RemoteBugError, match="pickle"):
            await pool.compute(_give_what_cannot_be_pickled)
        return await pool.compute(math.isqrt, 4)

    assert _with_pool(1, use) == 2


def test_that_a_dead_process_fails_its_item_and_is_replaced() -> None:
    async def use(pool: WorkerPool) -> tuple[ItemError, int]:
        with pytest.raises(BackendError) as raised:
            await pool.compute(_die)
        return raised.value, await pool.compute(math.isqrt, 16)

    error, root = _with_pool(1, use)
    assert (error.kind, root) == ("died", 4)
    assert "-9" in str(error)


def test_that_a_cancelled_call_frees_its_process_at_once() -> None:
    async def use(pool: WorkerPool) -> tuple[float, int]:
        await pool.compute(math.isqrt, 1)
        call = asyncio.ensure_future(pool.compute(_sleep_and_name_process, 600.0))
        await asyncio.sleep(0.1)
        began = time.monotonic()
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        return time.monotonic() - began, await pool.compute(math.isqrt, 25)

    seconds, root = _with_pool(1, use)
    assert seconds < 1.0
    assert root == 5


def test_that_closing_does_not_wait_for_what_is_computed() -> None:
    async def use(pool: WorkerPool) -> list[Any]:
        calls = [asyncio.ensure_future(pool.compute(_sleep_and_name_process, 600.0)) for _ in range(3)]
        await asyncio.sleep(0.3)
        for call in calls:
            call.cancel()
        return await asyncio.gather(*calls, return_exceptions=True)

    began = time.monotonic()
    ends = _with_pool(2, use)
    assert time.monotonic() - began < 5.0
    assert all(isinstance(end, asyncio.CancelledError) for end in ends)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for the process under /proc")
def test_that_a_worker_ends_when_whoever_started_it_is_killed(tmp_path: Path) -> None:
    import subprocess

    script = tmp_path / "starter.py"
    script.write_text(
        "import asyncio, os, sys\n"
        f"sys.path[:] = {sys.path!r}\n"
        "from hopchain_core.jobs.workers import WorkerPool\n"
        "async def main():\n"
        "    print(await WorkerPool(1).compute(os.getpid), flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        worker = int(starter.stdout.readline())
        assert Path(f"/proc/{worker}").exists()
        starter.kill()
    deadline = time.monotonic() + 10
    while _is_running(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _is_running(worker)


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not hasattr(os, "nice") or os.nice(0) >= 19, reason="there is nothing to be nicer than")
def test_that_a_worker_goes_behind_the_programs_of_people() -> None:
    async def use(pool: WorkerPool) -> int:
        return int(await pool.compute(os.nice, 0))

    assert _with_pool(1, use) > os.nice(0)


@pytest.mark.skipif(not hasattr(os, "SCHED_IDLE"), reason="this system has no idle processes")
@pytest.mark.parametrize("is_beside", [False, True])
def test_that_beside_a_window_all_but_one_compute_only_while_nothing_else_wants_the_core(is_beside: bool) -> None:
    async def policies() -> list[int]:
        pool = WorkerPool(3, is_beside_a_window=is_beside)
        try:
            first = [int(await pool.compute(os.sched_getscheduler, 0))]
            # Held for a while each, so that all three are in use at once.
            await asyncio.gather(*(pool.compute(time.sleep, 0.3) for _ in range(3)))
            every = await asyncio.gather(*(pool.compute(_policy_after, 0.3) for _ in range(3)))
        finally:
            pool.close()
        return first + sorted(every)

    ordinary = os.sched_getscheduler(0)
    rest = os.SCHED_IDLE if is_beside else ordinary
    assert asyncio.run(policies()) == [ordinary, *sorted([ordinary, rest, rest])]


def _policy_after(wait_s: float) -> int:
    time.sleep(wait_s)
    return os.sched_getscheduler(0)
