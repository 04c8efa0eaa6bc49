"""The panel at the right: the list or the crops, with a filter, and what is selected beneath."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.actions import ActionTable
from app.canvas.pyramid import Pyramid
from app.models.instance_list import InstanceListModel
from app.style.tokens import size
from app.views.instances import actions as ids
from app.views.instances.inspector import Inspector
from app.views.instances.instance_list import CropGrid, InstanceList
from app.views.instances.stage import InstancesStage
from app.widgets.action_button import ActionButton
from app.widgets.button import ButtonKind
from app.widgets.field import Field
from app.widgets.panel import EmptyState, Ground, Line, PanelHead
from hopchain_core.domain.keys import InstanceKey

_FILTER_PX = 150
_NARROW_PX = 344


class InstancesPanel(Ground):
    """List, crops and inspector.

    Args:
        actions: The table.
        model: What is listed.
        stage: Asked for colours.
        pipeline_action: Goes to where pictures are segmented.
    """

    chosen = Signal(object)
    """tuple of `InstanceKey`: a person selected these."""
    hovered = Signal(object)
    """`InstanceKey` under the cursor, or None."""
    left = Signal()
    """The keyboard belongs to the canvas again."""

    def __init__(
        self,
        actions: ActionTable,
        model: InstanceListModel,
        stage: InstancesStage,
        pipeline_action: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("surface", parent=parent)
        self._model = model
        self.set_narrow(False)
        self.filter = Field("Filter", icon="filter")
        self.filter.setFixedWidth(_FILTER_PX)
        crops = ActionButton(actions, ids.CROPS, ButtonKind.QUIET, shows_text=False)
        self.head = PanelHead("Instances", (self.filter, crops))
        self.list = InstanceList(model, stage.colour)
        self.crops = CropGrid(model, stage.colour)
        self.inspector = Inspector(actions, stage.colour)
        self.empty = EmptyState(
            "No instances yet",
            "Let a segmenter find them, or draw one.",
            icon="instances",
            action=ActionButton(actions, pipeline_action, ButtonKind.PRIMARY, text="Go to Pipeline"),
        )
        self.nothing_left = EmptyState("No instance passes the filter", icon="filter")
        self._stack = QStackedWidget()
        self._blank = QWidget()
        for page in (self.list, self.crops, self.empty, self.nothing_left, self._blank):
            self._stack.addWidget(page)
        self.box.addWidget(self.head)
        self.box.addWidget(self._stack, 1)
        self._line = Line()
        self.box.addWidget(self._line)
        self.box.addWidget(self.inspector)
        self.shows_crops = False
        self.filter.textChanged.connect(self._filter)
        self.filter.returnPressed.connect(self.focus_list)
        self.filter.escaped.connect(self.left)
        for view in (self.list, self.crops):
            view.chosen.connect(self.chosen)
            view.hovered.connect(self.hovered)
        self.inspector.left.connect(self.left)
        model.modelReset.connect(self._show_page)
        self.show_total(None)

    def set_narrow(self, is_narrow: bool) -> None:
        """Leaves more of a small window to the picture."""
        self.setFixedWidth(_NARROW_PX if is_narrow else size("instances_panel"))

    def show_total(self, total: int | None) -> None:
        """Shows how many instances the picture has; None where there is no picture."""
        self._total, self._has_picture = total or 0, total is not None
        self._show_page()

    def show_crops(self, shows: bool) -> None:
        """Shows crops in place of the list."""
        self.shows_crops = shows
        self._show_page()
        self.select_keys(self._selected)

    def show_picture(self, pyramid: Pyramid | None) -> None:
        """The picture that crops are taken from."""
        self.crops.show_picture(pyramid)
        self.inspector.show_picture(pyramid)

    def select_keys(self, keys: tuple[InstanceKey, ...]) -> None:
        """Selects these in whatever is shown."""
        self._selected = keys
        (self.crops if self.shows_crops else self.list).select_keys(keys)

    def show_hovered(self, key: InstanceKey | None) -> None:
        """Marks what is under the cursor on the canvas."""
        self.list.show_hovered(key)
        self.crops.show_hovered(key)

    def refresh_colours(self) -> None:
        """Colours are others now."""
        self.list.viewport().update()
        self.crops.viewport().update()
        self.inspector.refresh_colour()

    def focus_filter(self) -> None:
        """Puts the keyboard into the filter."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def focus_list(self) -> None:
        """Puts the keyboard into the list."""
        shown = self.crops if self.shows_crops else self.list
        shown.setFocus(Qt.FocusReason.ShortcutFocusReason)

    _total = 0
    _has_picture = False
    _selected: tuple[InstanceKey, ...] = ()

    def _filter(self, text: str) -> None:
        self._model.set_filter(text)
        self._show_page()

    def _show_page(self) -> None:
        listed = self._model.rowCount()
        figure = f"{listed:,} of {self._total:,}" if listed != self._total else f"{self._total:,}"
        self.head.show_figure(figure if self._total else "")
        page: QWidget = self.crops if self.shows_crops else self.list
        if not listed:
            page = self.nothing_left if self._total else self.empty if self._has_picture else self._blank
        for part in (self._line, self.inspector):
            part.setVisible(self._total > 0)
        self.filter.setEnabled(self._total > 0)
        self._stack.setCurrentWidget(page)
