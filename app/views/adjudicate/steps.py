"""The chain's own steps, to see where answers part."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from app.presenters.chain_detail import ChainDetail
from app.style.fonts import font
from app.style.tokens import radius, tokens_of
from app.views.chains.hop_row import output_font, paint_number
from app.widgets.label import QuestionLabel, wrapped
from app.widgets.panel import Ground, Line, PanelHead
from app.widgets.scroll import ScrollColumn
from hopchain_core.domain.chains import Hop

_ROW_PX = 60


class StepRow(QAbstractButton):
    """A hop: its number, its sub-question in two lines, its output.

    Args:
        hop: The hop.
    """

    def __init__(self, hop: Hop, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hop = hop
        self.is_open = False
        self.setText(hop.sub_question)
        self.setAccessibleName(f"Hop {hop.index}: {hop.sub_question} {hop.output}")
        self.setToolTip(f"{hop.sub_question} – {hop.output}")
        self.setFixedHeight(_ROW_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(240, _ROW_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.is_open:
            painter.fillRect(self.rect(), t.accent_soft)
            painter.fillRect(0, 0, 3, self.height(), t.accent)
        elif self.underMouse():
            painter.fillRect(self.rect(), t.hover)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), t.line)
        middle = self.height() / 2
        paint_number(painter, QRectF(16, middle - 10, 20, 20), self.hop.index, t, is_open=self.is_open)
        metrics = QFontMetricsF(output_font())
        text = metrics.elidedText(self.hop.output, Qt.TextElideMode.ElideRight, self.width() * 0.36)
        width = metrics.horizontalAdvance(text) + 16
        chip = QRectF(self.width() - 12 - width, middle - 12, width, 24)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.surface if self.is_open else t.sunken)
        painter.drawRoundedRect(chip, radius("chip"), radius("chip"))
        painter.setFont(output_font())
        painter.setPen(t.text)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
        room = chip.left() - 12 - 46
        painter.setFont(font("meta"))
        lines = wrapped(self.text(), "meta", room, 2)
        for n, line in enumerate(lines):
            top = middle - 8 * len(lines) + 16 * n
            painter.drawText(
                QRectF(46, top, room, 16), int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), line
            )


class StepList(Ground):
    """Hops as rows; a click shows one on the picture."""

    chosen = Signal(int)
    """Number of the hop."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self.rows: list[StepRow] = []
        self._inside = Ground("surface")
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self._inside.box.addLayout(self._column)
        self._inside.box.addStretch(1)
        scroll = ScrollColumn(self._inside, takes_keys=True)
        self.note = QuestionLabel("", "meta", tone="text-secondary")
        foot = Ground("surface", margins=(16, 12, 16, 12))
        foot.box.addWidget(self.note)
        self._foot = foot
        self.box.addWidget(PanelHead("The chain’s own steps"))
        self.box.addWidget(scroll, 1)
        self._line = Line()
        self.box.addWidget(self._line)
        self.box.addWidget(foot)

    def show_chain(self, detail: ChainDetail, note: str) -> None:
        """Shows another chain's steps.

        Args:
            detail: The chain.
            note: Beneath them; empty for none.
        """
        for row in self.rows:
            self._column.removeWidget(row)
            row.deleteLater()
        self.rows = [StepRow(hop) for hop in detail.chain.hops]
        for row in self.rows:
            row.clicked.connect(lambda _=False, index=row.hop.index: self.chosen.emit(index))
            self._column.addWidget(row)
        self.note.setText(note)
        self._foot.setVisible(bool(note))
        self._line.setVisible(bool(note))

    def show_hop(self, index: int | None) -> None:
        """Marks the hop that is on the picture."""
        for row in self.rows:
            row.is_open = row.hop.index == index
            row.setAccessibleDescription("shown on the picture" if row.is_open else "")
            row.update()
