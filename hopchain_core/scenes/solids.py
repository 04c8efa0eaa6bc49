"""Solids that things are built of: turned shapes, rounded boxes, tubes, leaves and panels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hopchain_core.scenes.exactness import Floats, circle, cos, sin, unit
from hopchain_core.scenes.mesh import Mesh, grid_mesh, joined

Pairs = Sequence[tuple[float, float]]


def curve(controls: Pairs, per_span: int = 8) -> Floats:
    """A smooth curve through control points (Catmull-Rom), (K, 2)."""
    p = np.array([controls[0], *controls, controls[-1]], dtype=np.float64)
    p[0] = 2 * p[1] - p[2]
    p[-1] = 2 * p[-2] - p[-3]
    t = (np.arange(per_span) / per_span)[:, None]
    spans = [
        0.5
        * (
            2 * p[i]
            + (p[i + 1] - p[i - 1]) * t
            + (2 * p[i - 1] - 5 * p[i] + 4 * p[i + 1] - p[i + 2]) * t * t
            + (3 * p[i] - p[i - 1] - 3 * p[i + 1] + p[i + 2]) * t * t * t
        )
        for i in range(1, len(p) - 2)
    ]
    return np.concatenate([*spans, p[-2:-1]])


def line(start: tuple[float, float], end: tuple[float, float], count: int = 2) -> Floats:
    """A straight profile, (count, 2)."""
    t = (np.arange(count) / (count - 1))[:, None]
    return np.array([start]) * (1 - t) + np.array([end]) * t


def arc(centre: tuple[float, float], radius: float, start_deg: float, end_deg: float, count: int = 7) -> Floats:
    """A circular profile, (count, 2); degrees run anticlockwise from the outside."""
    c, s = circle(count, math.radians(start_deg), math.radians(end_deg - start_deg))
    return np.stack([centre[0] + radius * c, centre[1] + radius * s], axis=1)


def run_together(*pieces: Floats) -> Floats:
    """One profile of several that follow each other smoothly."""
    out = [pieces[0]]
    for piece in pieces[1:]:
        meets = float(np.abs(piece[0] - out[-1][-1]).max()) < 1e-9
        out.append(piece[1:] if meets else piece)
    return np.concatenate(out)


@dataclass(frozen=True, slots=True)
class Turn:
    """One smooth piece of a turned shape's profile.

    Attributes:
        profile: (K, 2) of radius and height, from the foot up the outside (and down the inside).
        material: Index of its material.
        openness: At its start and at its end.
    """

    profile: Floats
    material: int = 0
    openness: tuple[float, float] = (1.0, 1.0)


def lathe(*pieces: Turn, segments: int = 72, start_rad: float = 0.0, sweep_rad: float = 2 * math.pi) -> Mesh:
    """A shape turned about the upright axis; angle 0 faces the viewer, u runs to the viewer's right there."""
    return joined([_turned(p, segments, start_rad, sweep_rad) for p in pieces])


def _turned(piece: Turn, segments: int, start_rad: float, sweep_rad: float) -> Mesh:
    profile = piece.profile
    step = np.empty_like(profile)
    step[1:-1] = profile[2:] - profile[:-2]
    step[0] = profile[1] - profile[0]
    step[-1] = profile[-1] - profile[-2]
    length = np.sqrt(step[:, 0] ** 2 + step[:, 1] ** 2)
    step /= np.where(length > 0, length, 1)[:, None]
    c, s = circle(segments + 1, start_rad, sweep_rad)
    radius, height = profile[:, 0:1], profile[:, 1:2]
    points = np.stack([radius * s, height + 0 * s, radius * c], axis=2)
    out, up = step[:, 1:2], -step[:, 0:1]
    normals = np.stack([out * s, up + 0 * s, out * c], axis=2)
    pieces = np.sqrt(((profile[1:] - profile[:-1]) ** 2).sum(axis=1))
    along = np.concatenate([[0.0], np.cumsum(pieces)])
    along /= along[-1]
    u = np.broadcast_to(np.arange(segments + 1) / segments, points.shape[:2])
    v = np.broadcast_to(1 - along[:, None], points.shape[:2])
    low, high = piece.openness
    openness = np.broadcast_to((low + (high - low) * along)[:, None], points.shape[:2])
    return grid_mesh(
        points,
        normals,
        np.stack([u, v], axis=2),
        np.ascontiguousarray(openness),
        material=piece.material,
        row_step=max(1, len(profile) // 12),
        column_step=max(1, segments // 24),
    )


def ball(radius: float, material: int = 0, segments: int = 64) -> Mesh:
    """A sphere about the origin."""
    return lathe(Turn(arc((0, 0), radius, -90, 90, segments // 2 + 1), material), segments=segments)


def block(width: float, height: float, depth: float, rounding: float, material: int = 0, steps: int = 5) -> Mesh:
    """A box with rounded edges, standing on y = 0.

    Args:
        width: Along x.
        height: Along y.
        depth: Along z.
        rounding: Radius of its edges.
        material: Index of its material.
        steps: Facets per rounded edge.
    """
    half = np.array([width, height, depth]) / 2
    rounding = min(rounding, float(half.min()) * 0.999)
    inner = half - rounding
    bend = [sin(math.pi / 4 * i / steps) / cos(math.pi / 4 * i / steps) for i in range(steps + 1)]
    sides = []
    for axis in range(3):
        for sign in (-1.0, 1.0):
            a, b = (axis + 1) % 3, (axis + 2) % 3
            if sign < 0:
                a, b = b, a
            across, up = _edge_lines(inner[a], bend), _edge_lines(inner[b], bend)
            flat_a = np.broadcast_to(across[0][None, :], (len(up[0]), len(across[0])))
            flat_b = np.broadcast_to(up[0][:, None], flat_a.shape)
            lean = np.zeros((*flat_a.shape, 3))
            lean[..., axis] = sign
            lean[..., a] = across[1][None, :]
            lean[..., b] = up[1][:, None]
            normals = unit(lean)
            core = np.zeros_like(lean)
            core[..., axis] = sign * inner[axis]
            core[..., a], core[..., b] = flat_a, flat_b
            points = core + normals * rounding
            points[..., 1] += half[1]
            uv = np.stack([(points[..., a] + half[a]) / (2 * half[a]), (points[..., b] + half[b]) / (2 * half[b])], 2)
            sides.append(
                grid_mesh(
                    points, normals, uv, np.ones(flat_a.shape), material=material, row_step=steps, column_step=steps
                )
            )
    return joined(sides)


def _edge_lines(inner: float, bend: list[float]) -> tuple[Floats, Floats]:
    """Places of grid lines along one axis of a face, and how far the normal leans at each."""
    places = [-inner] * len(bend) + [inner] * len(bend)
    leans = [-b for b in reversed(bend)] + bend
    return np.array(places), np.array(leans)


def tube(
    path: Floats,
    radii: Floats,
    material: int = 0,
    *,
    segments: int = 20,
    flatness: float = 1.0,
    closed_ends: bool = True,
    up: tuple[float, float, float] = (0.0, 0.0, 1.0),
) -> Mesh:
    """A round bar along a path.

    Args:
        path: (K, 3)
        radii: (K,), units
        material: Index of its material.
        segments: Round the bar.
        flatness: Its extent along `up` as a share of that across.
        closed_ends: Rounds both ends off.
        up: A direction that the path never takes.
    """
    if closed_ends:
        path, radii = _rounded_ends(path, radii)
    along = np.empty_like(path)
    along[1:-1] = path[2:] - path[:-2]
    along[0], along[-1] = path[1] - path[0], path[-1] - path[-2]
    along = unit(along)
    side = unit(_cross(along, np.broadcast_to(np.array(up), along.shape)))
    lift = _cross(side, along)
    c, s = circle(segments + 1)
    s = -s
    ring = side[:, None, :] * c[None, :, None] + flatness * lift[:, None, :] * s[None, :, None]
    points = path[:, None, :] + ring * radii[:, None, None]
    normals = side[:, None, :] * c[None, :, None] * flatness + lift[:, None, :] * s[None, :, None]
    slope = np.empty(len(radii))
    run = np.sqrt(((path[2:] - path[:-2]) ** 2).sum(axis=1))
    slope[1:-1] = (radii[2:] - radii[:-2]) / np.maximum(run, 1e-6)
    slope[0], slope[-1] = slope[1], slope[-2]
    normals = unit(unit(normals) - along[:, None, :] * np.clip(slope, -4, 4)[:, None, None])
    if closed_ends:
        normals[0], normals[-1] = -along[0], along[-1]
    rows = np.arange(len(path)) / (len(path) - 1)
    uv = np.stack(
        [
            np.broadcast_to(np.arange(segments + 1) / segments, points.shape[:2]),
            np.broadcast_to(rows[:, None], points.shape[:2]),
        ],
        axis=2,
    )
    return grid_mesh(
        points,
        normals,
        uv,
        np.ones(points.shape[:2]),
        material=material,
        row_step=max(1, len(path) // 8),
        column_step=max(1, segments // 6),
    )


def _cross(a: Floats, b: Floats) -> Floats:
    return np.stack(
        [
            a[..., 1] * b[..., 2] - a[..., 2] * b[..., 1],
            a[..., 2] * b[..., 0] - a[..., 0] * b[..., 2],
            a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0],
        ],
        axis=-1,
    )


def _rounded_ends(path: Floats, radii: Floats) -> tuple[Floats, Floats]:
    c, s = circle(5, 0.0, math.pi / 2)
    first, last = unit(path[:1] - path[1:2]), unit(path[-1:] - path[-2:-1])
    head = path[:1] + first * (radii[0] * s[::-1])[:, None]
    tail = path[-1:] + last * (radii[-1] * s)[:, None]
    whole = np.concatenate([head, path[1:-1], tail])
    return whole, np.concatenate([radii[0] * c[::-1] + 1e-4, radii[1:-1], radii[-1] * c + 1e-4])


def leaf(length: float, width: float, *, rise_deg: float, droop: float, fold: float = 0.25, material: int = 0) -> Mesh:
    """A leaf from the origin out along +z, seen from either side.

    Args:
        length: Along its rib, units.
        width: At its widest, units.
        rise_deg: Angle of the stem end above the ground.
        droop: How far it bends down on its way, in radians.
        fold: How far its halves fold up along the rib.
        material: Index of its material.
    """
    rows, columns = 13, 7
    spine = [(0.0, 0.0)]
    for i in range(rows - 1):
        angle = math.radians(rise_deg) - droop * i / (rows - 2)
        spine.append((spine[-1][0] + cos(angle) / (rows - 1), spine[-1][1] + sin(angle) / (rows - 1)))
    t = np.arange(rows) / (rows - 1)
    outline = np.sqrt(np.clip(t * (1 - t), 0, None)) * 2 * (1.15 - 0.45 * t) * np.clip(t * 6, 0, 1)
    across = np.linspace(-1, 1, columns)
    x = outline[:, None] * across[None, :] * width / 2
    lift = np.abs(x) * fold
    z = np.array([s[0] for s in spine])[:, None] * length + 0 * x
    y = np.array([s[1] for s in spine])[:, None] * length + lift
    points = np.stack([x, y, z], axis=2)
    du, dv = np.gradient(points, axis=1), np.gradient(points, axis=0)
    normals = unit(_cross(dv, du))
    normals[0], normals[-1] = normals[1], normals[-2]
    uv = np.stack([np.broadcast_to((across + 1) / 2, x.shape), np.broadcast_to(1 - t[:, None], x.shape)], axis=2)
    openness = np.broadcast_to((0.55 + 0.45 * np.clip(t * 2, 0, 1))[:, None], x.shape)
    sheet = grid_mesh(
        points[:, ::-1],
        normals[:, ::-1],
        uv[:, ::-1],
        np.ascontiguousarray(openness),
        material=material,
        row_step=3,
        column_step=3,
    )
    return sheet.both_sides()


def panel(width: float, height: float, material: int = 0) -> Mesh:
    """A flat printed panel facing +z, standing on y = 0."""
    x, y = np.array([-width / 2, width / 2]), np.array([0.0, height])
    points = np.stack([np.broadcast_to(x, (2, 2)), np.broadcast_to(y[:, None], (2, 2)), np.zeros((2, 2))], axis=2)
    normals = np.zeros((2, 2, 3))
    normals[..., 2] = 1
    uv = np.array([[[0.0, 1.0], [1.0, 1.0]], [[0.0, 0.0], [1.0, 0.0]]])
    return grid_mesh(points, normals, uv, np.ones((2, 2)), material=material)


def printed_curve(radius: float, low: float, high: float, sweep_rad: float, material: int = 0) -> Mesh:
    """A printed label round the front of a cylinder."""
    profile = line((radius, low), (radius, high))
    return lathe(Turn(profile, material), segments=24, start_rad=-sweep_rad / 2, sweep_rad=sweep_rad)


def moulding(width: float, height: float, profile: Floats, material: int = 0) -> Mesh:
    """A mitred frame standing on y = 0, facing +z.

    Args:
        width: Outer width.
        height: Outer height.
        profile: (K, 2) of distance in from the outer edge and z, from the back of the outer edge over the front.
        material: Index of its material.
    """
    step = np.empty_like(profile)
    step[1:-1] = profile[2:] - profile[:-2]
    step[0], step[-1] = profile[1] - profile[0], profile[-1] - profile[-2]
    lean = unit(np.column_stack([step, np.zeros(len(step))]))
    inset, z = profile[:, 0], profile[:, 1]
    sides = []
    for along, inward, length, start in (
        ((1, 0), (0, 1), width, (-width / 2, 0.0)),
        ((0, 1), (-1, 0), height, (width / 2, 0.0)),
        ((-1, 0), (0, -1), width, (width / 2, height)),
        ((0, -1), (1, 0), height, (-width / 2, height)),
    ):
        reach = np.stack([inset, length - inset], axis=1)
        x = start[0] + along[0] * reach + inward[0] * inset[:, None]
        y = start[1] + along[1] * reach + inward[1] * inset[:, None]
        points = np.stack([x, y, np.broadcast_to(z[:, None], x.shape)], axis=2)
        normal = np.column_stack([-inward[0] * lean[:, 1], -inward[1] * lean[:, 1], lean[:, 0]])
        normals = np.ascontiguousarray(np.broadcast_to(normal[:, None, :], points.shape))
        uv = np.zeros((*x.shape, 2))
        sides.append(grid_mesh(points, normals, uv, np.ones(x.shape), material=material, row_step=3))
    return joined(sides)
