"""The log: what happened, line by line, with runs of ordinary lines folded."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.models.event_log import EventLog, Level, LogRole, WarningsOnly
from app.style.fonts import font, line_height
from app.style.icons import paint_icon
from app.style.tokens import tokens_of
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.panel import EmptyState, Ground, PanelHead
from app.widgets.segmented import Segment, Segmented

_AnyIndex = QModelIndex | QPersistentModelIndex
_VCENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_ALL, _WARNINGS = "all", "warnings"


class LogPanel(Ground):
    """The log with its tools: all or warnings, follow the end, copy.

    Args:
        log: What is shown.
    """

    def __init__(self, log: EventLog, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self._log = log
        self._shown = WarningsOnly(log, self)
        self.which = Segmented([Segment(_ALL, "All"), Segment(_WARNINGS, "Warnings")], "Lines shown", is_small=True)
        self.follow = Button("Follow", kind=ButtonKind.QUIET, size_=ButtonSize.SMALL, name="Follow the end")
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.copy = Button("Copy", kind=ButtonKind.QUIET, size_=ButtonSize.SMALL, name="Copy the log")
        self.head = PanelHead("Log", [self.which, self.follow, self.copy])
        self.view = _LogView(log, self._shown)
        self.box.addWidget(self.head)
        self._empty = EmptyState("Nothing happened yet", "What stages do is written here while the window is open.")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.view)
        self.box.addWidget(self._stack, 1)
        self.which.chosen.connect(lambda value: self._shown.set_on(value == _WARNINGS))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(log.text()))
        self.follow.toggled.connect(lambda is_on: self.view.scrollToBottom() if is_on else None)
        self._shown.rowsInserted.connect(lambda *_: self._grew())
        self.view.verticalScrollBar().sliderMoved.connect(lambda _: self._scrolled())
        self.view.scrolled.connect(self._scrolled)

    def _grew(self) -> None:
        warnings = self._log.warnings
        word = f"Warnings {warnings:,}" if warnings else "Warnings"
        self.which.set_segments([Segment(_ALL, "All"), Segment(_WARNINGS, word)])
        self._stack.setCurrentWidget(self.view)
        if self.follow.isChecked():
            self.view.scrollToBottom()

    def _scrolled(self) -> None:
        bar = self.view.verticalScrollBar()
        self.follow.setChecked(bar.value() >= bar.maximum() - 4)


class _LogView(QListView):
    scrolled = Signal()

    def __init__(self, log: EventLog, shown: WarningsOnly) -> None:
        super().__init__()
        self._log = log
        self._proxy = shown
        self.setModel(shown)
        self.setItemDelegate(_LineDelegate(self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAccessibleName("Log")

    def toggle_at(self, index: _AnyIndex) -> bool:
        """Opens or closes the fold at an index, if there is one."""
        if not index.data(LogRole.FOLDED):
            return False
        self._log.toggle(self._proxy.mapToSource(index).row())
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if not (index.isValid() and self.toggle_at(index)):
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.toggle_at(
            self.currentIndex()
        ):
            return
        super().keyPressEvent(event)
        self.scrolled.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event)
        self.scrolled.emit()


class _LineDelegate(QStyledItemDelegate):
    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: _AnyIndex) -> QSize:
        return QSize(200, line_height("log"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        t = tokens_of(self._view)
        rect = QRectF(option.rect)
        painter.save()
        if self._view.selectionModel().isSelected(index):
            painter.fillRect(rect, t.accent_soft)
        text = str(index.data() or "")
        if index.data(LogRole.FOLDED):
            painter.fillRect(QRectF(rect.left() + 16, rect.top(), rect.width() - 32, 1), t.line)
            painter.fillRect(QRectF(rect.left() + 16, rect.bottom() - 1, rect.width() - 32, 1), t.line)
            icon = "chevron-down" if index.data(LogRole.IS_OPEN) else "chevron-right"
            paint_icon(painter, icon, QRectF(rect.left() + 16, rect.center().y() - 6, 12, 12), t.text_tertiary)
            painter.setFont(font("caption"))
            painter.setPen(t.text_tertiary)
            painter.drawText(rect.adjusted(36, 0, -16, 0), int(_VCENTER), text)
            painter.restore()
            return
        level = index.data(LogRole.LEVEL)
        painter.setFont(font("log"))
        metrics = QFontMetricsF(font("log"))
        digit = metrics.horizontalAdvance("0")
        x = rect.left() + 16
        colour = t.warn if level == Level.WARNING else t.text if level == Level.NOTE else t.text_secondary
        for column, width, tone in (
            (str(index.data(LogRole.TIME)), 9.5 * digit, t.text_tertiary),
            (str(index.data(LogRole.SOURCE)), 11.5 * digit, t.warn if level == Level.WARNING else t.text_secondary),
            (text, rect.right() - x - 21 * digit - 8, colour),
        ):
            painter.setPen(tone)
            shown = metrics.elidedText(column, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRectF(x, rect.top(), width, rect.height()), int(_VCENTER), shown)
            x += width
        painter.restore()
