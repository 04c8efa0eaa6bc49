"""The picture while it is painted: linear light at its own size, and which thing each quarter pixel shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hopchain_core.scenes import raster
from hopchain_core.scenes.blur import smoothed_within
from hopchain_core.scenes.camera import Camera
from hopchain_core.scenes.exactness import Singles, srgb_of_linear, unit_singles
from hopchain_core.scenes.light import Lighting
from hopchain_core.scenes.mesh import Mesh
from hopchain_core.scenes.shading import Material, Surface, shade

SUPERSAMPLING = 2
_TONES = 1 << 14
_WHITEST = 3.0
_CHUNK = 1 << 14
"""Samples shaded at a time: few enough to stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Outline:
    """Where a mesh covers the picture, at `SUPERSAMPLING` times its size.

    Attributes:
        left: Column of the window's first pixel, even.
        top: Row of the window's first pixel, even.
        bitmap: bool, (h, w), both even.
    """

    left: int
    top: int
    bitmap: NDArray[np.bool_]

    @property
    def area(self) -> int:
        """Covered samples."""
        return int(np.count_nonzero(self.bitmap))


class Canvas:
    """Paints things over a background, farthest first.

    Attributes:
        light: Linear light, float32, (H, W, 3).
        ids: Which thing each sample shows, int16, (2H, 2W); 0 for none.
    """

    def __init__(self, camera: Camera, background: Singles) -> None:
        self.camera = camera
        self.light = background
        height, width = background.shape[:2]
        self.ids = np.zeros((height * SUPERSAMPLING, width * SUPERSAMPLING), dtype=np.int16)
        self._nearest = np.zeros(self.ids.shape, dtype=np.float32)

    def paint(
        self,
        mesh: Mesh,
        materials: Sequence[Material],
        lighting: Lighting,
        *,
        ground_y: float,
        number: int,
        smoothing_px: int = 2,
    ) -> Outline:
        """Paints one thing and returns where it lies.

        Args:
            mesh: In the room.
            materials: By index.
            lighting: Of the room.
            ground_y: Height of what it stands on.
            number: Its number in `ids`.
            smoothing_px: How far the edges of shadows on it are softened.
        """
        height, width = self.ids.shape
        screen, nearness = self.camera.project(mesh.points)
        screen = screen * SUPERSAMPLING
        low, high = screen.min(axis=0), screen.max(axis=0)
        left, top = (max(0, int(v) - 2) // 2 * 2 for v in low)
        right, bottom = (min(size, (int(v) + 4) // 2 * 2) for v, size in zip(high, (width, height), strict=True))
        window_width, window_height = right - left, bottom - top
        if window_width <= 0 or window_height <= 0:
            return Outline(0, 0, np.zeros((2, 2), dtype=bool))
        xy = screen - np.array([left, top])
        fronts = np.flatnonzero(raster.facing(xy, mesh.triangles))
        triangles = mesh.triangles[fronts]
        covered = raster.visible(xy, nearness, triangles, window_width, window_height)
        outline = np.zeros(window_height * window_width, dtype=bool)
        outline[covered.index] = True
        nearest = self._nearest[top:bottom, left:right]
        covered = covered[covered.nearness > nearest.ravel()[covered.index]]
        values = np.concatenate([mesh.points, mesh.normals, mesh.uv, mesh.openness[:, None]], axis=1)
        blend = raster.Blend(xy, nearness, values, triangles, covered, window_width)
        lit, sky = _seen_light(covered, blend, (window_height, window_width), lighting, smoothing_px)
        layer = np.zeros((window_height * window_width, 3), dtype=np.float32)
        under = self.light[top // SUPERSAMPLING :, left // SUPERSAMPLING :]
        camera = np.array(self.camera.position, dtype=np.float32)
        for start in range(0, len(covered), _CHUNK):
            part = slice(start, start + _CHUNK)
            some = covered[part]
            found = blend.at(some)
            surface = Surface(
                material=mesh.materials[fronts[some.triangle]].astype(np.int64),
                place=found[:, 0:3],
                normal=unit_singles(found[:, 3:6]),
                view=unit_singles(camera - found[:, 0:3]),
                uv=found[:, 6:8],
                openness=found[:, 8],
                lit=lit[part],
                sky=sky[part],
                behind=under[
                    (some.index // window_width) // SUPERSAMPLING, (some.index % window_width) // SUPERSAMPLING
                ],
            )
            layer[some.index] = np.minimum(shade(surface, materials, lighting.light, ground_y), _WHITEST)
        bitmap = np.zeros(window_height * window_width, dtype=bool)
        bitmap[covered.index] = True
        bitmap = bitmap.reshape(window_height, window_width)
        self._blend(layer.reshape(window_height, window_width, 3), bitmap, left, top)
        self.ids[top:bottom, left:right][bitmap] = number
        nearest[bitmap] = covered.nearness
        return Outline(left, top, outline.reshape(window_height, window_width))

    def _blend(self, layer: Singles, bitmap: NDArray[np.bool_], left: int, top: int) -> None:
        small = 0.25 * (layer[0::2, 0::2] + layer[0::2, 1::2] + layer[1::2, 0::2] + layer[1::2, 1::2])
        solid = bitmap.astype(np.float32)
        cover = 0.25 * (solid[0::2, 0::2] + solid[0::2, 1::2] + solid[1::2, 0::2] + solid[1::2, 1::2])
        rows = slice(top // 2, top // 2 + small.shape[0])
        columns = slice(left // 2, left // 2 + small.shape[1])
        under = self.light[rows, columns]
        under *= (1 - cover)[..., None]
        under += small

    def developed(self) -> NDArray[np.uint8]:
        """The picture as sRGB, uint8, (H, W, 3)."""
        level = np.clip(self.light * np.float32(_TONES / _WHITEST), 0, _TONES - 1)
        pixels: NDArray[np.uint8] = _tone_curve()[level.astype(np.int32)]
        return pixels


def _seen_light(
    covered: raster.Covered, blend: raster.Blend, shape: tuple[int, int], lighting: Lighting, smoothing_px: int
) -> tuple[Singles, Singles]:
    """Light of window and ceiling at one sample of each pixel, smoothed over its neighbours and shared by its four."""
    height, width = shape[0] // SUPERSAMPLING, shape[1] // SUPERSAMPLING
    pixel = (covered.index // shape[1] >> 1) * width + (covered.index % shape[1] >> 1)
    sample = np.full(height * width, -1, dtype=np.int64)
    sample[pixel] = np.arange(len(pixel))
    pixels = np.flatnonzero(sample >= 0)
    found = blend.at(covered[sample[pixels]])
    normal = unit_singles(found[:, 3:6])
    weight = (sample >= 0).astype(np.float32).reshape(height, width)
    out = []
    for shadows in (lighting.window, lighting.ceiling):
        share = np.zeros(height * width, dtype=np.float32)
        share[pixels] = shadows.lit(found[:, 0], found[:, 1], found[:, 2], normal)
        smooth = smoothed_within(share.reshape(height, width), weight, smoothing_px)
        out.append(smooth.ravel()[pixel])
    return out[0], out[1]


@lru_cache(maxsize=1)
def _tone_curve() -> NDArray[np.uint8]:
    """SRGB for each level of linear light: straight up to a knee, then a soft shoulder, so that highlights keep shape."""
    knee, curve = 0.62, np.empty(_TONES, dtype=np.uint8)
    for i in range(_TONES):
        value = i / _TONES * _WHITEST
        if value > knee:
            over = (value - knee) / (1 - knee)
            value = knee + (1 - knee) * over / (1 + over * (1 - (1 - knee) / (_WHITEST - knee)))
        curve[i] = round(255 * min(1.0, srgb_of_linear(value)))
    return curve
