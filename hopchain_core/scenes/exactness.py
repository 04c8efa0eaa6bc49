"""Arithmetic that gives the same bits on every machine.

numpy computes sin, cos, exp and powers with code that depends on the processor, and their last bits differ. Pictures
of scenes are named by the hash of their bytes, so arrays here go through + - x / and sqrt only (IEEE 754 fixes those
to the bit); angles go through `math` and are rounded, and gamma goes through rounded tables.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

_DIGITS = 10


def cos(angle_rad: float) -> float:
    """Cosine, rounded to ten digits."""
    return round(math.cos(angle_rad), _DIGITS)


def sin(angle_rad: float) -> float:
    """Sine, rounded to ten digits."""
    return round(math.sin(angle_rad), _DIGITS)


def circle(count: int, start_rad: float = 0.0, sweep_rad: float = 2 * math.pi) -> tuple[Floats, Floats]:
    """Cosines and sines of `count` equally spaced angles from `start_rad`, both ends of the sweep included."""
    angles = [start_rad + sweep_rad * i / (count - 1) for i in range(count)]
    return np.array([cos(a) for a in angles]), np.array([sin(a) for a in angles])


def single(values: Any) -> Singles:
    """The values in single precision; the same array where they are already."""
    return np.asarray(values, dtype=np.float32)


def smoothstep(low: float, high: float, x: Singles) -> Singles:
    """0 below `low`, 1 above `high`, a smooth step between."""
    t = np.clip((x - np.float32(low)) / np.float32(high - low), 0, 1)
    return single(t * t * (3 - 2 * t))


def unit(vectors: Floats) -> Floats:
    """Vectors of length 1 along the last axis; a zero vector stays zero."""
    x, y, z = vectors[..., 0], vectors[..., 1], vectors[..., 2]
    length = np.sqrt(x * x + y * y + z * z)
    return vectors / np.where(length > 0, length, 1.0)[..., None]


def unit_singles(vectors: Singles) -> Singles:
    """Vectors of length 1 in single precision, (P, 3)."""
    length = np.sqrt(vectors[:, 0] * vectors[:, 0] + vectors[:, 1] * vectors[:, 1] + vectors[:, 2] * vectors[:, 2])
    return single(vectors / np.maximum(length, np.float32(1e-9))[:, None])


def unit3(x: float, y: float, z: float) -> tuple[float, float, float]:
    """One vector of length 1."""
    length = math.sqrt(x * x + y * y + z * z)
    return (x / length, y / length, z / length)


@lru_cache(maxsize=1)
def linear_of_srgb() -> Singles:
    """Linear light for each 8-bit sRGB value, float32, (256,). Source: IEC 61966-2-1."""
    values = [i / 255 for i in range(256)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
    return np.array([round(v, 7) for v in linear], dtype=np.float32)


def srgb_of_linear(value: float) -> float:
    """The sRGB value in [0, 1] of one linear value in [0, 1]."""
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def hex_to_linear(colour: str) -> tuple[float, float, float]:
    """Linear light of a colour written ``#rrggbb``."""
    table = linear_of_srgb()
    red, green, blue = (float(table[int(colour[i : i + 2], 16)]) for i in (1, 3, 5))
    return (red, green, blue)
