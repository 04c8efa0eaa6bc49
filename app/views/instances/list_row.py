"""Paints a row of the list of instances: eye, colour and name, score, area."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, QStringListModel, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.models.instance_list import InstanceColumn, InstanceRole, InstanceRow
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import Tokens, size, tokens_of
from app.views.instances.category_field import category_completer
from hopchain_core.domain.keys import InstanceKey

_AnyIndex = QModelIndex | QPersistentModelIndex
LOW_SCORE = 0.6
"""Below it a score is worth a second look. Chosen."""
SWATCH_PX = 9.0
_BAR_WIDTH_PX, _BAR_HEIGHT_PX = 36.0, 4.0
_BAR_AND_FIGURE_PX = 92.0


class InstanceDelegate(QStyledItemDelegate):
    """Paints cells, and edits the category in place.

    Args:
        view: The list; asked for colours of the theme.
        colour_of: Gives the colour of an instance on the picture.
    """

    def __init__(self, view: QWidget, colour_of: Callable[[InstanceKey], QColor]) -> None:
        super().__init__(view)
        self._view = view
        self._colour_of = colour_of
        self.hovered: InstanceKey | None = None
        self.names = QStringListModel(self)

    def sizeHint(self, option: QStyleOptionViewItem, index: _AnyIndex) -> QSize:
        return QSize(40, size("row_dense"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        row: InstanceRow | None = index.data(InstanceRole.ROW)
        if row is None:
            return
        t = tokens_of(self._view)
        rect: QRect = option.rect
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = t.accent_soft if is_selected else t.hover if row.key == self.hovered else None
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if ground is not None:
            painter.fillRect(rect, ground)
        match index.column():
            case InstanceColumn.EYE:
                if is_selected:
                    painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), t.accent)
                self._paint_eye(painter, rect, row, t)
            case InstanceColumn.NAME:
                self._paint_name(painter, rect, row, t)
            case InstanceColumn.SCORE:
                self._paint_score(painter, QRectF(rect), row, t, is_selected=is_selected)
            case _:
                painter.setFont(font("meta"))
                painter.setPen(t.text_tertiary if row.is_hidden else t.text_secondary)
                painter.drawText(QRectF(rect).adjusted(0, 0, -12, 0), _RIGHT, str(index.data()))
        painter.restore()

    def _paint_eye(self, painter: QPainter, rect: QRect, row: InstanceRow, t: Tokens) -> None:
        is_hot = row.key == self.hovered
        colour = t.text_secondary if is_hot or not row.is_hidden else t.text_tertiary
        place = QRectF(rect.right() - 24, rect.center().y() - 7.5, 16, 16)
        paint_icon(painter, "eye-off" if row.is_hidden else "eye", place, colour)

    def _paint_name(self, painter: QPainter, rect: QRect, row: InstanceRow, t: Tokens) -> None:
        swatch = QRectF(rect.left() + 6, rect.center().y() + 0.5 - SWATCH_PX / 2, SWATCH_PX, SWATCH_PX)
        paint_swatch(painter, swatch, self._colour_of(row.key), t, is_hollow=row.is_hidden)
        room = QRectF(rect).adjusted(24, 0, -4, 0)
        painter.setFont(font("body"))
        painter.setPen(t.text_tertiary if row.is_hidden else t.text)
        metrics = QFontMetricsF(font("body"))
        words = " ".join(
            word for word, is_so in (("crowd", row.instance.is_crowd), ("box", row.instance.mask is None)) if is_so
        )
        side = QFontMetricsF(font("caption")).horizontalAdvance(words) + 8 if words else 0.0
        name = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, room.width() - side)
        painter.drawText(room, _LEFT, name)
        if words:
            painter.setFont(font("caption"))
            painter.setPen(t.text_tertiary)
            painter.drawText(room.adjusted(metrics.horizontalAdvance(name) + 8, 0, 0, 0), _LEFT, words)

    def _paint_score(self, painter: QPainter, rect: QRectF, row: InstanceRow, t: Tokens, *, is_selected: bool) -> None:
        score = row.score
        painter.setFont(font("meta"))
        if score is None:
            painter.setPen(t.text_tertiary)
            painter.drawText(rect.adjusted(0, 0, -8, 0), _RIGHT, "–")
            return
        is_low = score < LOW_SCORE
        bar = QRectF(
            rect.right() - _BAR_AND_FIGURE_PX + 8, rect.center().y() - _BAR_HEIGHT_PX / 2, _BAR_WIDTH_PX, _BAR_HEIGHT_PX
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.track)
        painter.drawRoundedRect(bar, 2, 2)
        painter.setBrush(t.warn if is_low else t.accent if is_selected else t.text_tertiary)
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), max(2.0, bar.width() * score), bar.height()), 2, 2)
        painter.setPen(t.warn if is_low else t.text_tertiary if row.is_hidden else t.text)
        painter.drawText(rect.adjusted(0, 0, -8, 0), _RIGHT, f"{score:.2f}")

    # Editing

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _AnyIndex) -> QWidget:
        editor = QLineEdit(parent)
        editor.setProperty("small", True)
        editor.setAccessibleName("Category")
        completer = category_completer(self.names, editor)
        editor.setCompleter(completer)

        def take() -> None:
            # While the list of completions is open Enter reaches the field only, not what ends editing.
            if (popup := completer.popup()) is not None and popup.isVisible():
                self.commitData.emit(editor)
                self.closeEditor.emit(editor)

        editor.returnPressed.connect(take)
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        rect: QRect = option.rect
        editor.setGeometry(rect.adjusted(18, 1, -2, -1))


def paint_swatch(painter: QPainter, rect: QRectF, colour: QColor, t: Tokens, *, is_hollow: bool = False) -> None:
    """Paints the square that stands for an instance's colour."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if is_hollow:
        painter.setPen(QPen(t.text_tertiary, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
    else:
        # A light colour on a light ground needs an edge to be seen.
        painter.setPen(Qt.PenStyle.NoPen if t.is_dark else QPen(QColor(0, 0, 0, 70), 1))
        painter.setBrush(colour)
        inset = 0.0 if t.is_dark else 0.5
        painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), 2, 2)
    painter.restore()


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
