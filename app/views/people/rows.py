"""Rows of a list that is never long: people, rounds, gold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.widgets.label import ElidedLabel
from app.widgets.panel import EmptyState, Ground, IconLabel, Line
from app.widgets.scroll import ScrollColumn

ROW_PX = 56


@dataclass(frozen=True, slots=True, kw_only=True)
class RowParts:
    """What stands in a row.

    Attributes:
        icon: At the left.
        title: First line.
        detail: Second, quieter line.
        parts: At the right, in their order.
    """

    icon: str
    title: str
    detail: str
    parts: tuple[QWidget, ...] = ()


class RowList(QStackedWidget):
    """Rows one below the other, or a word on what belongs here.

    Args:
        empty: Said where there are no rows.
        hint: A second, quieter line.
        icon: Above it.
    """

    def __init__(self, empty: str, hint: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inside = Ground("surface")
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self._inside.box.addLayout(self._column)
        self._inside.box.addStretch(1)
        self._scroll = ScrollColumn(self._inside)
        self.empty = EmptyState(empty, hint, icon=icon)
        self.addWidget(self._scroll)
        self.addWidget(self.empty)
        self.rows: list[QWidget] = []
        self._parts: list[tuple[QWidget, ...]] = []

    def show_rows(self, rows: Sequence[RowParts]) -> None:
        """Shows others; the place and the keyboard stay."""
        place = self._scroll.verticalScrollBar().value()
        held = self._held()
        for old in self.rows:
            self._column.removeWidget(old)
            old.deleteLater()
        self.rows = [_made(row) for row in rows]
        self._parts = [row.parts for row in rows]
        for row in self.rows:
            self._column.addWidget(row)
        self._set_tab_order()
        self.setCurrentWidget(self._scroll if rows else self.empty)
        if held is not None and rows:
            row_index = min(held[0], len(rows) - 1)
            parts = self._parts[row_index]
            if parts:
                parts[min(held[1], len(parts) - 1)].setFocus()
        self._scroll.verticalScrollBar().setValue(place)

    def _set_tab_order(self) -> None:
        """Rows are made after what stands below them, and Tab would come to them last."""
        before = self.previousInFocusChain()
        # Qt takes nothing as a place in the order that cannot have the keyboard itself.
        while before is not None and before is not self and not before.focusPolicy() & Qt.FocusPolicy.TabFocus:
            before = before.previousInFocusChain()
        for parts in self._parts:
            for part in parts:
                if before is not None and part.focusPolicy() & Qt.FocusPolicy.TabFocus:
                    QWidget.setTabOrder(before, part)
                    before = part

    def _held(self) -> tuple[int, int] | None:
        """Row and part that have the keyboard."""
        for row_index, parts in enumerate(self._parts):
            for part_index, part in enumerate(parts):
                if part.hasFocus():
                    return row_index, part_index
        return None


def _made(row: RowParts) -> QWidget:
    made = Ground("surface")
    made.setAccessibleName(f"{row.title}, {row.detail}")
    line = QHBoxLayout()
    # An icon has two pixels of air around it: its strokes stand in line with words at 16.
    line.setContentsMargins(14, 0, 16, 0)
    line.setSpacing(12)
    words = QVBoxLayout()
    words.setContentsMargins(0, 8, 0, 8)
    words.setSpacing(0)
    words.addWidget(ElidedLabel(row.title, "label"))
    words.addWidget(ElidedLabel(row.detail, "meta", "secondary"))
    line.addWidget(IconLabel(row.icon, 16, "text-secondary"))
    line.addLayout(words, 1)
    for part in row.parts:
        line.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
    made.box.addLayout(line)
    made.box.addWidget(Line())
    made.setFixedHeight(ROW_PX)
    return made
