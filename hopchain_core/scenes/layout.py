"""Where things stand: on ledges, apart from each other, in sight, with all print in the open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from hopchain_core.scenes.camera import Camera
from hopchain_core.scenes.exactness import Floats
from hopchain_core.scenes.mesh import Mesh
from hopchain_core.scenes.rooms.room import Ledge, Room
from hopchain_core.scenes.things.thing import Thing

_SHRINK = 4
_CANDIDATES, _MOST_CANDIDATES = 48, 160
_MARGIN = 0.012


@dataclass(frozen=True, slots=True, eq=False)
class Cluster:
    """Things that are placed together: one, or a stack, or a row of books.

    Attributes:
        things: With their places relative to the cluster's own, (x, y, z).
    """

    things: tuple[tuple[Thing, tuple[float, float, float]], ...]

    @property
    def silhouettes(self) -> list[Floats]:
        """For each thing, enough of its points to outline it, relative to the cluster's place, (N, 3)."""
        return [_outer(t.mesh) + np.array(at) for t, at in self.things]

    @property
    def height(self) -> float:
        """Units from its foot to its top."""
        return max(t.mesh.height + at[1] for t, at in self.things)

    @property
    def footprint_area(self) -> float:
        """Square units of the ground it takes."""
        points = np.concatenate(self.silhouettes)
        width, _, depth = points.max(axis=0) - points.min(axis=0)
        return float(width * depth)

    @property
    def category(self) -> str:
        """Of its first thing."""
        return self.things[0][0].category


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A thing in the room.

    Attributes:
        thing: What it is.
        mesh: Its form, in the room.
        ledge: What it stands on.
        cluster: Number of its cluster; things of one cluster may lie on each other.
        print_corners: (K, 3), points round what is printed on it, in the room; None when nothing is.
    """

    thing: Thing
    mesh: Mesh
    ledge: Ledge
    cluster: int
    print_corners: Floats | None = None

    @property
    def depth_order(self) -> tuple[float, float]:
        """Sorts things from the farthest to the nearest, and from the lowest in a stack up."""
        return (float(self.mesh.points[:, 2].mean()), float(self.mesh.points[:, 1].min()))


@dataclass(eq=False)
class _Spot:
    """A cluster somewhere on a ledge, as the picture would show it."""

    cluster: Cluster
    ledge: Ledge
    x: float
    z: float
    footprint: tuple[float, float, float, float]
    silhouette: NDArray[np.bool_]
    prints: NDArray[np.bool_] | None
    hidden: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.hidden = np.zeros_like(self.silhouette)

    def hidden_share(self, further: NDArray[np.bool_] | None = None) -> float:
        """How much of it is hidden, also by one more thing."""
        cover = self.hidden if further is None else self.hidden | further
        return float(np.count_nonzero(cover & self.silhouette)) / max(1, int(np.count_nonzero(self.silhouette)))


class Layout:
    """Places clusters one by one where they disturb each other least.

    Args:
        room: With its ledges and camera.
        rng: Of the scene.
        min_visible: Least share of each thing that stays in sight.
        least_cap_px: Smallest capital that can be read.
    """

    def __init__(self, room: Room, rng: Random, *, min_visible: float, least_cap_px: float) -> None:
        self._room, self._rng = room, rng
        self._most_hidden = 1 - min(0.97, min_visible + 0.08)
        self._least_cap_px = least_cap_px
        self._spots: list[_Spot] = []

    def place(self, cluster: Cluster, *, towards_back: float) -> bool:
        """Finds a spot for a cluster.

        Args:
            cluster: What to place.
            towards_back: 1 for the back of a ledge, 0 for its front.

        Returns:
            Whether there was one.
        """
        silhouettes = cluster.silhouettes
        points = np.concatenate(silhouettes)
        low, high = points.min(axis=0), points.max(axis=0)
        best: tuple[float, _Spot] | None = None
        for tried in range(_MOST_CANDIDATES):
            if best is not None and tried >= _CANDIDATES:
                break
            ledge = self._rng.choice(self._room.ledges)
            if high[1] > ledge.headroom:
                continue
            x = self._rng.uniform(ledge.left - low[0], ledge.right - high[0])
            z_back, z_front = ledge.back - low[2], ledge.front - high[2]
            if z_front < z_back or ledge.right - high[0] < ledge.left - low[0]:
                continue
            wish = z_front + (z_back - z_front) * towards_back
            z = min(z_front, max(z_back, wish + (self._rng.random() - 0.5) * 1.1 * (z_front - z_back)))
            spot = self._spot(cluster, ledge, x, z, (x + low[0], z + low[2], x + high[0], z + high[2]), silhouettes)
            if spot is None:
                continue
            cost = self._cost(spot, abs(z - wish) / max(0.5, z_front - z_back))
            if cost is not None and (best is None or cost < best[0]):
                best = (cost, spot)
        if best is None:
            return False
        self._take(best[1])
        return True

    def placed(self) -> list[Placed]:
        """All things in the room, farthest first."""
        out = []
        for number, spot in enumerate(self._spots):
            for thing, (dx, dy, dz) in spot.cluster.things:
                x, y, z = spot.x + dx, spot.ledge.y + dy, spot.z + dz
                corners = thing.print_area.corners + np.array([x, y, z]) if thing.print_area else None
                out.append(Placed(thing, thing.mesh.moved(x, y, z), spot.ledge, number, corners))
        return sorted(out, key=lambda p: p.depth_order)

    def _spot(
        self,
        cluster: Cluster,
        ledge: Ledge,
        x: float,
        z: float,
        footprint: tuple[float, float, float, float],
        silhouettes: list[Floats],
    ) -> _Spot | None:
        camera = self._room.camera
        gap = 0.1
        for other in self._spots:
            if other.ledge is ledge and _overlap(other.footprint, footprint, gap):
                return None
        here = np.array([x, ledge.y, z])
        screens = [camera.project(points + here)[0] for points in silhouettes]
        screen = np.concatenate(screens)
        low, high = screen.min(axis=0), screen.max(axis=0)
        margin = _MARGIN * camera.width_px
        top = max(margin, ledge.least_row_px + margin / 3)
        if low[0] < margin or low[1] < top or high[0] > camera.width_px - margin or high[1] > camera.height_px - margin:
            return None
        silhouette = self._blank()
        for outline in screens:
            _fill(silhouette, outline)
        prints: NDArray[np.uint8] | None = None
        for thing, at in cluster.things:
            if thing.print_area is None:
                continue
            corners = thing.print_area.corners + np.array(at) + here
            if self._cap_px(corners, thing.print_area.cap_height) < self._least_cap_px:
                return None
            prints = self._blank() if prints is None else prints
            _fill(prints, camera.project(corners)[0])
        return _Spot(cluster, ledge, x, z, footprint, silhouette > 0, None if prints is None else prints > 0)

    def _cap_px(self, corners: Floats, cap_height: float) -> float:
        """Height of a capital in the picture, from how far apart the print's upper and lower corners are."""
        screen = self._room.camera.project(corners)[0]
        count = len(corners) // 2
        tall = corners[count:] - corners[:count]
        seen = screen[:count, 1] - screen[count:, 1]
        length = np.sqrt(tall[:, 0] ** 2 + tall[:, 1] ** 2 + tall[:, 2] ** 2)
        return float((seen / length).min()) * cap_height

    def _cost(self, spot: _Spot, off_wish: float) -> float | None:
        """How much a spot disturbs; None where it hides too much or is hidden too much."""
        overlap = 0.0
        hidden = np.zeros_like(spot.silhouette)
        crowd = alike = 0.0
        for other in self._spots:
            distance = (
                (other.x - spot.x) ** 2 + (other.z - spot.z) ** 2 * 1.5 + (other.ledge.y - spot.ledge.y) ** 2
            ) ** 0.5
            crowd += 1 / (0.3 + distance * distance)
            alike += 1 / (0.3 + distance) if other.cluster.category == spot.cluster.category else 0.0
            common = other.silhouette & spot.silhouette
            count = int(np.count_nonzero(common))
            if not count:
                continue
            overlap += count
            behind, front = (other, spot) if _is_before(spot, other) else (spot, other)
            if behind.prints is not None and (behind.prints & front.silhouette).any():
                return None
            if behind is other and other.hidden_share(common) > self._most_hidden:
                return None
            if behind is spot:
                hidden |= common
        if np.count_nonzero(hidden) > self._most_hidden * np.count_nonzero(spot.silhouette):
            return None
        overlap /= np.count_nonzero(spot.silhouette)
        return 6.0 * overlap + 0.4 * crowd + 1.0 * alike + 0.8 * off_wish

    def _take(self, spot: _Spot) -> None:
        for other in self._spots:
            if _is_before(spot, other):
                other.hidden |= other.silhouette & spot.silhouette
            else:
                spot.hidden |= other.silhouette & spot.silhouette
        self._spots.append(spot)

    def _blank(self) -> NDArray[np.uint8]:
        camera: Camera = self._room.camera
        return np.zeros((camera.height_px // _SHRINK, camera.width_px // _SHRINK), dtype=np.uint8)


def _outer(mesh: Mesh) -> Floats:
    """Points of the coarse triangles that lie out in one of many directions."""
    points = mesh.points[np.unique(mesh.coarse)] if len(mesh.coarse) else mesh.points
    kept: set[int] = set()
    for x in (-1.0, -0.4, 0.0, 0.4, 1.0):
        for y in (-1.0, -0.5, 0.0, 0.5, 1.0):
            for z in (-1.0, 0.0, 1.0):
                along = points[:, 0] * x + points[:, 1] * y + points[:, 2] * z
                kept |= {int(along.argmax()), int(along.argmin())}
    return points[sorted(kept)]


def _fill(bitmap: NDArray[np.uint8], outline: Floats) -> None:
    screen = np.rint(outline / _SHRINK).astype(np.int32)
    cv2.fillConvexPoly(bitmap, cv2.convexHull(screen), 1)


def _overlap(a: Sequence[float], b: Sequence[float], gap: float) -> bool:
    return a[0] < b[2] + gap and b[0] < a[2] + gap and a[1] < b[3] + gap and b[1] < a[3] + gap


def _is_before(a: _Spot, b: _Spot) -> bool:
    """Whether `a` stands nearer to the viewer."""
    if a.ledge is not b.ledge:
        return a.ledge.y < b.ledge.y
    if a.footprint[1] >= b.footprint[3]:
        return True
    if b.footprint[1] >= a.footprint[3]:
        return False
    return a.z > b.z
