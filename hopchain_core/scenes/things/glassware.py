"""Bottles."""

from __future__ import annotations

from random import Random

from hopchain_core.domain.instances import AttributeName
from hopchain_core.scenes.exactness import hex_to_linear
from hopchain_core.scenes.lettering import lettered
from hopchain_core.scenes.mesh import joined
from hopchain_core.scenes.palette import INK, PAPER
from hopchain_core.scenes.solids import Turn, arc, curve, lathe, line, printed_curve, run_together
from hopchain_core.scenes.things.finishes import brass, glass, matte, paper, printed, tint
from hopchain_core.scenes.things.thing import Area, Thing
from hopchain_core.scenes.words import Printer

_CORK = "#b98b5a"


def bottle(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """A stoppered bottle of coloured glass: slim, broad-shouldered or squat."""
    found = printer.any(0.6, 0.36, word_share=0.6) if printer else None
    look = "broad" if found else rng.choice(("slim", "broad", "squat"))
    radius, shoulder, height = {"slim": (0.32, 1.25, 2.15), "broad": (0.43, 1.1, 1.95), "squat": (0.5, 0.72, 1.4)}[look]
    neck = 0.14 if look != "squat" else 0.17
    body = tint(colour, rng)
    bottom = arc((radius - 0.06, 0.06), 0.06, -85, 0)
    side = line((radius, 0.06), (radius, shoulder), 12)
    rise = height - 0.2 - shoulder
    top = curve(
        [
            (radius, shoulder),
            (radius * 0.86, shoulder + rise * 0.26),
            (neck + 0.03, shoulder + rise * 0.56),
            (neck, height - 0.2),
        ],
        8,
    )
    wall = run_together(bottom, side, top)
    ring = arc((neck, height - 0.15), 0.05, -90, 90, 9)
    mouth = Turn(line((neck, height - 0.1), (0.0, height - 0.1), 3), 0)
    is_corked = look != "slim" or rng.random() < 0.5
    stopper_top = height + (0.1 if is_corked else 0.02)
    r = neck - 0.015 if is_corked else neck + 0.03
    stopper = [
        Turn(line((r, height - (0.12 if is_corked else 0.16)), (r + 0.01, stopper_top - 0.03), 3), 1),
        Turn(arc((r - 0.02, stopper_top - 0.03), 0.03, 0, 90), 1),
        Turn(line((r - 0.02, stopper_top), (0.0, stopper_top), 2), 1),
    ]
    form = lathe(Turn(line((0.0, 0.0), (float(wall[0, 0]), 0.0))), Turn(wall), Turn(ring), mouth, *stopper)
    cap_material = matte(hex_to_linear(_CORK)) if is_corked else brass()
    facts = {AttributeName.MATERIAL: "glass"}
    parts, area = [form], None
    materials = [glass(body), cap_material]
    if found:
        text, cap = found[0], min(0.3, found[1])
        sweep, low, high, around = 1.9, 0.3, 0.94, radius + 0.008
        texture = lettered(
            sweep * around, high - low, text.text, ground=hex_to_linear(PAPER), ink=hex_to_linear(INK), cap_height=cap
        )
        parts.append(printed_curve(around, low, high, sweep, len(materials)))
        materials.append(printed(texture, paper()))
        area = Area.curved(around, low, high, sweep, cap)
        facts |= text.facts
    return Thing("bottle", colour, joined(parts), tuple(materials), facts, area)
