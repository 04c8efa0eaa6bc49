"""What the pipeline shows and does: where stages stand, what runs, what failed, and what other settings would redo."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge import Bridge
from app.models.event_log import EventLog, Level
from app.models.failure_list import FailureList, RunTable
from app.models.stage_rows import Intake, Live, People, StageRow, begun, stage_rows
from app.models.stage_servers import ServerBoard
from app.presenters.pipeline_reading import Overview, read_overview, read_preview
from app.presenters.probes import PROBE_STAGES, retry_probes
from app.running import Runs, RunState
from hopchain_core.domain.policy import Policy
from hopchain_core.domain.provenance import RunOutcome
from hopchain_core.errors import KnownError
from hopchain_core.jobs.events import Event, ItemDone, ItemFailed, RunEnded, RunProgress, RunStarted
from hopchain_core.project import ORDER, FailingItem, RunOptions, StageReport

_TABLES = frozenset(
    {
        "image",
        "source_object",
        "instance",
        "chain",
        "work",
        "run",
        "annotation",
        "mark",
        "verdict",
        "project",
        "finding",
    }
)
_SOONEST_MS = 400
_PLAN_SHARE = 0.05
"""Of the time while something runs: finding out where every stage stands takes no more than this. Chosen."""
_NAMES_KEPT = 4000


class PipelinePresenter(QObject):
    """Between the project, its runs, and the views of the pipeline.

    Args:
        bridge: To the project.
        runs: Starts and cancels.
        parent: Owner.
    """

    rows_changed = Signal(object)
    """A tuple of `StageRow`."""
    overview_changed = Signal(object)
    """An `Overview`: other totals, failures, runs or settings."""
    previewed = Signal(object)
    """A `Preview` of the settings last asked about."""
    settings_refused = Signal(str)
    """Why settings were not taken."""
    settings_kept = Signal()
    """Settings are in force now."""
    server_told = Signal(str, object)
    """(name, its new lines): something is new of a server in `servers`."""

    def __init__(self, bridge: Bridge, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._runs = runs
        self._names: dict[str, str] = {}
        self.servers = ServerBoard()
        self._gave_up: dict[str, str] = {}
        self.log = EventLog(lambda key: self._names.get(key, key[:8]), parent=self)
        self.failures = FailureList(self)
        self.run_table = RunTable(self)
        self.overview: Overview | None = None
        self.rows: tuple[StageRow, ...] = ()
        self._unwritten: list[Event] = []
        self._is_naming = False
        self._live: dict[str, Live] = {}
        self._stages: tuple[str, ...] = ()
        self._stage_shown: str | None = None
        self._is_active = False
        self._is_due = True
        self._is_reading = False
        self._asked_at = 0.0
        self._read_took_s = 0.0
        self._counting = QTimer(self)
        self._counting.setInterval(1000)
        self._counting.timeout.connect(self._count_on)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._read)
        bridge.changed.connect(self._react)
        bridge.events.connect(self._take_events)
        runs.changed.connect(self._take_state)
        runs.ended.connect(self._run_ended)
        runs.failed.connect(self._run_failed)
        self._show_rows()

    # What is shown

    def set_active(self, is_active: bool) -> None:
        """Whether the pipeline is on the screen; the project is not read while it is not."""
        self._is_active = is_active
        if is_active and self._is_due:
            self._read()

    def look_again(self) -> None:
        """Asks the project and the models again."""
        self._ask_again(0)

    def show_failures_of(self, stage: str | None) -> None:
        """Lists the failures of one stage, or of all."""
        self._stage_shown = stage
        self._ask_again(0)

    @property
    def is_running(self) -> bool:
        """Whether a run goes on."""
        return self._runs.is_running

    def row(self, stage: str) -> StageRow | None:
        """The row of a stage."""
        return next((row for row in self.rows if row.stage == stage), None)

    @property
    def is_up_to_date(self) -> bool:
        """What is shown is what the project held when it was asked last, and nothing is to be asked."""
        return not (self._is_due or self._is_reading or self._later.isActive())

    @property
    def failed_count(self) -> int:
        """Items that a retry would try, in all stages."""
        return sum(self.overview.failing.values()) if self.overview is not None else 0

    @property
    def owed_count(self) -> int:
        """Items that a run would work on, as far as that is known."""
        return sum(row.owed for row in self.rows if row.stage in ORDER)

    @property
    def hindered(self) -> tuple[StageRow, ...]:
        """Stages that a run of all would come to and that cannot run here, in order."""
        comes_up, found = False, []
        for row in (row for row in self.rows if row.stage in ORDER):
            comes_up = comes_up or row.owed > 0
            if comes_up and row.missing:
                found.append(row)
        return tuple(found)

    # Runs

    def start(self, stages: Sequence[str] | None = None, **changes: Any) -> bool:
        """Runs stages, all of them when None, under the settings in force.

        Args:
            stages: Names.
            changes: Of the options of this run only: `retry_failed`, `only`, `limit`.

        Returns:
            False when a run goes on already or nothing is known of the project yet.
        """
        if self.overview is None or self._runs.is_running:
            return False
        options = self.overview.options.model_copy(update=changes)
        self._stages = tuple(stages) if stages is not None else ORDER
        self._live = {}
        started = self._runs.start(self._stages, options)
        self._show_rows()
        return started

    def cancel(self) -> None:
        """Asks the run to stop."""
        if self._runs.is_running:
            self.log.note("studio", "cancel asked for")
            self._runs.cancel()

    def retry(self, stages: Iterable[str] | None = None) -> bool:
        """Tries again what failed, in these stages or in all that have failures."""
        failing = self.overview.failing if self.overview is not None else {}
        wanted = [stage for stage in ORDER if stage in (failing if stages is None else set(stages))]
        if not wanted and not failing.keys().isdisjoint(PROBE_STAGES):
            return retry_probes(self._bridge, self._runs)
        return bool(wanted) and self.start(wanted, retry_failed=True)

    def retry_items(self, items: Sequence[FailingItem]) -> bool:
        """Tries exactly these again."""
        stages = {item.stage for item in items}
        if items and stages.isdisjoint(ORDER):
            return retry_probes(self._bridge, self._runs, items)
        return bool(items) and self.start(
            [stage for stage in ORDER if stage in stages],
            retry_failed=True,
            only=tuple(dict.fromkeys(str(item.subject) for item in items)),
        )

    # Settings

    def preview(self, options: RunOptions) -> None:
        """Finds out what these options would redo; `previewed` brings it. Only the last question is answered."""
        project = self._bridge.project
        if project is not None:
            self._bridge.ask(lambda: read_preview(project, options), self.previewed.emit, key="pipeline preview")

    def keep(self, options: RunOptions) -> None:
        """Puts options in force for the runs to come."""
        project = self._bridge.project
        if project is not None:
            self._bridge.edit(lambda: project.set_options(options, by=self), self._kept, failed=self._refused)

    def keep_policy(self, policy: Policy) -> None:
        """Puts another policy in force; a step of undo."""
        project = self._bridge.project
        if project is not None:
            self._bridge.edit(lambda: project.set_policy(policy, by=self), self._kept, failed=self._refused)

    # Reading

    def _react(self, tables: frozenset[str], by: object) -> None:
        if tables & _TABLES:
            self._ask_again(0 if by is not None else _SOONEST_MS)

    def _ask_again(self, soonest_ms: int) -> None:
        self._is_due = True
        if not self._is_active:
            return
        wait_s = soonest_ms / 1000
        if self._runs.is_running:
            # What takes long to find out is asked for less often, so that it never slows the run down.
            wait_s = max(wait_s, self._read_took_s / _PLAN_SHARE - (time.monotonic() - self._asked_at))
        wait_ms = max(0, round(1000 * wait_s))
        # What was put off while a run went on is not waited for when it has ended.
        if not self._later.isActive() or self._later.remainingTime() > wait_ms:
            self._later.start(wait_ms)

    def _read(self) -> None:
        project = self._bridge.project
        if project is None or not self._is_active:
            return
        if self._is_reading:
            self._ask_again(_SOONEST_MS)
            return
        self._later.stop()
        self._is_due, self._is_reading = False, True
        self._asked_at = time.monotonic()
        stage = self._stage_shown
        self._bridge.ask(
            lambda: read_overview(project, stage),
            self._take_overview,
            key="pipeline overview",
            failed=self._reading_failed,
        )

    def _take_overview(self, overview: Overview) -> None:
        self._is_reading = False
        self._read_took_s = time.monotonic() - self._asked_at
        self.overview = overview
        for item in overview.failures:
            self._names[item.image_key] = item.image_path.rpartition("/")[2]
        self.failures.show_items(overview.failures)
        self.run_table.show_runs(overview.runs)
        if not self._runs.is_running:
            self._live = {}
        self._show_rows()
        self.overview_changed.emit(overview)
        if self._is_due:
            self._ask_again(_SOONEST_MS)

    def _reading_failed(self, error: Exception) -> None:
        self._is_reading = False
        self._bridge.failed.emit(error)

    def _kept(self, _: object) -> None:
        self._ask_again(0)
        self.settings_kept.emit()

    def _refused(self, error: Exception) -> None:
        if isinstance(error, KnownError):
            self.settings_refused.emit(error.line)
        else:
            self._bridge.failed.emit(error)

    # What runs

    def _take_events(self, events: tuple[Event, ...]) -> None:
        for name, lines in self.servers.take(events).items():
            self.server_told.emit(name, lines)
        self._count_if_needed()
        for event in events:
            match event:
                case RunStarted():
                    self._gave_up.pop(event.stage, None)
                    options = self._runs.options or RunOptions()
                    self._live[event.stage] = begun(
                        self.row(event.stage),
                        owed=event.owed,
                        done=event.already_done,
                        retries=options.retry_failed,
                        is_partial=options.only is not None or options.limit is not None,
                    )
                case RunProgress() if event.stage in self._live:
                    self._live[event.stage] = replace(
                        self._live[event.stage],
                        done=event.done,
                        failed=event.failed,
                        rate_per_s=event.rate_per_s,
                        remaining_s=event.remaining_s,
                    )
                case RunEnded() if event.stage in self._live:
                    if event.outcome is RunOutcome.GAVE_UP:
                        self._gave_up[event.stage] = f"Gave up: {event.message.removeprefix(f'{event.stage}: ')}"
                    self._live[event.stage] = replace(
                        self._live[event.stage], done=event.done, failed=event.failed, remaining_s=None, is_over=True
                    )
        self._unwritten += events
        self._write_log()
        self._show_rows()

    def _write_log(self) -> None:
        """Writes what happened as soon as all that it speaks of has a name, one question at a time."""
        if self._is_naming:
            return
        unknown = {e.subject for e in self._unwritten if isinstance(e, (ItemDone, ItemFailed))} - self._names.keys()
        if not unknown:
            self.log.take(self._unwritten)
            self._unwritten.clear()
            return
        if len(self._names) > _NAMES_KEPT:
            self._names.clear()
            unknown = {e.subject for e in self._unwritten if isinstance(e, (ItemDone, ItemFailed))}
        self._is_naming = True
        self._bridge.read(
            lambda read: read.subject_names(unknown), lambda names: self._named(unknown, names), key="pipeline names"
        )

    def _named(self, asked: set[str], names: dict[str, str]) -> None:
        self._is_naming = False
        # A picture or chain that is gone already goes by the beginning of its key.
        self._names.update({key: names.get(key, key[:8]) for key in asked})
        self._write_log()

    def _count_if_needed(self) -> None:
        if self.servers.is_counting != self._counting.isActive():
            self._counting.start() if self.servers.is_counting else self._counting.stop()

    def _count_on(self) -> None:
        for server in self.servers.servers.values():
            if server.is_counted:
                self.server_told.emit(server.name, [])
        self._show_rows()
        self._count_if_needed()

    def _take_state(self, state: RunState) -> None:
        if state.is_running and not self._stages:
            # Begun elsewhere, such as in the library.
            self._stages = (state.stage,)
        if state.is_running and state.stage not in self._stages:
            self._stages = tuple(s for s in ORDER if s in (*self._stages, state.stage))
        self._show_rows()

    def _run_ended(self, reports: tuple[StageReport, ...] | None) -> None:
        self._stages = ()
        self._show_rows()
        self._ask_again(0)

    def _run_failed(self, error: Exception) -> None:
        text = error.line if isinstance(error, KnownError) else str(error)
        self.log.note("studio", text, Level.WARNING)

    def _show_rows(self) -> None:
        state = self._runs.state
        rows = stage_rows(
            self.overview.plan if self.overview is not None else None,
            self.overview.people if self.overview is not None else People(),
            self._live,
            self._stages if self._runs.is_running else (),
            state.stage,
            is_cancelling=state.is_cancelling,
            intake=self.overview.intake if self.overview is not None else Intake(),
            troubles=self.overview.troubles if self.overview is not None else {},
            notes={stage: self.servers.note_of(stage) for stage in self._live},
            gave_up=self._gave_up,
        )
        if rows != self.rows:
            self.rows = rows
            self.rows_changed.emit(rows)
