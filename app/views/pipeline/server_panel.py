"""What one model server or worker does: its state, its figures, and its log, to be read and copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextOption
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QWidget

from app.models.stage_servers import KIND_WORDS, MOST_LINES, Server, figures_of
from app.style.fonts import font
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.chip import Chip, ChipKind
from app.widgets.label import Label
from app.widgets.panel import Ground, Line, PanelHead
from hopchain_core.jobs.events import ServerState

_KINDS = {
    ServerState.READY: ChipKind.OK,
    ServerState.DIED: ChipKind.BAD,
    ServerState.WAITING: ChipKind.WARN,
    ServerState.STARTING: ChipKind.ACCENT,
}


class LogText(QPlainTextEdit):
    """Lines of a log: the newest at the end, which is followed until somebody scrolls away from it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setFont(font("log"))
        self.setMaximumBlockCount(MOST_LINES)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setUndoRedoEnabled(False)
        self.document().setDocumentMargin(12)
        self.setTabChangesFocus(True)

    def add(self, lines: Sequence[str]) -> None:
        """Writes lines beneath those that are there."""
        if lines:
            self.appendPlainText("\n".join(lines))

    def show_lines(self, lines: Sequence[str]) -> None:
        """Shows exactly these."""
        self.setPlainText("\n".join(lines))
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())


class ServerPanel(Ground):
    """A server of the run.

    Args:
        server: Which.
        now: Seconds on the clock that its times are of.
    """

    def __init__(self, server: Server, now: float, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self._server = server
        self.state = Chip("", ChipKind.NEUTRAL)
        self.copy = Button("Copy", kind=ButtonKind.QUIET, size_=ButtonSize.SMALL, name=f"Copy the log of {server.name}")
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(server.log))
        self.head = PanelHead(server.name, [self.state, self.copy])
        self.head.show_figure(KIND_WORDS.get(server.kind, server.kind))
        self.about = Label("", "meta", "secondary", wraps=True)
        self.about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._figures = QGridLayout()
        self._figures.setContentsMargins(0, 0, 0, 0)
        self._figures.setHorizontalSpacing(16)
        self._figures.setVerticalSpacing(2)
        self._figures.setColumnStretch(1, 1)
        self._cells: list[tuple[Label, Label]] = []
        self._top = Ground("surface", margins=(16, 10, 16, 10), spacing=8)
        self._top.box.addWidget(self.about)
        self._top.box.addLayout(self._figures)
        self.log = LogText(f"Log of {server.name}")
        self.box.addWidget(self.head)
        self.box.addWidget(self._top)
        self.box.addWidget(Line())
        self.box.addWidget(self.log, 1)
        self.log.show_lines(tuple(server.lines))
        self.show_news((), now)

    def show_news(self, lines: Sequence[str], now: float) -> None:
        """Shows what it does now, and new lines of its log."""
        server = self._server
        text = server.state_text(now)
        self.state.show_chip(text[:1].upper() + text[1:], _KINDS.get(server.state, ChipKind.NEUTRAL))
        self.about.set_tone("bad" if server.state is ServerState.DIED else "secondary")
        if self.about.text() != server.text:
            self.about.setText(server.text)
        self.about.setVisible(bool(server.text))
        rows = figures_of(server)
        while len(self._cells) < len(rows):
            cells = Label("", "meta", "tertiary"), Label("", "meta")
            for column, cell in enumerate(cells):
                self._figures.addWidget(cell, len(self._cells), column)
            self._cells.append(cells)
        for index, (word, value) in enumerate(self._cells):
            is_there = index < len(rows)
            word.setVisible(is_there)
            value.setVisible(is_there)
            if is_there:
                word.setText(rows[index][0])
                value.setText(rows[index][1])
        self._top.setVisible(bool(server.text or rows))
        self.log.add(lines)
