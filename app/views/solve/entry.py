"""Before a sitting: who answers, and how many questions."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.actions import ActionTable
from app.presenters.solve_entry import Seat, Seats
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import radius, tokens_of
from app.widgets.action_button import ActionButton
from app.widgets.button import ButtonKind
from app.widgets.choice_row import RowButton
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import Bar, EmptyState, Ground
from app.widgets.scroll import ScrollColumn
from app.widgets.segmented import Segment, Segmented
from hopchain_core.domain.rounds import Standing

WIDTH_PX = 520
GOALS = ("20", "40", "80", "")
"""Questions in a sitting; all of them for an empty text. Chosen: forty are about half an hour."""
_WHY_NOT = {
    Standing.BELOW: "below the pass mark of the first questions",
    Standing.INACTIVE: "no longer takes part",
}


class SeatRow(RowButton):
    """One person. Enter or a click begins.

    Args:
        seat: Who, and how much there is for them.
        is_here: The person who sits here by the settings.
    """

    def __init__(self, seat: Seat, *, is_here: bool, parent: QWidget | None = None) -> None:
        super().__init__(seat.name, QSize(WIDTH_PX, 64), parent)
        self.seat = seat
        self._is_here = is_here
        self.setAccessibleDescription(seat_words(seat))
        self.setEnabled(seat.left > 0 and seat.standing not in _WHY_NOT)
        self._bar = Bar("Answered")
        self._bar.setParent(self)
        self._bar.show_share(seat.answered / seat.assigned if seat.assigned else 0.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        if not self.isEnabled():
            painter.setOpacity(0.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_hot = self.underMouse() and self.isEnabled()
        painter.setBrush(t.sunken if self.isDown() else t.hover if is_hot else t.surface)
        painter.setPen(QPen(t.text_tertiary if is_hot else t.line_strong, 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius("card"), radius("card"))
        paint_icon(painter, "person", QRectF(16, 22, 20, 20), t.accent if self._is_here else t.text_secondary)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        room = self.width() - 52 - 180
        painter.setFont(font("label"))
        painter.setPen(t.text)
        name = QFontMetricsF(font("label")).elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(52, 12, room, 20), flags, name)
        painter.setFont(font("meta"))
        painter.setPen(t.text_secondary)
        words = QFontMetricsF(font("meta")).elidedText(seat_words(self.seat), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(52, 34, room, 16), flags, words)
        if self.seat.assigned:
            painter.drawText(
                QRectF(self.width() - 176, 16, 160, 16),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                f"{self.seat.answered:,} of {self.seat.assigned:,}",
            )

    def resizeEvent(self, event: object) -> None:
        self._bar.setGeometry(self.width() - 136, 40, 120, 4)
        self._bar.setVisible(bool(self.seat.assigned))


class Entry(Ground):
    """Everybody who takes part, one below the other.

    Args:
        actions: What the buttons do.
    """

    chosen = Signal(str)
    """Who begins."""

    def __init__(self, actions: ActionTable, parent: QWidget | None = None) -> None:
        super().__init__("window", parent=parent)
        self._person = ""
        self.rows: list[SeatRow] = []
        self.title = Label("Who answers?", "title")
        self.text = QuestionLabel(
            "Each person sees the picture and the question, and nothing that others said of it.",
            "body",
            tone="text-secondary",
        )
        self.goal = Segmented([Segment(goal, goal or "All") for goal in GOALS], "Questions in this sitting")
        self.goal.set_value("40")
        self.people = ActionButton(actions, "people.open", ButtonKind.QUIET)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        holder = QWidget()
        holder.setFixedWidth(WIDTH_PX)
        column = QVBoxLayout(holder)
        column.setContentsMargins(4, 48, 4, 32)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addSpacing(8)
        goal = QHBoxLayout()
        goal.setSpacing(12)
        goal.addWidget(Label("Questions in this sitting", "meta", "secondary"))
        goal.addWidget(self.goal)
        goal.addStretch(1)
        column.addLayout(goal)
        column.addSpacing(8)
        column.addLayout(self._list)
        column.addSpacing(8)
        column.addWidget(self.people, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        wide = QWidget()
        across = QHBoxLayout(wide)
        across.addStretch(1)
        across.addWidget(holder)
        across.addStretch(1)
        self._scroll = ScrollColumn(wide, takes_keys=True)
        self.empty = EmptyState(
            "",
            "",
            icon="solve",
            action=ActionButton(actions, "people.open", ButtonKind.PRIMARY),
        )
        self.empty.hide()
        self.box.addWidget(self._scroll, 1)
        self.box.addWidget(self.empty, 1)

    def set_person(self, name: str) -> None:
        """Who sits here by the settings: they stand first."""
        self._person = name

    def show_seats(self, seats: Seats) -> None:
        """Shows who could sit down."""
        for row in self.rows:
            self._list.removeWidget(row)
            row.deleteLater()
        had_focus = any(row.hasFocus() for row in self.rows)
        here = self._person.casefold()
        ordered = sorted(seats.seats, key=lambda seat: (seat.name.casefold() != here, seat.left == 0))
        self.rows = [SeatRow(seat, is_here=seat.name.casefold() == here) for seat in ordered]
        for row in self.rows:
            row.clicked.connect(lambda _=False, name=row.seat.name: self.chosen.emit(name))
            self._list.addWidget(row)
        is_empty = not seats.seats or not seats.rounds
        self._scroll.setVisible(not is_empty)
        self.empty.setVisible(is_empty)
        if is_empty:
            self.empty.show_text(*_empty_words(seats))
        elif had_focus or self.isVisible():
            self.focus_first()

    def focus_first(self) -> None:
        """Gives the keyboard to the first who has something to answer; to the page itself while nobody has."""
        first = next((row for row in self.rows if row.isEnabled()), None)
        # Before anybody is listed, Enter must not press what happens to stand first on the page.
        (first or self).setFocus(Qt.FocusReason.OtherFocusReason)


def seat_words(seat: Seat) -> str:
    """What stands beneath a name."""
    if seat.standing in _WHY_NOT:
        return _WHY_NOT[seat.standing]
    if not seat.assigned:
        return "nothing is assigned"
    if not seat.left:
        return "all answered"
    what = "first questions" if seat.standing is Standing.QUALIFYING else "questions"
    return f"{seat.left:,} {what} left"


def _empty_words(seats: Seats) -> tuple[str, str]:
    if not seats.seats:
        return "Nobody answers yet", "Add the people who solve the questions, and open a round for them."
    waiting = f"{seats.awaiting:,} chains wait for people." if seats.awaiting else "No chain waits for people yet."
    return "No round is open", f"A round hands out questions to people. {waiting}"
