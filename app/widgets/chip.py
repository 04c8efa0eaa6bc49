"""Chips: a short word with a state, a colour or an outline."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import Tokens, radius, size, tokens_of

_PADDING_PX = 6.0
_ICON_PX = 12.0
_GAP_PX = 4.0


class ChipKind(StrEnum):
    """What a chip says."""

    NEUTRAL = "neutral"
    ACCENT = "accent"
    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    OUTLINE = "outline"


def chip_colours(kind: ChipKind, t: Tokens) -> tuple[QColor | None, QColor | None, QColor]:
    """Ground, edge and text of a kind."""
    match kind:
        case ChipKind.ACCENT:
            return t.accent_soft, None, t.accent
        case ChipKind.OK:
            return t.ok_soft, None, t.ok
        case ChipKind.WARN:
            return t.warn_soft, None, t.warn
        case ChipKind.BAD:
            return t.bad_soft, None, t.bad
        case ChipKind.OUTLINE:
            return None, t.line_strong, t.text
        case _:
            return t.sunken, None, t.text_secondary


def chip_width(text: str, *, icon: str = "", swatch: bool = False) -> float:
    """Width of a chip in logical pixels."""
    extra = _ICON_PX + _GAP_PX if icon or swatch else 0.0
    return _advance(text) + 2 * _PADDING_PX + extra


@lru_cache(4096)
def _advance(text: str) -> float:
    """Asked at every layout and every paint; the font of a role stays as it is while the studio runs."""
    return QFontMetricsF(font("caption")).horizontalAdvance(text)


def paint_chip(
    painter: QPainter,
    rect: QRectF,
    text: str,
    t: Tokens,
    kind: ChipKind = ChipKind.NEUTRAL,
    *,
    icon: str = "",
    swatch: QColor | None = None,
) -> None:
    """Paints a chip into a rectangle as wide as `chip_width` says.

    Args:
        painter: Of a widget or a delegate.
        rect: Where; 20 logical pixels high.
        text: One or two words, taken as plain text.
        t: Colours of the theme.
        kind: What it says.
        icon: Before the text.
        swatch: Colour of an instance, shown as a square before the text.
    """
    ground, edge, colour = chip_colours(kind, t)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(ground if ground is not None else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(edge, 1) if edge is not None else Qt.PenStyle.NoPen)
    inset = 0.5 if edge is not None else 0.0
    corner = radius("chip")
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), corner, corner)
    x = rect.left() + _PADDING_PX
    mark = QRectF(x, rect.center().y() - _ICON_PX / 2, _ICON_PX, _ICON_PX)
    if swatch is not None:
        painter.setBrush(swatch)
        painter.setPen(QPen(QColor(0, 0, 0, 90), 1))
        painter.drawRoundedRect(mark.adjusted(1.5, 1.5, -1.5, -1.5), 2, 2)
    elif icon:
        paint_icon(painter, icon, mark, colour)
    if icon or swatch is not None:
        x += _ICON_PX + _GAP_PX
    painter.setFont(font("caption"))
    painter.setPen(colour)
    painter.drawText(
        QRectF(x, rect.top(), rect.right() - x - 2, rect.height()),
        Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine,
        text,
    )
    painter.restore()


class Chip(QWidget):
    """A chip as a widget.

    Args:
        text: One or two words, shown as plain text.
        kind: What it says.
        icon: Before the text.
        swatch: Colour of an instance.
    """

    def __init__(
        self,
        text: str = "",
        kind: ChipKind = ChipKind.NEUTRAL,
        *,
        icon: str = "",
        swatch: QColor | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text, self._kind, self._icon, self._swatch = text, kind, icon, swatch
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def show_chip(
        self, text: str, kind: ChipKind = ChipKind.NEUTRAL, *, icon: str = "", swatch: QColor | None = None
    ) -> None:
        """Shows something else."""
        self._text, self._kind, self._icon, self._swatch = text, kind, icon, swatch
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """What is shown."""
        return self._text

    def sizeHint(self) -> QSize:
        width = chip_width(self._text, icon=self._icon, swatch=self._swatch is not None)
        return QSize(round(width + 0.5), size("chip"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self.isEnabled():
            painter.setOpacity(0.42)
        paint_chip(
            painter, QRectF(self.rect()), self._text, tokens_of(self), self._kind, icon=self._icon, swatch=self._swatch
        )
