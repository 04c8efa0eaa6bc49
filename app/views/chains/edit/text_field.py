"""Fields to write sentences in: as high as their text, plain text only, with an undo of their own."""

from __future__ import annotations

import math

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QShowEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit, QWidget

from app.style.fonts import font

_PADDING_PX = 14
_LEAST_PX = 32


class TextField(QPlainTextEdit):
    """A paragraph. Enter goes on to the next field, for a question is one paragraph; Tab does too.

    Args:
        name: What belongs here, for screen readers.
        role: A font role.
        least_lines: It is never lower.
        most_lines: Beyond these it scrolls.
    """

    typed = Signal(str)
    """A person changed the text."""
    entered = Signal()
    """The keyboard came here."""

    def __init__(
        self,
        name: str,
        role: str = "body",
        *,
        least_lines: int = 1,
        most_lines: int = 9,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._least, self._most = least_lines, most_lines
        self._is_quiet = False
        self.setProperty("field", True)
        self.setAccessibleName(name)
        self.setFont(font(role))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.textChanged.connect(self._tell)
        self._fit()

    def begin_with(self, text: str) -> None:
        """Shows a text from which undo does not go back."""
        self._is_quiet = True
        self.setPlainText(text)
        self._is_quiet = False

    def show_text(self, text: str) -> None:
        """Shows another text in one step of the field's own undo, and tells nobody."""
        if text == self.toPlainText():
            return
        self._is_quiet = True
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self._is_quiet = False

    def set_refused(self, is_refused: bool) -> None:
        """Marks the text as not taken; it stays."""
        if bool(self.property("refused")) != is_refused:
            self.setProperty("refused", is_refused)
            self.style().unpolish(self)
            self.style().polish(self)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Pasted lines become one paragraph."""
        if source.hasText():
            self.insertPlainText(" ".join(source.text().split()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
                self.focusNextChild()
                return
            event.ignore()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _tell(self) -> None:
        if not self._is_quiet:
            self.typed.emit(self.toPlainText())

    def _fit(self) -> None:
        # The document of a plain text edit counts its height in lines.
        lines = max(self._least, math.ceil(self.document().size().height()))
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if lines > self._most else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if self.verticalScrollBarPolicy() is not policy:
            self.setVerticalScrollBarPolicy(policy)
        height = math.ceil(min(lines, self._most) * self.fontMetrics().lineSpacing()) + _PADDING_PX
        height = max(_LEAST_PX, height)
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)


class LineField(QLineEdit):
    """A line. Unlike a search field it keeps its text when Escape is pressed.

    Args:
        name: What belongs here, for screen readers.
    """

    typed = Signal(str)
    """A person changed the text."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFont(font("body"))
        self.textEdited.connect(self.typed)

    def show_text(self, text: str) -> None:
        """Shows another text in one step of the field's own undo, and tells nobody."""
        if text == self.text():
            return
        if self.text() and self.isVisible():
            self.selectAll()
            # Unlike `setText`, this can be undone in the field. It counts as typed, so it is kept quiet.
            was = self.blockSignals(True)
            self.insert(text)
            self.blockSignals(was)
            self.update()
        else:
            self.setText(text)

    def set_refused(self, is_refused: bool) -> None:
        """Marks the text as not taken; it stays."""
        if bool(self.property("refused")) != is_refused:
            self.setProperty("refused", is_refused)
            self.style().unpolish(self)
            self.style().polish(self)
