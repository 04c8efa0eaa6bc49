"""The palette as an overlay: a field, and what fits."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.presenters.palette import PaletteEntry
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import tokens_of_palette
from app.widgets.field import Field
from app.widgets.keycap import key_text, keycap_width, paint_keycap
from app.widgets.label import Label
from app.widgets.overlay import Overlay
from app.widgets.panel import Line

_ROW_PX = 36
_SECTION_PX = 24
_MOST_ROWS = 11
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
            return ", ".join(filter(None, (entry.title, entry.detail, key_text(entry.keys))))
        return None


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
            painter.drawText(QRectF(rect.left() + 12, rect.top(), rect.width(), _SECTION_PX), flags, section)
            rect.setTop(rect.top() + _SECTION_PX)
        row = rect.adjusted(4, 1, -4, -1)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.accent_soft)
            painter.drawRoundedRect(row, 6, 6)
        if not entry.is_enabled:
            painter.setOpacity(0.42)
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
            detail = metrics.elidedText(entry.detail, Qt.TextElideMode.ElideMiddle, 160)
            width = metrics.horizontalAdvance(detail)
            painter.setFont(font("meta"))
            painter.setPen(t.text_tertiary)
            painter.drawText(QRectF(right - width, row.top(), width + 1, row.height()), flags, detail)
            right -= width + 12
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: _MOST_ROWS,
            Qt.Key.Key_PageUp: -_MOST_ROWS,
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
    """Search or run a command.

    Args:
        window: What it lies over.
    """

    asked = Signal(str)
    """Something else was typed."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, 640, 72)
        self.setAccessibleName("Palette")
        self.field = _Field("Search or run a command", icon="search")
        self.field.setProperty("bare", True)
        self.field.setFixedHeight(48)
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
        self.list.setProperty("menu", False)
        self.list.setStyleSheet("QListView { background: transparent; }")
        self._none = Label("Nothing fits.", "body", "tertiary")
        self._none.setContentsMargins(16, 12, 16, 12)
        self.box.addWidget(self.field)
        self.box.addWidget(Line())
        self.box.addWidget(self._none)
        self.box.addWidget(self.list, 1)
        self.field.textChanged.connect(self.asked)
        self.field.moved.connect(self._move)
        self.field.entered.connect(lambda: self._run(self.list.currentIndex().row()))
        self.list.clicked.connect(lambda index: self._run(index.row()))
        self.list.entered.connect(self.list.setCurrentIndex)
        self.opened.connect(self._begin)

    def show_entries(self, entries: Sequence[PaletteEntry]) -> None:
        """Shows what fits."""
        self.model.show_entries(entries)
        self.list.setCurrentIndex(self.model.index(0, 0))
        self._none.setVisible(not entries)
        self.list.setVisible(bool(entries))
        self.place()

    def first_focus(self) -> QWidget:
        return self.field

    def panel_height(self) -> int:
        rows = self.model.rowCount()
        sections = sum(bool(self.model.section_at(row)) for row in range(rows))
        if not rows:
            return 50 + self._none.sizeHint().height()
        return 56 + min(rows, _MOST_ROWS) * _ROW_PX + min(sections, 3) * _SECTION_PX

    def _begin(self) -> None:
        self.field.clear()
        self.asked.emit("")

    def _move(self, step: int) -> None:
        rows = self.model.rowCount()
        if rows:
            at = self.list.currentIndex().row() + step
            wraps = abs(step) == 1
            row = at % rows if wraps else max(0, min(rows - 1, at))
            self.list.setCurrentIndex(self.model.index(row, 0))

    def _run(self, row: int) -> None:
        entry = self.model.entry(row)
        if entry is None or not entry.is_enabled:
            return
        # First out of the way: what runs may want the keyboard.
        self.close_overlay()
        entry.run()
