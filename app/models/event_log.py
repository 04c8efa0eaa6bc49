"""What happened while stages ran, line by line; runs of ordinary lines are folded into one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt

from app.models.spans import span_text
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
)

TAIL = 3
"""Ordinary lines left in sight at the end."""
LEAST_FOLDED = 4
"""Fewer lines are not worth a fold."""
MOST_ROWS = 4000
MOST_FOLDED = 400
"""Lines kept inside a fold; of older ones only the number is known. Chosen."""

AnyIndex = QModelIndex | QPersistentModelIndex


class Level(StrEnum):
    """What a line means."""

    ORDINARY = "ordinary"
    NOTE = "note"
    WARNING = "warning"


class LogRole(IntEnum):
    """What an index gives besides its text."""

    LEVEL = Qt.ItemDataRole.UserRole + 1
    TIME = Qt.ItemDataRole.UserRole + 2
    SOURCE = Qt.ItemDataRole.UserRole + 3
    FOLDED = Qt.ItemDataRole.UserRole + 4
    """How many lines are folded here; 0 for a line."""
    IS_OPEN = Qt.ItemDataRole.UserRole + 5


@dataclass(slots=True, eq=False)
class Line:
    """One line."""

    time: str
    source: str
    text: str
    level: Level = Level.ORDINARY

    @property
    def plain(self) -> str:
        """As it is copied."""
        return f"{self.time}  {self.source:<10}  {self.text}"


@dataclass(slots=True, eq=False)
class Fold:
    """Ordinary lines under one."""

    count: int = 0
    lines: deque[Line] = field(default_factory=lambda: deque(maxlen=MOST_FOLDED))
    is_open: bool = False

    def add(self, line: Line) -> None:
        """Takes one in."""
        self.count += 1
        self.lines.append(line)


class EventLog(QAbstractListModel):
    """The log of one window; it forgets what is older than some thousand rows.

    Args:
        name_of: How the subject of an event (a key) is called.
        clock: Time of day of a line.
    """

    def __init__(
        self,
        name_of: Callable[[str], str],
        clock: Callable[[], str] = lambda: f"{datetime.now(UTC).astimezone():%H:%M:%S}",
        parent: Any = None,
    ) -> None:
        super().__init__(parent)
        self._name_of = name_of
        self._clock = clock
        self._rows: list[Line | Fold] = []
        self._tail = 0
        self.warnings = 0

    def take(self, events: Sequence[Event]) -> None:
        """Writes what happened."""
        now = self._clock()
        self.add([line for line in (self._line(event, now) for event in events) if line is not None])

    def note(self, source: str, text: str, level: Level = Level.NOTE) -> None:
        """Writes a line of the studio's own."""
        self.add([Line(self._clock(), source, text, level)])

    def add(self, lines: Sequence[Line]) -> None:
        """Writes lines; the ordinary ones at the end are folded as more come."""
        if not lines:
            return
        kept = len(self._rows) - self._tail
        end: list[Line | Fold] = list(self._rows[kept:])
        if kept and isinstance(self._rows[kept - 1], Fold):
            # What leaves the end goes on into the fold before it.
            kept -= 1
            end.insert(0, self._rows[kept])
        before, tail = len(end), self._tail
        for line in lines:
            if line.level is Level.ORDINARY:
                end.append(line)
                tail += 1
                if tail > TAIL:
                    tail = self._fold(end, tail)
            else:
                end.append(line)
                tail = 0
        self._replace(kept, before, end)
        self._tail = tail
        self.warnings += sum(line.level is Level.WARNING for line in lines)
        self._forget()

    def toggle(self, row: int) -> None:
        """Opens or closes a fold."""
        fold = self._rows[row]
        if not isinstance(fold, Fold):
            return
        inside = list(fold.lines)
        if fold.is_open:
            self.beginRemoveRows(QModelIndex(), row + 1, row + len(inside))
            del self._rows[row + 1 : row + 1 + len(inside)]
            self.endRemoveRows()
        elif inside:
            self.beginInsertRows(QModelIndex(), row + 1, row + len(inside))
            self._rows[row + 1 : row + 1] = inside
            self.endInsertRows()
        fold.is_open = not fold.is_open
        # What was opened is settled: later lines begin a fold of their own.
        self._tail = min(self._tail, len(self._rows) - row - 1 - (len(inside) if fold.is_open else 0))
        self.dataChanged.emit(self.index(row), self.index(row))

    def text(self) -> str:
        """All of it, as it is copied."""
        return "\n".join(
            row.plain if isinstance(row, Line) else f"          {row.count:,} lines of ordinary progress folded"
            for row in self._rows
        )

    def clear(self) -> None:
        """Forgets everything."""
        self.beginResetModel()
        self._rows.clear()
        self._tail = self.warnings = 0
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        is_fold = isinstance(row, Fold)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{row.count:,} lines of ordinary progress folded" if isinstance(row, Fold) else row.text
            case Qt.ItemDataRole.ToolTipRole:
                return None if isinstance(row, Fold) else row.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return None if isinstance(row, Fold) else f"{row.time} {row.source} {row.text}"
            case LogRole.LEVEL:
                return Level.ORDINARY if isinstance(row, Fold) else row.level
            case LogRole.TIME:
                return "" if isinstance(row, Fold) else row.time
            case LogRole.SOURCE:
                return "" if isinstance(row, Fold) else row.source
            case LogRole.FOLDED:
                return row.count if isinstance(row, Fold) else 0
            case LogRole.IS_OPEN:
                return is_fold and row.is_open  # type: ignore[union-attr]
        return None

    def _fold(self, end: list[Line | Fold], tail: int) -> int:
        """Takes the oldest of the last ordinary lines into the fold before them; gives how many are left."""
        place = len(end) - tail
        oldest = end[place]
        assert isinstance(oldest, Line)
        before = end[place - 1] if place else None
        if isinstance(before, Fold) and not before.is_open:
            before.add(oldest)
            del end[place]
            return tail - 1
        if tail < TAIL + LEAST_FOLDED:
            return tail
        made = Fold()
        for line in end[place : place + LEAST_FOLDED]:
            assert isinstance(line, Line)
            made.add(line)
        end[place : place + LEAST_FOLDED] = [made]
        return tail - LEAST_FOLDED

    def _replace(self, first: int, count: int, rows: list[Line | Fold]) -> None:
        """Puts other rows at the end, from `first` on, telling as little as is true."""
        same = 0
        while same < min(count, len(rows)) and self._rows[first + same] is rows[same]:
            same += 1
        if same and isinstance(rows[0], Fold):
            self._rows[first] = rows[0]
            self.dataChanged.emit(self.index(first), self.index(first))
        if count > same:
            self.beginRemoveRows(QModelIndex(), first + same, first + count - 1)
            del self._rows[first + same :]
            self.endRemoveRows()
        if len(rows) > same:
            self.beginInsertRows(QModelIndex(), first + same, first + len(rows) - 1)
            self._rows += rows[same:]
            self.endInsertRows()

    def _forget(self) -> None:
        spare = len(self._rows) - MOST_ROWS
        if spare > 0:
            spare = min(len(self._rows) - self._tail - 1, spare + MOST_ROWS // 8)
            self.beginRemoveRows(QModelIndex(), 0, spare - 1)
            del self._rows[:spare]
            self.endRemoveRows()

    def _line(self, event: Event, now: str) -> Line | None:
        match event:
            case RunStarted():
                by = f" by {event.backend}" if event.backend else ""
                simulated = ", simulated" if event.is_simulated else ""
                revived = f", {event.revived:,} count again" if event.revived else ""
                run = f"run {event.run_id} started: " if event.run_id else ""
                text = f"{run}{event.owed:,} owed, {event.already_done:,} done before{revived}{by}{simulated}"
                return Line(now, event.stage, text, Level.NOTE)
            case ItemDone():
                refused = f", {event.refused} refused" if event.refused else ""
                text = f"{self._name_of(event.subject)}: {event.outputs} kept{refused}, {event.seconds:.2f} s"
                return Line(now, event.stage, text)
            case ItemFailed():
                first = next(iter(event.error_text.strip().splitlines()), "")
                if event.error_kind == "bug":
                    first = event.error_text.strip().splitlines()[-1] if first else ""
                return Line(
                    now, event.stage, f"{self._name_of(event.subject)}: {first or event.error_kind}", Level.WARNING
                )
            case RunEnded():
                words = f"{event.done:,} done, {event.failed:,} failed, {span_text(event.seconds)}"
                run = f"run {event.run_id} {_OUTCOMES[event.outcome]}: " if event.run_id else "up to date: "
                message = f"; {event.message}" if event.message else ""
                level = Level.WARNING if event.outcome is RunOutcome.GAVE_UP else Level.NOTE
                return Line(now, event.stage, f"{run}{words}{message}", level)
            case ServerChanged():
                text = f"{event.server} {_SERVER_WORDS[event.state]}{f': {event.text}' if event.text else ''}"
                return Line(now, event.stage, text, Level.WARNING if event.state is ServerState.DIED else Level.NOTE)
            case RunProgress() | ServerWrote() | ModelPace():
                return None


_SERVER_WORDS = {
    ServerState.WAITING: "waits",
    ServerState.STARTING: "starts",
    ServerState.READY: "is ready",
    ServerState.ASLEEP: "sleeps, its card is free",
    ServerState.STOPPED: "stopped",
    ServerState.DIED: "died",
}
_OUTCOMES = {
    RunOutcome.RUNNING: "goes on",
    RunOutcome.FINISHED: "ended",
    RunOutcome.FAILED_ITEMS: "ended",
    RunOutcome.CANCELLED: "cancelled",
    RunOutcome.GAVE_UP: "gave up",
}


class WarningsOnly(QSortFilterProxyModel):
    """The log, or only its warnings."""

    def __init__(self, log: EventLog, parent: Any = None) -> None:
        super().__init__(parent)
        self._is_on = False
        self.setSourceModel(log)

    def set_on(self, is_on: bool) -> None:
        """Shows only warnings, or all."""
        self._is_on = is_on
        self.invalidateFilter()

    def filterAcceptsRow(self, row: int, parent: AnyIndex) -> bool:
        if not self._is_on:
            return True
        source = self.sourceModel()
        return bool(source.data(source.index(row, 0, parent), LogRole.LEVEL) == Level.WARNING)
