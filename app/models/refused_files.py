"""Files that were not taken in: why, and what can be done about it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from hopchain_core.project import RefusedFile

_MENDS = {
    "missing": "Put the file back, or mend the link, and add the folder again.",
    "unreadable": "Let yourself read the file, and add the folder again.",
    "not_a_file": "Nothing: it is no picture.",
    "outside": "Copy the file into the folder, or add the folder in which it lies.",
    "odd_name": "Give the file a name of plain letters.",
    "empty": "Fetch the file again: it has no bytes.",
    "not_a_picture": "Nothing, unless it should be one: then fetch it again.",
    "unsupported": "Save it as PNG or JPEG with 8 bits a channel.",
    "truncated": "Fetch the file again: its end is missing.",
    "broken": "Open it in another program and save it anew.",
    "too_large": "Make it smaller, or cut it into pieces.",
    "too_small": "Find a larger version of it.",
}
"""By `PictureProblem`."""
_ROOT = QModelIndex()
_OTHERWISE = "Mend the file and add the folder again."


class RefusedColumn(IntEnum):
    """What stands in the list."""

    FILE = 0
    WHY = 1
    MEND = 2


_TITLES = {RefusedColumn.FILE: "File", RefusedColumn.WHY: "Why", RefusedColumn.MEND: "What to do"}


def mend_of(file: RefusedFile) -> str:
    """What can be done so that a file is taken."""
    return _MENDS.get(file.reason, _OTHERWISE)


def as_text(files: Sequence[RefusedFile]) -> str:
    """The list for the clipboard: one file a line, columns parted by tabs, as tables take them."""
    lines = ["\t".join(_TITLES.values())]
    lines += ["\t".join(" ".join(_cell(file, column).split()) for column in RefusedColumn) for file in files]
    return "\n".join(lines)


class RefusedFilesModel(QAbstractTableModel):
    """The files, by path.

    Args:
        files: As `Reader.refused_files` gives them.
    """

    def __init__(self, files: Sequence[RefusedFile], parent: Any = None) -> None:
        super().__init__(parent)
        self.files = tuple(files)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.files)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(RefusedColumn)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.isValid() and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return _cell(self.files[index.row()], RefusedColumn(index.column()))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        is_title = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return _TITLES[RefusedColumn(section)] if is_title else None


def _cell(file: RefusedFile, column: RefusedColumn) -> str:
    return {RefusedColumn.FILE: file.path, RefusedColumn.WHY: file.message, RefusedColumn.MEND: mend_of(file)}[column]
