"""Results into the project: an item's outputs and its "done" mark in one transaction, small items several at a time."""

from __future__ import annotations

import asyncio
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from hopchain_core.domain.keys import RunId
from hopchain_core.domain.provenance import WorkStatus
from hopchain_core.errors import KnownError, StageError
from hopchain_core.pipeline.stage import AnyStage, Outcome, Wanted, WorkRow
from hopchain_core.store.rows_runs import write_refusals, write_work
from hopchain_core.store.unit_of_work import UnitOfWork
from hopchain_core.store.writer import Writer

ROWS_AT_ONCE = 20
"""So that a person's write never waits long for the transaction of a job. An item is never parted, however large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why an item failed: a short stable kind, and the text (a traceback where it is our bug)."""

    kind: str
    text: str

    @classmethod
    def of_bug(cls, error: BaseException) -> Failure:
        """An exception that is none of ours, with its traceback."""
        return cls(kind=StageError.kind, text="".join(traceback.format_exception(error)).strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """An item that ended: with an outcome, or with a failure.

    Attributes:
        item: None where it could not even be loaded.
    """

    wanted: Wanted
    item: Any
    outcome: Outcome[Any] | None
    failure: Failure | None
    seconds: float

    @property
    def rows(self) -> int:
        """How many rows it will be."""
        return 1 + (len(self.outcome.outputs) + len(self.outcome.refusals) if self.outcome else 0)


class Committer:
    """Writes ended items in the order they come. While one transaction is under way, the next one gathers.

    Args:
        writer: Of the project.
        stage: Whose items they are.
        fingerprint: Of the run.
        run_id: The run.
        on_committed: Told each item after its commit: as it was given, or as failed where its outputs could not be
            written. What it raises ends `run`.
    """

    def __init__(
        self,
        writer: Writer,
        stage: AnyStage,
        fingerprint: str,
        run_id: RunId,
        on_committed: Callable[[Ended], None],
    ) -> None:
        self._writer = writer
        self._stage = stage
        self._fingerprint = fingerprint
        self._run_id = run_id
        self._on_committed = on_committed
        self._waiting: deque[tuple[Ended, asyncio.Future[None]]] = deque()
        self._is_waiting = asyncio.Event()

    async def commit(self, ended: Ended) -> None:
        """Waits until the item is committed."""
        committed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((ended, committed))
        self._is_waiting.set()
        await committed

    async def run(self) -> None:
        """Commits until cancelled. A transaction under way is finished first; what waits behind it is dropped.

        Raises:
            KnownError: The project can no longer be written to.
        """
        while True:
            await self._is_waiting.wait()
            group = self._next_group()
            await self._commit([ended for ended, _ in group])
            for _, committed in group:
                if not committed.done():
                    committed.set_result(None)

    async def _commit(self, group: list[Ended]) -> None:
        writing = asyncio.create_task(self._write(group))
        try:
            await asyncio.shield(writing)
        finally:
            # Cancelled in the middle, the transaction is finished and told of all the same.
            for ended in await writing:
                self._on_committed(ended)

    def _next_group(self) -> list[tuple[Ended, asyncio.Future[None]]]:
        group = [self._waiting.popleft()]
        rows = group[0][0].rows
        while self._waiting and rows + self._waiting[0][0].rows <= ROWS_AT_ONCE:
            group.append(self._waiting.popleft())
            rows += group[-1][0].rows
        if not self._waiting:
            self._is_waiting.clear()
        return group

    async def _write(self, group: list[Ended]) -> list[Ended]:
        try:
            await self._submit(group)
            return group
        except KnownError:
            raise
        except Exception as error:
            if len(group) == 1:
                failed = replace(group[0], outcome=None, failure=Failure.of_bug(error))
                await self._submit([failed])
                return [failed]
        # One of them cannot be written; alone, it fails alone.
        return [result for ended in group for result in await self._write([ended])]

    async def _submit(self, group: list[Ended]) -> None:
        def write(uow: UnitOfWork) -> None:
            for ended in group:
                self._write_item(uow, ended)

        await asyncio.wrap_future(self._writer.submit(write))

    def _write_item(self, uow: UnitOfWork, ended: Ended) -> None:
        outcome, failure = ended.outcome, ended.failure
        work_id = write_work(
            uow,
            stage=self._stage.name,
            fingerprint=self._fingerprint,
            item_key=ended.wanted.key,
            subject=ended.wanted.subject,
            run_id=self._run_id,
            status=WorkStatus.FAILED if outcome is None else WorkStatus.DONE,
            seconds=ended.seconds,
            error_kind=failure.kind if failure else None,
            error_text=failure.text if failure else None,
        )
        if outcome is not None:
            row = WorkRow(id=work_id, run=self._run_id, fingerprint=self._fingerprint)
            self._stage.save(uow, row, ended.item, outcome.outputs)
            write_refusals(uow, work_id, outcome.refusals)
