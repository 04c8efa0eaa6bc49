"""A deep windowsill, with the day outside."""

from __future__ import annotations

from random import Random

import numpy as np

from hopchain_core.scenes.camera import Camera
from hopchain_core.scenes.exactness import Singles, hex_to_linear, single, smoothstep, unit3
from hopchain_core.scenes.light import Light, Lighting
from hopchain_core.scenes.palette import Rgb
from hopchain_core.scenes.rooms.grain import Noise, blend, boards
from hopchain_core.scenes.rooms.room import (
    Fixture,
    Ledge,
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
from hopchain_core.scenes.shading import Material, rgb
from hopchain_core.scenes.solids import block

_OUTSIDE = (
    ("#bcd7ea", "#f3efe2", "#a9bfb0", "#86a58a", "#6c8f72"),
    ("#f2d9bd", "#f8ecd8", "#c8b3a4", "#a99a86", "#8b8a70"),
    ("#c6d3e4", "#eef0f0", "#aab6c4", "#8b9cad", "#71889a"),
    ("#a8d0e6", "#e9f3f1", "#b4cdb0", "#8fb27f", "#6f9a63"),
)
"""Sky above, sky at the horizon, far, middle and near hills."""

_FRAMES = ("#f3f0e9", "#e6e2d8", "#cfd6d4", "#8d6a4a")
_SILLS = (("#cdb79a", "#a58a66"), ("#b98d5f", "#7d5430"), ("#d8ccb8", "#bba988"), ("#9c7652", "#66482e"))


def windowsill_room(rng: Random, *, width_px: int, height_px: int, view_width: float) -> Room:
    """A sill that fills the lower half of the picture, and a window with two or three lights behind it."""
    depth = view_width * 0.42
    camera = Camera.looking_at(
        (0.0, view_width * 0.135, 0.0),
        distance=view_width * 3.3,
        pitch_rad=0.36,
        view_width=view_width,
        width_px=width_px,
        height_px=height_px,
    )
    back = -depth * 0.5
    side = rng.choice((-1.0, 1.0))
    light = Light(unit3(0.8 * side, 0.85, 0.34), (0.95, 0.9, 0.8), (0.56, 0.59, 0.63), (0.27, 0.25, 0.22), 0.18)
    colours = tuple(hex_to_linear(c) for c in rng.choice(_OUTSIDE))
    frame_paint = hex_to_linear(rng.choice(_FRAMES))
    ground, grain = (hex_to_linear(c) for c in rng.choice(_SILLS))
    noise = Noise(rng.getrandbits(31))
    paint = Material(frame_paint, gloss=0.3, sharpness=0.3)
    panes = rng.choice((2, 3))
    fixtures = _window(view_width, back, panes, paint)

    def background(lighting: Lighting) -> Singles:
        edge = row_of(camera, 0.0, back)
        row = int(edge)
        far = seen_on_wall(camera, back, slice(0, row + 1))
        upper = _outside(far.x, far.y, colours, noise, view_width)
        below = seen_on_level(camera, 0.0, slice(row, height_px))
        top = boards(below.x, below.z, ground, grain, width=2.4, noise=noise, gaps=0.6)
        sheen = 1 + 0.16 * near(below.z, back, 1.2)
        lower = lit_plane(below, top * sheen[..., None], (0.0, 1.0, 0.0), lighting)
        return framed(joined_rows(upper, lower, edge, height_px), 0.12)

    half = view_width / 2
    ledge = Ledge(0.0, -half, half, back + 0.42, depth_at_row(camera, 0.0, 0.95 * height_px), 100.0)
    return Room("windowsill", camera, light, (ledge,), background, fixtures)


def _window(view_width: float, back: float, panes: int, paint: Material) -> tuple[Fixture, ...]:
    """Frame, posts and one rail."""
    tall, width = view_width * 0.7, view_width * 1.25
    low = block(width, 0.3, 0.3, 0.05, 0, steps=2).moved(z=back)
    step = width / (panes + 0.35)
    posts = [
        block(0.26, tall, 0.22, 0.05, 0, steps=2).moved(x=(i - (panes - 1) / 2 - 0.5) * step, z=back)
        for i in range(panes + 1)
    ]
    bars = [
        block(0.1, tall, 0.12, 0.03, 0, steps=2).moved(x=(i - (panes - 1) / 2) * step, z=back) for i in range(panes)
    ]
    rail = block(width, 0.12, 0.12, 0.03, 0, steps=2).moved(y=view_width * 0.27, z=back)
    return tuple(Fixture(mesh, (paint,)) for mesh in (rail, *bars, *posts, low))


def _outside(x: Singles, y: Singles, colours: tuple[Rgb, ...], noise: Noise, view_width: float) -> Singles:
    """Sky over three soft rows of hills, out of focus."""
    sky, haze, *hills = colours
    scale = np.float32(10 / view_width)
    x, y = x * scale, y * scale
    picture = blend(haze, sky, smoothstep(1.2, 4.6, y))
    drift = noise.at(x * np.float32(0.3), y * np.float32(0.8)) - 0.5
    cloud = sum(
        noise.at(x * np.float32(0.4 * k) + drift + 11 * k, y * np.float32(1.5 * k) + drift) / np.float32(k)
        for k in (1, 2, 4)
    )
    veil = smoothstep(0.85, 1.35, single(cloud)) * smoothstep(1.4, 3.2, y)
    picture = picture + (rgb((1.0, 1.0, 1.0)) - picture) * (0.5 * veil)[..., None]
    for i, colour in enumerate(hills):
        crest = np.float32(1.75 - 0.5 * i) + np.float32(0.75) * noise.at(
            x * np.float32(0.28 + 0.14 * i) + 17 * i, x * 0 + i
        )
        share = 1 - smoothstep(-0.16, 0.16, y - crest)
        picture = picture + (rgb(colour) - picture) * share[..., None]
    return (picture * np.float32(0.92)).astype(np.float32)
