"""What the canvas shows of the instances, and in which state each is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from app.canvas.label_map import LabelMap, fits
from app.canvas.look import CanvasLook
from app.canvas.palette import SlotPaint, StackPaint, colour_indexes, packed, stack_paint
from app.canvas.values import CanvasInstance, Colouring, Overlay, Region
from hopchain_core.domain.geometry import Box, Point
from hopchain_core.domain.keys import InstanceKey

_HOVER_IN_DARK = 0.2
"""Fill of one under the cursor that is not lit, or not kept yet. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Veil:
    """What a frame needs to know of colours.

    Attributes:
        paint: None while there is no label map.
        background: Premultiplied ARGB where there is no mask.
        clear: Regions of the picture kept from the background.
    """

    paint: StackPaint | None
    background: int
    clear: tuple[Region, ...]


class Content:
    """Instances, their states and their colours.

    Args:
        look: Colours and opacities.
    """

    def __init__(self, look: CanvasLook) -> None:
        self.look = look
        self.width_px = 0
        self.height_px = 0
        self.instances: dict[InstanceKey, CanvasInstance] = {}
        self.labels: LabelMap | None = None
        self.colouring = Colouring.INSTANCE
        self.opacity: float | None = None
        self.hovered: InstanceKey | None = None
        self.selected: tuple[InstanceKey, ...] = ()
        self.overlay: Overlay | None = None
        self.dim_share = 1.0
        self.edited: InstanceKey | None = None
        self.indexes: dict[InstanceKey, int] = {}
        self.boxes: NDArray[np.float64] = np.zeros((0, 4))

    def set_instances(
        self, instances: Iterable[CanvasInstance], indexes: Mapping[InstanceKey, int] | None = None
    ) -> None:
        """Replaces all instances; the label map is brought in line by the caller. Selection and hover keep what is left.

        Args:
            instances: All of the picture.
            indexes: Their colours; None to choose for those that are new.
        """
        self.instances = {i.key: i for i in instances}
        self.boxes = np.array([i.box.as_tuple() for i in self.instances.values()], dtype=np.float64).reshape(-1, 4)
        self.selected = tuple(key for key in self.selected if key in self.instances)
        if self.hovered not in self.instances:
            self.hovered = None
        self.indexes = dict(indexes) if indexes is not None else self.chosen_colours(self.indexes)

    def chosen_colours(self, kept: Mapping[InstanceKey, int]) -> dict[InstanceKey, int]:
        """Colours for all instances; those that have one keep it."""
        return colour_indexes(list(self.instances.values()), self.colouring, len(self.look.instances), kept)

    def colour(self, key: InstanceKey) -> QColor:
        """Colour of an instance: white for a candidate and for an unknown one."""
        instance = self.instances.get(key)
        if instance is None or instance.is_candidate:
            return self.look.evidence
        return self.look.colour(self.indexes.get(key, 0))

    @property
    def lit(self) -> frozenset[InstanceKey]:
        """Those that keep their pixels; empty when nothing is darkened."""
        return self.overlay.lit if self.overlay else frozenset()

    @property
    def is_dimmed(self) -> bool:
        """Whether all but some instances are darkened."""
        return bool(self.overlay and self.overlay.dim > 0 and self.lit & self.instances.keys())

    def box(self, key: InstanceKey) -> Box:
        """Bounds of the mask, else the box."""
        placed = self.labels.places.get(key) if self.labels else None
        return placed.region.box() if placed else self.instances[key].box

    def has_mask(self, key: InstanceKey) -> bool:
        """Whether an instance is in the label map."""
        return self.labels is not None and key in self.labels.places

    def visible(self) -> list[CanvasInstance]:
        """Those that are not hidden."""
        return [i for i in self.instances.values() if not i.is_hidden]

    def stack_at(self, at: Point) -> tuple[InstanceKey, ...]:
        """Instances at a point, the uppermost first: masks as they lie, then boxes, the smallest first."""
        x, y = int(np.floor(at.x)), int(np.floor(at.y))
        masked = self.labels.stack_at(x, y) if self.labels else ()
        found = [key for key in masked if key in self.instances and not self.instances[key].is_hidden]
        if len(self.boxes):
            x0, y0, x1, y1 = self.boxes.T
            rows = np.flatnonzero((x0 <= at.x) & (at.x < x1) & (y0 <= at.y) & (at.y < y1))
            if len(rows) > len(found):
                found += self._boxes_at(rows)
        return tuple(found)

    def _boxes_at(self, rows: NDArray[np.intp]) -> list[InstanceKey]:
        everything = list(self.instances.values())
        alone = [everything[row] for row in rows]
        alone = [i for i in alone if not fits(i, self.width_px, self.height_px) and not i.is_hidden]
        return [i.key for i in sorted(alone, key=lambda i: (i.is_crowd, not i.is_candidate, i.box.area))]

    def in_rectangle(self, box: Box) -> tuple[InstanceKey, ...]:
        """Those shown that have a pixel in a rectangle, in their order."""
        region = Region.around(box, self.width_px, self.height_px)
        masked = self.labels.keys_touching(region) if self.labels else frozenset()
        return tuple(
            i.key
            for i in self.visible()
            if i.key in masked or (not self.has_mask(i.key) and i.box.intersection_area(box) > 0)
        )

    def veil(self) -> Veil:
        """Colours for the frame, in the state things are in now."""
        dim = self.overlay.dim * self.dim_share if self.overlay and self.is_dimmed else 0.0
        rgb = (self.look.dim.redF(), self.look.dim.greenF(), self.look.dim.blueF())
        background = 0
        if dim:
            alpha = np.array([dim], dtype=np.float32)
            background = int(packed(np.array([rgb], dtype=np.float32) * np.float32(dim), alpha)[0])
        clear = tuple(
            Region.around(self.instances[key].box, self.width_px, self.height_px)
            for key in self.lit
            if dim and key in self.instances and not self.has_mask(key)
        )
        if self.labels is None:
            return Veil(paint=None, background=background, clear=clear)
        return Veil(
            paint=stack_paint(self.labels.members, self._slots(self.labels), rgb, dim),
            background=background,
            clear=clear,
        )

    def _slots(self, labels: LabelMap) -> SlotPaint:
        count = len(labels.keys)
        rgb = np.zeros((count, 3), dtype=np.float32)
        alpha = np.zeros(count, dtype=np.float32)
        is_shown = np.zeros(count, dtype=bool)
        is_lit = np.zeros(count, dtype=bool)
        table = np.array([[c.redF(), c.greenF(), c.blueF()] for c in (*self.look.instances, self.look.evidence)])
        candidate = len(table) - 1
        colours = np.zeros(count, dtype=np.intp)
        rest = 0.0 if self.is_dimmed else self.look.fill_rest if self.opacity is None else self.opacity
        for slot, key in enumerate(labels.keys):
            instance = self.instances.get(key) if key is not None else None
            if key is None or instance is None or instance.is_hidden or key == self.edited:
                continue
            is_shown[slot] = True
            colours[slot] = candidate if instance.is_candidate else self.indexes[key]
            alpha[slot] = 0.0 if instance.is_candidate else rest / 2 if instance.is_crowd else rest
        for key, fill in self._special():
            placed = labels.places.get(key)
            if placed is not None:
                alpha[placed.slot] = fill
                is_lit[placed.slot] = key in self.lit
        rgb[:] = table[colours]
        return SlotPaint(rgb, alpha, is_shown, is_lit)

    def _special(self) -> Sequence[tuple[InstanceKey, float]]:
        """Fills of those that are not at rest; the later wins."""
        look = self.look
        found = [(key, look.fill_lit) for key in self.lit]
        found += [(key, look.fill_selected) for key in self.selected]
        if self.hovered is not None:
            instance = self.instances.get(self.hovered)
            is_faint = self.is_dimmed and self.hovered not in self.lit
            fill = _HOVER_IN_DARK if is_faint or (instance and instance.is_candidate) else look.fill_hover
            found.append((self.hovered, fill_of_hover(fill, self.hovered in self.selected, look)))
        return found


def fill_of_hover(fill: float, is_selected: bool, look: CanvasLook) -> float:
    """A selected one that is hovered over shows a little more of its colour, and stays see-through."""
    return min(fill, look.fill_selected * 2) if is_selected else fill
