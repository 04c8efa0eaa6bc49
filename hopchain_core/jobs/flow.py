"""Runs the stages of the flow one after the other: makes their backends, finds what they owe, gives things back."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from functools import partial

from hopchain_core.backends import registry
from hopchain_core.backends.protocols import Backend, Urgency
from hopchain_core.backends.registry import Registration
from hopchain_core.backends.servers.room import Room, entered
from hopchain_core.domain.provenance import RunOutcome
from hopchain_core.jobs.listening import Listening, told_of_pace
from hopchain_core.jobs.offloaded import OffloadedBackend
from hopchain_core.jobs.owed import surveyed
from hopchain_core.jobs.runner import Emit, StageReport, nothing_to_do, run_stage
from hopchain_core.jobs.terms import fingerprint_of, terms_of
from hopchain_core.jobs.workers import WorkerPool, can_start_processes, compute_in_thread
from hopchain_core.pipeline.options import RunOptions
from hopchain_core.pipeline.order import check_backends, in_order, make_stage
from hopchain_core.pipeline.stage import AnyStage, Compute, Tools
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.rows_runs import end_run

PROCESSES_PAY_FROM = {"backend": 4, "rules": 200}
"""Items; below, a thread is done before a process has started (0.4 s, where a picture takes the program composer 0.3 s
and the rules 1.5 ms a chain; measured on two cores)."""


async def run_stages(
    file: ProjectFile,
    names: Iterable[str] | None,
    options: RunOptions,
    emit: Emit,
    *,
    is_beside_a_window: bool = False,
) -> tuple[StageReport, ...]:
    """Runs these stages, or all, in the order of the flow; each over all that it owes by then.

    Args:
        file: The project, open for writing. Nobody else runs stages on it meanwhile.
        names: Of stages; all of them when None.
        options: What a person chose.
        emit: Told what happens, on the event loop.
        is_beside_a_window: As for `WorkerPool`.

    Raises:
        InputError: There is no such stage or backend.
        PrerequisiteError: A backend needs something that is not there.
        RunEndedError: One kind of failure came too often in a row; later stages do not begin.
        asyncio.CancelledError: Cancelled; what was committed stays, the rest stays owed.
    """
    stages = in_order(names)
    # A misspelt option of the last stage must not show after hours of the first.
    await asyncio.to_thread(check_backends, stages, options)
    await end_killed_runs(file)
    flow = _Flow(file, options, emit, is_beside_a_window=is_beside_a_window)
    try:
        return tuple([await flow.run(name) for name in stages])
    finally:
        await flow.aclose()


async def end_killed_runs(file: ProjectFile) -> None:
    """Runs that never ended were killed; they are noted as cancelled."""
    with file.read() as read:
        killed = [run.id for run in read.runs() if run.outcome is RunOutcome.RUNNING]
    for run_id in killed:
        ending = partial(end_run, run_id=run_id, outcome=RunOutcome.CANCELLED)
        await asyncio.wrap_future(file.writer.submit(ending))


class _Flow:
    def __init__(self, file: ProjectFile, options: RunOptions, emit: Emit, *, is_beside_a_window: bool) -> None:
        self._is_beside_a_window = is_beside_a_window
        self._file = file
        self._options = options
        self._emit = emit
        self._pool: WorkerPool | None = None
        self._listening = Listening(emit)
        # Servers that stages share stay between them, and give way on their cards.
        self._room = Room(self._listening)

    async def run(self, name: str) -> StageReport:
        with self._file.read() as read:
            stage = make_stage(name, self._options, terms_of(read, self._file.seed))
        if stage.role is None:
            return await self._run(stage, None, None)
        chosen = self._options.choice(stage.role)
        self._listening.stage, self._room.meter = name, None
        with entered(self._room):
            # In a thread: what it imports may take a second, and the loop may be a window's.
            backend = await asyncio.to_thread(registry.create, stage.role, chosen.name, chosen.options)
        try:
            async with told_of_pace(self._room, name, self._emit):
                return await self._run(stage, backend, registry.registration(stage.role, chosen.name))
        finally:
            await backend.aclose()
            self._listening.stage = ""

    async def aclose(self) -> None:
        try:
            await self._room.aclose()
        finally:
            if self._pool is not None:
                self._pool.close()

    async def _run(self, stage: AnyStage, backend: Backend | None, registered: Registration | None) -> StageReport:
        spec = backend.spec if backend is not None else None
        options = self._options
        owed, is_to_run = await surveyed(
            self._file,
            stage,
            fingerprint_of(stage, spec),
            retry_failed=options.retry_failed,
            limit=options.limit,
            only=options.only,
        )
        if not is_to_run:
            return nothing_to_do(stage.name, spec, owed, self._emit)
        computes = registered is None or registered.is_cpu_bound
        compute, in_flight = self._where_to_compute("rules" if backend is None else "backend", len(owed.owed))
        if not computes and registered is not None:
            in_flight = self._options.concurrency or registered.concurrency
        if backend is not None and registered is not None and computes:
            backend = OffloadedBackend(backend, registered, self._options.choice(registered.role), compute)
        tools = Tools(
            backend=backend,
            seed=self._file.seed,
            project_dir=self._file.path.parent,
            compute=compute,
            # Chosen pictures and chains are what a person looks at; everything that is owed is a batch.
            urgency=Urgency.BATCH if self._options.only is None else Urgency.PERSON,
        )
        return await run_stage(self._file, stage, spec, tools, owed, concurrency=in_flight, emit=self._emit)

    def _where_to_compute(self, what: str, owed: int) -> tuple[Compute, int]:
        cores = os.cpu_count() or 1
        size = min(cores, self._options.concurrency or cores)
        if self._pool is None:
            if owed < PROCESSES_PAY_FROM[what] or not can_start_processes():
                return compute_in_thread, size
            self._pool = WorkerPool(size, is_beside_a_window=self._is_beside_a_window)
        # Two more than there are processes: one is being written, one is ready to go.
        return self._pool.compute, size + 2


def ignore(_: object) -> None:
    """Takes no notice of an event."""
