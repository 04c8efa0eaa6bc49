"""The list of chains: an item view of its own, because Qt's lay out a hundred thousand rows one by one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QWidget

from app.models.chain_list import ChainListModel
from app.style.tokens import size, tokens_of
from app.thumbnails import Thumbnails, ThumbRequest
from app.views.chains.list_cell import ChainCell, thumbnail_side

_AnyIndex = QModelIndex | QPersistentModelIndex
_Flag = QItemSelectionModel.SelectionFlag


class ChainList(QAbstractItemView):
    """All chains as rows of one height; the open one is selected. Arrows, Page up and down, Home and End open another.

    Args:
        model: What is listed.
        thumbnails: Where small pictures come from.
    """

    number_chosen = Signal(int)
    """A person wants this chain open."""

    def __init__(self, model: ChainListModel, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list = model
        self._thumbnails = thumbnails
        self._cell = ChainCell()
        self._row_px = size("row_chain")
        self._hovered = -1
        self._open: int | None = None
        self._shown: tuple[object, ...] = ()
        self._is_ours = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName("Chains")
        self.setModel(model)
        model.modelReset.connect(self._after_change)
        model.rowsInserted.connect(self._after_change)
        model.rowsRemoved.connect(self._after_change)
        thumbnails.ready.connect(self._thumbnail_came)

    def show_open(self, number: int | None, *, is_centred: bool = False) -> None:
        """Selects the chain that is open, and brings it into sight."""
        self._open = number
        row = self._list.row_of(number) if number is not None else None
        self._is_ours = True
        if row is None:
            self.selectionModel().clear()
        else:
            index = self._list.index(row)
            self.selectionModel().setCurrentIndex(index, _Flag.ClearAndSelect)
            hint = QAbstractItemView.ScrollHint
            self.scrollTo(index, hint.PositionAtCenter if is_centred else hint.EnsureVisible)
        self._is_ours = False

    def _after_change(self) -> None:
        self.updateGeometries()
        self._is_ours = True
        row = self._list.row_of(self._open) if self._open is not None else None
        if row is None:
            self.selectionModel().clear()
        else:
            self.selectionModel().setCurrentIndex(self._list.index(row), _Flag.ClearAndSelect)
        self._is_ours = False
        self.viewport().update()

    def _thumbnail_came(self, key: str) -> None:
        self.viewport().update()

    # QAbstractItemView

    def rowsAboutToBeRemoved(self, parent: _AnyIndex, start: int, end: int) -> None:
        # Qt would go to a row beside one that leaves; the open chain stays open.
        self._is_ours = True
        super().rowsAboutToBeRemoved(parent, start, end)

    def updateGeometries(self) -> None:
        bar = self.verticalScrollBar()
        bar.setSingleStep(40)
        bar.setPageStep(max(1, self.viewport().height() - self._row_px))
        bar.setRange(0, max(0, self._list.rowCount() * self._row_px - self.viewport().height()))
        super().updateGeometries()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometries()

    def visualRect(self, index: _AnyIndex) -> QRect:
        if not index.isValid():
            return QRect()
        return QRect(0, index.row() * self._row_px - self.verticalOffset(), self.viewport().width(), self._row_px)

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = (point.y() + self.verticalOffset()) // self._row_px
        return self._list.index(row) if 0 <= row < self._list.rowCount() else QModelIndex()

    def scrollTo(
        self, index: _AnyIndex, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        if not index.isValid():
            return
        top, bar, height = index.row() * self._row_px, self.verticalScrollBar(), self.viewport().height()
        if hint is QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(top + self._row_px // 2 - height // 2)
        elif top < bar.value():
            bar.setValue(top)
        elif top + self._row_px > bar.value() + height:
            bar.setValue(top + self._row_px - height)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        last = self._list.rowCount() - 1
        if last < 0:
            return QModelIndex()
        row = self.currentIndex().row()
        move = QAbstractItemView.CursorAction
        page = max(1, self.viewport().height() // self._row_px - 1)
        if row < 0:
            return self._list.index(0)
        wanted = {
            move.MoveUp: row - 1, move.MovePrevious: row - 1, move.MoveDown: row + 1, move.MoveNext: row + 1,
            move.MovePageUp: row - page, move.MovePageDown: row + page, move.MoveHome: 0, move.MoveEnd: last,
        }.get(action, row)  # fmt: skip
        return self._list.index(max(0, min(last, wanted)))

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: _AnyIndex) -> bool:
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        index = self.indexAt(rect.center())
        selection = QItemSelection(index, index) if index.isValid() else QItemSelection()
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region = QRegion()
        for index in selection.indexes():
            region += self.visualRect(index)
        return region

    def currentChanged(self, current: _AnyIndex, previous: _AnyIndex) -> None:
        super().currentChanged(current, previous)
        number = self._list.number(current.row())
        if not self._is_ours and number is not None:
            self._open = number
            self.number_chosen.emit(number)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        # What stays is moved, and only what comes into sight is painted.
        self.scrollDirtyRegion(dx, dy)
        self.viewport().scroll(dx, dy)

    def dataChanged(self, first: _AnyIndex, last: _AnyIndex, roles: Sequence[int] = ()) -> None:
        # A page of rows is one repaint, not one each.
        self.viewport().update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), t.surface)
        current = self.currentIndex().row() if self.selectionModel().hasSelection() else -1
        shown = self._shown_rows()
        for row in shown:
            rect = self.visualRect(self._list.index(row))
            if rect.intersects(event.rect()):
                self._cell.paint(
                    painter,
                    rect,
                    self._list.known(row),
                    self._thumbnails,
                    t,
                    is_current=row == current,
                    is_hovered=row == self._hovered,
                    has_focus=self.hasFocus(),
                )
        self._tell_what_shows(shown)

    def _shown_rows(self) -> range:
        top = self.verticalOffset()
        first = top // self._row_px
        last = (top + self.viewport().height() - 1) // self._row_px
        return range(max(0, first), min(self._list.rowCount(), last + 1))

    def _tell_what_shows(self, shown: range) -> None:
        ahead = range(shown.stop, min(self._list.rowCount(), shown.stop + len(shown)))
        rows = [self._list.known(row) for row in (*shown, *ahead)]
        side = thumbnail_side(self.devicePixelRatioF())
        wanted = {
            row.image_key: ThumbRequest(row.image_key, row.image_path, row.image_width_px, row.image_height_px)
            for row in rows
            if row is not None
        }
        known = (tuple(wanted), side)
        if known != self._shown:
            self._shown = known
            self._thumbnails.look_at(list(wanted.values()), side)

    def look_again(self) -> None:
        """Thumbnails are asked for anew: another view may have asked for others meanwhile."""
        self._shown = ()
        self.viewport().update()

    # Hover

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.indexAt(event.position().toPoint()).row())
        if not event.buttons():
            super().mouseMoveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self.viewport().update()
