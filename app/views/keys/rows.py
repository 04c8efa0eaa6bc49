"""Actions with their keys as a list: the model, and how a row is painted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.presenters.keys import KeyGroup, KeyRow
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import Tokens, tokens_of_palette
from app.widgets.keycap import key_text, keycap_width, paint_keycap

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ROW_PX = 32
_HEAD_PX = 36


class KeyModel(QAbstractListModel):
    """Actions with their keys, in groups."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[KeyRow] = []

    def show_groups(self, groups: Sequence[KeyGroup]) -> None:
        """Shows others."""
        self.beginResetModel()
        self._rows = [row for group in groups for row in group.rows]
        self.endResetModel()

    def row(self, index: int) -> KeyRow | None:
        """What stands in a row."""
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def row_of(self, action_id: str) -> int:
        """Where an action stands; -1 for nowhere."""
        return next((i for i, row in enumerate(self._rows) if row.id == action_id), -1)

    def heading_at(self, index: int) -> str:
        """The heading above a row; empty for none."""
        group = self._rows[index].group
        return "" if index and self._rows[index - 1].group == group else group

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row(index.row())
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            keys = ", ".join(key_text(key) for key in row.keys) or "no shortcut"
            return f"{row.text}: {keys}"
        if role == Qt.ItemDataRole.ToolTipRole and row.conflicts:
            return f"Also: {', '.join(row.conflicts)}"
        return None


class KeyDelegate(QStyledItemDelegate):
    """Paints an action and its keys; a heading above the first of a group."""

    def __init__(self, model: KeyModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(200, _ROW_PX + (_HEAD_PX if self._model.heading_at(index.row()) else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = self._model.row(index.row())
        if row is None:
            return
        t = tokens_of_palette(option.palette)
        painter.save()
        rect = QRectF(option.rect)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        if heading := self._model.heading_at(index.row()):
            painter.setFont(font("caption-strong"))
            painter.setPen(t.text_secondary)
            painter.drawText(QRectF(rect.left() + 12, rect.top() + 8, rect.width(), _HEAD_PX - 8), flags, heading)
            rect.setTop(rect.top() + _HEAD_PX)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, t.accent_soft)
            painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), t.accent)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, t.hover)
        painter.setFont(font("body"))
        painter.setPen(t.text)
        painter.drawText(QRectF(rect.left() + 12, rect.top(), rect.width() - 24, rect.height()), flags, row.text)
        self._paint_keys(painter, row, rect, t)
        painter.restore()

    @staticmethod
    def _paint_keys(painter: QPainter, row: KeyRow, rect: QRectF, t: Tokens) -> None:
        right = rect.right() - 12
        # Return and the Enter of the keypad look alike.
        for cap in reversed(list(dict.fromkeys(key_text(keys) for keys in row.keys))):
            colour = t.accent if row.is_own else t.text_secondary
            paint_keycap(painter, cap, right, rect.center().y(), colour, t.line_strong)
            right -= keycap_width(cap) + 6
        if not row.keys:
            painter.setFont(font("meta"))
            painter.setPen(t.text_tertiary)
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(QRectF(rect.left(), rect.top(), right - rect.left(), rect.height()), flags, "none")
            right -= 36
        if row.conflicts:
            paint_icon(painter, "warning", QRectF(right - 20, rect.center().y() - 8, 16, 16), t.warn)
