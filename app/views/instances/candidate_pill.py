"""Keep or reject, right beneath the candidate that is looked at."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.actions import ActionTable
from app.style.tokens import tokens_of
from app.views.instances import actions as ids
from app.widgets.action_button import ActionButton
from app.widgets.button import ButtonKind, ButtonSize

_GAP_PX = 8


class CandidatePill(QWidget):
    """Two small buttons over the canvas.

    Args:
        actions: The table.
        parent: Over which it lies; it stays inside.
    """

    def __init__(self, actions: ActionTable, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        keep = ActionButton(
            actions, ids.KEEP_ONE, ButtonKind.QUIET, size_=ButtonSize.SMALL, shows_keys=True, text="Keep"
        )
        reject = ActionButton(
            actions, ids.REJECT, ButtonKind.QUIET, size_=ButtonSize.SMALL, shows_keys=True, text="Reject"
        )
        self.keep, self.reject = keep, reject
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 4)
        row.setSpacing(2)
        row.addWidget(keep)
        row.addWidget(reject)
        self.hide()

    def show_beneath(self, rect: QRectF) -> None:
        """Stands beneath a rectangle of the parent, above it where there is no room, and always inside."""
        self.adjustSize()
        room = self._over.rect().adjusted(_GAP_PX, _GAP_PX, -_GAP_PX, -_GAP_PX)
        width, height = self.width(), self.height()
        y = rect.bottom() + _GAP_PX
        if y + height > room.bottom():
            # A chip with its name stands on top of it.
            y = rect.top() - height - 4 * _GAP_PX
        x = min(max(rect.center().x() - width / 2, room.left()), room.right() - width)
        y = min(max(y, room.top()), room.bottom() - height)
        self.move(round(x), round(y))
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.line_strong, 1))
        painter.setBrush(t.raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
