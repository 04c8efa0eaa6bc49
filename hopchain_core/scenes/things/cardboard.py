"""Boxes, signs and picture frames."""

from __future__ import annotations

from random import Random

import numpy as np
from PIL import Image, ImageDraw

from hopchain_core.domain.instances import AttributeName
from hopchain_core.scenes.exactness import hex_to_linear
from hopchain_core.scenes.lettering import Face, fitted_cap_height, lettered
from hopchain_core.scenes.mesh import joined
from hopchain_core.scenes.palette import CREAM, DARK_WOOD, PAPER, WOOD, Rgb, ink_on, paint
from hopchain_core.scenes.shading import Texture
from hopchain_core.scenes.solids import arc, block, line, moulding, panel, run_together
from hopchain_core.scenes.things.finishes import WHITE, darker, lighter, matte, paper, printed, satin, tint
from hopchain_core.scenes.things.thing import Area, Thing
from hopchain_core.scenes.words import Printer

_BOXES = {"cube": (1.15, 0.98, 1.0), "low": (1.5, 0.74, 1.0), "tall": (0.98, 1.35, 0.9)}
_LID = 0.24


def box(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """A cardboard box, lidded or closed with tape, with or without a printed label."""
    width, height, depth = _BOXES[rng.choice(tuple(_BOXES))]
    body = tint(colour, rng)
    is_lidded = rng.random() < 0.7
    parts = [block(width, height, depth, 0.03, 0, steps=2)]
    if is_lidded:
        parts.append(block(width + 0.08, _LID, depth + 0.08, 0.04, 1, steps=3).moved(y=height - _LID + 0.05))
    else:
        tape = block(0.2, height * 0.3, depth + 0.012, 0.004, 1, steps=1)
        parts.append(tape.moved(y=height * 0.7 + 0.006))
    materials = [matte(body), matte(_second(colour, body, is_lidded=is_lidded))]
    facts: dict[AttributeName, str] = {}
    area = None
    yaw = rng.choice((-1, 1)) * (0.1 + 0.3 * rng.random())
    top = _LID - 0.05 if is_lidded else height * 0.3
    face_width, face_height = width - 0.16, min(0.6, height - top - 0.12)
    found = printer.any(face_width - 0.16, face_height - 0.17, word_share=0.6) if printer else None
    if found:
        text, cap = found[0], min(0.36, found[1])
        ground = hex_to_linear(PAPER if colour != "white" else CREAM)
        base = (height - top - face_height) / 2
        texture = lettered(
            face_width,
            face_height,
            text.text,
            ground=ground,
            ink=ink_on(ground),
            cap_height=cap,
            border=paint("grey"),
            inset=0.04,
        )
        parts.append(panel(face_width, face_height, 2).moved(y=base, z=depth / 2 + 0.006))
        materials.append(printed(texture, paper()))
        area = Area.flat(face_width, face_height, cap, y=base, z=depth / 2).yawed(yaw)
        facts |= text.facts
    return Thing("box", colour, joined(parts).yawed(yaw), tuple(materials), facts, area)


def _second(colour: str, body: Rgb, *, is_lidded: bool) -> Rgb:
    """Paint of a lid, a shade off the box's own, or of the tape."""
    if colour == "black":
        return lighter(body, 0.012 if is_lidded else 0.08)
    if is_lidded or colour in ("white", "yellow", "pink"):
        return darker(body, 0.15)
    return lighter(body, 0.2)


def sign(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """A card with a word or a number, in a wooden foot or on two legs.

    Raises:
        ValueError: Nothing that fits is left to print.
    """
    wide = (1.72, 0.86)
    found = printer.any(wide[0] - 0.3, 0.46, word_share=0.65) if printer else None
    if found is None:
        raise ValueError("a sign needs something to say")
    text = found[0]
    width, height = wide if not text.is_number else ((1.15, 0.92) if len(text.text) == 2 else (1.4, 0.92))
    cap = min(0.42, fitted_cap_height(text.text, Face.BOLD, width - 0.36, 0.46))
    body = tint(colour, rng)
    ink = ink_on(body)
    look = rng.choice(("foot", "legs"))
    lift = 0.13 if look == "foot" else 0.3
    face_width, face_height = width - 0.06, height - 0.06
    texture = lettered(face_width, face_height, text.text, ground=body, ink=ink, cap_height=cap, border=ink, inset=0.05)
    lean = -0.1
    card = block(width, height, 0.08, 0.035, 0, steps=3).moved(y=lift)
    face = panel(face_width, face_height, 1).moved(y=lift + 0.03, z=0.044)
    if look == "foot":
        stand = [block(width * 0.82, 0.2, 0.34, 0.05, 2, steps=3)]
    else:
        leg = block(0.09, height * 0.5 + lift, 0.09, 0.02, 2, steps=2).moved(z=-0.08)
        rest = block(0.12, 0.08, 0.5, 0.03, 2, steps=2).moved(z=-0.06)
        stand = [part.moved(x=x) for part in (leg, rest) for x in (-width * 0.32, width * 0.32)]
    yaw = 0.3 * (rng.random() - 0.5)
    mesh = joined([joined([card, face]).pitched(lean), *stand]).yawed(yaw)
    area = Area.flat(face_width, face_height, cap, y=lift + 0.03, z=0.044).pitched(lean).yawed(yaw)
    wood = hex_to_linear(DARK_WOOD if colour in ("orange", "yellow", "brown") else WOOD)
    return Thing(
        "sign", colour, mesh, (satin(body), printed(texture, satin(body)), matte(wood)), dict(text.facts), area
    )


def picture_frame(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """A broad frame, leaning back, with a quiet landscape in it: upright or lying."""
    width, height = rng.choice(((1.6, 1.28), (1.24, 1.6)))
    bar = 0.25
    body = tint(colour, rng)
    outer, inner = arc((0.05, 0.03), 0.05, 180, 90, 5), arc((bar - 0.06, 0.02), 0.06, 90, 0, 5)
    ring = moulding(
        width, height, run_together(line((0.0, -0.07), (0.0, 0.03)), outer, inner, line((bar, 0.02), (bar, -0.03)))
    )
    opening = (width - 2 * bar + 0.06, height - 2 * bar + 0.06)
    art = panel(*opening, 1).moved(y=bar - 0.03, z=0.0)
    back = block(width - 0.1, height - 0.1, 0.04, 0.01, 0, steps=1).moved(y=0.05, z=-0.04)
    stay = block(0.12, height * 0.7, 0.05, 0.02, 0, steps=2).pitched(0.26).moved(z=-0.56)
    yaw = rng.choice((-1, 1)) * (0.1 + 0.25 * rng.random())
    mesh = joined([joined([ring, back, art]).pitched(-0.16), stay]).yawed(yaw)
    varnish = satin(body)
    return Thing("picture frame", colour, mesh, (varnish, printed(_landscape(*opening, rng), paper(WHITE))))


def _landscape(width: float, height: float, rng: Random) -> Texture:
    """Hills in greys under a pale sky, so that the frame's colour is the only one."""
    scale = 150
    w, h = round(width * scale), round(height * scale)
    picture = Image.new("RGB", (w, h), "#efeae0")
    draw = ImageDraw.Draw(picture)
    mat = round(0.07 * scale)
    draw.rectangle((mat, mat, w - mat, h - mat), fill="#dfe0dd")
    x, y, r = rng.uniform(0.3, 0.7) * w, 0.34 * h, 0.09 * min(w, h)
    draw.ellipse((x - r, y - r, x + r, y + r), fill="#f6f2e6")
    for i, tone in enumerate(("#c2c6c6", "#a2a9aa", "#7e8788")):
        base = (0.48 + 0.14 * i) * h
        heights = [base - rng.random() * 0.16 * h for _ in range(5)]
        points = [(float(mat), float(h - mat))]
        for k in range(41):
            j = min(3, k // 10)
            t = k / 10 - j
            t = t * t * (3 - 2 * t)
            points.append((mat + (w - 2 * mat) * k / 40, heights[j] * (1 - t) + heights[j + 1] * t))
        draw.polygon([*points, (w - mat, h - mat)], fill=tone)
    return np.asarray(picture)
