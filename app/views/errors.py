"""Errors in plain words, and bugs as a report that can be copied."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.crash import headline, report
from app.style.fonts import font
from app.widgets.button import ButtonKind
from app.widgets.dialog import Dialog
from app.widgets.label import Label, QuestionLabel
from hopchain_core.errors import (
    HopchainError,
    KnownError,
    ProjectDamagedError,
    ProjectForeignError,
    ProjectLockedError,
    ProjectMissingError,
    ProjectTooNewError,
    ProjectUnwritableError,
)

_TITLES: dict[type[BaseException], str] = {
    ProjectMissingError: "The project is not there",
    ProjectForeignError: "This is not a project",
    ProjectDamagedError: "The project is damaged",
    ProjectTooNewError: "The project is of a newer version",
    ProjectLockedError: "Someone else is working on it",
    ProjectUnwritableError: "The project cannot be changed here",
}
_HINTS: dict[type[BaseException], str] = {
    # The core speaks of its commands; here there are buttons.
    ProjectMissingError: "It may have been moved, or lie on a disk that is not connected.",
    ProjectForeignError: "Choose a .hopchain file, or make a project of pictures.",
    ProjectLockedError: "Close it there, or open it for reading only: you can look at everything and change nothing.",
    ProjectUnwritableError: "Open it for reading only, or copy it to a folder that you may write to.",
}
_MOST_REPORTS = 20


def dialog_for(error: BaseException, parent: QWidget | None) -> Dialog:
    """The dialog that fits an error."""
    return ErrorDialog(error, parent) if is_known(error) else BugDialog(error, parent)


def is_known(error: BaseException) -> bool:
    """It is about the world or the input, and no bug of ours."""
    return isinstance(error, (HopchainError, OSError))


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


class OpenErrorDialog(Dialog):
    """Why a project could not be opened, and what can be done about it.

    Args:
        path: Its file.
        error: An error of ours about the file, or one of the system.
        is_recent: It stands among the projects opened lately.
        parent: The window.
    """

    read_only_asked = Signal()
    other_asked = Signal()
    forget_asked = Signal()
    backup_asked = Signal(object)
    """Path of a backup to open instead."""

    def __init__(self, path: Path, error: Exception, *, is_recent: bool = False, parent: QWidget | None = None) -> None:
        words = " ".join(str(error).split()) or type(error).__name__
        if isinstance(error, OSError):
            words = f"{path.name} cannot be opened: {error.strerror or words}."
        super().__init__(_TITLES.get(type(error), "The project cannot be opened"), words, width_px=520, parent=parent)
        hint = _HINTS.get(type(error), error.hint if isinstance(error, KnownError) else "")
        self.hint = QuestionLabel(hint, "label")
        if not hint:
            self.hint.hide()
        self.box.addWidget(self.hint)
        if is_recent and isinstance(error, (ProjectMissingError, ProjectForeignError)):
            self.add_button("Take it off the list", is_left=True).clicked.connect(self.forget_asked)
        self.add_button("Close")
        match error:
            case ProjectLockedError() | ProjectUnwritableError():
                self.add_button("Open for reading only", ButtonKind.PRIMARY).clicked.connect(self.read_only_asked)
            case ProjectDamagedError() if (backup := newest_backup(path)) is not None:
                opens = self.add_button(f"Open {backup.name}", ButtonKind.PRIMARY)
                opens.clicked.connect(lambda: self.backup_asked.emit(backup))
            case _:
                self.add_button("Choose another…", ButtonKind.PRIMARY).clicked.connect(self.other_asked)


def newest_backup(path: Path) -> Path | None:
    """The backup of a project that was written last, beside it."""
    try:
        backups = [entry for entry in path.parent.glob(f"{path.name}*.bak*") if entry.is_file()]
        return max(backups, key=lambda entry: entry.stat().st_mtime, default=None)
    except OSError:
        return None


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
        self._reports = [report(error)]
        self.headline = Label(headline(error), "label", wraps=True)
        self.box.addWidget(self.headline)
        shown = self._shown = QPlainTextEdit(self.report_text)
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

    @property
    def report_text(self) -> str:
        """What is copied."""
        return "\n\n".join(self._reports)

    def add(self, error: BaseException) -> None:
        """Puts another bug into the same report: one window of them at a time is enough."""
        if len(self._reports) >= _MOST_REPORTS or (text := report(error)) in self._reports:
            return
        self._reports.append(text)
        self.headline.setText(f"{len(self._reports)} errors, the last: {headline(error)}")
        self._shown.setPlainText(self.report_text)
        self.copy.set_text("Copy report")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report_text)
        self.copy.set_text("Copied")
