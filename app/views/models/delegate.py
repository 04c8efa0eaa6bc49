"""A row of the list of models: its name, and what it is beneath."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.style.fonts import font
from app.style.tokens import tokens_of

_ROW_PX = 52


class ProfileDelegate(QStyledItemDelegate):
    """Paints two lines, each cut at its end."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, _ROW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        t = tokens_of(option.widget)
        rect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, t.accent_soft)
        lines = str(index.data()).split("\n", 1)
        looks = (("label", t.text, 7), ("caption", t.text_secondary, 27))
        for text, (style, colour, top) in zip(lines, looks, strict=True):
            face = font(style)
            painter.setFont(face)
            painter.setPen(colour)
            line = rect.adjusted(12, top, -12, 0)
            line.setHeight(18)
            cut = QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)
        painter.restore()
