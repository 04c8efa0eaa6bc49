"""Finishes that things share: glaze, plastic, paper, cloth, wood, metal."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hopchain_core.scenes.exactness import hex_to_linear
from hopchain_core.scenes.palette import BRASS, CREAM, PAPER, STEEL, Rgb, mixed, paint
from hopchain_core.scenes.shading import Material, Texture, linear

WHITE: Rgb = (1.0, 1.0, 1.0)


def glaze(colour: Rgb) -> Material:
    """Glazed pottery."""
    return Material(colour, gloss=0.75, sharpness=0.72, wrap=0.15)


def satin(colour: Rgb) -> Material:
    """Lacquered wood or smooth plastic."""
    return Material(colour, gloss=0.4, sharpness=0.45, wrap=0.15)


def matte(colour: Rgb) -> Material:
    """Painted board, plain pottery."""
    return Material(colour, gloss=0.14, sharpness=0.15, wrap=0.2)


def cloth(colour: Rgb) -> Material:
    """Fabric."""
    return Material(colour, gloss=0.0, sharpness=0.0, wrap=0.4)


def paper(colour: Rgb | None = None) -> Material:
    """Paper or card."""
    return Material(hex_to_linear(PAPER) if colour is None else colour, gloss=0.05, sharpness=0.1, wrap=0.2)


def glass(colour: Rgb) -> Material:
    """Coloured glass, thick enough to hold its colour."""
    return Material(colour, gloss=1.0, sharpness=0.95, wrap=0.3, clear=1.0)


def brass() -> Material:
    """Brushed brass."""
    return Material(hex_to_linear(BRASS), gloss=0.9, sharpness=0.5, metal=0.8)


def steel() -> Material:
    """Brushed steel."""
    return Material(hex_to_linear(STEEL), gloss=0.9, sharpness=0.5, metal=0.8)


def cream() -> Rgb:
    """An off-white for bands and dials."""
    return hex_to_linear(CREAM)


def tint(name: str, rng: Random) -> Rgb:
    """A palette colour, a hair lighter or darker, so that no two things look stamped."""
    colour = paint(name)
    amount = 0.05 * rng.random()
    return lighter(colour, amount * 0.6) if rng.random() < 0.5 else darker(colour, amount * 1.4)


def accent(name: str) -> Rgb:
    """A quiet second colour for bands on a thing of this colour."""
    return paint("grey") if name == "white" else hex_to_linear(PAPER)


def printed(texture: Texture, like: Material) -> Material:
    """A finish with a texture in place of its colour."""
    return replace(like, colour=WHITE, texture=linear(texture))


def darker(colour: Rgb, amount: float) -> Rgb:
    """A colour mixed with black."""
    return mixed(colour, (0.0, 0.0, 0.0), amount)


def lighter(colour: Rgb, amount: float) -> Rgb:
    """A colour mixed with white."""
    return mixed(colour, WHITE, amount)
