"""Runs stages on the window's event loop, and what it takes to show and stop them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.bridge import Bridge
from hopchain_core.errors import HopchainError
from hopchain_core.jobs.events import RunEnded, RunProgress, RunStarted
from hopchain_core.project import ProbeOptions, RunOptions, StageReport


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """What runs now; `stage` is empty when nothing does.

    Attributes:
        stage: Which stage.
        done: Items done in this run of it.
        failed: Items failed in it.
        owed: Items it began with.
        rate_per_s: Items a second lately.
        remaining_s: To the end of the stage; None until it can be told.
        is_cancelling: A person asked to stop.
    """

    stage: str = ""
    done: int = 0
    failed: int = 0
    owed: int = 0
    rate_per_s: float = 0.0
    remaining_s: float | None = None
    is_cancelling: bool = False

    @property
    def is_running(self) -> bool:
        """Whether anything runs."""
        return bool(self.stage)

    @property
    def share(self) -> float:
        """How much is behind, in [0, 1]."""
        return (self.done + self.failed) / self.owed if self.owed else 0.0


class Tasks(QObject):
    """Coroutines that were begun from the window; kept alive until they end, and their errors told."""

    failed = Signal(object)
    """What a coroutine raised."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Begins a coroutine on the running loop."""
        task = asyncio.get_event_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._end)
        return task

    async def aclose(self) -> None:
        """Cancels what still goes on and waits for it."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def count(self) -> int:
        """How many go on."""
        return len(self._tasks)

    def _end(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failed.emit(error)


class Runs(QObject):
    """Starts and cancels runs of the open project's stages and probes.

    Args:
        bridge: Carries the events.
        tasks: Keeps the run alive.
    """

    changed = Signal(object)
    """A `RunState`, at most 30 times a second."""
    ended = Signal(object)
    """A tuple of `StageReport`; None when it was cancelled or failed."""
    failed = Signal(object)
    """Why a run gave up."""

    def __init__(self, bridge: Bridge, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._tasks = tasks
        self._task: asyncio.Task[Any] | None = None
        self._state = RunState()
        self.options: RunOptions | None = None
        """Of the run of stages begun last; None where it took those in force."""
        bridge.events.connect(self._take)

    @property
    def state(self) -> RunState:
        """What runs now."""
        return self._state

    @property
    def is_running(self) -> bool:
        """Whether a run goes on, from its start until it has ended in full."""
        return self._task is not None

    def start(self, stages: Iterable[str] | None = None, options: RunOptions | None = None) -> bool:
        """Begins to run stages of the open project, all of them when None, with the last options when None.

        Returns:
            False when a run goes on already or no project is open.
        """
        project = self._bridge.project
        if self._task is not None or project is None:
            return False
        names = None if stages is None else tuple(stages)
        self.options = options
        running = project.run_async(names, options, self._bridge.emit_event)
        self._begin(names[0] if names else "categorize", running)
        return True

    def start_probes(self, options: ProbeOptions) -> bool:
        """Begins to probe chains of the open project; with no probe named, only what was said before is judged.

        Returns:
            False when a run goes on already or no project is open.
        """
        project = self._bridge.project
        if self._task is not None or project is None:
            return False
        first = f"probe-{options.probes[0]}" if options.probes else "probe"
        self._begin(first, project.probe_async(options, self._bridge.emit_event))
        return True

    def cancel(self) -> None:
        """Asks the run to stop; what is committed stays, the rest stays owed."""
        if self._task is not None:
            self._show(replace(self._state, is_cancelling=True))
            self._task.cancel()

    async def wait(self) -> None:
        """Waits for the end of the run; returns at once when there is none."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    def _begin(self, stage: str, running: Coroutine[Any, Any, tuple[StageReport, ...]]) -> None:
        self._show(RunState(stage=stage))
        self._task = self._tasks.spawn(self._run(running))

    async def _run(self, running: Coroutine[Any, Any, tuple[StageReport, ...]]) -> None:
        reports: tuple[StageReport, ...] | None = None
        try:
            reports = await running
        except HopchainError as error:
            self.failed.emit(error)
        finally:
            self._task = None
            self._show(RunState())
            self.ended.emit(reports)

    def _take(self, events: tuple[object, ...]) -> None:
        if self._task is None:
            return
        state = self._state
        for event in events:
            match event:
                case RunStarted():
                    state = replace(RunState(), stage=event.stage, owed=event.owed, is_cancelling=state.is_cancelling)
                case RunProgress():
                    state = replace(
                        state,
                        stage=event.stage,
                        done=event.done,
                        failed=event.failed,
                        owed=event.owed,
                        rate_per_s=event.rate_per_s,
                        remaining_s=event.remaining_s,
                    )
                case RunEnded():
                    state = replace(state, done=event.done, failed=event.failed, remaining_s=None)
        self._show(state)

    def _show(self, state: RunState) -> None:
        if state != self._state:
            self._state = state
            self.changed.emit(state)
