"""Errors in plain words, and bugs as a report that can be copied."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.crash import headline, report
from app.style.fonts import font
from app.widgets.button import ButtonKind
from app.widgets.dialog import Dialog
from app.widgets.label import Label, QuestionLabel
from hopchain_core.errors import HopchainError, KnownError


def dialog_for(error: BaseException, parent: QWidget | None) -> Dialog:
    """The dialog that fits an error."""
    if isinstance(error, (HopchainError, OSError)):
        return ErrorDialog(error, parent)
    return BugDialog(error, parent)


class ErrorDialog(Dialog):
    """Something about the world or the input: what happened, and what to do.

    Args:
        error: A KnownError, another error of ours, or one of the system.
        parent: The window.
    """

    def __init__(self, error: BaseException, parent: QWidget | None = None) -> None:
        words = " ".join(str(error).split()) or type(error).__name__
        super().__init__("That did not go through", words, width_px=440, parent=parent)
        self.text.show()
        hint = error.hint if isinstance(error, KnownError) else ""
        self.hint = QuestionLabel(hint, "label")
        self.hint.setVisible(bool(hint))
        self.box.addWidget(self.hint)
        self.add_button("Close", ButtonKind.PRIMARY)


class BugDialog(Dialog):
    """A bug of ours, with everything that helps to mend it. Work can go on: what was decided is on the disk.

    Args:
        error: What was raised.
        parent: The window.
    """

    def __init__(self, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(
            "Something went wrong in the studio",
            "This is a bug, not your doing. Every decision so far is on the disk, and you can go on working. "
            "Please send the report below; look it over first, it may name files.",
            width_px=640,
            parent=parent,
        )
        self.report_text = report(error)
        self.box.addWidget(Label(headline(error), "label", wraps=True))
        shown = QPlainTextEdit(self.report_text)
        shown.setReadOnly(True)
        shown.setFont(font("log"))
        shown.setProperty("field", True)
        shown.setMinimumHeight(240)
        shown.setAccessibleName("Report")
        shown.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.box.addWidget(shown, 1)
        self.copy = self.add_button("Copy report", icon="copy", closes=False)
        self.copy.clicked.connect(self._copy)
        self.add_button("Go on", ButtonKind.PRIMARY)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report_text)
        self.copy.set_text("Copied")
