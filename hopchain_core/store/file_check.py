"""Whether a file is a project that can be opened. Looks only, in milliseconds, whatever the file's size."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from hopchain_core.errors import (
    ProjectDamagedError,
    ProjectError,
    ProjectForeignError,
    ProjectMissingError,
    ProjectTooNewError,
)
from hopchain_core.store import engine
from hopchain_core.store.schema import metadata

APPLICATION_ID = 0x484F5043
"""``HOPC`` at byte 68 of the file, by which the desktop and `file` know a project."""


@dataclass(frozen=True, slots=True)
class FileState:
    """What `check` learnt.

    Attributes:
        version: Of the schema, from 1.
        reading_mode: How a reader opens the file (see `engine.connect`).
    """

    version: int
    reading_mode: str


def check(path: Path, newest: int) -> FileState:
    """Looks at a file without changing it.

    Args:
        path: The file.
        newest: The newest schema this program knows.

    Raises:
        ProjectMissingError: There is no such file.
        ProjectForeignError: It is no SQLite file, or another program's.
        ProjectTooNewError: A newer version of this program wrote it.
        ProjectDamagedError: It is ours, but parts of it cannot be read.
        ProjectError: It may not be read, or the disk fails.
    """
    if not path.exists():
        raise ProjectMissingError(
            f"There is no project at {path}.", hint="Check the path, or make a project there with `hopchain new`."
        )
    if not path.is_file():
        raise _foreign(path)
    mode = engine.reading_mode(path)
    try:
        with closing(engine.connect(path, mode=mode)) as connection:
            version = _version(connection, path, newest)
            if version == newest:
                _probe(connection, path)
    except sqlite3.Error as error:
        known = engine.project_error(error, path)
        if known is None:
            raise
        raise known from error
    return FileState(version, mode)


def problems(connection: sqlite3.Connection) -> list[str]:
    """Everything SQLite finds wrong when it reads the whole file; empty when it is sound. Takes seconds per GB."""
    found: list[str] = []
    try:
        for (line,) in connection.execute("PRAGMA integrity_check"):
            if line != "ok":
                found.append(str(line))
    except sqlite3.DatabaseError as error:
        found.append(str(error))  # so broken that SQLite gives up in the middle
    if found:
        return found
    for table, row_id, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        found.append(f"row {row_id} of {table} refers to a missing row of {parent}")
    return found


def _version(connection: sqlite3.Connection, path: Path, newest: int) -> int:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise _foreign(path)
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > newest:
        raise ProjectTooNewError(
            f"{path.name} was written by a newer version of HopChain Studio (schema {version}, this one knows {newest}).",
            hint="Install the newer version to open it.",
        )
    if version < 1:
        raise _damaged(path, "it has no schema version")
    return version


def _probe(connection: sqlite3.Connection, path: Path) -> None:
    """Reads the schema and both edges of every table: what a truncated or overwritten file gives away at once."""
    present = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    missing = sorted(set(metadata.tables) - present)
    if missing:
        raise _damaged(path, f"it lacks {', '.join(missing)}")
    for name in metadata.tables:
        for order in ("ASC", "DESC"):
            connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid {order} LIMIT 1').fetchone()
    facts = dict(connection.execute("SELECT name, value FROM project").fetchall())
    if "uuid" not in facts or not facts.get("seed", "").lstrip("-").isdigit():
        raise _damaged(path, "its own facts are missing")


def _foreign(path: Path) -> ProjectError:
    return ProjectForeignError(
        f"{path.name} is not a HopChain project.", hint="Choose a .hopchain file, or make one with `hopchain new`."
    )


def _damaged(path: Path, what: str) -> ProjectError:
    return ProjectDamagedError(
        f"{path.name} is damaged: {what}.",
        hint="Keep the file as it is and go on with a backup of it (.bak beside it, or your own).",
    )
