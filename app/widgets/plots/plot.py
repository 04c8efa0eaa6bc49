"""What all charts share: marks that mouse and keyboard reach, words for each, and a name with all figures."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from app.style.fonts import font
from app.style.tokens import Tokens, tokens_of

_VCENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class Plot(QWidget):
    """A chart of marks, each with a sentence. Arrows go from mark to mark, Enter or a click chooses one.

    A subclass says where its marks are (`_places`), what they say (`_words`) and paints them (`_paint`).

    Args:
        name: What is shown, for screen readers.
        is_upright: Up and Down go from mark to mark instead of Left and Right.
    """

    chosen = Signal(int)
    """A person wants to see what is behind this mark."""

    def __init__(self, name: str, *, is_upright: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._is_upright = is_upright
        self._hot = -1
        self._current = -1
        self._selected: frozenset[int] = frozenset()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        # The mark is ringed, not the whole chart.
        self.setProperty("rings", False)
        self.setAccessibleName(name)

    # For subclasses

    def _places(self) -> Sequence[QRectF]:
        """Where each mark is reached, in the order of the keyboard."""
        return ()

    def _words(self) -> Sequence[str]:
        """What each mark says."""
        return ()

    def _paint(self, painter: QPainter, t: Tokens) -> None:
        """Paints everything but the ring."""

    def _is_choosable(self, index: int) -> bool:
        """Whether there is something behind a mark."""
        return True

    def _changed(self) -> None:
        """Other marks are shown: tells, lays out and paints again."""
        words = self._words()
        self._current = min(self._current, len(words) - 1)
        self._hot = -1
        self.setAccessibleName(f"{self._name}: {'; '.join(words)}" if words else f"{self._name}: nothing to show")
        self.updateGeometry()
        self.update()

    # For owners and tests

    @property
    def count(self) -> int:
        """How many marks there are."""
        return len(self._words())

    @property
    def current(self) -> int:
        """The mark that the keyboard is at; -1 for none."""
        return self._current

    @property
    def selected(self) -> frozenset[int]:
        """Marks whose list is shown elsewhere."""
        return self._selected

    def words(self, index: int) -> str:
        """What a mark says."""
        return self._words()[index]

    def place(self, index: int) -> QRectF:
        """Where a mark is."""
        return self._places()[index]

    def show_selected(self, indices: Sequence[int]) -> None:
        """Shows which marks the list beside the chart is narrowed to."""
        if frozenset(indices) != self._selected:
            self._selected = frozenset(indices)
            self.update()

    # Mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._heat(self._at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._heat(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and index >= 0 and self._is_choosable(index):
            self._current = index
            self.update()
            self.chosen.emit(index)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self._at(QPointF(event.pos()))
            if index >= 0:
                QToolTip.showText(event.globalPos(), self._words()[index], self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _heat(self, index: int) -> None:
        if index != self._hot:
            self._hot = index
            is_link = index >= 0 and self._is_choosable(index)
            self.setCursor(Qt.CursorShape.PointingHandCursor if is_link else Qt.CursorShape.ArrowCursor)
            self.update()

    def _at(self, point: QPointF) -> int:
        return next((i for i, place in enumerate(self._places()) if place.contains(point)), -1)

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = self.count - 1
        key = Qt.Key(event.key())
        back, on = (Qt.Key.Key_Up, Qt.Key.Key_Down) if self._is_upright else (Qt.Key.Key_Left, Qt.Key.Key_Right)
        goes = {
            back: max(0, self._current - 1),
            on: min(last, self._current + 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if last < 0:
            super().keyPressEvent(event)
        elif key in goes:
            self._go(goes[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._current >= 0:
            if self._is_choosable(self._current):
                self.chosen.emit(self._current)
        else:
            super().keyPressEvent(event)

    def _go(self, index: int) -> None:
        self._current = index
        words, place = self._words()[index], self._places()[index]
        self.setAccessibleDescription(words)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        QToolTip.showText(self.mapToGlobal(QPoint(round(place.right()), round(place.top()))), words, self)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._current < 0 and self.count and event.reason() is not Qt.FocusReason.MouseFocusReason:
            self._current = 0
            self.setAccessibleDescription(self._words()[0])
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        QToolTip.hideText()
        self.update()

    # Painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hot = -1

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint(painter, t)
        places = self._places()
        if self.hasFocus() and 0 <= self._current < len(places):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(t.accent, 2))
            painter.drawRoundedRect(places[self._current].adjusted(1, 1, -1, -1), 4, 4)


def width_of(text: str, role: str = "caption") -> float:
    """Width of a text, in logical pixels."""
    return QFontMetricsF(font(role)).horizontalAdvance(text)


def draw_text(
    painter: QPainter,
    rect: QRectF,
    text: str,
    role: str,
    colour: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """One line of text in a rectangle; what does not fit ends in an ellipsis."""
    painter.setFont(font(role))
    painter.setPen(colour)
    shown = text
    if QFontMetricsF(font(role)).horizontalAdvance(text) > rect.width() + 0.5:
        shown = QFontMetricsF(font(role)).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(align | _VCENTER), shown)


def ticks(most: float, at_most: int = 5) -> list[int]:
    """Round whole numbers from 0 to beyond `most`: 0, 2, 4, 6, 8."""
    span = max(1.0, most)
    for exponent in range(16):
        for factor in (1, 2, 5):
            step = factor * 10**exponent
            count = -int(-span // step)
            if count <= at_most:
                return [step * n for n in range(count + 1)]
    return [0, int(span) + 1]


def short(number: int) -> str:
    """A count where there is little room: 980, 12.3k, 1.2M."""
    if number < 10_000:
        return f"{number:,}"
    if number < 1_000_000:
        return f"{number / 1000:.1f}k".replace(".0k", "k")
    return f"{number / 1_000_000:.1f}M".replace(".0M", "M")
