"""What colour a surface shows under the light of a room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hopchain_core.scenes.exactness import Singles, linear_of_srgb, single, smoothstep
from hopchain_core.scenes.light import Light
from hopchain_core.scenes.palette import Rgb

Texture = NDArray[np.uint8]
"""sRGB picture, uint8, (H, W, 3)."""

LinearTexture = Singles
"""Linear light, float32, (H, W, 3)."""


_SEEN_THROUGH = np.float32(0.42)
"""Share of what lies behind clear glass that shows where one looks straight through it."""


def linear(texture: Texture) -> LinearTexture:
    """The light of an sRGB picture."""
    return single(linear_of_srgb()[texture])


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """How a surface takes light.

    Attributes:
        colour: Of the paint; white where a texture gives it.
        texture: Printed over the surface by its texture coordinates.
        is_fine: Whether the texture has edges, so that every sample of a pixel has to look at it.
        gloss: Strength of highlights: 0 chalk, 1 glaze or glass.
        sharpness: 0 for a blurred highlight, 1 for a mirror image of the window.
        wrap: How far light creeps round an edge: cloth and wax about 0.4, a hard thing 0.1.
        metal: 1 where highlights and reflections take the paint's colour.
        clear: 1 where light goes through, as in coloured glass.
        glow: Light it gives by itself.
    """

    colour: Rgb
    texture: LinearTexture | None = None
    is_fine: bool = True
    gloss: float = 0.25
    sharpness: float = 0.4
    wrap: float = 0.15
    metal: float = 0.0
    clear: float = 0.0
    glow: Rgb = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Surface:
    """Places of a thing that are seen.

    Shapes:
        material: int64, (P,)
        place, normal, view: float32, (P, 3); normal and view have length 1, view points to the camera
        uv: float32, (P, 2)
        openness, lit, sky: float32, (P,); share of the window and of the ceiling seen
        behind: float32, (P, 3), what the picture shows there without the thing
    """

    material: NDArray[np.int64]
    place: Singles
    normal: Singles
    view: Singles
    uv: Singles
    openness: Singles
    lit: Singles
    sky: Singles
    behind: Singles


def sampled(texture: LinearTexture, uv: Singles) -> Singles:
    """Linear light of a texture at texture coordinates, between its pixels, float32, (P, 3)."""
    height, width = texture.shape[:2]
    x = np.clip(uv[:, 0] * width - 0.5, 0, width - 1.001)
    y = np.clip(uv[:, 1] * height - 0.5, 0, height - 1.001)
    column, row = x.astype(np.int64), y.astype(np.int64)
    fx, fy = (x - column)[:, None].astype(np.float32), (y - row)[:, None].astype(np.float32)
    right, below = np.minimum(column + 1, width - 1), np.minimum(row + 1, height - 1)
    light = texture.reshape(-1, 3)
    row *= width
    below *= width
    upper = light[row + column] * (1 - fx) + light[row + right] * fx
    lower = light[below + column] * (1 - fx) + light[below + right] * fx
    return single(upper * (1 - fy) + lower * fy)


def dot(a: Singles, b: Singles | tuple[float, float, float]) -> Singles:
    """Products of vectors along the last axis."""
    if isinstance(b, tuple):
        return single(a[..., 0] * np.float32(b[0]) + a[..., 1] * np.float32(b[1]) + a[..., 2] * np.float32(b[2]))
    return single(a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1] + a[..., 2] * b[..., 2])


def rgb(colour: Rgb) -> Singles:
    """A colour as float32, (3,)."""
    return np.array(colour, dtype=np.float32)


def shade(surface: Surface, materials: Sequence[Material], light: Light, ground_y: float) -> Singles:
    """Linear light that leaves each place towards the camera, float32, (P, 3).

    Args:
        surface: The places.
        materials: Of the thing, by index.
        light: Of the room.
        ground_y: Height of what the thing stands on; light is scarce close to it.
    """
    of = surface.material

    def table(values: Sequence[float]) -> Singles:
        return np.array(values, dtype=np.float32)[of]

    paint = np.array([m.colour for m in materials], dtype=np.float32)[of]
    for i, material in enumerate(materials):
        if material.texture is not None:
            here = np.flatnonzero(of == i)
            paint[here] = sampled(material.texture, surface.uv[here]) * rgb(material.colour)
    wrap, gloss, metal, clear = (table([getattr(m, n) for m in materials]) for n in ("wrap", "gloss", "metal", "clear"))

    normal, place = surface.normal, surface.place
    towards = dot(normal, light.towards)
    key = np.clip((towards + wrap) / (1 + wrap), 0, 1) * surface.lit * (0.35 + 0.65 * surface.openness)
    skyward = 0.5 + 0.5 * normal[:, 1]
    windowward = 0.8 + 0.3 * (normal[:, 0] * np.float32(1 if light.towards[0] > 0 else -1))
    seen = surface.openness * (0.25 + 0.75 * surface.sky)
    low = np.clip(1 - (place[:, 1] - np.float32(ground_y)) * np.float32(1.6), 0, 1)
    grounded = 1 - low * low * (0.55 - 0.45 * skyward)
    above = skyward * windowward * seen * grounded
    below = (1 - skyward) * (0.5 + 0.5 * seen) * grounded
    ambient = rgb(light.sky) * above[:, None] + rgb(light.bounce) * below[:, None]
    facing = np.clip(dot(normal, surface.view), 0, 1)
    through = clear * np.clip(0.25 - towards, 0, 1) * np.float32(0.5) * (0.3 + 0.7 * surface.lit)
    thick = 1 - clear * (1 - facing) * (1 - facing) * np.float32(0.6)
    matte = paint * (rgb(light.key) * (key * thick + through)[:, None] + ambient * thick[:, None])
    if clear.any():
        matte += (clear * _SEEN_THROUGH * facing)[:, None] * (surface.behind * _stained(paint) - matte)
    mirrored = 2 * facing[:, None] * normal - surface.view
    edge = 1 - facing
    fresnel = 0.04 + 0.96 * edge * edge * edge * edge * edge
    window = _window(mirrored, light, table([m.sharpness for m in materials])) * (0.15 + 0.85 * surface.lit)
    up = np.clip(0.5 + 0.5 * mirrored[:, 1], 0, 1)
    room = rgb(light.bounce) * (1 - up)[:, None] + rgb(light.sky) * up[:, None]
    tint = 1 - metal[:, None] * (1 - paint)
    shine = rgb(light.key) * (window * (0.3 + 0.9 * fresnel) * gloss * surface.openness)[:, None] * tint
    mirror = np.maximum(fresnel * 0.5, 0.8 * metal) * gloss * seen * grounded
    glow = np.array([m.glow for m in materials], dtype=np.float32)[of]
    return single(matte * (1 - 0.75 * metal * gloss)[:, None] + shine + room * mirror[:, None] * tint + glow)


def _stained(paint: Singles) -> Singles:
    """What glass of this paint leaves of the light that goes through it: its hue, and less the darker it is."""
    strongest = np.maximum(paint.max(axis=1), np.float32(1e-3))[:, None]
    return single((0.04 + 0.96 * paint / strongest) * (0.55 + 0.45 * strongest))


def _window(mirrored: Singles, light: Light, sharpness: Singles) -> Singles:
    """How much of the window's image falls on each place: two upright panes with a bar between."""
    forward = dot(mirrored, light.towards)
    across, up = np.abs(dot(mirrored, light.across)), np.abs(dot(mirrored, light.upwards))
    blur = 0.36 - 0.31 * sharpness
    size = 0.20
    falloff_x = np.clip((size + blur - across) / (2 * blur), 0, 1)
    falloff_y = np.clip((size * 1.35 + blur - up) / (2 * blur), 0, 1)
    bar = 1 - sharpness * smoothstep(0.05, 0.0, across) * 0.75
    pane = falloff_x * falloff_x * (3 - 2 * falloff_x) * falloff_y * falloff_y * (3 - 2 * falloff_y)
    strength = 0.35 + 0.65 * sharpness
    return np.where(forward > 0, pane * bar * strength, 0).astype(np.float32)
