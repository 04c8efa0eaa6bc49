"""One chain in the list: its picture, two lines of its question, and what is to be known of it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath

from app.models.chain_words import chain_name, standing_of
from app.models.status_words import counted
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import Tokens, radius
from app.thumbnails import Thumbnails, cover
from app.widgets.label import wrapped
from hopchain_core.project import ChainRow

THUMB_PX = 56
_PAD_PX, _GAP_PX = 16, 12
_LINE_PX = 18
_VCENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class ChainCell:
    """Paints rows of the list; broken lines of questions are kept for those painted last."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, int], list[str]] = {}

    def paint(
        self,
        painter: QPainter,
        rect: QRect,
        row: ChainRow | None,
        thumbnails: Thumbnails,
        t: Tokens,
        *,
        is_current: bool,
        is_hovered: bool,
        has_focus: bool,
    ) -> None:
        """Paints one row.

        Args:
            painter: Of the list's viewport.
            rect: Of the row.
            row: What is shown; None while it is being read.
            thumbnails: Where the small picture comes from.
            t: Colours.
            is_current: The chain is open.
            is_hovered: It is under the cursor.
            has_focus: The list has the keyboard.
        """
        painter.save()
        if is_current:
            painter.fillRect(rect, t.accent_soft)
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), t.accent)
        elif is_hovered:
            painter.fillRect(rect, t.hover)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), t.line)
        thumb = QRect(rect.left() + _PAD_PX, rect.top() + 12, THUMB_PX, THUMB_PX)
        self._paint_thumbnail(painter, thumb, row, thumbnails, t)
        if row is not None:
            left = thumb.right() + 1 + _GAP_PX
            room = QRect(left, rect.top() + 10, rect.right() - _PAD_PX - left, rect.height() - 20)
            self._paint_question(painter, room, row, t)
            self._paint_facts(painter, QRectF(room.left(), rect.top() + 50, room.width(), 18), row, t)
        painter.restore()

    def _paint_thumbnail(
        self, painter: QPainter, rect: QRect, row: ChainRow | None, thumbnails: Thumbnails, t: Tokens
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(rect), radius("image"), radius("image"))
        painter.fillPath(shape, t.sunken)
        if row is None:
            return
        found = thumbnails.get(row.image_key, thumbnail_side(painter.device().devicePixelRatioF()))
        if found is None:
            icon = "warning" if thumbnails.why_not(row.image_key) else "image"
            colour = t.warn if icon == "warning" else t.line_strong
            paint_icon(painter, icon, QRectF(rect).adjusted(18, 18, -18, -18), colour)
            return
        painter.setClipPath(shape)
        painter.drawPixmap(QRectF(rect), found, QRectF(*cover(found.size(), QSize(rect.width(), rect.height()))))
        painter.setClipping(False)

    def _paint_question(self, painter: QPainter, rect: QRect, row: ChainRow, t: Tokens) -> None:
        painter.setFont(font("body"))
        painter.setPen(t.text)
        for n, line in enumerate(self._broken(row.question, rect.width())):
            painter.drawText(
                QRectF(rect.left(), rect.top() + n * _LINE_PX, rect.width(), _LINE_PX), int(_VCENTER), line
            )

    def _paint_facts(self, painter: QPainter, rect: QRectF, row: ChainRow, t: Tokens) -> None:
        painter.setFont(font("meta"))
        metrics = QFontMetricsF(font("meta"))
        right = rect.right()
        standing = standing_of(row)
        text = chain_name(row.number)
        figures = f"{row.finding_count}" if row.finding_count else ""
        if standing is not None:
            width = metrics.horizontalAdvance(standing.text)
            least = metrics.horizontalAdvance(text) + (30 if figures else 0) + 8
            if rect.width() - width - 18 - 8 < least:
                # The number says which chain it is; the icon alone says enough of where it stands.
                right -= 12
            else:
                painter.setPen(t.named(standing.tone))
                painter.drawText(
                    QRectF(right - width - 1, rect.top(), width + 2, rect.height()), int(_VCENTER), standing.text
                )
                right -= width + 18
            paint_icon(painter, standing.icon, QRectF(right, rect.center().y() - 6, 12, 12), t.named(standing.tone))
            right -= 8
        painter.setPen(t.text_secondary)
        room = right - rect.left() - (30 if figures else 0)
        # Where there is no room for both, the number goes first.
        longer = f"{text} · {counted(row.hop_count, 'hop')}"
        if metrics.horizontalAdvance(longer) <= room:
            text = longer
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(rect.left(), rect.top(), room + 1, rect.height()), int(_VCENTER), shown)
        if figures:
            x = rect.left() + metrics.horizontalAdvance(shown) + 10
            paint_icon(painter, "warning", QRectF(x, rect.center().y() - 6.5, 13, 13), t.warn)
            painter.setPen(t.warn)
            painter.drawText(QRectF(x + 17, rect.top(), 40, rect.height()), int(_VCENTER), figures)

    def _broken(self, question: str, width: int) -> list[str]:
        name = (question, width)
        lines = self._lines.get(name)
        if lines is None:
            if len(self._lines) > 400:
                self._lines.clear()
            lines = self._lines[name] = wrapped(question, "body", float(width), 2)
        return lines


def thumbnail_side(pixel_ratio: float) -> int:
    """Shorter side of thumbnails, in device pixels."""
    return round(THUMB_PX * pixel_ratio)
