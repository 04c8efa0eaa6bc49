"""The list of chains of an export."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.models.chain_words import chain_name
from app.models.export_rows import ExportRole, ExportRows
from app.models.status_words import counted
from app.presenters.export import reason_word
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import radius, tokens_of
from app.thumbnails import Thumbnails, ThumbRequest, cover
from app.widgets.label import wrapped
from hopchain_core.exporting import PreviewRow

ROW_PX = 76
_THUMB_PX, _PAD_PX = 48, 16
_RIGHT_PX = 132
_VCENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_AnyIndex = QModelIndex | QPersistentModelIndex


class ExportList(QListView):
    """One row a chain. Arrows choose, Enter opens the chain.

    Args:
        model: What is listed.
        thumbnails: Small pictures.
    """

    chosen = Signal(object)
    """The `PreviewRow` that is current; None for none."""
    opened = Signal(object)
    """The `PreviewRow` whose chain is wanted."""

    def __init__(self, model: ExportRows, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._thumbnails = thumbnails
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setModel(model)
        self.setItemDelegate(_Delegate(self, thumbnails))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName("Chains of the export")
        thumbnails.ready.connect(self._repaint)
        self.selectionModel().currentChanged.connect(self._tell)
        model.modelReset.connect(lambda: self._tell(QModelIndex()))

    def choose(self, place: int) -> None:
        """Makes a row current."""
        if 0 <= place < self._rows.rowCount():
            self.setCurrentIndex(self._rows.index(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self._rows.row(self.currentIndex().row())
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self.opened.emit(row)
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self._rows.row(self.indexAt(event.position().toPoint()).row())
        if row is not None:
            self.opened.emit(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        first = max(0, self.verticalScrollBar().value() // ROW_PX)
        shown = range(first, min(self._rows.rowCount(), first + self.viewport().height() // ROW_PX + 2))
        rows = [row for place in shown if (row := self._rows.row(place)) is not None]
        requests = [ThumbRequest(row.image, row.path, 640, 480) for row in rows]
        self._thumbnails.look_at(requests, round(_THUMB_PX * self.devicePixelRatioF()))
        super().paintEvent(event)

    def _repaint(self) -> None:
        self.viewport().update()

    def _tell(self, index: _AnyIndex, *_: object) -> None:
        self.chosen.emit(self._rows.row(index.row()) if index.isValid() else None)


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: ExportList, thumbnails: Thumbnails) -> None:
        super().__init__(view)
        self._view = view
        self._thumbnails = thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: _AnyIndex) -> QSize:
        return QSize(200, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        row = index.data(ExportRole.ROW)
        if not isinstance(row, PreviewRow):
            return
        t = tokens_of(self._view)
        rect: QRect = option.rect
        state = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            has_focus = self._view.hasFocus()
            painter.fillRect(rect, t.accent_soft if has_focus else t.sunken)
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), t.accent if has_focus else t.line_strong)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, t.hover)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), t.line)
        thumb = QRect(rect.left() + _PAD_PX, rect.top() + 14, _THUMB_PX, _THUMB_PX)
        self._paint_thumbnail(painter, thumb, row)
        left = thumb.right() + 13
        room = QRectF(left, rect.top() + 9, rect.right() - _RIGHT_PX - left, 36)
        painter.setFont(font("body"))
        painter.setPen(t.text)
        for n, line in enumerate(wrapped(row.question, "body", room.width(), 2)):
            painter.drawText(QRectF(room.left(), room.top() + 18 * n, room.width(), 18), int(_VCENTER), line)
        painter.setFont(font("meta"))
        painter.setPen(t.text_secondary)
        facts = f"{chain_name(row.number)} · {counted(row.hops, 'hop')} · {row.split}"
        painter.drawText(QRectF(left, rect.top() + 49, room.width(), 18), int(_VCENTER), facts)
        self._paint_end(painter, rect, row)
        painter.restore()

    def _paint_end(self, painter: QPainter, rect: QRect, row: PreviewRow) -> None:
        t = tokens_of(self._view)
        box = QRectF(rect.right() - _RIGHT_PX + 12, rect.top(), _RIGHT_PX - 12 - _PAD_PX, rect.height())
        right = Qt.AlignmentFlag.AlignRight | _VCENTER
        if row.reason is None:
            painter.setFont(font("heading"))
            painter.setPen(t.text)
            text = QFontMetricsF(font("heading")).elidedText(row.answer, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, int(right), text)
            return
        painter.setFont(font("meta"))
        painter.setPen(t.text_secondary)
        metrics = QFontMetricsF(font("meta"))
        text = metrics.elidedText(reason_word(row.reason), Qt.TextElideMode.ElideRight, box.width() - 18)
        painter.drawText(box, int(right), text)
        x = box.right() - metrics.horizontalAdvance(text) - 18
        paint_icon(painter, "ban", QRectF(x, box.center().y() - 6, 12, 12), t.text_tertiary)

    def _paint_thumbnail(self, painter: QPainter, rect: QRect, row: PreviewRow) -> None:
        t = tokens_of(self._view)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(rect), radius("image"), radius("image"))
        painter.fillPath(shape, t.sunken)
        found = self._thumbnails.get(row.image, round(_THUMB_PX * painter.device().devicePixelRatioF()))
        if found is None:
            paint_icon(painter, "image", QRectF(rect).adjusted(14, 14, -14, -14), t.line_strong)
            return
        painter.setClipPath(shape)
        painter.drawPixmap(QRectF(rect), found, QRectF(*cover(found.size(), QSize(rect.width(), rect.height()))))
        painter.setClipping(False)
