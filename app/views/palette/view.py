"""The palette as an overlay: a field, and what fits."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.presenters.palette import PaletteEntry
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import tokens_of, tokens_of_palette
from app.widgets.field import Field
from app.widgets.keycap import KeyCap, key_text, keycap_width, paint_keycap
from app.widgets.label import Label
from app.widgets.overlay import Overlay
from app.widgets.panel import Line

_FIELD_PX = 40
_ROW_PX = 36
_SECTION_PX = 28
_FOOT_PX = 32
_LIST_PX = 432
_PAGE = 10
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class EntryModel(QAbstractListModel):
    """The entries as a flat list; the first of a section bears its name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: list[PaletteEntry] = []

    def show_entries(self, entries: Sequence[PaletteEntry]) -> None:
        """Shows others."""
        self.beginResetModel()
        self._entries = list(entries)
        self.endResetModel()

    def entry(self, row: int) -> PaletteEntry | None:
        """The one in a row."""
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def section_at(self, row: int) -> str:
        """Name of the section that begins in a row; empty elsewhere."""
        if row and self._entries[row - 1].section == self._entries[row].section:
            return ""
        return self._entries[row].section

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entry(index.row())
        if entry is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(entry)
        return None


def spoken(entry: PaletteEntry) -> str:
    """An entry as a screen reader says it."""
    state = "" if entry.is_enabled else "not now"
    return ", ".join(filter(None, (entry.title, state, entry.detail, key_text(entry.keys))))


class _Delegate(QStyledItemDelegate):
    def __init__(self, model: EntryModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        head = _SECTION_PX if self._model.section_at(index.row()) else 0
        return QSize(200, _ROW_PX + head)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        entry = self._model.entry(index.row())
        if entry is None:
            return
        t = tokens_of_palette(option.palette)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        if section := self._model.section_at(index.row()):
            painter.setFont(font("caption-strong"))
            painter.setPen(t.text_tertiary)
            painter.drawText(QRectF(rect.left() + 12, rect.top() + 4, rect.width(), _SECTION_PX - 4), flags, section)
            rect.setTop(rect.top() + _SECTION_PX)
        row = rect.adjusted(4, 1, -4, -1)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.accent_soft)
            painter.drawRoundedRect(row, 6, 6)
        # What cannot be done now is faint, but why it cannot is there to be read.
        faint = 1.0 if entry.is_enabled else 0.42
        painter.setOpacity(faint)
        x = row.left() + 8
        if entry.icon:
            paint_icon(painter, entry.icon, QRectF(x, row.center().y() - 8, 16, 16), t.text_secondary)
        x += 28
        right = row.right() - 8
        if cap := key_text(entry.keys):
            paint_keycap(painter, cap, right, row.center().y(), t.text_secondary, t.line_strong)
            right -= keycap_width(cap) + 12
        if entry.detail:
            metrics = QFontMetricsF(font("meta"))
            detail = metrics.elidedText(entry.detail, Qt.TextElideMode.ElideMiddle, 220)
            width = metrics.horizontalAdvance(detail)
            painter.setFont(font("meta"))
            painter.setOpacity(1.0)
            painter.setPen(t.text_tertiary)
            painter.drawText(QRectF(right - width, row.top(), width + 1, row.height()), flags, detail)
            right -= width + 12
            painter.setOpacity(faint)
        self._paint_title(painter, entry, QRectF(x, row.top(), right - x, row.height()), t.text, t.accent)
        painter.restore()

    @staticmethod
    def _paint_title(painter: QPainter, entry: PaletteEntry, rect: QRectF, plain: object, meant: object) -> None:
        metrics = QFontMetricsF(font("body"))
        title = " ".join(entry.title.split())
        positions = set(entry.positions) if title == entry.title else set()
        shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, rect.width())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        x = rect.left()
        start = 0
        while start < len(shown):
            is_meant = start in positions
            end = start + 1
            while end < len(shown) and (end in positions) == is_meant:
                end += 1
            role = "label" if is_meant else "body"
            painter.setFont(font(role))
            painter.setPen(meant if is_meant else plain)
            part = shown[start:end]
            width = QFontMetricsF(font(role)).horizontalAdvance(part)
            painter.drawText(QRectF(x, rect.top(), width + 2, rect.height()), flags, part)
            x += width
            start = end


class _Field(Field):
    moved = Signal(int)
    entered = Signal()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _FIELD_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _FIELD_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: _PAGE,
            Qt.Key.Key_PageUp: -_PAGE,
        }.get(Qt.Key(event.key()))
        if step is not None:
            self.moved.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            # One Esc closes, whatever was typed.
            event.ignore()
        else:
            super().keyPressEvent(event)


class PaletteView(Overlay):
    """Search or run a command. It opens where the search box of the top bar is.

    Args:
        window: What it lies over.
    """

    asked = Signal(str)
    """Something else was typed."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "Search and commands", 640, 4)
        self.setAccessibleName("Palette")
        self.field = _Field("Search or run a command", icon="search")
        self.field.setProperty("bare", True)
        self.field.setTextMargins(36, 0, 12, 0)
        self.field.setFont(font("question"))
        self.model = EntryModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(_Delegate(self.model, self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setMouseTracking(True)
        self.list.setAccessibleName("What fits")
        self.list.setProperty("ground", "raised")
        self._was_moved = False
        self._none = Label("Nothing fits.", "body", "tertiary")
        self._none.setContentsMargins(16, 12, 16, 12)
        self.box.addWidget(self.field)
        self.box.addWidget(Line())
        self.box.addWidget(self._none)
        self.box.addWidget(self.list, 1)
        self.box.addWidget(_Foot())
        self.field.textChanged.connect(self.asked)
        self.field.moved.connect(self._move)
        self.field.entered.connect(lambda: self._run(self.list.currentIndex().row()))
        self.list.clicked.connect(lambda index: self._run(index.row()))
        self.list.entered.connect(self._point_at)
        self.list.selectionModel().currentChanged.connect(self._tell)
        self.opened.connect(self._begin)

    def show_entries(self, entries: Sequence[PaletteEntry]) -> None:
        """Shows what fits; what was chosen stays chosen while it is only joined by others."""
        before = self.model.entry(self.list.currentIndex().row())
        self.model.show_entries(entries)
        row = 0
        if before is not None and self._was_moved:
            same = (i for i, e in enumerate(entries) if (e.section, e.title) == (before.section, before.title))
            row = next(same, 0)
        self._choose(row)
        self._none.setVisible(not entries)
        self.list.setVisible(bool(entries))
        self.place()

    def first_focus(self) -> QWidget:
        return self.field

    def panel_height(self) -> int:
        rows = self.model.rowCount()
        sections = sum(bool(self.model.section_at(row)) for row in range(rows))
        body = rows * _ROW_PX + sections * _SECTION_PX + 4 if rows else self._none.sizeHint().height()
        return _FIELD_PX + 1 + min(body, _LIST_PX) + _FOOT_PX + 2

    def _begin(self) -> None:
        self._was_moved = False
        # Emptying an empty field says nothing; the question is asked all the same.
        with QSignalBlocker(self.field):
            self.field.clear()
        self.asked.emit("")
        self.list.scrollToTop()

    def _move(self, step: int) -> None:
        rows = self.model.rowCount()
        if rows:
            at = self.list.currentIndex().row() + step
            wraps = abs(step) == 1
            self._was_moved = True
            self._choose(at % rows if wraps else max(0, min(rows - 1, at)))

    def _choose(self, row: int) -> None:
        index = self.model.index(row, 0)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)
        if row == 0:
            self.list.scrollToTop()

    def _point_at(self, index: QModelIndex) -> None:
        self._was_moved = True
        self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _tell(self) -> None:
        entry = self.model.entry(self.list.currentIndex().row())
        self.field.setAccessibleDescription(spoken(entry) if entry is not None else "")

    def _run(self, row: int) -> None:
        entry = self.model.entry(row)
        if entry is None or not entry.is_enabled:
            return
        # First out of the way: what runs may want the keyboard.
        self.close_overlay()
        entry.run()


class _Foot(QWidget):
    """Which keys move here."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(_FOOT_PX)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(6)
        for keys, text in (("Up", "Down"), "choose"), (("Return",), "run"), (("Esc",), "close"):
            for key in keys:
                layout.addWidget(KeyCap(key))
            layout.addWidget(Label(text, "caption", "tertiary"))
            layout.addSpacing(10)
        layout.addStretch(1)
        layout.addWidget(Label("Commands, spaces, categories, pictures, chains (C-12)", "caption", "tertiary"))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(0, 0, self.width(), 1, tokens_of(self).line)
