"""Meshes: what every thing in a scene is made of.

Frame: x to the right, y up, z towards the viewer; one unit is about ten centimetres. A thing stands on y = 0 round
the origin and faces +z. Triangles run anticlockwise seen from outside.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hopchain_core.scenes.exactness import Floats, cos, sin

Indices = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Mesh:
    """Triangles with normals, texture coordinates, openness to the sky and a material each.

    Shapes:
        points: float64, (N, 3)
        normals: float64, (N, 3), of length 1
        uv: float64, (N, 2), in [0, 1], v down
        openness: float64, (N,), 1 in the open, lower inside a vessel
        triangles: int32, (M, 3)
        materials: int32, (M,), index into the thing's materials
        coarse: int32, (K, 3), fewer triangles over the same points, enough for a shadow
    """

    points: Floats
    normals: Floats
    uv: Floats
    openness: Floats
    triangles: Indices
    materials: Indices
    coarse: Indices

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Mesh:
        """The mesh, somewhere else."""
        return replace(self, points=self.points + np.array([x, y, z]))

    def scaled(self, factor: float) -> Mesh:
        """The mesh, larger or smaller about the origin."""
        return replace(self, points=self.points * factor)

    def stretched(self, x: float = 1.0, y: float = 1.0, z: float = 1.0) -> Mesh:
        """The mesh with each axis scaled by itself; normals follow."""
        normals = self.normals / np.array([x, y, z])
        length = np.sqrt(normals[:, 0] ** 2 + normals[:, 1] ** 2 + normals[:, 2] ** 2)
        return replace(self, points=self.points * np.array([x, y, z]), normals=normals / length[:, None])

    def yawed(self, angle_rad: float) -> Mesh:
        """Turned about the upright axis; positive turns the front to the viewer's right."""
        return self._turned(angle_rad, 2, 0)

    def pitched(self, angle_rad: float) -> Mesh:
        """Turned about the x axis; positive tips the top towards the viewer."""
        return self._turned(angle_rad, 1, 2)

    def rolled(self, angle_rad: float) -> Mesh:
        """Turned about the z axis; positive tips the top to the left."""
        return self._turned(angle_rad, 0, 1)

    def _turned(self, angle_rad: float, a: int, b: int) -> Mesh:
        return replace(
            self, points=_turned(self.points, angle_rad, a, b), normals=_turned(self.normals, angle_rad, a, b)
        )

    def painted(self, material: int) -> Mesh:
        """The mesh with one material all over."""
        return replace(self, materials=np.full(len(self.triangles), material, dtype=np.int32))

    def shaded(self, openness: float) -> Mesh:
        """The mesh with its openness multiplied."""
        return replace(self, openness=self.openness * openness)

    def both_sides(self) -> Mesh:
        """A thin sheet seen from either side."""
        back = replace(
            self, normals=-self.normals, triangles=self.triangles[:, ::-1], coarse=np.zeros((0, 3), dtype=np.int32)
        )
        return joined([self, back])

    @property
    def height(self) -> float:
        """Units from the ground to the highest point."""
        return float(self.points[:, 1].max())

    @property
    def radius(self) -> float:
        """Units from the upright axis to the outermost point."""
        return math.sqrt(float((self.points[:, 0] ** 2 + self.points[:, 2] ** 2).max()))


def _turned(points: Floats, angle_rad: float, a: int, b: int) -> Floats:
    c, s = cos(angle_rad), sin(angle_rad)
    out = points.copy()
    out[:, a] = c * points[:, a] - s * points[:, b]
    out[:, b] = s * points[:, a] + c * points[:, b]
    return out


def yawed(points: Floats, angle_rad: float) -> Floats:
    """Points turned about the upright axis, as `Mesh.yawed` turns a mesh."""
    return _turned(points, angle_rad, 2, 0)


def pitched(points: Floats, angle_rad: float) -> Floats:
    """Points turned about the x axis, as `Mesh.pitched` turns a mesh."""
    return _turned(points, angle_rad, 1, 2)


def joined(meshes: Iterable[Mesh]) -> Mesh:
    """One mesh of several."""
    parts = list(meshes)
    offsets = np.cumsum([0] + [len(m.points) for m in parts])[:-1].astype(np.int32)
    return Mesh(
        points=np.concatenate([m.points for m in parts]),
        normals=np.concatenate([m.normals for m in parts]),
        uv=np.concatenate([m.uv for m in parts]),
        openness=np.concatenate([m.openness for m in parts]),
        triangles=np.concatenate([m.triangles + o for m, o in zip(parts, offsets, strict=True)]),
        materials=np.concatenate([m.materials for m in parts]),
        coarse=np.concatenate([m.coarse + o for m, o in zip(parts, offsets, strict=True)]),
    )


def grid_mesh(
    points: Floats,
    normals: Floats,
    uv: Floats,
    openness: Floats,
    *,
    material: int,
    row_step: int = 1,
    column_step: int = 1,
) -> Mesh:
    """A mesh over a grid of points; rows x columns seen from outside run upwards and to the right.

    Args:
        points: (R, C, 3)
        normals: (R, C, 3)
        uv: (R, C, 2)
        openness: (R, C)
        material: Of all its triangles.
        row_step: For the shadow, take every so many rows.
        column_step: For the shadow, take every so many columns.
    """
    rows, columns = points.shape[:2]
    triangles = _grid_triangles(np.arange(rows), np.arange(columns), columns)
    coarse = _grid_triangles(_strided(rows, row_step), _strided(columns, column_step), columns)
    return Mesh(
        points=points.reshape(-1, 3),
        normals=normals.reshape(-1, 3),
        uv=uv.reshape(-1, 2),
        openness=openness.reshape(-1),
        triangles=triangles,
        materials=np.full(len(triangles), material, dtype=np.int32),
        coarse=coarse,
    )


def _strided(count: int, step: int) -> NDArray[np.int64]:
    picked = np.arange(0, count, step)
    return picked if picked[-1] == count - 1 else np.append(picked, count - 1)


def _grid_triangles(rows: NDArray[np.int64], columns: NDArray[np.int64], width: int) -> Indices:
    a = (rows[:-1, None] * width + columns[None, :-1]).ravel()
    b = (rows[:-1, None] * width + columns[None, 1:]).ravel()
    c = (rows[1:, None] * width + columns[None, 1:]).ravel()
    d = (rows[1:, None] * width + columns[None, :-1]).ravel()
    return np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)]).astype(np.int32)
