"""One card of the grid: the picture, its name and size, and what is to be known of it."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from app.models.status_words import mark_counts, stage_word
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import Tokens, radius
from app.thumbnails import Thumbnails, cover
from app.widgets.choice import paint_check
from app.widgets.label import wrapped
from hopchain_core.project import ImageRow

_SHADE = QColor(16, 17, 22, 204)
_ON_SHADE = QColor(255, 255, 255)
_BUTTON_PX = 28
_APART_PX = 12
MISSING = "The file is missing"
"""On a card whose picture was moved or deleted."""
_VCENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class CellAction(StrEnum):
    """What can be clicked on a card."""

    CHECK = "check"
    INSTANCES = "instances"
    CHAINS = "chains"

    @property
    def words(self) -> str:
        """For the tooltip."""
        return {"check": "Select", "instances": "Open in Instances", "chains": "Open in Chains"}[self.value]


OPENING = (CellAction.INSTANCES, CellAction.CHAINS)
"""Spaces that a picture can be opened in, the usual one first."""


class Cell(QObject):
    """Paints cards.

    Attributes:
        hot: What is under the cursor on the card that is hovered.
        spaces: Where a picture can be opened from its card.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.hot: CellAction | None = None
        self.spaces: tuple[CellAction, ...] = ()

    def thumbnail_side(self, width_px: int, pixel_ratio: float) -> int:
        """Shorter side of thumbnails for cards so wide, in device pixels: an upright picture fills the whole width."""
        return round(width_px * pixel_ratio)

    def action_at(self, point: QPoint, rect: QRect) -> CellAction | None:
        """What a click would do; None where it selects the card."""
        if _check_rect(rect).contains(point):
            return CellAction.CHECK
        return next((action for action, where in self._button_rects(rect) if where.contains(point)), None)

    def paint_card(
        self,
        painter: QPainter,
        rect: QRect,
        picture_height_px: int,
        row: ImageRow | None,
        thumbnails: Thumbnails,
        t: Tokens,
        *,
        is_selected: bool,
        is_hovered: bool,
        is_current: bool,
        is_missing: bool,
        hot: CellAction | None,
    ) -> None:
        """Paints one card.

        Args:
            painter: Of the grid's viewport.
            rect: Of the card.
            picture_height_px: Height of the picture's part.
            row: What is shown; None while it is being read.
            thumbnails: Where the small picture comes from.
            t: Colours.
            is_selected: With the accent's edge and its box checked.
            is_hovered: With buttons.
            is_current: Has the keyboard.
            is_missing: Its file is not there.
            hot: Button under the cursor.
        """
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius("card"), radius("card"))
        painter.fillPath(shape, t.accent_soft if is_selected else t.hover if is_hovered else t.surface)
        painter.setClipPath(shape)
        picture = QRect(rect.left(), rect.top(), rect.width(), picture_height_px)
        self._paint_picture(painter, picture, row, thumbnails, t, is_missing=is_missing)
        painter.setClipping(False)
        edge = t.accent if is_selected else t.line_strong if is_hovered else t.line
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(edge, 2 if is_selected else 1))
        # The edge is painted inside, so that nothing moves when it comes.
        inset = 1.0 if is_selected else 0.5
        painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius("card"), radius("card"))
        if is_current:
            painter.setPen(QPen(t.accent, 2))
            painter.drawRoundedRect(QRectF(rect).adjusted(-4, -4, 4, 4), radius("card") + 4, radius("card") + 4)
        if row is not None:
            self._paint_words(painter, QRect(rect.left() + 12, picture.bottom() + 7, rect.width() - 24, 44), row, t)
        if is_selected or is_hovered:
            paint_check(
                painter,
                QRectF(_check_rect(rect)),
                t,
                is_checked=is_selected,
                is_hot=hot is CellAction.CHECK,
                is_over_picture=True,
            )
        if is_hovered and self.spaces:
            self._paint_buttons(painter, rect, hot)
        painter.restore()

    def _paint_picture(
        self,
        painter: QPainter,
        rect: QRect,
        row: ImageRow | None,
        thumbnails: Thumbnails,
        t: Tokens,
        *,
        is_missing: bool,
    ) -> None:
        if row is None:
            painter.fillRect(rect, t.sunken)
            return
        ratio = painter.device().devicePixelRatioF()
        found = thumbnails.get(row.key, self.thumbnail_side(rect.width(), ratio))
        if found is None:
            painter.fillRect(rect, t.sunken)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(QRectF(rect), found, QRectF(*cover(found.size(), rect.size())))
        problem = MISSING if is_missing else thumbnails.why_not(row.key) if found is None else ""
        if problem:
            self._paint_problem(painter, rect, problem, t)
        elif found is None:
            paint_icon(painter, "image", QRectF(rect.center().x() - 10, rect.center().y() - 10, 20, 20), t.line_strong)

    @staticmethod
    def _paint_problem(painter: QPainter, rect: QRect, problem: str, t: Tokens) -> None:
        veil = QColor(t.sunken)
        veil.setAlpha(225)
        painter.fillRect(rect, veil)
        lines = wrapped(problem[:1].upper() + problem[1:], "meta", rect.width() - 32.0, 2)
        top = rect.center().y() - (24 + 16 * len(lines)) / 2
        paint_icon(painter, "warning", QRectF(rect.center().x() - 10, top, 20, 20), t.warn)
        painter.setFont(font("meta"))
        painter.setPen(t.text_secondary)
        for place, line in enumerate(lines):
            where = QRectF(rect.left() + 12, top + 24 + 16 * place, rect.width() - 24, 16)
            painter.drawText(where, int(_VCENTER | Qt.AlignmentFlag.AlignHCenter), line)

    def _paint_words(self, painter: QPainter, rect: QRect, row: ImageRow, t: Tokens) -> None:
        size = f"{row.width_px} × {row.height_px}"
        caption, label = QFontMetricsF(font("caption")), QFontMetricsF(font("label"))
        size_width = caption.horizontalAdvance(size) + 1
        name = row.path.rpartition("/")[2]
        has_room = label.horizontalAdvance(name) + size_width + 8 <= rect.width() or rect.width() > 190
        room = rect.width() - (size_width + 8 if has_room else 0)
        painter.setFont(font("label"))
        painter.setPen(t.text)
        elided = label.elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(QRectF(rect.left(), rect.top(), room, 20), int(_VCENTER), elided)
        if has_room:
            painter.setFont(font("caption"))
            painter.setPen(t.text_tertiary)
            painter.drawText(
                QRectF(rect.right() - size_width, rect.top(), size_width + 1, 20),
                int(_VCENTER | Qt.AlignmentFlag.AlignRight),
                size,
            )
        self._paint_figures(painter, QRectF(rect.left(), rect.top() + 22, rect.width(), 20), row, t)

    def _paint_figures(self, painter: QPainter, rect: QRectF, row: ImageRow, t: Tokens) -> None:
        x = _figure(
            painter, rect, rect.left(), "instances", t.text_tertiary, f"{row.instance_count:,}", t.text_secondary
        )
        x = max(x + 12, rect.left() + 54)
        marks = mark_counts(row)
        if row.failing:
            words = f"{stage_word(row.failing[0])} failed"
            # Where there is no room for both, figures go before words; the tooltip has them all.
            room = rect.right() - x - sum(_figure_width(f"{count:,}") + _APART_PX for _, count in marks)
            text = words if _figure_width(words) <= room else ""
            x = _figure(painter, rect, x, "warning", t.bad, text, t.bad) + (_APART_PX if text else 8)
        elif not marks:
            painter.setFont(font("meta"))
            painter.setPen(t.text_tertiary)
            text = QFontMetricsF(font("meta")).elidedText(
                "No chains yet", Qt.TextElideMode.ElideRight, rect.right() - x
            )
            painter.drawText(QRectF(x, rect.top(), rect.right() - x, rect.height()), int(_VCENTER), text)
        for mark, count in marks:
            colour = t.named(mark.tone)
            if x + _figure_width(f"{count:,}") > rect.right():
                break
            x = _figure(painter, rect, x, mark.icon, colour, f"{count:,}", colour) + _APART_PX

    def _paint_buttons(self, painter: QPainter, rect: QRect, hot: CellAction | None) -> None:
        buttons = self._button_rects(rect)
        whole = buttons[0][1].united(buttons[-1][1])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_SHADE)
        painter.drawRoundedRect(QRectF(whole), radius("chip"), radius("chip"))
        for action, where in buttons:
            if action is hot:
                painter.setBrush(QColor(255, 255, 255, 46))
                painter.drawRoundedRect(QRectF(where), radius("chip"), radius("chip"))
            paint_icon(painter, action.value, QRectF(where).adjusted(6, 6, -6, -6), _ON_SHADE)

    def _button_rects(self, rect: QRect) -> list[tuple[CellAction, QRect]]:
        left = rect.right() - 7 - len(self.spaces) * _BUTTON_PX
        return [
            (action, QRect(left + place * _BUTTON_PX, rect.top() + 8, _BUTTON_PX, _BUTTON_PX))
            for place, action in enumerate(self.spaces)
        ]


def _figure_width(text: str) -> float:
    return 19 + QFontMetricsF(font("meta")).horizontalAdvance(text)


def _figure(
    painter: QPainter, rect: QRectF, x: float, icon: str, icon_colour: QColor, text: str, colour: QColor
) -> float:
    """Paints an icon with a figure; gives where it ends."""
    paint_icon(painter, icon, QRectF(x, rect.center().y() - 7, 14, 14), icon_colour)
    x += 19
    if not text:
        return x - 5
    painter.setFont(font("meta"))
    painter.setPen(colour)
    width = QFontMetricsF(font("meta")).horizontalAdvance(text)
    painter.drawText(QRectF(x, rect.top(), width + 1, rect.height()), int(_VCENTER), text)
    return x + width


def _check_rect(rect: QRect) -> QRect:
    return QRect(rect.left() + 6, rect.top() + 6, 24, 24)
