"""What failed: the picture, the stage, what went wrong, and a button to try again."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.models.failure_list import FailureList, FailureRole, headline, name_of
from app.models.spans import clock_text
from app.models.status_words import stage_word
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import radius, tokens_of
from app.thumbnails import Thumbnails, ThumbRequest, cover
from hopchain_core.project import FailingItem

_ROW_PX = 54
_AnyIndex = QModelIndex | QPersistentModelIndex
_VCENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_NAME_X, _STAGE_X, _TEXT_X, _BUTTON_PX = 68, 208, 304, 80


class FailureRows(QListView):
    """The list of failures. Enter opens the picture; the action on the selection tries it again.

    Args:
        model: What fails.
        thumbnails: Small pictures.
    """

    retry_wanted = Signal(object)
    """The `FailingItem` whose button was pressed."""
    opened = Signal(object)
    """The `FailingItem` whose picture or chain is wanted."""
    selection_changed = Signal()

    def __init__(self, model: FailureList, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._failures = model
        self._thumbnails = thumbnails
        self.hovered: tuple[int, bool] = (-1, False)
        self.setModel(model)
        self.setItemDelegate(_Delegate(self, thumbnails))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName("Failures")
        # Of the program, not of the project: a bound method is let go with this view, a lambda would outlive it.
        thumbnails.ready.connect(self._repaint)
        model.modelReset.connect(self.selection_changed)
        model.rowsRemoved.connect(lambda *_: self.selection_changed.emit())
        self.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())

    def _repaint(self) -> None:
        self.viewport().update()

    def selected_items(self) -> list[FailingItem]:
        """What is selected, in the order shown."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [item for row in rows if (item := self._failures.item(row)) is not None]

    def current_item(self) -> FailingItem | None:
        """What has the keyboard."""
        return self._failures.item(self.currentIndex().row())

    def button_rect(self, index: _AnyIndex) -> QRect:
        """Where the row's button is, in the viewport."""
        rect = self.visualRect(index)
        return QRect(rect.right() - _BUTTON_PX - 15, rect.center().y() - 12, _BUTTON_PX, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        rows = self._shown()
        requests = []
        for row in rows:
            item = self._failures.item(row)
            if item is not None:
                # The shape is unknown here; a square is asked for, and a wide picture comes a little larger.
                requests.append(ThumbRequest(item.image_key, item.image_path, 640, 480))
        self._thumbnails.look_at(requests, round(40 * self.devicePixelRatioF()))
        super().paintEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.button_rect(index).contains(event.position().toPoint()):
            self.setCurrentIndex(index)
            self.retry_wanted.emit(index.data(FailureRole.ITEM))
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not self.button_rect(index).contains(event.position().toPoint()):
            self.opened.emit(index.data(FailureRole.ITEM))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(event.position().toPoint())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(QPoint(-1, -1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current_item() is not None:
            self.opened.emit(self.current_item())
            return
        super().keyPressEvent(event)

    def _hover(self, point: QPoint) -> None:
        index = self.indexAt(point)
        hovered = (index.row(), index.isValid() and self.button_rect(index).contains(point))
        if hovered != self.hovered:
            self.hovered = hovered
            self.viewport().update()

    def _shown(self) -> range:
        first = max(0, self.verticalScrollBar().value() // _ROW_PX)
        return range(first, min(self._failures.rowCount(), first + self.viewport().height() // _ROW_PX + 2))


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: FailureRows, thumbnails: Thumbnails) -> None:
        super().__init__(view)
        self._view = view
        self._thumbnails = thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: _AnyIndex) -> QSize:
        return QSize(200, _ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        item: FailingItem | None = index.data(FailureRole.ITEM)
        if item is None:
            return
        t = tokens_of(self._view)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        is_active = self._view.hasFocus()
        is_hovered = self._view.hovered[0] == index.row()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_selected:
            painter.fillRect(rect, t.accent_soft if is_active else t.sunken)
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), t.accent if is_active else t.line_strong)
        elif is_hovered:
            painter.fillRect(rect, t.hover)
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, t.line)
        self._paint_picture(painter, QRect(rect.left() + 16, rect.top() + 11, 40, 32), item)
        self._paint_texts(painter, rect, item)
        self._paint_button(painter, index)
        painter.restore()

    def _paint_picture(self, painter: QPainter, rect: QRect, item: FailingItem) -> None:
        t = tokens_of(self._view)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(rect), radius("image"), radius("image"))
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(rect, t.sunken)
        found = self._thumbnails.get(item.image_key, 40)
        if found is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(QRectF(rect), found, QRectF(*cover(found.size(), rect.size())))
        else:
            paint_icon(painter, "image", QRectF(rect).adjusted(12, 8, -12, -8), t.line_strong)
        painter.restore()

    def _paint_texts(self, painter: QPainter, rect: QRect, item: FailingItem) -> None:
        t = tokens_of(self._view)
        right = rect.right() - _BUTTON_PX - 24
        clock = clock_text(item.started_at)
        painter.setFont(font("meta"))
        painter.setPen(t.text_tertiary)
        painter.drawText(
            QRectF(right - 48, rect.top(), 40, rect.height()), int(_VCENTER | Qt.AlignmentFlag.AlignRight), clock
        )
        line, rest = headline(item)
        room = right - 56 - rect.left() - _TEXT_X
        for x, width, y, height, role, colour, text in (
            (_NAME_X, _STAGE_X - _NAME_X - 8, 0, rect.height(), "label", t.text, name_of(item)),
            (_STAGE_X, _TEXT_X - _STAGE_X - 8, 0, rect.height(), "meta", t.text_secondary, stage_word(item.stage)),
            (_TEXT_X, room, 9, 18, "label", t.text, line),
            (_TEXT_X, room, 28, 16, "caption", t.text_secondary, rest),
        ):
            painter.setFont(font(role))
            painter.setPen(colour)
            elided = QFontMetricsF(font(role)).elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRectF(rect.left() + x, rect.top() + y, width, height), int(_VCENTER), elided)

    def _paint_button(self, painter: QPainter, index: _AnyIndex) -> None:
        t = tokens_of(self._view)
        rect = QRectF(self._view.button_rect(index))
        if self._view.hovered == (index.row(), True):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.sunken if t.is_dark else t.hover)
            painter.drawRoundedRect(rect, radius("chip"), radius("chip"))
        paint_icon(painter, "retry", QRectF(rect.left() + 16, rect.center().y() - 8, 16, 16), t.text)
        painter.setFont(font("meta"))
        painter.setPen(t.text)
        painter.drawText(rect.adjusted(40, 0, 0, 0), int(_VCENTER), "Retry")
