"""Measured chains as a list: all numbers at once, rows a page at a time when somebody looks at them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from app.models.chain_words import chain_name
from app.models.paged_list import AnyIndex, PagedListModel
from hopchain_core.project import DifficultyRow


class MeasuredListModel(PagedListModel[DifficultyRow]):
    """Chains that a model tried, each with its row once somebody looks at it."""

    PAGE = 64
    """About four screens. Chosen."""

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._ids) or role not in _ROLES:
            return None
        row = self.known(index.row())
        if row is None:
            return None
        return row.question if role == Qt.ItemDataRole.DisplayRole else measured_sentence(row)


def measured_sentence(row: DifficultyRow) -> str:
    """What is to be known of a measured chain, for screen readers."""
    parts = [chain_name(row.number), row.difficulty.words, f"label {row.label}"]
    if row.first_wrong_hop is not None:
        parts.append(f"mostly wrong first at hop {row.first_wrong_hop}")
    parts.append("kept" if row.difficulty.is_kept else "dropped")
    if row.unjudged:
        parts.append(f"{row.unjudged} wrong not judged")
    return f"{', '.join(parts)}: {row.question}"


_ROLES = frozenset(
    (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.ToolTipRole), int(Qt.ItemDataRole.AccessibleTextRole))
)
