"""Answers side by side, in an order that says nothing, without names."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import radius, tokens_of
from app.views.adjudicate.words import answer_text
from app.views.solve.words import REASONS, duration_words
from app.widgets.keycap import paint_keycap
from app.widgets.label import Label, wrapped
from app.widgets.panel import Ground
from hopchain_core.domain.answers import Answer
from hopchain_core.project import Dispute, DisputedAnswer

CARD_PX = 152
_LEAST_CARD_PX = 168
_NOTE_LINES = 3


class AnswerCard(QAbstractButton):
    """One answer; a click chooses its number.

    Args:
        answer: What was said.
    """

    def __init__(self, answer: DisputedAnswer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answer = answer
        self.text_shown = answer_text(answer.answer.text if answer.answer is not None else answer.outcome.value)
        self.setCheckable(True)
        self.setEnabled(True)
        self.setFixedHeight(CARD_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setText(f"Answer {answer.position}")
        self.setAccessibleName(f"Answer {answer.position}: {self.text_shown}")
        self.setAccessibleDescription(self._detail())
        self.setToolTip(self._detail())

    def sizeHint(self) -> QSize:
        return QSize(_LEAST_CARD_PX, CARD_PX)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def nextCheckState(self) -> None:
        # Which cards are chosen follows from the number that is.
        return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Enter takes what is chosen; Space chooses.
            event.ignore()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_chosen = self.isChecked()
        width = 2 if is_chosen else 1
        edge = t.accent if is_chosen else t.text_tertiary if self.underMouse() else t.line_strong
        painter.setPen(QPen(edge, width))
        painter.setBrush(t.surface)
        inset = width / 2
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), radius("card"), radius("card")
        )
        self._paint_mark(painter, is_chosen)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.setFont(font("meta"))
        painter.setPen(t.text_secondary)
        painter.drawText(QRectF(40, 10, self.width() - 80, 20), int(flags), self.text())
        if self.answer.position <= 9:
            paint_keycap(painter, str(self.answer.position), self.width() - 12.0, 20, t.text_secondary, t.line_strong)
        is_number = self.answer.answer is not None
        painter.setFont(font("figure-small" if is_number else "heading"))
        painter.setPen(t.text)
        painter.drawText(QRectF(16, 34, self.width() - 32, 40), int(flags), self.text_shown)
        painter.setFont(font("meta"))
        painter.setPen(t.text_secondary)
        paint_icon(painter, "clock", QRectF(16, 80, 12, 12), t.text_secondary)
        painter.drawText(QRectF(34, 77, self.width() - 50, 18), int(flags), duration_words(self.answer.active_seconds))
        said = self._said()
        painter.setPen(t.text_secondary if said else t.text_tertiary)
        for n, line in enumerate(wrapped(said or "No note", "meta", self.width() - 32.0, _NOTE_LINES)):
            painter.drawText(QRectF(16, 98 + 16 * n, self.width() - 32, 16), int(flags), line)

    def _paint_mark(self, painter: QPainter, is_chosen: bool) -> None:
        t = tokens_of(self)
        circle = QRectF(16, 12, 16, 16)
        if is_chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.accent)
            painter.drawEllipse(circle)
            paint_icon(painter, "check", circle.adjusted(3, 3, -3, -3), t.on_accent)
        elif self.answer.answer is not None:
            painter.setPen(QPen(t.line_strong, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(circle.adjusted(0.5, 0.5, -0.5, -0.5))
        else:
            paint_icon(painter, "ban", circle, t.text_tertiary)

    def _said(self) -> str:
        reason = REASONS[self.answer.reason] if self.answer.reason is not None else ""
        note = f"“{self.answer.note}”" if self.answer.note else ""
        return ". ".join(part for part in (reason, note) if part)

    def _detail(self) -> str:
        return ", ".join(part for part in (duration_words(self.answer.active_seconds), self._said()) if part)


class AnswersPanel(Ground):
    """A card for each answer; the majority is chosen at first."""

    chosen = Signal(object)
    """The `Answer` that is chosen now; None for none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("window", margins=(16, 16, 16, 8), spacing=12, parent=parent)
        self.cards: list[AnswerCard] = []
        self._chosen: Answer | None = None
        self.title = Label("Answers", "heading")
        self.aside = Label("order shuffled, no names", "meta", "secondary")
        self.said = Label("", "meta", "secondary")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.aside)
        head.addStretch(1)
        head.addWidget(self.said)
        inside = Ground("window", is_row=True, spacing=12)
        self._row = inside.box
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inside)
        self.box.addLayout(head)
        self.box.addWidget(self._scroll)
        self._holder = QVBoxLayout()

    @property
    def answer(self) -> Answer | None:
        """What is chosen."""
        return self._chosen

    def show_dispute(self, dispute: Dispute) -> None:
        """Shows another question's answers."""
        for card in self.cards:
            self._row.removeWidget(card)
            card.deleteLater()
        self.cards = [AnswerCard(answer) for answer in dispute.answers]
        for card in self.cards:
            card.clicked.connect(lambda _=False, answer=card.answer.answer: self.choose(answer))
            self._row.addWidget(card)
        n = len(self.cards)
        words = {1: "One answer", 2: "Two answers", 3: "Three answers", 4: "Four answers", 5: "Five answers"}
        self.title.setText(words.get(n, f"{n} answers"))
        decided = dispute.adjudication
        if decided is not None and decided.label is not None:
            self.choose(decided.label)
            self.said.setText(f"decided: {decided.label.text}")
        else:
            self.choose(dispute.majority)
            top = next((k for text, k in dispute.tally if dispute.majority and text == dispute.majority.text), 0)
            self.said.setText(f"{top} say {dispute.majority.text}, preselected" if dispute.majority else "no majority")
        self._fit()

    def choose(self, answer: Answer | None) -> None:
        """Chooses a number: every card that says it."""
        self._chosen = answer
        for card in self.cards:
            card.setChecked(answer is not None and card.answer.answer == answer)
        self.chosen.emit(answer)

    def at(self, position: int) -> Answer | None:
        """The number of the answer at a position."""
        return next((card.answer.answer for card in self.cards if card.answer.position == position), None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        needed = len(self.cards) * (_LEAST_CARD_PX + 12) - 12 + 32
        bar = self._scroll.horizontalScrollBar().sizeHint().height() if needed > self.width() else 0
        self._scroll.setFixedHeight(CARD_PX + bar)
