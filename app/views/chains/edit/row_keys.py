"""Rows of a list made of widgets: up and down go to the neighbours, Space and Enter press."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.style.tokens import tokens_of

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_PRESSES = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ListRow(QAbstractButton):
    """A row. What is checked follows what it stands for, never the click."""

    presses_on_arrival = False
    """One of the rows is always chosen: an arrow key chooses the row that it goes to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_ringed = False
        # The rows fill their list, which would cut off a ring outside of them.
        self.setProperty("rings", False)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def nextCheckState(self) -> None:
        """Leaves it to who shows the row."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._is_ringed = event.reason() is not Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)

    def paint_focus(self, painter: QPainter) -> None:
        """Marks the row that has the keyboard; never for the mouse alone."""
        if self.hasFocus() and self._is_ringed:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(tokens_of(self).accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 4, 4)

    def event(self, event: QEvent) -> bool:
        # Its keys are its own before they are shortcuts of the space.
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and not event.modifiers()
            and event.key() in (*_STEPS, *_PRESSES)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self._go(step)
        elif event.key() in _PRESSES[1:] and not event.modifiers():
            self.click()
        else:
            super().keyPressEvent(event)

    def _go(self, step: int) -> None:
        """To the row above or below. The order of Tab is no help: it follows the order in which widgets were made."""
        parent = self.parentWidget()
        if parent is None:
            return
        rows = sorted((r for r in parent.findChildren(type(self)) if r.isEnabled() and not r.isHidden()), key=QWidget.y)
        at = rows.index(self) + step
        if 0 <= at < len(rows):
            rows[at].setFocus(Qt.FocusReason.TabFocusReason)
            if self.presses_on_arrival:
                rows[at].click()
