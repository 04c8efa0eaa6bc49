"""Connections to a project file: who may write, when a transaction begins, and what SQLite's errors mean.

pysqlite's own transaction handling is off (`isolation_level=None`), because it commits behind DDL and begins too late
for a reader's snapshot. `BEGIN` is ours: deferred for readers, `IMMEDIATE` for the one writer, which would otherwise
meet SQLITE_BUSY_SNAPSHOT that no busy timeout helps against.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, QueuePool

from hopchain_core.errors import ProjectDamagedError, ProjectError, ProjectForeignError, ProjectLockedError

BUSY_TIMEOUT_S = 5.0
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FORMAT})
_UNWRITABLE = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH})
_DISK = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})


def connect(path: Path, *, mode: str) -> sqlite3.Connection:
    """A plain connection without implicit transactions, usable from any thread (one at a time).

    Args:
        path: The project file.
        mode: SQLite's ``ro``, ``rw`` or ``rwc``; or ``immutable`` for a file in a folder that cannot be written to.

    Raises:
        sqlite3.Error: The file cannot be opened.
    """
    query = "immutable=1" if mode == "immutable" else f"mode={mode}"
    uri = f"file:{quote(str(path.absolute()))}?{query}"
    connection = sqlite3.connect(
        uri, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_S, check_same_thread=False, cached_statements=256
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -32000")
        if mode in ("rw", "rwc"):
            connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def reading_mode(path: Path) -> str:
    """``ro``, or ``immutable`` where SQLite could not make the files it needs beside a file left in WAL mode."""
    connection = None
    try:
        connection = connect(path, mode="ro")
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.OperationalError as error:
        wal = path.with_name(path.name + "-wal")
        if error.sqlite_errorcode & 0xFF in _UNWRITABLE and path.is_file() and not wal.exists():
            return "immutable"
    except sqlite3.Error:
        pass  # the caller meets it again and says what it means
    finally:
        if connection is not None:
            connection.close()
    return "ro"


def reading_engine(path: Path, mode: str) -> Engine:
    """Connections for readers: each transaction is one snapshot, and nothing can be written."""
    engine = create_engine(
        "sqlite://", creator=lambda: connect(path, mode=mode), poolclass=QueuePool, pool_size=8, max_overflow=-1
    )
    _begin_with(engine, "BEGIN")
    return engine


def writing_engine(path: Path) -> Engine:
    """The connection of the writer thread, in WAL mode, so that readers and the writer never wait for each other."""

    def open_connection() -> sqlite3.Connection:
        connection = connect(path, mode="rw")
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=open_connection, poolclass=NullPool)
    _begin_with(engine, "BEGIN IMMEDIATE")
    return engine


def leave_wal(connection: sqlite3.Connection) -> None:
    """Brings everything into the one file, so that copying it copies the project. Left undone while others read."""
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError:
        pass


def project_error(error: sqlite3.Error | DBAPIError, path: Path) -> ProjectError | None:
    """What an error of SQLite means to a person; None when it is a bug of ours."""
    original = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(original, "sqlite_errorcode", None)
    if not isinstance(code, int):
        return None
    primary = code & 0xFF
    if primary == sqlite3.SQLITE_NOTADB:
        return ProjectForeignError(
            f"{path.name} is not a HopChain project.", hint="Choose a .hopchain file, or make one with `hopchain new`."
        )
    if primary in _DAMAGED:
        return ProjectDamagedError(
            f"{path.name} is damaged ({original}).",
            hint="Keep the file as it is and go on with a backup of it (.bak beside it, or your own).",
        )
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return ProjectLockedError(
            f"{path.name} is held by another program.", hint="Close it there, or wait until it has finished."
        )
    if primary in _DISK:
        return ProjectError(
            f"{path.name} could not be read or written ({original}).",
            hint="Free some disk space, or check the disk, and try again.",
        )
    if primary in _UNWRITABLE:
        return ProjectError(
            f"{path.name} cannot be opened for this ({original}).",
            hint="Check the permissions of the file and its folder, or open it read-only.",
        )
    return None


def _begin_with(engine: Engine, statement: str) -> None:
    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)


def driver(connection: Connection) -> sqlite3.Connection:
    """The sqlite3 connection under a SQLAlchemy one, for what Core would only slow down."""
    found: Any = connection.connection.driver_connection
    assert isinstance(found, sqlite3.Connection)
    return found
