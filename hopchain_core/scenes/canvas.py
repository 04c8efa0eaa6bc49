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
from hopchain_core.scenes.exactness import Singles, single, srgb_of_linear, unit_singles
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
        kind = mesh.materials[fronts]
        is_fine = np.array([m.texture is not None and m.is_fine for m in materials])[kind]
        samples = _Samples.of(covered, is_fine, window_width, window_height)
        values = np.concatenate([mesh.points, mesh.normals, mesh.uv, mesh.openness[:, None]], axis=1)
        blend = raster.Blend(xy, nearness, values, triangles, covered, window_width)
        lit, sky = _seen_light(samples, blend, lighting, smoothing_px)
        under = self.light[top // 2 : bottom // 2, left // 2 : right // 2]
        behind = under.reshape(-1, 3)
        camera = np.array(self.camera.position, dtype=np.float32)
        colours = np.empty((len(samples.shaded), 3), dtype=np.float32)
        for start in range(0, len(colours), _CHUNK):
            part = slice(start, start + _CHUNK)
            some, pixel = samples.shaded[part], samples.pixel[part]
            found = blend.at(some)
            surface = Surface(
                material=kind[some.triangle].astype(np.int64),
                place=found[:, 0:3],
                normal=unit_singles(found[:, 3:6]),
                view=unit_singles(camera - found[:, 0:3]),
                uv=found[:, 6:8],
                openness=found[:, 8],
                lit=lit[pixel],
                sky=sky[pixel],
                behind=behind[pixel],
            )
            colours[part] = np.minimum(shade(surface, materials, lighting.light, ground_y), _WHITEST)
        under *= (1 - samples.cover).reshape(*under.shape[:2], 1)
        under += samples.mixed(colours).reshape(under.shape)
        bitmap = np.zeros(window_height * window_width, dtype=bool)
        bitmap[covered.index] = True
        bitmap = bitmap.reshape(window_height, window_width)
        self.ids[top:bottom, left:right][bitmap] = number
        nearest[bitmap] = covered.nearness
        return Outline(left, top, outline.reshape(window_height, window_width))

    def developed(self) -> NDArray[np.uint8]:
        """The picture as sRGB, uint8, (H, W, 3)."""
        level = np.clip(self.light * np.float32(_TONES / _WHITEST), 0, _TONES - 1)
        pixels: NDArray[np.uint8] = _tone_curve()[level.astype(np.int32)]
        return pixels


@dataclass(frozen=True, slots=True)
class _Samples:
    """Which samples of a window are shaded, and how they make up its pixels.

    Where all four samples of a pixel show one triangle and nothing finely printed, one of them speaks for all.

    Shapes:
        shaded: S samples
        pixel: int64, (S,), the pixel of each, row-major in the window
        corner: int64, (S,), which of the four it is, 0 to 3
        weight: float32, (S,), its share of the pixel
        cover: float32, (h * w,), the share of each pixel that is covered
        shape: Rows and columns of pixels.
    """

    shaded: raster.Covered
    pixel: NDArray[np.int64]
    corner: NDArray[np.int64]
    weight: Singles
    cover: Singles
    shape: tuple[int, int]

    @classmethod
    def of(cls, covered: raster.Covered, is_fine: NDArray[np.bool_], width: int, height: int) -> _Samples:
        """Chooses among the covered samples; `is_fine` says of each triangle whether it is finely printed."""
        row, column = covered.index // width, covered.index % width
        pixel = (row >> 1) * (width >> 1) + (column >> 1)
        corner = (row & 1) * 2 + (column & 1)
        four = np.full((4, (height >> 1) * (width >> 1)), -1, dtype=np.int64)
        four[corner, pixel] = covered.triangle
        is_one = (four[0] >= 0) & (four[0] == four[1]) & (four[0] == four[2]) & (four[0] == four[3])
        is_one &= ~is_fine[four[0]] if len(is_fine) else False
        cover = single((four >= 0).sum(axis=0) * 0.25)
        kept = np.flatnonzero(~is_one[pixel] | (corner == 0))
        pixel, corner = pixel[kept], corner[kept]
        weight = np.where(is_one[pixel], np.float32(1), np.float32(0.25))
        return cls(covered[kept], pixel, corner, weight, cover, (height >> 1, width >> 1))

    def mixed(self, colours: Singles) -> Singles:
        """Colours of the samples added up to pixels, float32, (h * w, 3)."""
        out = np.zeros((len(self.cover), 3), dtype=np.float32)
        for corner in range(4):
            here = np.flatnonzero(self.corner == corner)
            out[self.pixel[here]] += colours[here] * self.weight[here, None]
        return out


def _seen_light(
    samples: _Samples, blend: raster.Blend, lighting: Lighting, smoothing_px: int
) -> tuple[Singles, Singles]:
    """Light of window and ceiling at each pixel, from one of its samples, smoothed over its neighbours, (h * w,)."""
    sample = np.full(len(samples.cover), -1, dtype=np.int64)
    sample[samples.pixel] = np.arange(len(samples.pixel))
    pixels = np.flatnonzero(sample >= 0)
    found = blend.at(samples.shaded[sample[pixels]])
    normal = unit_singles(found[:, 3:6])
    weight = single(sample >= 0).reshape(samples.shape)
    out = []
    for shadows in (lighting.window, lighting.ceiling):
        share = np.zeros(len(sample), dtype=np.float32)
        share[pixels] = shadows.lit(found[:, 0], found[:, 1], found[:, 2], normal)
        out.append(smoothed_within(share.reshape(samples.shape), weight, smoothing_px).ravel())
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
