"""Writes of chains and of what is said of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from hopchain_core.domain.chains import Chain, chain_to_json
from hopchain_core.domain.findings import Finding
from hopchain_core.domain.keys import ChainKey, RunId, canonical_json
from hopchain_core.domain.review import Annotation, Mark, Verdict
from hopchain_core.domain.rollouts import Difficulty, Rollout
from hopchain_core.store import schema
from hopchain_core.store.rows_people import annotation_row, ensure_annotator
from hopchain_core.store.rows_sources import image_row_id, now_text
from hopchain_core.store.unit_of_work import Row, UnitOfWork
from hopchain_core.store.values import trace_json


def write_chains(uow: UnitOfWork, work_id: int | None, chains: Sequence[Chain]) -> tuple[int, ...]:
    """Adds chains: those one work item composed, or a person's (`work_id` None) that may supersede others.

    Returns:
        Their numbers.

    Raises:
        KeyError: The project does not hold a picture they are about.
    """
    numbers = []
    for chain in chains:
        (number,) = uow.put(
            schema.chain,
            {
                "key": chain.key,
                "work_id": work_id,
                "question": chain.question,
                "answer": chain.answer.text,
                "composer": chain.composer.value,
                "version": chain.version,
                "supersedes": chain.supersedes,
                "is_executable": int(chain.is_executable),
                "hop_count": len(chain.hops),
                "body": canonical_json(chain_to_json(chain)),
            },
        )
        uow.put_new(
            schema.chain_image,
            [
                {"chain_id": number, "position": position, "image_id": image_row_id(uow, key)}
                for position, key in enumerate(chain.images)
            ],
        )
        numbers.append(int(number))
    return tuple(numbers)


def write_findings(uow: UnitOfWork, work_id: int, chain_key: ChainKey, findings: Sequence[Finding]) -> None:
    """Adds what the rules found in one chain."""
    uow.put_new(
        schema.finding,
        [
            {
                "chain_key": chain_key,
                "work_id": work_id,
                "rule": f.rule,
                "severity": f.severity.value,
                "hop": f.hop,
                "message": f.message,
                "evidence": canonical_json(f.evidence),
            }
            for f in findings
        ],
    )


def write_annotation(uow: UnitOfWork, annotation: Annotation) -> None:
    """Writes one person's answer, over that person's earlier answer to the same version of the chain.

    Whoever answers is an annotator of the project from then on.
    """
    table = schema.annotation
    same = select(table.c.id).where(table.c.chain_key == annotation.chain, table.c.annotator == annotation.annotator)
    ensure_annotator(uow, annotation.annotator)
    uow.put(table, {"id": uow.conn.execute(same).scalar(), **annotation_row(annotation)})


def drop_annotation(uow: UnitOfWork, chain_key: ChainKey, annotator: str) -> bool:
    """Takes one person's answer back; False when there is none."""
    table = schema.annotation
    same = select(table.c.id).where(table.c.chain_key == chain_key, table.c.annotator == annotator)
    found = uow.conn.execute(same).scalar()
    return found is not None and uow.drop(table, (found,))


def write_mark(uow: UnitOfWork, mark: Mark | None, chain_key: ChainKey | None = None) -> None:
    """Writes a curator's decision over the one that stood; with None, takes that of `chain_key` back.

    Raises:
        ValueError: Neither a mark nor a chain is named.
    """
    if mark is None:
        if chain_key is None:
            raise ValueError("taking a mark back needs the chain's key")
        uow.drop(schema.mark, (chain_key,))
        return
    uow.put(
        schema.mark,
        {"chain_key": mark.chain, "kind": mark.kind.value, "reason": mark.reason, "marked_at": now_text()},
    )


def write_rollouts(uow: UnitOfWork, run_id: RunId, fingerprint: str, rollouts: Sequence[Rollout]) -> None:
    """Adds attempts of one solver; an attempt at a position that is filled already is left out."""
    rows: list[Row] = [
        {
            "chain_key": r.chain,
            "fingerprint": fingerprint,
            "position": r.index,
            "run_id": run_id,
            "text": r.text,
            "answer": r.answer.text if r.answer else None,
            "is_correct": int(r.is_correct),
            "finish_reason": r.finish_reason.value,
            "tokens": r.tokens,
            "error_kind": r.error_kind.value if r.error_kind else None,
            "trace": trace_json(r.trace),
            "first_wrong_hop": r.first_wrong_hop,
        }
        for r in rollouts
    ]
    if rows:
        uow.conn.execute(upsert(schema.rollout).on_conflict_do_nothing(), rows)
        uow.changed_tables.add("rollout")


def write_verdict(uow: UnitOfWork, work_id: int, verdict: Verdict) -> None:
    """Adds what follows from people's answers to one chain."""
    uow.put(schema.verdict, verdict_row(work_id, verdict))


def verdict_row(work_id: int, verdict: Verdict) -> Row:
    """The columns of a verdict, but for its number."""
    return {
        "chain_key": verdict.chain,
        "work_id": work_id,
        "outcome": verdict.outcome.value,
        "label": verdict.label.text if verdict.label else None,
        "votes": canonical_json([list(vote) for vote in verdict.votes]),
        "policy": verdict.policy,
    }


def write_difficulty(uow: UnitOfWork, work_id: int, difficulty: Difficulty) -> None:
    """Adds how often a weaker model solved one chain."""
    uow.put(schema.difficulty, difficulty_row(work_id, difficulty))


def difficulty_row(work_id: int, difficulty: Difficulty) -> Row:
    """The columns of a difficulty, but for its number."""
    return {
        "chain_key": difficulty.chain,
        "work_id": work_id,
        "n": difficulty.n,
        "n_correct": difficulty.n_correct,
        "interval_low": difficulty.interval[0],
        "interval_high": difficulty.interval[1],
        "model": difficulty.model,
        "is_simulated": int(difficulty.is_simulated),
        "is_kept": int(difficulty.is_kept),
        "is_until_decided": int(difficulty.is_until_decided),
    }
