"""Light of a room: one soft window, light from all over the ceiling, and what surfaces throw back; and its shadows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hopchain_core.scenes import raster
from hopchain_core.scenes.exactness import Floats, Singles, cos, sin, smoothstep, unit3
from hopchain_core.scenes.mesh import Indices, Mesh
from hopchain_core.scenes.palette import Rgb

Vector = tuple[float, float, float]

SAMPLES = 16
_GOLDEN_ANGLE_RAD = 2.399963
_BIAS = 0.035
_OFFSET = 0.07


@dataclass(frozen=True, slots=True)
class Light:
    """Where light comes from, and how much of it.

    Attributes:
        towards: Direction to the middle of the window, length 1.
        key: Light of the window.
        sky: Light from above.
        bounce: Light from below.
        softness: Radius of the window at distance 1; larger makes softer shadows.
        bars: How dark the shadows of the window's own bars fall across the room; 0 for none.
    """

    towards: Vector
    key: Rgb
    sky: Rgb
    bounce: Rgb
    softness: float = 0.16
    bars: float = 0.0

    @property
    def across(self) -> Vector:
        """Level direction across the light."""
        return _frame(self.towards)[0]

    @property
    def upwards(self) -> Vector:
        """Third axis of the light's frame."""
        return _frame(self.towards)[1]


def _frame(towards: Vector) -> tuple[Vector, Vector, Vector]:
    """Level direction, third axis and direction of a light."""
    x, y, z = towards
    across = unit3(z, 0.0, -x) if abs(x) + abs(z) > 1e-6 else (1.0, 0.0, 0.0)
    bx, by, bz = across
    return across, (y * bz - z * by, z * bx - x * bz, x * by - y * bx), towards


class Shadows:
    """Which share of a broad light each place of the room sees.

    The light is `SAMPLES` points; for each there is a map of the nearest surface. All maps share one frame: seen
    from a point beside the middle, the room is sheared.

    Args:
        towards: Direction to the middle of the light, length 1.
        softness: Radius of the light at distance 1.
        casters: What stands in the way.
        texels_per_unit: Fineness of the maps.
        bars: See `Light.bars`.
    """

    def __init__(
        self, towards: Vector, softness: float, casters: Sequence[Mesh], texels_per_unit: float, bars: float = 0.0
    ) -> None:
        self._axes = _frame(towards)
        self._bars = bars
        self._scale = texels_per_unit
        radii = [softness * math.sqrt((i + 0.5) / SAMPLES) for i in range(SAMPLES)]
        self._shears = [(r * cos(i * _GOLDEN_ANGLE_RAD), r * sin(i * _GOLDEN_ANGLE_RAD)) for i, r in enumerate(radii)]
        points, corners = _coarse(casters)
        u, v, depth = (_along(axis, points[:, 0], points[:, 1], points[:, 2]) for axis in self._axes)
        self._maps = [self._map(u - su * depth, v - sv * depth, depth, corners) for su, sv in self._shears]

    def _map(self, u: Floats, v: Floats, depth: Floats, corners: Indices) -> _Map:
        u, v = u * self._scale, v * self._scale
        left, top = math.floor(float(u.min())) - 2, math.floor(float(v.min())) - 2
        width, height = math.ceil(float(u.max())) + 3 - left, math.ceil(float(v.max())) + 3 - top
        xy = np.stack([u - left, v - top], axis=1)
        return _Map(left, top, width, height, raster.nearest(xy, depth, corners, width, height))

    def lit(self, x: Singles, y: Singles, z: Singles, normal: Singles | None = None) -> Singles:
        """Share of the light seen from each place, in [0, 1].

        Args:
            x: Places, any shape, as y and z.
            y: See `x`.
            z: See `x`.
            normal: (..., 3) of the surfaces there; the places are lifted off them a little.
        """
        if normal is not None:
            x, y, z = (p + np.float32(_OFFSET) * normal[..., i] for i, p in enumerate((x, y, z)))
        scale = np.float32(self._scale)
        u, v, depth = (_along(axis, x, y, z) for axis in self._axes)
        u, v, reach, limit = u * scale, v * scale, depth * scale, depth + np.float32(_BIAS)
        dark = np.zeros(x.shape, dtype=np.float32)
        for (shear_u, shear_v), m in zip(self._shears, self._maps, strict=True):
            column = np.clip(u - reach * np.float32(shear_u) - np.float32(m.left), 0, m.width - 1).astype(np.int32)
            row = np.clip(v - reach * np.float32(shear_v) - np.float32(m.top), 0, m.height - 1).astype(np.int32)
            row *= m.width
            row += column
            dark += m.closest[row] > limit
        lit = 1 - dark / np.float32(SAMPLES)
        return lit * (1 - np.float32(self._bars) * (1 - _panes(u / scale, v / scale))) if self._bars else lit


def _panes(u: Singles, v: Singles) -> Singles:
    """Where light comes through a window's panes: 1 in the middle of a pane, 0 behind a bar."""

    def along(t: Singles, step: float, bar: float) -> Singles:
        place = t / np.float32(step) + np.float32(0.31)
        away = np.abs(place - np.rint(place)) * np.float32(step)
        return smoothstep(bar * 0.3, bar * 1.5, away)

    return along(u, 3.3, 0.24) * along(v, 2.5, 0.24)


@dataclass(frozen=True, slots=True)
class _Map:
    """Depth of the surface nearest to one point of the light, float32, (height * width,)."""

    left: int
    top: int
    width: int
    height: int
    closest: Singles


def _along(axis: Vector, x: Any, y: Any, z: Any) -> Any:
    """Places along an axis; float32 stays float32."""
    return x * x.dtype.type(axis[0]) + y * x.dtype.type(axis[1]) + z * x.dtype.type(axis[2])


def _coarse(meshes: Sequence[Mesh]) -> tuple[Floats, Indices]:
    """All coarse triangles of several meshes, over the points they use."""
    offsets = np.cumsum([0, *(len(m.points) for m in meshes)])[:-1]
    corners = np.concatenate([m.coarse + int(o) for m, o in zip(meshes, offsets, strict=True)])
    points = np.concatenate([m.points for m in meshes])
    is_used = np.zeros(len(points), dtype=np.int64)
    is_used[corners] = 1
    return points[is_used > 0], (np.cumsum(is_used) - 1)[corners].astype(np.int32)


@dataclass(frozen=True, slots=True)
class Lighting:
    """The light of a room with its shadows.

    Attributes:
        light: Where it comes from.
        window: Shadows of the window.
        ceiling: Shadows of the light from above: corners and narrow places are darker.
    """

    light: Light
    window: Shadows
    ceiling: Shadows

    @classmethod
    def of(cls, light: Light, casters: Sequence[Mesh]) -> Lighting:
        """Works the shadows of all these meshes out."""
        return cls(
            light,
            Shadows(light.towards, light.softness, casters, 56.0, light.bars),
            Shadows((0.0, 1.0, 0.0), 1.15, casters, 24.0),
        )
