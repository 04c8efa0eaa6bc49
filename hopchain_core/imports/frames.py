"""The two frames a turned picture has, and the way from one to the other.

COCO's annotations are in the pixels as stored; labelme turns a picture upright before it is drawn on. The size an
import states tells which of the two it used, where the sides differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from hopchain_core.domain import rle
from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.pictures.decode import PictureHeader


class Drawn(StrEnum):
    """On which pixels an annotation was drawn."""

    AS_STORED = "as_stored"
    UPRIGHT = "upright"


@dataclass(frozen=True, slots=True)
class Frame:
    """The pixels an annotation was drawn on.

    Attributes:
        width_px: Columns.
        height_px: Rows.
        orientation: How to turn them upright: EXIF orientation, 1 when they are.
    """

    width_px: int
    height_px: int
    orientation: int

    def upright_mask(self, runs: rle.Runs) -> Mask:
        """A mask in this frame as one of the upright picture."""
        if self.orientation == 1:
            return Mask.from_runs(runs, self.height_px, self.width_px)
        stored = rle.decode(runs, self.height_px, self.width_px)
        match self.orientation:
            case 2:
                turned = stored[:, ::-1]
            case 3:
                turned = stored[::-1, ::-1]
            case 4:
                turned = stored[::-1]
            case 5:
                turned = stored.T
            case 6:
                turned = np.rot90(stored, -1)
            case 7:
                turned = np.rot90(stored, 2).T
            case _:
                turned = np.rot90(stored, 1)
        return Mask.from_bitmap(turned)

    def upright_box(self, box: Box) -> Box:
        """A box in this frame as one of the upright picture."""
        (xa, ya), (xb, yb) = self._turned(box.x0, box.y0), self._turned(box.x1, box.y1)
        return Box(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))

    def _turned(self, x: float, y: float) -> tuple[float, float]:
        width, height = self.width_px, self.height_px
        return {
            1: (x, y),
            2: (width - x, y),
            3: (width - x, height - y),
            4: (x, height - y),
            5: (y, x),
            6: (height - y, x),
            7: (height - y, width - x),
            8: (y, width - x),
        }[self.orientation]


def frame_of(header: PictureHeader, stated: tuple[int, int] | None, habit: Drawn) -> Frame | None:
    """The frame an import used, or None when it speaks of a picture of another size.

    Args:
        header: Of the picture as it is.
        stated: Width and height as the import states them; None when it does not.
        habit: What imports of this kind draw on when the size does not tell.
    """
    as_stored = Frame(header.stored_width_px, header.stored_height_px, header.orientation)
    upright = Frame(header.width_px, header.height_px, 1)
    ways = [as_stored, upright] if habit is Drawn.AS_STORED else [upright, as_stored]
    return next((way for way in ways if stated is None or stated == (way.width_px, way.height_px)), None)
