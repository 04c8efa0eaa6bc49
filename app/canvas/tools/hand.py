"""Drags the picture."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt

from app.canvas.tools.tool import Tool


class HandTool(Tool):
    """The left button pans, as the middle one always does."""

    name: ClassVar[str] = "hand"
    cursor: ClassVar[Qt.CursorShape] = Qt.CursorShape.OpenHandCursor
    is_hand: ClassVar[bool] = True
