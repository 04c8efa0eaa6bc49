"""Chains as a list: all numbers at once, rows a page at a time when somebody looks at them."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import Qt

from app.models.chain_words import chain_sentence
from app.models.paged_list import AnyIndex, PagedListModel
from hopchain_core.project import ChainRow


class ChainRole(IntEnum):
    """What an index gives besides texts."""

    ROW = Qt.ItemDataRole.UserRole + 1
    """The `ChainRow`, or None until its page has been read."""
    NUMBER = Qt.ItemDataRole.UserRole + 2
    """The chain's number in the project."""


class ChainListModel(PagedListModel[ChainRow]):
    """Chains, each with its row once somebody looks at it."""

    PAGE = 64
    """About four screens. Chosen."""

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        if role == ChainRole.NUMBER:
            return self._ids[index.row()]
        if role not in _ROLES:
            return None
        row = self.known(index.row())
        if role == ChainRole.ROW or row is None:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.question
        return chain_sentence(row)


_ROLES = frozenset(
    (
        int(ChainRole.ROW),
        int(Qt.ItemDataRole.DisplayRole),
        int(Qt.ItemDataRole.ToolTipRole),
        int(Qt.ItemDataRole.AccessibleTextRole),
    )
)
