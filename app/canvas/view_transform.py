"""Where the picture lies in the window, and how large.

Two frames: pixels of the picture, and device pixels of the window (logical pixels times the screen's ratio), both from
their top left corner. All that is drawn and all that is hit goes through one rounded transform, so a pixel answers to
the cursor exactly where it is seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from app.canvas.values import Region
from hopchain_core.domain.geometry import Box, Point

MOST_SCALE = 64.0
"""Device pixels for one pixel of the picture; nearer there is nothing more to see. Chosen."""
FIT_MARGIN_PX = 8
"""Kept free around a picture that is fitted, logical pixels. Chosen."""


@dataclass(frozen=True, slots=True)
class ViewTransform:
    """A picture in a window.

    Attributes:
        picture_width: Columns of the picture.
        picture_height: Rows of the picture.
        width: Device pixels of the window.
        height: Device pixels of the window.
        ratio: Device pixels for one logical pixel.
        scale: Device pixels for one pixel of the picture.
        x: Device x of the picture's left edge.
        y: Device y of the picture's upper edge.
    """

    picture_width: int
    picture_height: int
    width: int
    height: int
    ratio: float = 1.0
    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0

    @property
    def fit_scale(self) -> float:
        """Scale at which all of the picture is seen; a small one is enlarged."""
        margin = 2 * FIT_MARGIN_PX * self.ratio
        room_x, room_y = max(1.0, self.width - margin), max(1.0, self.height - margin)
        return min(MOST_SCALE, room_x / max(1, self.picture_width), room_y / max(1, self.picture_height))

    @property
    def least_scale(self) -> float:
        """Zooming out stops here: half of fit, or one to one for a picture smaller than the window."""
        return min(1.0, self.fit_scale / 2)

    @property
    def shows_all(self) -> bool:
        """Whether all of the picture is inside the window."""
        shown = self.snapped()
        right, lower = shown.x + self.picture_width * self.scale, shown.y + self.picture_height * self.scale
        return shown.x >= -0.5 and shown.y >= -0.5 and right <= self.width + 0.5 and lower <= self.height + 0.5

    def snapped(self) -> ViewTransform:
        """On whole device pixels: what is drawn and what is hit. One picture then never blurs at one to one."""
        return replace(self, x=float(round(self.x)), y=float(round(self.y)))

    def fitted(self) -> ViewTransform:
        """All of the picture, in the middle."""
        return self.centred_on(self.picture_width / 2, self.picture_height / 2, self.fit_scale)

    def centred_on(self, x: float, y: float, scale: float) -> ViewTransform:
        """With this point of the picture in the middle of the window."""
        scale = min(max(scale, self.least_scale), MOST_SCALE)
        moved = replace(self, scale=scale, x=self.width / 2 - x * scale, y=self.height / 2 - y * scale)
        return moved.clamped()

    def showing(self, box: Box, *, room: float = 0.7, most_scale: float = 6.0) -> ViewTransform:
        """With a box in the middle, filling this share of the window.

        Args:
            box: Pixels of the picture.
            room: Share of the window that the box takes at most.
            most_scale: Not nearer than this, in logical pixels for a pixel of the picture, or than twice as near as fit.
        """
        scale = min(
            room * self.width / max(1.0, box.width),
            room * self.height / max(1.0, box.height),
            max(most_scale * self.ratio, 2 * self.fit_scale),
        )
        scale = max(scale, self.fit_scale)
        if scale == self.fit_scale:
            return self.fitted()
        return self.centred_on(box.centre.x, box.centre.y, scale).filling()

    def filling(self) -> ViewTransform:
        """Moved so that no ground is shown that the picture could cover."""

        def along(offset: float, room: int, length: float) -> float:
            return (room - length) / 2 if length <= room else min(0.0, max(room - length, offset))

        return replace(
            self,
            x=along(self.x, self.width, self.picture_width * self.scale),
            y=along(self.y, self.height, self.picture_height * self.scale),
        )

    def zoomed(self, factor: float, at: QPointF) -> ViewTransform:
        """Scaled about a place of the window.

        Args:
            factor: Above 1 is nearer.
            at: Device pixels; what is here stays here.
        """
        scale = min(max(self.scale * factor, self.least_scale), MOST_SCALE)
        grown = scale / self.scale
        moved = replace(self, scale=scale, x=at.x() - (at.x() - self.x) * grown, y=at.y() - (at.y() - self.y) * grown)
        return moved.clamped()

    def panned(self, dx: float, dy: float) -> ViewTransform:
        """Moved by device pixels."""
        return replace(self, x=self.x + dx, y=self.y + dy).clamped()

    def clamped(self) -> ViewTransform:
        """Moved so that the middle of the window lies over the picture; so it can never be lost."""
        width, height = self.picture_width * self.scale, self.picture_height * self.scale
        return replace(
            self,
            x=min(self.width / 2, max(self.width / 2 - width, self.x)),
            y=min(self.height / 2, max(self.height / 2 - height, self.y)),
        )

    def resized(self, width: int, height: int, ratio: float) -> ViewTransform:
        """For a window of another size; what was in the middle stays there."""
        return replace(
            self,
            width=width,
            height=height,
            ratio=ratio,
            x=self.x + (width - self.width) / 2,
            y=self.y + (height - self.height) / 2,
        )

    def between(self, other: ViewTransform, part: float) -> ViewTransform:
        """On the way to another view: the scale grows evenly by ratio, so the way looks straight."""
        if part >= 1.0:
            return other
        scale = self.scale * (other.scale / self.scale) ** part
        if abs(other.scale - self.scale) < 1e-9 * self.scale:
            share = part
        else:
            share = (1 / self.scale - 1 / scale) / (1 / self.scale - 1 / other.scale)
        mine, theirs = self.centre, other.centre
        x = mine.x + (theirs.x - mine.x) * share
        y = mine.y + (theirs.y - mine.y) * share
        return replace(other, scale=scale, x=other.width / 2 - x * scale, y=other.height / 2 - y * scale)

    @property
    def centre(self) -> Point:
        """Point of the picture in the middle of the window."""
        return Point((self.width / 2 - self.x) / self.scale, (self.height / 2 - self.y) / self.scale)

    def to_picture(self, at: QPointF) -> Point:
        """Point of the picture under a place of the window, given in logical pixels."""
        return Point((at.x() * self.ratio - self.x) / self.scale, (at.y() * self.ratio - self.y) / self.scale)

    def to_view(self, x: float, y: float) -> QPointF:
        """Place of the window, in logical pixels, of a point of the picture."""
        return QPointF((x * self.scale + self.x) / self.ratio, (y * self.scale + self.y) / self.ratio)

    def box_to_view(self, box: Box) -> QRectF:
        """A box in logical pixels of the window."""
        return QRectF(self.to_view(box.x0, box.y0), self.to_view(box.x1, box.y1))

    @property
    def logical_scale(self) -> float:
        """Logical pixels for one pixel of the picture."""
        return self.scale / self.ratio

    def device_region(self, region: Region) -> Region:
        """Device pixels of the window that a region of the picture touches, cut off at the window."""
        return Region(
            max(0, math.floor(region.x0 * self.scale + self.x)),
            max(0, math.floor(region.y0 * self.scale + self.y)),
            min(self.width, math.ceil(region.x1 * self.scale + self.x)),
            min(self.height, math.ceil(region.y1 * self.scale + self.y)),
        )

    @property
    def visible(self) -> Region:
        """Pixels of the picture that are seen."""
        return Region(
            max(0, math.floor(-self.x / self.scale)),
            max(0, math.floor(-self.y / self.scale)),
            min(self.picture_width, math.ceil((self.width - self.x) / self.scale)),
            min(self.picture_height, math.ceil((self.height - self.y) / self.scale)),
        )

    def columns(self, region: Region) -> NDArray[np.intp]:
        """Column of the picture under the middle of each device column of a region; -1 and less, or the width and more, outside."""
        found: NDArray[np.intp] = np.floor((np.arange(region.x0, region.x1) + 0.5 - self.x) / self.scale).astype(
            np.intp
        )
        return found

    def rows(self, region: Region) -> NDArray[np.intp]:
        """Row of the picture under the middle of each device row of a region."""
        found: NDArray[np.intp] = np.floor((np.arange(region.y0, region.y1) + 0.5 - self.y) / self.scale).astype(
            np.intp
        )
        return found
