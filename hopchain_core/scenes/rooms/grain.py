"""Smooth noise and the patterns of boards, cloth and walls, as functions of places in a room."""

from __future__ import annotations

import numpy as np

from hopchain_core.scenes.exactness import Singles, single, smoothstep
from hopchain_core.scenes.palette import Rgb
from hopchain_core.scenes.shading import rgb

_SIZE = 128


class Noise:
    """Smooth noise over the plane, the same for the same seed; it repeats far out."""

    def __init__(self, seed: int) -> None:
        self._values = np.random.Generator(np.random.PCG64(seed)).random((_SIZE, _SIZE)).astype(np.float32)

    def at(self, x: Singles, y: Singles) -> Singles:
        """Values in [0, 1] that change over a distance of about 1."""
        column, row = np.floor(x), np.floor(y)
        fx, fy = x - column, y - row
        fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)
        c0, r0 = column.astype(np.int32) & (_SIZE - 1), row.astype(np.int32) & (_SIZE - 1)
        c1, r1 = (c0 + 1) & (_SIZE - 1), (r0 + 1) & (_SIZE - 1)
        flat = self._values.ravel()
        r0 *= _SIZE
        r1 *= _SIZE
        upper = flat[r0 + c0] * (1 - fx) + flat[r0 + c1] * fx
        lower = flat[r1 + c0] * (1 - fx) + flat[r1 + c1] * fx
        return (upper * (1 - fy) + lower * fy).astype(np.float32)

    def table(self, index: Singles) -> Singles:
        """One value in [0, 1] for each whole number."""
        return self._values.ravel()[index.astype(np.int64) * 37 % (_SIZE * _SIZE)]


def blend(a: Rgb, b: Rgb, share_of_b: Singles) -> Singles:
    """Two colours mixed place by place, float32, (..., 3)."""
    low, high = rgb(a), rgb(b)
    return low + (high - low) * share_of_b[..., None]


def wave(x: Singles) -> Singles:
    """A smooth wave of period 1 between 0 and 1."""
    t = np.abs((x - np.floor(x)) * 2 - 1)
    return single(t * t * (3 - 2 * t))


def groove(x: Singles, width: float, blur: float) -> Singles:
    """1 on a line of this width at every whole number, 0 beside it; `blur` softens its edges."""
    away = np.abs(x - np.rint(x))
    return 1 - smoothstep(width / 2 - blur, width / 2 + blur, away)


def boards(
    along: Singles, across: Singles, light: Rgb, dark: Rgb, *, width: float, noise: Noise, gaps: float = 1.0
) -> Singles:
    """Planed boards laid side by side.

    Args:
        along: Places along the boards, units.
        across: Places across them, units.
        light: The wood's ground.
        dark: Its grain.
        width: Of a board, units.
        noise: Which wood it is.
        gaps: Darkness of the lines between boards; 0 for one broad board.
    """
    index = np.floor(across / np.float32(width)) if gaps else np.zeros_like(across)
    tone = noise.table(index + 7)
    shifted = along + noise.table(index + 91) * np.float32(40)
    wander = noise.at(shifted * np.float32(0.22), across * np.float32(1.3) + index * np.float32(3.7))
    rings = wave(across * np.float32(2.1) + wander * np.float32(3.4) + tone * 5)
    fibre = noise.at(shifted * np.float32(1.1), across * np.float32(22))
    share = 0.18 + 0.30 * rings * rings + 0.26 * (fibre - 0.5) + 0.30 * (tone - 0.5) * (1 if gaps else 0.2)
    colour = blend(light, dark, np.clip(share, 0, 1))
    if gaps:
        seam = groove(across / np.float32(width), 0.020, 0.014)
        colour *= (1 - 0.55 * np.float32(gaps) * seam)[..., None]
    return colour


def weave(x: Singles, z: Singles, ground: Rgb, second: Rgb, *, style: str, noise: Noise) -> Singles:
    """A tablecloth: plain, striped along the table's depth, or checked."""
    share = np.zeros_like(x)
    if style == "striped":
        share = 0.85 * (1 - smoothstep(0.10, 0.125, np.abs(wave_place(x, 1.5))))
    elif style == "checked":
        a = 1 - smoothstep(0.24, 0.26, np.abs(wave_place(x, 1.1)))
        b = 1 - smoothstep(0.24, 0.27, np.abs(wave_place(z, 1.1)))
        share = 0.34 * (a + b)
    thread = noise.at(x * np.float32(26), z * np.float32(20)) - 0.5
    fold = noise.at(x * np.float32(0.45), z * np.float32(0.35)) - 0.5
    return blend(ground, second, share) * (1 + 0.05 * thread + 0.07 * fold)[..., None]


def wave_place(x: Singles, period: float) -> Singles:
    """Where a place lies within its period: from -0.5 to 0.5."""
    t = x / np.float32(period)
    return single(t - np.rint(t))


def stone(x: Singles, z: Singles, ground: Rgb, vein: Rgb, noise: Noise) -> Singles:
    """Pale stone with soft veins and fine specks."""
    bend = noise.at(x * np.float32(0.5), z * np.float32(0.5))
    line = np.abs(noise.at(x * np.float32(0.55) + bend * 2, z * np.float32(0.8) + bend * 3) - 0.5)
    veins = 1 - smoothstep(0.0, 0.07, line)
    cloud = noise.at(x * np.float32(1.2) + 5, z * np.float32(1.2))
    speck = noise.at(x * np.float32(17), z * np.float32(15))
    return blend(ground, vein, np.clip(0.42 * veins * cloud + 0.22 * (cloud - 0.4) + 0.10 * (speck - 0.5), 0, 1))


def wall(x: Singles, y: Singles, paint: Rgb, second: Rgb, *, style: str, noise: Noise) -> Singles:
    """A wall: plain plaster, a darker lower half, upright stripes, tongued boards, or tiles."""
    plaster = (
        1
        + 0.035 * (noise.at(x * np.float32(0.9), y * np.float32(0.9)) - 0.5)
        + 0.02 * (noise.at(x * np.float32(9), y * np.float32(9)) - 0.5)
    )
    share, depth = np.zeros_like(x), np.ones_like(x)
    if style == "dado":
        share = 1 - smoothstep(2.195, 2.215, y)
        depth = 1 - 0.22 * (smoothstep(2.20, 2.22, y) - smoothstep(2.22, 2.34, y))
    elif style == "striped":
        share = 0.45 * (1 - smoothstep(0.24, 0.26, np.abs(wave_place(x, 1.25))))
    elif style == "boarded":
        place = wave_place(x, 0.82)
        depth = 1 - 0.20 * (1 - smoothstep(0.008, 0.03, np.abs(np.abs(place) - 0.5))) + 0.03 * place
    elif style == "tiled":
        row = np.floor(y / np.float32(0.62))
        shift = x + (row - 2 * np.floor(row / 2)) * np.float32(0.62)
        joint = np.maximum(groove(shift / np.float32(1.24), 0.022, 0.009), groove(y / np.float32(0.62), 0.044, 0.018))
        tone = noise.table(np.floor(shift / np.float32(1.24)) + row * 53 + 4000)
        share, depth = single(0.75 * joint), single(1 + 0.05 * (tone - 0.5) - 0.05 * joint)
    return blend(paint, second, share) * (plaster * depth)[..., None]
