"""Brings a project file to the newest schema: numbered steps, each in one transaction, after a backup."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from hopchain_core.errors import ProjectDamagedError
from hopchain_core.store import engine
from hopchain_core.store.file_check import APPLICATION_ID
from hopchain_core.store.migrations import to_0001, to_0002, to_0003, to_0004, to_0005

Step = Callable[[sqlite3.Connection], None]

STEPS: tuple[Step, ...] = (to_0001.migrate, to_0002.migrate, to_0003.migrate, to_0004.migrate, to_0005.migrate)
"""Step n (from 0) leads from schema n to schema n + 1."""

NEWEST = len(STEPS)


def create(path: Path) -> None:
    """Makes an empty project of the newest schema in a file that does not exist or is empty."""
    with closing(engine.connect(path, mode="rwc")) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        _run(connection, path, STEPS, 0)


def migrate(path: Path, steps: Sequence[Step] = STEPS) -> int:
    """Runs the steps the file still lacks. The caller holds the writer's lock and has checked the file.

    A step that fails leaves the file at the schema before it, and the backup is there anyway.

    Args:
        path: The project file.
        steps: All steps known, from the first.

    Returns:
        How many steps ran.

    Raises:
        ProjectDamagedError: After a step, rows refer to rows that are not there.
        sqlite3.Error: SQLite refuses a step.
    """
    with closing(engine.connect(path, mode="rw")) as connection:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version >= len(steps):
            return 0
        back_up(connection, backup_path(path, version))
        _run(connection, path, steps, version)
        return len(steps) - version


def backup_path(path: Path, version: int) -> Path:
    """Where the file as it was at this schema is kept: ``NAME.hopchain.v1.bak``."""
    return path.with_name(f"{path.name}.v{version}.bak")


def back_up(connection: sqlite3.Connection, target: Path) -> None:
    """Writes a whole copy, WAL included, under another name first, so that half a backup never bears the name."""
    unfinished = target.with_name(target.name + ".new")
    unfinished.unlink(missing_ok=True)
    connection.execute("VACUUM INTO ?", (str(unfinished),))
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    unfinished.replace(target)


def _run(connection: sqlite3.Connection, path: Path, steps: Sequence[Step], version: int) -> None:
    # Off while tables are rebuilt, else dropping one would cascade; PRAGMA foreign_key_check stands in for it.
    connection.execute("PRAGMA foreign_keys = OFF")
    for number, step in enumerate(steps[version:], version + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            step(connection)
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise ProjectDamagedError(
                    f"{path.name} cannot be brought to schema {number}: {len(broken)} rows refer to missing rows.",
                    hint=f"It is unchanged; please report this together with the file's name and size ({broken[0][0]}).",
                )
            connection.execute(f"PRAGMA user_version = {number}")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    connection.execute("PRAGMA foreign_keys = ON")
