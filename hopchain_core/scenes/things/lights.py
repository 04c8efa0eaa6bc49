"""Lamps and candles."""

from __future__ import annotations

from random import Random

import numpy as np

from hopchain_core.domain.instances import AttributeName
from hopchain_core.scenes.exactness import hex_to_linear
from hopchain_core.scenes.mesh import joined
from hopchain_core.scenes.palette import Rgb, mixed
from hopchain_core.scenes.shading import Material
from hopchain_core.scenes.solids import Turn, arc, curve, lathe, line, run_together, tube
from hopchain_core.scenes.things.finishes import WHITE, brass, cloth, glaze, lighter, matte, satin, tint
from hopchain_core.scenes.things.thing import Thing
from hopchain_core.scenes.words import Printer

_DARK: Rgb = (0.0, 0.0, 0.0)


def lamp(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """A table lamp with a cloth shade, or a desk lamp with a dome."""
    return _shade_lamp(rng, colour) if rng.random() < 0.6 else _desk_lamp(rng, colour)


def _shade_lamp(rng: Random, colour: str) -> Thing:
    body = tint(colour, rng)
    foot = rng.choice(
        (
            [(0.34, 0.0), (0.36, 0.06), (0.42, 0.36), (0.34, 0.72), (0.14, 0.92), (0.1, 1.02)],
            [(0.4, 0.0), (0.38, 0.08), (0.16, 0.16), (0.12, 0.4), (0.2, 0.62), (0.1, 0.9), (0.1, 1.02)],
        )
    )
    base = Turn(curve(foot, 7), 0)
    stem = Turn(line((0.05, 1.0), (0.05, 1.35), 2), 2)
    top, low, rim, head = 2.05, 1.15, 0.72, rng.choice((0.4, 0.52))
    shade = Turn(run_together(line((rim, low), (head, top), 9)), 1)
    edge = Turn(line((rim - 0.03, low), (rim, low), 2), 1)
    inside = Turn(line((head - 0.03, top), (rim - 0.03, low), 5), 3, (0.4, 0.7))
    lid = Turn(line((head, top), (head - 0.04, top), 2), 1)
    mesh = lathe(Turn(line((0.0, 0.0), foot[0])), base, stem, inside, edge, shade, lid)
    lining = Material(mixed(body, WHITE, 0.3), gloss=0.0, wrap=0.4)
    return Thing("lamp", colour, mesh, (glaze(body), cloth(body), brass(), lining))


def _desk_lamp(rng: Random, colour: str) -> Thing:
    body = tint(colour, rng)
    base = lathe(
        Turn(
            run_together(
                line((0.46, 0.0), (0.46, 0.06)), arc((0.42, 0.06), 0.04, 0, 90), line((0.42, 0.1), (0.0, 0.12), 4)
            )
        ),
    )
    side = rng.choice((-1, 1))
    lower = np.array([[0.0, 0.1, 0.0], [-0.24, 0.62, 0.0], [-0.42, 1.1, 0.0]])
    upper = np.array([[-0.42, 1.1, 0.0], [-0.12, 1.46, 0.0], [0.26, 1.74, 0.0]])
    bar = np.full(3, 0.045)
    arms = [tube(lower, bar, 1, up=(0.0, 0.0, 1.0)), tube(upper, bar, 1, up=(0.0, 0.0, 1.0))]
    joint = lathe(Turn(arc((0.0, 0.0), 0.085, -90, 90, 13), 1), segments=24).moved(-0.42, 1.1)
    dome = curve([(0.47, -0.34), (0.43, -0.08), (0.3, 0.12), (0.12, 0.2), (0.11, 0.32), (0.0, 0.34)], 7)
    lining = curve([(0.0, 0.16), (0.28, 0.08), (0.41, -0.1), (0.45, -0.34)], 6)
    head = lathe(Turn(dome), Turn(lining, 2, (0.5, 0.8)), Turn(line((0.45, -0.34), (0.47, -0.34)), 0))
    head = head.rolled(0.45).moved(0.36, 1.72)
    mesh = joined([base, *arms, joint, head])
    if side < 0:
        mesh = mesh.yawed(np.pi)
    mesh = mesh.yawed(side * 0.5 * rng.random())
    return Thing(
        "lamp", colour, mesh, (satin(body), satin(mixed(body, (0.0, 0.0, 0.0), 0.25)), matte(mixed(body, WHITE, 0.5)))
    )


def candle(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """A thick candle, or a slim one in a low brass holder; lit or not."""
    look = rng.choice(("thick", "slim"))
    is_lit = rng.random() < 0.5
    body = tint(colour, rng)
    wax = Material(body, gloss=0.3, sharpness=0.35, wrap=0.45, glow=mixed(_DARK, body, 0.03 if is_lit else 0.0))
    radius, base, height = (
        (0.33, 0.0, 0.8 + 0.5 * rng.random()) if look == "thick" else (0.16, 0.12, 1.3 + 0.35 * rng.random())
    )
    top = base + height
    wall = run_together(line((radius, base), (radius, top - 0.05), 9), arc((radius - 0.05, top - 0.05), 0.05, 0, 90))
    pool = curve([(radius - 0.05, top), (radius - 0.1, top - 0.04), (0.0, top - 0.06)], 4)
    warm = lighter(body, 0.25)
    glow = (0.35 * warm[0], 0.26 * warm[1], 0.16 * warm[2]) if is_lit else _DARK
    melt = Material(warm, gloss=0.6, sharpness=0.6, wrap=0.45, glow=glow)
    parts = [lathe(Turn(wall), Turn(pool, 1))]
    if look == "slim":
        foot = line((0.33, 0.0), (0.35, 0.05))
        holder = run_together(foot, curve([(0.35, 0.05), (0.27, 0.06), (0.2, 0.1), (0.21, 0.22)], 6))
        parts.append(lathe(Turn(holder, 3), Turn(line((0.21, 0.22), (0.12, 0.22)), 3)))
    wick = np.array([[0.0, top - 0.08, 0.0], [0.01, top + 0.04, 0.0], [0.03, top + 0.11, 0.0]])
    parts.append(tube(wick, np.full(3, 0.018), 2, segments=8))
    if is_lit:
        flame = curve([(0.0, 0.0), (0.06, 0.05), (0.085, 0.13), (0.05, 0.27), (0.0, 0.4)], 6)
        parts.append(lathe(Turn(flame, 4), segments=24).moved(x=0.02, y=top + 0.03))
    fire = Material(_DARK, gloss=0.0, glow=(1.25, 0.62, 0.1))
    materials = (wax, melt, matte(hex_to_linear("#2b2320")), brass(), fire)
    facts = {AttributeName.STATE: "lit" if is_lit else "unlit"}
    return Thing("candle", colour, joined(parts), materials, facts)
