"""Two or three boards on a wall, or inside an open cupboard."""

from __future__ import annotations

from random import Random

import numpy as np

from hopchain_core.scenes.camera import Camera
from hopchain_core.scenes.exactness import Singles, hex_to_linear, single, unit3
from hopchain_core.scenes.light import Light, Lighting
from hopchain_core.scenes.mesh import Mesh, joined
from hopchain_core.scenes.palette import mixed
from hopchain_core.scenes.rooms.grain import Noise, boards, wall
from hopchain_core.scenes.rooms.room import Fixture, Ledge, Room, framed, lit_plane, row_of, seen_on_wall
from hopchain_core.scenes.rooms.table import WALLS
from hopchain_core.scenes.shading import LinearTexture, Material
from hopchain_core.scenes.solids import block

_WOODS = (
    ("#d9b98c", "#a9794a"),
    ("#b98d5f", "#7d5430"),
    ("#8a6444", "#573a25"),
    ("#e8e2d6", "#d2c8b6"),
    ("#c9a172", "#94683e"),
)
_BOARD = 0.16
_DEPTH = 1.85


def shelf_room(rng: Random, *, width_px: int, height_px: int, count: int) -> Room:
    """Boards one above the other; three for many things, two for few."""
    levels = 3 if count > 11 else 2
    pitch_rad = 0.27
    storey = 2.72
    view_height = levels * storey + 0.55
    view_width = view_height * width_px / height_px
    middle = (levels * storey) / 2 - 0.22
    camera = Camera.looking_at(
        (0.0, middle, 0.0),
        distance=view_width * 4.2,
        pitch_rad=pitch_rad,
        view_width=view_width,
        width_px=width_px,
        height_px=height_px,
    )
    side = rng.choice((-1.0, 1.0))
    light = Light(
        unit3(0.5 * side, 0.62, 0.72),
        (1.0, 0.93, 0.81),
        (0.52, 0.54, 0.57),
        (0.3, 0.26, 0.21),
        0.2,
        rng.choice((0.0, 0.0, 0.35)),
    )
    paint, second = (hex_to_linear(c) for c in rng.choice(WALLS))
    style = rng.choice(("plain", "plain", "striped", "boarded"))
    ground, grain = (hex_to_linear(c) for c in rng.choice(_WOODS))
    noise = Noise(rng.getrandbits(31))
    is_cupboard = rng.random() < 0.5
    width = view_width - 0.7 if not is_cupboard else view_width - 0.34
    wood = Material((1.0, 1.0, 1.0), texture=_plank(noise, ground, grain), is_fine=False, gloss=0.2, sharpness=0.2)
    plain = Material(mixed(ground, grain, 0.25), gloss=0.15, sharpness=0.2)
    back = -_DEPTH / 2
    fixtures = [
        Fixture(block(width, _BOARD, _DEPTH, 0.03, 0, steps=2).moved(y=level * storey - _BOARD), (wood,))
        for level in range(levels)
    ]
    if is_cupboard:
        tall = view_height + 1.5
        post = block(0.2, tall, _DEPTH, 0.03, 0, steps=2).moved(y=-0.9)
        fixtures += [Fixture(post.moved(x=side * (width / 2 + 0.06)), (plain,)) for side in (-1, 1)]
    else:
        fixtures = [
            _bracket(side * width * 0.36, level * storey, back, plain) for side in (-1, 1) for level in range(levels)
        ] + fixtures

    def background(lighting: Lighting) -> Singles:
        behind = seen_on_wall(camera, back, slice(0, height_px))
        fall = 1 + 0.05 * np.float32(side) * np.clip(behind.x / np.float32(view_width / 2), -1.4, 1.4)
        colour = wall(behind.x, behind.y, paint, second, style=style, noise=noise) * fall[..., None]
        return framed(lit_plane(behind, colour, (0.0, 0.0, 1.0), lighting), 0.14)

    half = width / 2 - 0.12
    ledges = tuple(
        Ledge(
            level * storey,
            -half,
            half,
            back + 0.08,
            _DEPTH / 2 - 0.06,
            storey - _BOARD - 0.12,
            row_of(camera, (level + 1) * storey - _BOARD, _DEPTH / 2) if level + 1 < levels else 0.0,
        )
        for level in reversed(range(levels))
    )
    return Room("shelf", camera, light, ledges, background, tuple(fixtures))


def _bracket(x: float, y: float, back: float, material: Material) -> Fixture:
    """A wooden angle under a board."""
    upright = block(0.12, 0.7, 0.12, 0.03, 0, steps=2).moved(x=x, y=y - _BOARD - 0.7, z=back + 0.06)
    level: Mesh = block(0.12, 0.1, 1.2, 0.03, 0, steps=2).moved(x=x, y=y - _BOARD - 0.1, z=back + 0.6)
    return Fixture(joined([upright, level]), (material,))


def _plank(noise: Noise, ground: tuple[float, float, float], grain: tuple[float, float, float]) -> LinearTexture:
    """A board's face, 1400 x 120 pixels."""
    x = single(np.broadcast_to(np.arange(1400)[None, :] / 110, (120, 1400)))
    z = single(np.broadcast_to(np.arange(120)[:, None] / 60, (120, 1400)))
    return boards(x, z, ground, grain, width=9.0, noise=noise, gaps=0.0)
