"""Schema 2: what a model thought of each picture, and difficulties that are no rates."""

from __future__ import annotations

import sqlite3

_STEPS = (
    """CREATE TABLE rating (
    id INTEGER NOT NULL,
    image_id INTEGER NOT NULL,
    work_id INTEGER NOT NULL,
    complexity INTEGER NOT NULL,
    quality TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(image_id) REFERENCES image (id) ON DELETE CASCADE,
    FOREIGN KEY(work_id) REFERENCES work (id) ON DELETE CASCADE
)""",
    "CREATE INDEX ix_rating_image ON rating (image_id)",
    "CREATE INDEX ix_rating_work ON rating (work_id)",
    # Until now every chain was tried as often as was asked for.
    "ALTER TABLE difficulty ADD COLUMN is_until_decided INTEGER DEFAULT 0 NOT NULL",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Adds a table and a column. Runs inside the transaction of the caller."""
    for statement in _STEPS:
        connection.execute(statement)
