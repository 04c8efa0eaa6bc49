"""What is said to a vision-language model and what it says back, whatever serves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from hopchain_core.backends.protocols import Urgency
from hopchain_core.domain.rollouts import FinishReason


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class TextPart:
    """Words."""

    text: str


@dataclass(frozen=True, slots=True)
class PicturePart:
    """A picture as it is sent.

    Attributes:
        content: The file's bytes.
        media_type: Such as ``image/jpeg``.
        width_px: Columns, after any shrinking.
        height_px: Rows.
    """

    content: bytes = field(repr=False)
    media_type: str
    width_px: int
    height_px: int


Part = TextPart | PicturePart


@dataclass(frozen=True, slots=True)
class Message:
    """What one side says in one turn."""

    role: Role
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """A conversation that a model is to continue.

    Attributes:
        messages: In order; pictures before the words that speak of them, so that servers share the prefix.
        n: How many independent continuations.
        max_tokens: Of each continuation.
        temperature: 0 for the likeliest.
        top_p: Share of probability that is sampled from.
        seed: Continuation i is drawn with ``seed + i``; None leaves it to the server.
        schema: JSON schema the continuations are to follow, where the server can see to that; None for free text.
        urgency: A person's requests go before a batch's.
    """

    messages: tuple[Message, ...]
    n: int = 1
    max_tokens: int = 1024
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int | None = None
    schema: Mapping[str, Any] | None = None
    urgency: Urgency = Urgency.BATCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One continuation.

    Attributes:
        text: What the model said, without what it thought where the server keeps the two apart.
        thinking: What it thought, where the server tells it apart; else empty.
        finish_reason: LENGTH when it was cut off.
        tokens: Of this continuation; None when the server does not say.
    """

    text: str
    thinking: str = ""
    finish_reason: FinishReason = FinishReason.STOP
    tokens: int | None = None

    @property
    def whole(self) -> str:
        """All of it as one text, what was thought in a ``<think>`` block."""
        return f"<think>\n{self.thinking}\n</think>\n{self.text}" if self.thinking else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatReply:
    """The continuations, in the order of their seeds.

    Attributes:
        choices: As many as were asked for.
        prompt_tokens: Of the conversation; 0 when the server does not say.
        completion_tokens: Of all continuations together; 0 when it does not say.
    """

    choices: tuple[Choice, ...]
    prompt_tokens: int = 0
    completion_tokens: int = 0


class ChatModel(Protocol):
    """A model that continues conversations. Safe to be asked many things at once."""

    @property
    def model(self) -> str:
        """Its name, as records show it."""
        ...

    async def chat(self, request: ChatRequest) -> ChatReply:
        """Continues a conversation.

        Raises:
            BackendError: The server failed, or refuses this request; what was asked may be asked again later.
            PrerequisiteError: No request can succeed: a wrong key, or a model that is not served.
        """
        ...

    async def aclose(self) -> None:
        """Gives back connections and processes."""
        ...


@runtime_checkable
class HasSettings(Protocol):
    """A model that is told more than a request says."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """What besides the request determines what it says; no addresses, no keys."""
        ...


def told_apart(model: ChatModel) -> dict[str, Any]:
    """What a spec's options hold of the model's own settings; nothing where it has none."""
    return {"settings": dict(model.settings)} if isinstance(model, HasSettings) and model.settings else {}
