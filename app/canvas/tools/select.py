"""Click selects what is under the cursor, again: what lies beneath; a drag selects what it touches."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.canvas.tools.tool import Pointer, Stage, Tool
from app.canvas.view_transform import ViewTransform
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.keys import InstanceKey


class SelectTool(Tool):
    """Selects instances. With Shift what is clicked joins the selection or leaves it."""

    name: ClassVar[str] = "select"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._pressed: Pointer | None = None
        self._band: Box | None = None
        self._last_click: QPointF | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a rubber band is drawn."""
        return self._band is not None

    def press(self, pointer: Pointer) -> None:
        """Begins a click or a drag."""
        self._pressed = pointer

    def drag(self, pointer: Pointer) -> None:
        """Draws the rubber band, from a few pixels on."""
        if self._pressed is None or (self._band is None and pointer.is_near(self._pressed.place)):
            return
        a, b = self._pressed.at, pointer.at
        self._band = Box(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y))
        self.stage.hover(None)
        self.stage.repaint_tool()

    def release(self, pointer: Pointer) -> None:
        """Selects."""
        pressed, band = self._pressed, self._band
        self._pressed = self._band = None
        if band is not None:
            found = self.stage.content.in_rectangle(band)
            kept = self.stage.content.selected if pointer.has_shift else ()
            self.stage.choose(tuple(dict.fromkeys((*kept, *found))))
            self.stage.repaint_tool()
        elif pressed is not None:
            self._click(pointer)

    def move(self, pointer: Pointer) -> None:
        """Highlights what is under the cursor; after a click through, what is selected there while it stays put."""
        stack = self.stage.content.stack_at(pointer.at)
        if self._last_click is not None and pointer.is_near(self._last_click):
            chosen = self._chosen_in(stack)
            if chosen is not None:
                self.stage.hover(chosen, stack[stack.index(chosen) + 1 :])
                return
        self.stage.hover(stack[0] if stack else None, stack[1:])

    def leave(self) -> None:
        """Nothing is under the cursor."""
        self.stage.hover(None)

    def cancel(self) -> bool:
        """Gives up the rubber band."""
        had_band, self._band, self._pressed = self._band is not None, None, None
        self.stage.repaint_tool()
        return had_band

    def _click(self, pointer: Pointer) -> None:
        stack = self.stage.content.stack_at(pointer.at)
        selected = self.stage.content.selected
        is_again = self._last_click is not None and pointer.is_near(self._last_click)
        self._last_click = pointer.place
        if pointer.has_shift:
            if stack:
                top = stack[0]
                self.stage.choose(tuple(k for k in selected if k != top) if top in selected else (*selected, top))
            return
        chosen = self._chosen_in(stack)
        if is_again and chosen is not None and len(stack) > 1:
            beneath = stack[(stack.index(chosen) + 1) % len(stack)]
            self.stage.choose((beneath,))
            self.stage.click_through(beneath)
        else:
            self.stage.choose(stack[:1])
        self.move(pointer)

    def _chosen_in(self, stack: tuple[InstanceKey, ...]) -> InstanceKey | None:
        selected = self.stage.content.selected
        return selected[0] if len(selected) == 1 and selected[0] in stack else None

    def paint(self, painter: QPainter, view: ViewTransform) -> None:
        """Draws the rubber band."""
        if self._band is None:
            return
        accent = QColor(self.stage.content.look.accent)
        rect = QRectF(view.box_to_view(self._band).toRect())
        painter.setPen(QPen(accent, 1, Qt.PenStyle.SolidLine))
        accent.setAlphaF(0.16)
        painter.setBrush(accent)
        painter.drawRect(rect)
