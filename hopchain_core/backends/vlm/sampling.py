"""Several tries at one question: seeds that no two questions share, and requests that ask for what is missing only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import BaseModel, ConfigDict, Field

from hopchain_core.backends.protocols import Urgency
from hopchain_core.backends.vlm.chat import ChatModel, ChatReply, ChatRequest, Message
from hopchain_core.backends.vlm.pictures import MOST_PIXELS
from hopchain_core.domain.keys import content_key

SEEDS_OF_ONE_QUESTION = 2**14
"""Room for the tries at one question (10,000 at most), so that no two questions share a seed."""
QUESTIONS_APART = 2**39
"""So that the largest seed is still exact in a server that keeps numbers as doubles (2^53)."""


class SamplingOptions(BaseModel):
    """How a model is asked the same thing several times."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    profile: str = Field(default="weak", min_length=1, description="Which model: the name of a profile.")
    temperature: float = Field(
        default=1.0, ge=0, le=2, description="1 samples as reinforcement learning does. The paper does not say."
    )
    top_p: float = Field(default=1.0, gt=0, le=1, description="Share of probability that is sampled from.")
    max_tokens: int = Field(
        default=4096, ge=16, le=131_072, description="Of one attempt; one that is cut off counts as wrong."
    )
    samples_per_request: int = Field(
        default=16, ge=1, le=256, description="Attempts asked for in one request; less is lost when a server fails."
    )
    most_pixels: int = Field(
        default=MOST_PIXELS, ge=10_000, le=100_000_000, description="Larger pictures are shrunk to so many pixels."
    )


WHERE_AND_HOW_MANY = frozenset({"profile", "samples_per_request"})
"""Options that do not change what a try gives."""


def first_seed(*question: object) -> int:
    """Seed of the first try at a question; try i has this seed plus i, however many are asked for at once."""
    return int(content_key(list(question)), 16) % QUESTIONS_APART * SEEDS_OF_ONE_QUESTION


async def tries(
    model: ChatModel,
    messages: tuple[Message, ...],
    indices: Iterable[int],
    base: int,
    options: SamplingOptions,
    urgency: Urgency,
) -> list[tuple[int, ChatReply]]:
    """Asks for the tries of these indices, as many at once as a request may hold.

    Args:
        model: Who is asked.
        messages: The question.
        indices: Of the tries.
        base: `first_seed` of the question.
        options: How it is asked.
        urgency: Who waits.

    Returns:
        Index of the first try in each reply, and the reply.

    Raises:
        BackendError: The server failed.
    """
    replies = []
    for first, count in runs(indices, options.samples_per_request):
        request = ChatRequest(
            messages=messages,
            n=count,
            max_tokens=options.max_tokens,
            temperature=options.temperature,
            top_p=options.top_p,
            seed=base + first,
            urgency=urgency,
        )
        replies.append((first, await model.chat(request)))
    return replies


def runs(indices: Iterable[int], most: int) -> Iterator[tuple[int, int]]:
    """Indices as runs without gaps, (first, count), none longer than `most`."""
    first = count = 0
    for index in sorted(indices):
        if count and index == first + count and count < most:
            count += 1
            continue
        if count:
            yield first, count
        first, count = index, 1
    if count:
        yield first, count
