"""A project on disk: opened, read in snapshots, written by one thread, closed."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import uuid as uuids
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from hopchain_core.errors import InputError, ProjectError
from hopchain_core.store import engine, file_check, migrate, undo
from hopchain_core.store.lock import WriterLock, unwritable
from hopchain_core.store.reader import Reader
from hopchain_core.store.rows_sources import now_text
from hopchain_core.store.undo import StepPlaces
from hopchain_core.store.unit_of_work import UnitOfWork
from hopchain_core.store.writer import CommitCallback, Priority, Writer

T = TypeVar("T")


class ProjectFile:
    """An open project.

    Attributes:
        path: The file.
        is_read_only: Nothing can be written.
        uuid: Names this project wherever its packets go.
        seed: What every random choice in it starts from.
    """

    def __init__(self, path: Path, writer: Writer | None, lock: WriterLock | None, reading_mode: str) -> None:
        self.path = path
        self.is_read_only = writer is None
        self._writer = writer
        self._lock = lock
        self._closed = threading.Event()
        self._reading_mode = reading_mode
        self._engine = engine.reading_engine(path, reading_mode)
        with self.read() as reader:
            self.uuid = reader.fact("uuid") or ""
            self.seed = int(reader.fact("seed") or 0)

    @classmethod
    def create(cls, path: Path, *, seed: int = 0) -> ProjectFile:
        """Makes a new project and opens it for writing.

        It is made under another name first, so that a killed process never leaves half a project at `path`.

        Raises:
            InputError: Something is at `path` already, or its folder is not there.
            ProjectError: The folder cannot be written to.
        """
        path = path.absolute()
        if not path.parent.is_dir():
            raise InputError(f"There is no folder {path.parent}.", hint="Make the folder first.")
        if path.exists():
            raise InputError(f"{path} is there already.", hint="Open it, or choose another name.")
        unfinished = path.with_name(f".{path.name}.{uuids.uuid4().hex}.new")
        try:
            migrate.create(unfinished)
            with closing(engine.connect(unfinished, mode="rw")) as connection:
                facts = {"uuid": str(uuids.uuid4()), "created_at": now_text(), "seed": str(seed)}
                connection.executemany("INSERT INTO project (name, value) VALUES (?, ?)", facts.items())
            _name_for_good(unfinished, path)
        except sqlite3.Error as error:
            known = engine.project_error(error, path)
            if known is None:
                raise
            raise known from error
        finally:
            with contextlib.suppress(OSError):
                unfinished.unlink()
        return cls.open(path)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> ProjectFile:
        """Opens a project; for writing, brings it to the newest schema first, after a backup.

        Raises:
            ProjectMissingError: There is no such file.
            ProjectForeignError: It is not a project of ours.
            ProjectTooNewError: A newer version wrote it.
            ProjectDamagedError: SQLite finds it broken.
            ProjectLockedError: Another process writes to it (never when `read_only`).
            ProjectUnwritableError: It, or its folder, may not be written to (never when `read_only`).
            ProjectError: It may not be read or written here.
        """
        path = path.absolute()
        state = file_check.check(path, migrate.NEWEST)
        if read_only:
            if state.version < migrate.NEWEST:
                raise ProjectError(
                    f"{path.name} is of an older version (schema {state.version}).",
                    hint="Open it once for writing: it is brought up to date, and a backup is kept.",
                )
            return cls(path, None, None, state.reading_mode)
        if not os.access(path, os.W_OK):
            # SQLite would open it all the same, and fail at the first decision. Not tried by opening it: closing a
            # descriptor of the file drops the locks that this process holds on it.
            raise unwritable(path, "the file is read-only")
        lock = WriterLock(path)
        writer = None
        try:
            try:
                # Whoever held the lock until now may have changed the file.
                file_check.check(path, migrate.NEWEST)
                migrate.migrate(path)
            except sqlite3.Error as error:
                known = engine.project_error(error, path)
                if known is None:
                    raise
                raise known from error
            writer = Writer(path)
            return cls(path, writer, lock, "ro")
        except BaseException:
            if writer is not None:
                writer.close()
            lock.release()
            raise

    @property
    def writer(self) -> Writer:
        """The one who writes.

        Raises:
            ProjectError: The project is open read-only.
        """
        if self._writer is None:
            raise ProjectError(f"{self.path.name} is open read-only.", hint="Open it for writing to change it.")
        return self._writer

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """One consistent snapshot, from any thread; what is committed meanwhile does not show in it.

        Raises:
            ProjectError: The project is closed, or its file turned out damaged.
        """
        if self._closed.is_set():
            raise ProjectError(f"{self.path.name} is closed.", hint="Open it again.")
        try:
            with self._engine.connect() as connection, connection.begin():
                # SQLite takes the snapshot at the first read, not at BEGIN.
                connection.exec_driver_sql("SELECT 1 FROM project LIMIT 1").first()
                try:
                    yield Reader(connection)
                finally:
                    if self._closed.is_set():
                        # The pool is gone; given back, the connection would never be closed.
                        connection.detach()
        except (DBAPIError, sqlite3.Error) as error:
            known = engine.project_error(error, self.path)
            if known is None:
                raise
            raise known from error

    def edit(self, text: str, fn: Callable[[UnitOfWork], T], initiator: object = None) -> T:
        """A person's edit: written before any job's, recorded as a step of undo called `text`, and waited for.

        Raises:
            ProjectError: The project is closed or read-only, or the disk fails.
        """
        self._refuse_waiting_for_oneself()
        return self.writer.edit(text, fn, initiator).result()

    def undo(self, initiator: object = None) -> str | None:
        """Takes back the last step.

        Returns:
            The step's text, or None when there is none.

        Raises:
            StaleUndoError: What the step left has changed since; nothing is written.
        """
        self._refuse_waiting_for_oneself()
        return self.writer.submit(undo.step_back, Priority.PERSON, initiator).result()

    def redo(self, initiator: object = None) -> str | None:
        """Does the step undone last again. Returns and raises as `undo`."""
        self._refuse_waiting_for_oneself()
        return self.writer.submit(undo.step_forward, Priority.PERSON, initiator).result()

    def leave_out(self, initiator: object = None) -> str | None:
        """Leaves the last step out of what can be taken back; its text, or None when there is none."""
        self._refuse_waiting_for_oneself()
        return self.writer.submit(undo.leave_out, Priority.PERSON, initiator).result()

    def undo_texts(self) -> tuple[str | None, str | None]:
        """What undo and redo would take back or do again now."""
        with self.read() as reader:
            return undo.step_texts(reader._conn)

    def undo_places(self) -> tuple[StepPlaces, StepPlaces]:
        """What undo and redo would concern now."""
        with self.read() as reader:
            return undo.step_places(reader._conn)

    def on_commit(self, callback: CommitCallback) -> None:
        """Calls back in the writer's thread after each commit, with the tables changed and its initiator."""
        self.writer.on_commit(callback)

    def problems(self) -> list[str]:
        """Everything SQLite finds wrong in the whole file; empty when it is sound. Takes seconds per GB."""
        with closing(engine.connect(self.path, mode=self._reading_mode)) as connection:
            return file_check.problems(connection)

    def close(self) -> None:
        """Finishes what is queued, brings everything into the one file and gives the lock back."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._engine.dispose()
        if self._writer is not None:
            self._writer.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> ProjectFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _refuse_waiting_for_oneself(self) -> None:
        if self.writer.is_current_thread:
            raise RuntimeError("an edit that waits for the writer cannot be made in the writer's own thread")


def _name_for_good(unfinished: Path, path: Path) -> None:
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    try:
        os.link(unfinished, path)
    except FileExistsError as error:
        raise InputError(f"{path} is there already.", hint="Open it, or choose another name.") from error
    except OSError:
        # A file system without hard links: renaming is whole too, only not safe from a twin at this very moment.
        unfinished.replace(path)
