"""Beneath the stages: what failed, and the runs there were."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QHeaderView,
    QSplitter,
    QStackedWidget,
    QTableView,
    QWidget,
)

from app.models.failure_list import FailureList, RunColumn, RunTable
from app.models.status_words import counted, stage_word
from app.style.fonts import font
from app.style.tokens import tokens_of
from app.thumbnails import Thumbnails
from app.views.pipeline.failure_rows import FailureRows
from app.views.pipeline.run_panel import RunDetails
from app.widgets.label import Label
from app.widgets.panel import EmptyState, Ground, Line
from app.widgets.segmented import Segment, Segmented
from hopchain_core.project import ORDER

_ALL = "all"
_FAILS_HERE = "What fails stands here with its error, and can be tried again."


class Below(Ground):
    """Two tabs: failures and runs.

    Args:
        failures: What failed.
        runs: The runs there were.
        thumbnails: Small pictures.
    """

    stage_chosen = Signal(object)
    """Stage whose failures are wanted, or None for all."""

    def __init__(
        self, failures: FailureList, runs: RunTable, thumbnails: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__("surface", parent=parent)
        self._failures = failures
        self.rows = FailureRows(failures, thumbnails)
        self.runs = _runs_view(runs)
        self.details = RunDetails()
        self._run_model = runs
        self._runs_page = QSplitter(Qt.Orientation.Horizontal)
        self._runs_page.addWidget(self.runs)
        self._runs_page.addWidget(self.details)
        self._runs_page.setChildrenCollapsible(False)
        self._runs_page.setStretchFactor(0, 1)
        self._runs_page.setSizes([760, 340])
        self.runs.selectionModel().currentRowChanged.connect(lambda index: self._show_run(index.row()))
        runs.modelReset.connect(self._keep_run)
        self._none = EmptyState("Nothing failed", _FAILS_HERE)
        self._no_runs = EmptyState("No run yet", "Start a stage; each of its runs is kept here.")
        self._tabs = [_Tab("Failures"), _Tab("Runs")]
        self.stages = Segmented([Segment(_ALL, "All")], "Failures of", is_small=True)
        head = Ground("surface", is_row=True, margins=(16, 0, 16, 0), spacing=16)
        head.setFixedHeight(40)
        for index, tab in enumerate(self._tabs):
            head.box.addWidget(tab)
            tab.clicked.connect(lambda _=False, i=index: self.show_tab(i))
        self.aside = Label("", "meta", tone="tertiary")
        self.aside.setToolTip(
            "They failed under settings that are not in force now, or before something changed that their stage goes by."
            " A retry would not try them; a run does what is owed."
        )
        head.box.addWidget(self.aside)
        head.box.addStretch(1)
        head.box.addWidget(self.stages)
        self._stack = QStackedWidget()
        for page in (self.rows, self._none, self._runs_page, self._no_runs):
            self._stack.addWidget(page)
        self.box.addWidget(Line())
        self.box.addWidget(head)
        self.box.addWidget(Line())
        self.box.addWidget(self._stack, 1)
        self._tab = 0
        self._counts: Mapping[str, int] = {}
        self._run_count = self._aside = 0
        self.stages.chosen.connect(lambda value: self.stage_chosen.emit(None if value == _ALL else value))
        self.show_tab(0)

    def show_counts(self, failing: Mapping[str, int], runs: int, set_aside: int = 0) -> None:
        """Shows how many there are.

        Args:
            failing: What a retry would try, by stage.
            runs: Runs there were.
            set_aside: What failed besides and would not be tried.
        """
        self._counts, self._run_count, self._aside = failing, runs, set_aside
        self.aside.setText(f"{set_aside:,} more under other settings")
        self._none.text.setText("Nothing to retry" if set_aside else "Nothing failed")
        self._none.hint.setText(
            f"{counted(set_aside, 'item')} failed under settings that are not in force now, or before something changed."
            if set_aside
            else _FAILS_HERE
        )
        self._tabs[0].show_figure(sum(failing.values()))
        self._tabs[1].show_figure(runs)
        segments = [Segment(_ALL, "All")]
        segments += [Segment(s, f"{stage_word(s)} {failing[s]:,}") for s in ORDER if failing.get(s)]
        before = self.stages.value()
        self.stages.set_segments(segments)
        if self.stages.value() != before:
            self.stage_chosen.emit(None)
        self._show_page()

    def show_stage(self, stage: str) -> None:
        """Shows the failures of one stage."""
        self.show_tab(0)
        self.stages.set_value(stage)
        self.stage_chosen.emit(stage)

    def show_tab(self, index: int) -> None:
        """Shows failures (0) or runs (1)."""
        self._tab = index
        for position, tab in enumerate(self._tabs):
            tab.setChecked(position == index)
        self._show_page()

    def _show_page(self) -> None:
        self.stages.setVisible(self._tab == 0 and len(self._counts) > 1)
        self.aside.setVisible(self._tab == 0 and bool(self._counts) and self._aside > 0)
        if self._tab == 0:
            self._stack.setCurrentWidget(self.rows if self._counts else self._none)
        else:
            self._stack.setCurrentWidget(self._runs_page if self._run_count else self._no_runs)
            if self._run_count and not self.runs.currentIndex().isValid():
                self.runs.selectRow(0)

    def _show_run(self, row: int) -> None:
        self.details.show_run(self._run_model.run(row))

    def _keep_run(self) -> None:
        """The run shown stays the one that is selected when others come."""
        run = self.details.run
        row = self._run_model.row_of(run.id) if run is not None else -1
        if row >= 0:
            self.runs.selectRow(row)
            self._show_run(row)


def _runs_view(model: RunTable) -> QTableView:
    view = QTableView()
    view.setModel(model)
    view.setAccessibleName("Runs")
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setTabKeyNavigation(False)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(28)
    head = view.horizontalHeader()
    head.setHighlightSections(False)
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for column, width in zip(RunColumn, (56, 104, 180, 164, 84, 84), strict=True):
        view.setColumnWidth(column, width)
    head.setSectionResizeMode(RunColumn.BY, QHeaderView.ResizeMode.Stretch)
    return view


class _Tab(QAbstractButton):
    def __init__(self, text: str) -> None:
        super().__init__()
        self._figure = 0
        self.setText(text)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_figure(0)

    def show_figure(self, figure: int) -> None:
        """Shows a count after the text."""
        self._figure = figure
        self.setAccessibleName(f"{self.text()} {figure:,}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(font("label"))
        return QSize(round(metrics.horizontalAdvance(f"{self.text()} {self._figure:,}")) + 4, 40)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setFont(font("label"))
        painter.setPen(t.text if self.isChecked() or self.underMouse() else t.text_secondary)
        center = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        painter.drawText(QRectF(self.rect()), center, self.text())
        x = QFontMetricsF(font("label")).horizontalAdvance(f"{self.text()} ")
        painter.setPen(t.text_tertiary)
        painter.drawText(QRectF(x, 0, self.width() - x, self.height()), center, f"{self._figure:,}")
        if self.isChecked():
            painter.fillRect(0, self.height() - 2, self.width(), 2, t.accent)
