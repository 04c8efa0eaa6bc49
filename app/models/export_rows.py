"""Chains as an export sees them: written, or left out with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.models.chain_words import chain_name
from hopchain_core.exporting import PreviewRow, Reason

AnyIndex = QModelIndex | QPersistentModelIndex


class ExportRole(IntEnum):
    """What an index gives besides texts."""

    ROW = Qt.ItemDataRole.UserRole + 1
    """The `PreviewRow`."""


class ExportRows(QAbstractListModel):
    """Those written, those left out, or those left out for one reason."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._all: Sequence[PreviewRow] = ()
        self._rows: list[PreviewRow] = []
        self._is_written = True
        self._reason: Reason | None = None
        self._text = ""

    def show_rows(self, rows: Sequence[PreviewRow]) -> None:
        """Shows another preview, as filtered so far."""
        self._all = rows
        self._filter()

    def choose(self, *, is_written: bool, reason: Reason | None = None, text: str = "") -> None:
        """Filters.

        Args:
            is_written: What is written; what is left out otherwise.
            reason: Of what is left out, only this; None for all.
            text: To be found in the question, the answer or the number.
        """
        if (is_written, reason, text) != (self._is_written, self._reason, self._text):
            self._is_written, self._reason, self._text = is_written, reason, text
            self._filter()

    def row(self, place: int) -> PreviewRow | None:
        """What stands in a row."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def place_of(self, number: int) -> int:
        """Where a chain stands; -1 when it is not shown."""
        return next((place for place, row in enumerate(self._rows) if row.number == number), -1)

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        match role:
            case ExportRole.ROW:
                return row
            case Qt.ItemDataRole.DisplayRole:
                return row.question
            case Qt.ItemDataRole.AccessibleTextRole:
                end = f"answer {row.answer}" if row.reason is None else row.reason.value.replace("_", " ")
                return f"{chain_name(row.number)}: {row.question} {end}"
        return None

    def _filter(self) -> None:
        wanted = self._text.casefold().strip()
        self.beginResetModel()
        self._rows = [
            row
            for row in self._all
            if (row.reason is None) == self._is_written
            and (self._is_written or self._reason is None or row.reason is self._reason)
            and (not wanted or wanted in f"{chain_name(row.number)} {row.question} {row.answer}".casefold())
        ]
        self.endResetModel()
