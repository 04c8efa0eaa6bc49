"""The instances of one picture as a list that can be filtered and sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.models.instance_names import instance_names, share_text
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.keys import InstanceKey

AnyIndex = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class InstanceColumn(IntEnum):
    """Columns of the list."""

    EYE = 0
    NAME = 1
    SCORE = 2
    AREA = 3


class InstanceRole(IntEnum):
    """What an index gives besides texts."""

    ROW = Qt.ItemDataRole.UserRole + 1
    """The `InstanceRow`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceRow:
    """One instance in the list.

    Attributes:
        instance: The version seen.
        key: Of it; worked out once.
        name: As "bowl 2".
        share: Of the picture's area that it covers, in [0, 1].
        is_hidden: A person hid it.
        before: Keys of its earlier versions, the nearest first.
    """

    instance: Instance
    key: InstanceKey
    name: str
    share: float
    is_hidden: bool = False
    before: tuple[InstanceKey, ...] = ()

    @property
    def category(self) -> str:
        """What it is."""
        return self.instance.category

    @property
    def number(self) -> int:
        """Within its category; 0 for the only one, and for a crowd region."""
        return 0 if self.name == self.category else int(self.name.rpartition(" ")[2])

    @property
    def score(self) -> float | None:
        """The segmenter's confidence, if it gave one."""
        return self.instance.score

    def is_version_of(self, other: InstanceRow) -> bool:
        """Whether both are versions of one thing."""
        return self.key == other.key or self.key in other.before or other.key in self.before


def rows_of(
    instances: Sequence[Instance],
    hidden: Iterable[InstanceKey],
    size_px: tuple[int, int],
    before: Callable[[InstanceKey], tuple[InstanceKey, ...]] = lambda _: (),
) -> tuple[InstanceRow, ...]:
    """Rows of a picture. Counts pixels of masks: not for the window's own thread.

    Args:
        instances: Those seen, in their order.
        hidden: Those that a person hid.
        size_px: Width and height of the picture.
        before: Gives earlier versions of one.
    """
    keyed = [(instance.key, instance) for instance in instances]
    names, away, whole = instance_names(instances), frozenset(hidden), max(1, size_px[0] * size_px[1])
    return tuple(
        InstanceRow(
            instance=instance,
            key=key,
            name=names[key],
            share=min(1.0, instance.area_px / whole),
            is_hidden=key in away,
            before=before(key),
        )
        for key, instance in keyed
    )


class InstanceListModel(QAbstractTableModel):
    """Rows that pass the filter, in the order asked for.

    Where only versions change, rows are changed in place, so that an editor or a scroll position stays.
    """

    relabel_wanted = Signal(object, str)
    """(`InstanceKey`, category): typed into the list."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._all: tuple[InstanceRow, ...] = ()
        self._shown: list[InstanceRow] = []
        self._places: dict[InstanceKey, int] = {}
        self._needle = ""
        self._column = InstanceColumn.NAME
        self._is_descending = False
        self._is_editable = True

    # What it holds

    def set_rows(self, rows: Sequence[InstanceRow]) -> None:
        """Lists these."""
        self._all = tuple(rows)
        self._arrange()

    def set_filter(self, text: str) -> None:
        """Lists those whose name, or something said of them, holds every word of a text."""
        self._needle = " ".join(text.lower().split())
        self._arrange()

    def set_editable(self, is_editable: bool) -> None:
        """Whether names can be typed over."""
        self._is_editable = is_editable

    @property
    def rows(self) -> Sequence[InstanceRow]:
        """Those listed, in their order."""
        return self._shown

    @property
    def is_filtered(self) -> bool:
        """Whether some may be left out."""
        return bool(self._needle)

    def row(self, key: InstanceKey) -> int:
        """Where one stands; -1 when it is not listed."""
        return self._places.get(key, -1)

    def key(self, row: int) -> InstanceKey | None:
        """The one in a row."""
        return self._shown[row].key if 0 <= row < len(self._shown) else None

    @property
    def order(self) -> tuple[InstanceColumn, bool]:
        """Sorted by which column, and whether the largest comes first."""
        return self._column, self._is_descending

    def _arrange(self) -> None:
        shown = [row for row in self._all if self._passes(row)]
        shown.sort(key=_SORT_KEYS[self._column])
        if self._is_descending:
            shown.reverse()
        before = self._shown
        is_same = len(shown) == len(before) and all(
            new.is_version_of(old) for new, old in zip(shown, before, strict=True)
        )
        if is_same:
            changed = [place for place, row in enumerate(shown) if row is not before[place]]
            self._put(shown)
            if changed:
                self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(InstanceColumn) - 1))
            return
        self.beginResetModel()
        self._put(shown)
        self.endResetModel()

    def _put(self, shown: list[InstanceRow]) -> None:
        self._shown = shown
        self._places = {row.key: place for place, row in enumerate(shown)}

    def _passes(self, row: InstanceRow) -> bool:
        if not self._needle:
            return True
        said = " ".join((row.name, *(attribute.value for attribute in row.instance.attributes))).lower()
        return all(word in said for word in self._needle.split())

    # QAbstractItemModel

    def rowCount(self, parent: AnyIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: AnyIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(InstanceColumn)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = super().flags(index) | Qt.ItemFlag.ItemNeverHasChildren
        if self._is_editable and index.column() == InstanceColumn.NAME:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._shown):
            return None
        row, column = self._shown[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _text(row, column)
            case Qt.ItemDataRole.EditRole:
                return row.category if column == InstanceColumn.NAME else None
            case Qt.ItemDataRole.ToolTipRole:
                return _tip(row, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return _sentence(row) if column == InstanceColumn.NAME else _text(row, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                is_number = column in (InstanceColumn.SCORE, InstanceColumn.AREA)
                side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
            case InstanceRole.ROW:
                return row
        return None

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Asks for another category; the list changes once the project holds it."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid() or index.column() != InstanceColumn.NAME:
            return False
        row = self._shown[index.row()]
        category = " ".join(str(value).lower().split())
        if category and category != row.category:
            self.relabel_wanted.emit(row.key, category)
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(InstanceColumn):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _HEADS[section]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{_HEADS[section] or 'Shown'}, {self._order_text(section)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            said = self._order_text(section)
            return f"{said[:1].upper()}{said[1:]}"
        if role == Qt.ItemDataRole.InitialSortOrderRole:
            # What one looks for stands first: the largest, the surest, the hidden.
            is_name = section == InstanceColumn.NAME
            return Qt.SortOrder.AscendingOrder if is_name else Qt.SortOrder.DescendingOrder
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section <= InstanceColumn.NAME else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _order_text(self, section: int) -> str:
        up, down = _ORDERS[section]
        if section != self._column:
            return f"click for {up if section == InstanceColumn.NAME else down}"
        now, other = (down, up) if self._is_descending else (up, down)
        return f"{now}; click for {other}"

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sorts by a column; ties in the order of the names."""
        self._column = InstanceColumn(column) if 0 <= column < len(InstanceColumn) else InstanceColumn.NAME
        self._is_descending = order == Qt.SortOrder.DescendingOrder
        self._arrange()


_HEADS = ("", "Category", "Score", "Area")
_ORDERS = (
    ("shown first", "hidden first"),
    ("A to Z", "Z to A"),
    ("lowest first", "highest first"),
    ("smallest first", "largest first"),
)
"""What stands first in rising and in falling order."""
_SORT_KEYS: dict[InstanceColumn, Callable[[InstanceRow], Any]] = {
    InstanceColumn.EYE: lambda row: row.is_hidden,
    # As they came: by category, then from the left, which is how they are numbered.
    InstanceColumn.NAME: lambda row: (row.category, row.instance.is_crowd, row.number),
    InstanceColumn.SCORE: lambda row: -1.0 if row.score is None else row.score,
    InstanceColumn.AREA: lambda row: row.share,
}


def _text(row: InstanceRow, column: int) -> str:
    match column:
        case InstanceColumn.EYE:
            return "hidden" if row.is_hidden else "shown"
        case InstanceColumn.NAME:
            return row.name
        case InstanceColumn.SCORE:
            return "–" if row.score is None else f"{row.score:.2f}"
        case _:
            return share_text(row.share)


def _tip(row: InstanceRow, column: int) -> str | None:
    match column:
        case InstanceColumn.EYE:
            return "Show" if row.is_hidden else "Hide"
        case InstanceColumn.SCORE if row.score is None:
            return "No score: nobody but a model gives one"
        case InstanceColumn.NAME:
            if row.instance.is_crowd:
                return "A region with several of them, not marked one by one"
            return "A box only: its pixels are not known" if row.instance.mask is None else None
    return None


def _sentence(row: InstanceRow) -> str:
    parts = [row.name]
    if row.score is not None:
        parts.append(f"score {row.score:.2f}")
    parts.append(f"{share_text(row.share)} of the picture")
    if row.is_hidden:
        parts.append("hidden")
    return ", ".join(parts)
