"""How fast a model is, told while its stage runs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.backends.servers.cards import cards
from hopchain_core.backends.servers.news import ServerState
from hopchain_core.backends.servers.room import Room, entered, metered, teller
from hopchain_core.backends.vlm.chat import ChatReply, ChatRequest, Choice, Message, PicturePart, Role
from hopchain_core.jobs import listening
from hopchain_core.jobs.events import Event, ModelPace, ServerChanged, ServerWrote
from hopchain_core.jobs.listening import Listening, told_of_pace

ASKED = ChatRequest(messages=(Message(Role.USER, (PicturePart(b"", "image/png", 1, 1),)),))


class Model:
    """Says one thing."""

    model = "one"

    def __init__(self, settings: Mapping[str, Any] | None = None) -> None:
        self.settings = settings or {}

    async def chat(self, request: ChatRequest) -> ChatReply:
        return ChatReply(choices=(Choice(text="1"),), prompt_tokens=100, completion_tokens=40)

    async def aclose(self) -> None: ...


@pytest.fixture
def smi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An nvidia-smi that knows two cards, one of which does not tell."""
    path = tmp_path / "nvidia-smi"
    path.write_text("#!/bin/sh\necho '0, 1024, 81559, NVIDIA A, special'\necho '1, [N/A], [N/A], B'\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return path


def test_that_the_pace_of_a_model_is_told_with_the_cards(smi: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "PACE_EVERY_S", 0.05)
    told: list[Event] = []

    async def run() -> None:
        has_told = asyncio.Event()

        def tell(event: Event) -> None:
            told.append(event)
            has_told.set()

        room = Room()
        with entered(room):
            model = metered(Model({"top_k": 1}), "weak")
        assert model.settings == {"top_k": 1}  # type: ignore[attr-defined]
        async with told_of_pace(room, "solve", tell):
            await model.chat(ASKED)
            await has_told.wait()

    asyncio.run(asyncio.wait_for(run(), 10))
    pace = told[0]
    assert isinstance(pace, ModelPace)
    assert (pace.stage, pace.server) == ("solve", "weak")
    assert 0 < pace.tokens_per_s < pace.prompt_tokens_per_s
    assert pace.pictures_per_s > 0
    assert [(card.number, card.name, card.total_mib) for card in pace.cards] == [(0, "NVIDIA A, special", 81559)]


def test_that_outside_a_run_a_model_is_as_it_is() -> None:
    model = Model()
    assert metered(model, "weak") is model


def test_that_there_are_no_cards_without_nvidia_smi(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cards() == ()


def test_that_what_servers_tell_in_threads_comes_on_the_loop_with_its_stage() -> None:
    told: list[Event] = []

    async def run() -> None:
        hears = Listening(told.append)
        hears.stage = "segment"
        with entered(Room(hears)):
            telling = teller("cutter", "sam3")
        await asyncio.to_thread(telling.wrote, "loading")
        telling.changed(ServerState.READY)
        telling.changed(ServerState.READY)
        await asyncio.sleep(0)

    asyncio.run(run())
    assert told == [
        ServerWrote(stage="segment", server="cutter", kind="sam3", line="loading"),
        ServerChanged(stage="segment", server="cutter", kind="sam3", state=ServerState.READY),
    ]
