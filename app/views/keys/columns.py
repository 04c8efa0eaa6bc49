"""All keys in columns, painted: hundreds of rows that follow what is typed at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.presenters.keys import KeyGroup, KeyRow
from app.style.fonts import font
from app.style.tokens import Tokens, tokens_of
from app.widgets.keycap import key_text, keycap_width, paint_keycap

COLUMNS = 3
_ROW_PX = 28
_HEADING_PX = 28
_GAP_PX = 20
_BETWEEN_PX = 40
_FLAGS = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


@dataclass(frozen=True, slots=True)
class _Placed:
    """A group and where it stands."""

    group: KeyGroup
    column: int
    top: int


class KeyColumns(QWidget):
    """Groups of keys in three columns, as even as they get while each group stays whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._placed: list[_Placed] = []
        self._height = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Keys")

    def show_groups(self, groups: Sequence[KeyGroup]) -> None:
        """Shows these."""
        heights = [0] * COLUMNS
        self._placed = []
        for group in groups:
            column = heights.index(min(heights))
            self._placed.append(_Placed(group, column, heights[column]))
            heights[column] += _HEADING_PX + _ROW_PX * len(group.rows) + _GAP_PX
        self._height = max(0, max(heights) - _GAP_PX)
        self.setFixedHeight(self._height)
        self.setAccessibleDescription("\n".join(f"{group.title}: {_spoken(group)}." for group in groups))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(880, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = (self.width() - _BETWEEN_PX * (COLUMNS - 1)) / COLUMNS
        shown = QRectF(event.rect())
        for placed in self._placed:
            x = placed.column * (width + _BETWEEN_PX)
            y = float(placed.top)
            painter.setFont(font("caption-strong"))
            painter.setPen(t.text_tertiary if placed.group.is_elsewhere else t.text_secondary)
            title = f"In {placed.group.title}" if placed.group.is_elsewhere else placed.group.title
            painter.drawText(QRectF(x, y, width, _HEADING_PX), _FLAGS, title)
            y += _HEADING_PX
            for index, row in enumerate(placed.group.rows):
                rect = QRectF(x, y + index * _ROW_PX, width, _ROW_PX)
                if rect.intersects(shown):
                    _paint_row(painter, rect, row, t)


def _paint_row(painter: QPainter, rect: QRectF, row: KeyRow, t: Tokens) -> None:
    right = rect.right()
    middle = rect.center().y()
    for index, cap in reversed(list(enumerate(_caps(row)))):
        paint_keycap(painter, cap, right, middle, t.accent if row.is_own else t.text_secondary, t.line_strong)
        right -= keycap_width(cap) + 6
        if index:
            right = _paint_word(painter, rect, right, "or", t)
    if row.is_held:
        right = _paint_word(painter, rect, right, "hold", t)
    metrics = QFontMetricsF(font("body"))
    painter.setFont(font("body"))
    painter.setPen(t.text)
    room = right - rect.left() - 8
    words = metrics.elidedText(row.text, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QRectF(rect.left(), rect.top(), room, rect.height()), _FLAGS, words)
    painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), t.line)


def _paint_word(painter: QPainter, rect: QRectF, right: float, word: str, t: Tokens) -> float:
    painter.setFont(font("caption"))
    painter.setPen(t.text_tertiary)
    width = QFontMetricsF(font("caption")).horizontalAdvance(word)
    painter.drawText(QRectF(right - width, rect.top(), width + 1, rect.height()), _FLAGS, word)
    return right - width - 6


def _caps(row: KeyRow) -> list[str]:
    # Return and the Enter of the keypad look alike.
    return list(dict.fromkeys(key_text(keys) for keys in row.keys))


def _spoken(group: KeyGroup) -> str:
    return ", ".join(f"{row.text} {' or '.join(_caps(row))}" for row in group.rows)
