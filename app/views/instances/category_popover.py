"""Asks for a category right where something was drawn or is selected."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from app.style.fonts import font
from app.style.tokens import size, tokens_of
from app.widgets.field import Field
from app.widgets.keycap import paint_keycap
from app.widgets.label import Label

_WIDTH_PX = 248
_MOST_ROWS = 9
_AnyIndex = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


def fitting(text: str, names: Sequence[str]) -> list[str]:
    """Categories that hold a text: those that begin with it first, then those with a word that does."""
    needle = " ".join(text.lower().split())
    ranked = [(_rank(needle, name), place, name) for place, name in enumerate(names)]
    return [name for rank, _, name in sorted(ranked) if rank < 3]


def _rank(needle: str, name: str) -> int:
    if name.startswith(needle):
        return 0
    if any(word.startswith(needle) for word in name.split()):
        return 1
    return 2 if needle in name else 3


class _Names(QAbstractListModel):
    """Categories that fit, with the digits that give them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.names: list[str] = []
        self.numbered: tuple[str, ...] = ()

    def show(self, names: list[str], numbered: tuple[str, ...]) -> None:
        self.beginResetModel()
        self.names, self.numbered = names, numbered
        self.endResetModel()

    def rowCount(self, parent: _AnyIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.names)

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        name = self.names[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role == Qt.ItemDataRole.UserRole:
            return str(self.numbered.index(name) + 1) if name in self.numbered else ""
        return None


class _Row(QStyledItemDelegate):
    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over

    def sizeHint(self, option: QStyleOptionViewItem, index: _AnyIndex) -> QSize:
        return QSize(80, size("row_filter"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        t = tokens_of(self._over)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, t.accent_soft)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, t.hover)
        painter.setFont(font("body"))
        painter.setPen(t.text)
        painter.drawText(
            QRectF(rect).adjusted(12, 0, -36, 0),
            Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
            index.data(),
        )
        digit = index.data(Qt.ItemDataRole.UserRole)
        if digit:
            paint_keycap(painter, digit, rect.right() - 8.0, rect.center().y() + 0.5, t.text_secondary, t.line_strong)


class CategoryPopover(QWidget):
    """A small panel over the canvas: type, or take one with the arrows, a click or its digit.

    Args:
        parent: Over which it lies; it stays inside.
    """

    accepted = Signal(str)
    """The category; the panel is closed already."""
    cancelled = Signal()
    abandoned = Signal()
    """The keyboard went elsewhere while it is open."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._names: tuple[str, ...] = ()
        self._numbered: tuple[str, ...] = ()
        self.title = Label("", "caption-strong", "secondary")
        self.field = Field("Category")
        self._model = _Names(self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Row(self))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("Categories")
        self.list.setProperty("menu", False)
        self.list.setStyleSheet("background: transparent;")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(8, 8, 8, 8)
        self._box.setSpacing(6)
        self._box.addWidget(self.title)
        self._box.addWidget(self.field)
        self._box.addWidget(self.list)
        self.setFixedWidth(_WIDTH_PX)
        self.field.textEdited.connect(lambda _: self._offer())
        self.field.installEventFilter(self)
        self.list.clicked.connect(lambda index: self._accept(index.data()))
        self.hide()

    def ask(self, title: str, near: QRectF, names: Sequence[str], numbered: Sequence[str], preset: str = "") -> None:
        """Opens beside a rectangle and takes the keyboard.

        Args:
            title: What the category is for.
            near: In logical pixels of the parent; the panel does not cover it where there is room.
            names: All categories, the most used first.
            numbered: Those that the digits from 1 give.
            preset: Stands in the field, selected, so that Enter takes it.
        """
        self._names, self._numbered = tuple(names), tuple(numbered)
        self.title.setText(title)
        self.field.setText(preset)
        self._offer(everything=True)
        self._place(near)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def cancel(self) -> None:
        """Closes it without a category."""
        if not self.isHidden():
            self.hide()
            self.cancelled.emit()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Reads the keys of the field."""
        if event.type() is QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            is_away = event.reason() in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
            if not is_away and not self.isHidden():
                self.abandoned.emit()
        if isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.ShortcutOverride and event.key() in _OWN:
                event.accept()
                return True
            if event.type() is QEvent.Type.KeyPress:
                return self._press(event)
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.line_strong, 1))
        painter.setBrush(t.raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def _press(self, event: QKeyEvent) -> bool:
        key, is_all = event.key(), self.field.selectedText() == self.field.text()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            chosen = self.list.currentIndex()
            self._accept(chosen.data() if chosen.isValid() else self.field.text())
        elif key == Qt.Key.Key_Escape:
            self.cancel()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif is_all and event.text().isdigit() and 0 < int(event.text()) <= len(self._numbered):
            self._accept(self._numbered[int(event.text()) - 1])
        else:
            return False
        return True

    def _move(self, by: int) -> None:
        row = self.list.currentIndex().row() + by
        if -1 <= row < self._model.rowCount():
            index = self._model.index(row) if row >= 0 else QModelIndex()
            self.list.setCurrentIndex(index)

    def _offer(self, *, everything: bool = False) -> None:
        names = list(self._names) if everything else fitting(self.field.text(), self._names)
        self._model.show(names, self._numbered)
        self.list.setFixedHeight(size("row_filter") * min(_MOST_ROWS, len(names)))
        self.list.setVisible(bool(names))
        self._box.activate()
        self.resize(_WIDTH_PX, self._box.sizeHint().height())

    def _accept(self, text: str) -> None:
        clean = " ".join(text.lower().split())
        if not clean:
            self.field.set_refused(True)
            return
        self.field.set_refused(False)
        self.hide()
        self.accepted.emit(clean)

    def _place(self, near: QRectF) -> None:
        room = self._over.rect().adjusted(8, 8, -8, -8)
        width, height = self.width(), self.height()
        x = near.right() + 8
        if x + width > room.right():
            x = near.left() - 8 - width
        if x < room.left():
            x = room.right() - width
        y = min(max(near.top(), room.top()), room.bottom() - height)
        self.move(round(x), round(max(room.top(), y)))


_OWN = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Up)
