"""What fails now, newest first, and the runs there were."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.models.spans import clock_text, seconds_between, span_text
from app.models.status_words import stage_word
from hopchain_core.domain.provenance import Run, RunOutcome
from hopchain_core.project import FailingItem

AnyIndex = QModelIndex | QPersistentModelIndex


class FailureRole(IntEnum):
    """What an index gives besides texts."""

    ITEM = Qt.ItemDataRole.UserRole + 1
    """The `FailingItem`."""


class FailureList(QAbstractListModel):
    """Items that fail; the first so many of them."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._items: tuple[FailingItem, ...] = ()

    def show_items(self, items: Sequence[FailingItem]) -> None:
        """Shows these. Rows that stay keep their place, so that a selection does."""
        items = tuple(items)
        if items == self._items:
            return
        wanted = {_identity(item) for item in items}
        for row in reversed([r for r, item in enumerate(self._items) if _identity(item) not in wanted]):
            self.beginRemoveRows(QModelIndex(), row, row)
            self._items = self._items[:row] + self._items[row + 1 :]
            self.endRemoveRows()
        if [_identity(i) for i in self._items] == [_identity(i) for i in items[len(items) - len(self._items) :]]:
            new = len(items) - len(self._items)
            if new:
                self.beginInsertRows(QModelIndex(), 0, new - 1)
                self._items = items
                self.endInsertRows()
            self._items = items
            if items:
                self.dataChanged.emit(self.index(0), self.index(len(items) - 1))
            return
        self.beginResetModel()
        self._items = items
        self.endResetModel()

    def item(self, row: int) -> FailingItem | None:
        """What fails in a row."""
        return self._items[row] if 0 <= row < len(self._items) else None

    def items(self) -> tuple[FailingItem, ...]:
        """All that is shown."""
        return self._items

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.item(index.row()) if index.isValid() else None
        if item is None:
            return None
        match role:
            case FailureRole.ITEM:
                return item
            case Qt.ItemDataRole.DisplayRole:
                return headline(item)[0]
            case Qt.ItemDataRole.ToolTipRole:
                return f"{item.image_path}\n{item.error_text or item.error_kind}"
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{name_of(item)}, {stage_word(item.stage)}, {'. '.join(filter(None, headline(item)))}"
        return None


def name_of(item: FailingItem) -> str:
    """The picture's name, with the chain's number where a chain fails."""
    name = item.image_path.rpartition("/")[2]
    return name if item.chain_number is None else f"{name} · C-{item.chain_number}"


def headline(item: FailingItem) -> tuple[str, str]:
    """What went wrong in a line, and the rest of what is said of it."""
    lines = [line.strip() for line in item.error_text.strip().splitlines() if line.strip()]
    if not lines:
        return item.error_kind.replace("_", " ").capitalize() or "It failed without a word", ""
    if item.error_kind == "bug":
        # A traceback ends with what was raised.
        return lines[-1], "a bug of ours; run again, and report it if it stays"
    first = lines[0][:1].upper() + lines[0][1:]
    return first, lines[1] if len(lines) > 1 else item.error_kind.replace("_", " ")


class RunColumn(IntEnum):
    """Columns of the table of runs."""

    NUMBER = 0
    STAGE = 1
    BY = 2
    OUTCOME = 3
    STARTED = 4
    TOOK = 5


_HEADS = ("Run", "Stage", "By", "Outcome", "Started", "Took")
_OUTCOMES = {
    RunOutcome.RUNNING: "running",
    RunOutcome.FINISHED: "finished",
    RunOutcome.FAILED_ITEMS: "finished, some failed",
    RunOutcome.CANCELLED: "cancelled",
    RunOutcome.GAVE_UP: "gave up",
}


class RunTable(QAbstractTableModel):
    """Runs there were, newest first."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._runs: tuple[Run, ...] = ()

    def show_runs(self, runs: Sequence[Run]) -> None:
        """Shows these, given oldest first."""
        runs = tuple(reversed(runs))
        if runs != self._runs:
            self.beginResetModel()
            self._runs = runs
            self.endResetModel()

    def run(self, row: int) -> Run | None:
        """The run of a row."""
        return self._runs[row] if 0 <= row < len(self._runs) else None

    def row_of(self, number: int) -> int:
        """The row of a run; -1 where it is not shown."""
        return next((row for row, run in enumerate(self._runs) if run.id == number), -1)

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._runs)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole and section < len(_HEADS):
            return _HEADS[section]
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._runs):
            return None
        run = self._runs[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in (RunColumn.NUMBER, RunColumn.TOOK):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        match index.column():
            case RunColumn.NUMBER:
                return str(run.id)
            case RunColumn.STAGE:
                return stage_word(run.stage)
            case RunColumn.BY:
                if run.backend is None:
                    return ""
                name = run.backend.model or run.backend.name
                return f"{name} (simulated)" if run.backend.is_simulated and "simulated" not in name else name
            case RunColumn.OUTCOME:
                return _OUTCOMES[run.outcome]
            case RunColumn.STARTED:
                return clock_text(run.started_at)
            case RunColumn.TOOK:
                return span_text(seconds_between(run.started_at, run.ended_at))
        return None


def _identity(item: FailingItem) -> tuple[int, str]:
    return item.work_id, item.stage
