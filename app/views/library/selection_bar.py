"""How much is listed; while pictures are selected, what can be done with them. A row of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.actions import ActionTable
from app.models.status_words import counted
from app.presenters.library_choice import Totals
from app.style.tokens import size, tokens_of
from app.views.frame.menus import fill, show_below
from app.widgets.action_button import ActionButton
from app.widgets.button import Button, ButtonKind
from app.widgets.label import ElidedLabel, Label
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

    Without a selection it says how much there is. It never goes away: if it came with the first picture selected, the
    grid would move between the two clicks of a double click.

    Args:
        actions: The table.
        action_ids: The buttons, in their order; an empty one stands for a divider.
        clear_action: At the right, with its key.
        clear_filters_action: At the right while filters leave pictures out and nothing is selected.
        texts: Shorter texts than the actions' own, for some of them.
    """

    def __init__(
        self,
        actions: ActionTable,
        action_ids: Sequence[str],
        clear_action: str,
        clear_filters_action: str,
        texts: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setFixedHeight(size("tool_row"))
        self._actions = actions
        self._selected = 0
        self._is_filtered = False
        self._count = Label("", "label", "accent")
        self.figures = ElidedLabel("", "meta", "secondary")
        self._items: list[tuple[str, QWidget]] = [
            (name, ActionButton(actions, name, ButtonKind.QUIET, text=texts.get(name, "")) if name else Rule())
            for name in action_ids
        ]
        self.more = Button("More", "more", ButtonKind.QUIET, has_menu=True)
        self.clear_filters = ActionButton(actions, clear_filters_action, ButtonKind.QUIET)
        self.clear = ActionButton(actions, clear_action, ButtonKind.QUIET, shows_keys=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_MARGINS_PX[0], 0, _MARGINS_PX[1], 0)
        layout.setSpacing(_SPACING_PX)
        layout.addWidget(self.figures, 1)
        layout.addWidget(self._count)
        layout.addSpacing(12)
        for _, widget in self._items:
            layout.addWidget(widget)
        layout.addWidget(self.more)
        layout.addStretch(1)
        layout.addWidget(self.clear_filters)
        layout.addWidget(self.clear)
        self.more.clicked.connect(self._open_more)
        actions.changed.connect(self._fit)
        self.show_count(0)

    def show_totals(self, totals: Totals) -> None:
        """Says how much is listed, of how much there is."""
        pictures = counted(totals.shown if totals.images is None else totals.images, "picture")
        if totals.images is not None and totals.shown != totals.images:
            # What the whole project holds would be read as what these pictures hold.
            self.figures.setText(f"{totals.shown:,} of {pictures}")
            return
        parts = [pictures]
        if totals.instances is not None and totals.chains is not None:
            parts += [counted(totals.instances, "instance"), counted(totals.chains, "chain")]
        self.figures.setText(" · ".join(parts))

    def show_filtered(self, is_filtered: bool) -> None:
        """Says whether filters leave pictures out."""
        self._is_filtered = is_filtered
        self.clear_filters.setVisible(is_filtered and not self._selected)

    def show_count(self, count: int) -> None:
        """Shows how many are selected, and what can be done with them."""
        self._selected = count
        self._count.setText(f"{count:,} selected")
        self.figures.setVisible(not count)
        self.clear_filters.setVisible(self._is_filtered and not count)
        self._count.setVisible(count > 0)
        self.clear.setVisible(count > 0)
        self._fit()
        self.update()

    def text(self) -> str:
        """What is said at the left."""
        return self._count.text() if self._selected else self.figures.text()

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
        painter.fillRect(self.rect(), t.accent_soft if self._selected else t.surface)
        line = t.accent_line if self._selected else t.line
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), line)

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
        if not self._selected:
            shown = 0
        for place, (_, widget) in enumerate(self._items):
            widget.setVisible(place < shown)
        self.more.setVisible(self._selected > 0 and shown < len(widths))

    def _open_more(self) -> None:
        menu = QMenu(self)
        hidden = [name for name, widget in self._items if widget.isHidden()]
        fill(menu, self._actions, hidden[1:] if hidden and not hidden[0] else hidden)
        show_below(menu, self.more)
