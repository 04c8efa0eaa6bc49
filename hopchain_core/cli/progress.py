"""Events of a run on the terminal: a bar for people, plain lines for logs, JSON lines for programs."""

from __future__ import annotations

import json
import sys
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from hopchain_core.cli.statuses import named
from hopchain_core.domain.provenance import RunOutcome
from hopchain_core.jobs.events import (
    Event,
    ItemDone,
    ItemFailed,
    ModelPace,
    RunEnded,
    RunProgress,
    RunStarted,
    ServerChanged,
    ServerState,
    ServerWrote,
    event_to_json,
)


class EventSink(Protocol):
    """Takes the events of one or more runs; a context manager."""

    def __call__(self, event: Event) -> None:
        """Shows one event."""
        ...

    def __enter__(self) -> Self:
        """Takes over the terminal, if it needs to."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Gives the terminal back."""
        ...


def event_sink(console: Console, *, as_json: bool) -> EventSink:
    """The sink that fits: JSON lines on stdout when asked, bars on a terminal, plain lines elsewhere."""
    if as_json:
        return JsonLines()
    return Bars(console) if console.is_terminal else PlainLines(console)


class _Sink:
    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None


class JsonLines(_Sink):
    """One event a line on stdout, as `event_to_json` gives it."""

    def __call__(self, event: Event) -> None:
        """Writes the event at once, so that a reader at the other end of a pipe can follow."""
        sys.stdout.write(json.dumps(event_to_json(event), ensure_ascii=False) + "\n")
        sys.stdout.flush()


class PlainLines(_Sink):
    """One line when a stage ends, one for each failure, and what model servers do and write."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._started: dict[int, RunStarted] = {}

    def __call__(self, event: Event) -> None:
        """Prints what a log should keep."""
        match event:
            case RunStarted():
                self._started[event.run_id] = event
            case ItemFailed():
                self._say(failure_line(event))
            case RunEnded():
                self._say(ended_line(event, self._started.get(event.run_id)))
            case ServerChanged():
                self._say(server_line(event))
            case ServerWrote():
                self._say(f"    {event.server}: {event.line}")
            case ItemDone() | RunProgress() | ModelPace():
                pass

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


class Bars(PlainLines):
    """A bar per stage with rate and time left."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._progress = Progress(
            TextColumn("  {task.description:<12}"),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._tasks: dict[int, TaskID] = {}
        self._speeds: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Shows the bars."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Removes the bars; the lines of ended stages stay."""
        self._progress.stop()

    def __call__(self, event: Event) -> None:
        """Moves the bar of the event's run."""
        if isinstance(event, RunStarted) and event.owed:
            self._tasks[event.run_id] = self._progress.add_task(event.stage, total=event.owed, pace="")
        task = self._tasks.get(event.run_id) if isinstance(event, (RunProgress, RunEnded)) else None
        if task is not None and isinstance(event, RunProgress):
            pace = _pace(event) + self._speeds.get(event.stage, "")
            self._progress.update(task, completed=event.done + event.failed, total=event.owed, pace=pace)
        if task is not None and isinstance(event, RunEnded):
            self._progress.remove_task(self._tasks.pop(event.run_id))
        if isinstance(event, ModelPace) and event.tokens_per_s:
            self._speeds[event.stage] = f"  {event.tokens_per_s:,.0f} tokens/s"
        super().__call__(event)


def _pace(event: RunProgress) -> str:
    left = "" if event.remaining_s is None else f", {duration(event.remaining_s)} left"
    return f"{event.rate_per_s:.1f}/s{left}" if event.rate_per_s else ""


def failure_line(event: ItemFailed) -> str:
    """What happened to one item."""
    return f"  ! {event.stage} {event.subject[:16]}: {event.error_kind}: {' '.join(event.error_text.split())}"


def server_line(event: ServerChanged) -> str:
    """What a model server does now."""
    mark = "!" if event.state is ServerState.DIED else "·"
    return f"  {mark} {event.server} ({event.kind}) {event.state.value}{f': {event.text}' if event.text else ''}"


def ended_line(event: RunEnded, started: RunStarted | None) -> str:
    """A stage in one line."""
    parts = [f"{event.done} done"]
    if started is not None:
        before = started.already_done
        if before:
            parts.append(f"{before} before")
    if event.failed:
        parts.append(f"{event.failed} failed")
    by = "" if started is None or not started.backend else f" by {named(started.backend, started.is_simulated)}"
    how = "" if event.outcome in (RunOutcome.FINISHED, RunOutcome.FAILED_ITEMS) else f"; {event.outcome.value}"
    message = f": {event.message}" if event.message else ""
    pace = f" in {duration(event.seconds)}" if event.done or event.failed else ""
    return f"  {event.stage:<11} {', '.join(parts)}{pace}{by}{how}{message}"


def duration(seconds: float) -> str:
    """A time span as people say it."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 90:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"
