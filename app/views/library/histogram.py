"""How many pictures have chains that the weaker model solves how often; a span of it can be chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.style.fonts import font
from app.style.tokens import tokens_of

_BARS_PX = 40
_MARGIN_PX = 16.0


class PassRateBars(QWidget):
    """Bars from never solved to always solved. Drag over them to choose a span, or Left, Right and Shift.

    Esc or a click on the chosen span takes the choice back.
    """

    chosen = Signal(object)
    """(first bin, last bin) or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: tuple[int, ...] = (0,) * 9
        self._span: tuple[int, int] | None = None
        self._anchor = 0
        self._hot = -1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tell()

    def show_counts(self, counts: Sequence[int]) -> None:
        """Shows pictures in each bin."""
        self._counts = tuple(counts)
        self._tell()
        self.update()

    def show_span(self, span: tuple[int, int] | None) -> None:
        """Shows what is chosen."""
        self._span = span
        self._tell()
        self.update()

    @property
    def span(self) -> tuple[int, int] | None:
        """First and last bin chosen."""
        return self._span

    def sizeHint(self) -> QSize:
        return QSize(216, _BARS_PX + 24)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position().x())
        self._anchor = index
        if self._span == (index, index):
            self._choose(None)
        else:
            self._choose((index, index))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose((min(index, self._anchor), max(index, self._anchor)))
        if index != self._hot:
            self._hot = index
            share = f"{index} of {len(self._counts) - 1}"
            self.setToolTip(f"Solved about {share} times: {self._counts[index]:,} pictures")
            self.update()

    def leaveEvent(self, event: object) -> None:
        self._hot = -1
        self.update()

    def event(self, event: QEvent) -> bool:
        # Escape takes the span back here, before it clears anything else.
        is_override = event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_override and event.key() == Qt.Key.Key_Escape and self._span is not None:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._counts) - 1
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape and self._span is not None:
            self._choose(None)
        elif step is not None and self._span is None:
            self._anchor = 0 if step > 0 else last
            self._choose((self._anchor, self._anchor))
        elif step is not None and self._span is not None:
            first, end = self._span
            moving = end if self._anchor == first else first
            moving = max(0, min(last, moving + step))
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._choose((min(moving, self._anchor), max(moving, self._anchor)))
            else:
                self._anchor = moving
                self._choose((moving, moving))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        most = max(self._counts) or 1
        bars, step = len(self._counts), (self.width() - 2 * _MARGIN_PX) / len(self._counts)
        if self._span is not None:
            first, last = self._span
            # Behind the bars, so that a span is seen where there are none.
            chosen = QRectF(_MARGIN_PX + first * step, 0, (last - first + 1) * step - 3, _BARS_PX)
            painter.fillRect(chosen, t.accent_soft)
        for index, count in enumerate(self._counts):
            height = max(1.0, (_BARS_PX - 4) * count / most) if count else 0.0
            is_in = self._span is not None and self._span[0] <= index <= self._span[1]
            colour = t.accent if is_in else t.text_tertiary if index == self._hot else t.line_strong
            painter.fillRect(QRectF(_MARGIN_PX + index * step, _BARS_PX - height, step - 3, height), colour)
        painter.fillRect(QRectF(_MARGIN_PX, _BARS_PX, self.width() - 2 * _MARGIN_PX, 1), t.line_strong)
        if self.hasFocus():
            painter.fillRect(QRectF(_MARGIN_PX, _BARS_PX, self.width() - 2 * _MARGIN_PX, 2), t.accent)
        painter.setFont(font("caption"))
        painter.setPen(t.text_tertiary)
        top = QRectF(_MARGIN_PX, _BARS_PX + 4, self.width() - 2 * _MARGIN_PX, 16)
        painter.drawText(top, int(Qt.AlignmentFlag.AlignLeft), f"0 of {bars - 1}")
        painter.drawText(top, int(Qt.AlignmentFlag.AlignRight), f"{bars - 1} of {bars - 1}")
        if self._span is not None:
            painter.setPen(t.accent)
            text = self._words(self._span)
            if QFontMetricsF(font("caption")).horizontalAdvance(text) < self.width() - 120:
                painter.drawText(top, int(Qt.AlignmentFlag.AlignHCenter), text)

    def _choose(self, span: tuple[int, int] | None) -> None:
        if span != self._span:
            self._span = span
            self._tell()
            self.update()
            self.chosen.emit(span)

    def _at(self, x: float) -> int:
        step = (self.width() - 2 * _MARGIN_PX) / len(self._counts)
        return max(0, min(len(self._counts) - 1, int((x - _MARGIN_PX) // step)))

    def _words(self, span: tuple[int, int]) -> str:
        return f"{span[0]}" if span[0] == span[1] else f"{span[0]}–{span[1]}"

    def _tell(self) -> None:
        figures = ", ".join(f"{index} of 8: {count:,}" for index, count in enumerate(self._counts))
        chosen = "" if self._span is None else f", chosen {self._words(self._span)}"
        self.setAccessibleName(f"Pass rate, pictures by times solved: {figures}{chosen}")
