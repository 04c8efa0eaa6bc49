"""Above the grid: search, order and size."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.actions import ActionTable
from app.presenters.library_choice import Choice
from app.style.tokens import size
from app.views.library.geometry import LEAST_WIDTH_PX, MOST_WIDTH_PX, USUAL_WIDTH_PX
from app.views.library.order import OrderButton
from app.views.library.selection_bar import Rule
from app.widgets.action_button import ActionButton
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.field import Field
from app.widgets.panel import Ground, IconLabel
from app.widgets.slider import Slider

_TYPING_MS = 150
"""A search begins when the typing pauses so long."""
_SEARCH_PX = (160, 288)
_NARROW_PX = 800
"""Below this the button on the right loses its text. Chosen."""


class ToolRow(Ground):
    """Search, order and size of the grid.

    Args:
        actions: For the keys on buttons.
        add_action: The shell's action that adds pictures.
        filters_action: Shows and hides the filters.
    """

    searched = Signal(str)
    """What a person looks for, once the typing pauses."""
    sized = Signal(int)
    """Width that cells should have."""
    only_dropped = Signal()
    """No longer only the pictures that another space chose."""
    left = Signal()
    """Enter, Down or Esc in the search: the keyboard belongs to the grid again."""

    def __init__(
        self, actions: ActionTable, add_action: str, filters_action: str, parent: QWidget | None = None
    ) -> None:
        super().__init__("surface", is_row=True, margins=(16, 0, 16, 0), spacing=8, parent=parent)
        self.setFixedHeight(size("panel_head"))
        self._actions = actions
        self.search = Field("Name, category or question", icon="search")
        self.only = Button("", "filter", size_=ButtonSize.SMALL)
        self.only.hide()
        self.only.clicked.connect(self.only_dropped)
        self.order = OrderButton(actions)
        self.slider = Slider()
        self.slider.setRange(LEAST_WIDTH_PX, MOST_WIDTH_PX)
        self.slider.setValue(USUAL_WIDTH_PX)
        self.slider.setSingleStep(16)
        self.slider.setPageStep(48)
        self.slider.setFixedWidth(104)
        self.slider.setAccessibleName("Size of the pictures")
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.filters = ActionButton(actions, filters_action, ButtonKind.QUIET, shows_text=False)
        self.add = ActionButton(actions, add_action)
        for widget in (
            self.filters,
            self.search,
            self.only,
            self.order,
            Rule(),
            IconLabel("image", 12, "text-secondary"),
            self.slider,
            IconLabel("image", 16, "text-secondary"),
            Rule(),
            self.add,
        ):
            self.box.addWidget(widget)
        self.box.insertStretch(self.box.indexOf(self.order))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPING_MS)
        self._pause.timeout.connect(lambda: self.searched.emit(self.search.text()))
        self.search.textEdited.connect(lambda _: self._pause.start())
        self.search.textChanged.connect(self._cleared)
        self.search.returnPressed.connect(self._search_now)
        self.search.escaped.connect(self.left)
        self.slider.valueChanged.connect(self.sized)
        actions.changed.connect(self._show_keys)
        self._show_keys()

    def show_choice(self, choice: Choice) -> None:
        """Shows what is looked for and the order."""
        if not self.search.hasFocus() and self.search.text().strip() != choice.text:
            self.search.setText(choice.text)
        self.only.setVisible(choice.only is not None)
        words = choice.only_words or "chosen elsewhere"
        self.only.set_text(f"{words if len(words) <= 32 else words[:31] + '…'}  ×")
        self.only.set_name(f"Show all pictures, not only those {words}")
        self.order.show_choice(choice)

    def show_size(self, width_px: int) -> None:
        """Puts the slider where the cells are."""
        self.slider.blockSignals(True)
        self.slider.setValue(width_px)
        self.slider.blockSignals(False)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        self.add.set_shows_text(width >= _NARROW_PX)
        least, most = _SEARCH_PX
        self.search.setFixedWidth(max(least, min(most, width // 3)))

    def _cleared(self, text: str) -> None:
        if not text:
            self._pause.stop()
            self.searched.emit("")

    def _search_now(self) -> None:
        self._pause.stop()
        self.searched.emit(self.search.text())
        self.left.emit()

    def _show_keys(self) -> None:
        self.search.set_keys(self._actions.first_key("library.find"))
