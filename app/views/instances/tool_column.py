"""The column of tools at the left of the canvas, each with its key in the corner."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.actions import ActionTable
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import radius, tokens_of
from app.views.instances import actions as ids
from app.widgets.action_button import ActionButton
from app.widgets.button import DISABLED_OPACITY, ButtonKind
from app.widgets.keycap import key_text
from app.widgets.panel import Ground, Line

_SIDE_PX = 40
_COLUMN_PX = 48
_SHOWN = (
    ids.SELECT,
    ids.HAND,
    "",
    ids.BOX,
    ids.POLYGON,
    ids.BRUSH,
    ids.ERASE,
    ids.MERGE,
    "",
    ids.PROMPT_WORD,
    ids.PROMPT_POINTS,
)


class ToolButton(ActionButton):
    """A tool: its icon, and its key in the corner.

    Args:
        actions: The table.
        action_id: Of the action.
    """

    def __init__(self, actions: ActionTable, action_id: str, parent: QWidget | None = None) -> None:
        super().__init__(actions, action_id, ButtonKind.QUIET, shows_text=False, parent=parent)
        self._table = actions
        actions.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(_SIDE_PX, _SIDE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(DISABLED_OPACITY)
        is_hot = self.isEnabled() and self.underMouse()
        ground = t.accent_soft if self.isChecked() else t.sunken if self.isDown() else t.hover if is_hot else None
        if ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(QRectF(self.rect()), radius("button"), radius("button"))
        colour = t.accent if self.isChecked() else t.text
        paint_icon(painter, self.icon_name, QRectF(9, 8, 20, 20), colour)
        painter.setFont(font("key"))
        painter.setPen(t.accent if self.isChecked() else t.text_tertiary)
        corner = QRectF(self.rect()).adjusted(0, 0, -4, -2)
        keys = key_text(self._table.first_key(self.action_id))
        painter.drawText(corner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, keys)


class ToolColumn(Ground):
    """Select, hand, box, polygon, brush, eraser, merge, and what SAM 3 is prompted by.

    Args:
        actions: The table.
    """

    def __init__(self, actions: ActionTable, parent: QWidget | None = None) -> None:
        super().__init__("surface", margins=(4, 4, 4, 4), spacing=4, parent=parent)
        self.setFixedWidth(_COLUMN_PX)
        self.setAccessibleName("Tools")
        for action_id in _SHOWN:
            if action_id:
                self.box.addWidget(ToolButton(actions, action_id))
            else:
                self.box.addSpacing(2)
                self.box.addWidget(Line(inset=6))
                self.box.addSpacing(2)
        self.box.addStretch(1)
