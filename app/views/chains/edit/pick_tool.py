"""Clicking instances on the picture picks them, one click each."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QPointF, Qt

from app.canvas.tools import Tool
from app.canvas.tools.tool import Pointer, Stage
from hopchain_core.domain.keys import InstanceKey


class PickTool(Tool):
    """A click picks what is under the cursor, or no longer; at the same place again it goes on to what lies beneath.

    Args:
        stage: The canvas.
        toggle: Told the instance.
    """

    name: ClassVar[str] = "pick"
    cursor: ClassVar[Qt.CursorShape] = Qt.CursorShape.PointingHandCursor

    def __init__(self, stage: Stage, toggle: Callable[[InstanceKey], object]) -> None:
        super().__init__(stage)
        self._toggle = toggle
        self._pressed: Pointer | None = None
        self._last: QPointF | None = None
        self._depth = 0

    def press(self, pointer: Pointer) -> None:
        """Begins a click."""
        self._pressed = pointer

    def release(self, pointer: Pointer) -> None:
        """Picks, unless the pointer was dragged away."""
        pressed, self._pressed = self._pressed, None
        stack = self.stage.content.stack_at(pointer.at)
        if pressed is None or not stack or not pointer.is_near(pressed.place):
            return
        is_again = self._last is not None and pointer.is_near(self._last)
        self._last = pointer.place
        # With something beneath, clicks at one place take turns: on and off, then the next one.
        self._depth = self._depth + 1 if is_again else 0
        self._toggle(stack[(self._depth // 2) % len(stack)])

    def move(self, pointer: Pointer) -> None:
        """Highlights what is under the cursor."""
        stack = self.stage.content.stack_at(pointer.at)
        self.stage.hover(stack[0] if stack else None, stack[1:])

    def leave(self) -> None:
        """Nothing is under the cursor."""
        self.stage.hover(None)
