"""Draws a box."""

from __future__ import annotations

import math
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from app.canvas.tools.tool import Pointer, Stage, Tool, cased_pens, clamped
from app.canvas.view_transform import ViewTransform
from hopchain_core.domain.geometry import Box, Point

LEAST_SIDE_PX = 2
"""Pixels of the picture; a smaller box is a slip of the hand."""


class BoxTool(Tool):
    """A drag draws a box of whole pixels; with Shift a square."""

    name: ClassVar[str] = "box"
    cursor: ClassVar[Qt.CursorShape] = Qt.CursorShape.CrossCursor

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._from: Point | None = None
        self._box: Box | None = None
        self._hair: QPointF | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a box has been begun."""
        return self._from is not None

    def press(self, pointer: Pointer) -> None:
        """Begins at a corner."""
        self._from, self._box = clamped(pointer.at, self.stage.content), None

    def drag(self, pointer: Pointer) -> None:
        """Spans the box: all pixels that the drag touches."""
        if self._from is None:
            return
        a, b = self._from, pointer.at
        if pointer.has_shift:
            side = max(abs(b.x - a.x), abs(b.y - a.y))
            b = Point(a.x + math.copysign(side, b.x - a.x), a.y + math.copysign(side, b.y - a.y))
        b = clamped(b, self.stage.content)
        self._box = Box(
            float(math.floor(min(a.x, b.x))),
            float(math.floor(min(a.y, b.y))),
            float(math.ceil(max(a.x, b.x))),
            float(math.ceil(max(a.y, b.y))),
        )
        self._hair = pointer.place
        self.stage.repaint_tool()

    def release(self, pointer: Pointer) -> None:
        """Hands the box over, unless it is tiny."""
        self.drag(pointer)
        box = self._box
        self.cancel()
        if box is not None and min(box.width, box.height) >= LEAST_SIDE_PX:
            self.stage.finish_box(box)

    def move(self, pointer: Pointer) -> None:
        """Moves the cross hairs."""
        self._hair = pointer.place
        self.stage.repaint_tool()

    def leave(self) -> None:
        """Takes the cross hairs away."""
        self._hair = None
        self.stage.repaint_tool()

    def cancel(self) -> bool:
        """Gives the box up."""
        was_busy, self._from, self._box = self.is_busy, None, None
        self.stage.repaint_tool()
        return was_busy

    def paint(self, painter: QPainter, view: ViewTransform) -> None:
        """Draws the box, or cross hairs before there is one."""
        look = self.stage.content.look
        content = self.stage.content
        under, over = cased_pens(look.evidence, look.casing, 1.5)
        if self._box is not None:
            rect = view.box_to_view(self._box)
            over.setDashPattern([4, 3])
            for pen in (under, over):
                painter.setPen(pen)
                painter.drawRect(rect)
        elif self._hair is not None:
            picture = view.box_to_view(Box(0.0, 0.0, float(content.width_px), float(content.height_px)))
            if picture.contains(self._hair):
                _cross_hairs(painter, self._hair, picture)


def _cross_hairs(painter: QPainter, at: QPointF, picture: QRectF) -> None:
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
    painter.setPen(Qt.GlobalColor.gray)
    x, y = math.floor(at.x()), math.floor(at.y())
    painter.drawLine(QPointF(x, picture.top()), QPointF(x, picture.bottom()))
    painter.drawLine(QPointF(picture.left(), y), QPointF(picture.right(), y))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
