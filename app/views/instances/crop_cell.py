"""Paints one crop in the grid of crops."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.canvas.pyramid import Pyramid
from app.models.instance_list import InstanceRole, InstanceRow
from app.style.fonts import font
from app.style.tokens import radius, tokens_of
from app.views.instances.list_row import SWATCH_PX, paint_swatch
from app.views.instances.picture_crop import paint_crop
from hopchain_core.domain.keys import InstanceKey

CELL_PX = 118
_MARGIN_PX = 5


class CropDelegate(QStyledItemDelegate):
    """A crop with its name beneath.

    Args:
        view: The grid; asked for colours of the theme.
        colour_of: Gives the colour of an instance on the picture.
    """

    def __init__(self, view: QWidget, colour_of: Callable[[InstanceKey], QColor]) -> None:
        super().__init__(view)
        self._view = view
        self._colour_of = colour_of
        self.pyramid: Pyramid | None = None
        self.hovered: InstanceKey | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(CELL_PX, CELL_PX + 24)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: InstanceRow | None = index.data(InstanceRole.ROW)
        if row is None:
            return
        t = tokens_of(self._view)
        rect: QRect = option.rect
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        frame = QRectF(rect.left() + _MARGIN_PX, rect.top() + _MARGIN_PX, CELL_PX - 2 * _MARGIN_PX, 0)
        frame.setHeight(frame.width())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.sunken)
        painter.drawRoundedRect(frame, radius("image"), radius("image"))
        if row.is_hidden:
            painter.setOpacity(0.42)
        paint_crop(painter, self.pyramid, row.instance.box, frame.adjusted(4, 4, -4, -4))
        painter.setOpacity(1.0)
        if is_selected or row.key == self.hovered:
            width = 2.0 if is_selected else 1.0
            painter.setPen(QPen(t.accent if is_selected else t.text_tertiary, width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inset = width / 2
            painter.drawRoundedRect(frame.adjusted(inset, inset, -inset, -inset), radius("image"), radius("image"))
        line = QRectF(frame.left(), frame.bottom() + 2, frame.width(), 20)
        swatch = QRectF(line.left() + 2, line.center().y() - SWATCH_PX / 2, SWATCH_PX, SWATCH_PX)
        paint_swatch(painter, swatch, self._colour_of(row.key), t, is_hollow=row.is_hidden)
        painter.setFont(font("meta"))
        painter.setPen(t.text_tertiary if row.is_hidden else t.text)
        room = line.adjusted(18, 0, 0, 0)
        name = QFontMetricsF(font("meta")).elidedText(row.name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, name)
        painter.restore()
