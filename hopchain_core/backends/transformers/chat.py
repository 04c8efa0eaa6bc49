"""A model in transformers as something that can be asked."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

from hopchain_core.backends.engines.process import EngineProcess
from hopchain_core.backends.engines.setup import python_of
from hopchain_core.backends.servers.lease import DeviceLease, devices_of
from hopchain_core.backends.vlm.chat import ChatReply, ChatRequest, Choice, Message, TextPart
from hopchain_core.domain.rollouts import FinishReason
from hopchain_core.profiles.profile import TransformersProfile

WORKER = "hopchain_core.backends.transformers.worker"
SAMPLES_AT_ONCE = 8
"""In one go; more take memory of the card and give nothing back before all are done. Chosen."""


class TransformersChat:
    """Asks a model that runs in a process of its own, one conversation after the other.

    It keeps to a JSON schema where llguidance is installed beside transformers; replies are read as those of any other
    model in any case.

    Args:
        profile: Which model, and where it runs.
    """

    def __init__(self, profile: TransformersProfile) -> None:
        self._profile = profile
        self.engine = EngineProcess(
            WORKER, name=profile.name, python=profile.python or str(python_of("transformers") or "")
        )
        self._lease = DeviceLease(
            devices_of(profile.device), f"transformers with {profile.model}", self.engine.teller.waits
        )

    @property
    def model(self) -> str:
        """The model's name as records show it."""
        return self._profile.label or self._profile.model

    async def aclose(self) -> None:
        """Ends the process and gives the card back."""
        await self.engine.aclose()
        self._lease.give_back()

    async def chat(self, request: ChatRequest) -> ChatReply:
        """See `ChatModel.chat`."""
        await self._lease.take()
        messages = await asyncio.to_thread(lambda: [_message(message) for message in request.messages])
        choices: list[Choice] = []
        prompt_tokens = 0
        for first in range(0, request.n, SAMPLES_AT_ONCE):
            reply = await self.engine.call(
                "chat",
                model=[self._profile.model, self._profile.device, self._profile.dtype],
                messages=messages,
                n=min(SAMPLES_AT_ONCE, request.n - first),
                max_tokens=request.max_tokens,
                temperature=request.temperature,
                top_p=request.top_p,
                seed=(request.seed or 0) + first,
                schema=None if request.schema is None else dict(request.schema),
            )
            prompt_tokens = int(reply["prompt_tokens"])
            choices += [
                Choice(
                    text=row["text"],
                    finish_reason=FinishReason.STOP if row["is_whole"] else FinishReason.LENGTH,
                    tokens=row["tokens"],
                )
                for row in reply["choices"]
            ]
        return ChatReply(
            choices=tuple(choices),
            prompt_tokens=prompt_tokens,
            completion_tokens=sum(choice.tokens or 0 for choice in choices),
        )


def _message(message: Message) -> dict[str, Any]:
    parts = [
        {"type": "text", "text": part.text}
        if isinstance(part, TextPart)
        else {"type": "image", "image": base64.b64encode(part.content).decode("ascii")}
        for part in message.parts
    ]
    return {"role": message.role.value, "content": parts}
