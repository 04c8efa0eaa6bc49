"""Rows read back into the domain's values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain, chain_from_json
from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.domain.images import Category, Image, Quality, Rating, SourceObject
from hopchain_core.domain.instances import Attribute, AttributeName, Instance, Origin
from hopchain_core.domain.keys import ChainKey, ImageKey, InstanceKey, RunId
from hopchain_core.domain.provenance import BackendSpec, Run, RunOutcome
from hopchain_core.domain.review import (
    Adjudication,
    AdjudicationKind,
    AmbiguityReason,
    Annotation,
    Mark,
    MarkKind,
    Outcome,
    Verdict,
    VerdictOutcome,
)
from hopchain_core.domain.rollouts import Difficulty, ErrorKind, FinishReason, HopTrace, Rollout
from hopchain_core.domain.rounds import Annotator, Gold, Round, RoundKind


@dataclass(frozen=True, slots=True)
class StoredChain:
    """A chain with where it stands in the project.

    Attributes:
        number: Row of the chain; people say C-12. Never handed out twice in one project.
        chain: The chain.
        run_id: The run that composed it; None for a person's.
    """

    number: int
    chain: Chain
    run_id: RunId | None


def read_json(text: str | None) -> Any:
    """The value of a JSON column; None for NULL."""
    return None if text is None else json.loads(text)


def to_answer(text: str | None) -> Answer | None:
    """The number in a column of canonical text."""
    return None if text is None else Answer(Decimal(text))


def to_image(row: Any) -> Image:
    """From a row of `image`."""
    return Image(
        key=ImageKey(row.key),
        path=row.path,
        width_px=row.width_px,
        height_px=row.height_px,
        licence=row.licence,
        source=row.source,
        split_group=row.split_group,
        file_format=row.file_format,
        perceptual_hash=row.perceptual_hash,
    )


def to_source_object(row: Any) -> SourceObject:
    """From a row of `source_object` with its image's `width_px` and `height_px`."""
    return SourceObject(
        source_id=row.source_id,
        category=row.category,
        box=Box(row.x0, row.y0, row.x1, row.y1),
        mask=None if row.mask is None else Mask(row.height_px, row.width_px, row.mask),
        is_crowd=bool(row.is_crowd),
        attributes=to_attributes(row.attributes),
        origin=Origin(row.origin),
    )


def to_category(row: Any) -> Category:
    """From a row of `category`."""
    return Category(name=row.name, estimated_count=row.estimated_count, is_countable=bool(row.is_countable))


def to_rating(row: Any) -> Rating:
    """From a row of `rating`."""
    return Rating(complexity=row.complexity, quality=Quality(row.quality))


def to_attributes(text: str) -> tuple[Attribute, ...]:
    """Reads what `attributes_json` wrote."""
    if text == "[]":
        return ()
    return tuple(Attribute(AttributeName(name), value, Origin(source)) for name, value, source in json.loads(text))


def attributes_json(attributes: tuple[Attribute, ...]) -> str:
    """Attributes as [[name, value, source], …]."""
    rows = [[a.name.value, a.value, a.source.value] for a in attributes]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def to_instance(row: Any) -> Instance:
    """From a row of `instance` with its image's `image_key`, `width_px` and `height_px`."""
    return Instance(
        image=ImageKey(row.image_key),
        category=row.category,
        box=Box(row.x0, row.y0, row.x1, row.y1),
        mask=None if row.mask is None else Mask(row.height_px, row.width_px, row.mask),
        score=row.score,
        origin=Origin(row.origin),
        attributes=to_attributes(row.attributes),
        is_crowd=bool(row.is_crowd),
        supersedes=None if row.supersedes is None else InstanceKey(row.supersedes),
        is_removed=bool(row.is_removed),
    )


def to_stored_chain(row: Any) -> StoredChain:
    """From `number`, `body` and `run_id`."""
    run_id = None if row.run_id is None else RunId(row.run_id)
    return StoredChain(row.number, chain_from_json(json.loads(row.body)), run_id)


def to_finding(row: Any) -> Finding:
    """From a row of `finding`."""
    return Finding(
        rule=row.rule,
        severity=Severity(row.severity),
        hop=row.hop,
        message=row.message,
        evidence=json.loads(row.evidence),
    )


def to_annotation(row: Any) -> Annotation:
    """From a row of `annotation`."""
    return Annotation(
        chain=ChainKey(row.chain_key),
        annotator=row.annotator,
        outcome=Outcome(row.outcome),
        answer=to_answer(row.answer),
        active_seconds=row.active_seconds,
        note=row.note,
        reason=AmbiguityReason(row.reason) if row.reason else None,
        round=row.round_id,
        source=row.source,
        answered_at=row.answered_at,
    )


def to_adjudication(row: Any) -> Adjudication:
    """From a row of `adjudication`."""
    return Adjudication(
        chain=ChainKey(row.chain_key),
        kind=AdjudicationKind(row.kind),
        label=to_answer(row.label),
        adjudicator=row.adjudicator,
        reason=row.reason,
        decided_at=row.decided_at,
    )


def to_annotator(row: Any) -> Annotator:
    """From a row of `annotator`."""
    return Annotator(
        name=row.name,
        is_active=bool(row.is_active),
        is_let_in=bool(row.is_let_in),
        note=row.note,
        added_at=row.added_at,
    )


def to_gold(row: Any) -> Gold:
    """From a row of `gold`."""
    return Gold(chain=ChainKey(row.chain_key), answer=Answer(Decimal(row.answer)), note=row.note)


def to_round(row: Any) -> Round:
    """From a row of `round`."""
    return Round(
        id=row.id,
        kind=RoundKind(row.kind),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        seed=row.seed,
        per_chain=row.per_chain,
        gold_share=row.gold_share,
        pass_mark=row.pass_mark,
    )


def to_mark(row: Any) -> Mark:
    """From a row of `mark`."""
    return Mark(chain=ChainKey(row.chain_key), kind=MarkKind(row.kind), reason=row.reason)


def to_rollout(row: Any) -> Rollout:
    """From a row of `rollout`."""
    return Rollout(
        chain=ChainKey(row.chain_key),
        index=row.position,
        text=row.text,
        answer=to_answer(row.answer),
        is_correct=bool(row.is_correct),
        finish_reason=FinishReason(row.finish_reason),
        tokens=row.tokens,
        error_kind=None if row.error_kind is None else ErrorKind(row.error_kind),
        trace=tuple(HopTrace(hop=h, output=o, is_correct=bool(c)) for h, o, c in json.loads(row.trace)),
    )


def trace_json(trace: tuple[HopTrace, ...]) -> str:
    """A trace as [[hop, output, is_correct], …]."""
    rows = [[t.hop, t.output, int(t.is_correct)] for t in trace]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def to_verdict(row: Any) -> Verdict:
    """From a row of `verdict`."""
    return Verdict(
        chain=ChainKey(row.chain_key),
        outcome=VerdictOutcome(row.outcome),
        label=to_answer(row.label),
        votes=tuple((answer, count) for answer, count in json.loads(row.votes)),
        policy=row.policy,
    )


def to_difficulty(row: Any) -> Difficulty:
    """From a row of `difficulty` with what `visibility.TOO_HARD` says of it."""
    return Difficulty(
        chain=ChainKey(row.chain_key),
        n=row.n,
        n_correct=row.n_correct,
        interval=(row.interval_low, row.interval_high),
        model=row.model,
        is_simulated=bool(row.is_simulated),
        is_kept=bool(row.is_kept),
        is_until_decided=bool(row.is_until_decided),
        is_too_hard=bool(row.is_too_hard),
    )


def to_run(row: Any) -> Run:
    """From a row of `run`."""
    backend = read_json(row.backend)
    return Run(
        id=RunId(row.id),
        stage=row.stage,
        stage_version=row.stage_version,
        fingerprint=row.fingerprint,
        options=json.loads(row.options),
        backend=None if backend is None else BackendSpec.from_json(backend),
        prompt_hash=row.prompt_hash,
        seed=row.seed,
        outcome=RunOutcome(row.outcome),
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
