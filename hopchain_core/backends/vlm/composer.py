"""Stage 3 with a model: it is shown the picture and a cut-out of each of a few instances, and writes chains over them.

Source: HopChain (arXiv 2603.17024), stage 3. A chain that breaks a rule goes back once with what was found; what still
breaks one is refused with its reason.
"""

from __future__ import annotations

import asyncio
import json
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hopchain_core.backends.protocols import Composed, ComposeRequest, Refusal
from hopchain_core.backends.vlm.chat import ChatModel, ChatRequest, Choice, Message, Part, Role, TextPart, told_apart
from hopchain_core.backends.vlm.combinations import combinations
from hopchain_core.backends.vlm.pictures import MOST_PIXELS, crops, whole_picture
from hopchain_core.backends.vlm.puzzles import (
    UnusablePuzzleError,
    Written,
    WrittenPuzzles,
    objects_text,
    read_puzzle,
)
from hopchain_core.backends.vlm.replies import UnusableReplyError, object_in
from hopchain_core.domain.chains import Chain
from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.keys import content_key
from hopchain_core.domain.programs.facts import PictureFacts, Seen
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.domain.rules import audit_chain
from hopchain_core.errors import BackendError
from hopchain_core.prompts import hash_of, prompt

VERSION = 1
PROMPTS = ("compose", "operations", "mend")
_CROP_PIXELS = 400_000
_FIELD = "puzzles"
_MOST_SHOWN = 600
_AGAIN = -1
"""Turn of the second try at an opening; apart from those of mending."""


class ComposerOptions(BaseModel):
    """Options of a model that writes chains."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    profile: str = Field(default="author", min_length=1, description="Which model: the name of a profile.")
    puzzles_per_request: int = Field(
        default=2, ge=1, le=6, description="Chains asked for over one combination of instances."
    )
    least_hops: int = Field(default=3, ge=2, le=10, description="Hops of a chain at least.")
    most_hops: int = Field(default=6, ge=2, le=10, description="Hops of a chain at most.")
    mends: int = Field(default=1, ge=0, le=3, description="How often a chain that breaks a rule goes back.")
    temperature: float = Field(default=0.7, ge=0, le=2, description="Some, so that chains differ.")
    max_tokens: int = Field(default=16_384, ge=256, le=131_072, description="Of a reply, thinking included.")
    most_pixels: int = Field(
        default=MOST_PIXELS, ge=10_000, le=100_000_000, description="Larger pictures are shrunk to so many pixels."
    )

    @model_validator(mode="after")
    def _is_range(self) -> ComposerOptions:
        if self.least_hops > self.most_hops:
            raise ValueError("least_hops is not more than most_hops")
        return self


@dataclass(slots=True)
class _Draft:
    """One puzzle on its way: what the model wrote, and what is wrong with it."""

    written: Written | None
    text: str
    problems: list[str] = field(default_factory=list)
    reason: str = ""


class VlmComposer:
    """Has a vision-language model write chains over combinations of instances.

    Args:
        model: The model.
        options: How it is asked.
    """

    def __init__(self, model: ChatModel, options: ComposerOptions) -> None:
        self._model = model
        self._options = options

    @property
    def spec(self) -> BackendSpec:
        """The model and all that determines what it writes; not where it is served."""
        return BackendSpec(
            role="composer",
            name="vlm",
            version=VERSION,
            model=self._model.model,
            options=self._options.model_dump(exclude={"profile"}) | told_apart(self._model),
            prompt_hash=hash_of(*PROMPTS),
        )

    async def aclose(self) -> None:
        """Gives the model back."""
        await self._model.aclose()

    async def compose(self, request: ComposeRequest) -> Composed:
        """Writes chains until there are as many as wanted or the combinations drawn are used up.

        Raises:
            PictureError: The picture cannot be read.
            BackendError: The server failed, or no reply for this picture could be read at all.
        """
        facts = PictureFacts.of(request.image, request.categories, request.instances)
        rng = random.Random(content_key(["vlm", request.seed, request.image.key], 32))
        drawn = combinations(facts, math.ceil(request.wanted / self._options.puzzles_per_request), rng)
        if not drawn:
            return Composed(chains=(), refusals=(Refusal(reason="too_few_instances"),))
        whole = await asyncio.to_thread(whole_picture, request.path, most_pixels=self._options.most_pixels)
        chains: list[Chain] = []
        refusals: list[Refusal] = []
        unreadable: list[BackendError] = []
        for number, combination in enumerate(drawn):
            asked = min(self._options.puzzles_per_request, request.wanted - len(chains))
            if asked <= 0:
                break
            cut_outs = await asyncio.to_thread(
                crops, request.path, tuple(seen.box for seen in combination), most_pixels=_CROP_PIXELS
            )
            talk = _Talk(self, request, facts, combination, (whole, *cut_outs), number)
            try:
                kept, refused = await talk.puzzles(asked)
            except BackendError as error:
                if error.kind in _SERVER_KINDS:
                    raise
                unreadable.append(error)
                refusals.append(Refusal(reason=error.kind, detail=str(error)))
                continue
            chains += kept
            refusals += refused
        if len(unreadable) == len(drawn):
            raise unreadable[0]
        return Composed(chains=tuple(chains), refusals=tuple(refusals))


_SERVER_KINDS = frozenset(
    {"timeout", "out_of_reach", "server_error", "refused_request", "too_many_pictures", "too_long", "no_pictures"}
    | {"schema_refused", "wrong_count", "not_json"}
)
"""Failures of the server: the picture stays owed, whatever other combinations would give."""


class _Talk:
    """The conversation about one combination of instances."""

    def __init__(
        self,
        composer: VlmComposer,
        request: ComposeRequest,
        facts: PictureFacts,
        combination: Sequence[Seen],
        pictures: tuple[Part, ...],
        number: int,
    ) -> None:
        self._model = composer._model
        self._options = composer._options
        self._request = request
        self._facts = facts
        self._combination = combination
        self._pictures = pictures
        self._number = number

    async def puzzles(self, wanted: int) -> tuple[list[Chain], list[Refusal]]:
        """Chains that break no rule, and what became of the others.

        Raises:
            BackendError: The server failed, or nothing can be read in its replies.
        """
        opening = self._opening(wanted)
        rows = await self._first_rows(opening)
        chains: list[Chain] = []
        refusals: list[Refusal] = []
        for place, row in enumerate(rows[:wanted]):
            draft = self._judged(row)
            for turn in range(self._options.mends):
                if not draft.problems:
                    break
                draft = await self._mended(opening, draft, turn=1 + place * self._options.mends + turn)
            if draft.written is None or draft.problems:
                refusals.append(Refusal(reason=draft.reason, detail="; ".join(draft.problems)[:_MOST_SHOWN]))
                continue
            chains.append(draft.written.chain)
            refusals += [
                Refusal(reason="operation_unread", detail=f"hop {hop}: {why}"[:_MOST_SHOWN])
                for hop, why in draft.written.unread_operations
            ]
        return chains, refusals

    async def _first_rows(self, opening: Message) -> list[object]:
        choice = await self._say((opening,), turn=0)
        try:
            return _rows(choice)
        except BackendError:
            if not self._options.mends:
                raise
        # There is nothing to mend in what cannot be read: it is asked once more, with other luck.
        return _rows(await self._say((opening,), turn=_AGAIN))

    def _opening(self, wanted: int) -> Message:
        words = prompt("compose").filled(
            objects=objects_text(self._combination, self._facts),
            wanted=str(wanted),
            least_hops=str(self._options.least_hops),
            most_hops=str(self._options.most_hops),
            operations=prompt("operations").text,
        )
        return Message(Role.USER, (*self._pictures, TextPart(words)))

    async def _say(self, messages: tuple[Message, ...], turn: int) -> Choice:
        seed = content_key(["compose", self._request.seed, self._request.image.key, self._number, turn])
        reply = await self._model.chat(
            ChatRequest(
                messages=messages,
                max_tokens=self._options.max_tokens,
                temperature=self._options.temperature,
                seed=int(seed, 16) % 2**31,
                schema=WrittenPuzzles.model_json_schema(),
                urgency=self._request.urgency,
            )
        )
        return reply.choices[0]

    async def _mended(self, opening: Message, draft: _Draft, turn: int) -> _Draft:
        findings = "\n".join(f"- {problem}" for problem in draft.problems)
        messages = (
            opening,
            Message(Role.ASSISTANT, (TextPart(draft.text),)),
            Message(Role.USER, (TextPart(prompt("mend").filled(findings=findings)),)),
        )
        try:
            rows = _rows(await self._say(messages, turn))
        except BackendError as error:
            if error.kind in _SERVER_KINDS:
                raise
            # What was wrong before says more than that the second try could not be read.
            return draft
        return self._judged(rows[0]) if rows else draft

    def _judged(self, row: object) -> _Draft:
        text = json.dumps({_FIELD: [row]}, ensure_ascii=False)
        try:
            written = read_puzzle(row, self._request.image.key, self._combination)
        except UnusablePuzzleError as error:
            return _Draft(None, text, [str(error)], error.reason)
        errors = [f for f in audit_chain(written.chain, self._facts) if f.severity is Severity.ERROR]
        hops = len(written.chain.hops)
        if not self._options.least_hops <= hops <= self._options.most_hops:
            asked = f"{self._options.least_hops} to {self._options.most_hops}"
            return _Draft(written, text, [f"It has {hops} hops and not {asked}.", *map(_said, errors)], "hops")
        return _Draft(written, text, [_said(f) for f in errors], errors[0].rule if errors else "")


def _rows(choice: Choice) -> list[object]:
    """The puzzles of a reply.

    Raises:
        BackendError: There is nothing to read in it.
    """
    try:
        rows = object_in(choice, with_field=_FIELD)[_FIELD]
    except UnusableReplyError as error:
        raise BackendError(str(error), kind=error.problem.value) from error
    if not isinstance(rows, list) or not rows:
        raise BackendError("The reply holds no puzzles.", kind="wrong_shape")
    return rows


def _said(finding: Finding) -> str:
    return finding.message if finding.hop is None else f"Hop {finding.hop}: {finding.message}"
