"""Takes pictures into a project, and makes the sample project, without holding the window up."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.bridge import Bridge
from app.running import Tasks
from hopchain_core.errors import HopchainError, InputError
from hopchain_core.jobs.events import RunEnded, RunProgress, RunStarted
from hopchain_core.project import IngestReport, Project, RunOptions

SAMPLE_SCENES = 20
"""Rendered and worked through in 45 s on two cores."""
SAMPLE_NAME = "Sample"
_STAGES = ("categorize", "segment", "compose", "audit", "solve", "decide")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Pictures to take in, and what is known of them.

    Attributes:
        paths: Files and folders.
        coco: A COCO file with their annotations.
        labelme: A folder of labelme's files.
        scenes: A folder of rendered scenes.
        licence: Of pictures for which no import states one.
    """

    paths: tuple[Path, ...]
    coco: Path | None = None
    labelme: Path | None = None
    scenes: Path | None = None
    licence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeState:
    """What is being made.

    Attributes:
        title: Of the whole.
        steps: Their names, in order.
        step: Index of the one going on.
        done: Of it, of `total`; 0 of 0 while nobody can tell.
        is_cancelling: A person asked to stop.
    """

    title: str
    steps: tuple[str, ...]
    step: int = 0
    done: int = 0
    total: int = 0
    is_cancelling: bool = False


@dataclass(slots=True)
class _Stop:
    """Asked from another thread whether to stop."""

    event: threading.Event = field(default_factory=threading.Event)

    def check(self) -> None:
        if self.event.is_set():
            raise StoppedError


class StoppedError(Exception):
    """A person asked to stop."""


class Intake(QObject):
    """One at a time: a new project, more pictures for an open one, or the sample project.

    Args:
        bridge: Its threads do the work.
        tasks: Keeps it alive.
    """

    changed = Signal(object)
    """An `IntakeState`; None once nothing is being made."""
    made = Signal(object, object)
    """(Project, IngestReport or None): a project that was made, open; whoever takes it closes it."""
    added = Signal(object)
    """The IngestReport of pictures added to the open project."""
    stopped = Signal()
    """A person stopped it."""
    failed = Signal(object)
    """Why it could not be made."""

    def __init__(self, bridge: Bridge, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._tasks = tasks
        self._state: IntakeState | None = None
        self._stop = _Stop()
        self._task: asyncio.Task[Any] | None = None

    @property
    def state(self) -> IntakeState | None:
        """What is being made; None when nothing is."""
        return self._state

    def make_sample(self, folder: Path, scenes: int = SAMPLE_SCENES) -> bool:
        """Renders scenes into a folder and works them through. What is there already is not done again.

        Args:
            folder: Where the project and its pictures come to lie. Made by this, it is removed when a person stops it.
            scenes: How many.

        Returns:
            False when something is being made already.
        """
        steps = ("Render scenes", "Take pictures in", *map(str.capitalize, _STAGES))
        return self._begin("Making the sample project", steps, partial(self._sample, folder, scenes))

    def make_project(self, file: Path, source: Source, seed: int = 0) -> bool:
        """Makes a new project of pictures; removed again when a person stops it or nothing could be taken.

        Returns:
            False when something is being made already.
        """
        return self._begin(f"Making {file.stem}", ("Take pictures in",), partial(self._project, file, source, seed))

    def add_pictures(self, project: Project, source: Source) -> bool:
        """Takes pictures into an open project.

        Returns:
            False when something is being made already.
        """
        return self._begin("Adding pictures", ("Take pictures in",), partial(self._add, project, source))

    def cancel(self) -> None:
        """Asks to stop; `stopped` comes when it has."""
        if self._state is not None and not self._state.is_cancelling:
            self._stop.event.set()
            self._show(is_cancelling=True)
            if self._task is not None and self._state.step >= 2:
                self._task.cancel()

    async def wait(self) -> None:
        """Waits until nothing is being made."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    # What goes on

    def _begin(self, title: str, steps: tuple[str, ...], work: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        if self._state is not None:
            return False
        self._stop = _Stop()
        self._set(IntakeState(title=title, steps=steps))
        self._task = self._tasks.spawn(self._guarded(work))
        return True

    async def _guarded(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        outcome: Callable[[], object] = self._nothing
        try:
            await work()
        except (StoppedError, asyncio.CancelledError):
            outcome = self.stopped.emit
        except (HopchainError, OSError) as error:
            outcome = partial(self.failed.emit, error)
        finally:
            self._task = None
            self._set(None)
        outcome()

    async def _sample(self, folder: Path, scenes: int) -> None:
        is_new = not await self._bridge.work(folder.exists)
        project: Project | None = None
        try:
            await self._bridge.work(partial(_render, folder / "scenes", scenes, self._stop, self._count))
            self._show(step=1, done=0, total=0)
            path = folder / f"{SAMPLE_NAME}.hopchain"
            project = await self._bridge.work(partial(_opened, path))
            source = Source(paths=(folder / "scenes",), scenes=folder / "scenes")
            await self._bridge.work(partial(_ingest, project, source, self._stop, self._count))
            self._show(step=2, done=0, total=0)
            await project.run_async(None, RunOptions(), self._follow)
        except BaseException as error:
            if project is not None:
                await asyncio.shield(self._bridge.work(project.close))
            if is_new and isinstance(error, (StoppedError, asyncio.CancelledError)):
                await asyncio.shield(self._bridge.work(partial(shutil.rmtree, folder, ignore_errors=True)))
            raise
        self.made.emit(project, None)

    async def _project(self, file: Path, source: Source, seed: int) -> None:
        project = await self._bridge.work(partial(Project.create, file, seed=seed))
        try:
            report = await self._bridge.work(partial(_ingest, project, source, self._stop, self._count))
            if not report.taken:
                raise InputError(*_nothing_taken(report))
        except BaseException:
            await asyncio.shield(self._bridge.work(partial(_discard, project)))
            raise
        self.made.emit(project, report)

    async def _add(self, project: Project, source: Source) -> None:
        report = await self._bridge.work(partial(_ingest, project, source, self._stop, self._count, keeps=True))
        self.added.emit(report)

    # How far it is

    def _count(self, done: int, total: int) -> None:
        """From the working thread."""
        self._bridge.post(lambda: self._show(done=done, total=total))

    def _follow(self, event: object) -> None:
        match event:
            case RunStarted():
                self._show(step=2 + _STAGES.index(event.stage), done=0, total=event.owed)
            case RunProgress():
                self._show(done=event.done + event.failed, total=event.owed)
            case RunEnded():
                self._show(done=event.done + event.failed)

    def _show(self, **changes: Any) -> None:
        if self._state is not None:
            values = {name: getattr(self._state, name) for name in IntakeState.__slots__}
            self._set(IntakeState(**{**values, **changes}))

    def _set(self, state: IntakeState | None) -> None:
        if state != self._state:
            self._state = state
            self.changed.emit(state)

    def _nothing(self) -> None:
        """It went well and was told already."""


def _render(folder: Path, count: int, stop: _Stop, tell: Callable[[int, int], None]) -> None:
    # Imported here, in its thread: the window needs none of it.
    from hopchain_core.scenes import SCENES_FILE, read_scenes, write_scenes

    def progress(done: int) -> None:
        stop.check()
        tell(done, count)

    stop.check()
    known: Iterable[str] = read_scenes(folder) if (folder / SCENES_FILE).exists() else ()
    if sum((folder / name).is_file() for name in known) < count:
        tell(0, count)
        write_scenes(folder, count, 0, progress=progress)


def _opened(path: Path) -> Project:
    return Project.open(path) if path.exists() else Project.create(path)


def _ingest(
    project: Project, source: Source, stop: _Stop, tell: Callable[[int, int], None], *, keeps: bool = False
) -> IngestReport:
    """Takes pictures in; `keeps`: what was committed before a stop counts and is reported."""
    report = project.ingest(
        source.paths,
        coco=source.coco,
        labelme=source.labelme,
        scenes=source.scenes,
        licence=source.licence,
        on_progress=lambda progress: tell(progress.done, progress.total),
        is_cancelled=stop.event.is_set,
    )
    if not keeps:
        stop.check()
    return report


def _discard(project: Project) -> None:
    project.close()
    project.path.unlink(missing_ok=True)


def _nothing_taken(report: IngestReport) -> tuple[str]:
    if report.refused:
        first = report.refused[0]
        return (f"None of {len(report.refused)} files could be taken in. The first, {first.path}: {first.message}",)
    return ("There are no pictures in this folder.",)
