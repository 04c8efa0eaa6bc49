"""Our client against a real vLLM on the processor, serving the tiny model. Set HOPCHAIN_VLLM_PYTHON to run it.

The interpreter is that of an environment with vLLM for the processor and a torchvision that fits its torch.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from numpy.typing import NDArray

from hopchain_core.backends.servers.chat import VllmChat
from hopchain_core.backends.vlm.chat import ChatReply, ChatRequest, Message, Role, TextPart
from hopchain_core.backends.vlm.check import check
from hopchain_core.backends.vlm.client import ChatClient
from hopchain_core.backends.vlm.endpoint import Endpoint
from hopchain_core.backends.vlm.pictures import encoded
from hopchain_core.domain.rollouts import FinishReason
from hopchain_core.errors import BackendError
from hopchain_core.profiles.profile import VllmProfile

PYTHON = os.environ.get("HOPCHAIN_VLLM_PYTHON", "")
T = TypeVar("T")
SCHEMA = {
    "type": "object",
    "properties": {"count": {"type": "integer", "minimum": 0, "maximum": 9}, "word": {"enum": ["cup", "bird"]}},
    "required": ["count", "word"],
    "additionalProperties": False,
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not PYTHON, reason="HOPCHAIN_VLLM_PYTHON names no environment with a vLLM for the processor"),
]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VLLM_CPU_KVCACHE_SPACE", "1")
    monkeypatch.setenv("HOPCHAIN_LEASES", str(tmp_path / "leases"))


def served(folder: Path, use: Callable[[VllmChat, ChatClient], Awaitable[T]]) -> tuple[T, VllmChat]:
    """Starts the server, uses it, stops it."""
    profile = VllmProfile(
        name="tiny",
        model=str(folder),
        label="tiny",
        python=PYTHON,
        context_tokens=1024,
        ready_within_s=400,
        memory_share=0.3,
        # Blocks of the processor's usual size are longer than our conversations, so none would be shared.
        arguments=("--dtype", "float32", "--block-size", "32", "--enable-prompt-tokens-details"),
    )

    async def run() -> tuple[T, VllmChat]:
        chat = VllmChat(profile)
        try:
            client = await chat._ready()
            return await use(chat, client), chat
        finally:
            await chat.aclose()

    return asyncio.run(run())


def asked(photo: NDArray[np.uint8], text: str = "How many?", **changes: Any) -> ChatRequest:
    how = {"max_tokens": 12, "temperature": 1.0, "seed": 5, **changes}
    return ChatRequest(messages=(Message(Role.USER, (encoded(photo), TextPart(text))),), **how)


def texts(reply: ChatReply) -> list[str]:
    return [choice.text for choice in reply.choices]


def test_that_the_client_and_a_real_server_agree(tiny_qwen3vl: Path, photo: NDArray[np.uint8]) -> None:
    """One test, because a start takes half a minute."""

    async def use(chat: VllmChat, client: ChatClient) -> None:
        eight, four, more = await asyncio.gather(
            chat.chat(asked(photo, n=8)), chat.chat(asked(photo, n=4)), chat.chat(asked(photo, n=4, seed=9))
        )
        # Child i is drawn with seed + i, so that a top-up is exact.
        assert texts(four) + texts(more) == texts(eight)
        assert len(set(texts(eight))) > 4
        assert all(choice.tokens for choice in eight.choices)
        assert {c.finish_reason for c in eight.choices} <= {FinishReason.STOP, FinishReason.LENGTH}

        strict = await chat.chat(asked(photo, schema=SCHEMA, n=4, max_tokens=64))
        for text in texts(strict):
            said = json.loads(text)
            assert set(said) == {"count", "word"}
            assert 0 <= said["count"] <= 9

        with pytest.raises(BackendError) as raised:
            await chat.chat(asked(photo, "Why? " * 300))
        assert raised.value.kind == "too_long", str(raised.value)
        # A refusal after a picture was read makes the next request with it fail once; the client asks again.
        assert texts(await chat.chat(asked(photo, n=8))) == texts(eight)

        # More than the context holds is asked for as far as it does.
        assert (await chat.chat(asked(photo, max_tokens=5000))).choices[0].tokens

        endpoint = Endpoint(url=client.endpoint.url, model=client.endpoint.model)
        can = (await check(endpoint)).can
        assert (can.pictures, can.n, can.json_schema, can.seed, can.priority) == (True, True, True, True, True)
        assert can.context_tokens == 1024

        person = replace(asked(photo, "Which?"), temperature=0.0)
        assert texts(await chat.chat(person)) == texts(await chat.chat(person))

    _, chat = served(tiny_qwen3vl, use)
    assert not chat.server.is_running
