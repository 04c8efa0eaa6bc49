"""The one door to a project, for the studio and the command line: read, edit, run, export, close."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from hopchain_core.backends.registry import Registration, registrations
from hopchain_core.domain.chains import Chain
from hopchain_core.domain.findings import Finding
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.policy import Policy
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.rules import audit_chain
from hopchain_core.edits import set_policy
from hopchain_core.edits_answers import MergedAnswers
from hopchain_core.errors import InputError, PrerequisiteError
from hopchain_core.jobs import verdicts
from hopchain_core.jobs.flow import ignore, run_stages
from hopchain_core.jobs.runner import Emit, StageReport
from hopchain_core.jobs.standing import Plan, StageStanding, plan
from hopchain_core.jobs.terms import OPTIONS, policy_of
from hopchain_core.pipeline.ingest_report import IngestProgress, IngestReport
from hopchain_core.pipeline.options import BackendChoice, RunOptions
from hopchain_core.pipeline.order import MAKES_CHAINS, ORDER, ROLES, check_backends
from hopchain_core.project_check import ProjectCheck, check_project
from hopchain_core.project_edits import ProjectEdits
from hopchain_core.project_exports import ProjectExports
from hopchain_core.project_packets import MergedPackets, ProjectPackets
from hopchain_core.project_pictures import ProjectPictures
from hopchain_core.project_probes import ProbeOptions, ProbeStanding, ProjectProbes
from hopchain_core.project_status import ProjectStatus, project_status
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.reader import (
    AnsweredChain,
    AnswerRow,
    ChainFacets,
    ChainFilter,
    ChainQuery,
    ChainRow,
    ChainSort,
    DifficultyCharts,
    DifficultyQuery,
    DifficultyRow,
    DifficultySort,
    Dispute,
    DisputedAnswer,
    DisputeRow,
    FailingItem,
    HopFigures,
    ImageFacets,
    ImageQuery,
    ImageRow,
    ImageSort,
    LengthUnit,
    PersonTime,
    PicturePlace,
    ProjectFigures,
    Reader,
    RefusedFile,
    RoundProgress,
    Solver,
    SolverStanding,
    StoredChain,
)
from hopchain_core.store.rows_runs import write_fact
from hopchain_core.store.undo import StepPlaces
from hopchain_core.store.unit_of_work import UnitOfWork


class Project(ProjectEdits, ProjectPackets, ProjectPictures, ProjectProbes, ProjectExports):
    """An open project.

    Every edit is one step of undo, and is on the disk when the method returns.

    Args:
        file: The project's file; closed with the project.
    """

    def __init__(self, file: ProjectFile) -> None:
        super().__init__(file)
        if not file.is_read_only:
            file.writer.before_commit(verdicts.follow)
        self._running = threading.Lock()

    @classmethod
    def create(cls, path: Path, *, seed: int = 0) -> Self:
        """Makes a new project.

        Raises:
            InputError: Something is at `path` already, or its folder is not there.
            ProjectError: The folder cannot be written to.
        """
        return cls(ProjectFile.create(path, seed=seed))

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Opens a project.

        Raises:
            ProjectError: It is missing, foreign, damaged, too new, or (for writing) in use by another process.
        """
        return cls(ProjectFile.open(path, read_only=read_only))

    @property
    def path(self) -> Path:
        """The project's file."""
        return self._file.path

    @property
    def folder(self) -> Path:
        """Folder that relative picture paths start from."""
        return self._file.path.parent

    @property
    def uuid(self) -> str:
        """Names this project wherever its packets go."""
        return self._file.uuid

    @property
    def seed(self) -> int:
        """What every random choice in it starts from."""
        return self._file.seed

    @property
    def file(self) -> ProjectFile:
        """The file itself, for what this class does not offer."""
        return self._file

    def close(self) -> None:
        """Finishes what is queued and closes the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Reading

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """One consistent snapshot, from any thread."""
        with self._file.read() as reader:
            yield reader

    def facts(self, image: ImageKey) -> PictureFacts:
        """What programs and rules see of a picture.

        Raises:
            KeyError: The project does not hold it.
        """
        with self.read() as read:
            return PictureFacts.of(
                read.image(image), read.categories(image), read.instances(image), read.departures(image)
            )

    def findings_in(self, chain: Chain) -> tuple[Finding, ...]:
        """What the rules say of a chain as it is now, stored or not; nothing is written."""
        return tuple(audit_chain(chain, self.facts(chain.image)))

    def status(self) -> ProjectStatus:
        """How much there is and where everything stands, under the options of the last run."""
        with self.read() as read:
            return project_status(read, self.seed, self._options(read))

    def check(self) -> ProjectCheck:
        """What the rules found: stored findings by chain, and what is said of the chains taken together."""
        with self.read() as read:
            return check_project(read)

    def policy(self) -> Policy:
        """The policy in force."""
        with self.read() as read:
            return policy_of(read)

    def last_options(self) -> RunOptions:
        """The options of the last run; the defaults before the first."""
        with self.read() as read:
            return self._options(read)

    def set_options(self, options: RunOptions, *, policy: Policy | None = None, by: object = None) -> None:
        """Keeps options for the runs to come, as a run with them would.

        Args:
            options: Of all stages.
            policy: Put in force in the same step of undo; as it is when None.
            by: Who asks, as `on_commit` tells it.

        Raises:
            InputError: There is no such backend, or it cannot take its options.
        """
        with suppress(PrerequisiteError):
            check_backends(ORDER, options)
        text = options.remembered().model_dump_json()

        def write(uow: UnitOfWork) -> None:
            write_fact(uow, OPTIONS, text)
            if policy is not None:
                set_policy(uow, policy)

        self._file.edit("Change settings of the stages", write, by)

    def on_commit(self, callback: Callable[[frozenset[str], object], None]) -> None:
        """Calls back after each commit, in the writer's thread, with the tables changed and who caused it."""
        self._file.on_commit(callback)

    # Running

    def plan(self, stages: Iterable[str] | None = None, options: RunOptions | None = None) -> Plan:
        """What `run` would do: owed by stage, and how many answers of people might no longer count.

        Raises:
            InputError: There is no such stage or backend.
        """
        with self.read() as read:
            return plan(read, self.seed, stages, options or self._options(read))

    def run(
        self, stages: Iterable[str] | None = None, options: RunOptions | None = None, emit: Emit = ignore
    ) -> tuple[StageReport, ...]:
        """Runs stages to their end, on an event loop of its own. Ctrl-C cancels and raises KeyboardInterrupt.

        Args:
            stages: All of them when None.
            options: Those of the last run when None.
            emit: Told what happens.

        Raises:
            InputError: There is no such stage or backend, or stages are running already.
            PrerequisiteError: A backend needs something that is not there.
            RunEndedError: One kind of failure came too often in a row.
        """
        return asyncio.run(self.run_async(stages, options, emit, is_beside_a_window=False))

    async def run_async(
        self,
        stages: Iterable[str] | None = None,
        options: RunOptions | None = None,
        emit: Emit = ignore,
        *,
        is_beside_a_window: bool = True,
    ) -> tuple[StageReport, ...]:
        """As `run`, on the caller's event loop. Cancelling the task cancels the run within a second.

        Args:
            stages: As for `run`.
            options: As for `run`.
            emit: Told what happens, on the loop.
            is_beside_a_window: What computes gives way at once wherever the window wants a core, as for `WorkerPool`.
        """
        if not self._running.acquire(blocking=False):
            raise InputError("Stages of this project are running already.", hint="Wait for them, or cancel them.")
        try:
            if options is None:
                options = self.last_options()
            else:
                await self._remember(options)
            return await run_stages(self._file, stages, options, emit, is_beside_a_window=is_beside_a_window)
        finally:
            self._running.release()

    async def _remember(self, options: RunOptions) -> None:
        text = options.remembered().model_dump_json()
        with self.read() as read:
            if read.fact(OPTIONS) == text:
                return
        await asyncio.wrap_future(self._file.writer.submit(lambda uow: write_fact(uow, OPTIONS, text)))

    @staticmethod
    def _options(read: Reader) -> RunOptions:
        fact = read.fact(OPTIONS)
        return RunOptions() if fact is None else RunOptions.model_validate_json(fact)


__all__ = [
    "AnswerRow",
    "AnsweredChain",
    "BackendChoice",
    "ChainFacets",
    "ChainFilter",
    "ChainQuery",
    "ChainRow",
    "ChainSort",
    "DifficultyCharts",
    "DifficultyQuery",
    "DifficultyRow",
    "DifficultySort",
    "Dispute",
    "DisputeRow",
    "DisputedAnswer",
    "FailingItem",
    "HopFigures",
    "ImageFacets",
    "ImageQuery",
    "ImageRow",
    "ImageSort",
    "IngestProgress",
    "IngestReport",
    "LengthUnit",
    "MAKES_CHAINS",
    "MergedPackets",
    "MergedAnswers",
    "ORDER",
    "ProbeOptions",
    "ProbeStanding",
    "PersonTime",
    "PicturePlace",
    "Plan",
    "Project",
    "ProjectCheck",
    "ProjectFigures",
    "ProjectStatus",
    "ROLES",
    "Reader",
    "RefusedFile",
    "Registration",
    "RoundProgress",
    "RunOptions",
    "Solver",
    "SolverStanding",
    "StageReport",
    "StageStanding",
    "StepPlaces",
    "StoredChain",
    "registrations",
]
