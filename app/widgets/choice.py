"""Check boxes and drop-down lists."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QListView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import Tokens, radius, size, tokens_of

_BOX_PX = 16.0


def paint_check(
    painter: QPainter,
    rect: QRectF,
    t: Tokens,
    *,
    is_checked: bool,
    is_hot: bool = False,
    is_over_picture: bool = False,
) -> None:
    """Paints the box of a check box, 16 logical pixels, into the middle of a rectangle.

    Over a picture the empty box is white with a dark edge in either theme, for the picture may be of any colour.
    """
    box = QRectF(0, 0, _BOX_PX, _BOX_PX)
    box.moveCenter(rect.center())
    # On whole pixels, so that its edge is sharp.
    box.moveTo(QPointF(round(box.left()), round(box.top())))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if is_checked:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.accent_hover if is_hot else t.accent)
        painter.drawRoundedRect(box, 3, 3)
        paint_icon(painter, "check", box.adjusted(2, 2, -2, -2), t.on_accent)
    else:
        edge = QColor(16, 17, 22, 160) if is_over_picture else t.text_tertiary if is_hot else t.line_strong
        painter.setPen(QPen(edge, 1))
        painter.setBrush(QColor(255, 255, 255, 255 if is_hot else 225) if is_over_picture else t.surface)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.restore()


class CheckBox(QAbstractButton):
    """A box to check, with its text.

    Args:
        text: What is on when it is checked.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        text = QFontMetricsF(font("body")).horizontalAdvance(self.text())
        return QSize(round(_BOX_PX + (8 + text + 1 if self.text() else 0)), 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        if not self.isEnabled():
            painter.setOpacity(0.42)
        box = QRectF(0, 0, _BOX_PX, self.height())
        paint_check(painter, box, t, is_checked=self.isChecked(), is_hot=self.underMouse() and self.isEnabled())
        painter.setFont(font("body"))
        painter.setPen(t.text)
        painter.drawText(
            QRectF(_BOX_PX + 8, 0, self.width() - _BOX_PX - 8, self.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
            self.text(),
        )


class _Rows(QStyledItemDelegate):
    """Rows of an opened list as high as those of a menu."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hint = super().sizeHint(option, index)
        is_line = index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "separator"
        return hint if is_line else QSize(hint.width(), max(hint.height(), size("row_filter")))


class Select(QComboBox):
    """A drop-down list in the studio's look.

    Args:
        name: What is being chosen, for screen readers.
        is_quiet: Without an edge, as in tool rows.
        icon: Before the text.
    """

    def __init__(
        self, name: str = "", *, is_quiet: bool = False, icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._is_quiet = is_quiet
        self._icon_name = icon
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFont(font("label" if is_quiet else "body"))
        self.setView(QListView(self))
        self.setItemDelegate(_Rows(self))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        texts = [self.itemText(i) for i in range(self.count())]
        widest = max((metrics.horizontalAdvance(text) for text in texts), default=60.0)
        return QSize(round(widest + 12 + 32 + (24 if self._icon_name else 0)), size("field"))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 96), size("field"))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.42)
        is_hot = self.underMouse() and self.isEnabled()
        rect = QRectF(self.rect())
        if self._is_quiet:
            if is_hot:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(t.hover)
                painter.drawRoundedRect(rect, radius("button"), radius("button"))
        else:
            painter.setPen(QPen(t.text_tertiary if is_hot else t.line_strong, 1))
            painter.setBrush(t.surface)
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius("button"), radius("button"))
        x = 12.0
        if self._icon_name:
            paint_icon(painter, self._icon_name, QRectF(x, self.height() / 2 - 8, 16, 16), t.text)
            x += 24
        room = self.width() - x - 28
        painter.setFont(self.font())
        painter.setPen(t.text)
        painter.drawText(
            QRectF(x, 0, room, self.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
            QFontMetricsF(self.font()).elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room),
        )
        paint_icon(painter, "chevron-down", QRectF(self.width() - 24, self.height() / 2 - 8, 16, 16), t.text_tertiary)
