"""Colours whose names people agree on, and how they mix in light.

The tints are a choice: near the centres of the eleven basic colour terms (Berlin and Kay, 1969; Sturges and
Whitfield, 1995), somewhat softened, and far enough apart that light and shadow leave the name standing.
"""

from __future__ import annotations

from hopchain_core.scenes.exactness import hex_to_linear, srgb_of_linear

Rgb = tuple[float, float, float]
"""Linear light, red green blue, each in [0, 1]."""

PALETTE: dict[str, str] = {
    "red": "#c8242b",
    "orange": "#f07818",
    "yellow": "#f7c81e",
    "green": "#2f8f4e",
    "blue": "#2460b4",
    "purple": "#74409c",
    "pink": "#f390ae",
    "brown": "#74462a",
    "black": "#26262b",
    "white": "#f4f1ea",
    "grey": "#7b7e84",
}
"""Name to sRGB of the paint itself, before light falls on it."""

NAMES = tuple(PALETTE)
INK = "#22242b"
PAPER = "#f8f4ea"
CREAM = "#f1e6cf"
WOOD = "#b98a58"
DARK_WOOD = "#6a4529"
BRASS = "#b8924a"
STEEL = "#9aa0a6"
_READABLE = 3.0
"""Contrast that large bold letters need. Source: WCAG 2.2, 1.4.3."""


def paint(name: str) -> Rgb:
    """Linear light of a palette colour."""
    return hex_to_linear(PALETTE[name])


def mixed(a: Rgb, b: Rgb, share_of_b: float) -> Rgb:
    """Two colours mixed in linear light."""
    red, green, blue = (x + (y - x) * share_of_b for x, y in zip(a, b, strict=True))
    return (red, green, blue)


def luminance(colour: Rgb) -> float:
    """Relative luminance in [0, 1]. Source: WCAG 2.2."""
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def contrast(a: Rgb, b: Rgb) -> float:
    """Contrast ratio from 1 to 21. Source: WCAG 2.2."""
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink_on(ground: Rgb) -> Rgb:
    """Light paper on any but a light ground, else dark ink: what a printer would choose."""
    light, dark = hex_to_linear(PAPER), hex_to_linear(INK)
    return light if contrast(light, ground) >= _READABLE else dark


def to_bytes(colour: Rgb) -> tuple[int, int, int]:
    """The colour as 8-bit sRGB."""
    red, green, blue = (round(255 * srgb_of_linear(min(1.0, max(0.0, v)))) for v in colour)
    return (red, green, blue)


def to_hex(colour: Rgb) -> str:
    """The colour as ``#rrggbb``."""
    return "#" + "".join(f"{v:02x}" for v in to_bytes(colour))
