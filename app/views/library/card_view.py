"""Cards in rows: an item view of its own, because Qt's lay out a hundred thousand items one by one."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtGui import QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QWidget

from app.models.image_list import ImageListModel
from app.views.library.cursor import moved
from app.views.library.geometry import LEAST_WIDTH_PX, MOST_WIDTH_PX, USUAL_WIDTH_PX, GridGeometry

_AnyIndex = QModelIndex | QPersistentModelIndex


class CardView(QAbstractItemView):
    """Where cards lie, scroll and are selected; what is on them, others paint.

    Args:
        model: What is listed.
    """

    def __init__(self, model: ImageListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list = model
        self._wish_px = USUAL_WIDTH_PX
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def set_cell_width(self, wish_px: int) -> None:
        """Makes cells about so wide; what is looked at stays where it is."""
        wish_px = max(LEAST_WIDTH_PX, min(MOST_WIDTH_PX, wish_px))
        if wish_px == self._wish_px:
            return
        held = self._held(self.geometry_now(), self.viewport().height())
        self._wish_px = wish_px
        self.updateGeometries()
        self._hold(held)
        self.viewport().update()

    @property
    def cell_width_px(self) -> int:
        """How wide cells should be, about."""
        return self._wish_px

    def geometry_now(self) -> GridGeometry:
        """Where cells lie now."""
        return GridGeometry(self.viewport().width(), self._wish_px, self._list.rowCount())

    def shown_rows(self) -> range:
        """Rows of the list that are in sight, whole or in part."""
        top = self.verticalOffset()
        return self.geometry_now().between(top, top + self.viewport().height())

    def _held(self, geometry: GridGeometry, height_px: int) -> tuple[int, int] | None:
        """What stays in its place while cards change their size: its row, and how far its middle is from the top.

        The card that has the keyboard where it is in sight, else one in the middle; None at the beginning of the list.
        """
        top = self.verticalOffset()
        shown = geometry.between(top, top + height_px)
        current = self.currentIndex().row()
        if current in shown:
            return current, geometry.rect(current).center().y() - top
        if not shown or top == 0:
            return None
        row = shown[len(shown) // 2]
        return row, geometry.rect(row).center().y() - top

    def _hold(self, held: tuple[int, int] | None) -> None:
        bar = self.verticalScrollBar()
        if held is not None:
            row, height_px = held
            rect = self.geometry_now().rect(row)
            # The beginning of the list stays in sight while the card does, too.
            if bar.value() > 0 or rect.bottom() > self.viewport().height():
                bar.setValue(rect.center().y() - height_px)

    # QAbstractItemView

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        self.updateGeometries()

    def updateGeometries(self) -> None:
        geometry = self.geometry_now()
        bar = self.verticalScrollBar()
        bar.setSingleStep(40)
        bar.setPageStep(max(1, self.viewport().height() - 32))
        bar.setRange(0, max(0, geometry.height_px - self.viewport().height()))
        super().updateGeometries()

    def resizeEvent(self, event: QResizeEvent) -> None:
        before = event.oldSize()
        held = self._held(GridGeometry(before.width(), self._wish_px, self._list.rowCount()), before.height())
        super().resizeEvent(event)
        self.updateGeometries()
        self._hold(held)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        # Moves what is painted already, so that a step of the wheel paints a row of cards and not a screen of them.
        self.viewport().scroll(0, dy)

    def visualRect(self, index: _AnyIndex) -> QRect:
        if not index.isValid():
            return QRect()
        return self.geometry_now().rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self.geometry_now().at(point + QPoint(0, self.verticalOffset()))
        return self._list.index(row) if row >= 0 else QModelIndex()

    def scrollTo(
        self, index: _AnyIndex, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        if not index.isValid():
            return
        rect = self.geometry_now().rect(index.row())
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if hint is QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(rect.center().y() - height // 2)
        elif rect.top() - 16 < bar.value():
            bar.setValue(rect.top() - 16)
        elif rect.bottom() + 16 > bar.value() + height:
            bar.setValue(rect.bottom() + 16 - height)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        if not self._list.rowCount():
            return QModelIndex()
        row = moved(self.geometry_now(), self.currentIndex().row(), action, self.viewport().height())
        return self._list.index(row)

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: _AnyIndex) -> bool:
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        # The rectangle runs from where it began to where it is now, so its corners are two pictures, not only a frame.
        down = QPoint(0, self.verticalOffset())
        geometry = self.geometry_now()
        first, last = geometry.at(rect.topLeft() + down), geometry.at(rect.bottomRight() + down)
        selection = QItemSelection()
        if self.state() is QAbstractItemView.State.DragSelectingState or first < 0 or last < 0:
            for row in geometry.touched(rect.normalized().translated(down)):
                selection.select(self._list.index(row), self._list.index(row))
        else:
            # Shift: everything from one picture to the other, as the list runs.
            selection.select(self._list.index(min(first, last)), self._list.index(max(first, last)))
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        # Only what shows: a selection of everything has no more rectangles than a screen.
        shown = self.shown_rows()
        region = QRegion()
        for part in selection.toList():
            for row in range(max(part.top(), shown.start), min(part.bottom() + 1, shown.stop)):
                region += self.visualRect(self._list.index(row))
        return region
