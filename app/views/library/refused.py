"""The files that were not taken in, as a list that can be opened at any time."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.models.refused_files import RefusedColumn, RefusedFilesModel, as_text
from app.models.status_words import counted
from app.widgets.button import ButtonKind
from app.widgets.dialog import Dialog
from hopchain_core.project import RefusedFile

_ROW_PX = 28


class RefusedDialog(Dialog):
    """Shows files with the reason and what can be done; all of them, or those selected, can be copied.

    Args:
        files: As `Reader.refused_files` gives them.
        parent: The window.
    """

    def __init__(self, files: Sequence[RefusedFile], parent: QWidget | None = None) -> None:
        text = "A file that is mended is taken when its folder is added again, and leaves this list then."
        title = f"{counted(len(files), 'file')} not taken in" if files else "Every file was taken in"
        super().__init__(title, text if files else "", width_px=960, parent=parent)
        self.model = RefusedFilesModel(files, self)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName("Files not taken in")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.setWordWrap(False)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(_ROW_PX)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(RefusedColumn.MEND, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(RefusedColumn.FILE, 260)
        header.resizeSection(RefusedColumn.WHY, 340)
        self.table.setMinimumHeight(320)
        self.table.setVisible(bool(files))
        self.box.addWidget(self.table, 1)
        self.copy = self.add_button("Copy", icon="copy", closes=False, is_left=True)
        self.copy.setVisible(bool(files))
        self.copy.setToolTip("Copies the files selected, or all of them, as a table")
        self.copy.clicked.connect(self.copy_files)
        self.add_button("Close", ButtonKind.PRIMARY)

    def copy_files(self) -> None:
        """Puts the files selected, or all where none is, on the clipboard."""
        rows = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        files = self.model.files
        QGuiApplication.clipboard().setText(as_text([files[row] for row in rows] if rows else files))
