"""Lookup tables from the number of a stack to what is painted there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.canvas.values import CanvasInstance, Colouring
from hopchain_core.domain.keys import InstanceKey

Argb = NDArray[np.uint32]
_MOST_COMPARED = 4096
"""Beyond this many instances they take colours by turns and not by looking at their neighbours."""
_NEIGHBOUR_REACH = 0.2
"""How far round a box its neighbours begin, as a share of its side. Chosen."""


@dataclass(frozen=True, slots=True, eq=False)
class SlotPaint:
    """How each slot of a label map is painted.

    Attributes:
        rgb: In [0, 1], float32, (slots, 3).
        alpha: Of the fill, in [0, 1], float32, (slots,).
        is_shown: Hidden ones are as if they were not there; bool, (slots,).
        is_lit: Keeps its pixels while all else is darkened; bool, (slots,).
    """

    rgb: NDArray[np.float32]
    alpha: NDArray[np.float32]
    is_shown: NDArray[np.bool_]
    is_lit: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class StackPaint:
    """Tables with an entry for each stack.

    Attributes:
        fill: Premultiplied ARGB, uint32, (stacks,).
        line: Of an outline at rest: opaque, in the colour of the uppermost one shown; 0 where none is.
        top: Slot + 1 of the uppermost one shown; 0 for none. uint16 where that suffices, else int32.
        is_lit: Whether any of the stack is lit, bool, (stacks,).
    """

    fill: Argb
    line: Argb
    top: NDArray[np.uint16] | NDArray[np.int32]
    is_lit: NDArray[np.bool_]


def stack_paint(
    members: NDArray[np.int32], paint: SlotPaint, dim_rgb: tuple[float, float, float] = (0, 0, 0), dim: float = 0.0
) -> StackPaint:
    """Lays the instances of each stack over each other.

    Args:
        members: Slots of each stack from the lowest to the uppermost, int32, (stacks, depth); -1 fills up.
        paint: For each slot.
        dim_rgb: What lies beneath the fills of stacks that are not lit, in [0, 1].
        dim: Its opacity.
    """
    stacks = len(members)
    # A last row for -1: nothing at all.
    rgb = np.vstack((paint.rgb, np.zeros((1, 3), dtype=np.float32)))
    shown = np.append(paint.is_shown, False)
    alpha = np.where(shown, np.append(paint.alpha, np.float32(0)), np.float32(0)).astype(np.float32)
    lit = np.append(paint.is_lit, False) & shown
    colour = np.zeros((stacks, 3), dtype=np.float32)
    covered = np.zeros(stacks, dtype=np.float32)
    top = np.zeros(stacks, dtype=np.int32)
    is_lit = np.zeros(stacks, dtype=bool)
    for level in range(members.shape[1]):
        # Few stacks are deep: each level looks only at those that reach it.
        reached = np.flatnonzero(members[:, level] >= 0)
        slots = members[reached, level]
        a = alpha[slots][:, None]
        colour[reached] = rgb[slots] * a + colour[reached] * (1 - a)
        covered[reached] = a[:, 0] + covered[reached] * (1 - a[:, 0])
        top[reached] = np.where(shown[slots], slots + 1, top[reached])
        is_lit[reached] |= lit[slots]
    if dim:
        seen = np.where(is_lit, 0.0, dim * (1 - covered)).astype(np.float32)
        colour += np.array(dim_rgb, dtype=np.float32) * seen[:, None]
        covered += seen
    line = np.where(top > 0, packed(rgb[top - 1], np.ones(stacks, dtype=np.float32)), np.uint32(0))
    narrow = top.astype(np.uint16) if len(paint.alpha) < np.iinfo(np.uint16).max else top
    return StackPaint(packed(colour, covered), line.astype(np.uint32), narrow, is_lit)


def packed(premultiplied: NDArray[np.float32], alpha: NDArray[np.float32]) -> Argb:
    """Colours of [0, 1] that are multiplied with their alpha as 0xAARRGGBB, uint32, (N,)."""
    channels = np.clip(np.rint(np.column_stack((alpha, premultiplied)) * 255), 0, 255).astype(np.uint32)
    shifted: Argb = (channels << np.array([24, 16, 8, 0], dtype=np.uint32)).sum(axis=1, dtype=np.uint32)
    return shifted


def colour_indexes(
    instances: Sequence[CanvasInstance],
    colouring: Colouring,
    colours: int,
    kept: Mapping[InstanceKey, int] | None = None,
) -> dict[InstanceKey, int]:
    """Which colour each instance gets.

    By category, equal categories have equal colours, those of the first instance of each. By instance, each gets the
    one it asks for unless a neighbour in the picture has it already.

    Args:
        instances: Those with lower indexes choose first; with equal ones in this order.
        colouring: What the colour tells.
        colours: How many there are.
        kept: Colours that stay as they are; not looked at by category.
    """
    if colouring is Colouring.CATEGORY:
        first: dict[str, int] = {}
        return {i.key: first.setdefault(i.category, i.colour_index) % colours for i in instances}
    if len(instances) > _MOST_COMPARED:
        return {i.key: (i.colour_index if i.has_colour else index) % colours for index, i in enumerate(instances)}
    if not instances:
        return {}
    x0, y0, x1, y1 = np.array([i.box.as_tuple() for i in instances], dtype=np.float32).T
    reach = _NEIGHBOUR_REACH * np.sqrt(np.maximum(1.0, (x1 - x0) * (y1 - y0)))
    x0, y0, x1, y1 = x0 - reach, y0 - reach, x1 + reach, y1 + reach
    before = kept or {}
    firm = (i.colour_index % colours if i.has_colour else before.get(i.key, -1) for i in instances)
    chosen = np.fromiter(firm, dtype=np.intp, count=len(instances))
    wishes = np.fromiter((i.colour_index for i in instances), dtype=np.intp, count=len(instances))
    choosing = np.flatnonzero(chosen < 0)
    for index in choosing[np.argsort(wishes[choosing], kind="stable")].tolist():
        near = (x0 < x1[index]) & (x1 > x0[index]) & (y0 < y1[index]) & (y1 > y0[index]) & (chosen >= 0)
        used = np.bincount(chosen[near], minlength=colours)[:colours]
        # The least used near by; among equals the wished one, then those after it.
        turned = np.roll(used, -(instances[index].colour_index % colours))
        chosen[index] = (int(np.argmin(turned)) + instances[index].colour_index) % colours
    return {i.key: int(c) for i, c in zip(instances, chosen, strict=True)}
