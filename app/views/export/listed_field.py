"""The list of pictures to leave out, such as those of benchmarks."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from app.widgets.button import Button
from app.widgets.field import CheckedField, Field
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import Ground
from hopchain_core.exporting import Reason


class ListedField(Ground):
    """A file to name, with how many chains it leaves out.

    Attributes:
        reason: What such chains are left out for.
    """

    changed = Signal(str)
    """The file; empty for none."""
    reason = Reason.LISTED_ELSEWHERE

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", spacing=4, parent=parent)
        self.file = Field("Pictures named in…", icon="file")
        self.checked = CheckedField(self.file)
        self.browse = Button("", "more", name="Choose a list of pictures")
        self.count = Label("", "meta", "secondary")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.checked, 1)
        line.addWidget(self.browse, 0, Qt.AlignmentFlag.AlignTop)
        hint = QHBoxLayout()
        text = "A text file with one sha256 or difference hash a line, such as the pictures of a benchmark."
        hint.addWidget(QuestionLabel(text, "meta", tone="text-tertiary"), 1)
        hint.addWidget(self.count, 0, Qt.AlignmentFlag.AlignTop)
        self.box.addLayout(line)
        self.box.addLayout(hint)
        self.file.editingFinished.connect(lambda: self.changed.emit(self.file.text().strip()))
        self.file.textChanged.connect(self._follow)
        self.browse.clicked.connect(self._ask)

    def show_file(self, file: str) -> None:
        """Shows which file without reporting it."""
        if file != self.file.text().strip():
            self.file.setText(file)
        self.file.setToolTip(file)

    def _follow(self, text: str) -> None:
        self.checked.show_refusal("")
        if not text:
            self.changed.emit("")

    def _ask(self) -> None:
        dialog = QFileDialog(self, "Leave out the pictures named in", self.file.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._take)
        dialog.open()

    def _take(self, file: str) -> None:
        self.file.setText(file)
        self.changed.emit(file)
