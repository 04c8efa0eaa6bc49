"""The grid of pictures: what its cards show, and what mouse and keys do there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QToolTip, QWidget

from app.models.image_list import ImageListModel
from app.style.tokens import tokens_of
from app.thumbnails import Thumbnails
from app.views.library.card_view import CardView
from app.views.library.cell import Cell, CellAction
from app.views.library.geometry import LEAST_WIDTH_PX, MOST_WIDTH_PX
from app.views.library.place import PlaceKeeper
from app.views.library.sight import Sight

_AnyIndex = QModelIndex | QPersistentModelIndex
_Flag = QItemSelectionModel.SelectionFlag
_BAND_ALPHA = 36
"""Of the frame that selects: the pictures beneath stay to be told. Chosen."""


class PictureGrid(CardView):
    """All pictures as cards. Arrows, Page up and down, Home, End move; Shift extends, Ctrl+A selects all, Space toggles.

    Args:
        model: What is listed.
        thumbnails: Where small pictures come from.
    """

    opened = Signal(int, str)
    """The number of a picture and the space to open it in: by Enter, a double click or a button on the card."""
    numbers_selected = Signal(object)
    """A list of the numbers of all pictures selected."""
    menu_wanted = Signal(QPoint)
    """A place on the screen where the actions on the selection are wanted."""
    zoomed = Signal(int)
    """Ctrl and the wheel ask for cells so wide."""

    def __init__(self, model: ImageListModel, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self._thumbnails = thumbnails
        self._cell = Cell(self)
        self._hovered = -1
        self._is_by_keys = False
        self._dragged_from, self._dragged_to = QPoint(), QPoint()
        self._sight = Sight(self, model, thumbnails)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        # Else Qt scrolls back to a picture half a second after it was clicked, and after each change of the list.
        self.setAutoScroll(False)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Pictures")
        self.setModel(model)
        # After Qt's own connections, which empty the selection.
        self.place = PlaceKeeper(self, model)

    # What others ask

    def set_spaces(self, spaces: Iterable[CellAction]) -> None:
        """Offers to open pictures in these spaces; the first one by Enter and a double click."""
        self._cell.spaces = tuple(spaces)
        self.viewport().update()

    def select_numbers(self, numbers: Iterable[int]) -> None:
        """Selects exactly these pictures, where they are listed."""
        selection = QItemSelection()
        for first, last in self._list.rows_of(numbers):
            selection.select(self._list.index(first), self._list.index(last))
        self.selectionModel().select(selection, _Flag.ClearAndSelect)

    def show_row(self, row: int) -> None:
        """Selects one picture and brings it into sight."""
        index = self._list.index(row)
        self.selectionModel().setCurrentIndex(index, _Flag.ClearAndSelect)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def selected_numbers(self) -> list[int]:
        """Numbers of the pictures selected, in the order listed."""
        ids = self._list.ids()
        ranges = sorted((r.top(), r.bottom()) for r in self.selectionModel().selection().toList())
        return [number for first, last in ranges for number in ids[first : last + 1]]

    def current_number(self) -> int | None:
        """Number of the picture that has the keyboard."""
        return self._list.number(self.currentIndex().row())

    # QAbstractItemView

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.numbers_selected.emit(self.selected_numbers())

    def currentChanged(self, current: _AnyIndex, previous: _AnyIndex) -> None:
        super().currentChanged(current, previous)
        for index in (current, previous):
            if index.isValid():
                # The ring lies outside of the card.
                self.viewport().update(self.visualRect(index).adjusted(-6, -6, 6, 6))

    def dataChanged(self, first: _AnyIndex, last: _AnyIndex, roles: Sequence[int] = ()) -> None:
        # A page of cells is one repaint, not one each.
        self.viewport().update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), t.window)
        geometry, offset = self.geometry_now(), self.verticalOffset()
        selection = self.selectionModel()
        has_ring = self.hasFocus() and self._is_by_keys
        current = self.currentIndex().row()
        for row in geometry.between(event.rect().top() + offset, event.rect().bottom() + offset):
            index = self._list.index(row)
            rect = geometry.rect(row).translated(0, -offset)
            if not event.region().intersects(rect.adjusted(-6, -6, 6, 6)):
                continue
            found = self._list.known(row)
            self._cell.paint_card(
                painter,
                rect,
                geometry.picture_height_px,
                found,
                self._thumbnails,
                t,
                is_selected=selection.isSelected(index),
                is_hovered=row == self._hovered,
                is_current=row == current and has_ring,
                is_missing=found is not None and self._list.is_missing(found),
                hot=self._cell.hot if row == self._hovered else None,
            )
        if not (band := self._band()).isEmpty():
            painter.setPen(t.accent)
            soft = QColor(t.accent)
            soft.setAlpha(_BAND_ALPHA)
            painter.setBrush(soft)
            painter.drawRect(band)
        self._sight.tell(self._cell.thumbnail_side(geometry.cell_width_px, self.devicePixelRatioF()))

    def forget_what_shows(self) -> None:
        """Another list is shown: nothing is hovered, and thumbnails are asked for anew."""
        self._hovered = -1
        self._sight.forget()
        self.viewport().update()

    # Mouse and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        # A selection that is dragged over the edge scrolls on.
        self.setAutoScroll(bool(event.buttons() & Qt.MouseButton.LeftButton))
        before = self._band()
        super().mouseMoveEvent(event)
        self._dragged_to = event.position().toPoint()
        if not (band := before.united(self._band())).isEmpty():
            self.viewport().update(band.adjusted(-1, -1, 1, 1))
        self._hover(event.position().toPoint())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(QPoint(-1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._show_ring(False)
        self._dragged_from = event.position().toPoint() + QPoint(0, self.verticalOffset())
        action = self._action_at(event.position().toPoint())
        if action is not None and event.button() is Qt.MouseButton.LeftButton:
            index = self.indexAt(event.position().toPoint())
            if action is CellAction.CHECK:
                self.selectionModel().select(index, _Flag.Toggle)
                self.selectionModel().setCurrentIndex(index, _Flag.NoUpdate)
            else:
                self.opened.emit(int(self._list.number(index.row()) or 0), action.value)
            return
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        band = self._band()
        super().mouseReleaseEvent(event)
        self.setAutoScroll(False)
        self.viewport().update(band.adjusted(-1, -1, 1, 1))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._action_at(event.position().toPoint()) is None:
            self._open(index.row())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_ring(event.reason() not in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.ActiveWindowFocusReason))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._show_ring(True)
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._open(self.currentIndex().row())
            case Qt.Key.Key_Space if self.currentIndex().isValid():
                self.selectionModel().select(self.currentIndex(), _Flag.Toggle)
            case _:
                before = self.currentIndex()
                super().keyPressEvent(event)
                if self.currentIndex() != before:
                    self.scrollTo(self.currentIndex())

    def keyboardSearch(self, search: str) -> None:
        # Letters are shortcuts here; Qt's own search would read every row of the project.
        return

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self._ask_menu_by_key()
            return
        index = self.indexAt(event.pos())
        if index.isValid() and not self.selectionModel().isSelected(index):
            self.selectionModel().setCurrentIndex(index, _Flag.ClearAndSelect)
        if self.selectionModel().hasSelection():
            self.menu_wanted.emit(event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            step = 16 if event.angleDelta().y() > 0 else -16
            self.zoomed.emit(max(LEAST_WIDTH_PX, min(MOST_WIDTH_PX, self._wish_px + step)))
            event.accept()
            return
        super().wheelEvent(event)
        self._hover(event.position().toPoint())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip:
            point = event.pos()  # type: ignore[attr-defined]
            text = self._tip_at(point)
            if text:
                QToolTip.showText(self.viewport().mapToGlobal(point), text, self.viewport())
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(900, 600)

    def _band(self) -> QRect:
        """The frame that is dragged over pictures to select them, in the viewport; empty while there is none."""
        if self.state() is not QAbstractItemView.State.DragSelectingState:
            return QRect()
        begun = self._dragged_from - QPoint(0, self.verticalOffset())
        # A hand that trembles while it clicks drags nothing.
        if (self._dragged_to - begun).manhattanLength() < QApplication.startDragDistance():
            return QRect()
        return QRect(begun, self._dragged_to).normalized()

    def _show_ring(self, is_by_keys: bool) -> None:
        # The ring says where keys go; whoever uses the mouse sees what was clicked.
        if self._is_by_keys != is_by_keys:
            self._is_by_keys = is_by_keys
            self.viewport().update()

    def _ask_menu_by_key(self) -> None:
        current = self.currentIndex()
        if current.isValid() and not self.selectionModel().hasSelection():
            self.selectionModel().select(current, _Flag.ClearAndSelect)
        if self.selectionModel().hasSelection():
            self.scrollTo(current)
            self.menu_wanted.emit(self.viewport().mapToGlobal(self.visualRect(current).center()))

    def _open(self, row: int) -> None:
        number = self._list.number(row)
        if number is not None and self._cell.spaces:
            self.opened.emit(number, self._cell.spaces[0].value)

    def _hover(self, point: QPoint) -> None:
        row = self.indexAt(point).row()
        hot = self._action_at(point)
        if (row, hot) == (self._hovered, self._cell.hot):
            return
        for changed in {row, self._hovered} - {-1}:
            self.viewport().update(self.visualRect(self._list.index(changed)))
        self._hovered, self._cell.hot = row, hot
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hot else Qt.CursorShape.ArrowCursor)

    def _action_at(self, point: QPoint) -> CellAction | None:
        index = self.indexAt(point)
        if not index.isValid():
            return None
        return self._cell.action_at(point, self.visualRect(index))

    def _tip_at(self, point: QPoint) -> str:
        index = self.indexAt(point)
        if not index.isValid():
            return ""
        action = self._action_at(point)
        if action is not None:
            return action.words
        row = self._list.known(index.row())
        if row is None:
            return ""
        why_not = "" if self._list.is_missing(row) else self._thumbnails.why_not(row.key)
        sentence = str(index.data(Qt.ItemDataRole.AccessibleTextRole) or "")
        return "\n".join(filter(None, (row.path, sentence.partition(", ")[2], why_not)))
