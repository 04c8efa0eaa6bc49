"""Above the grid: search, how much is shown, order, size; and beneath it what can be done with those selected."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QWidget

from app.actions import ActionTable
from app.models.status_words import counted
from app.presenters.library import Choice, Totals
from app.style.tokens import size, tokens_of
from app.views.library.geometry import LEAST_WIDTH_PX, MOST_WIDTH_PX, USUAL_WIDTH_PX
from app.widgets.action_button import ActionButton
from app.widgets.button import Button, ButtonKind
from app.widgets.choice import Select
from app.widgets.field import Field
from app.widgets.label import ElidedLabel, Label
from app.widgets.panel import Ground, IconLabel, Line
from hopchain_core.project import ImageSort

_TYPING_MS = 150
"""A search begins when the typing pauses so long."""
_SORTS = {
    ImageSort.PATH: "Name",
    ImageSort.ADDED: "Added",
    ImageSort.INSTANCES: "Instances",
    ImageSort.CHAINS: "Chains",
}


class ToolRow(Ground):
    """Search, figures, order and size of the grid.

    Args:
        actions: For the keys on buttons.
        add_action: The shell's action that adds pictures.
    """

    searched = Signal(str)
    """What a person looks for, once the typing pauses."""
    sorted_by = Signal(object, bool)
    """`ImageSort`, and whether the largest comes first."""
    sized = Signal(int)
    """Width that cells should have."""
    left = Signal()
    """Enter, Down or Esc in the search: the keyboard belongs to the grid again."""

    def __init__(self, actions: ActionTable, add_action: str, parent: QWidget | None = None) -> None:
        super().__init__("surface", is_row=True, margins=(16, 0, 16, 0), spacing=8, parent=parent)
        self.setFixedHeight(size("panel_head"))
        self._actions = actions
        self.search = Field("Name, category or question", icon="search")
        self.search.setFixedWidth(288)
        self.figures = ElidedLabel("", "meta", "secondary")
        self.figures.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.sort = Select("Order", is_quiet=True, icon="sort")
        for sort, text in _SORTS.items():
            self.sort.addItem(text, sort)
        self.direction = Button("", "chevron-up", ButtonKind.QUIET, name="Ascending")
        self.direction.setFixedWidth(32)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(LEAST_WIDTH_PX, MOST_WIDTH_PX)
        self.slider.setValue(USUAL_WIDTH_PX)
        self.slider.setSingleStep(16)
        self.slider.setPageStep(48)
        self.slider.setFixedWidth(104)
        self.slider.setAccessibleName("Size of the pictures")
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for widget in (
            self.search,
            _Gap(8),
            self.figures,
            self.sort,
            self.direction,
            _Rule(),
            IconLabel("image", 12, "text-secondary"),
        ):
            self.box.addWidget(widget)
        self.box.addWidget(self.slider)
        self.box.addWidget(IconLabel("image", 16, "text-secondary"))
        self.box.addWidget(_Rule())
        self.box.addWidget(ActionButton(actions, add_action))
        self._is_descending = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPING_MS)
        self._pause.timeout.connect(lambda: self.searched.emit(self.search.text()))
        self.search.textEdited.connect(lambda _: self._pause.start())
        self.search.textChanged.connect(self._cleared)
        self.search.returnPressed.connect(self._search_now)
        self.search.escaped.connect(self.left)
        self.sort.activated.connect(lambda _: self._tell_order())
        self.direction.clicked.connect(self._turn)
        self.slider.valueChanged.connect(self.sized)
        actions.changed.connect(self._show_keys)
        self._show_keys()

    def show_totals(self, totals: Totals) -> None:
        """Says how much is listed, of how much there is."""
        pictures = counted(totals.images, "picture")
        if totals.shown != totals.images:
            pictures = f"{totals.shown:,} of {pictures}"
        self.figures.setText(
            f"{pictures} · {counted(totals.instances, 'instance')} · {counted(totals.chains, 'chain')}"
        )

    def show_choice(self, choice: Choice) -> None:
        """Shows what is looked for and the order."""
        if not self.search.hasFocus() and self.search.text().strip() != choice.text:
            self.search.setText(choice.text)
        self.sort.setCurrentIndex(list(_SORTS).index(choice.sort))
        self._is_descending = choice.descending
        self.direction.set_icon("chevron-down" if choice.descending else "chevron-up")
        self.direction.set_name("Descending" if choice.descending else "Ascending")

    def show_size(self, width_px: int) -> None:
        """Puts the slider where the cells are."""
        self.slider.blockSignals(True)
        self.slider.setValue(width_px)
        self.slider.blockSignals(False)

    def _cleared(self, text: str) -> None:
        if not text:
            self._pause.stop()
            self.searched.emit("")

    def _search_now(self) -> None:
        self._pause.stop()
        self.searched.emit(self.search.text())
        self.left.emit()

    def _turn(self) -> None:
        self._is_descending = not self._is_descending
        self._tell_order()

    def _tell_order(self) -> None:
        self.sorted_by.emit(self.sort.currentData(), self._is_descending)

    def _show_keys(self) -> None:
        self.search.set_keys(self._actions.first_key("library.find"))


class SelectionBar(QWidget):
    """What can be done with the pictures selected: a row of its own, so that nothing floats over pictures.

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
        self._count = Label("", "label", "accent")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 8, 0)
        layout.setSpacing(4)
        layout.addWidget(self._count)
        layout.addSpacing(12)
        for action_id in action_ids:
            layout.addWidget(ActionButton(actions, action_id, ButtonKind.QUIET) if action_id else _Rule())
        layout.addStretch(1)
        layout.addWidget(ActionButton(actions, clear_action, ButtonKind.QUIET, shows_keys=True))
        self.hide()

    def show_count(self, count: int) -> None:
        """Shows how many are selected; none hides the row."""
        self._count.setText(f"{count:,} selected")
        self.setVisible(count > 0)

    def text(self) -> str:
        """What is shown."""
        return self._count.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.accent_soft)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), t.accent_line)


class _Rule(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(17, 24)
        line = Line(is_vertical=True, parent=self)
        line.setGeometry(8, 0, 1, 24)


class _Gap(QWidget):
    def __init__(self, width_px: int) -> None:
        super().__init__()
        self.setFixedWidth(width_px)
