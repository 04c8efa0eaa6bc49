"""Paints pixels onto a mask, or takes them away."""

from __future__ import annotations

import math
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from app.canvas.frame import Sketch
from app.canvas.tools.tool import Pointer, Stage, Tool, cased_pens
from app.canvas.values import NOWHERE, Crop, Region
from app.canvas.view_transform import ViewTransform
from hopchain_core.domain.geometry import Point
from hopchain_core.domain.keys import InstanceKey

LEAST_SIZE_PX, MOST_SIZE_PX = 1.0, 2000.0
_STEP = 1.25
_FILL = 0.5
_FRACTION_BITS = 4
_MOST_EXACT = 250_000
"""A stretch of a stroke over more pixels is drawn by a quicker way that may be off by a pixel."""


class BrushTool(Tool):
    """Edits the mask of the one that is selected; each stroke is handed over when the button goes up.

    With nothing selected the brush begins a new mask, and the eraser takes what is under the cursor.

    Args:
        stage: The canvas.
        erases: Takes pixels away.
        size_px: Diameter in pixels of the picture.
    """

    name: ClassVar[str] = "brush"
    cursor: ClassVar[Qt.CursorShape] = Qt.CursorShape.CrossCursor

    def __init__(self, stage: Stage, *, erases: bool = False, size_px: float = 24.0) -> None:
        super().__init__(stage)
        self.erases = erases
        self.size_px = size_px
        self._key: InstanceKey | None = None
        self._sketch: Sketch | None = None
        self._extent = NOWHERE
        self._last: Point | None = None
        self._place: QPointF | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a stroke has been begun."""
        return self._last is not None

    def press(self, pointer: Pointer) -> None:
        """Begins a stroke."""
        if self._sketch is None and not self._begin(pointer):
            return
        self._last = pointer.at
        self._stroke(pointer.at)

    def drag(self, pointer: Pointer) -> None:
        """Goes on with the stroke."""
        self._place = pointer.place
        if self._last is not None:
            self._stroke(pointer.at)
            self._last = pointer.at
        self.stage.repaint_tool()

    def release(self, pointer: Pointer) -> None:
        """Hands the mask over. It is shown as drawn until the canvas is given the instance anew."""
        if self._last is None or self._sketch is None:
            return
        self._last = None
        self.stage.finish_mask(self._key, trimmed(Crop(self._extent, self._sketch.bitmap[self._extent.slices])))

    def move(self, pointer: Pointer) -> None:
        """Moves the ring."""
        self._place = pointer.place
        self.stage.repaint_tool()

    def leave(self) -> None:
        """Takes the ring away."""
        self._place = None
        self.stage.repaint_tool()

    def forget(self) -> None:
        """Ends the editing of this mask: the next stroke begins with what is then selected."""
        if self._sketch is not None:
            self._sketch, self._key, self._last = None, None, None
            self.stage.show_sketch(None, None, self._extent)
            self._extent = NOWHERE

    def cancel(self) -> bool:
        """Gives the stroke up; strokes that were handed over stay handed over."""
        was_busy = self.is_busy
        self.forget()
        return was_busy

    def wants(self, key: int, text: str) -> bool:
        """Keys of the size."""
        return text in ("[", "]")

    def press_key(self, key: int, text: str) -> bool:
        """Makes the brush smaller or larger."""
        if not self.wants(key, text):
            return False
        self._resize(-1 if text == "[" else 1)
        return True

    def turn_wheel(self, steps: float, modifiers: Qt.KeyboardModifier) -> bool:
        """With Alt: makes the brush smaller or larger."""
        if not modifiers & Qt.KeyboardModifier.AltModifier:
            return False
        self._resize(steps)
        return True

    def _resize(self, steps: float) -> None:
        size = self.size_px * _STEP**steps
        # Small sizes go by whole pixels, else a step would change nothing.
        size = round(size) if abs(round(size) - self.size_px) >= 1 else self.size_px + math.copysign(1, steps)
        self.size_px = float(min(max(size, LEAST_SIZE_PX), MOST_SIZE_PX))
        self.stage.repaint_tool()

    def _begin(self, pointer: Pointer) -> bool:
        content = self.stage.content
        selected = content.selected[0] if len(content.selected) == 1 else None
        if selected is None and self.erases:
            stack = [key for key in content.stack_at(pointer.at) if content.has_mask(key)]
            if not stack:
                return False
            selected = stack[0]
            self.stage.choose((selected,))
        if content.width_px == 0 or (self.erases and selected is not None and not content.has_mask(selected)):
            return False
        self._key, self._extent = selected, NOWHERE
        # Zeros are given out by the system page by page, so what is never painted on costs nothing.
        bitmap = np.zeros((content.height_px, content.width_px), dtype=bool)
        if selected is not None and content.labels is not None and content.has_mask(selected):
            self._extent = content.labels.places[selected].region
            bitmap[self._extent.slices] = content.labels.bitmap(selected, self._extent)
        self._sketch = Sketch(bitmap, self._argb(selected))
        self.stage.show_sketch(selected, self._sketch, self._extent)
        return True

    def _argb(self, key: InstanceKey | None) -> int:
        content = self.stage.content
        colour = content.colour(key) if key is not None else content.look.evidence
        channels = [round(255 * _FILL), *(round(v * _FILL) for v in (colour.red(), colour.green(), colour.blue()))]
        return int.from_bytes(bytes(channels), "big")

    def _stroke(self, to: Point) -> None:
        if self._sketch is None or self._last is None:
            return
        changed = draw_stroke(self._sketch.bitmap, self._last, to, self.size_px, is_set=not self.erases)
        if not changed.is_empty:
            self._extent = self._extent.joined(changed)
            self.stage.show_sketch(self._key, self._sketch, changed)

    def paint(self, painter: QPainter, view: ViewTransform) -> None:
        """Draws the ring."""
        if self._place is None:
            return
        look = self.stage.content.look
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = max(1.0, self.size_px * view.logical_scale / 2)
        for pen in cased_pens(look.evidence, look.casing, 1.25):
            painter.setPen(pen)
            painter.drawEllipse(self._place, radius, radius)
            if self.erases:
                painter.drawLine(self._place - QPointF(4, 0), self._place + QPointF(4, 0))


def draw_stroke(bitmap: NDArray[np.bool_], start: Point, end: Point, size_px: float, *, is_set: bool) -> Region:
    """Sets, or clears, the pixels of a round line.

    Args:
        bitmap: bool, (H, W); changed in place.
        start: Middle of the line's beginning, in pixels.
        end: Middle of its end.
        size_px: Width of the line.
        is_set: False clears.

    Returns:
        The pixels that may have changed.
    """
    height, width = bitmap.shape
    reach = size_px / 2 + 1
    region = Region(
        math.floor(min(start.x, end.x) - reach),
        math.floor(min(start.y, end.y) - reach),
        math.ceil(max(start.x, end.x) + reach),
        math.ceil(max(start.y, end.y) + reach),
    ).common(Region(0, 0, width, height))
    if region.is_empty:
        return NOWHERE
    part = bitmap[region.slices]
    if region.width * region.height > _MOST_EXACT:
        scale = 1 << _FRACTION_BITS
        a = (round((start.x - region.x0 - 0.5) * scale), round((start.y - region.y0 - 0.5) * scale))
        b = (round((end.x - region.x0 - 0.5) * scale), round((end.y - region.y0 - 0.5) * scale))
        cv2.line(part.view(np.uint8), a, b, int(is_set), max(1, round(size_px)), cv2.LINE_8, _FRACTION_BITS)
        return region
    # Pixels whose middle is no farther from the line than half its width.
    xs = np.arange(region.x0, region.x1) + 0.5
    ys = (np.arange(region.y0, region.y1) + 0.5)[:, None]
    dx, dy = end.x - start.x, end.y - start.y
    length = dx * dx + dy * dy
    along = np.clip(((xs - start.x) * dx + (ys - start.y) * dy) / length, 0, 1) if length else 0.0
    away = (xs - start.x - along * dx) ** 2 + (ys - start.y - along * dy) ** 2
    part[away <= (size_px / 2) ** 2] = is_set
    # The finest brush still takes the pixel it stands on.
    for end_point in (start, end):
        x, y = math.floor(end_point.x), math.floor(end_point.y)
        if 0 <= x < width and 0 <= y < height:
            bitmap[y, x] = is_set
    return region


def trimmed(crop: Crop) -> Crop:
    """Without the empty rows and columns at its edges; an empty crop where nothing is set."""
    rows, columns = np.flatnonzero(crop.bitmap.any(axis=1)), np.flatnonzero(crop.bitmap.any(axis=0))
    if not len(rows):
        return Crop(NOWHERE, np.zeros((0, 0), dtype=bool))
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    region = Region(crop.region.x0 + left, crop.region.y0 + top, crop.region.x0 + right, crop.region.y0 + bottom)
    return Crop(region, crop.bitmap[top:bottom, left:right].copy())
