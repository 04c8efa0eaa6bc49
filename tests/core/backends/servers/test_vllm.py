"""A managed server: started, awaited, stopped, and never left behind, whatever dies."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.backends.servers import guard
from hopchain_core.backends.servers.chat import VllmChat
from hopchain_core.backends.servers.vllm import VllmServer
from hopchain_core.backends.vlm.chat import ChatReply, ChatRequest, Message, Role, TextPart
from hopchain_core.errors import BackendError, PrerequisiteError
from tests.core.backends.servers.processes import is_alive, pids, profile, wait_until

ASKED = ChatRequest(messages=(Message(Role.USER, (TextPart("How many?"),)),), seed=1)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at through /proc")


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(coroutine)


def test_that_it_is_started_when_asked_and_stopped_when_given_back(python: Path) -> None:
    async def talk() -> tuple[ChatReply, list[str]]:
        lines: list[str] = []
        model = VllmChat(profile(python, "slow"), lines.append)
        assert not model.server.is_running
        first, _ = await asyncio.gather(model.chat(ASKED), model.chat(ASKED))
        assert model.server.is_running
        await model.aclose()
        assert not model.server.is_running
        return first, lines

    reply, lines = run(talk())
    assert "boxed" in reply.choices[0].text
    assert "loading slow" in lines
    # Asked twice at once, it was started once.
    assert len(pids(python)) == 2
    wait_until(lambda: not any(map(is_alive, pids(python))))


def test_that_one_that_does_not_heed_is_killed(python: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    quick = tmp_path / "guard.py"
    quick.write_text(Path(guard.__file__).read_text().replace("END_WITHIN_S = 15.0", "END_WITHIN_S = 0.3"))
    monkeypatch.setattr("hopchain_core.backends.servers.vllm.GUARD", quick)

    async def talk() -> None:
        model = VllmChat(profile(python, "deaf"))
        await model.chat(ASKED)
        await model.aclose()

    run(talk())
    assert not any(map(is_alive, pids(python)))


def test_that_one_that_ends_before_it_is_ready_shows_why(python: Path) -> None:
    async def talk() -> None:
        model = VllmChat(profile(python, "fails"))
        with pytest.raises(PrerequisiteError, match="No available memory") as raised:
            await model.chat(ASKED)
        assert "memory" in raised.value.hint
        await model.aclose()

    run(talk())
    wait_until(lambda: not any(map(is_alive, pids(python))))


def test_that_waiting_for_it_can_be_given_up(python: Path) -> None:
    async def talk() -> None:
        model = VllmChat(profile(python, "slow"))
        task = asyncio.create_task(model.chat(ASKED))
        await asyncio.to_thread(wait_until, lambda: (python.parent / "pids").exists() and len(pids(python)) == 2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await model.aclose()

    run(talk())
    assert not any(map(is_alive, pids(python)))


@pytest.mark.parametrize("victim", ["first", "engine", "guard"])
def test_that_whatever_is_killed_nothing_is_left_and_the_next_request_starts_anew(python: Path, victim: str) -> None:
    async def talk() -> None:
        model = VllmChat(profile(python))
        await model.chat(ASKED)
        first, engine = pids(python)
        guarding = model.server.pid
        assert guarding is not None
        os.kill({"first": first, "engine": engine, "guard": guarding}[victim], signal.SIGKILL)
        if victim == "engine":
            # vLLM's first process notices by itself and ends, with status 0.
            os.kill(first, signal.SIGTERM)
        await asyncio.to_thread(wait_until, lambda: (not is_alive(first) and not is_alive(engine)) or victim == "guard")
        await asyncio.to_thread(wait_until, lambda: not model.server.is_running)
        assert (await model.chat(ASKED)).choices
        assert len(pids(python)) == 4
        await model.aclose()

    run(talk())
    wait_until(lambda: not any(map(is_alive, pids(python))))


def test_that_one_that_keeps_dying_is_given_up(python: Path) -> None:
    async def talk() -> None:
        model = VllmChat(profile(python))
        for _ in range(3):
            await model.chat(ASKED)
            os.kill(pids(python)[-2], signal.SIGKILL)
            await asyncio.to_thread(wait_until, lambda: not model.server.is_running)
        with pytest.raises(PrerequisiteError, match="ended 3 times"):
            await model.chat(ASKED)
        await model.aclose()

    run(talk())


def test_that_a_request_in_flight_when_it_dies_is_an_items_failure(python: Path) -> None:
    async def talk() -> None:
        model = VllmChat(profile(python))
        await model.chat(ASKED)
        first, _ = pids(python)
        os.kill(first, signal.SIGSTOP)
        task = asyncio.create_task(model.chat(ASKED))
        await asyncio.sleep(0.1)
        os.kill(first, signal.SIGKILL)
        with pytest.raises(BackendError) as raised:
            await task
        assert raised.value.kind == "engine_died"
        await model.aclose()

    run(talk())


def test_that_nothing_is_left_when_whoever_started_it_is_killed(python: Path) -> None:
    code = f"""
        import asyncio
        from pathlib import Path
        from hopchain_core.backends.servers.vllm import VllmServer
        from hopchain_core.profiles.profile import VllmProfile
        async def main():
            server = VllmServer(VllmProfile(name="weak", model="tiny", python={str(python)!r}))
            await server.start()
            print(server.pid, flush=True)
            await asyncio.sleep(60)
        asyncio.run(main())
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout:
        guarding = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    wait_until(lambda: not any(map(is_alive, [guarding, *pids(python)])))


def test_that_its_command_says_what_is_served_and_how(python: Path) -> None:
    server = VllmServer(profile(python, devices=(2, 3), context_tokens=9000, arguments=("--enforce-eager",)))
    words = " ".join(server.command())
    assert "--tensor-parallel-size 2" in words
    assert "--max-model-len 9000" in words
    assert words.endswith("--enforce-eager")
    assert "--host 127.0.0.1" in words
