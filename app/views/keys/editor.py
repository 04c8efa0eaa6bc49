"""The shortcut editor: press other keys; conflicts are shown before anything is taken away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QKeyCombination,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.presenters.keys import KeyGroup, KeyRow
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import Tokens, radius, size, tokens_of, tokens_of_palette
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.dialog import Dialog
from app.widgets.field import Field
from app.widgets.keycap import key_text, keycap_width, paint_keycap
from app.widgets.label import Label

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ROW_PX = 32
_HEAD_PX = 36
_MODIFIERS = frozenset(
    {Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr, Qt.Key.Key_unknown}
)


class KeyModel(QAbstractListModel):
    """Actions with their keys, in groups."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[KeyRow] = []

    def show_groups(self, groups: Sequence[KeyGroup]) -> None:
        """Shows others."""
        self.beginResetModel()
        self._rows = [row for group in groups for row in group.rows]
        self.endResetModel()

    def row(self, index: int) -> KeyRow | None:
        """What stands in a row."""
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def row_of(self, action_id: str) -> int:
        """Where an action stands; -1 for nowhere."""
        return next((i for i, row in enumerate(self._rows) if row.id == action_id), -1)

    def heading_at(self, index: int) -> str:
        """The heading above a row; empty for none."""
        group = self._rows[index].group
        return "" if index and self._rows[index - 1].group == group else group

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row(index.row())
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            keys = ", ".join(key_text(key) for key in row.keys) or "no shortcut"
            return f"{row.text}: {keys}"
        if role == Qt.ItemDataRole.ToolTipRole and row.conflicts:
            return f"Also: {', '.join(row.conflicts)}"
        return None


class _Delegate(QStyledItemDelegate):
    def __init__(self, model: KeyModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(200, _ROW_PX + (_HEAD_PX if self._model.heading_at(index.row()) else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = self._model.row(index.row())
        if row is None:
            return
        t = tokens_of_palette(option.palette)
        painter.save()
        rect = QRectF(option.rect)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        if heading := self._model.heading_at(index.row()):
            painter.setFont(font("caption-strong"))
            painter.setPen(t.text_secondary)
            painter.drawText(QRectF(rect.left() + 12, rect.top() + 8, rect.width(), _HEAD_PX - 8), flags, heading)
            rect.setTop(rect.top() + _HEAD_PX)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, t.accent_soft)
            painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), t.accent)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, t.hover)
        painter.setFont(font("body"))
        painter.setPen(t.text)
        painter.drawText(QRectF(rect.left() + 12, rect.top(), rect.width() - 24, rect.height()), flags, row.text)
        self._paint_keys(painter, row, rect, t)
        painter.restore()

    @staticmethod
    def _paint_keys(painter: QPainter, row: KeyRow, rect: QRectF, t: Tokens) -> None:
        right = rect.right() - 12
        for keys in reversed(row.keys):
            cap = key_text(keys)
            colour = t.accent if row.is_own else t.text_secondary
            paint_keycap(painter, cap, right, rect.center().y(), colour, t.line_strong)
            right -= keycap_width(cap) + 6
        if not row.keys:
            painter.setFont(font("meta"))
            painter.setPen(t.text_tertiary)
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(QRectF(rect.left(), rect.top(), right - rect.left(), rect.height()), flags, "none")
            right -= 36
        if row.conflicts:
            paint_icon(painter, "warning", QRectF(right - 20, rect.center().y() - 8, 16, 16), t.warn)


class KeyCapture(QWidget):
    """Waits for keys to be pressed and says which."""

    captured = Signal(str)
    """Portable text of what was pressed."""
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(size("field"))
        self.setMinimumWidth(240)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setProperty("rings", False)
        self.setAccessibleName("Press the new keys")

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            # Before Qt takes Tab for itself.
            self._take(event)
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.given_up.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.accent, 2))
        painter.setBrush(t.surface)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius("button"), radius("button"))
        painter.setFont(font("body"))
        painter.setPen(t.text_secondary)
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, "Press the new keys; Esc leaves them")

    def _take(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _MODIFIERS:
            return
        if key == Qt.Key.Key_Escape and not event.modifiers():
            self.given_up.emit()
            return
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        text = event.text()
        # A sign such as ? is what it is, however it is typed.
        if text and text.isprintable() and not text.isalnum() and not text.isspace():
            modifiers &= ~Qt.KeyboardModifier.ShiftModifier
        keys = QKeySequence(QKeyCombination(modifiers, key))
        self.captured.emit(keys.toString(QKeySequence.SequenceFormat.PortableText))


class KeyEditor(Dialog):
    """All actions with their shortcuts; what is changed holds at once.

    Args:
        parent: The window.
    """

    asked = Signal(str)
    """Something else is searched for."""
    proposed = Signal(str, str, bool)
    """(action id, keys, in addition)."""
    taken_over = Signal(str, str, bool)
    """As `proposed`, and whoever has the keys loses them."""
    cleared = Signal(str)
    reset = Signal(str)
    """Of one action; of all when empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Shortcuts", width_px=640, parent=parent)
        self.setMinimumHeight(640)
        self.search = Field("Action or key", icon="search")
        self.model = KeyModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(_Delegate(self.model, self.list))
        self.list.setAccessibleName("Actions and their shortcuts")
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.capture = KeyCapture()
        self.capture.hide()
        self.change = Button("Change", "keyboard", size_=ButtonSize.NORMAL, keys="Return")
        self.add = Button("Add", "plus")
        self.clear = Button("Take away", "cross")
        self.reset_one = Button("Default", "history")
        self.word = Label("", "meta", "warn", wraps=True)
        self.use = Button("Use it here", kind=ButtonKind.PRIMARY, size_=ButtonSize.SMALL)
        self.keep = Button("Leave it", size_=ButtonSize.SMALL)
        self._adds = False
        self._pending: tuple[str, str] | None = None
        self._lay_out()
        self.add_button("All to defaults", is_left=True, closes=False).clicked.connect(lambda: self.reset.emit(""))
        self.add_button("Done", ButtonKind.PRIMARY)
        self.search.textChanged.connect(self.asked)
        self.list.activated.connect(lambda _: self._begin(adds=False))
        self.list.selectionModel().currentChanged.connect(lambda *_: self._tell())
        self.change.clicked.connect(lambda: self._begin(adds=False))
        self.add.clicked.connect(lambda: self._begin(adds=True))
        self.clear.clicked.connect(lambda: self.cleared.emit(self._current_id()))
        self.reset_one.clicked.connect(lambda: self.reset.emit(self._current_id()))
        self.capture.captured.connect(self._take)
        self.capture.given_up.connect(self._give_up)
        self.use.clicked.connect(self._take_over)
        self.keep.clicked.connect(lambda: self._say(""))
        self._say("")

    def show_groups(self, groups: Sequence[KeyGroup]) -> None:
        """Shows these; what was chosen stays chosen where it is still there."""
        chosen = self._current_id()
        self.model.show_groups(groups)
        row = max(0, self.model.row_of(chosen))
        if self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(row, 0))
        self._tell()

    def show_conflict(self, action_id: str, keys: str, users: str) -> None:
        """Says who has these keys already; the person decides."""
        self._pending = (action_id, keys)
        self._say(f"{key_text(keys)} is {users} already.", asks=True)
        self.use.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose(self, action_id: str) -> None:
        """Goes to an action."""
        row = self.model.row_of(action_id)
        if row >= 0:
            self.list.setCurrentIndex(self.model.index(row, 0))

    def press_main(self) -> None:
        # Enter changes the shortcut at hand while the list has the keyboard.
        if self.list.hasFocus():
            self._begin(adds=False)
        else:
            super().press_main()

    def _lay_out(self) -> None:
        self.box.setSpacing(8)
        self.box.addWidget(self.search)
        self.box.addWidget(self.list, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        for part in (self.change, self.add, self.clear, self.reset_one):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.capture)
        self.box.addLayout(row)
        words = QHBoxLayout()
        words.addWidget(self.word, 1)
        words.addWidget(self.use)
        words.addWidget(self.keep)
        self.box.addLayout(words)

    def _current_id(self) -> str:
        row = self.model.row(self.list.currentIndex().row())
        return row.id if row is not None else ""

    def _begin(self, *, adds: bool) -> None:
        if self._current_id():
            self._adds = adds
            self._say("")
            self.capture.show()
            self.capture.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, keys: str) -> None:
        self.capture.hide()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.proposed.emit(self._current_id(), keys, self._adds)

    def _take_over(self) -> None:
        if self._pending is not None:
            action_id, keys = self._pending
            self._say("")
            self.taken_over.emit(action_id, keys, self._adds)

    def _give_up(self) -> None:
        if self.capture.isVisible():
            self.capture.hide()
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, text: str, *, asks: bool = False) -> None:
        if not asks:
            self._pending = None
        self.word.setText(text)
        for part in (self.word, self.use, self.keep):
            part.setVisible(bool(text))

    def _tell(self) -> None:
        row = self.model.row(self.list.currentIndex().row())
        for part in (self.change, self.add):
            part.setEnabled(row is not None)
        self.clear.setEnabled(row is not None and bool(row.keys))
        self.reset_one.setEnabled(row is not None and row.is_own)
        if row is not None and row.conflicts and self._pending is None:
            self._say(f"Also {' and '.join(f'“{c}”' for c in row.conflicts)} in the same place.")
            self.use.hide()
            self.keep.hide()
        elif self._pending is None:
            self._say("")
