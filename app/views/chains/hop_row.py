"""A hop that is not open: one row with its number, sub-question, level, operation and output."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.models.chain_words import LEVEL_ICONS, level_word, operation_word
from app.presenters.chain_detail import ChainDetail, CheckState
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import Tokens, radius, size, tokens_of
from app.widgets.label import elided_name
from hopchain_core.domain.chains import Hop
from hopchain_core.domain.findings import Severity

_VCENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_BADGE_PX = 20.0
_LEFT_PX, _TEXT_PX = 16.0, 48.0
_MOST_OUTPUT_SHARE = 0.34


def paint_number(painter: QPainter, rect: QRectF, number: int, t: Tokens, *, is_open: bool) -> None:
    """Paints the number of a hop in its circle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen if is_open else QPen(t.line_strong, 1))
    painter.setBrush(t.accent if is_open else Qt.BrushStyle.NoBrush)
    inset = 0.0 if is_open else 0.5
    painter.drawEllipse(rect.adjusted(inset, inset, -inset, -inset))
    painter.setFont(font("caption-strong") if is_open else font("caption"))
    painter.setPen(t.on_accent if is_open else t.text_secondary)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(number))
    painter.restore()


def output_font() -> QFont:
    """Of a hop's output."""
    made = QFont(font("label"))
    made.setWeight(QFont.Weight.DemiBold)
    return made


class HopRow(QAbstractButton):
    """A hop in one row; a click opens it.

    Args:
        detail: Its chain.
        hop: The hop.
    """

    def __init__(self, detail: ChainDetail, hop: Hop, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hop = hop
        self._check = detail.checks[hop.index]
        findings = detail.findings_of(hop.index)
        self._finding_count = len(findings)
        self._has_error = any(f.severity is Severity.ERROR for f in findings)
        self._level = level_word(hop.level)
        self._operation = operation_word(hop.operation)
        self.setText(hop.sub_question)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        found = f", {self._finding_count} found" if findings else ""
        self.setAccessibleName(f"Hop {hop.index}: {hop.sub_question} {hop.output}. {self._level}{found}")
        self.setToolTip(hop.sub_question)

    def sizeHint(self) -> QSize:
        return QSize(320, size("row_hop"))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            painter.fillRect(self.rect(), t.hover)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), t.line)
        paint_number(painter, QRectF(_LEFT_PX, 10, _BADGE_PX, _BADGE_PX), self.hop.index, t, is_open=False)
        right = self._paint_output(painter, t)
        painter.setFont(font("body"))
        painter.setPen(t.text)
        room = right - 12 - _TEXT_PX
        text = QFontMetricsF(font("body")).elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(_TEXT_PX, 9, room + 1, 20), int(_VCENTER), text)
        self._paint_facts(painter, QRectF(_TEXT_PX, 31, room, 16), t)

    def _paint_output(self, painter: QPainter, t: Tokens) -> float:
        metrics = QFontMetricsF(output_font())
        most = self.width() * _MOST_OUTPUT_SHARE
        text = elided_name(metrics, self.hop.output, most)
        width = metrics.horizontalAdvance(text) + 16
        rect = QRectF(self.width() - 16 - width, self.height() / 2 - 12, width, 24)
        differs = self._check.state in (CheckState.DIFFERS, CheckState.FAILS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.bad_soft if differs else t.sunken)
        painter.drawRoundedRect(rect, radius("chip"), radius("chip"))
        painter.setFont(output_font())
        painter.setPen(t.bad if differs else t.text)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
        return rect.left()

    def _paint_facts(self, painter: QPainter, rect: QRectF, t: Tokens) -> None:
        x = rect.left()
        paint_icon(painter, LEVEL_ICONS[self.hop.level], QRectF(x - 2, rect.center().y() - 8, 16, 16), t.text_secondary)
        x += 17
        painter.setFont(font("meta"))
        metrics = QFontMetricsF(font("meta"))
        words = self._level + (f"  ·  {self._operation}" if self._operation else "")
        reserved = 34.0 if self._finding_count else 0.0
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.right() - x - reserved)
        painter.setPen(t.text_secondary)
        painter.drawText(QRectF(x, rect.top(), rect.right() - x, rect.height()), int(_VCENTER), shown)
        if self._finding_count:
            x += metrics.horizontalAdvance(shown) + 10
            tone = t.bad if self._has_error else t.warn
            paint_icon(painter, "warning", QRectF(x, rect.center().y() - 6.5, 13, 13), tone)
            painter.setPen(tone)
            painter.drawText(QRectF(x + 17, rect.top(), 30, rect.height()), int(_VCENTER), str(self._finding_count))
