"""The strip at the top of a sitting: leave, progress, and back to the last question."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.actions import ActionTable
from app.style.tokens import size, tokens_of
from app.views.solve.ticks import Ticks
from app.widgets.action_button import ActionButton
from app.widgets.button import Button, ButtonKind
from app.widgets.label import Label
from app.widgets.panel import Ground
from hopchain_core.blind import Progress

LEAVE, UNDO = "{}.leave", "edit.undo"


class Strip(Ground):
    """48 pixels, without a clock.

    Args:
        actions: What the buttons do.
        space: Whose actions they are.
    """

    def __init__(self, actions: ActionTable, space: str, parent: QWidget | None = None) -> None:
        super().__init__("window", is_row=True, margins=(12, 0, 12, 0), spacing=8, parent=parent)
        self.setFixedHeight(size("top_bar"))
        self.leave = ActionButton(actions, LEAVE.format(space), ButtonKind.QUIET, shows_keys=True)
        self.reopen = ActionButton(actions, UNDO, ButtonKind.QUIET, shows_keys=True, text="Back to the last")
        self.recent = Button("", "history", ButtonKind.QUIET, name="The last twenty questions")
        self.ticks = Ticks()
        self.done = Label("", "label")
        self.of = Label("", "body", "secondary")
        self._middle = QWidget(self)
        middle = QHBoxLayout(self._middle)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(4)
        middle.addWidget(self.ticks)
        middle.addSpacing(12)
        middle.addWidget(self.done)
        middle.addWidget(self.of)
        self.box.addWidget(self.leave)
        self.box.addStretch(1)
        self.box.addWidget(self.recent)
        self.box.addWidget(self.reopen)

    def show_progress(self, progress: Progress, pace: str) -> None:
        """Shows how far the sitting is, or the round where the sitting has no goal.

        Args:
            progress: Of the person.
            pace: Said in the tooltip.
        """
        goal = progress.goal
        done, of = (progress.answered, progress.total) if goal is None else (progress.in_sitting, goal)
        self.ticks.show_progress(min(done, of), of)
        self.done.setText(f"{done:,}")
        self.of.setText(f"of {of:,}")
        self._middle.setToolTip(pace)
        self._place()

    def set_sitting(self, is_sitting: bool) -> None:
        """With what belongs to questions, or without."""
        for part in (self._middle, self.recent, self.reopen):
            part.setVisible(is_sitting)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, tokens_of(self).line)

    def _place(self) -> None:
        wanted = self._middle.sizeHint()
        room = self.width() - 2 * max(self.leave.sizeHint().width(), 340)
        width = min(wanted.width(), max(120, room))
        self._middle.setGeometry((self.width() - width) // 2, 0, width, self.height() - 1)
