"""The list of disputed questions, and of those decided about."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.models.chain_words import chain_name
from app.presenters.adjudicate import Disputes
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import radius, tokens_of
from app.thumbnails import Thumbnails, ThumbRequest, cover
from app.views.adjudicate.words import outcome_word, tally_text
from app.widgets.label import wrapped
from hopchain_core.domain.keys import ChainKey
from hopchain_core.project import DisputeRow

_ROW_PX, _HEAD_PX, _THUMB_PX = 80, 32, 56
_VCENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
AnyIndex = QModelIndex | QPersistentModelIndex


class DisputeRole(IntEnum):
    """What an index gives besides texts."""

    ROW = Qt.ItemDataRole.UserRole + 1
    """The `DisputeRow`; None for a heading."""


class DisputeModel(QAbstractListModel):
    """Headings and rows."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._rows: list[DisputeRow | tuple[str, int]] = []

    def show_disputes(self, found: Disputes) -> None:
        """Shows others."""
        rows: list[DisputeRow | tuple[str, int]] = []
        for title, part in (("Disputed", found.waiting), ("Decided", found.settled)):
            if part:
                rows.append((title, len(part)))
                rows += part
        if rows != self._rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def place_of(self, key: ChainKey) -> int:
        """Where a question stands; -1 for nowhere."""
        return next((i for i, row in enumerate(self._rows) if isinstance(row, DisputeRow) and row.key == key), -1)

    def row(self, place: int) -> DisputeRow | tuple[str, int] | None:
        """What stands in a row: a question, or a heading with its count."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if isinstance(self.row(index.row()), DisputeRow):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index.row()) if index.isValid() else None
        match role, row:
            case DisputeRole.ROW, DisputeRow():
                return row
            case Qt.ItemDataRole.DisplayRole, DisputeRow():
                return row.question
            case Qt.ItemDataRole.DisplayRole, (title, _):
                return title
            case Qt.ItemDataRole.AccessibleTextRole, DisputeRow():
                return f"{chain_name(row.number)}: {row.question} {outcome_word(row).text or tally_text(row.tally)}"
        return None


class DisputeList(QListView):
    """Arrows open another question.

    Args:
        model: What is listed.
        thumbnails: Small pictures.
    """

    chosen = Signal(str)
    """Key of the question."""

    def __init__(self, model: DisputeModel, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._disputes = model
        self._thumbnails = thumbnails
        self._is_ours = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setModel(model)
        self.setItemDelegate(_Delegate(self, thumbnails))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName("Disputed questions")
        thumbnails.ready.connect(self._repaint)
        self.selectionModel().currentChanged.connect(self._tell)

    def show_open(self, key: ChainKey | None) -> None:
        """Marks the question that is open."""
        place = -1 if key is None else self._disputes.place_of(key)
        self._is_ours = True
        self.setCurrentIndex(self._disputes.index(place) if place >= 0 else QModelIndex())
        self._is_ours = False

    def paintEvent(self, event: QPaintEvent) -> None:
        requests = []
        for place in range(self._disputes.rowCount()):
            row = self._disputes.row(place)
            if isinstance(row, DisputeRow) and self.visualRect(self._disputes.index(place)).intersects(event.rect()):
                requests.append(ThumbRequest(row.image_key, row.image_path, row.image_width_px, row.image_height_px))
        self._thumbnails.look_at(requests, round(_THUMB_PX * self.devicePixelRatioF()))
        super().paintEvent(event)

    def _repaint(self) -> None:
        self.viewport().update()

    def _tell(self, index: AnyIndex, *_: object) -> None:
        row = self._disputes.row(index.row()) if index.isValid() else None
        if isinstance(row, DisputeRow) and not self._is_ours:
            self.chosen.emit(row.key)


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: DisputeList, thumbnails: Thumbnails) -> None:
        super().__init__(view)
        self._view = view
        self._thumbnails = thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        is_row = isinstance(index.data(DisputeRole.ROW), DisputeRow)
        return QSize(200, _ROW_PX if is_row else _HEAD_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        row = index.data(DisputeRole.ROW)
        painter.save()
        if isinstance(row, DisputeRow):
            self._paint_row(painter, option, row)
        else:
            self._paint_head(painter, option.rect, index)
        painter.restore()

    def _paint_head(self, painter: QPainter, rect: QRect, index: AnyIndex) -> None:
        t = tokens_of(self._view)
        painter.fillRect(rect, t.sunken)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), t.line)
        painter.setFont(font("caption-strong"))
        painter.setPen(t.text_secondary)
        painter.drawText(QRectF(rect).adjusted(16, 0, -16, 0), int(_VCENTER), str(index.data()))
        head = self._view._disputes.row(index.row())
        count = f"{head[1]:,}" if isinstance(head, tuple) else ""
        painter.drawText(QRectF(rect).adjusted(16, 0, -16, 0), int(Qt.AlignmentFlag.AlignRight | _VCENTER), count)

    def _paint_row(self, painter: QPainter, option: QStyleOptionViewItem, row: DisputeRow) -> None:
        t = tokens_of(self._view)
        rect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            has_focus = self._view.hasFocus()
            painter.fillRect(rect, t.accent_soft if has_focus else t.sunken)
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), t.accent if has_focus else t.line_strong)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, t.hover)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), t.line)
        thumb = QRect(rect.left() + 16, rect.top() + 12, _THUMB_PX, _THUMB_PX)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(thumb), radius("image"), radius("image"))
        painter.fillPath(shape, t.sunken)
        found = self._thumbnails.get(row.image_key, round(_THUMB_PX * painter.device().devicePixelRatioF()))
        if found is not None:
            painter.setClipPath(shape)
            painter.drawPixmap(QRectF(thumb), found, QRectF(*cover(found.size(), QSize(thumb.width(), thumb.height()))))
            painter.setClipping(False)
        left = thumb.right() + 13
        width = float(rect.right() - 16 - left)
        painter.setFont(font("body"))
        painter.setPen(t.text)
        for n, line in enumerate(wrapped(row.question, "body", width, 2)):
            painter.drawText(QRectF(left, rect.top() + 10 + 18 * n, width, 18), int(_VCENTER), line)
        facts = QRectF(left, rect.top() + 50, width, 18)
        painter.setFont(font("meta"))
        painter.setPen(t.text_secondary)
        painter.drawText(facts, int(_VCENTER), chain_name(row.number))
        self._paint_end(painter, facts, row)

    def _paint_end(self, painter: QPainter, rect: QRectF, row: DisputeRow) -> None:
        t = tokens_of(self._view)
        metrics = QFontMetricsF(font("meta"))
        word = outcome_word(row)
        text = word.text or tally_text(row.tally)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() - 90)
        width = metrics.horizontalAdvance(text)
        painter.setPen(t.named(word.tone))
        if not word.text:
            chip = QRectF(rect.right() - width - 14, rect.top() - 1, width + 14, 20)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.warn_soft)
            painter.drawRoundedRect(chip, radius("chip"), radius("chip"))
            painter.setPen(t.warn)
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
            return
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignRight | _VCENTER), text)
        paint_icon(
            painter, word.icon, QRectF(rect.right() - width - 18, rect.center().y() - 6, 12, 12), t.named(word.tone)
        )
