"""Clocks."""

from __future__ import annotations

import math
from random import Random

import numpy as np
from PIL import Image, ImageDraw

from hopchain_core.domain.instances import AttributeName
from hopchain_core.scenes.exactness import cos, sin
from hopchain_core.scenes.mesh import joined
from hopchain_core.scenes.palette import INK, PAPER
from hopchain_core.scenes.shading import Material, Texture
from hopchain_core.scenes.solids import Turn, arc, block, curve, lathe, line, panel, run_together, tube
from hopchain_core.scenes.things.finishes import WHITE, brass, printed, satin, tint
from hopchain_core.scenes.things.thing import Thing
from hopchain_core.scenes.words import Printer


def clock(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """An alarm clock with two bells, or a square desk clock."""
    return _alarm_clock(rng, colour) if rng.random() < 0.6 else _desk_clock(rng, colour)


def _alarm_clock(rng: Random, colour: str) -> Thing:
    body = tint(colour, rng)
    radius, depth, lift = 0.62, 0.42, 0.72
    rim = run_together(
        line((radius - 0.06, 0.0), (radius, 0.06)),
        line((radius, 0.06), (radius, depth - 0.08), 5),
        arc((radius - 0.08, depth - 0.08), 0.08, 0, 90),
        arc((radius - 0.16, depth - 0.06), 0.06, 90, 180, 5),
    )
    case = (
        lathe(Turn(line((0.0, 0.0), (radius - 0.06, 0.0))), Turn(rim)).pitched(math.pi / 2).moved(y=lift, z=-depth / 2)
    )
    face_radius = radius - 0.2
    dial = panel(2 * face_radius + 0.04, 2 * face_radius + 0.04, 1).moved(
        y=lift - face_radius - 0.02, z=depth / 2 - 0.07
    )
    bell = curve([(0.2, 0.0), (0.19, 0.09), (0.11, 0.17), (0.0, 0.19)], 6)
    bells, feet = [], []
    for side in (-1, 1):
        cup = lathe(Turn(bell, 0), segments=40).rolled(-side * 0.55).moved(x=side * 0.38, y=lift + radius - 0.09)
        stalk = tube(
            np.array([[side * 0.3, lift + 0.48, 0.0], [side * 0.36, lift + 0.56, 0.0], [side * 0.4, lift + 0.62, 0.0]]),
            np.full(3, 0.04),
            2,
        )
        bells += [cup, stalk]
        feet.append(
            tube(
                np.array([[side * 0.36, 0.24, 0.0], [side * 0.42, 0.12, 0.0], [side * 0.47, 0.04, 0.0]]),
                np.full(3, 0.055),
                0,
            )
        )
    loop = curve(
        [
            (-0.2, lift + radius + 0.02),
            (-0.14, lift + radius + 0.2),
            (0.14, lift + radius + 0.2),
            (0.2, lift + radius + 0.02),
        ]
    )
    handle = tube(np.column_stack([loop, np.zeros(len(loop))]), np.full(len(loop), 0.028), 2, segments=12)
    mesh = joined([case, dial, *bells, *feet, handle]).yawed(rng.choice((-1, 1)) * 0.3 * rng.random())
    return Thing(
        "clock", colour, mesh, (satin(body), _dial(rng, body, is_round=True), brass()), {AttributeName.SHAPE: "round"}
    )


def _desk_clock(rng: Random, colour: str) -> Thing:
    body = tint(colour, rng)
    size, depth = 1.3, 0.4
    case = block(size, size, depth, 0.16).moved(y=0.06)
    ring = arc((0.44, 0.0), 0.035, -90, 270, 13)
    bezel = lathe(Turn(ring, 2)).pitched(math.pi / 2).moved(y=0.06 + size / 2, z=depth / 2)
    dial = panel(0.88, 0.88, 1).moved(y=0.06 + size / 2 - 0.44, z=depth / 2 + 0.006)
    feet = [block(0.16, 0.1, 0.3, 0.03, 2, steps=2).moved(x=x) for x in (-0.42, 0.42)]
    mesh = joined([case, bezel, dial, *feet]).yawed(rng.choice((-1, 1)) * 0.3 * rng.random())
    return Thing(
        "clock", colour, mesh, (satin(body), _dial(rng, body, is_round=False), brass()), {AttributeName.SHAPE: "square"}
    )


def _dial(rng: Random, body: tuple[float, float, float], *, is_round: bool) -> Material:
    """Strokes for the hours and two hands."""
    size = 320
    from hopchain_core.scenes.palette import to_hex

    picture = Image.new("RGB", (size, size), to_hex(body))
    draw = ImageDraw.Draw(picture)
    middle = size / 2
    reach = middle - 2
    draw.ellipse((middle - reach, middle - reach, middle + reach, middle + reach), fill=PAPER)
    for hour in range(12):
        a = hour * math.pi / 6
        inner = 0.78 if hour % 3 else 0.7
        ends = [(middle + k * reach * sin(a), middle - k * reach * cos(a)) for k in (inner, 0.9)]
        draw.line(ends, fill=INK, width=9 if hour % 3 == 0 else 5)
    hour, minute = rng.randrange(12), rng.choice((0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55))
    for angle, length, width in (((hour + minute / 60) * math.pi / 6, 0.46, 15), (minute * math.pi / 30, 0.7, 10)):
        tip = (middle + length * reach * sin(angle), middle - length * reach * cos(angle))
        tail = (middle - 0.12 * reach * sin(angle), middle + 0.12 * reach * cos(angle))
        draw.line([tail, tip], fill=INK, width=width)
        draw.ellipse((tip[0] - width / 2, tip[1] - width / 2, tip[0] + width / 2, tip[1] + width / 2), fill=INK)
    draw.ellipse((middle - 13, middle - 13, middle + 13, middle + 13), fill=INK)
    texture: Texture = np.asarray(picture)
    return printed(texture, Material(WHITE, gloss=0.35, sharpness=0.8))
