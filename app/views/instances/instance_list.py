"""The list of instances, and the same instances as crops; both show and change one selection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QListView, QTreeView, QWidget

from app.canvas.pyramid import Pyramid
from app.models.instance_list import InstanceColumn, InstanceListModel
from app.views.instances.crop_cell import CELL_PX, CropDelegate
from app.views.instances.list_header import ListHeader
from app.views.instances.list_row import InstanceDelegate
from hopchain_core.domain.keys import InstanceKey

_Flag = QItemSelectionModel.SelectionFlag


def selection_of(model: InstanceListModel, rows: Iterable[int], first: int, last: int) -> QItemSelection:
    """A selection of rows in as few ranges as it takes: each range costs the view some time.

    Args:
        model: Of the rows.
        rows: In any order.
        first: Column that it begins with.
        last: Column that it ends with.
    """
    selection = QItemSelection()
    begin = end = -2
    for row in sorted(rows):
        if row > end + 1:
            if end >= 0:
                selection.select(model.index(begin, first), model.index(end, last))
            begin = row
        end = row
    if end >= 0:
        selection.select(model.index(begin, first), model.index(end, last))
    return selection


def keep_current_in_view(view: QAbstractItemView, height_before_px: int) -> None:
    """Follows the current row when its view becomes lower, as when the inspector opens beneath; not when it was away.

    Args:
        view: Has its new height.
        height_before_px: What the viewport had.
    """
    at = view.visualRect(view.currentIndex())
    if at.isValid() and 0 <= at.top() < height_before_px and at.bottom() >= view.viewport().height():
        view.scrollTo(view.currentIndex())


class InstanceList(QTreeView):
    """Rows with eye, name, score and area. A double click on a name, or F2, edits the category in place.

    Args:
        model: What is listed.
        colour_of: Gives the colour of an instance on the picture.
    """

    chosen = Signal(object)
    """tuple of `InstanceKey`: a person selected these."""
    hovered = Signal(object)
    """`InstanceKey` under the cursor, or None."""
    eye_clicked = Signal(object)
    """`InstanceKey` whose eye was clicked."""
    menu_wanted = Signal(object, QPoint)
    """`InstanceKey` or None, and where on the screen."""
    zoom_wanted = Signal(object)
    """`InstanceKey` that was double-clicked beside its name."""

    def __init__(
        self, model: InstanceListModel, colour_of: Callable[[InstanceKey], QColor], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._list = model
        self._is_syncing = False
        self.delegate = InstanceDelegate(self, colour_of)
        self.setModel(model)
        self.setItemDelegate(self.delegate)
        self.setAccessibleName("Instances")
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setMouseTracking(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = ListHeader(self)
        self.setHeader(header)
        header.setSectionsClickable(True)
        header.setSectionsMovable(False)
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(24)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(InstanceColumn.NAME, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(InstanceColumn.EYE, 40)
        header.resizeSection(InstanceColumn.SCORE, 100)
        header.resizeSection(InstanceColumn.AREA, 72)
        self.setSortingEnabled(True)
        self.sortByColumn(InstanceColumn.NAME, Qt.SortOrder.AscendingOrder)
        model.modelAboutToBeReset.connect(lambda: self._sync(True))
        model.modelReset.connect(lambda: self._sync(False))
        self.doubleClicked.connect(self._double_clicked)

    # What others ask

    def select_keys(self, keys: Sequence[InstanceKey]) -> None:
        """Selects these, where they are listed; `chosen` is not sent."""
        self._sync(True)
        rows = [row for key in keys if (row := self._list.row(key)) >= 0]
        model = self.selectionModel()
        model.select(selection_of(self._list, rows, 0, len(InstanceColumn) - 1), _Flag.ClearAndSelect)
        if rows:
            current = self._list.index(rows[-1], InstanceColumn.NAME)
            if self.currentIndex().row() != rows[-1]:
                model.setCurrentIndex(current, _Flag.NoUpdate)
            self.scrollTo(current)
        self._sync(False)
        self.viewport().update()

    def show_hovered(self, key: InstanceKey | None) -> None:
        """Marks the row of what is under the cursor elsewhere."""
        if key != self.delegate.hovered:
            self.delegate.hovered = key
            self.viewport().update()

    def keys_selected(self) -> tuple[InstanceKey, ...]:
        """Those selected, the one that has the keyboard last."""
        rows = sorted({index.row() for index in self.selectionModel().selectedIndexes()})
        current = self.currentIndex().row()
        if current in rows:
            rows.remove(current)
            rows.append(current)
        return tuple(key for row in rows if (key := self._list.key(row)) is not None)

    def edit_current(self) -> None:
        """Lets the category of the row that has the keyboard be typed over."""
        index = self.currentIndex().siblingAtColumn(InstanceColumn.NAME)
        if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)

    # Qt

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        if not self._is_syncing:
            self.chosen.emit(self.keys_selected())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and index.isValid() and index.column() == InstanceColumn.EYE and not event.modifiers():
            self.eye_clicked.emit(self._list.key(index.row()))
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == InstanceColumn.EYE:
            self.mousePressEvent(event)
            return
        super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self._list.key(self.indexAt(event.position().toPoint()).row()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos()) if event.reason() is QContextMenuEvent.Reason.Mouse else self.currentIndex()
        self.menu_wanted.emit(self._list.key(index.row()), event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        keep_current_in_view(self, event.oldSize().height())

    def keyboardSearch(self, search: str) -> None:
        """Letters are for actions; the filter finds."""

    def _hover(self, key: InstanceKey | None) -> None:
        if key != self.delegate.hovered:
            self.show_hovered(key)
            self.hovered.emit(key)

    def _double_clicked(self, index: QModelIndex) -> None:
        if index.column() == InstanceColumn.NAME:
            self.edit_current()
        else:
            self.zoom_wanted.emit(self._list.key(index.row()))

    def _sync(self, is_syncing: bool) -> None:
        self._is_syncing = is_syncing


class CropGrid(QListView):
    """Every instance listed as the crop that a composer is given.

    Args:
        model: What is listed.
        colour_of: Gives the colour of an instance on the picture.
    """

    chosen = Signal(object)
    hovered = Signal(object)
    menu_wanted = Signal(object, QPoint)
    zoom_wanted = Signal(object)

    def __init__(
        self, model: InstanceListModel, colour_of: Callable[[InstanceKey], QColor], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._list = model
        self._is_syncing = False
        self.delegate = CropDelegate(self, colour_of)
        self.setModel(model)
        self.setModelColumn(InstanceColumn.NAME)
        self.setItemDelegate(self.delegate)
        self.setAccessibleName("Crops")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setGridSize(QSize(CELL_PX, CELL_PX + 24))
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        model.modelAboutToBeReset.connect(lambda: self._sync(True))
        model.modelReset.connect(lambda: self._sync(False))
        self.doubleClicked.connect(lambda index: self.zoom_wanted.emit(self._list.key(index.row())))

    def show_picture(self, pyramid: Pyramid | None) -> None:
        """The picture that crops are taken from."""
        self.delegate.pyramid = pyramid
        self.viewport().update()

    def select_keys(self, keys: Iterable[InstanceKey]) -> None:
        """Selects these, where they are listed; `chosen` is not sent."""
        self._sync(True)
        rows = [row for key in keys if (row := self._list.row(key)) >= 0]
        selection = selection_of(self._list, rows, InstanceColumn.NAME, InstanceColumn.NAME)
        self.selectionModel().select(selection, _Flag.ClearAndSelect)
        if rows:
            index = self._list.index(rows[-1], InstanceColumn.NAME)
            self.selectionModel().setCurrentIndex(index, _Flag.NoUpdate)
            self.scrollTo(index)
        self._sync(False)

    def show_hovered(self, key: InstanceKey | None) -> None:
        """Marks the crop of what is under the cursor elsewhere."""
        if key != self.delegate.hovered:
            self.delegate.hovered = key
            self.viewport().update()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        if not self._is_syncing:
            rows = sorted({index.row() for index in self.selectionModel().selectedIndexes()})
            self.chosen.emit(tuple(key for row in rows if (key := self._list.key(row)) is not None))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self._list.key(self.indexAt(event.position().toPoint()).row()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(self._list.key(self.indexAt(event.pos()).row()), event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        keep_current_in_view(self, event.oldSize().height())

    def keyboardSearch(self, search: str) -> None:
        """Letters are for actions; the filter finds."""

    def _hover(self, key: InstanceKey | None) -> None:
        if key != self.delegate.hovered:
            self.show_hovered(key)
            self.hovered.emit(key)

    def _sync(self, is_syncing: bool) -> None:
        self._is_syncing = is_syncing
