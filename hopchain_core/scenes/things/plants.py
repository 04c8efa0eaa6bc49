"""Potted plants."""

from __future__ import annotations

from random import Random

import numpy as np

from hopchain_core.scenes.exactness import hex_to_linear
from hopchain_core.scenes.mesh import Mesh, joined
from hopchain_core.scenes.palette import Rgb, mixed, paint, to_bytes
from hopchain_core.scenes.shading import Material, Texture
from hopchain_core.scenes.solids import Turn, arc, curve, lathe, leaf, line, tube
from hopchain_core.scenes.things.finishes import WHITE, matte, printed
from hopchain_core.scenes.things.thing import Thing
from hopchain_core.scenes.words import Printer

_POTS = ("#b5603c", "#e9e3d6", "#8b8e94", "#3b4148", "#c9a47a")
_POT_SCALE = 0.8
"""Small enough that a plant is green and not the colour of its pot."""
_SOIL = hex_to_linear("#3a2a1e")


def plant(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """A plant in a pot: broad leaves, upright blades or an arching tuft."""
    look = rng.choice(("broad", "blades", "tuft"))
    pot, rim = _pot()
    green = mixed(paint(colour), hex_to_linear("#86b04a"), 0.35 * rng.random())
    grow = {"broad": _broad, "blades": _blades, "tuft": _tuft}[look]
    foliage = joined(grow(rng)).scaled(1.12).moved(y=rim)
    clay = hex_to_linear(rng.choice(_POTS))
    leaves = printed(_veined(green, look), Material(WHITE, gloss=0.35, sharpness=0.35, wrap=0.45))
    stem = matte(mixed(green, _SOIL, 0.35))
    return Thing("plant", colour, joined([pot, foliage]), (matte(clay), matte(_SOIL), leaves, stem))


def _pot() -> tuple[Mesh, float]:
    wall = line((0.27, 0.0), (0.38, 0.5), 7)
    band = np.concatenate([line((0.42, 0.48), (0.43, 0.6), 3), arc((0.41, 0.61), 0.02, 0, 90, 4)])
    lip = line((0.41, 0.63), (0.37, 0.63))
    inside = line((0.37, 0.63), (0.36, 0.56))
    soil = line((0.36, 0.57), (0.0, 0.6), 4)
    turns = [line((0.0, 0.0), (0.27, 0.0)), wall, line((0.38, 0.49), (0.42, 0.48)), band, lip]
    pot = lathe(*(Turn(t) for t in turns), Turn(inside, 0, (0.8, 0.5)), Turn(soil, 1, (0.55, 0.55)))
    return pot.scaled(_POT_SCALE), 0.57 * _POT_SCALE


def _broad(rng: Random) -> list[Mesh]:
    parts: list[Mesh] = []
    count = rng.randint(9, 12)
    for i in range(count):
        t = i / (count - 1)
        yaw = i * 2.399963 + 0.4 * (rng.random() - 0.5)
        height = 0.22 + 0.85 * t
        reach = 0.2 * (1 - 0.6 * t)
        stalk = curve([(0.0, 0.0), (0.3 * reach, 0.6 * height), (reach, height)], 5)
        path = np.column_stack([np.zeros(len(stalk)), stalk[:, 1], stalk[:, 0]])
        parts.append(
            tube(path, np.full(len(path), 0.022), 3, segments=8, up=(1.0, 0.0, 0.0), closed_ends=False).yawed(yaw)
        )
        blade = leaf(0.62 - 0.12 * t + 0.1 * rng.random(), 0.36, rise_deg=28 + 42 * t, droop=1.0, material=2)
        parts.append(blade.moved(y=height, z=reach).yawed(yaw))
    return parts


def _blades(rng: Random) -> list[Mesh]:
    parts = []
    count = rng.randint(7, 10)
    for i in range(count):
        yaw = i * 2.399963
        length = 0.95 + 0.55 * rng.random()
        blade = leaf(
            length, 0.2 + 0.05 * rng.random(), rise_deg=76 + 10 * rng.random(), droop=0.18, fold=0.5, material=2
        )
        parts.append(blade.moved(z=0.06 + 0.12 * rng.random()).yawed(yaw))
    return parts


def _tuft(rng: Random) -> list[Mesh]:
    parts = []
    count = rng.randint(22, 28)
    for i in range(count):
        t = i / (count - 1)
        yaw = i * 2.399963 + 0.3 * (rng.random() - 0.5)
        blade = leaf(
            0.75 + 0.3 * rng.random(), 0.13, rise_deg=40 + 46 * t, droop=1.2 + 0.5 * rng.random(), fold=0.4, material=2
        )
        parts.append(blade.moved(z=0.04).yawed(yaw))
    return parts


def _veined(green: Rgb, look: str) -> Texture:
    """A paler rib, faint side veins, and a yellow margin on upright blades."""
    height, width = 96, 48
    x = np.abs(np.arange(width) / (width - 1) * 2 - 1)[None, :]
    y = np.arange(height)[:, None] / (height - 1)
    rib = np.clip(1 - x / 0.09, 0, 1)
    vein = np.clip(1 - np.abs((y * 9 + x * 1.6) % 1 - 0.5) / 0.12, 0, 1) * 0.35 * (look == "broad")
    edge = np.clip((x - 0.72) / 0.12, 0, 1) * (0.55 if look == "blades" else 0.12)
    base, pale = (np.array(to_bytes(c), dtype=np.float64) for c in (green, mixed(green, hex_to_linear("#e8e59a"), 0.5)))
    share = np.clip(0.5 * rib + vein + edge + 0.15 * y * 0, 0, 1)[..., None]
    return np.rint(base * (1 - share) + pale * share).astype(np.uint8)
