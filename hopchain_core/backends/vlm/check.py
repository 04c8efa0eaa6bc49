"""Finds out what a server can do, by asking it: a field it does not know is most often ignored without a word."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hopchain_core.backends.vlm.chat import ChatRequest, Message, Part, Role, TextPart
from hopchain_core.backends.vlm.client import ChatClient
from hopchain_core.backends.vlm.endpoint import Endpoint
from hopchain_core.backends.vlm.pictures import encoded
from hopchain_core.errors import BackendError
from hopchain_core.profiles.profile import ServerAbilities

_WORD = "kiwi"
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"word": {"type": "string", "enum": [_WORD]}},
    "required": ["word"],
    "additionalProperties": False,
}
_FEW_TOKENS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found.

    Attributes:
        can: What the server does.
        served: Names of the models it says it serves.
        seconds: What the first small question took.
        problems: What it was asked and refused, in its words, by ability.
    """

    can: ServerAbilities
    served: tuple[str, ...]
    seconds: float
    problems: Mapping[str, str]


async def check(endpoint: Endpoint) -> Checked:
    """Asks a few tiny questions.

    Raises:
        BackendError: The server cannot be reached, or does not even answer in words.
        PrerequisiteError: The key is refused, or the model is not served.
    """
    client = ChatClient(
        replace(endpoint, can=ServerAbilities(n=True, json_schema=True, seed=True, pictures=True, priority=False))
    )
    try:
        return await _Check(client).run()
    finally:
        await client.aclose()


class _Check:
    def __init__(self, client: ChatClient) -> None:
        self._client = client
        self._problems: dict[str, str] = {}

    async def run(self) -> Checked:
        rows = await self._client.models()
        began = time.perf_counter()
        await self._client.chat(_asked("Answer with one word: which fruit is yellow and long?"))
        seconds = time.perf_counter() - began
        return Checked(
            can=ServerAbilities(
                pictures=await self._sees(),
                n=await self._makes_several(),
                json_schema=await self._keeps_a_schema(),
                seed=await self._repeats_a_seed(),
                priority=await self._takes_priority(),
                context_tokens=_context(rows, self._client.endpoint.model),
            ),
            served=tuple(str(row["id"]) for row in rows if "id" in row),
            seconds=seconds,
            problems=dict(self._problems),
        )

    async def _sees(self) -> bool:
        red = np.zeros((64, 64, 3), np.uint8)
        red[..., 0] = 200
        return await self._texts("pictures", _asked("Which colour is this?", encoded(red))) is not None

    async def _makes_several(self) -> bool:
        return await self._texts("n", replace(_asked("Say a word."), n=2, temperature=1.0)) is not None

    async def _keeps_a_schema(self) -> bool:
        texts = await self._texts("json_schema", replace(_asked("Say hello."), schema=_SCHEMA, max_tokens=200))
        try:
            return texts is not None and json.loads(texts[0]) == {"word": _WORD}
        except ValueError:
            return False

    async def _repeats_a_seed(self) -> bool:
        asked = replace(_asked("Say any five words."), temperature=1.0, seed=7)
        first, second = await self._texts("seed", asked), await self._texts("seed", asked)
        return first is not None and first == second

    async def _takes_priority(self) -> bool:
        before = self._client.endpoint
        self._client.endpoint = replace(before, can=before.can.model_copy(update={"priority": True}))
        try:
            return await self._texts("priority", _asked("Say a word.")) is not None
        finally:
            self._client.endpoint = before

    async def _texts(self, ability: str, request: ChatRequest) -> list[str] | None:
        """What came back; None, with the reason noted, where the server refused."""
        try:
            reply = await self._client.chat(request)
        except BackendError as error:
            if error.kind in ("out_of_reach", "timeout"):
                raise
            self._problems[ability] = str(error)
            return None
        return [choice.text for choice in reply.choices]


def _asked(text: str, *pictures: Part) -> ChatRequest:
    return ChatRequest(messages=(Message(Role.USER, (*pictures, TextPart(text))),), max_tokens=_FEW_TOKENS)


def _context(rows: tuple[dict[str, Any], ...], model: str) -> int | None:
    """VLLM and SGLang tell it with the model."""
    for row in rows:
        if row.get("id") == model and isinstance(row.get("max_model_len"), int) and row["max_model_len"] > 0:
            return int(row["max_model_len"])
    return None
