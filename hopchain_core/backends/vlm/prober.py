"""Probes of the audit with a model: what it can answer without looking, without the first hops, and hop by hop."""

from __future__ import annotations

import asyncio

from hopchain_core.backends.protocols import ProbeRequest
from hopchain_core.backends.vlm.chat import ChatModel, Choice, Message, Part, Role, TextPart, told_apart
from hopchain_core.backends.vlm.pictures import PictureCache
from hopchain_core.backends.vlm.probe_questions import ProbeQuestion, hash_of_prompts, is_whole, questions
from hopchain_core.backends.vlm.sampling import WHERE_AND_HOW_MANY, SamplingOptions, first_seed, tries
from hopchain_core.domain.probes import Probe, ProbeReply, ProbeResult, Trial
from hopchain_core.domain.provenance import BackendSpec

VERSION = 2


class ProberOptions(SamplingOptions):
    """Options of a model that chains are probed with."""


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
            options=self._options.model_dump(exclude=set(WHERE_AND_HOW_MANY)) | told_apart(self._model),
            prompt_hash=hash_of_prompts(probe),
        )

    async def aclose(self) -> None:
        """Gives the model back."""
        await self._model.aclose()

    async def probe(self, request: ProbeRequest) -> ProbeResult:
        """Asks everything that a probe wants to know of a chain; of what was asked before, the missing tries only.

        Raises:
            PictureError: The picture cannot be read.
            BackendError: The server failed. Nothing that was asked counts then.
        """
        asked = questions(request.probe, request.chain, request.image, request.instances)
        there = [_there(request, place, question) for place, question in enumerate(asked)]
        is_all_there = all(len(replies) == request.samples for replies in there)
        shown: tuple[Part, ...] = ()
        if not is_all_there and request.probe is not Probe.BLIND:
            picture = await asyncio.to_thread(
                self._pictures.whole, request.path, request.image.key, self._options.most_pixels
            )
            # The picture comes first, so that a server reads it once for all questions about it.
            shown = (picture,)
        tasks = [
            asyncio.ensure_future(self._asked(request, place, question, there[place], shown))
            for place, question in enumerate(asked)
        ]
        try:
            trials = await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return ProbeResult(chain=request.chain.key, probe=request.probe, trials=tuple(trials))

    async def _asked(
        self,
        request: ProbeRequest,
        place: int,
        asked: ProbeQuestion,
        there: tuple[ProbeReply, ...],
        shown: tuple[Part, ...],
    ) -> Trial:
        replies = await tries(
            self._model,
            (Message(Role.USER, (*shown, TextPart(asked.words))),),
            range(len(there), request.samples),
            first_seed("probe", request.seed, request.chain.key, request.probe.value, place),
            self._options,
            request.urgency,
        )
        return Trial(
            kind=asked.kind,
            hop=asked.hop,
            asked=asked.words,
            expected=asked.expected,
            about=asked.about,
            replies=(*there, *(_read(asked, choice) for _, reply in replies for choice in reply.choices)),
        )


def _there(request: ProbeRequest, place: int, asked: ProbeQuestion) -> tuple[ProbeReply, ...]:
    """Replies to a question that count already, from the first try on."""
    trials = request.there.trials if request.there is not None else ()
    if place >= len(trials) or trials[place].asked != asked.words:
        return ()
    return trials[place].replies[: request.samples]


def _read(asked: ProbeQuestion, choice: Choice) -> ProbeReply:
    answer, is_right = asked.read(choice) if is_whole(choice) else ("", False)
    return ProbeReply(text=choice.whole, answer=answer, is_right=is_right)
