"""Words and numbers printed on things, and simple painted patterns, as textures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import as_file, files

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from hopchain_core.domain.instances import AttributeName
from hopchain_core.scenes.palette import Rgb, to_bytes, to_hex
from hopchain_core.scenes.shading import Texture

TEXELS_PER_UNIT = 170


class Face(StrEnum):
    """Typefaces, by file name."""

    BOLD = "Inter-Bold.otf"
    SEMIBOLD = "Inter-SemiBold.otf"
    MEDIUM = "Inter-Medium.otf"
    MONO = "JetBrainsMono-Regular.ttf"


@dataclass(frozen=True, slots=True)
class Print:
    """What is printed on a thing.

    Attributes:
        text: As written.
        is_number: Digits only.
    """

    text: str
    is_number: bool

    @property
    def facts(self) -> dict[AttributeName, str]:
        """The fact it adds to a thing."""
        return {AttributeName.NUMBER if self.is_number else AttributeName.TEXT: self.text}


@lru_cache(maxsize=64)
def font(face: Face, size_px: int) -> ImageFont.FreeTypeFont:
    """A typeface at a size, laid out without shaping so that it looks the same on every machine."""
    with as_file(files("resources") / "fonts" / face.value) as path:
        return ImageFont.truetype(str(path), size_px, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=256)
def ink_box(text: str, face: Face, size_px: int) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the ink from the pen's origin at the ascender."""
    return font(face, size_px).getbbox(text)


def fitted_cap_height(text: str, face: Face, room_width: float, room_height: float) -> float:
    """The greatest cap height at which a text fits a room, in the room's units."""
    left, top, right, bottom = ink_box(text, face, 400)
    caps = ink_box("H", face, 400)
    cap = caps[3] - caps[1]
    return cap * min(room_width / (right - left), room_height / (bottom - top))


def lettered(
    width: float,
    height: float,
    text: str,
    *,
    ground: Rgb,
    ink: Rgb,
    cap_height: float,
    face: Face = Face.BOLD,
    border: Rgb | None = None,
    inset: float = 0.06,
    texels_per_unit: int = TEXELS_PER_UNIT,
) -> Texture:
    """A panel with one line in its middle.

    Args:
        width: Of the panel, units.
        height: Of the panel, units.
        text: One line.
        ground: Colour of the panel.
        ink: Colour of the letters.
        cap_height: Height of a capital, units.
        face: Typeface.
        border: Colour of a thin frame, if any.
        inset: From the edge to the frame, units.
        texels_per_unit: Fineness.
    """
    scale = texels_per_unit
    picture = Image.new("RGB", (max(2, round(width * scale)), max(2, round(height * scale))), to_hex(ground))
    draw = ImageDraw.Draw(picture)
    if border is not None:
        gap, line = round(inset * scale), max(2, round(0.02 * scale))
        box = (gap, gap, picture.width - 1 - gap, picture.height - 1 - gap)
        draw.rounded_rectangle(box, radius=round(0.05 * scale), outline=to_hex(border), width=line)
    probe = ink_box("H", face, 400)
    size = max(6, round(400 * cap_height * scale / (probe[3] - probe[1])))
    left, top, right, bottom = ink_box(text, face, size)
    at = ((picture.width - (right - left)) / 2 - left, (picture.height - (bottom - top)) / 2 - top)
    draw.text((round(at[0]), round(at[1])), text, font=font(face, size), fill=to_hex(ink))
    return np.asarray(picture)


def banded(ground: Rgb, bands: list[tuple[float, float, Rgb]], size_px: int = 512) -> Texture:
    """Level bands over a ground; each from and to a share of the height, from the top."""
    out = np.empty((size_px, 4, 3), dtype=np.uint8)
    out[:] = to_bytes(ground)
    for low, high, colour in bands:
        out[round(low * size_px) : round(high * size_px)] = to_bytes(colour)
    return out


def dotted(ground: Rgb, dot: Rgb, *, columns: int, rows: int, aspect: float, radius: float = 0.2) -> Texture:
    """Dots in staggered rows.

    Args:
        ground: Colour between the dots.
        dot: Colour of the dots.
        columns: Dots per row.
        rows: Rows.
        aspect: Width of the surface over its height, so that dots stay round.
        radius: Of a dot, as a share of the step between columns.
    """
    height = 600
    width = round(min(2400, height * aspect))
    picture = Image.new("RGB", (width, height), to_hex(ground))
    draw = ImageDraw.Draw(picture)
    step_x, step_y = width / columns, height / rows
    reach_x = radius * step_x
    reach_y = reach_x * (height * aspect / width)
    for row in range(rows):
        for column in range(-1, columns + 1):
            x, y = (column + 0.5 + 0.5 * (row % 2)) * step_x, (row + 0.5) * step_y
            draw.ellipse((x - reach_x, y - reach_y, x + reach_x, y + reach_y), fill=to_hex(dot))
    return np.asarray(picture)
