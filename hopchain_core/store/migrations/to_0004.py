"""Schema 4: what people say went wrong in rollouts, and rollouts that can be counted without reading their texts."""

from __future__ import annotations

import sqlite3

_STEPS = (
    """CREATE TABLE rollout_error (
    chain_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subkind TEXT NOT NULL,
    judged_by TEXT NOT NULL,
    judged_at TEXT NOT NULL,
    PRIMARY KEY (chain_key, fingerprint, position)
)""",
    "ALTER TABLE rollout ADD COLUMN first_wrong_hop INTEGER",
    """UPDATE rollout SET first_wrong_hop = (
    SELECT json_extract(t.value, '$[0]') FROM json_each(rollout.trace) AS t
    WHERE json_extract(t.value, '$[2]') = 0 ORDER BY t.key LIMIT 1)
    WHERE trace != '[]'""",
    """CREATE INDEX ix_rollout_outcome ON rollout (chain_key, fingerprint, position, is_correct, finish_reason, tokens,
    first_wrong_hop, error_kind, answer)""",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Adds a table, a column and an index. Runs inside the transaction of the caller."""
    for statement in _STEPS:
        connection.execute(statement)
