"""Runs one stage over the items it owes: bounded, resumable, cancellable.

What comes out does not depend on how many items run at once or on which ends first: an item sees nothing of another.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from hopchain_core.domain.keys import RunId
from hopchain_core.domain.provenance import BackendSpec, RunOutcome
from hopchain_core.errors import ItemError, KnownError, RunEndedError
from hopchain_core.jobs.commits import Committer, Ended, Failure
from hopchain_core.jobs.events import Event, ItemDone, ItemFailed, RunEnded, RunProgress, RunStarted
from hopchain_core.jobs.owed import Survey
from hopchain_core.jobs.pace import Pace
from hopchain_core.jobs.worker import RemoteBugError
from hopchain_core.pipeline.stage import AnyStage, Tools, Wanted
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.rows_runs import end_run, revive, start_run

T = TypeVar("T")
Emit = Callable[[Event], None]

FAILURES_IN_A_ROW = 20
"""Of one kind; after that it is not the data's fault."""
LOADED_AT_ONCE = 16
"""Items read in one go; a choice: few enough to be recent, enough to pay for the thread."""
REVIVED_AT_ONCE = 100
"""Work rows made current in one transaction; nothing else is written in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReport:
    """How a run of a stage ended.

    Attributes:
        run_id: None when there was nothing to do.
        done: Items done in this run.
        failed: Items that failed in this run.
        done_before: Items wanted that were done before, revived ones included.
        revived: Of those, results of an earlier run that count again.
        failed_before: Items wanted that failed before and were not tried again.
        changed: Items whose content changed before they were reached; they stay owed.
    """

    stage: str
    run_id: int | None
    outcome: RunOutcome
    done: int = 0
    failed: int = 0
    done_before: int = 0
    revived: int = 0
    failed_before: int = 0
    changed: int = 0


async def run_stage(
    file: ProjectFile,
    stage: AnyStage,
    spec: BackendSpec | None,
    tools: Tools,
    owed: Survey,
    *,
    concurrency: int,
    emit: Emit,
    clock: Callable[[], float] = time.monotonic,
) -> StageReport:
    """Works on all that the survey says is owed.

    Cancelled, it ends within a second: what is being written is finished, items in flight write nothing.

    Args:
        file: The project, open for writing.
        stage: The stage.
        spec: Of its backend, if it has one.
        tools: What the stage works with.
        owed: From `owed.survey`.
        concurrency: Items in flight at most.
        emit: Told what happens, on the event loop.
        clock: Seconds that never go back.

    Raises:
        RunEndedError: One kind of failure came too often in a row.
        KnownError: Something that no item could get past, such as a missing model or a full disk.
    """
    run = _StageRun(file, stage, spec, tools, owed, emit, clock)
    return await run.run(concurrency)


class _StageRun:
    def __init__(
        self,
        file: ProjectFile,
        stage: AnyStage,
        spec: BackendSpec | None,
        tools: Tools,
        survey: Survey,
        emit: Emit,
        clock: Callable[[], float],
    ) -> None:
        self._file = file
        self._stage = stage
        self._spec = spec
        self._tools = tools
        self._survey = survey
        self._emit = emit
        self._pace = Pace(len(survey.owed), clock)
        self._run_id = RunId(0)
        self._done = self._failed = self._changed = 0
        self._streak: tuple[str, int] = ("", 0)

    async def run(self, concurrency: int) -> StageReport:
        survey, stage, spec = self._survey, self._stage, self._spec
        self._run_id = await self._write(
            lambda uow: start_run(
                uow,
                stage=stage.name,
                stage_version=stage.version,
                fingerprint=survey.fingerprint,
                options=stage.options,
                backend=spec,
                seed=self._tools.seed,
            )
        )
        self._emit(started(stage.name, self._run_id, spec, survey))
        outcome, message = RunOutcome.GAVE_UP, ""
        try:
            for keys in _batches([wanted.key for wanted in survey.revived], REVIVED_AT_ONCE):
                await self._write(partial(revive, stage=stage.name, fingerprint=survey.fingerprint, item_keys=keys))
            await self._work(concurrency)
            outcome = RunOutcome.FAILED_ITEMS if self._failed else RunOutcome.FINISHED
        except asyncio.CancelledError:
            outcome = RunOutcome.CANCELLED
            raise
        except Exception as error:
            message = str(error)
            raise
        finally:
            await self._end(outcome, message)
        return StageReport(
            stage=stage.name,
            run_id=self._run_id,
            outcome=outcome,
            done=self._done,
            failed=self._failed,
            done_before=survey.done + len(survey.revived),
            revived=len(survey.revived),
            failed_before=survey.failed,
            changed=self._changed,
        )

    async def _work(self, concurrency: int) -> None:
        items: asyncio.Queue[tuple[Wanted, Any] | None] = asyncio.Queue(concurrency)
        committer = Committer(self._file.writer, self._stage, self._survey.fingerprint, self._run_id, self._count)
        hands = [self._hand(items, committer) for _ in range(min(concurrency, len(self._survey.owed)))]
        producing = asyncio.ensure_future(_together([self._feed(items, len(hands)), *hands]))
        committing = asyncio.ensure_future(committer.run())
        try:
            await asyncio.wait((producing, committing), return_when=asyncio.FIRST_COMPLETED)
            if committing.done():
                committing.result()
            producing.result()
        finally:
            for task in (producing, committing):
                task.cancel()
            await asyncio.gather(producing, committing, return_exceptions=True)

    async def _feed(self, items: asyncio.Queue[tuple[Wanted, Any] | None], hands: int) -> None:
        for batch in _batches(self._survey.owed, LOADED_AT_ONCE):
            for wanted, item in await asyncio.to_thread(self._load, batch):
                if item is None:
                    self._changed += 1
                else:
                    await items.put((wanted, item))
        for _ in range(hands):
            await items.put(None)

    def _load(self, batch: Sequence[Wanted]) -> list[tuple[Wanted, Any]]:
        loaded: list[tuple[Wanted, Any]] = []
        with self._file.read() as read:
            for wanted in batch:
                try:
                    loaded.append((wanted, self._stage.load(read, wanted, self._survey.fingerprint)))
                except (ValueError, KeyError, TypeError, ItemError) as error:
                    loaded.append((wanted, error))
        return loaded

    async def _hand(self, items: asyncio.Queue[tuple[Wanted, Any] | None], committer: Committer) -> None:
        while (entry := await items.get()) is not None:
            await committer.commit(await self._try(*entry))

    async def _try(self, wanted: Wanted, item: Any) -> Ended:
        began = time.perf_counter()
        outcome = failure = None
        try:
            if isinstance(item, Exception):
                raise item
            outcome = await self._stage.run(item, self._tools)
        except ItemError as error:
            failure = Failure(kind=error.kind, text=str(error))
        except RemoteBugError as error:
            failure = Failure(kind="bug", text=str(error).strip())
        except KnownError:
            raise
        except Exception as error:
            failure = Failure.of_bug(error)
        return Ended(wanted=wanted, item=item, outcome=outcome, failure=failure, seconds=time.perf_counter() - began)

    def _count(self, ended: Ended) -> None:
        self._pace.note()
        subject, seconds = ended.wanted.subject, ended.seconds
        if ended.outcome is not None:
            self._done += 1
            self._streak = ("", 0)
            self._emit(
                ItemDone(
                    stage=self._stage.name,
                    run_id=self._run_id,
                    item_key=ended.wanted.key,
                    subject=subject,
                    outputs=len(ended.outcome.outputs),
                    refused=len(ended.outcome.refusals),
                    seconds=seconds,
                )
            )
        elif ended.failure is not None:
            self._failed += 1
            kind = ended.failure.kind
            self._streak = (kind, self._streak[1] + 1 if self._streak[0] == kind else 1)
            self._emit(
                ItemFailed(
                    stage=self._stage.name,
                    run_id=self._run_id,
                    item_key=ended.wanted.key,
                    subject=subject,
                    error_kind=kind,
                    error_text=ended.failure.text,
                    seconds=seconds,
                )
            )
        if self._pace.is_report_due():
            self._report()
        if self._streak[1] >= FAILURES_IN_A_ROW and ended.failure is not None:
            last_line = ended.failure.text.strip().splitlines()[-1:] or [""]
            raise RunEndedError(
                f"{self._stage.name}: {FAILURES_IN_A_ROW} items in a row failed alike ({ended.failure.kind}:"
                f" {last_line[0]}).",
                hint="Mend the cause and run again with failed items retried.",
            )

    def _report(self) -> None:
        self._emit(
            RunProgress(
                stage=self._stage.name,
                run_id=self._run_id,
                done=self._done,
                failed=self._failed,
                owed=len(self._survey.owed),
                rate_per_s=self._pace.rate_per_s(),
                remaining_s=self._pace.remaining_s(),
            )
        )

    async def _end(self, outcome: RunOutcome, message: str) -> None:
        writing = self._file.writer.submit(lambda uow: end_run(uow, self._run_id, outcome))
        try:
            await asyncio.shield(asyncio.wrap_future(writing))
        finally:
            if self._done or self._failed:
                self._report()
            self._emit(
                RunEnded(
                    stage=self._stage.name,
                    run_id=self._run_id,
                    outcome=outcome,
                    done=self._done,
                    failed=self._failed,
                    seconds=self._pace.seconds,
                    message=message,
                )
            )

    async def _write(self, fn: Callable[[Any], T]) -> T:
        return await asyncio.wrap_future(self._file.writer.submit(fn))


def started(stage: str, run_id: int, spec: BackendSpec | None, survey: Survey) -> RunStarted:
    """The event that a stage begins."""
    return RunStarted(
        stage=stage,
        run_id=run_id,
        backend=f"{spec.name} ({spec.model})"
        if spec and spec.model not in ("", spec.name)
        else spec.name
        if spec
        else "",
        is_simulated=spec is not None and spec.is_simulated,
        owed=len(survey.owed),
        already_done=survey.done + len(survey.revived),
        revived=len(survey.revived),
    )


def nothing_to_do(stage: str, spec: BackendSpec | None, survey: Survey, emit: Emit) -> StageReport:
    """Tells that a stage began and ended at once; no run is noted."""
    emit(started(stage, 0, spec, survey))
    outcome = RunOutcome.FINISHED
    emit(RunEnded(stage=stage, run_id=0, outcome=outcome, done=0, failed=0, seconds=0.0))
    return StageReport(stage=stage, run_id=None, outcome=outcome, done_before=survey.done, failed_before=survey.failed)


async def _together(coroutines: Sequence[Coroutine[Any, Any, None]]) -> None:
    tasks = [asyncio.ensure_future(c) for c in coroutines]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _batches(everything: Sequence[T], size: int) -> list[Sequence[T]]:
    return [everything[start : start + size] for start in range(0, len(everything), size)]
