"""One record as it is written, or why a chain has none."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget, QWidget

from app.models.chain_words import chain_name
from app.style.fonts import font
from app.widgets.button import Button, ButtonKind
from app.widgets.label import QuestionLabel
from app.widgets.panel import EmptyState, Ground, PanelHead
from hopchain_core.exporting import PreviewRow

WIDTH_PX = 440


class RecordPanel(Ground):
    """The column at the right."""

    open_asked = Signal(object)
    """The `PreviewRow` whose chain is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self._row: PreviewRow | None = None
        self.copy = Button("", "copy", ButtonKind.QUIET, name="Copy the record")
        self.open = Button("Open the chain", "open-in", ButtonKind.QUIET)
        self.head = PanelHead("Record", (self.copy, self.open))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(font("mono"))
        self.text.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.text.setAccessibleName("Record")
        self.text.document().setDocumentMargin(16)
        self.reason = QuestionLabel("", "question")
        self.question = QuestionLabel("", "body", tone="text-secondary")
        why = Ground("surface", margins=(16, 20, 16, 16), spacing=16)
        why.box.addWidget(self.reason)
        why.box.addWidget(self.question)
        why.box.addStretch(1)
        self._why = why
        self._nothing = EmptyState("No chain is chosen", "Choose one to see its record.", icon="file")
        self._stack = QStackedWidget()
        for part in (self._nothing, self.text, why):
            self._stack.addWidget(part)
        self.box.addWidget(self.head)
        self.box.addWidget(self._stack, 1)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        self.open.clicked.connect(self._ask_open)
        self.show_nothing()

    def show_nothing(self) -> None:
        """No row is chosen."""
        self._row = None
        self.head.show_figure("")
        self._stack.setCurrentWidget(self._nothing)
        self.copy.hide()
        self.open.hide()

    def show_record(self, row: PreviewRow, text: str, is_record: bool) -> None:
        """Shows a record, or a reason."""
        self._row = row
        self.head.show_figure(chain_name(row.number))
        self.copy.setVisible(is_record)
        self.open.show()
        if is_record:
            self.text.setPlainText(text)
            self._stack.setCurrentWidget(self.text)
        else:
            self.reason.setText(text)
            self.question.setText(row.question)
            self._stack.setCurrentWidget(self._why)

    def _ask_open(self) -> None:
        if self._row is not None:
            self.open_asked.emit(self._row)
