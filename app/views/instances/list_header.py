"""The head of the list: what each column holds, and by which it is sorted."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from app.models.instance_list import InstanceColumn
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import tokens_of

_HEIGHT_PX = 28
_ARROW_PX = 12.0
_INSETS = {InstanceColumn.NAME: 24, InstanceColumn.SCORE: 8, InstanceColumn.AREA: 12}
"""As the cells beneath: from the left for names, from the right for figures."""


class ListHeader(QHeaderView):
    """Words stand over what they name, with an arrow beside the one that sorts: down where the largest is first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHighlightSections(False)
        self.setAccessibleName("Columns")

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _HEIGHT_PX)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        t = tokens_of(self)
        painter.save()
        painter.fillRect(rect, t.surface)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), t.line)
        is_sorting = self.sortIndicatorSection() == section
        is_number = section in (InstanceColumn.SCORE, InstanceColumn.AREA)
        inset = _INSETS.get(InstanceColumn(section), 0)
        text = str(self.model().headerData(section, Qt.Orientation.Horizontal))
        width = QFontMetricsF(font("caption-strong")).horizontalAdvance(text)
        x = rect.right() + 1 - inset - width if is_number else rect.left() + inset
        painter.setFont(font("caption-strong"))
        painter.setPen(t.text if is_sorting else t.text_secondary)
        painter.drawText(QRectF(x, rect.top(), width + 2, rect.height()), Qt.AlignmentFlag.AlignVCenter, text)
        middle = rect.center().y() + 0.5 - _ARROW_PX / 2
        if section == InstanceColumn.EYE:
            colour = t.text if is_sorting else t.text_tertiary
            paint_icon(painter, "eye", QRectF(rect.right() - 22, middle, _ARROW_PX, _ARROW_PX), colour)
            x, width = rect.right() - 24.0, 0.0
        if is_sorting:
            is_down = self.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
            left = x - _ARROW_PX - 2 if is_number or section == InstanceColumn.EYE else x + width + 4
            arrow = "chevron-down" if is_down else "chevron-up"
            paint_icon(painter, arrow, QRectF(left, middle, _ARROW_PX, _ARROW_PX), t.text_secondary)
        painter.restore()
