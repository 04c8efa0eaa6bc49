"""Rows to choose in a small list; the usual one has its text at the left, a key or an aside at the right."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.style.fonts import font
from app.style.tokens import radius, tokens_of
from app.widgets.keycap import key_text, keycap_width, paint_keycap

HEIGHT_PX = 36
_PAD_PX = 10


class RowButton(QAbstractButton):
    """A row of a list that is a button. Enter or a click chooses it; Up and Down go to its neighbours.

    Args:
        text: What is chosen.
        size: Its height stays; it is as wide as its room, and this wide where there is no end to it.
    """

    def __init__(self, text: str, size: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self.setText(text)
        self.setAccessibleName(text)
        self.setFixedHeight(size.height())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return self._size

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.click()
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
            case _:
                super().keyPressEvent(event)


class ChoiceRow(RowButton):
    """One choice, on a line of its own.

    Args:
        text: What is chosen.
        keys: Its key, as a cap at the right.
        aside: Quieter text at the right, where there is no key.
    """

    def __init__(self, text: str, keys: str = "", aside: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, QSize(280, HEIGHT_PX), parent)
        self._keys, self._aside = keys, aside
        if aside:
            self.setAccessibleName(f"{text}, {aside}")
        self.setProperty("rings", False)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.accent_soft if self.hasFocus() else t.hover)
            painter.drawRoundedRect(QRectF(self.rect()), radius("button"), radius("button"))
        right = self.width() - float(_PAD_PX)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        if cap := key_text(self._keys):
            paint_keycap(painter, cap, right, self.height() / 2, t.text_secondary, t.line_strong)
            right -= keycap_width(cap) + 8
        elif self._aside:
            painter.setFont(font("meta"))
            painter.setPen(t.text_secondary)
            width = QFontMetricsF(font("meta")).horizontalAdvance(self._aside) + 2
            painter.drawText(QRectF(right - width, 0, width, self.height()), flags, self._aside)
            right -= width + 12
        painter.setFont(font("body"))
        painter.setPen(t.text)
        room = right - _PAD_PX
        shown = QFontMetricsF(font("body")).elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(_PAD_PX, 0, room, self.height()), flags, shown)
