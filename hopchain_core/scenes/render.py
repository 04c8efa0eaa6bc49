"""Draws a scene: chooses a room, casts things, places them, lights and paints them, and keeps the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from hopchain_core.domain.images import SourceObject
from hopchain_core.scenes.canvas import Canvas
from hopchain_core.scenes.casting import cast
from hopchain_core.scenes.grouping import grouped
from hopchain_core.scenes.layout import Layout, Placed
from hopchain_core.scenes.light import Lighting
from hopchain_core.scenes.rooms.room import Room
from hopchain_core.scenes.rooms.shelf import shelf_room
from hopchain_core.scenes.rooms.table import table_room
from hopchain_core.scenes.rooms.windowsill import windowsill_room
from hopchain_core.scenes.style import HEIGHT_PX, WIDTH_PX, SceneStyle, Setting
from hopchain_core.scenes.truth import Painted, is_print_clear, source_objects, visible_share
from hopchain_core.scenes.words import Printer

_ATTEMPTS = 40
_SHARES = {Setting.TABLE: 5, Setting.SHELF: 3, Setting.WINDOWSILL: 2}
_MOST = {Setting.TABLE: 25, Setting.SHELF: 19, Setting.WINDOWSILL: 15}
_FIXTURE_SMOOTHING_PX, _THING_SMOOTHING_PX = 5, 2


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A rendered picture with its truth.

    Attributes:
        seed: What it was drawn from.
        pixels: sRGB, uint8, (H, W, 3).
        objects: Every thing in it; masks cover what is visible and never overlap.
    """

    seed: int
    pixels: NDArray[np.uint8]
    objects: tuple[SourceObject, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Staged:
    """A painted scene before it becomes a picture.

    Attributes:
        room: Where it is.
        painted: Its things, in the order of their numbers.
        canvas: What was painted.
    """

    room: Room
    painted: tuple[Painted, ...]
    canvas: Canvas


def render_scene(
    seed: int, *, width_px: int = WIDTH_PX, height_px: int = HEIGHT_PX, style: SceneStyle | None = None
) -> Scene:
    """Draws one scene.

    The same arguments give the same pixels and objects.

    Args:
        seed: Any whole number.
        width_px: Columns; at least 320.
        height_px: Rows; three quarters of the columns, more or less.
        style: What may be chosen; None for the defaults.

    Raises:
        ValueError: The size is too small or too far from 4 : 3.
        RuntimeError: No arrangement was found, which is a bug.
    """
    if width_px < 320 or not 0.6 <= height_px / width_px <= 0.9 or width_px % 4 or height_px % 4:
        raise ValueError(
            f"a scene is at least 320 wide, about 4 : 3, in steps of 4 pixels, not {width_px} x {height_px}"
        )
    staged = stage_scene(seed, width_px, height_px, style or SceneStyle())
    return Scene(seed, staged.canvas.developed(), source_objects(staged.painted, staged.canvas.ids))


def stage_scene(seed: int, width_px: int, height_px: int, style: SceneStyle) -> Staged:
    """Finds an arrangement that meets the style, and paints it.

    Raises:
        RuntimeError: There was none in many attempts, which is a bug.
    """
    for attempt in range(_ATTEMPTS):
        rng = Random(f"scene {seed} attempt {attempt}")
        room, placed = _arranged(rng, width_px, height_px, style)
        if not _is_worth_asking(placed, style):
            continue
        canvas, painted = _painted(room, placed)
        if all(visible_share(p, canvas.ids, painted) >= style.min_visible for p in painted) and all(
            is_print_clear(p, canvas.ids, room.camera) for p in painted
        ):
            return Staged(room, tuple(painted), canvas)
    raise RuntimeError(f"no arrangement of scene {seed} in {_ATTEMPTS} attempts")


def _arranged(rng: Random, width_px: int, height_px: int, style: SceneStyle) -> tuple[Room, list[Placed]]:
    """A room with things in it, as many as were found a place for."""
    room, count = _room(rng, width_px, height_px, style)
    least_cap_px = style.least_cap_px * width_px / WIDTH_PX
    least_scale = min(room.camera.scale_at((0.0, ledge.y, ledge.back)) for ledge in room.ledges)
    printer = Printer(rng, 1.02 * least_cap_px / (least_scale * 0.9))
    clusters = grouped(rng, cast(rng, count=count), printer, headroom=max(ledge.headroom for ledge in room.ledges))
    layout = Layout(room, rng, min_visible=style.min_visible, least_cap_px=least_cap_px)
    by_height = sorted(clusters, key=lambda c: -c.height)
    places = [(c, 1 - (i + 0.5) / len(by_height)) for i, c in enumerate(by_height)]
    for cluster, towards_back in sorted(places, key=lambda p: -p[0].footprint_area - 0.5 * p[0].height):
        layout.place(cluster, towards_back=towards_back)
    return room, layout.placed()


def _room(rng: Random, width_px: int, height_px: int, style: SceneStyle) -> tuple[Room, int]:
    """A room, and how many things it is to hold."""
    setting = rng.choices(style.settings, [_SHARES[s] for s in style.settings])[0]
    most = max(style.least_things, min(style.most_things, _MOST[setting]))
    usual = min(most, max(style.least_things, 16 if setting is Setting.SHELF else 13))
    count = round(rng.triangular(style.least_things, most, usual))
    if setting is Setting.SHELF:
        return shelf_room(rng, width_px=width_px, height_px=height_px, count=count), count
    if setting is Setting.WINDOWSILL:
        return windowsill_room(rng, width_px=width_px, height_px=height_px, view_width=7.4 + 0.24 * count), count
    return table_room(rng, width_px=width_px, height_px=height_px, view_width=7.6 + 0.22 * count), count


def _is_worth_asking(placed: Sequence[Placed], style: SceneStyle) -> bool:
    """Whether there is enough to ask about: kinds, one of three or more, one alone, and two prints."""
    numbers = Counter(p.thing.category for p in placed)
    prints = sum(p.thing.print_area is not None for p in placed)
    return (
        style.least_things <= len(placed) <= style.most_things
        and len(numbers) >= 3
        and max(numbers.values()) in range(3, 7)
        and 1 in numbers.values()
        and prints >= 2
    )


def _painted(room: Room, placed: Sequence[Placed]) -> tuple[Canvas, list[Painted]]:
    meshes = [p.mesh for p in placed] + [f.mesh for f in room.fixtures]
    lighting = Lighting.of(room.light, meshes)
    canvas = Canvas(room.camera, room.background(lighting))
    for fixture in room.fixtures:
        canvas.paint(
            fixture.mesh,
            fixture.materials,
            lighting,
            ground_y=fixture.ground_y,
            number=0,
            smoothing_px=_FIXTURE_SMOOTHING_PX,
        )
    painted = []
    for number, p in enumerate(placed, start=1):
        outline = canvas.paint(
            p.mesh, p.thing.materials, lighting, ground_y=p.ledge.y, number=number, smoothing_px=_THING_SMOOTHING_PX
        )
        painted.append(Painted(number, p, outline))
    return canvas, painted
