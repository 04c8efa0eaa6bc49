"""A column that scrolls when it is taller than its room."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class ScrollColumn(QScrollArea):
    """Without a frame, as wide as its room, never sideways.

    Args:
        inside: What scrolls.
        is_clear: What lies behind shows through; else the ground of `inside` does.
        takes_keys: The keyboard may go to the column itself, so that the arrows scroll it; otherwise only to what is in it.
        least_height_px: It is never lower.
    """

    def __init__(
        self,
        inside: QWidget,
        *,
        is_clear: bool = False,
        takes_keys: bool = False,
        least_height_px: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if not takes_keys:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if least_height_px:
            self.setMinimumHeight(least_height_px)
        if is_clear:
            # Only now: a scroll area fills whatever it is given.
            self.viewport().setAutoFillBackground(False)
            inside.setAutoFillBackground(False)
