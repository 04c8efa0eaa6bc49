"""Balls, dice and toy cars."""

from __future__ import annotations

import math
from random import Random

import numpy as np
from PIL import Image, ImageDraw

from hopchain_core.domain.instances import AttributeName
from hopchain_core.scenes.exactness import hex_to_linear
from hopchain_core.scenes.lettering import banded
from hopchain_core.scenes.mesh import Mesh, joined
from hopchain_core.scenes.palette import INK, Rgb, ink_on, mixed, to_hex
from hopchain_core.scenes.shading import Material, Texture
from hopchain_core.scenes.solids import Turn, arc, ball, block, lathe, line, panel
from hopchain_core.scenes.things.finishes import WHITE, accent, printed, satin, steel, tint
from hopchain_core.scenes.things.thing import Thing
from hopchain_core.scenes.words import Printer


def toy_ball(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """A rubber ball: plain with a seam, with one band, or with two thin ones; an orange one is never plain."""
    look = rng.choice(("banded", "ringed") if colour == "orange" else ("plain", "banded", "ringed"))
    body, stripe = tint(colour, rng), accent(colour)
    radius = 0.36 + 0.14 * rng.random()
    rubber = Material(body, gloss=0.6, sharpness=0.6, wrap=0.2)
    facts: dict[AttributeName, str] = {AttributeName.SHAPE: "round"}
    if look == "plain":
        groove = mixed(body, (0.0, 0.0, 0.0), 0.35)
        texture = banded(body, [(0.494, 0.506, groove)])
    elif look == "banded":
        texture = banded(body, [(0.43, 0.57, stripe)])
        facts[AttributeName.PATTERN] = "striped"
    else:
        texture = banded(body, [(0.36, 0.41, stripe), (0.59, 0.64, stripe)])
        facts[AttributeName.PATTERN] = "striped"
    tilt = 0.35 + 0.5 * rng.random()
    mesh = ball(radius).rolled(rng.choice((-1, 1)) * tilt).pitched(0.3 * rng.random()).moved(y=radius)
    skin = printed(texture, Material(WHITE, gloss=rubber.gloss, sharpness=rubber.sharpness, wrap=rubber.wrap))
    return Thing("ball", colour, mesh, (skin,), facts)


_PIPS: dict[int, list[tuple[float, float]]] = {
    1: [(0.5, 0.5)],
    2: [(0.27, 0.27), (0.73, 0.73)],
    3: [(0.25, 0.25), (0.5, 0.5), (0.75, 0.75)],
    4: [(0.27, 0.27), (0.73, 0.27), (0.27, 0.73), (0.73, 0.73)],
    5: [(0.26, 0.26), (0.74, 0.26), (0.5, 0.5), (0.26, 0.74), (0.74, 0.74)],
    6: [(0.28, 0.24), (0.28, 0.5), (0.28, 0.76), (0.72, 0.24), (0.72, 0.5), (0.72, 0.76)],
}


def die(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """A large die. Every side in sight shows the same pips, so that its number is never in doubt."""
    pips = rng.randint(1, 6)
    size = 0.66
    body = tint(colour, rng)
    texture = _pips(pips, body, ink_on(body))
    form = block(size, size, size, 0.11, 0)
    flat = size - 0.2
    front = panel(flat, flat, 1).moved(y=0.1, z=size / 2 + 0.004)
    faces = [form, front, front.moved(y=-size / 2).pitched(-math.pi / 2).moved(y=size / 2)]
    faces += [front.yawed(math.pi / 2), front.yawed(-math.pi / 2)]
    face = printed(texture, Material(WHITE, gloss=0.45, sharpness=0.5))
    yaw = rng.choice((-1, 1)) * (0.25 + 0.3 * rng.random())
    facts = {AttributeName.NUMBER: str(pips), AttributeName.SHAPE: "cube"}
    return Thing("die", colour, joined(faces).yawed(yaw), (satin(body), face), facts)


def _pips(count: int, ground: Rgb, ink: Rgb) -> Texture:
    size = 200
    picture = Image.new("RGB", (size, size), to_hex(ground))
    draw = ImageDraw.Draw(picture)
    for x, y in _PIPS[count]:
        r = 0.115 * size
        draw.ellipse((x * size - r, y * size - r, x * size + r, y * size + r), fill=to_hex(ink))
    return np.asarray(picture)


def toy_car(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """A wooden toy car seen from its side: a saloon, a van or a pick-up."""
    look = rng.choice(("saloon", "van", "pick-up"))
    body = tint(colour, rng)
    length, width = 1.55, 0.66
    low = block(length, 0.36, width, 0.13).moved(y=0.16)
    window: list[Mesh] = []
    if look == "saloon":
        cabin = block(0.84, 0.34, width - 0.08, 0.13).moved(x=-0.08, y=0.44)
        window = [_window(0.3, 0.19, width - 0.08).moved(x=x, y=0.54) for x in (-0.26, 0.1)]
        screens = block(0.86, 0.18, width - 0.3, 0.05, 1, steps=3).moved(x=-0.08, y=0.545)
    elif look == "van":
        cabin = block(length - 0.14, 0.46, width - 0.02, 0.12).moved(x=-0.05, y=0.4)
        window = [_window(0.28, 0.22, width - 0.02).moved(x=x, y=0.57) for x in (-0.44, -0.05, 0.34)]
        screens = block(length - 0.12, 0.22, width - 0.24, 0.05, 1, steps=3).moved(x=-0.05, y=0.57)
    else:
        cabin = block(0.6, 0.42, width - 0.06, 0.12).moved(x=0.2, y=0.42)
        rail = block(0.7, 0.16, width, 0.05).moved(x=-0.42, y=0.44)
        cabin = joined([cabin, rail])
        window = [_window(0.34, 0.22, width - 0.06).moved(x=0.2, y=0.55)]
        screens = block(0.62, 0.21, width - 0.28, 0.05, 1, steps=3).moved(x=0.2, y=0.55)
    wheels = [
        _wheel().pitched(side * math.pi / 2).moved(x=x, y=0.2, z=side * (width / 2 - 0.02))
        for x in (-0.46, 0.46)
        for side in (-1, 1)
    ]
    lamp = ball(0.06, 3, segments=16).stretched(x=0.6)
    lamps = [lamp.moved(x=length / 2 - 0.01, y=0.36, z=z) for z in (-0.2, 0.2)]
    yaw = rng.choice((0.0, math.pi)) + rng.choice((-1, 1)) * (0.15 + 0.35 * rng.random())
    glass = Material(hex_to_linear("#33404d"), gloss=0.9, sharpness=0.6)
    tyre = Material(hex_to_linear(INK), gloss=0.1)
    lamp_glass = Material(hex_to_linear("#f6edd2"), gloss=0.8, sharpness=0.6)
    mesh = joined([low, cabin, screens, *window, *wheels, *lamps]).yawed(yaw)
    return Thing("toy car", colour, mesh, (satin(body), glass, tyre, lamp_glass, steel()))


def _window(width: float, height: float, depth: float) -> Mesh:
    return block(width, height, depth + 0.02, 0.05, 1, steps=3)


def _wheel() -> Mesh:
    """A wheel lying flat, hub up, its middle at the origin."""
    tyre = Turn(np.concatenate([arc((0.14, -0.02), 0.06, -90, 0, 5), arc((0.14, 0.02), 0.06, 0, 90, 5)]), 2)
    hub = Turn(line((0.14, 0.075), (0.0, 0.085), 3), 2)
    cap = Turn(arc((0.0, 0.03), 0.075, 10, 90, 6), 4)
    return lathe(tyre, hub, cap, segments=32)
