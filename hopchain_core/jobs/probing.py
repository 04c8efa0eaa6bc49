"""Runs the probes with the model of a profile, then judges what it said."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

from hopchain_core.backends.protocols import Prober, Urgency
from hopchain_core.backends.servers.room import Room, entered
from hopchain_core.backends.vlm.opening import open_model
from hopchain_core.backends.vlm.prober import ProberOptions, VlmProber
from hopchain_core.domain.probes import Probe, ProbePolicies, ProbePolicy
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.errors import InputError
from hopchain_core.jobs.flow import end_killed_runs
from hopchain_core.jobs.listening import Listening, told_of_pace
from hopchain_core.jobs.owed import survey, surveyed
from hopchain_core.jobs.runner import Emit, StageReport, nothing_to_do, run_stage
from hopchain_core.jobs.terms import fingerprint_of
from hopchain_core.jobs.workers import compute_in_thread
from hopchain_core.pipeline.probe import PROBE_STAGES, JudgeStage, ProbeOptions
from hopchain_core.pipeline.stage import AnyStage, Tools
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.reads_probes import PROBE_POLICIES
from hopchain_core.store.rows_runs import write_fact

JUDGED_AT_ONCE = 4
"""Judging waits for nothing; a few, so that one is written while the next is read."""


async def run_probes(file: ProjectFile, options: ProbeOptions, emit: Emit) -> tuple[StageReport, ...]:
    """Asks what is not known yet, probe by probe, and judges all that is.

    Args:
        file: The project, open for writing. Nobody else runs stages on it meanwhile.
        options: What a person chose.
        emit: Told what happens, on the event loop.

    Raises:
        InputError: No profile is named.
        PrerequisiteError: There is no such profile, or its key is missing.
        RunEndedError: One kind of failure came too often in a row; later probes do not begin.
        asyncio.CancelledError: Cancelled; what was committed stays, the rest stays owed.
    """
    if options.probes and not options.profile:
        raise InputError("Probing needs a model.", hint="Name a profile of `hopchain models list`.")
    await end_killed_runs(file)
    if options.drop is not None:
        await _set_policies(file, ProbePolicies(dict.fromkeys(options.drop, ProbePolicy.DROP)))
    probing = _Probing(file, options, emit)
    reports = await probing.ask() if options.probes else []
    return (*reports, await probing.judge())


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeStanding:
    """Where one probe stands under what a person chose.

    Attributes:
        owed: Chains that would be asked about.
        done: Chains whose results are there.
        failed: Chains at which it failed and that would not be tried again.
    """

    probe: Probe
    owed: int
    done: int
    failed: int


def plan_probes(file: ProjectFile, options: ProbeOptions) -> tuple[ProbeStanding, ...]:
    """What `run_probes` would do; nothing is asked of the model.

    Raises:
        PrerequisiteError: There is no such profile, or its key is missing.
    """
    prober = _open(options)
    found = []
    with file.read() as read:
        for probe in (p for p in PROBE_STAGES if p in options.probes):
            stage = PROBE_STAGES[probe](seed=file.seed, samples=options.samples)
            owed = survey(
                read,
                stage,
                fingerprint_of(stage, prober.spec_of(probe)),
                retry_failed=options.retry_failed,
                limit=options.limit,
                only=options.only,
            )
            done = owed.done + len(owed.revived)
            found.append(ProbeStanding(probe=probe, owed=len(owed.owed), done=done, failed=owed.failed))
    return tuple(found)


def _open(options: ProbeOptions) -> VlmProber:
    asked = ProberOptions(profile=options.profile, temperature=options.temperature, max_tokens=options.max_tokens)
    return VlmProber(open_model(options.profile), asked)


async def _set_policies(file: ProjectFile, policies: ProbePolicies) -> None:
    text = json.dumps(policies.to_json())
    await asyncio.wrap_future(file.writer.submit(lambda uow: write_fact(uow, PROBE_POLICIES, text)))


class _Probing:
    def __init__(self, file: ProjectFile, options: ProbeOptions, emit: Emit) -> None:
        self._file, self._options, self._emit = file, options, emit

    async def ask(self) -> list[StageReport]:
        listening = Listening(self._emit)
        room = Room(listening)
        try:
            with entered(room):
                # In a thread: what it imports may take a second, and the loop may be a window's.
                prober = await asyncio.to_thread(_open, self._options)
            try:
                reports = []
                for probe in (p for p in PROBE_STAGES if p in self._options.probes):
                    stage = PROBE_STAGES[probe](seed=self._file.seed, samples=self._options.samples)
                    listening.stage = stage.name
                    async with told_of_pace(room, stage.name, self._emit):
                        reports.append(await self._run(stage, prober.spec_of(probe), prober, self._options.concurrency))
                return reports
            finally:
                await prober.aclose()
        finally:
            await room.aclose()

    async def judge(self) -> StageReport:
        with self._file.read() as read:
            stage = JudgeStage(policies=read.probe_policies())
        return await self._run(stage, None, None, JUDGED_AT_ONCE)

    async def _run(
        self, stage: AnyStage, spec: BackendSpec | None, prober: Prober | None, concurrency: int
    ) -> StageReport:
        options, asks = self._options, stage.role is not None
        owed, is_to_run = await surveyed(
            self._file,
            stage,
            fingerprint_of(stage, spec),
            retry_failed=options.retry_failed or not asks,
            # Judging costs nothing, and a policy holds for all chains.
            limit=options.limit if asks else None,
            only=options.only if asks else None,
        )
        if not is_to_run:
            return nothing_to_do(stage.name, spec, owed, self._emit)
        tools = Tools(
            backend=prober,
            seed=self._file.seed,
            project_dir=self._file.path.parent,
            compute=compute_in_thread,
            urgency=Urgency.BATCH if options.only is None else Urgency.PERSON,
        )
        return await run_stage(self._file, stage, spec, tools, owed, concurrency=concurrency, emit=self._emit)
