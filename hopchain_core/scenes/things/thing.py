"""One thing that can stand in a scene, before it has a place."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hopchain_core.domain.instances import Attribute, AttributeName, Origin
from hopchain_core.scenes.exactness import Floats, circle
from hopchain_core.scenes.mesh import Mesh, pitched, yawed
from hopchain_core.scenes.shading import Material


@dataclass(frozen=True, slots=True)
class Area:
    """Where something is printed on a thing.

    Attributes:
        corners: (K, 3), points round it, in the frame of the thing.
        cap_height: Of its letters, units.
    """

    corners: Floats
    cap_height: float

    @classmethod
    def flat(
        cls, width: float, height: float, cap_height: float, *, x: float = 0.0, y: float = 0.0, z: float = 0.0
    ) -> Area:
        """An upright rectangle that faces the viewer, the middle of its foot at (x, y, z)."""
        half = width / 2
        corners = [[x - half, y, z], [x + half, y, z], [x - half, y + height, z], [x + half, y + height, z]]
        return cls(np.array(corners, dtype=np.float64), cap_height)

    @classmethod
    def curved(cls, radius: float, low: float, high: float, sweep_rad: float, cap_height: float) -> Area:
        """The front of a cylinder."""
        c, s = circle(5, -sweep_rad / 2, sweep_rad)
        ring = np.column_stack([radius * s, np.zeros(5), radius * c])
        rings = [ring + np.array([0.0, y, 0.0]) for y in (low, high)]
        return cls(np.concatenate(rings), cap_height)

    def yawed(self, angle_rad: float) -> Area:
        """Turned with its thing about the upright axis."""
        return Area(yawed(self.corners, angle_rad), self.cap_height)

    def pitched(self, angle_rad: float) -> Area:
        """Turned with its thing about the x axis."""
        return Area(pitched(self.corners, angle_rad), self.cap_height)


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """A thing standing on y = 0 round the origin, facing the viewer.

    Attributes:
        category: What people call it, singular, lower case.
        colour: Its palette name.
        mesh: Its form.
        materials: By index of the mesh.
        facts: What else can be seen of it, besides its colour.
        print_area: Where it is printed on, if it is.
    """

    category: str
    colour: str
    mesh: Mesh
    materials: tuple[Material, ...]
    facts: dict[AttributeName, str] = field(default_factory=dict)
    print_area: Area | None = None

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """All facts with their source, sorted by name."""
        facts = {AttributeName.COLOUR: self.colour, **self.facts}
        return tuple(Attribute(name, facts[name], Origin.SCENE) for name in sorted(facts))
