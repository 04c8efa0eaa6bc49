"""From which instances a hop starts and which it finds: chips, an arrow, chips; what has no room is counted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import size, tokens_of
from app.views.chains.chips import ChipText
from app.widgets.chip import ChipKind, chip_width, paint_chip
from app.widgets.label import elided_name

_GAP, _ARROW = 6.0, 16.0


class Trail(QWidget):
    """Both ends of a hop in one line."""

    hovered = Signal(str)
    """The value of the chip under the cursor; empty for none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._start: tuple[ChipText, ...] = ()
        self._end: tuple[ChipText, ...] = ()
        self._hot = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(size("chip"))
        self.setMouseTracking(True)

    def show_ends(self, start: Sequence[ChipText], end: Sequence[ChipText], name: str) -> None:
        """Shows another hop."""
        self._start, self._end = tuple(start), tuple(end)
        words = [", ".join(chip.text for chip in chips) for chips in (self._start, self._end) if chips]
        self.setAccessibleName(name or " to ".join(words))
        self.update()

    def texts(self) -> tuple[list[str], list[str]]:
        """What stands at both ends."""
        return [chip.text for chip in self._start], [chip.text for chip in self._end]

    def sizeHint(self) -> QSize:
        return QSize(240, size("chip"))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, size("chip"))

    def _placed(self) -> list[tuple[ChipText | None, QRectF]]:
        """Chips with where they lie; None is the arrow."""
        height = float(size("chip"))
        placed: list[tuple[ChipText | None, QRectF]] = []
        x = 0.0
        parts: list[ChipText | None] = [*self._start, *([None] if self._start and self._end else []), *self._end]
        for n, part in enumerate(parts):
            width = _ARROW if part is None else chip_width(part.text, icon=part.icon, swatch=part.swatch is not None)
            left = len([p for p in parts[n:] if p is not None])
            reserve = 0.0 if left <= 1 else 40.0
            room = self.width() - x
            is_squeezed = left == 1 and room >= 40
            if part is not None and width + reserve > room and placed and not is_squeezed:
                more = ChipText(f"+{left}", ChipKind.NEUTRAL)
                placed.append((more, QRectF(x, 0, chip_width(more.text), height)))
                break
            placed.append((part, QRectF(x, 0, min(width, max(24.0, self.width() - x)), height)))
            x += width + _GAP
        return placed

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        metrics = QFontMetricsF(font("caption"))
        for chip, rect in self._placed():
            if chip is None:
                paint_icon(painter, "arrow-right", QRectF(rect.left(), rect.center().y() - 8, 16, 16), t.text_secondary)
                continue
            extra = 16.0 if chip.icon or chip.swatch is not None else 0.0
            text = elided_name(metrics, chip.text, max(8.0, rect.width() - 11 - extra))
            paint_chip(painter, rect, text, t, chip.kind, icon=chip.icon, swatch=chip.swatch)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        chip = next((c for c, rect in self._placed() if c is not None and rect.contains(event.position())), None)
        value = chip.value if chip is not None else ""
        if value != self._hot:
            self._hot = value
            self.setToolTip(chip.hint if chip is not None else "")
            self.hovered.emit(value)

    def leaveEvent(self, event: QEvent) -> None:
        if self._hot:
            self._hot = ""
            self.hovered.emit("")
