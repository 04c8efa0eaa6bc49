"""The start screen: ways to begin at the left, projects opened lately at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.presenters.intake import IntakeState
from app.presenters.start import RecentDetail, RecentProject
from app.style.tokens import tokens_of
from app.views.start.illustration import Illustration
from app.views.start.parts import Making, RecentRow, WayRow
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import Card, IconLabel
from app.widgets.space import SpaceView

_PAGE_PX = 960
_MOST_SHOWN = 8
_DRAWING_PX, _DRAWING_LOW_PX, _TALL_PX = 200, 120, 800
_ANY_PX = 16_777_215


class StartView(SpaceView):
    """What is shown while no project is open."""

    entered = Signal()
    sample_asked = Signal()
    new_asked = Signal()
    open_asked = Signal()
    recent_chosen = Signal(object)
    """Path of a project."""
    recent_forgotten = Signal(object)
    making_cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sample = WayRow("bolt", "Sample project", "Rendered still lifes, ready within a minute")
        self.new = WayRow("folder", "New from pictures…", "A folder; COCO and labelme annotations too")
        self.open = WayRow("folder-open", "Open a project…", "A .hopchain file")
        self.sample.clicked.connect(self.sample_asked)
        self.new.clicked.connect(self.new_asked)
        self.open.clicked.connect(self.open_asked)
        self.making = Making()
        self.making.cancelled.connect(self.making_cancelled)
        self.making.hide()
        self.rows: list[RecentRow] = []
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        self._recent_title = Label("Recent", "caption-strong", "secondary")
        self._recent_card = Card(margin=4, spacing=0)
        self._recent_title.hide()
        self._recent_card.hide()
        self.drawing = Illustration()
        self._grid = QGridLayout()
        self._lay_out()

    def enter(self, where: Mapping[str, Any]) -> None:
        self.entered.emit()
        self.sample.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """Shows the shortcuts of the ways to begin: sample, new and open."""
        self.sample.set_keys(keys.get("sample", ""))
        self.new.set_keys(keys.get("new", ""))
        self.open.set_keys(keys.get("open", ""))

    def show_recent(self, projects: Sequence[RecentProject]) -> None:
        """Shows the projects opened lately."""
        for row in self.rows:
            self._recent.removeWidget(row)
            row.deleteLater()
        self.rows = []
        self._recent_title.setVisible(bool(projects))
        self._recent_card.setVisible(bool(projects))
        for project in list(projects)[:_MOST_SHOWN]:
            row = RecentRow(project)
            row.clicked.connect(lambda _=False, path=project.path: self.recent_chosen.emit(path))
            row.forgotten.connect(lambda path=project.path: self.recent_forgotten.emit(path))
            self._recent.insertWidget(len(self.rows), row)
            self.rows.append(row)
        self._size_drawing()

    def show_detail(self, path: Path, detail: RecentDetail) -> None:
        """Shows what is in one of them."""
        for row in self.rows:
            if row.project.path == path:
                row.show_detail(detail)

    def show_making(self, state: IntakeState | None) -> None:
        """Shows what is being made; the ways to begin wait meanwhile."""
        was_making = not self.making.isHidden()
        self.making.setVisible(state is not None)
        if state is not None:
            self.making.show_state(state)
        for row in (self.sample, self.new, self.open, *self.rows):
            row.setEnabled(state is None)
        if was_making != (state is not None) and self.isVisible():
            # Not on its button: a second Enter, pressed out of habit, would stop what the first began.
            (self.sample if was_making else self.making).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.making.isHidden():
            self.making_cancelled.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), tokens_of(self).window)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._size_drawing()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addStretch(1)
        words.addWidget(IconLabel("logo", 40, "accent"), 0, Qt.AlignmentFlag.AlignLeft)
        words.addSpacing(8)
        words.addWidget(Label("HopChain Studio", "figure-small"))
        words.addWidget(
            QuestionLabel("Pictures in, verified multi-hop questions out.", "question", tone="text-secondary")
        )
        words.addStretch(1)
        ways = QVBoxLayout()
        ways.setSpacing(8)
        for part in (self.sample, self.new, self.open, self.making):
            ways.addWidget(part)
        ways.addStretch(1)
        self._recent_card.box.addLayout(self._recent)
        recent = QVBoxLayout()
        recent.addWidget(self._recent_card)
        recent.addStretch(1)
        grid = self._grid
        grid.setContentsMargins(4, 4, 4, 4)
        grid.setHorizontalSpacing(48)
        grid.setVerticalSpacing(0)
        grid.addLayout(words, 0, 0)
        grid.addWidget(self.drawing, 0, 1)
        grid.setRowMinimumHeight(1, 24)
        grid.addWidget(Label("Begin", "caption-strong", "secondary"), 2, 0)
        grid.addWidget(self._recent_title, 2, 1)
        grid.setRowMinimumHeight(3, 8)
        grid.addLayout(ways, 4, 0)
        grid.addLayout(recent, 4, 1)
        grid.setColumnStretch(0, 5)
        grid.setColumnStretch(1, 6)
        grid.setColumnMinimumWidth(0, 340)
        page = QWidget()
        page.setMaximumWidth(_PAGE_PX)
        page.setLayout(grid)
        inner = QWidget()
        whole = QVBoxLayout(inner)
        whole.setContentsMargins(32, 24, 32, 16)
        whole.addStretch(2)
        row = QHBoxLayout()
        # The page takes what there is up to its own width, and stands in the middle of more.
        row.addStretch(1)
        row.addWidget(page, 1000)
        row.addStretch(1)
        whole.addLayout(row)
        whole.addStretch(3)
        whole.addSpacing(16)
        hint = Label(
            "Or drop a folder of pictures, a COCO file or a project anywhere in this window.", "meta", "tertiary"
        )
        whole.addWidget(hint, 0, Qt.AlignmentFlag.AlignHCenter)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        scroll.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        self._scroll = scroll

    def _size_drawing(self) -> None:
        """Beside the title while projects are listed; down to the last way to begin while there are none."""
        has_recent = bool(self.rows)
        self._grid.removeWidget(self.drawing)
        self._grid.addWidget(self.drawing, 0, 1, 1 if has_recent else 5, 1)
        if has_recent:
            self.drawing.setFixedHeight(_DRAWING_PX if self.height() > _TALL_PX else _DRAWING_LOW_PX)
        else:
            self.drawing.setMinimumHeight(_DRAWING_LOW_PX)
            self.drawing.setMaximumHeight(_ANY_PX)
