"""Draws a polygon, corner by corner."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from app.canvas.tools.tool import Pointer, Stage, Tool, cased_pens, clamped
from app.canvas.view_transform import ViewTransform
from hopchain_core.domain.geometry import Point

CLOSING_PX = 9.0
"""A click this near to the first corner closes the polygon, logical pixels. Chosen."""
_HANDLE_PX = 3.0


class PolygonTool(Tool):
    """A click sets a corner; Enter, a double click or the first corner ends it; Backspace takes the last one back."""

    name: ClassVar[str] = "polygon"
    cursor: ClassVar[Qt.CursorShape] = Qt.CursorShape.CrossCursor

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._corners: list[Point] = []
        self._next: Point | None = None

    @property
    def is_busy(self) -> bool:
        """Whether there is a corner."""
        return bool(self._corners)

    def press(self, pointer: Pointer) -> None:
        """Sets a corner, or closes the polygon."""
        if self._is_closing(pointer):
            self._finish()
            return
        self._corners.append(clamped(pointer.at, self.stage.content))
        self.move(pointer)

    def drag(self, pointer: Pointer) -> None:
        """Moves the corner that has just been set."""
        if self._corners:
            self._corners[-1] = clamped(pointer.at, self.stage.content)
            self.move(pointer)

    def move(self, pointer: Pointer) -> None:
        """Draws the line to the cursor."""
        self._next = clamped(pointer.at, self.stage.content)
        self.stage.repaint_tool()

    def double_click(self, pointer: Pointer) -> None:
        """Ends it; the first of the two presses has set the corner."""
        if len(self._corners) >= 3:
            self._finish()
        else:
            self.press(pointer)

    def wants(self, key: int, text: str) -> bool:
        """Keys that end it or take a corner back, while there are corners."""
        return self.is_busy and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace)

    def press_key(self, key: int, text: str) -> bool:
        """Ends it or takes a corner back."""
        if not self.wants(key, text):
            return False
        if key == Qt.Key.Key_Backspace:
            self._corners.pop()
            self.stage.repaint_tool()
        elif len(self._corners) >= 3:
            self._finish()
        return True

    def cancel(self) -> bool:
        """Gives it up."""
        was_busy = self.is_busy
        self._corners.clear()
        self._next = None
        self.stage.repaint_tool()
        return was_busy

    def _is_closing(self, pointer: Pointer) -> bool:
        if len(self._corners) < 3:
            return False
        first = self._corners[0]
        return pointer.is_near(self.stage.view.to_view(first.x, first.y), CLOSING_PX)

    def _finish(self) -> None:
        corners = tuple(self._corners)
        self.cancel()
        self.stage.finish_polygon(corners)

    def paint(self, painter: QPainter, view: ViewTransform) -> None:
        """Draws the corners and lines so far."""
        if not self._corners:
            return
        look = self.stage.content.look
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ends = [*self._corners, *([self._next] if self._next else [])]
        places = [view.to_view(p.x, p.y) for p in ends]
        fill = look.evidence.toRgb()
        fill.setAlphaF(0.16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF(places))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in cased_pens(look.evidence, look.casing):
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF(places))
        painter.setPen(cased_pens(look.evidence, look.casing, 1.0)[0])
        painter.setBrush(look.evidence)
        for index, place in enumerate(places[: len(self._corners)]):
            size = _HANDLE_PX + (1.5 if index == 0 and len(self._corners) >= 3 else 0)
            painter.drawRect(QRectF(place - QPointF(size, size), place + QPointF(size, size)))
