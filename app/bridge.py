"""Where threads meet Qt, and the only place: commits, run events, and answers to slow questions.

Everything that leaves this file is on the thread of the window.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from hopchain_core.errors import ProjectError
from hopchain_core.jobs.events import Event
from hopchain_core.project import Project, Reader

T = TypeVar("T")

JOB_PERIOD_MS = 100
"""Changes made by jobs are told at most ten times a second; those of people at once."""
EVENT_PERIOD_MS = 33
_THREADS = 3
_TURN_S = 0.004
"""Answers are given for so long in one turn of the window's loop, and one at least. Chosen."""


class Asked:
    """A question that is being answered."""

    __slots__ = ("_is_cancelled", "failed", "is_edit", "key", "then")

    def __init__(self, then: Callable[[Any], object], failed: Callable[[Exception], object], key: Hashable) -> None:
        self.then = then
        self.failed = failed
        self.key = key
        self.is_edit = False
        self._is_cancelled = threading.Event()

    def cancel(self) -> None:
        """Nobody wants the answer any more: neither `then` nor `failed` is called after this."""
        self._is_cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether nobody wants the answer any more; long work may look at it, from any thread."""
        return self._is_cancelled.is_set()


class Bridge(QObject):
    """Carries what happens in other threads to the window."""

    changed = Signal(object, object)
    """(frozenset of table names, initiator): something was committed. The initiator is what the edit was given as `by`;
    None for jobs, whose changes are merged."""
    events = Signal(object)
    """A tuple of run events, in their order, at most 30 times a second."""
    failed = Signal(object)
    """An exception that nobody else took."""
    saving = Signal(bool)
    """Edits are on their way to the disk, or all are there."""

    _arrived = Signal(object, object, object)
    _committed = Signal(object, object, object)
    _happened = Signal(object)
    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="studio-read")
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="studio-edit")
        self._long = ThreadPoolExecutor(1, thread_name_prefix="studio-work")
        self._newest: dict[Hashable, Asked] = {}
        self._tables: set[str] = set()
        self._batch: list[Event] = []
        self._answers: deque[tuple[Asked, Any, Exception | None]] = deque()
        self._last_job = 0.0
        self._edits = 0
        self._open = 0
        self._is_closed = False
        queued = Qt.ConnectionType.QueuedConnection
        self._arrived.connect(self._take_answer, queued)
        self._committed.connect(self._take_commit, queued)
        self._happened.connect(self._take_event, queued)
        self._posted.connect(_call, queued)
        self._job_timer = self._timer(JOB_PERIOD_MS, self._tell_jobs)
        self._event_timer = self._timer(EVENT_PERIOD_MS, self._tell_events)
        self._answer_timer = self._timer(0, self._give_answers)

    # The project

    @property
    def project(self) -> Project | None:
        """The project whose commits are told."""
        return self._project

    def attach(self, project: Project | None) -> None:
        """Listens to another project, or to none. Answers about the one before are dropped."""
        for asked in list(self._newest.values()):
            asked.cancel()
        self._newest.clear()
        self._tables.clear()
        self._batch.clear()
        self._project = project
        if project is not None and not project.file.is_read_only:
            project.on_commit(lambda tables, by: self._committed.emit(project, tables, by))

    def emit_event(self, event: Event) -> None:
        """Takes a run event, from any thread; given to `Project.run_async` as `emit`."""
        self._happened.emit(event)

    # Questions

    def read(
        self,
        fn: Callable[[Reader], T],
        then: Callable[[T], object],
        *,
        key: Hashable = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> Asked:
        """Reads from the project in another thread.

        Args:
            fn: Gets one consistent snapshot; runs in a thread of the pool.
            then: Gets what `fn` gave, on the window's thread.
            key: A newer question of the same key makes an older one void. None asks on its own.
            failed: Gets what `fn` raised; the `failed` signal when None.
        """
        project = self._project

        def ask() -> T:
            if project is None:
                raise ProjectError("No project is open.")
            with project.read() as reader:
                return fn(reader)

        return self.ask(ask, then, key=key, failed=failed)

    def ask(
        self,
        fn: Callable[[], T],
        then: Callable[[T], object],
        *,
        key: Hashable = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> Asked:
        """As `read`, for work that needs no snapshot, such as decoding a picture."""
        if self._is_closed:
            # What is painted after the end asks for more; there is nobody left to answer.
            asked = Asked(then, failed or self.failed.emit, key)
            asked.cancel()
            return asked
        asked = self._asked(then, failed, key)
        self._pool.submit(self._work, asked, fn)
        return asked

    def edit(
        self,
        fn: Callable[[], T],
        then: Callable[[T], object] | None = None,
        *,
        failed: Callable[[Exception], object] | None = None,
    ) -> Asked:
        """Writes in another thread, one edit after the other, in the order they were given.

        Args:
            fn: Calls one of the project's editing methods.
            then: Gets what it gave. The change itself is told through `changed`, before this.
            failed: Gets what it raised; the `failed` signal when None.
        """
        asked = self._asked(then or _nothing, failed, None)
        asked.is_edit = True
        self._edits += 1
        if self._edits == 1:
            self.saving.emit(True)
        self._writing.submit(self._work, asked, fn)
        return asked

    async def work(self, fn: Callable[[], T]) -> T:
        """Does something that takes long, such as taking pictures in, in a thread of its own; one after the other."""
        return await asyncio.get_running_loop().run_in_executor(self._long, fn)

    def post(self, fn: Callable[[], object]) -> None:
        """Calls something on the window's thread soon; from any thread, such as from inside of `work`."""
        self._posted.emit(fn)

    def close(self) -> None:
        """Ends the threads; edits that were given are finished first."""
        self._is_closed = True
        self.attach(None)
        self._job_timer.stop()
        self._event_timer.stop()
        self._answer_timer.stop()
        while self._answers:
            self._deliver(*self._answers.popleft())
        self._writing.shutdown(wait=True)
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._long.shutdown(wait=True, cancel_futures=True)

    @property
    def is_idle(self) -> bool:
        """No question and no edit is on its way, and nothing waits to be told."""
        return not (self._open or self._job_timer.isActive() or self._event_timer.isActive())

    def finish_edits(self) -> None:
        """Waits until every edit given so far is on the disk."""
        self._writing.submit(_nothing, None).result()

    def _asked(
        self, then: Callable[[Any], object], failed: Callable[[Exception], object] | None, key: Hashable
    ) -> Asked:
        asked = Asked(then, failed or self.failed.emit, key)
        self._open += 1
        if key is not None:
            if (older := self._newest.get(key)) is not None:
                older.cancel()
            self._newest[key] = asked
        return asked

    def _work(self, asked: Asked, fn: Callable[[], Any]) -> None:
        try:
            # What nobody waits for any more is not begun; an edit was asked for and is made.
            answer, error = (fn() if asked.is_edit or not asked.is_cancelled else None), None
        except Exception as raised:
            answer, error = None, raised
        try:
            self._arrived.emit(asked, answer, error)
        except RuntimeError:
            # The window is gone: there is nobody left to tell.
            return

    def _take_answer(self, asked: Asked, answer: Any, error: Exception | None) -> None:
        """Those that came while the window was busy are not given in one turn: together they would hold it up."""
        if self._is_closed:
            self._deliver(asked, answer, error)
            return
        self._answers.append((asked, answer, error))
        if not self._answer_timer.isActive():
            self._answer_timer.start()

    def _give_answers(self) -> None:
        until_s = time.perf_counter() + _TURN_S
        try:
            while self._answers:
                self._deliver(*self._answers.popleft())
                if time.perf_counter() >= until_s:
                    break
        finally:
            if self._answers:
                self._answer_timer.start()

    def _deliver(self, asked: Asked, answer: Any, error: Exception | None) -> None:
        self._open -= 1
        if self._newest.get(asked.key) is asked:
            del self._newest[asked.key]
        if asked.is_edit:
            self._edits -= 1
            if not self._edits:
                self.saving.emit(False)
        if asked.is_cancelled:
            return
        if error is not None:
            asked.failed(error)
        elif not self._is_closed:
            # An answer that comes after the end would be asked about again, of threads that are no more.
            asked.then(answer)

    # Commits and events

    def _take_commit(self, project: Project, tables: frozenset[str], by: object) -> None:
        if project is not self._project:
            return
        if by is not None:
            self.changed.emit(tables, by)
            return
        self._tables |= tables
        if not self._job_timer.isActive():
            waited_ms = 1000 * (time.monotonic() - self._last_job)
            self._job_timer.start(max(0, round(JOB_PERIOD_MS - waited_ms)))

    def _tell_jobs(self) -> None:
        self._last_job = time.monotonic()
        tables, self._tables = frozenset(self._tables), set()
        if tables:
            self.changed.emit(tables, None)

    def _take_event(self, event: Event) -> None:
        self._batch.append(event)
        if not self._event_timer.isActive():
            self._event_timer.start(EVENT_PERIOD_MS)

    def _tell_events(self) -> None:
        batch, self._batch = tuple(self._batch), []
        if batch:
            self.events.emit(batch)

    def _timer(self, period_ms: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(period_ms)
        timer.timeout.connect(slot)
        return timer


def _call(fn: Callable[[], object]) -> None:
    fn()


def _nothing(_: object) -> None:
    """For an answer that nobody waits for."""
