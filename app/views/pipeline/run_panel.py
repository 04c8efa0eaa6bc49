"""All that is kept of the run that is selected."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app.models.run_details import run_details, run_text
from app.models.status_words import stage_word
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.label import Label
from app.widgets.panel import Ground
from app.widgets.scroll import ScrollColumn
from hopchain_core.domain.provenance import Run


class RunDetails(Ground):
    """Words and values of a run, selectable, with a button that copies them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self.run: Run | None = None
        self.title = Label("", "label")
        self.copy = Button("Copy", kind=ButtonKind.QUIET, size_=ButtonSize.SMALL, name="Copy what is kept of this run")
        self.copy.clicked.connect(self._copy)
        head = QHBoxLayout()
        head.setContentsMargins(16, 4, 8, 0)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.copy)
        self._inside = Ground("surface", margins=(16, 4, 16, 12))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._inside.box.addLayout(self._grid)
        self._inside.box.addStretch(1)
        scroll = ScrollColumn(self._inside, takes_keys=True)
        self.box.addLayout(head)
        self.box.addWidget(scroll, 1)
        self.setMinimumWidth(220)
        self._cells: list[tuple[Label, Label]] = []
        self.show_run(None)

    def show_run(self, run: Run | None) -> None:
        """Shows another run."""
        self.run = run
        self.title.setText(f"Run {run.id} · {stage_word(run.stage)}" if run is not None else "")
        self.copy.setVisible(run is not None)
        rows = run_details(run) if run is not None else ()
        while len(self._cells) < len(rows):
            word, value = Label("", "meta", "tertiary"), Label("", "meta", wraps=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(word, len(self._cells), 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, len(self._cells), 1)
            self._cells.append((word, value))
        for index, cells in enumerate(self._cells):
            for column, cell in enumerate(cells):
                cell.setText(rows[index][column] if index < len(rows) else "")
                cell.setVisible(index < len(rows))

    def text(self) -> str:
        """What is shown, as it is copied."""
        return run_text(self.run) if self.run is not None else ""

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())
