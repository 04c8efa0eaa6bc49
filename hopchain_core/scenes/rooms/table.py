"""A table against a wall."""

from __future__ import annotations

from random import Random

import numpy as np

from hopchain_core.scenes.camera import Camera
from hopchain_core.scenes.exactness import Singles, hex_to_linear
from hopchain_core.scenes.light import Lighting
from hopchain_core.scenes.rooms.grain import Noise, boards, stone, wall, weave
from hopchain_core.scenes.rooms.room import (
    LIGHTS,
    Ledge,
    Plane,
    Room,
    depth_at_row,
    framed,
    joined_rows,
    lit_plane,
    near,
    row_of,
    seen_on_level,
    seen_on_wall,
)

WALLS = (
    ("#dfe3d6", "#c3cdb9"),
    ("#d3dde3", "#aebfca"),
    ("#efe6d6", "#dccfb6"),
    ("#ead7cb", "#d9b9a7"),
    ("#e6dcc0", "#cfc097"),
    ("#d9d5df", "#bdb6c8"),
    ("#8fa39a", "#73887f"),
    ("#7f95a6", "#66808f"),
    ("#c9a48c", "#b58b72"),
)
"""Paint and second paint of walls: quiet, so that things stand out."""

TOPS = (
    ("boards", "#d9b98c", "#a9794a"),
    ("boards", "#b98d5f", "#7d5430"),
    ("boards", "#e3d5bd", "#c0a982"),
    ("boards", "#9a7350", "#5f4029"),
    ("cloth", "#c3ccd2", "#8297a6"),
    ("cloth", "#dcc9ae", "#b9746a"),
    ("cloth", "#bfcbc1", "#7f9a8a"),
    ("cloth", "#d8cdb8", "#b99a5a"),
    ("stone", "#c9c2b8", "#8f887f"),
    ("stone", "#a9aaa6", "#757874"),
)
"""Kind, ground and second colour of table tops."""

WALL_STYLES = ("plain", "plain", "dado", "striped", "boarded", "tiled")


def table_room(rng: Random, *, width_px: int, height_px: int, view_width: float) -> Room:
    """A table that fills the lower part of the picture, and the wall behind it."""
    depth = view_width * 0.62
    camera = Camera.looking_at(
        (0.0, view_width * 0.075, 0.0),
        distance=view_width * 3.3,
        pitch_rad=0.42 + 0.07 * rng.random(),
        view_width=view_width,
        width_px=width_px,
        height_px=height_px,
    )
    back = -depth * 0.5
    light = LIGHTS[rng.choice(tuple(LIGHTS))]
    paint, second = (hex_to_linear(c) for c in rng.choice(WALLS))
    style = rng.choice(WALL_STYLES if not light.bars else ("plain", "plain", "dado", "boarded"))
    kind, ground, grain = rng.choice(TOPS)
    ground_colour, grain_colour = hex_to_linear(ground), hex_to_linear(grain)
    cloth_style = rng.choice(("plain", "striped", "checked"))
    board_width = rng.choice((0.9, 1.25, 1.7))
    noise = Noise(rng.getrandbits(31))

    def top(plane: Plane) -> Singles:
        if kind == "boards":
            return boards(plane.x, plane.z, ground_colour, grain_colour, width=board_width, noise=noise)
        if kind == "cloth":
            return weave(plane.x, plane.z, ground_colour, grain_colour, style=cloth_style, noise=noise)
        return stone(plane.x, plane.z, ground_colour, grain_colour, noise)

    def background(lighting: Lighting) -> Singles:
        edge = row_of(camera, 0.0, back)
        row = int(edge)
        behind = seen_on_wall(camera, back, slice(0, row + 1))
        below = seen_on_level(camera, 0.0, slice(row, height_px))
        side = np.float32(1 if light.towards[0] > 0 else -1)
        fall = (
            1
            + 0.05 * side * np.clip(behind.x / np.float32(view_width / 2), -1.4, 1.4)
            - 0.05 * np.clip(behind.y / 4, 0, 2)
        )
        upper = lit_plane(
            behind,
            wall(behind.x, behind.y, paint, second, style=style, noise=noise) * fall[..., None],
            (0.0, 0.0, 1.0),
            lighting,
            corner=1 - 0.5 * near(behind.y, 0.0, 0.5),
        )
        pool = 1 + 0.05 * side * np.clip(below.x / np.float32(view_width / 2), -1.4, 1.4)
        lower = lit_plane(
            below, top(below) * pool[..., None], (0.0, 1.0, 0.0), lighting, corner=1 - 0.42 * near(below.z, back, 0.5)
        )
        return framed(joined_rows(upper, lower, edge, height_px), 0.16)

    half = view_width / 2
    ledge = Ledge(0.0, -half, half, back + 0.15, depth_at_row(camera, 0.0, 0.95 * height_px), 100.0)
    return Room("table", camera, light, (ledge,), background)
