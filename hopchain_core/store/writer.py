"""The one thread that writes. People's writes go before jobs' writes; each is one transaction.

SQLite's busy timeout does not share fairly: beside a job that commits without a gap, a person's write waits for
hundreds of milliseconds or fails with "database is locked". A queue with priorities does not.
"""

from __future__ import annotations

import itertools
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from enum import IntEnum
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from hopchain_core.errors import ProjectError
from hopchain_core.store import engine, undo
from hopchain_core.store.unit_of_work import UnitOfWork

T = TypeVar("T")
CommitCallback = Callable[[frozenset[str], object], None]
_log = logging.getLogger(__name__)


class Priority(IntEnum):
    """Who goes first; lower goes sooner, and within one priority whoever came first."""

    PERSON = 0
    JOB = 10
    LAST = 99
    """Only for the end of the queue."""


class Writer:
    """Owns the only connection that writes, and its thread.

    Raises:
        ProjectError: The file cannot be opened for writing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._queue: queue.PriorityQueue[tuple[int, int, Callable[[Connection], None] | None]] = queue.PriorityQueue()
        self._order = itertools.count()
        self._callbacks: list[CommitCallback] = []
        self._followers: list[Callable[[UnitOfWork], None]] = []
        self._state_lock = threading.Lock()
        self._is_closed = False
        self._opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._work, name=f"writer of {path.name}", daemon=True)
        self._thread.start()
        self._opened.result()

    def submit(
        self, fn: Callable[[UnitOfWork], T], priority: Priority = Priority.JOB, initiator: object = None
    ) -> Future[T]:
        """Queues one transaction.

        Args:
            fn: What to write. It runs in the writer's thread; whatever it raises rolls everything back and goes to the
                future.
            priority: Who goes first.
            initiator: Handed to the commit callbacks, so that who caused a change can tell it from others'.

        Raises:
            ProjectError: The project is closed.
        """
        return self._submit(fn, priority, initiator, None)

    def edit(self, text: str, fn: Callable[[UnitOfWork], T], initiator: object = None) -> Future[T]:
        """Queues a person's edit, recorded as one step of undo with this text. Otherwise as `submit`."""
        return self._submit(fn, Priority.PERSON, initiator, text)

    def on_commit(self, callback: CommitCallback) -> None:
        """Calls back in the writer's thread after each commit that changed something, before its future is done."""
        self._callbacks.append(callback)

    def before_commit(self, follow: Callable[[UnitOfWork], None]) -> None:
        """Has what follows from each write brought up to date in the same transaction; it is no part of an undo step.

        Args:
            follow: Runs in the writer's thread, after what was asked for, with the same unit.
        """
        self._followers.append(follow)

    @property
    def is_current_thread(self) -> bool:
        """True inside the writer's thread, where waiting for a write would never end."""
        return threading.current_thread() is self._thread

    def close(self) -> None:
        """Finishes what is queued and ends the thread; harmless when closed already."""
        with self._state_lock:
            if not self._is_closed:
                self._is_closed = True
                self._queue.put((Priority.LAST, next(self._order), None))
        if not self.is_current_thread:
            self._thread.join()

    def _submit(
        self, fn: Callable[[UnitOfWork], T], priority: Priority, initiator: object, text: str | None
    ) -> Future[T]:
        future: Future[T] = Future()

        def write(connection: Connection) -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                with connection.begin():
                    uow = UnitOfWork(connection, recording=text is not None)
                    result = fn(uow)
                    if text is not None:
                        undo.record(uow, text)
                    for follow in self._followers:
                        follow(uow)
            except DBAPIError as error:
                known = engine.project_error(error, self._path)
                if known is not None:
                    known.__cause__ = error
                future.set_exception(known or error)
            except BaseException as error:
                future.set_exception(error)
            else:
                if uow.changed_tables:
                    self._tell(frozenset(uow.changed_tables), initiator)
                future.set_result(result)

        with self._state_lock:
            if self._is_closed:
                raise ProjectError(f"{self._path.name} is closed.", hint="Open it again.")
            self._queue.put((priority, next(self._order), write))
        return future

    def _tell(self, tables: frozenset[str], initiator: object) -> None:
        for callback in list(self._callbacks):
            try:
                callback(tables, initiator)
            except Exception:
                _log.exception("a listener of commits failed; the commit stands")

    def _work(self) -> None:
        writing = engine.writing_engine(self._path)
        try:
            connection = writing.connect()
        except BaseException as error:
            known: Any = engine.project_error(error, self._path) if isinstance(error, DBAPIError) else None
            self._opened.set_exception(known or error)
            return
        self._opened.set_result(None)
        while (write := self._queue.get()[2]) is not None:
            write(connection)
            # Neither a result nor its arguments are kept alive while the queue is empty.
            del write
        engine.leave_wal(engine.driver(connection))
        connection.close()
        writing.dispose()
