"""What the canvas is given to show: frozen values, all in pixels of the upright picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hopchain_core.domain.geometry import Box, Mask, Point
from hopchain_core.domain.keys import InstanceKey

Place: TypeAlias = Point | InstanceKey
"""Where a drawing begins or ends: a point, or an instance (then the nearest point of it is taken)."""


class Colouring(StrEnum):
    """What the colour of an instance tells."""

    CATEGORY = "category"
    INSTANCE = "instance"


@dataclass(frozen=True, slots=True, kw_only=True)
class CanvasInstance:
    """One instance as the canvas shows it.

    Attributes:
        key: Comes back in every signal.
        name: On its chip, for example "bird 5".
        category: Instances of one category have one colour under `Colouring.CATEGORY`.
        box: Pixels of the upright picture; where there is a mask its own bounds are used instead.
        mask: None when only a box is known.
        colour_index: Into the colours of the look, any number from 0; under `Colouring.INSTANCE` the first choice.
            Those with lower ones choose earlier.
        has_colour: The colour is the one asked for, whatever the neighbours have; not looked at by category.
        score: In [0, 1], or None.
        is_hidden: Neither drawn nor hit.
        is_crowd: A region with several objects: drawn lighter, and beneath all others.
        is_candidate: Proposed, not kept yet: white and dashed, on top of all others.
    """

    key: InstanceKey
    name: str
    category: str
    box: Box
    mask: Mask | None = None
    colour_index: int = 0
    has_colour: bool = False
    score: float | None = None
    is_hidden: bool = False
    is_crowd: bool = False
    is_candidate: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """A curved arrow: what leads to what."""

    start: Place
    end: Place
    text: str = ""


@dataclass(frozen=True, slots=True)
class Dash:
    """A thin dashed line to what was not chosen, such as a runner-up."""

    start: Place
    end: Place
    text: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A few words or a measure at a place."""

    at: Place
    text: str


@dataclass(frozen=True, slots=True)
class HalfPlane:
    """A line across the picture; what lies on one side of it counts.

    Attributes:
        through: A point of the line.
        towards: Direction to the side that counts, at right angles to the line; (1, 0) for "farther right".
        text: A few words at the line.
    """

    through: Point
    towards: tuple[float, float]
    text: str = ""

    def __post_init__(self) -> None:
        if self.towards == (0.0, 0.0):
            raise ValueError("a half plane needs a direction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """The evidence of one hop.

    Attributes:
        lit: Left as they are and outlined; all else is darkened. With none nothing is darkened.
        members: Others of the chain: a faint dotted outline.
        arrows: From what is given to what is found.
        dashes: To what was not chosen.
        tags: Measures and words.
        half_plane: For "farther right than", and the like.
        dim: How much all else is darkened, 0 to 1.
    """

    lit: frozenset[InstanceKey] = frozenset()
    members: frozenset[InstanceKey] = frozenset()
    arrows: tuple[Arrow, ...] = ()
    dashes: tuple[Dash, ...] = ()
    tags: tuple[Tag, ...] = ()
    half_plane: HalfPlane | None = None
    dim: float = 0.64


@dataclass(frozen=True, slots=True)
class Region:
    """Whole pixels of the picture, half-open."""

    x0: int
    y0: int
    x1: int
    y1: int

    @classmethod
    def around(cls, box: Box, width_px: int, height_px: int) -> Region:
        """The pixels that a box touches, inside a picture of this size."""
        inside = box.clipped(width_px, height_px)
        return cls(int(inside.x0), int(inside.y0), math.ceil(inside.x1), math.ceil(inside.y1))

    @property
    def width(self) -> int:
        """Columns."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """Rows."""
        return self.y1 - self.y0

    @property
    def is_empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.x1 <= self.x0 or self.y1 <= self.y0

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns of an array."""
        return slice(self.y0, self.y1), slice(self.x0, self.x1)

    def common(self, other: Region) -> Region:
        """The pixels in both (may be empty)."""
        return Region(max(self.x0, other.x0), max(self.y0, other.y0), min(self.x1, other.x1), min(self.y1, other.y1))

    def joined(self, other: Region) -> Region:
        """The smallest region that holds both; an empty one adds nothing."""
        if self.is_empty:
            return other
        if other.is_empty:
            return self
        return Region(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def grown(self, px: int) -> Region:
        """With this many pixels more on each side."""
        return Region(self.x0 - px, self.y0 - px, self.x1 + px, self.y1 + px)

    def box(self) -> Box:
        """The same as a box; an empty region gives an empty box."""
        return Box(float(self.x0), float(self.y0), float(max(self.x0, self.x1)), float(max(self.y0, self.y1)))


NOWHERE = Region(0, 0, 0, 0)
"""A region without a pixel."""


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """The part of a mask inside its bounds.

    Attributes:
        region: Where it lies in the picture.
        bitmap: bool, (region.height, region.width).
    """

    region: Region
    bitmap: NDArray[np.bool_]


def joined_boxes(boxes: Sequence[Box]) -> Box | None:
    """The smallest box that holds all of these; None for none."""
    if not boxes:
        return None
    return Box(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))
