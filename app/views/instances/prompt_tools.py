"""Tools that show a model what is meant: boxes and points, inside or outside of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from app.canvas.look import CanvasLook
from app.canvas.tools import BoxTool, Pointer, PointsTool, Stage
from app.canvas.tools.box import LEAST_SIDE_PX
from app.canvas.tools.tool import cased_pens
from app.canvas.view_transform import ViewTransform
from app.presenters.instance_prompts import PromptsPresenter

_RADIUS_PX = 7.0
_SIGN_PX = 3.5
_BACK = (Qt.Key.Key_Backspace,)


class PromptBoxTool(BoxTool):
    """A drag draws a box round one of what is meant; with Alt round what is not.

    Args:
        stage: The canvas.
        prompts: Takes the boxes, and knows those drawn before.
        is_outside: Whether boxes without Alt are of what is not meant.
    """

    name: ClassVar[str] = "prompt_box"

    def __init__(self, stage: Stage, prompts: PromptsPresenter, is_outside: Callable[[], bool]) -> None:
        super().__init__(stage)
        self._prompts = prompts
        self._is_outside = is_outside

    def release(self, pointer: Pointer) -> None:
        """Asks with the box, unless it is tiny."""
        self.drag(pointer)
        box = self._box
        self.cancel()
        if box is not None and min(box.width, box.height) >= LEAST_SIDE_PX:
            self._prompts.add_box(box, _is_inside(pointer, self._is_outside))

    def wants(self, key: int, text: str) -> bool:
        """Backspace takes back the last box."""
        return key in _BACK and bool(self._prompts.asked.boxes)

    def press_key(self, key: int, text: str) -> bool:
        """Takes back the last box."""
        return self.wants(key, text) and self._prompts.take_back()

    def paint(self, painter: QPainter, view: ViewTransform) -> None:
        """Draws the boxes asked with, and the one begun."""
        look = self.stage.content.look
        for box, is_inside in self._prompts.asked.boxes:
            rect = view.box_to_view(box)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for pen in cased_pens(look.evidence, look.casing, 1.5):
                painter.setPen(pen)
                painter.drawRect(rect)
            _paint_sign(painter, rect.topLeft(), is_inside, look)
        super().paint(painter, view)


class PromptPointsTool(PointsTool):
    """A click lies on what is meant; with Alt, or by the right button, beside it.

    Args:
        stage: The canvas.
        prompts: Takes the points, and knows those placed before.
        is_outside: Whether clicks without Alt are beside what is meant.
    """

    name: ClassVar[str] = "prompt_points"

    def __init__(self, stage: Stage, prompts: PromptsPresenter, is_outside: Callable[[], bool]) -> None:
        super().__init__(stage)
        self._prompts = prompts
        self._is_outside = is_outside

    def press(self, pointer: Pointer) -> None:
        """Asks with the point."""
        self.place(pointer, _is_inside(pointer, self._is_outside))

    def place(self, pointer: Pointer, is_inside: bool) -> None:
        """Asks with a point, if it lies on the picture."""
        content = self.stage.content
        if 0 <= pointer.at.x < content.width_px and 0 <= pointer.at.y < content.height_px:
            self._prompts.add_point(pointer.at, is_inside)

    def wants(self, key: int, text: str) -> bool:
        """Backspace takes back the last point."""
        return key in _BACK and bool(self._prompts.asked.points)

    def press_key(self, key: int, text: str) -> bool:
        """Takes back the last point."""
        return self.wants(key, text) and self._prompts.take_back()

    def paint(self, painter: QPainter, view: ViewTransform) -> None:
        """Draws the points asked with."""
        for point, is_inside in self._prompts.asked.points:
            _paint_sign(painter, view.to_view(point.x, point.y), is_inside, self.stage.content.look)


def _is_inside(pointer: Pointer, is_outside: Callable[[], bool]) -> bool:
    # Alt is the other way round of whatever is chosen.
    has_alt = bool(pointer.modifiers & Qt.KeyboardModifier.AltModifier)
    return has_alt == is_outside()


def _paint_sign(painter: QPainter, at: QPointF, is_inside: bool, look: CanvasLook) -> None:
    """A plus on white for what is meant, a minus on black for what is not: told apart without colour."""
    ground, ink = (look.evidence, look.casing) if is_inside else (look.casing, look.evidence)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, 1.5))
    painter.setBrush(ground)
    painter.drawEllipse(at, _RADIUS_PX, _RADIUS_PX)
    painter.setPen(QPen(ink, 2.0))
    painter.drawLine(at - QPointF(_SIGN_PX, 0), at + QPointF(_SIGN_PX, 0))
    if is_inside:
        painter.drawLine(at - QPointF(0, _SIGN_PX), at + QPointF(0, _SIGN_PX))
    painter.restore()
