"""Books: standing with the cover or the spine to the viewer, or lying flat."""

from __future__ import annotations

import math
from random import Random

import numpy as np
from PIL import Image, ImageDraw

from hopchain_core.domain.instances import AttributeName
from hopchain_core.scenes.lettering import TEXELS_PER_UNIT, lettered
from hopchain_core.scenes.mesh import Mesh, joined
from hopchain_core.scenes.palette import Rgb, ink_on, mixed, to_bytes
from hopchain_core.scenes.shading import Texture
from hopchain_core.scenes.solids import block, panel
from hopchain_core.scenes.things.finishes import darker, matte, paper, printed, tint
from hopchain_core.scenes.things.thing import Area, Thing
from hopchain_core.scenes.words import Printer

_BOARD = 0.045


def _body(width: float, height: float, thick: float) -> Mesh:
    """A closed book standing, front cover to the viewer, spine to the left.

    Material 1 is its pages, 3 the hinge beside the spine.
    """
    front = block(width, height, _BOARD, 0.018, steps=2).moved(z=thick / 2 - _BOARD / 2)
    back = front.moved(z=-(thick - _BOARD))
    spine = block(_BOARD * 1.6, height, thick, 0.03, steps=3).moved(x=-width / 2 + _BOARD * 0.6)
    pages = block(width - 0.1, height - 0.1, thick - _BOARD * 1.6, 0.012, 1, steps=1).moved(x=-0.01, y=0.05)
    hinge = panel(0.035, height - 0.02, 3).moved(x=-width / 2 + 0.1, y=0.01, z=thick / 2 + 0.003)
    return joined([front, back, spine, pages, hinge])


def _finished(
    colour: str,
    body: Rgb,
    mesh: Mesh,
    face: Mesh,
    texture: Texture,
    area: Area | None,
    facts: dict[AttributeName, str],
    yaw: float,
) -> Thing:
    cover = matte(body)
    materials = (cover, paper(), printed(texture, cover), matte(darker(body, 0.4)))
    return Thing("book", colour, joined([mesh, face]).yawed(yaw), materials, facts, area.yawed(yaw) if area else None)


def book_upright(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """A book that stands with its front cover to the viewer; the title in the upper half."""
    width, height, thick = 1.26 + 0.2 * rng.random(), 1.6 + 0.3 * rng.random(), 0.24 + 0.12 * rng.random()
    body = tint(colour, rng)
    face_width, face_height = width - 0.16, height - 0.12
    found = printer.any(face_width - 0.22, 0.42, word_share=0.8) if printer else None
    title, cap = (found[0].text, min(0.34, found[1])) if found else ("", 0.2)
    texture = _cover(face_width, face_height, title, body, cap, rng)
    face = panel(face_width, face_height, 2).moved(x=0.05, y=0.06, z=thick / 2 + 0.004)
    area = Area.flat(face_width, face_height, cap, x=0.05, y=0.06, z=thick / 2) if found else None
    yaw = rng.choice((1, -1)) * (0.1 + 0.22 * rng.random())
    facts = dict(found[0].facts) if found else {}
    return _finished(colour, body, _body(width, height, thick), face, texture, area, facts, yaw)


def _cover(width: float, height: float, title: str, body: Rgb, cap: float, rng: Random) -> Texture:
    """A cover: the title above, a quiet ornament below, a fine line round both."""
    ink, scale = ink_on(body), TEXELS_PER_UNIT
    w, h = round(width * scale), round(height * scale)
    picture = Image.new("RGB", (w, h), to_bytes(body))
    band = lettered(width, height * 0.5, title, ground=body, ink=ink, cap_height=cap)
    picture.paste(Image.fromarray(band), (0, round(0.05 * h)))
    draw = ImageDraw.Draw(picture)
    tone = to_bytes(mixed(body, ink, 0.4))
    x, y, r = w / 2, h * 0.72, min(w, h) * 0.15
    look = rng.choice(("rings", "lines", "diamond", "disc"))
    if look == "rings":
        for k in (1.0, 0.62, 0.26):
            draw.ellipse((x - r * k, y - r * k, x + r * k, y + r * k), outline=tone, width=5)
    elif look == "lines":
        for k in (-1, 0, 1):
            draw.line((x - r * 1.5, y + k * r * 0.5, x + r * 1.5, y + k * r * 0.5), fill=tone, width=6)
    elif look == "diamond":
        draw.polygon([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], outline=tone, width=6)
    else:
        draw.ellipse((x - r, y - r, x + r, y + r), fill=tone)
    draw.rounded_rectangle((10, 10, w - 11, h - 11), radius=8, outline=tone, width=4)
    return np.asarray(picture)


def book_spine(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """A book that stands with its spine to the viewer, a number in the upper half of the spine."""
    thick, height, depth = 0.62 + 0.12 * rng.random(), 1.5 + 0.45 * rng.random(), 1.0
    body = tint(colour, rng)
    ink, scale = ink_on(body), TEXELS_PER_UNIT
    face_width, face_height = thick - 0.07, height - 0.1
    found = printer.any(face_width - 0.06, 0.42, word_share=0.0) if printer else None
    text, cap = (found[0].text, min(0.3, found[1])) if found else ("", 0.2)
    picture = Image.new("RGB", (round(face_width * scale), round(face_height * scale)), to_bytes(body))
    plate = lettered(face_width, 0.52, text, ground=body, ink=ink, cap_height=cap)
    picture.paste(Image.fromarray(plate), (0, round(0.18 * scale)))
    draw = ImageDraw.Draw(picture)
    for y in (0.09, 0.74, 0.80, face_height - 0.14):
        draw.rectangle((0, y * scale, picture.width, y * scale + 5), fill=to_bytes(mixed(body, ink, 0.45)))
    face = panel(face_width, face_height, 2).moved(y=0.05, z=depth / 2 + 0.012)
    area = Area.flat(face_width, 0.52, cap, y=0.05 + face_height - 0.7, z=depth / 2) if found else None
    facts = dict(found[0].facts) if found else {}
    mesh = _body(depth, height, thick).yawed(math.pi / 2)
    return _finished(colour, body, mesh, face, np.asarray(picture), area, facts, 0.1 * (rng.random() - 0.5))


def book_flat(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """A book that lies flat, the title along its spine."""
    thick, width, depth = 0.5 + 0.06 * rng.random(), 1.8 + 0.35 * rng.random(), 1.15
    body = tint(colour, rng)
    ink, scale = ink_on(body), TEXELS_PER_UNIT
    face_width, face_height = width - 0.1, thick - 0.08
    found = printer.any(face_width - 0.4, face_height - 0.08, word_share=0.85) if printer else None
    text, cap = (found[0].text, min(0.3, found[1])) if found else ("", 0.2)
    plate = lettered(face_width, face_height, text, ground=body, ink=ink, cap_height=cap)
    picture = Image.fromarray(plate)
    draw = ImageDraw.Draw(picture)
    for x in (0.09, 0.14, face_width - 0.14, face_width - 0.09):
        draw.rectangle((x * scale - 2, 0, x * scale + 2, picture.height), fill=to_bytes(mixed(body, ink, 0.45)))
    mesh = _body(depth, width, thick).moved(y=-width / 2).yawed(math.pi / 2).rolled(math.pi / 2).moved(y=thick / 2)
    face = panel(face_width, face_height, 2).moved(y=(thick - face_height) / 2, z=depth / 2 + 0.012)
    area = Area.flat(face_width, face_height, cap, y=(thick - face_height) / 2, z=depth / 2) if found else None
    facts = dict(found[0].facts) if found else {}
    yaw = rng.choice((-1, 1)) * (0.16 + 0.2 * rng.random())
    return _finished(colour, body, mesh, face, np.asarray(picture), area, facts, yaw)
