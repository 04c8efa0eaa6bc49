"""Servers kept between the stages of a run: they give way on their card, and come back when they are used again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.backends.servers.chat import VllmChat
from hopchain_core.backends.servers.lease import DeviceLease
from hopchain_core.backends.servers.news import ServerState
from hopchain_core.backends.servers.room import Room, entered
from hopchain_core.backends.servers.vllm import read_figures
from hopchain_core.backends.vlm.chat import ChatRequest, Message, Role, TextPart
from hopchain_core.profiles.profile import VllmProfile
from tests.core.backends.servers.processes import is_alive, pids, profile, wait_until

ASKED = ChatRequest(messages=(Message(Role.USER, (TextPart("How many?"),)),), seed=1)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at through /proc")


class Heard:
    """What servers told."""

    def __init__(self) -> None:
        self.states: list[tuple[str, ServerState]] = []
        self.texts: list[str] = []
        self.lines: list[str] = []

    def changed(self, server: str, kind: str, state: ServerState, text: str) -> None:
        self.states.append((server, state))
        self.texts.append(text)

    def wrote(self, server: str, kind: str, line: str) -> None:
        self.lines.append(line)


async def ask(room: Room, model: VllmProfile) -> VllmChat:
    with entered(room):
        chat = VllmChat(model)
    await chat.chat(ASKED)
    return chat


async def another_stage() -> None:
    """Something else that fills the card for a while."""
    lease = DeviceLease([0], "SAM 3")
    await asyncio.wait_for(lease.take(), 15)
    lease.give_back()


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    asyncio.run(coroutine)


def test_that_two_stages_share_one_server(python: Path) -> None:
    heard = Heard()

    async def stages() -> None:
        room = Room(heard)
        for _ in range(2):
            await (await ask(room, profile(python))).aclose()
        assert len(pids(python)) == 2
        assert is_alive(pids(python)[0])
        await room.aclose()

    run(stages())
    assert not any(map(is_alive, pids(python)))
    assert [state for _, state in heard.states] == [ServerState.STARTING, ServerState.READY, ServerState.STOPPED]
    assert "Application startup complete." in heard.lines


def test_that_it_sleeps_while_another_stage_has_its_card_and_wakes_after(python: Path) -> None:
    heard = Heard()

    async def stages() -> None:
        room = Room(heard)
        first = await ask(room, profile(python, sleeps=True))
        await first.aclose()
        await another_stage()
        assert heard.states[-1] == ("weak", ServerState.ASLEEP)
        assert first.server.is_running
        again = await ask(room, profile(python, sleeps=True))
        assert heard.states[-1] == ("weak", ServerState.READY)
        await again.aclose()
        await room.aclose()

    run(stages())
    # It was started once.
    assert len(pids(python)) == 2


@pytest.mark.parametrize(("model", "sleeps"), [("tiny", False), ("restless", True)])
def test_that_one_that_cannot_sleep_stops_and_is_started_again(python: Path, model: str, sleeps: bool) -> None:
    heard = Heard()

    async def stages() -> None:
        room = Room(heard)
        await (await ask(room, profile(python, model, sleeps=sleeps))).aclose()
        await another_stage()
        assert heard.states[-1] == ("weak", ServerState.STOPPED)
        assert not any(map(is_alive, pids(python)))
        await (await ask(room, profile(python, model, sleeps=sleeps))).aclose()
        await room.aclose()

    run(stages())
    assert len(pids(python)) == 4
    assert not any(map(is_alive, pids(python)))


def test_that_its_card_is_not_taken_while_it_is_used(python: Path) -> None:
    async def stages() -> None:
        room = Room()
        chat = await ask(room, profile(python, sleeps=True))
        waiting = asyncio.create_task(another_stage())
        await asyncio.sleep(0.6)
        assert not waiting.done()
        await chat.aclose()
        await waiting
        await room.aclose()

    run(stages())


def test_that_two_servers_take_turns_on_one_card(python: Path) -> None:
    heard = Heard()

    async def stages() -> None:
        room = Room(heard)
        for name in ("author", "weak", "author"):
            await (await ask(room, profile(python, name=name, sleeps=True))).aclose()
        await room.aclose()

    run(stages())
    ready = [name for name, state in heard.states if state is ServerState.READY]
    assert ready == ["author", "weak", "author"]
    assert ("weak", ServerState.WAITING) in heard.states
    assert ("weak", ServerState.ASLEEP) in heard.states
    assert not any(map(is_alive, pids(python)))


def test_that_a_death_is_told_with_its_last_lines(python: Path) -> None:
    heard = Heard()

    async def stages() -> None:
        room = Room(heard)
        chat = await ask(room, profile(python))
        os.kill(pids(python)[0], signal.SIGKILL)
        await asyncio.to_thread(wait_until, lambda: ("weak", ServerState.DIED) in heard.states)
        # Nobody asked it meanwhile, and its card is free already.
        await another_stage()
        await chat.aclose()
        await room.aclose()

    run(stages())
    assert "Application startup complete." in heard.texts[heard.states.index(("weak", ServerState.DIED))]


def test_that_metrics_are_added_up_over_labels() -> None:
    text = '# HELP a\na{engine="0"} 2\na{engine="1"} 3.5\nb 1e3\nnonsense\n'
    assert read_figures(text) == {"a": 5.5, "b": 1000.0}
