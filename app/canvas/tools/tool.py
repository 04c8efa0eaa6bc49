"""What every tool is, and what it may ask of the canvas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.canvas.content import Content
from app.canvas.frame import Sketch
from app.canvas.values import Crop, Region
from app.canvas.view_transform import ViewTransform
from hopchain_core.domain.geometry import Box, Point
from hopchain_core.domain.keys import InstanceKey

DRAG_FROM_PX = 4.0
"""Logical pixels from which on a press is a drag. Chosen."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the pointer is.

    Attributes:
        at: In pixels of the picture; may lie outside it.
        place: In logical pixels of the window.
        modifiers: Keys held.
    """

    at: Point
    place: QPointF
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier

    @property
    def has_shift(self) -> bool:
        """Whether Shift is held."""
        return bool(self.modifiers & Qt.KeyboardModifier.ShiftModifier)

    def is_near(self, other: QPointF, px: float = DRAG_FROM_PX) -> bool:
        """Whether it has hardly moved from a place of the window."""
        away = self.place - other
        return abs(away.x()) <= px and abs(away.y()) <= px


class Stage(Protocol):
    """What a tool may see and ask of the canvas."""

    @property
    def content(self) -> Content:
        """Instances and their states; tools only read it."""
        ...

    @property
    def view(self) -> ViewTransform:
        """Snapped."""
        ...

    def choose(self, keys: tuple[InstanceKey, ...]) -> None:
        """Selects, as a person's doing."""
        ...

    def hover(self, key: InstanceKey | None, beneath: tuple[InstanceKey, ...] = ()) -> None:
        """Highlights what is under the cursor."""
        ...

    def click_through(self, key: InstanceKey) -> None:
        """Says that a click went on to what lies beneath."""
        ...

    def finish_box(self, box: Box) -> None:
        """Hands over a drawn box."""
        ...

    def finish_polygon(self, corners: tuple[Point, ...]) -> None:
        """Hands over a drawn polygon."""
        ...

    def finish_point(self, at: Point, is_inside: bool) -> None:
        """Hands over a point that is inside, or outside, of what is meant."""
        ...

    def finish_mask(self, key: InstanceKey | None, crop: Crop) -> None:
        """Hands over an edited mask, or a new one when there is no key."""
        ...

    def show_sketch(self, key: InstanceKey | None, sketch: Sketch | None, changed: Region) -> None:
        """Shows a mask that is being edited in place of an instance."""
        ...

    def repaint_tool(self) -> None:
        """Has the tool painted again soon."""
        ...


class Tool:
    """A tool that does nothing; each method may be replaced.

    Args:
        stage: The canvas.
    """

    name: ClassVar[str] = ""
    cursor: ClassVar[Qt.CursorShape] = Qt.CursorShape.ArrowCursor
    is_hand: ClassVar[bool] = False
    """The canvas itself pans while this tool is taken."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    @property
    def is_busy(self) -> bool:
        """Whether a shape has been begun."""
        return False

    def press(self, pointer: Pointer) -> None:
        """The left button went down."""

    def drag(self, pointer: Pointer) -> None:
        """The pointer moved with the left button down."""

    def release(self, pointer: Pointer) -> None:
        """The left button went up."""

    def move(self, pointer: Pointer) -> None:
        """The pointer moved with no button down."""

    def leave(self) -> None:
        """The pointer left the window."""

    def double_click(self, pointer: Pointer) -> None:
        """The second of two quick presses; a release follows."""
        self.press(pointer)

    def wants(self, key: int, text: str) -> bool:
        """Whether a key belongs to the tool now, also where it is a shortcut elsewhere."""
        return False

    def press_key(self, key: int, text: str) -> bool:
        """A key went down; True when the tool has used it."""
        return False

    def turn_wheel(self, steps: float, modifiers: Qt.KeyboardModifier) -> bool:
        """The wheel turned; True when the tool has used it."""
        return False

    def cancel(self) -> bool:
        """Gives up what has been begun; True when there was something."""
        return False

    def paint(self, painter: QPainter, view: ViewTransform) -> None:
        """Draws what has been begun, in logical pixels of the window."""


def cased_pens(line: QColor, casing: QColor, width: float = 1.75) -> tuple[QPen, QPen]:
    """A casing and a line to be drawn one after the other."""
    under, over = QPen(casing, width + 2), QPen(line, width)
    for pen in (under, over):
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return under, over


def clamped(at: Point, content: Content) -> Point:
    """A point moved onto the picture."""
    return Point(min(max(at.x, 0.0), float(content.width_px)), min(max(at.y, 0.0), float(content.height_px)))
