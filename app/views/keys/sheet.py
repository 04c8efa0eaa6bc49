"""The `?` sheet: every key there is, those of this space first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from app.presenters.keys import KeyGroup
from app.views.keys.columns import KeyColumns
from app.widgets.button import Button, ButtonKind
from app.widgets.field import Field
from app.widgets.label import Label
from app.widgets.overlay import Overlay
from app.widgets.panel import Ground, Line

_HEAD_PX = 56
_MARGIN_PX = 20
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_PAGES = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}


class _Search(Field):
    scrolled = Signal(int, int)
    """(lines, pages): the body moves while the field keeps the keyboard."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS or key in _PAGES:
            self.scrolled.emit(_STEPS.get(key, 0), _PAGES.get(key, 0))
        elif key == Qt.Key.Key_Escape:
            # One Esc closes, whatever was typed.
            event.ignore()
        else:
            super().keyPressEvent(event)


class KeySheet(Overlay):
    """What can be pressed, here and elsewhere.

    Args:
        window: What it lies over.
    """

    asked = Signal(str)
    """Something else is searched for."""
    edit_asked = Signal()
    """A person wants to change shortcuts."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "Shortcuts", 1080)
        self.setAccessibleName("Shortcuts")
        head = QHBoxLayout()
        head.setContentsMargins(24, 12, 12, 12)
        head.setSpacing(8)
        self.title = Label("Shortcuts", "heading")
        self.search = _Search("Action or key", icon="search")
        self.search.setFixedWidth(280)
        self.edit = Button("Change shortcuts…", "keyboard", ButtonKind.QUIET)
        self.edit.clicked.connect(self._edit)
        self.close_button = Button(icon="cross", kind=ButtonKind.QUIET, name="Close")
        self.close_button.clicked.connect(self.close_overlay)
        head.addWidget(self.title)
        head.addSpacing(16)
        head.addWidget(self.search)
        head.addStretch(1)
        head.addWidget(self.edit)
        head.addWidget(self.close_button)
        self.box.addLayout(head)
        self.box.addWidget(Line())
        self.columns = KeyColumns()
        self._none = Label("No key fits.", "body", "tertiary")
        inner = Ground("raised", margins=(24, _MARGIN_PX, 24, _MARGIN_PX))
        inner.box.addWidget(self.columns)
        inner.box.addWidget(self._none)
        inner.box.addStretch(1)
        self.body = QScrollArea()
        self.body.setWidgetResizable(True)
        self.body.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.viewport().setAutoFillBackground(False)
        self.body.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.setWidget(inner)
        inner.setAutoFillBackground(False)
        self.box.addWidget(self.body, 1)
        self._height = 0
        self.search.textChanged.connect(self.asked)
        self.search.scrolled.connect(self._scroll)
        self.opened.connect(self._begin)

    def show_groups(self, groups: Sequence[KeyGroup]) -> None:
        """Shows these."""
        self.columns.show_groups(groups)
        self._none.setVisible(not groups)
        if not self.search.text():
            # The panel keeps its height while one searches.
            self._height = _HEAD_PX + 1 + 2 * _MARGIN_PX + self.columns.sizeHint().height() + 2
        self.place()

    def panel_height(self) -> int:
        return self._height

    def first_focus(self) -> QWidget:
        return self.search

    def _begin(self) -> None:
        with QSignalBlocker(self.search):
            self.search.clear()
        self.asked.emit("")
        self.body.verticalScrollBar().setValue(0)

    def _scroll(self, lines: int, pages: int) -> None:
        bar = self.body.verticalScrollBar()
        bar.setValue(bar.value() + 56 * lines + pages * self.body.viewport().height())

    def _edit(self) -> None:
        self.close_overlay()
        self.edit_asked.emit()
