"""What can be done with the pictures selected, in a row of its own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.actions import ActionTable
from app.style.tokens import size, tokens_of
from app.views.frame.menus import fill, show_below
from app.widgets.action_button import ActionButton
from app.widgets.button import Button, ButtonKind
from app.widgets.label import Label
from app.widgets.panel import Line

_SPACING_PX = 4
_MARGINS_PX = (16, 8)


class Rule(QWidget):
    """A short upright line between tools."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(17, 24)
        line = Line(is_vertical=True, parent=self)
        line.setGeometry(8, 0, 1, 24)


class SelectionBar(QWidget):
    """Actions on the selection; nothing floats over pictures. What does not fit goes behind "More".

    Args:
        actions: The table.
        action_ids: The buttons, in their order; an empty one stands for a divider.
        clear_action: At the right, with its key.
    """

    def __init__(
        self, actions: ActionTable, action_ids: Sequence[str], clear_action: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFixedHeight(size("tool_row"))
        self._actions = actions
        self._count = Label("", "label", "accent")
        self._items: list[tuple[str, QWidget]] = [
            (name, ActionButton(actions, name, ButtonKind.QUIET) if name else Rule()) for name in action_ids
        ]
        self.more = Button("More", "more", ButtonKind.QUIET, has_menu=True)
        self.clear = ActionButton(actions, clear_action, ButtonKind.QUIET, shows_keys=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_MARGINS_PX[0], 0, _MARGINS_PX[1], 0)
        layout.setSpacing(_SPACING_PX)
        layout.addWidget(self._count)
        layout.addSpacing(12)
        for _, widget in self._items:
            layout.addWidget(widget)
        layout.addWidget(self.more)
        layout.addStretch(1)
        layout.addWidget(self.clear)
        self.more.clicked.connect(self._open_more)
        actions.changed.connect(self._fit)
        self.hide()

    def show_count(self, count: int) -> None:
        """Shows how many are selected; none hides the row."""
        self._count.setText(f"{count:,} selected")
        self.setVisible(count > 0)
        self._fit()

    def text(self) -> str:
        """What is shown."""
        return self._count.text()

    def button(self, action_id: str) -> QWidget | None:
        """The button of an action; hidden while it is behind "More"."""
        return next((widget for name, widget in self._items if name == action_id), None)

    def minimumSizeHint(self) -> QSize:
        # The row never widens the window: it folds instead.
        return QSize(0, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.accent_soft)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), t.accent_line)

    def _fit(self) -> None:
        # With room for two digits more than there are now, so that buttons do not come and go as one counts on.
        count = max(self._count.sizeHint().width(), 88)
        room = self.width() - sum(_MARGINS_PX) - count - 12 - self.clear.sizeHint().width() - 4 * _SPACING_PX
        widths = [widget.sizeHint().width() + _SPACING_PX for _, widget in self._items]
        shown = len(widths)
        if sum(widths) > room:
            room -= self.more.sizeHint().width() + _SPACING_PX
            shown = 0
            while shown < len(widths) and sum(widths[: shown + 1]) <= room:
                shown += 1
            while shown and not self._items[shown - 1][0]:
                shown -= 1
        for place, (_, widget) in enumerate(self._items):
            widget.setVisible(place < shown)
        self.more.setVisible(shown < len(widths))

    def _open_more(self) -> None:
        menu = QMenu(self)
        hidden = [name for name, widget in self._items if widget.isHidden()]
        fill(menu, self._actions, hidden[1:] if hidden and not hidden[0] else hidden)
        show_below(menu, self.more)
