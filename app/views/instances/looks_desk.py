"""Shows instances as the person likes them, and keeps what they like."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Qt

from app.canvas import Colouring
from app.models.instance_list import InstanceColumn
from app.studio import Studio
from app.views.instances.looks import Looks
from app.views.instances.panel import InstancesPanel
from app.views.instances.stage import InstancesStage
from app.views.instances.tool_row import InstancesToolRow

_SETTINGS = "instances.view"


class LooksDesk(QObject):
    """How instances are shown, in all views of the space.

    Args:
        studio: Keeps it in the settings.
        stage: Shows the picture.
        row: Colour and opacity are chosen there.
        panel: Shows the list, or crops.

    Attributes:
        now: What is shown.
    """

    def __init__(self, studio: Studio, stage: InstancesStage, row: InstancesToolRow, panel: InstancesPanel) -> None:
        super().__init__(stage)
        self._studio = studio
        self._stage = stage
        self._row = row
        self._panel = panel
        self.now = Looks()
        row.colouring_chosen.connect(lambda value: self.show(replace(self.now, colouring=Colouring(value))))
        row.opacity_chosen.connect(lambda percent: self.show(replace(self.now, opacity=percent)))
        panel.list.header().sortIndicatorChanged.connect(self._take_order)

    def restore(self) -> None:
        """Shows instances as they were shown last."""
        self._apply(Looks.read(self._studio.settings.get(_SETTINGS)), is_first=True)
        self._studio.actions.refresh()

    def show(self, looks: Looks) -> None:
        """Shows instances in this way from now on."""
        self._apply(looks)
        self._studio.settings.set(_SETTINGS, looks.to_settings())
        self._studio.actions.refresh()

    def _take_order(self, column: int, order: Qt.SortOrder) -> None:
        is_descending = order == Qt.SortOrder.DescendingOrder
        self.show(replace(self.now, sorted_by=InstanceColumn(column), is_descending=is_descending))

    def _apply(self, looks: Looks, *, is_first: bool = False) -> None:
        before, self.now = self.now, looks
        stage, row = self._stage, self._row
        stage.set_display(looks.display)
        stage.canvas.set_opacity(looks.opacity / 100)
        stage.canvas.set_minimap(looks.has_minimap)
        row.show_opacity(looks.opacity)
        row.colouring.set_value(looks.colouring.value)
        if is_first:
            order = Qt.SortOrder.DescendingOrder if looks.is_descending else Qt.SortOrder.AscendingOrder
            self._panel.list.sortByColumn(looks.sorted_by, order)
        if is_first or looks.has_crops != before.has_crops:
            self._panel.show_crops(looks.has_crops)
        if is_first or looks.colouring is not before.colouring:
            stage.set_colouring(looks.colouring)
