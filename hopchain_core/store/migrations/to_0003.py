"""Schema 3: who answers what (annotators, rounds, gold), drafts, adjudications, and more of each answer."""

from __future__ import annotations

import sqlite3

_STEPS = (
    """CREATE TABLE annotator (
    name TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    is_let_in INTEGER NOT NULL,
    note TEXT NOT NULL,
    added_at TEXT NOT NULL,
    PRIMARY KEY (name)
)""",
    """CREATE TABLE round (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    closed_at TEXT,
    seed INTEGER NOT NULL,
    per_chain INTEGER,
    gold_share FLOAT NOT NULL,
    pass_mark FLOAT NOT NULL
)""",
    """CREATE TABLE assignment (
    round_id INTEGER NOT NULL,
    annotator TEXT NOT NULL,
    chains TEXT NOT NULL,
    PRIMARY KEY (round_id, annotator),
    FOREIGN KEY(round_id) REFERENCES round (id) ON DELETE CASCADE
)""",
    "CREATE INDEX ix_assignment_annotator ON assignment (annotator)",
    """CREATE TABLE round_gold (
    round_id INTEGER NOT NULL,
    chain_key TEXT NOT NULL,
    PRIMARY KEY (round_id, chain_key),
    FOREIGN KEY(round_id) REFERENCES round (id) ON DELETE CASCADE
)""",
    """CREATE TABLE gold (
    chain_key TEXT NOT NULL,
    answer TEXT NOT NULL,
    note TEXT NOT NULL,
    set_at TEXT NOT NULL,
    PRIMARY KEY (chain_key)
)""",
    """CREATE TABLE draft (
    annotator TEXT NOT NULL,
    chain_key TEXT NOT NULL,
    text TEXT NOT NULL,
    note TEXT NOT NULL,
    active_seconds FLOAT NOT NULL,
    skips INTEGER NOT NULL,
    PRIMARY KEY (annotator, chain_key)
)""",
    """CREATE TABLE adjudication (
    chain_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    label TEXT,
    adjudicator TEXT NOT NULL,
    reason TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    PRIMARY KEY (chain_key)
)""",
    "ALTER TABLE annotation ADD COLUMN reason TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE annotation ADD COLUMN round_id INTEGER REFERENCES round (id)",
    "ALTER TABLE annotation ADD COLUMN source TEXT DEFAULT '' NOT NULL",
    "CREATE INDEX ix_annotation_annotator ON annotation (annotator, answered_at)",
    # Everybody who has answered is an annotator from now on.
    """INSERT INTO annotator (name, is_active, is_let_in, note, added_at)
    SELECT annotator, 1, 0, '', MIN(answered_at) FROM annotation GROUP BY annotator""",
    # Undo compares whole rows, so those of earlier steps get the new columns, too.
    """UPDATE undo_change SET
    before = json_set(before, '$.reason', '', '$.round_id', NULL, '$.source', ''),
    after = json_set(after, '$.reason', '', '$.round_id', NULL, '$.source', '')
    WHERE table_name = 'annotation'""",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Adds tables and columns. Runs inside the transaction of the caller."""
    for statement in _STEPS:
        connection.execute(statement)
