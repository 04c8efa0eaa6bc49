"""What a project does with probes: the audit with a model."""

from __future__ import annotations

import asyncio
import threading

from hopchain_core.errors import InputError
from hopchain_core.jobs.flow import ignore
from hopchain_core.jobs.probing import ProbeStanding, plan_probes, run_probes
from hopchain_core.jobs.runner import Emit, StageReport
from hopchain_core.pipeline.probe import ProbeOptions
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.rows_runs import write_fact

PROBE_OPTIONS = "probe_options"
"""Name of the project's fact that holds how it was probed last."""


class ProjectProbes:
    """The part of `Project` that probes chains. What was found: `Reader.probe_summary`, `Reader.probe_results`."""

    _file: ProjectFile
    _running: threading.Lock

    def probe(self, options: ProbeOptions | None = None, emit: Emit = ignore) -> tuple[StageReport, ...]:
        """Asks a model what it can answer without looking, without the first hops, and hop by hop, then judges it.

        Args:
            options: Those of the last time when None.
            emit: Told what happens.

        Raises:
            InputError: No profile is named, or stages are running already.
            PrerequisiteError: There is no such profile, or its key is missing.
            RunEndedError: One kind of failure came too often in a row.
        """
        return asyncio.run(self.probe_async(options, emit))

    async def probe_async(self, options: ProbeOptions | None = None, emit: Emit = ignore) -> tuple[StageReport, ...]:
        """As `probe`, on the caller's event loop. Cancelling the task cancels the run within a second."""
        if not self._running.acquire(blocking=False):
            raise InputError("Stages of this project are running already.", hint="Wait for them, or cancel them.")
        try:
            asked = options or self.last_probing()
            if asked.probes and asked.profile:
                text = asked.remembered().model_dump_json()
                await asyncio.wrap_future(self._file.writer.submit(lambda uow: write_fact(uow, PROBE_OPTIONS, text)))
            return await run_probes(self._file, asked, emit)
        finally:
            self._running.release()

    def plan_probes(self, options: ProbeOptions) -> tuple[ProbeStanding, ...]:
        """What `probe` would ask, by probe; the model is not asked.

        Raises:
            PrerequisiteError: There is no such profile, or its key is missing.
        """
        return plan_probes(self._file, options)

    def last_probing(self) -> ProbeOptions:
        """How the project was probed last; the defaults before the first time."""
        with self._file.read() as read:
            fact = read.fact(PROBE_OPTIONS)
        return ProbeOptions() if fact is None else ProbeOptions.model_validate_json(fact)


__all__ = ["PROBE_OPTIONS", "ProbeOptions", "ProbeStanding", "ProjectProbes"]
