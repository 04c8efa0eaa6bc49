"""Schema 5: what models said when chains were probed."""

from __future__ import annotations

import sqlite3

_STEPS = (
    """CREATE TABLE probe_result (
    id INTEGER PRIMARY KEY NOT NULL,
    chain_key TEXT NOT NULL,
    work_id INTEGER NOT NULL REFERENCES work (id) ON DELETE CASCADE,
    probe TEXT NOT NULL,
    trials TEXT NOT NULL
)""",
    "CREATE INDEX ix_probe_result_chain ON probe_result (chain_key)",
    "CREATE INDEX ix_probe_result_work ON probe_result (work_id)",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Adds a table. Runs inside the transaction of the caller."""
    for statement in _STEPS:
        connection.execute(statement)
