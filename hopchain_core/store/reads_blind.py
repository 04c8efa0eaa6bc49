"""Reads behind the blind door. No statement here touches an answer of somebody else, a hop, an instance or gold.

A test reads these statements and fails when one names a table or column that a person who answers may not see.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import AmbiguityReason, Outcome
from hopchain_core.store.engine import driver
from hopchain_core.store.reader import Reader
from hopchain_core.store.visibility import SEEN_CHAIN

_IS_ASKED = (
    f"EXISTS (SELECT 1 FROM chain AS c WHERE c.key = k.value AND {SEEN_CHAIN})"
    " AND NOT EXISTS (SELECT 1 FROM mark WHERE mark.chain_key = k.value AND mark.kind = 'reject')"
)
QUEUE = (
    "SELECT k.key + 1, k.value, a.id IS NOT NULL, COALESCE(d.skips, 0),"
    f" a.id IS NOT NULL OR ({_IS_ASKED}) FROM assignment AS s CROSS JOIN json_each(s.chains) AS k"
    " LEFT JOIN annotation AS a ON a.chain_key = k.value AND a.annotator = s.annotator"
    " LEFT JOIN draft AS d ON d.chain_key = k.value AND d.annotator = s.annotator"
    " WHERE s.round_id = ? AND s.annotator = ? ORDER BY k.key"
)
ITEMS = (
    f"SELECT k.value, c.question, image.path, image.width_px, image.height_px, {_IS_ASKED}"
    " FROM json_each(?) AS k CROSS JOIN chain AS c ON c.id = (SELECT x.id FROM chain AS x WHERE x.key = k.value"
    " ORDER BY x.id DESC LIMIT 1)"
    " CROSS JOIN chain_image AS ci ON ci.chain_id = c.id AND ci.position = 0"
    " CROSS JOIN image ON image.id = ci.image_id ORDER BY k.key"
)
OWN = text(
    "SELECT a.chain_key, a.outcome, a.answer, a.reason, a.note, a.active_seconds, a.answered_at FROM annotation AS a"
    " WHERE a.annotator = :annotator AND a.round_id = :round ORDER BY a.answered_at DESC, a.id DESC LIMIT :limit"
)
OWN_ONE = text(
    "SELECT a.chain_key, a.outcome, a.answer, a.reason, a.note, a.active_seconds, a.answered_at FROM annotation AS a"
    " WHERE a.annotator = :annotator AND a.chain_key = :key"
)
DRAFT = text(
    "SELECT d.text, d.note, d.active_seconds, d.skips FROM draft AS d WHERE d.annotator = :annotator AND d.chain_key = :key"
)
ROUNDS = text(
    "SELECT r.id, r.kind, (SELECT COUNT(*) FROM json_each(s.chains) AS k"
    " LEFT JOIN annotation AS a ON a.chain_key = k.value AND a.annotator = s.annotator"
    f" WHERE a.id IS NULL AND {_IS_ASKED}) AS left"
    " FROM assignment AS s CROSS JOIN round AS r ON r.id = s.round_id"
    " WHERE s.annotator = :annotator AND r.closed_at IS NULL ORDER BY r.kind DESC, r.id"
)
STATEMENTS = (QUEUE, ITEMS, OWN.text, OWN_ONE.text, DRAFT.text, ROUNDS.text)


@dataclass(frozen=True, slots=True)
class QueuedItem:
    """An item of a person's round.

    Attributes:
        position: From 1, in the person's order.
        skips: How often it was put off.
        is_asked: Answered, or still to be: not withdrawn.
    """

    position: int
    chain: ChainKey
    is_answered: bool
    skips: int
    is_asked: bool


@dataclass(frozen=True, slots=True)
class AskedItem:
    """What is shown of an item; `is_asked` says whether it still awaits answers."""

    chain: ChainKey
    question: str
    path: str
    width_px: int
    height_px: int
    is_asked: bool


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """A person's own answer."""

    chain: ChainKey
    outcome: Outcome
    text: str
    reason: AmbiguityReason | None
    note: str
    active_seconds: float
    answered_at: str


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """What a person typed, and how often they put the item off."""

    text: str = ""
    note: str = ""
    active_seconds: float = 0.0
    skips: int = 0


def queue(read: Reader, round_id: int, annotator: str) -> list[QueuedItem]:
    """All items of a person in a round, in that person's order."""
    rows = driver(read._conn).execute(QUEUE, (round_id, annotator))
    return [
        QueuedItem(position, ChainKey(key), bool(done), skips, bool(asked))
        for position, key, done, skips, asked in rows
    ]


def items(read: Reader, chains: Sequence[ChainKey]) -> list[AskedItem]:
    """What is shown of these items, in this order; those not there any more are left out."""
    rows = driver(read._conn).execute(ITEMS, (json.dumps(list(chains)),))
    return [AskedItem(ChainKey(key), question, path, w, h, bool(asked)) for key, question, path, w, h, asked in rows]


def own_answers(read: Reader, round_id: int, annotator: str, limit: int) -> list[OwnAnswer]:
    """A person's own answers of a round, newest first."""
    rows = read._conn.execute(OWN, {"annotator": annotator, "round": round_id, "limit": limit})
    return [_own(*row) for row in rows]


def own_answer(read: Reader, annotator: str, chain: ChainKey) -> OwnAnswer | None:
    """A person's own answer to one item; None before it is given."""
    row = read._conn.execute(OWN_ONE, {"annotator": annotator, "key": chain}).first()
    return None if row is None else _own(*row)


def own_draft(read: Reader, annotator: str, chain: ChainKey) -> OwnDraft:
    """What a person typed to one item."""
    row = read._conn.execute(DRAFT, {"annotator": annotator, "key": chain}).first()
    return OwnDraft() if row is None else OwnDraft(*row)


def rounds_of(read: Reader, annotator: str) -> list[tuple[int, str, int]]:
    """Open rounds a person takes part in, qualifications first: number, kind, and how many items are left."""
    return [(number, kind, left) for number, kind, left in read._conn.execute(ROUNDS, {"annotator": annotator})]


def _own(
    key: str, outcome: str, answer: str | None, reason: str, note: str, active_seconds: float, answered_at: str
) -> OwnAnswer:
    return OwnAnswer(
        ChainKey(key),
        Outcome(outcome),
        answer or "",
        AmbiguityReason(reason) if reason else None,
        note,
        active_seconds,
        answered_at,
    )
