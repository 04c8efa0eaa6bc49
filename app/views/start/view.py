"""The start screen: ways to begin at the left, recent projects at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.presenters.intake import IntakeState
from app.presenters.start import RecentProject
from app.style.tokens import tokens_of
from app.views.start.parts import Making, RecentRow, WayRow
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import IconLabel
from app.widgets.space import SpaceView

_LEFT_PX = 400
_RIGHT_PX = 480
_MOST_SHOWN = 8


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
        self.sample = WayRow("bolt", "Sample project", "Rendered still lifes with exact truth, ready within a minute")
        self.new = WayRow(
            "folder", "New from pictures…", "A folder, with its COCO or labelme annotations if there are any"
        )
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
        self._is_hovered_by_drag = False
        self._lay_out()

    def enter(self, where: Mapping[str, Any]) -> None:
        self.entered.emit()

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
        for project in list(projects)[:_MOST_SHOWN]:
            row = RecentRow(project)
            row.clicked.connect(lambda _=False, path=project.path: self.recent_chosen.emit(path))
            row.forgotten.connect(lambda path=project.path: self.recent_forgotten.emit(path))
            self._recent.insertWidget(len(self.rows), row)
            self.rows.append(row)
        self._none.setVisible(not projects)
        self._recent_title.setVisible(True)

    def show_making(self, state: IntakeState | None) -> None:
        """Shows what is being made; the ways to begin wait meanwhile."""
        self.making.setVisible(state is not None)
        if state is not None:
            self.making.show_state(state)
        for row in (self.sample, self.new, self.open, *self.rows):
            row.setEnabled(state is None)

    def show_drag(self, is_over: bool) -> None:
        """Something that can be dropped is over the window."""
        self._is_hovered_by_drag = is_over
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.surface)
        if self._is_hovered_by_drag:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(t.accent, 2, Qt.PenStyle.DashLine))
            painter.setBrush(t.accent_soft)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(12, 12, -12, -12), 8, 8)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(IconLabel("logo", 40, "accent"), 0, Qt.AlignmentFlag.AlignLeft)
        left.addSpacing(8)
        left.addWidget(Label("HopChain Studio", "figure-small"))
        left.addWidget(
            QuestionLabel("Pictures in, verified multi-hop questions out.", "question", tone="text-secondary")
        )
        left.addSpacing(24)
        for row in (self.sample, self.new, self.open):
            left.addWidget(row)
        left.addSpacing(8)
        left.addWidget(self.making)
        left.addStretch(1)
        self._recent_title = Label("Recent", "caption-strong", "secondary")
        self._none = QuestionLabel("Projects that you open are listed here.", "body", tone="text-tertiary")
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addSpacing(48)
        right.addWidget(self._recent_title)
        right.addWidget(self._none)
        right.addLayout(self._recent)
        right.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(72)
        columns.addStretch(1)
        for layout, width in ((left, _LEFT_PX), (right, _RIGHT_PX)):
            column = QWidget()
            column.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
            column.setFixedWidth(width)
            layout.setContentsMargins(4, 4, 4, 4)
            column.setLayout(layout)
            columns.addWidget(column, 0, Qt.AlignmentFlag.AlignTop)
        columns.addStretch(1)
        inner = QWidget()
        whole = QVBoxLayout(inner)
        whole.setContentsMargins(32, 32, 32, 24)
        whole.addStretch(2)
        whole.addLayout(columns)
        whole.addStretch(3)
        hint = Label("Or drop a folder of pictures or a project anywhere in this window.", "meta", "tertiary")
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
