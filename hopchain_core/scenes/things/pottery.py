"""Mugs, bowls, vases and teapots."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from hopchain_core.domain.instances import AttributeName
from hopchain_core.scenes.exactness import circle
from hopchain_core.scenes.lettering import banded, dotted, lettered
from hopchain_core.scenes.mesh import Mesh, joined
from hopchain_core.scenes.palette import Rgb, ink_on
from hopchain_core.scenes.solids import Turn, arc, curve, lathe, line, printed_curve, run_together, tube
from hopchain_core.scenes.things.finishes import accent, darker, glaze, lighter, matte, printed, tint
from hopchain_core.scenes.things.thing import Area, Thing
from hopchain_core.scenes.words import Printer

_LABEL_SWEEP_RAD = 1.35


def mug(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """A mug with one handle: straight, round, banded or enamelled; a straight one may bear a number."""
    found = printer.any(0.52, 0.36, word_share=0.0) if printer else None
    look = "straight" if found else rng.choice(("straight", "round", "enamel", "banded"))
    body = tint(colour, rng)
    radius, height = 0.42, 0.92 if look != "round" else 0.84
    if look == "round":
        wall = curve([(0.24, 0.0), (0.40, 0.16), (0.47, 0.42), (0.44, 0.66), (0.41, height - 0.03)])
    else:
        side = line((radius, 0.07), (radius + 0.015, height - 0.03), 9)
        wall = run_together(arc((radius - 0.07, 0.07), 0.07, -80, 0), side)
    mouth = float(wall[-1, 0])
    inside = curve([(mouth - 0.06, height - 0.03), (mouth - 0.07, height * 0.5), (mouth - 0.1, 0.14), (0.0, 0.1)])
    rim = 2 if look == "enamel" else 0
    form = lathe(
        Turn(line((0.0, 0.0), (float(wall[0, 0]), 0.0))),
        Turn(wall, 1),
        Turn(arc((mouth - 0.03, height - 0.03), 0.03, 0, 180), rim),
        Turn(inside, 3, (0.85, 0.28)),
    )
    side_sign = rng.choice((-1, 1))
    turn = side_sign * (0.2 + 0.45 * rng.random())
    parts = [form, _handle(radius, height).painted(rim).yawed(turn if side_sign > 0 else math.pi + turn)]
    facts: dict[AttributeName, str] = {}
    shell = glaze(body)
    if look == "banded":
        stripe = accent(colour)
        shell = printed(banded(body, [(0.3, 0.38, stripe), (0.43, 0.47, stripe)]), shell)
        facts[AttributeName.PATTERN] = "striped"
    trim: Rgb = (0.03, 0.04, 0.09) if colour != "black" else (0.75, 0.74, 0.7)
    materials = [glaze(body), shell, glaze(trim), glaze(body if colour == "black" else lighter(body, 0.06))]
    area = None
    if found:
        text, cap = found
        cap = min(0.3, cap)
        low, high, around = 0.25, 0.73, radius + 0.014
        texture = lettered(
            _LABEL_SWEEP_RAD * around, high - low, text.text, ground=body, ink=ink_on(body), cap_height=cap
        )
        parts.append(printed_curve(around, low, high, _LABEL_SWEEP_RAD, len(materials)))
        materials.append(printed(texture, glaze(body)))
        area = Area.curved(around, low, high, _LABEL_SWEEP_RAD, cap)
        facts |= text.facts
    return Thing("mug", colour, joined(parts), tuple(materials), facts, area)


def _handle(radius: float, height: float) -> Mesh:
    c, s = circle(17, math.radians(-100), math.radians(200))
    path = np.column_stack([radius - 0.01 + 0.27 * c, height * 0.5 + 0.3 * s, np.zeros(17)])
    path[0, 0] = path[-1, 0] = radius - 0.02
    return tube(path, np.full(17, 0.06), flatness=1.35, closed_ends=False)


_BOWLS: dict[str, tuple[list[tuple[float, float]], float]] = {
    "wide": ([(0.28, 0.0), (0.28, 0.05), (0.56, 0.2), (0.77, 0.46)], 0.09),
    "deep": ([(0.28, 0.0), (0.29, 0.06), (0.58, 0.24), (0.70, 0.52), (0.72, 0.66)], 0.11),
    "footed": ([(0.36, 0.0), (0.25, 0.12), (0.24, 0.2), (0.58, 0.36), (0.76, 0.68)], 0.3),
}


def bowl(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """An empty bowl: wide, deep or on a foot."""
    outline, floor = _BOWLS[rng.choice(tuple(_BOWLS))]
    body = tint(colour, rng)
    wall = curve(outline, 9)
    mouth, top = float(wall[-1, 0]), float(wall[-1, 1])
    middle = (mouth * 0.72, (top + floor) * 0.46)
    inside = curve([(mouth - 0.05, top), middle, (mouth * 0.36, floor + 0.02), (0.0, floor)], 8)
    is_banded = rng.random() < 0.4
    shell = printed(banded(body, [(0.12, 0.24, accent(colour))]), glaze(body)) if is_banded else glaze(body)
    form = lathe(
        Turn(line((0.0, 0.0), outline[0])),
        Turn(wall, 1),
        Turn(arc((mouth - 0.025, top), 0.025, -10, 180)),
        Turn(inside, 2, (0.9, 0.5)),
    )
    facts = {AttributeName.PATTERN: "striped"} if is_banded else {}
    return Thing("bowl", colour, form, (glaze(body), shell, glaze(lighter(body, 0.02))), facts)


_VASES: dict[str, list[tuple[float, float]]] = {
    "amphora": [(0.26, 0.0), (0.34, 0.2), (0.56, 0.8), (0.55, 1.15), (0.3, 1.5), (0.2, 1.72), (0.32, 2.02)],
    "round": [(0.3, 0.0), (0.52, 0.2), (0.68, 0.62), (0.52, 1.06), (0.24, 1.24), (0.2, 1.36), (0.34, 1.58)],
    "tulip": [(0.34, 0.0), (0.27, 0.14), (0.3, 0.5), (0.46, 1.05), (0.5, 1.4), (0.38, 1.72), (0.5, 2.05)],
}


def vase(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """An empty vase with a flared mouth: plain, banded or dotted."""
    outline = _VASES[rng.choice(tuple(_VASES))]
    body, second = tint(colour, rng), accent(colour)
    wall = curve(outline, 8)
    mouth, top = float(wall[-1, 0]), float(wall[-1, 1])
    neck = float(wall[int(len(wall) * 0.82), 0])
    inside = curve([(mouth - 0.044, top), (neck - 0.04, top - 0.25), (neck - 0.05, top - 0.5), (0.0, top - 0.6)])
    finish = rng.choice((glaze, matte))(body)
    style = rng.choice(("plain", "plain", "striped", "dotted"))
    shell = finish
    if style == "striped":
        shell = printed(banded(body, [(0.42, 0.455, second), (0.48, 0.56, second), (0.585, 0.62, second)]), finish)
    elif style == "dotted":
        shell = printed(dotted(body, second, columns=14, rows=9, aspect=1.5, radius=0.17), finish)
    facts = {} if style == "plain" else {AttributeName.PATTERN: style}
    lip = arc((mouth - 0.022, top), 0.022, -20, 180)
    form = lathe(Turn(line((0.0, 0.0), outline[0])), Turn(wall, 1), Turn(lip), Turn(inside, 0, (0.7, 0.12)))
    return Thing("vase", colour, form, (finish, shell), facts)


_TEAPOTS: dict[str, list[tuple[float, float]]] = {
    "round": [(0.36, 0.0), (0.56, 0.16), (0.68, 0.48), (0.56, 0.82), (0.34, 0.96)],
    "tall": [(0.52, 0.0), (0.58, 0.14), (0.52, 0.62), (0.44, 1.02), (0.36, 1.16)],
}


def teapot(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """A teapot with spout, handle and lid: round or tall."""
    look = rng.choice(tuple(_TEAPOTS))
    body = tint(colour, rng)
    wall = curve(_TEAPOTS[look])
    top, mouth, belly = float(wall[-1, 1]), float(wall[-1, 0]), float(wall[:, 0].max())
    lid = curve([(mouth + 0.03, top), (mouth * 0.86, top + 0.09), (0.12, top + 0.16), (0.07, top + 0.2)])
    knob = curve([(0.06, top + 0.18), (0.12, top + 0.26), (0.1, top + 0.36), (0.0, top + 0.4)])
    form = lathe(Turn(line((0.0, 0.0), (float(wall[0, 0]), 0.0))), Turn(wall), Turn(lid), Turn(knob, 1))
    reach = curve([(belly - 0.12, 0.34), (belly + 0.2, 0.44), (belly + 0.24, 0.66), (belly + 0.42, top - 0.04)])
    share = np.arange(len(reach)) / (len(reach) - 1)
    width = np.interp(share, [0, 0.5, 1], [0.2, 0.12, 0.075])
    spout = tube(np.column_stack([reach, np.zeros(len(reach))]), width, segments=24)
    grip_path = curve(
        [(-belly + 0.16, top - 0.1), (-belly - 0.24, top - 0.04), (-belly - 0.38, 0.52), (-belly + 0.06, 0.26)]
    )
    grip = tube(np.column_stack([grip_path, np.zeros(len(grip_path))]), np.full(len(grip_path), 0.065))
    turn = rng.choice((0.0, math.pi)) + (rng.random() - 0.5) * 0.7
    return Thing("teapot", colour, joined([form, spout, grip]).yawed(turn), (glaze(body), glaze(darker(body, 0.3))))
