"""Apples, oranges, pears and bananas."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from hopchain_core.scenes.exactness import circle, hex_to_linear, unit
from hopchain_core.scenes.mesh import Mesh, joined
from hopchain_core.scenes.palette import Rgb, mixed, to_bytes
from hopchain_core.scenes.shading import Material, Texture
from hopchain_core.scenes.solids import Turn, arc, curve, lathe, leaf, tube
from hopchain_core.scenes.things.finishes import WHITE, matte, printed, tint
from hopchain_core.scenes.things.thing import Thing
from hopchain_core.scenes.words import Printer

_STEM = hex_to_linear("#5a3d22")
_LEAF = hex_to_linear("#3f8a3c")


def apple(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """An apple with a stem and now and then a leaf."""
    profile = curve(
        [
            (0.0, 0.09),
            (0.1, 0.03),
            (0.2, 0.0),
            (0.36, 0.14),
            (0.45, 0.42),
            (0.4, 0.68),
            (0.24, 0.79),
            (0.1, 0.74),
            (0.0, 0.64),
        ],
        7,
    )
    profile[:, 0] = np.maximum(profile[:, 0], 0)
    body = _ripe(colour, rng)
    cheek = mixed(body, hex_to_linear("#f3d24c"), 0.45 if colour == "red" else 0.2)
    skin = printed(_skin(body, cheek, rng), Material(WHITE, is_fine=False, gloss=0.6, sharpness=0.55, wrap=0.25))
    form = _wobbled(lathe(Turn(profile, 0)), rng, 0.02)
    lean = 0.1 * (rng.random() - 0.5)
    path = np.column_stack([curve([(0.0, 0.6), (0.02, 0.76), (0.09, 0.95)]), np.zeros(17)])
    parts = [form, tube(path, np.linspace(0.025, 0.034, 17), 1, segments=10)]
    if rng.random() < 0.6:
        green = leaf(0.42, 0.24, rise_deg=30, droop=0.9, material=2).yawed(rng.choice((-1, 1)) * 1.2)
        parts.append(green.moved(x=0.05, y=0.84))
    mesh = joined(parts).rolled(lean).yawed(rng.random() * 6)
    return Thing("apple", colour, mesh.scaled(1.02), (skin, matte(_STEM), Material(_LEAF, gloss=0.3, wrap=0.4)))


def pear(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """A pear with a stem."""
    profile = curve(
        [
            (0.0, 0.06),
            (0.16, 0.0),
            (0.36, 0.14),
            (0.43, 0.4),
            (0.34, 0.68),
            (0.21, 0.92),
            (0.17, 1.08),
            (0.1, 1.17),
            (0.0, 1.18),
        ],
        7,
    )
    profile[:, 0] = np.maximum(profile[:, 0], 0)
    body = _ripe(colour, rng)
    skin = printed(
        _skin(body, mixed(body, WHITE, 0.12), rng), Material(WHITE, is_fine=False, gloss=0.4, sharpness=0.4, wrap=0.3)
    )
    form = _wobbled(lathe(Turn(profile, 0)), rng, 0.02)
    path = np.column_stack([curve([(0.0, 1.12), (0.0, 1.26), (0.08, 1.42)]), np.zeros(17)])
    stem = tube(path, np.linspace(0.03, 0.036, 17), 1, segments=10)
    mesh = joined([form, stem]).rolled(0.16 * (rng.random() - 0.5)).yawed(rng.random() * 6)
    return Thing("pear", colour, mesh, (skin, matte(_STEM)))


def orange(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """An orange with pores and a green star where the stem was."""
    radius = 0.44
    body = tint(colour, rng)
    skin = printed(_pores(body, rng), Material(WHITE, is_fine=False, gloss=0.35, sharpness=0.3, wrap=0.3))
    profile = arc((0, 0), radius, -90, 90, 33) * np.array([1.0, 0.94])
    profile[-3:, 1] -= np.array([0.0, 0.012, 0.03])
    form = lathe(Turn(profile, 0))
    star = lathe(
        Turn(curve([(0.075, radius * 0.905), (0.05, radius * 0.955), (0.0, radius * 0.95)], 4), 1), segments=10
    )
    mesh = joined([form, star]).rolled(0.5 * (rng.random() - 0.5)).pitched(0.35 * rng.random())
    mesh = mesh.yawed(rng.random() * 6).moved(y=radius * 0.94)
    return Thing("orange", colour, mesh, (skin, matte(hex_to_linear("#4d7a35"))))


def banana(rng: Random, colour: str, printer: Printer | None = None) -> Thing:
    """A banana lying on its side, or resting on both ends."""
    count = 33
    sweep = 1.5
    c, s = circle(count, -sweep / 2, sweep)
    bow = 1.0
    path = np.column_stack([bow * s, np.zeros(count), bow * (c - 1)])
    t = np.arange(count) / (count - 1)
    radii = np.interp(
        t, [0, 0.03, 0.08, 0.2, 0.45, 0.75, 0.9, 0.95, 1.0], [0.05, 0.055, 0.06, 0.15, 0.185, 0.17, 0.09, 0.06, 0.055]
    )
    body = tint(colour, rng)
    brown, green = hex_to_linear("#4a3319"), hex_to_linear("#a9b53a")
    rows = 256
    texture = np.empty((rows, 4, 3), dtype=np.uint8)
    for i in range(rows):
        end = min(i, rows - 1 - i) / rows
        tone = mixed(body, green, max(0.0, 1 - i / rows / 0.14) * 0.5) if end > 0.045 else brown
        texture[i] = to_bytes(tone)
    skin = printed(texture, Material(WHITE, is_fine=False, gloss=0.25, sharpness=0.25, wrap=0.3))
    form = tube(path, radii, 0, segments=28, up=(0.0, 1.0, 0.0))
    form = _faceted(form)
    rests = form.moved(y=0.17, z=0.15)
    if rng.random() < 0.4:
        arched = form.pitched(-np.pi / 2)
        rests = arched.moved(y=-float(arched.points[:, 1].min()))
    mesh = rests.yawed(rng.choice((0.0, math.pi)) + 0.5 * (rng.random() - 0.5))
    return Thing("banana", colour, mesh, (skin,))


def _ripe(colour: str, rng: Random) -> Rgb:
    """The tint of a fruit's skin: its green is a leaf's, not a painter's."""
    body = tint(colour, rng)
    return mixed(body, hex_to_linear("#8fbc3a"), 0.55) if colour == "green" else body


def _faceted(mesh: Mesh) -> Mesh:
    """Presses the round bar a little towards the five sides of a banana; the normals alone do it."""
    normals = mesh.normals.copy()
    normals[:, 1] = normals[:, 1] * (1 + 0.5 * np.abs(normals[:, 1]))
    return Mesh(mesh.points, unit(normals), mesh.uv, mesh.openness, mesh.triangles, mesh.materials, mesh.coarse)


def _wobbled(mesh: Mesh, rng: Random, amount: float) -> Mesh:
    """A fruit that is not quite round."""
    dx, dz = amount * (rng.random() - 0.5) * 2, amount * (rng.random() - 0.5) * 2
    points = mesh.points.copy()
    points[:, 0] *= 1 + dx + 0.6 * dz * points[:, 1]
    points[:, 2] *= 1 + dz
    return Mesh(points, mesh.normals, mesh.uv, mesh.openness, mesh.triangles, mesh.materials, mesh.coarse)


def _skin(body: Rgb, cheek: Rgb, rng: Random) -> Texture:
    """Fine upright streaks, paler towards the stem."""
    height, width = 128, 160
    noise = np.random.Generator(np.random.PCG64(rng.getrandbits(32)))
    streak = noise.random(width)
    streak = (streak + np.roll(streak, 1) + np.roll(streak, 2)) / 3
    speck = noise.random((height, width)) < 0.012
    v = np.arange(height)[:, None] / height
    share = (
        np.clip(0.75 - 3.2 * v, 0, 1) * (0.35 + 0.65 * streak)[None, :]
        + 0.22 * (streak - 0.5)[None, :] * (v > 0.05)
        + 0.25 * speck
    )
    share = np.clip(share, 0, 1)[..., None]
    a, b = np.array(to_bytes(body), dtype=np.float64), np.array(to_bytes(cheek), dtype=np.float64)
    texture: Texture = np.rint(a * (1 - share) + b * share).astype(np.uint8)
    return texture


def _pores(body: Rgb, rng: Random) -> Texture:
    height, width = 150, 260
    noise = np.random.Generator(np.random.PCG64(rng.getrandbits(32)))
    grain = noise.random((height, width))
    grain = (grain + np.roll(grain, 1, 0) + np.roll(grain, 1, 1) + np.roll(grain, (1, 1), (0, 1))) / 4
    base = np.array(to_bytes(body), dtype=np.float64)
    return np.clip(np.rint(base * (1 - 0.28 * np.clip(grain - 0.5, 0, 1))[..., None]), 0, 255).astype(np.uint8)
