"""Stage 4b with a model: it is shown the picture and the question, several times, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence

from pydantic import BaseModel, ConfigDict, Field

from hopchain_core.backends.protocols import SolveRequest
from hopchain_core.backends.vlm.chat import ChatModel, ChatRequest, Choice, Message, Role, TextPart, told_apart
from hopchain_core.backends.vlm.pictures import MOST_PIXELS, PictureCache
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain
from hopchain_core.domain.keys import ChainKey, content_key
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.domain.rollouts import FinishReason, Rollout
from hopchain_core.prompts import prompt
from hopchain_core.rlvr.reward import read_answer

VERSION = 1
PROMPT = "solve"
SEEDS_OF_ONE_CHAIN = 2**14
"""Room for the rollouts of one chain (10,000 at most), so that no two chains share a seed."""
CHAINS_APART = 2**39
"""So that the largest seed is still exact in a server that keeps numbers as doubles (2^53)."""


class SolverOptions(BaseModel):
    """Options of a model that tries the questions."""

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


class VlmSolver:
    """Has a vision-language model try each question.

    Args:
        model: The model.
        options: How it is asked.
    """

    def __init__(self, model: ChatModel, options: SolverOptions) -> None:
        self._model = model
        self._options = options
        self._pictures = PictureCache()

    @property
    def spec(self) -> BackendSpec:
        """The model and all that determines what it says; not where it is served."""
        return BackendSpec(
            role="solver",
            name="vlm",
            version=VERSION,
            model=self._model.model,
            options=self._options.model_dump(exclude={"profile", "samples_per_request"}) | told_apart(self._model),
            prompt_hash=prompt(PROMPT).hash,
        )

    async def aclose(self) -> None:
        """Gives the model back."""
        await self._model.aclose()

    async def solve(self, request: SolveRequest) -> Sequence[Rollout]:
        """Tries the question once for each index.

        Raises:
            PictureError: The picture cannot be read.
            BackendError: The server failed. None of its attempts counts then.
        """
        picture = await asyncio.to_thread(
            self._pictures.whole, request.path, request.image.key, self._options.most_pixels
        )
        words = TextPart(prompt(PROMPT).filled(question=request.chain.question))
        # The picture comes first, so that a server reads it once for all questions about it.
        messages = (Message(Role.USER, (picture, words)),)
        base = first_seed(request.seed, request.chain.key)
        rollouts: list[Rollout] = []
        for first, count in _runs(request.indices, self._options.samples_per_request):
            reply = await self._model.chat(
                ChatRequest(
                    messages=messages,
                    n=count,
                    max_tokens=self._options.max_tokens,
                    temperature=self._options.temperature,
                    top_p=self._options.top_p,
                    seed=base + first,
                    urgency=request.urgency,
                )
            )
            tokens = reply.completion_tokens or None if count == 1 else None
            rollouts += [
                rollout_of(request.chain, first + place, choice, choice.tokens or tokens)
                for place, choice in enumerate(reply.choices)
            ]
        return rollouts


def rollout_of(chain: Chain, index: int, choice: Choice, tokens: int | None) -> Rollout:
    """What one attempt amounts to. One that was cut off has no answer, whatever stands in it."""
    is_whole = choice.finish_reason is FinishReason.STOP
    read = read_answer(choice.whole) if is_whole else None
    answer = read if isinstance(read, Answer) else None
    return Rollout(
        chain=chain.key,
        index=index,
        text=choice.whole,
        answer=answer,
        is_correct=answer == chain.answer,
        finish_reason=choice.finish_reason,
        tokens=tokens,
    )


def first_seed(project_seed: int, chain: ChainKey) -> int:
    """Seed of a chain's first attempt; attempt i has this seed plus i, however many are asked for at once."""
    return int(content_key(["solve", project_seed, chain]), 16) % CHAINS_APART * SEEDS_OF_ONE_CHAIN


def _runs(indices: Iterable[int], most: int) -> Iterator[tuple[int, int]]:
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
