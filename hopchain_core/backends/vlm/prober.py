"""Probes of the audit with a model: what it can answer without looking, without the first hops, and hop by hop."""

from __future__ import annotations

import asyncio

from pydantic import BaseModel, ConfigDict, Field

from hopchain_core.backends.protocols import ProbeRequest
from hopchain_core.backends.vlm.chat import ChatModel, ChatRequest, Choice, Message, Part, Role, TextPart, told_apart
from hopchain_core.backends.vlm.pictures import MOST_PIXELS, PictureCache
from hopchain_core.backends.vlm.probe_questions import ProbeQuestion, hash_of_prompts, is_whole, questions
from hopchain_core.domain.keys import content_key
from hopchain_core.domain.probes import Probe, ProbeReply, ProbeResult, Trial
from hopchain_core.domain.provenance import BackendSpec

VERSION = 1


class ProberOptions(BaseModel):
    """Options of a model that chains are probed with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    profile: str = Field(default="weak", min_length=1, description="Which model: the name of a profile.")
    samples: int = Field(default=4, ge=1, le=64, description="How often each thing is asked.")
    temperature: float = Field(default=1.0, ge=0, le=2, description="As for rollouts, so that tries differ.")
    top_p: float = Field(default=1.0, gt=0, le=1, description="Share of probability that is sampled from.")
    max_tokens: int = Field(default=4096, ge=16, le=131_072, description="Of one reply; one cut off counts as wrong.")
    most_pixels: int = Field(
        default=MOST_PIXELS, ge=10_000, le=100_000_000, description="Larger pictures are shrunk to so many pixels."
    )


class VlmProber:
    """Asks a vision-language model what the probes want to know.

    Args:
        model: The model.
        options: How it is asked.
    """

    def __init__(self, model: ChatModel, options: ProberOptions) -> None:
        self._model = model
        self._options = options
        self._pictures = PictureCache()

    def spec_of(self, probe: Probe) -> BackendSpec:
        """The model and all that determines what it says to one probe; not where it is served."""
        return BackendSpec(
            role="prober",
            name="vlm",
            version=VERSION,
            model=self._model.model,
            options=self._options.model_dump(exclude={"profile"}) | told_apart(self._model),
            prompt_hash=hash_of_prompts(probe),
        )

    async def aclose(self) -> None:
        """Gives the model back."""
        await self._model.aclose()

    async def probe(self, request: ProbeRequest) -> ProbeResult:
        """Asks everything that a probe wants to know of a chain.

        Raises:
            PictureError: The picture cannot be read.
            BackendError: The server failed. Nothing that was asked counts then.
        """
        asked = questions(request.probe, request.chain, request.image, request.instances)
        shown: tuple[Part, ...] = ()
        if asked and request.probe is not Probe.BLIND:
            picture = await asyncio.to_thread(
                self._pictures.whole, request.path, request.image.key, self._options.most_pixels
            )
            # The picture comes first, so that a server reads it once for all questions about it.
            shown = (picture,)
        tasks = [asyncio.ensure_future(self._asked(request, n, q, shown)) for n, q in enumerate(asked)]
        try:
            trials = await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return ProbeResult(chain=request.chain.key, probe=request.probe, trials=tuple(trials))

    async def _asked(self, request: ProbeRequest, place: int, asked: ProbeQuestion, shown: tuple[Part, ...]) -> Trial:
        seed = content_key(["probe", request.seed, request.chain.key, request.probe.value, place])
        reply = await self._model.chat(
            ChatRequest(
                messages=(Message(Role.USER, (*shown, TextPart(asked.words))),),
                n=self._options.samples,
                max_tokens=self._options.max_tokens,
                temperature=self._options.temperature,
                top_p=self._options.top_p,
                seed=int(seed, 16) % 2**31,
                urgency=request.urgency,
            )
        )
        return Trial(
            kind=asked.kind,
            hop=asked.hop,
            asked=asked.words,
            expected=asked.expected,
            about=asked.about,
            replies=tuple(_read(asked, choice) for choice in reply.choices),
        )


def _read(asked: ProbeQuestion, choice: Choice) -> ProbeReply:
    answer, is_right = asked.read(choice) if is_whole(choice) else ("", False)
    return ProbeReply(text=choice.whole, answer=answer, is_right=is_right)
