"""The camera: where points of the room fall in the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hopchain_core.scenes.exactness import Floats, cos, sin


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera that looks towards -z, tipped downwards.

    Attributes:
        position: Its place in the room, units.
        pitch_rad: How far it looks down.
        focal_px: Focal length in pixels of the picture.
        width_px: Columns of the picture.
        height_px: Rows of the picture.
    """

    position: tuple[float, float, float]
    pitch_rad: float
    focal_px: float
    width_px: int
    height_px: int

    @classmethod
    def looking_at(
        cls,
        target: tuple[float, float, float],
        *,
        distance: float,
        pitch_rad: float,
        view_width: float,
        width_px: int,
        height_px: int,
    ) -> Camera:
        """A camera with `target` in the middle of the picture, where `view_width` units span the picture's width."""
        c, s = cos(pitch_rad), sin(pitch_rad)
        position = (target[0], target[1] + s * distance, target[2] + c * distance)
        return cls(position, pitch_rad, width_px * distance / view_width, width_px, height_px)

    def project(self, points: Floats) -> tuple[Floats, Floats]:
        """Places in the picture and nearness.

        Shapes:
            points: (N, 3)
            returns: (N, 2) pixels, origin at the top left corner, y down; (N,) 1 / depth, which is linear on screen
        """
        c, s = cos(self.pitch_rad), sin(self.pitch_rad)
        x, y, z = (points[:, i] - self.position[i] for i in range(3))
        up = c * y - s * z
        depth = -s * y - c * z
        nearness = 1.0 / depth
        scale = self.focal_px * nearness
        return np.stack([self.width_px / 2 + x * scale, self.height_px / 2 - up * scale], axis=1), nearness

    def rays(self, columns_px: Floats, rows_px: Floats) -> tuple[Floats, Floats, Floats]:
        """Directions (x, y, z) from the camera through places of the picture, of depth 1."""
        c, s = cos(self.pitch_rad), sin(self.pitch_rad)
        right = (columns_px - self.width_px / 2) / self.focal_px
        up = (self.height_px / 2 - rows_px) / self.focal_px
        return right, c * up - s, -s * up - c

    def scale_at(self, point: tuple[float, float, float]) -> float:
        """Pixels per unit at a place of the room."""
        return self.focal_px * float(self.project(np.array([point]))[1][0])
