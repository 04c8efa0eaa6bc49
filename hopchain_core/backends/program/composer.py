"""The composer itself: samples many drafts of a picture and keeps a few that differ."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from math import log2

from pydantic import BaseModel, ConfigDict, Field

from hopchain_core.backends.program.draft import Draft
from hopchain_core.backends.program.guesses import believed, best_guess, kept_share
from hopchain_core.backends.program.sampler import LEAST_INSTANCES, Sampler
from hopchain_core.backends.program.skips import can_be_skipped
from hopchain_core.backends.program.words import singular
from hopchain_core.backends.protocols import Composed, ComposeRequest, Refusal
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import (
    Chain,
    Composer,
    Hop,
    HopKind,
    InstanceReference,
    Reference,
    SetReference,
    ValueReference,
    kinds_of,
)
from hopchain_core.domain.keys import content_key
from hopchain_core.domain.programs.execution import Seen, Value, output_text
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.provenance import BackendSpec

VERSION = 3
DRAFTS = 1
"""What drafts are drawn from besides seed and picture: another number would give every picture other drafts."""
POOR_PICTURE_FACTOR = 3
"""A picture that has given nothing is tried this many times as often. Chosen."""
UNKNOWN_WEIGHT = 6.0
"""What a bit counts against having been used before, when drafts are chosen. Chosen."""


class ProgramComposerOptions(BaseModel):
    """Options of the program composer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    attempts: int = Field(
        default=240,
        ge=1,
        le=10_000,
        description="Drafts tried for each picture; more find more chains and take longer.",
    )
    pool: int = Field(
        default=5,
        ge=1,
        le=50,
        description="Good drafts gathered for each chain wanted; those that differ most are kept.",
    )


class ProgramComposer:
    """Composes chains without a model. The same request gives the same chains."""

    def __init__(self, options: ProgramComposerOptions | None = None) -> None:
        self.options = options or ProgramComposerOptions()

    @property
    def spec(self) -> BackendSpec:
        """Name, version and options."""
        return BackendSpec(
            role="composer",
            name="program",
            version=VERSION,
            model="program",
            options=self.options.model_dump(),
        )

    async def aclose(self) -> None:
        """Holds nothing."""

    async def compose(self, request: ComposeRequest) -> Composed:
        """Chains over the picture's instances, at most as many as wanted; refusals say why there are no more."""
        return compose(request, self.options)


def compose(request: ComposeRequest, options: ProgramComposerOptions) -> Composed:
    """The same as `ProgramComposer.compose`, as a plain function for worker processes."""
    facts = PictureFacts.of(request.image, request.categories, request.instances)
    rng = random.Random(content_key([request.seed, request.image.key, DRAFTS], 32))
    sampler = Sampler(facts, rng)
    if len(facts.seen) < LEAST_INSTANCES:
        return Composed(chains=(), refusals=(Refusal(reason="too_few_instances", detail=f"{len(facts.seen)} marked"),))
    pool: list[_Candidate] = []
    questions: set[str] = set()
    tried = 0
    while tried < options.attempts or (not pool and tried < options.attempts * POOR_PICTURE_FACTOR):
        tried += 1
        draft = sampler.attempt()
        if draft is None:
            continue
        chain = finished(draft, request)
        kinds = frozenset().union(*(kinds_of(h, chain) for h in chain.hops))
        if chain.question in questions:
            sampler.refuse("same_question_again")
            continue
        if kinds != {HopKind.PERCEPTION, HopKind.INSTANCE}:
            sampler.refuse("one_kind_only")
            continue
        questions.add(chain.question)
        belief = believed(draft)
        if rng.random() >= kept_share(belief, chain.answer.value):
            sampler.refuse("answer_too_likely")
            continue
        if can_be_skipped(chain, facts):
            sampler.refuse("hops_can_be_skipped")
            continue
        pool.append(_Candidate(draft, chain, -log2(best_guess(belief))))
        if len(pool) >= options.pool * request.wanted:
            break
    chains = _most_different(pool, request.wanted)
    if len(pool) > len(chains):
        sampler.refused["good_but_not_needed"] = len(pool) - len(chains)
    refusals = tuple(Refusal(reason=r, detail=f"{n} drafts") for r, n in sorted(sampler.refused.items()))
    if not chains:
        refusals = (Refusal(reason="no_clear_chain", detail=f"{tried} drafts tried"), *refusals)
    return Composed(chains=tuple(chains), refusals=refusals)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A finished draft that may be kept.

    Attributes:
        unknown: How much of the answer a reader without the picture lacks, in bits.
    """

    draft: Draft
    chain: Chain
    unknown: float


def _most_different(pool: list[_Candidate], wanted: int) -> list[Chain]:
    kept: list[_Candidate] = []
    seen: Counter[object] = Counter()
    answers: set[Decimal] = set()
    left = list(pool)
    while left and len(kept) < wanted:
        # What was used before counts against a draft; so does having few categories. Ties go to the earlier draft.
        best = min(left, key=lambda candidate: _staleness(candidate, seen, answers))
        left.remove(best)
        if any(best.draft.visited == other.draft.visited for other in kept):
            continue
        kept.append(best)
        seen.update(_marks_of(best.draft))
        answers.add(best.chain.answer.value)
    return [candidate.chain for candidate in kept]


def _marks_of(draft: Draft) -> list[object]:
    return [s.move for s in draft.steps] + [s.key for s in draft.visited] + [len(draft.steps), draft.steps[-1].clause]


def _staleness(candidate: _Candidate, seen: Counter[object], answers: set[Decimal]) -> float:
    used = sum(seen[mark] for mark in _marks_of(candidate.draft))
    categories = len({s.category for s in candidate.draft.named})
    is_used = candidate.chain.answer.value in answers
    return used + 2.0 * is_used - 0.5 * min(categories, 3) - UNKNOWN_WEIGHT * candidate.unknown


def finished(draft: Draft, request: ComposeRequest) -> Chain:
    """The chain of a finished draft."""
    hops = []
    by_index = dict(enumerate(draft.outputs, start=1))
    for index, (step, output) in enumerate(zip(draft.steps, draft.outputs, strict=True), start=1):
        needs = draft.needs(step)
        uses: list[Reference] = [_reference(by_index[n]) for n in needs]
        uses += [InstanceReference(s.key) for s in step.names]
        hops.append(
            Hop(
                index=index,
                level=step.level,
                sub_question=step.sub_question,
                uses=tuple(dict.fromkeys(uses)),
                establishes=(_reference(output),),
                needs=needs,
                output=label(output, draft.facts),
                operation=step.operation,
            )
        )
    total = draft.outputs[-1]
    assert isinstance(total, Decimal)  # the sampler keeps no other draft
    return Chain(
        images=(request.image.key,),
        instances=tuple(s.key for s in draft.named),
        question=" ".join(step.clause for step in draft.steps),
        hops=tuple(hops),
        answer=Answer(total),
        composer=Composer.PROGRAM,
    )


def _reference(value: Value) -> Reference:
    if isinstance(value, Seen):
        return InstanceReference(value.key)
    if isinstance(value, tuple):
        return SetReference(tuple(sorted(s.key for s in value)))
    return ValueReference(output_text(value))


def label(value: Value, facts: PictureFacts) -> str:
    """A value as curators read it; an instance by its category and its place among its kind from the left."""
    if not isinstance(value, Seen):
        return output_text(value)
    group = facts.by_category[value.category]
    if len(group) == 1:
        return singular(value.category)
    return f"{singular(value.category)} {group.index(value) + 1}"
