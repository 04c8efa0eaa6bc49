"""Writes that only people make."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import select

from hopchain_core.domain.keys import ChainKey, ImageKey, InstanceKey
from hopchain_core.domain.review import Adjudication, Annotation
from hopchain_core.domain.rounds import Annotator, Gold, Round
from hopchain_core.domain.rounds_plan import RoundPlan
from hopchain_core.store import schema
from hopchain_core.store.rows_sources import now_text
from hopchain_core.store.unit_of_work import Row, UnitOfWork


def hide_instance(uow: UnitOfWork, key: InstanceKey, hidden: bool) -> int:
    """Sets whether an instance is shown, in every row that holds this version.

    Returns:
        How many rows changed.
    """
    table = schema.instance
    rows = select(table.c.id).where(table.c.key == key, table.c.is_hidden != int(hidden))
    found = uow.conn.execute(rows).scalars().all()
    for number in found:
        uow.put(table, {"id": number, "is_hidden": int(hidden)})
    return len(found)


def move_pictures(uow: UnitOfWork, paths: Mapping[ImageKey, str]) -> None:
    """Notes where the files of pictures lie now."""
    table = schema.image
    for key, path in paths.items():
        number = uow.conn.execute(select(table.c.id).where(table.c.key == key)).scalar_one()
        uow.put(table, {"id": number, "path": path})


def moment() -> str:
    """Now, UTC as ISO 8601 with milliseconds: two answers of one person are hardly ever given in one."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def annotation_row(annotation: Annotation) -> Row:
    """The columns of one person's answer, but for its number."""
    return {
        "chain_key": annotation.chain,
        "annotator": annotation.annotator,
        "outcome": annotation.outcome.value,
        "answer": annotation.answer.text if annotation.answer else None,
        "active_seconds": annotation.active_seconds,
        "note": annotation.note,
        "answered_at": annotation.answered_at or moment(),
        "reason": annotation.reason.value if annotation.reason else "",
        "round_id": annotation.round,
        "source": annotation.source,
    }


def ensure_annotator(uow: UnitOfWork, name: str) -> None:
    """Adds a person who is not there yet."""
    if uow.get(schema.annotator, (name,)) is None:
        write_annotator(uow, Annotator(name=name))


def write_annotator(uow: UnitOfWork, annotator: Annotator) -> None:
    """Adds a person, or writes over what is known of them."""
    uow.put(
        schema.annotator,
        {
            "name": annotator.name,
            "is_active": int(annotator.is_active),
            "is_let_in": int(annotator.is_let_in),
            "note": annotator.note,
            "added_at": annotator.added_at or now_text(),
        },
    )


def write_gold(uow: UnitOfWork, gold: Gold) -> None:
    """Adds a chain whose answer is known, or another answer to one."""
    uow.put(
        schema.gold,
        {"chain_key": gold.chain, "answer": gold.answer.text, "note": gold.note, "set_at": now_text()},
    )


def write_round(uow: UnitOfWork, opened: Round, plan: RoundPlan) -> int:
    """Adds a round with what everybody is given in it.

    Args:
        uow: The transaction.
        opened: The round; its `id` is not looked at.
        plan: Who answers what.

    Returns:
        Its number.
    """
    (number,) = uow.put(
        schema.round_,
        {
            "kind": opened.kind.value,
            "opened_at": opened.opened_at,
            "closed_at": opened.closed_at,
            "seed": opened.seed,
            "per_chain": opened.per_chain,
            "gold_share": opened.gold_share,
            "pass_mark": opened.pass_mark,
        },
    )
    uow.put_new(
        schema.assignment,
        [
            {"round_id": number, "annotator": name, "chains": json.dumps(items, separators=(",", ":"))}
            for name, items in plan.assignments.items()
        ],
    )
    uow.put_new(schema.round_gold, [{"round_id": number, "chain_key": key} for key in sorted(plan.gold)])
    return int(number)


def write_adjudication(uow: UnitOfWork, adjudication: Adjudication) -> None:
    """Writes an adjudicator's decision over the one that stood."""
    uow.put(
        schema.adjudication,
        {
            "chain_key": adjudication.chain,
            "kind": adjudication.kind.value,
            "label": adjudication.label.text if adjudication.label else None,
            "adjudicator": adjudication.adjudicator,
            "reason": adjudication.reason,
            "decided_at": adjudication.decided_at or now_text(),
        },
    )


def write_draft(
    uow: UnitOfWork, annotator: str, chain: ChainKey, *, text: str, note: str, active_seconds: float, skips: int
) -> None:
    """Keeps what a person has typed so far, over what was kept before."""
    uow.put(
        schema.draft,
        {
            "annotator": annotator,
            "chain_key": chain,
            "text": text,
            "note": note,
            "active_seconds": active_seconds,
            "skips": skips,
        },
    )
