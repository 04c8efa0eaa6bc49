"""Points that are inside, or outside, of what is meant."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt

from app.canvas.tools.tool import Pointer, Tool


class PointsTool(Tool):
    """A click is inside of what is meant; with Alt it is outside."""

    name: ClassVar[str] = "points"
    cursor: ClassVar[Qt.CursorShape] = Qt.CursorShape.CrossCursor

    def press(self, pointer: Pointer) -> None:
        """Hands over the point, if it lies on the picture."""
        content = self.stage.content
        if 0 <= pointer.at.x < content.width_px and 0 <= pointer.at.y < content.height_px:
            is_outside = bool(pointer.modifiers & Qt.KeyboardModifier.AltModifier)
            self.stage.finish_point(pointer.at, not is_outside)
