"""The `?` sheet: every key that does something here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.presenters.keys import KeyGroup, KeyRow
from app.widgets.button import Button, ButtonKind
from app.widgets.keycap import KeyCap
from app.widgets.label import ElidedLabel, Label
from app.widgets.overlay import Overlay
from app.widgets.panel import Line

_COLUMNS = 3
_ROW_PX = 26


class KeySheet(Overlay):
    """What can be pressed where the person is.

    Args:
        window: What it lies over.
    """

    edit_asked = Signal()
    """A person wants to change shortcuts."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, 1040)
        self.setAccessibleName("Shortcuts")
        head = QHBoxLayout()
        head.setContentsMargins(24, 12, 12, 12)
        self.title = Label("Shortcuts", "heading")
        self._where = Label("", "meta", "tertiary")
        self.edit = Button("Change shortcuts…", "keyboard", ButtonKind.QUIET)
        self.edit.clicked.connect(self._edit)
        self.close_button = Button(icon="cross", kind=ButtonKind.QUIET, name="Close")
        self.close_button.clicked.connect(self.close_overlay)
        for part in (self.title, self._where):
            head.addWidget(part)
        head.addStretch(1)
        head.addWidget(self.edit)
        head.addWidget(self.close_button)
        self.box.addLayout(head)
        self.box.addWidget(Line())
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.box.addWidget(self._scroll, 1)
        self._height = 0

    def show_groups(self, groups: Sequence[KeyGroup], where: str) -> None:
        """Shows these, the longest columns as even as they get."""
        self._where.setText(where)
        columns: list[list[KeyGroup]] = [[] for _ in range(_COLUMNS)]
        heights = [0] * _COLUMNS
        for group in groups:
            at = heights.index(min(heights))
            columns[at].append(group)
            heights[at] += 44 + _ROW_PX * len(group.rows)
        inner = QWidget()
        inner.setAutoFillBackground(False)
        row = QHBoxLayout(inner)
        row.setContentsMargins(24, 16, 24, 24)
        row.setSpacing(40)
        for column in columns:
            row.addWidget(_column(column), 1)
        self._scroll.setWidget(inner)
        self._height = 58 + 40 + max(heights)

    def panel_height(self) -> int:
        return self._height

    def first_focus(self) -> QWidget:
        return self.close_button

    def _edit(self) -> None:
        self.close_overlay()
        self.edit_asked.emit()


def _column(groups: Sequence[KeyGroup]) -> QWidget:
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for group in groups:
        heading = Label(group.title, "caption-strong", "secondary")
        heading.setFixedHeight(24)
        layout.addWidget(heading)
        for row in group.rows:
            layout.addWidget(_row(row))
        layout.addSpacing(20)
    layout.addStretch(1)
    return column


def _row(row: KeyRow) -> QWidget:
    line = QWidget()
    line.setFixedHeight(_ROW_PX)
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    layout.addWidget(ElidedLabel(row.text), 1)
    if row.is_held:
        layout.addWidget(Label("hold", "caption", "tertiary"))
    for index, keys in enumerate(row.keys):
        if index:
            layout.addWidget(Label("or", "caption", "tertiary"))
        layout.addWidget(KeyCap(keys))
    return line
