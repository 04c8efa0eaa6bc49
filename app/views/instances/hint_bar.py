"""Beneath the canvas: how the tool at hand is used, and the size of the brush."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.canvas.tools.brush import LEAST_SIZE_PX
from app.widgets.keycap import KeyCap
from app.widgets.label import Label
from app.widgets.panel import Ground, IconLabel
from app.widgets.slider import Slider

_MOST_PX = 400.0
_STEPS = 100
_HINTS = {
    "select": ("pointer", "Click selects, a drag selects several. SAM 3 finds more by a word, boxes or points."),
    "hand": ("hand", "Drag moves the picture, the wheel zooms."),
    "box": ("box", "Drag from corner to corner; Shift makes a square."),
    "polygon": ("polygon", "Click corner by corner; Enter or the first corner closes it, Backspace takes one back."),
    "brush": ("brush", "Paint on what is selected, or begin a new instance."),
    "erase": ("eraser", "Wipe over what is selected, or what lies under the cursor."),
}


class HintBar(Ground):
    """One row."""

    size_chosen = Signal(float)
    """Diameter of the brush in pixels of the picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", is_row=True, margins=(4, 0, 4, 0), spacing=8, parent=parent)
        self._icon = IconLabel("box", 16, "text-secondary")
        self.text = Label("", "meta", "secondary", wraps=True)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.slider = Slider()
        self.slider.setRange(0, _STEPS)
        self.slider.setFixedWidth(120)
        self.slider.setAccessibleName("Size of the brush")
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.figure = Label("", "meta")
        self.figure.setFixedWidth(44)
        self._brush = (Label("Size", "meta", "secondary"), KeyCap("["), self.slider, KeyCap("]"), self.figure)
        self.box.addWidget(self._icon)
        self.box.addWidget(self.text, 1)
        for widget in self._brush:
            self.box.addWidget(widget)
        self.slider.valueChanged.connect(self._tell)
        self.show_tool("select", LEAST_SIZE_PX)

    def show_tool(self, tool: str, brush_px: float) -> None:
        """Shows how a tool is used; says nothing of one that is not known."""
        hint = _HINTS.get(tool, ("pointer", ""))
        self._icon.show_icon(hint[0], "text-secondary")
        self.text.setText(hint[1])
        for widget in self._brush:
            widget.setVisible(tool in ("brush", "erase"))
        self.show_size(brush_px)

    def show_size(self, brush_px: float) -> None:
        """Puts the slider where the brush is; each step is a share of the size, not so many pixels."""
        share = math.log(max(LEAST_SIZE_PX, brush_px) / LEAST_SIZE_PX) / math.log(_MOST_PX / LEAST_SIZE_PX)
        self.slider.blockSignals(True)
        self.slider.setValue(round(_STEPS * min(1.0, share)))
        self.slider.blockSignals(False)
        self.figure.setText(f"{brush_px:.0f} px")

    def _tell(self, value: int) -> None:
        brush_px = float(round(LEAST_SIZE_PX * (_MOST_PX / LEAST_SIZE_PX) ** (value / _STEPS)))
        self.figure.setText(f"{brush_px:.0f} px")
        self.size_chosen.emit(brush_px)
