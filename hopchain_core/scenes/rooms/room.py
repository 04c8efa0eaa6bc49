"""What all rooms have in common: ledges to stand on, a camera, light, and a background that takes shadows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hopchain_core.scenes.blur import smoothed
from hopchain_core.scenes.camera import Camera
from hopchain_core.scenes.exactness import Floats, Singles, single, unit3
from hopchain_core.scenes.light import Light, Lighting
from hopchain_core.scenes.mesh import Mesh
from hopchain_core.scenes.shading import Material, rgb


@dataclass(frozen=True, slots=True)
class Ledge:
    """A level surface that things may stand on.

    Attributes:
        y: Its height.
        left: Least x.
        right: Greatest x.
        back: Least z.
        front: Greatest z.
        headroom: Free height above it, units.
        least_row_px: Nothing on it may reach above this row of the picture, where something in front would hide it.
    """

    y: float
    left: float
    right: float
    back: float
    front: float
    headroom: float
    least_row_px: float = 0.0


@dataclass(frozen=True, slots=True)
class Fixture:
    """A part of the room that is drawn like a thing but is none: a board, a window's frame."""

    mesh: Mesh
    materials: tuple[Material, ...]
    ground_y: float = -100.0


@dataclass(frozen=True, slots=True)
class Room:
    """Where a scene takes place.

    Attributes:
        name: Which kind it is.
        camera: Where it is seen from.
        light: Where its light comes from.
        ledges: Where things may stand, from the top.
        fixtures: Drawn before all things.
        background: Paints everything behind fixtures and things: linear light, float32, (H, W, 3).
    """

    name: str
    camera: Camera
    light: Light
    ledges: tuple[Ledge, ...]
    background: Callable[[Lighting], Singles]
    fixtures: tuple[Fixture, ...] = ()


LIGHTS: dict[str, Light] = {
    "morning": Light(unit3(-0.62, 0.74, 0.5), (1.06, 0.98, 0.84), (0.45, 0.48, 0.53), (0.24, 0.20, 0.16), 0.15, 0.4),
    "noon": Light(unit3(-0.38, 0.9, 0.55), (1.0, 0.97, 0.9), (0.48, 0.5, 0.54), (0.23, 0.21, 0.18), 0.2),
    "afternoon": Light(unit3(0.66, 0.68, 0.5), (1.1, 0.96, 0.76), (0.44, 0.46, 0.52), (0.25, 0.2, 0.15), 0.13, 0.42),
    "overcast": Light(unit3(-0.3, 0.9, 0.5), (0.92, 0.92, 0.9), (0.5, 0.52, 0.55), (0.25, 0.23, 0.21), 0.3),
}
"""Moods. Values are a choice: white paper facing the light comes out just under white."""


@dataclass(frozen=True, slots=True)
class Plane:
    """Places of one flat surface, as seen through a window of the picture.

    Shapes:
        x, y, z: float32, (h, w)
    """

    x: Singles
    y: Singles
    z: Singles


def seen_on_level(camera: Camera, y: float, rows: slice) -> Plane:
    """Where each pixel of some rows meets the level plane at height `y`."""
    dx, dy, dz = _rays(camera, rows)
    t = (y - camera.position[1]) / dy
    x = (camera.position[0] + t * dx).astype(np.float32)
    z = (camera.position[2] + t * dz + 0 * dx).astype(np.float32)
    return Plane(x, np.full_like(x, y), z)


def seen_on_wall(camera: Camera, z: float, rows: slice) -> Plane:
    """Where each pixel of some rows meets the upright plane at depth `z`."""
    dx, dy, dz = _rays(camera, rows)
    t = (z - camera.position[2]) / dz
    x = (camera.position[0] + t * dx).astype(np.float32)
    y = (camera.position[1] + t * dy + 0 * dx).astype(np.float32)
    return Plane(x, y, np.full_like(x, z))


def _rays(camera: Camera, rows: slice) -> tuple[Floats, Floats, Floats]:
    columns = np.arange(camera.width_px, dtype=np.float64)[None, :] + 0.5
    lines = np.arange(rows.start, rows.stop, dtype=np.float64)[:, None] + 0.5
    return camera.rays(columns, lines)


def row_of(camera: Camera, y: float, z: float) -> float:
    """Row of the picture where the level line at (y, z) runs, in pixels."""
    return float(camera.project(np.array([[camera.position[0], y, z]]))[0][0, 1])


def depth_at_row(camera: Camera, y: float, row_px: float) -> float:
    """The z at which the level plane at height `y` meets a row of the picture."""
    _, dy, dz = camera.rays(np.array([camera.width_px / 2]), np.array([row_px]))
    return camera.position[2] + float(dz[0]) * (y - camera.position[1]) / float(dy[0])


def lit_plane(
    plane: Plane,
    paint: Singles,
    normal: tuple[float, float, float],
    lighting: Lighting,
    *,
    corner: Singles | None = None,
) -> Singles:
    """A flat surface under the room's light, float32, (h, w, 3).

    Args:
        plane: Its places.
        paint: Its colour there, linear, (h, w, 3).
        normal: Of the whole surface.
        lighting: Of the room.
        corner: How open each place is to the room, (h, w), where the room's own corners take light.
    """
    light = lighting.light
    lift = 0.02
    half = Plane(
        *(v[::2, ::2] + np.float32(lift * n) for v, n in zip((plane.x, plane.y, plane.z), normal, strict=True))
    )
    window = smoothed(lighting.window.lit(half.x, half.y, half.z), 2)
    ceiling = smoothed(lighting.ceiling.lit(half.x, half.y, half.z), 6)
    shape = plane.x.shape
    key = doubled(window, shape) * np.float32(max(0.0, sum(a * b for a, b in zip(light.towards, normal, strict=True))))
    skyward = np.float32(0.5 + 0.5 * normal[1])
    above = doubled(ceiling, shape) * skyward
    if corner is not None:
        above = above * corner
        key = key * (0.6 + 0.4 * corner)
    ambient = rgb(light.sky) * above[..., None] + rgb(light.bounce) * (1 - skyward)
    return single(paint * (rgb(light.key) * key[..., None] + ambient))


def doubled(values: Singles, shape: tuple[int, ...]) -> Singles:
    """Values of every other pixel spread to all of them, between neighbours linearly."""
    wide = np.empty((values.shape[0], values.shape[1] * 2), dtype=np.float32)
    wide[:, 0::2] = values
    wide[:, 1:-1:2] = (values[:, :-1] + values[:, 1:]) * np.float32(0.5)
    wide[:, -1] = values[:, -1]
    out = np.empty((wide.shape[0] * 2, wide.shape[1]), dtype=np.float32)
    out[0::2] = wide
    out[1:-1:2] = (wide[:-1] + wide[1:]) * np.float32(0.5)
    out[-1] = wide[-1]
    return out[: shape[0], : shape[1]]


def framed(picture: Singles, fall: float) -> Singles:
    """Darkens the corners of a background a little, (H, W, 3)."""
    height, width = picture.shape[:2]
    x = ((np.arange(width) + 0.5) / width * 2 - 1).astype(np.float32)
    y = ((np.arange(height) + 0.5) / height * 2 - 1).astype(np.float32)
    away = np.clip((x * x)[None, :] * 0.5 + (y * y)[:, None] * 0.5, 0, 1)
    return single(picture * (1 - np.float32(fall) * away * away)[..., None])


def joined_rows(upper: Singles, lower: Singles, edge_row: float, height: int) -> Singles:
    """One picture of what lies above a level line and what lies below it, the line's own row mixed.

    Args:
        upper: Rows 0 up to and with the line's row.
        lower: Rows from the line's row to the bottom.
        edge_row: The line, in pixels from the top.
        height: Of the picture.
    """
    row = min(max(int(edge_row), 0), height - 1)
    out = np.empty((height, *upper.shape[1:]), dtype=np.float32)
    out[:row] = upper[:row]
    out[row:] = lower
    share = np.float32(edge_row - row)
    out[row] = upper[row] * share + lower[0] * (1 - share)
    return out


def near(value: Singles, at: float, reach: float) -> Singles:
    """1 at a place, falling off over `reach`."""
    t = (value - np.float32(at)) / np.float32(reach)
    return single(1 / (1 + t * t))
