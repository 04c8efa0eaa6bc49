"""Outlines and boxes of imports to what a `SourceObject` holds, with the reasons where that cannot be done."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hopchain_core.domain import polygons, rle
from hopchain_core.domain.geometry import Box
from hopchain_core.imports.frames import Frame
from hopchain_core.imports.json_files import finite_numbers, whole_number
from hopchain_core.imports.notes import ImportProblem

_OVERSHOOT_PX = 1.0
"""Annotation tools commonly overshoot the edge by fractions of a pixel; only more than this is told. Chosen."""


class UnusableError(Exception):
    """An outline or box that cannot be used.

    Attributes:
        problem: Why.
    """

    def __init__(self, problem: ImportProblem, message: str) -> None:
        super().__init__(message)
        self.problem = problem


def runs_of_polygons(parts: Sequence[Sequence[float]], frame: Frame) -> rle.Runs:
    """All pixels inside any of several polygons.

    Args:
        parts: Of each polygon its corners as x, y, x, y, …; at least three of them.
        frame: Of the pixels they are drawn on.

    Raises:
        UnusableError: No pixel of the picture is inside, or an outline cannot be walked.
    """
    corners = [np.array(part, dtype=np.float64).reshape(-1, 2) for part in parts]
    try:
        drawn = [polygons.rasterize(c, frame.height_px, frame.width_px) for c in corners]
    except ValueError as error:
        raise UnusableError(ImportProblem.BAD_GEOMETRY, str(error)) from error
    runs = rle.union(drawn, frame.height_px * frame.width_px)
    if rle.area(runs) == 0:
        everything = np.concatenate(corners)
        low, high = everything.min(axis=0), everything.max(axis=0)
        if (high <= 0).any() or (low >= (frame.width_px, frame.height_px)).any():
            raise UnusableError(ImportProblem.OUTSIDE, "it lies outside the picture")
        raise UnusableError(ImportProblem.NO_AREA, "it covers no pixel")
    return runs


def reach_beyond(parts: Sequence[Sequence[float]], frame: Frame) -> bool:
    """Whether a corner lies outside the picture by more than a slip of the tool."""
    xs = [x for part in parts for x in part[0::2]]
    ys = [y for part in parts for y in part[1::2]]
    return (
        min(*xs, *ys) < -_OVERSHOOT_PX
        or max(xs) > frame.width_px + _OVERSHOOT_PX
        or max(ys) > frame.height_px + _OVERSHOOT_PX
    )


def runs_of_code(code: dict[object, object], frame: Frame) -> rle.Runs:
    """A run-length code of COCO, compressed or not.

    Raises:
        UnusableError: It is no such code, has another size or sets no pixel.
    """
    size, counts = code.get("size"), code.get("counts")
    sides = [whole_number(side) for side in size] if isinstance(size, list) else []
    if len(sides) != 2 or None in sides:
        raise UnusableError(ImportProblem.BAD_GEOMETRY, "the run-length code states no size")
    if sides != [frame.height_px, frame.width_px]:
        raise UnusableError(
            ImportProblem.SIZE_DISAGREES,
            f"the run-length code is for {sides[1]} x {sides[0]} pixels, not {frame.width_px} x {frame.height_px}",
        )
    try:
        if isinstance(counts, str):
            runs = rle.from_string(counts)
        else:
            numbers = finite_numbers(counts)
            if numbers is None or any(not number.is_integer() for number in numbers):
                raise ValueError("the run-length code has counts that are no whole numbers")
            runs = np.array(numbers, dtype=np.int64)
        rle.check(runs, frame.height_px, frame.width_px)
    except ValueError as error:
        raise UnusableError(ImportProblem.BAD_GEOMETRY, str(error)) from error
    if rle.area(runs) == 0:
        raise UnusableError(ImportProblem.NO_AREA, "it covers no pixel")
    return runs


def clipped_box(corners: Sequence[float], frame: Frame) -> tuple[Box, bool]:
    """The part of a box that is inside the picture, and whether more than a slip was cut off.

    Args:
        corners: x0, y0, x1, y1 in any order of the two corners.
        frame: Of the pixels it is drawn on.

    Raises:
        UnusableError: It has no area, or none inside the picture.
    """
    x0, x1 = sorted((corners[0], corners[2]))
    y0, y1 = sorted((corners[1], corners[3]))
    whole = Box(x0, y0, x1, y1)
    if whole.area == 0:
        raise UnusableError(ImportProblem.NO_AREA, "its box has no area")
    inside = whole.clipped(frame.width_px, frame.height_px)
    if inside.area == 0:
        raise UnusableError(ImportProblem.OUTSIDE, "it lies outside the picture")
    return inside, reach_beyond([corners], frame)
