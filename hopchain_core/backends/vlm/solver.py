"""Stage 4b with a model: it is shown the picture and the question, several times, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from hopchain_core.backends.protocols import SolveRequest
from hopchain_core.backends.vlm.chat import ChatModel, Choice, Message, Role, TextPart, told_apart
from hopchain_core.backends.vlm.pictures import PictureCache
from hopchain_core.backends.vlm.sampling import WHERE_AND_HOW_MANY, SamplingOptions, first_seed, tries
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.domain.rollouts import FinishReason, Rollout
from hopchain_core.prompts import prompt
from hopchain_core.rlvr.reward import read_answer

VERSION = 1
PROMPT = "solve"


class SolverOptions(SamplingOptions):
    """Options of a model that tries the questions."""


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
            options=self._options.model_dump(exclude=set(WHERE_AND_HOW_MANY)) | told_apart(self._model),
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
        base = first_seed("solve", request.seed, request.chain.key)
        rollouts: list[Rollout] = []
        asked = await tries(self._model, messages, request.indices, base, self._options, request.urgency)
        for first, reply in asked:
            tokens = reply.completion_tokens or None if len(reply.choices) == 1 else None
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
