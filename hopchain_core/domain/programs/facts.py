"""What a program can see of a picture: its instances, measured once.

All lengths are pixels of the upright picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from hopchain_core.domain.departures import Departure
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.images import Category, Image
from hopchain_core.domain.instances import AttributeName, Instance, Origin
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.programs.operations import Measure

TOO_SMALL_SIDE = 0.02
"""An instance is too small to see when a side of its box is below this share of the picture's shorter side. Chosen."""
TOO_SMALL_AREA = 0.0004
"""…or when it covers less than this share of the picture. Chosen."""
HIDDEN_SHARE = 0.8
"""Two of a kind, one box covering this share of the other: people will not agree on how many there are. Chosen."""
MIXED_UP = (
    frozenset({"cup", "wine glass"}),
    frozenset({"bench", "chair", "couch"}),
    frozenset({"backpack", "handbag", "suitcase"}),
    frozenset({"car", "truck"}),
    frozenset({"potted plant", "vase"}),
)
"""Categories that people put down differently when a picture holds more than one of a row. Chosen, from photographs."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """An instance with what programs ask of it, measured once. Two are the same when they are the same object."""

    key: InstanceKey
    category: str
    box: Box
    area_px: float
    attributes: Mapping[AttributeName, str]
    is_crowd: bool
    origin: Origin
    order: int

    def measure(self, by: Measure) -> float:
        """Centre coordinate, extent or area, in pixels."""
        match by:
            case Measure.X_CENTRE:
                return (self.box.x0 + self.box.x1) / 2
            case Measure.Y_CENTRE:
                return (self.box.y0 + self.box.y1) / 2
            case Measure.WIDTH:
                return self.box.width
            case Measure.HEIGHT:
                return self.box.height
            case Measure.AREA:
                return self.area_px

    def distance(self, other: Seen) -> float:
        """Between the centres of the boxes, in pixels."""
        return self.box.centre.distance(other.box.centre)


@dataclass(frozen=True)
class PictureFacts:
    """One picture as programs see it.

    Attributes:
        width_px: Of the upright picture.
        height_px: Of the upright picture.
        instances: All that are marked, crowd regions included.
        uncountable: Categories that must never be counted: said so by `Category.is_countable`; those with a crowd
            region, with an instance too small to see or with two instances that hide each other are added here.
        departed: What became of instances that the picture no longer shows, for the words of a finding.
    """

    width_px: int
    height_px: int
    instances: tuple[Instance, ...]
    uncountable: frozenset[str] = frozenset()
    departed: Mapping[InstanceKey, Departure] = field(default_factory=dict, compare=False)

    @classmethod
    def of(
        cls,
        image: Image,
        categories: Iterable[Category],
        instances: Iterable[Instance],
        departed: Mapping[InstanceKey, Departure] | None = None,
    ) -> PictureFacts:
        """The facts of a picture in a project."""
        said = frozenset(c.name for c in categories if not c.is_countable)
        return cls(image.width_px, image.height_px, tuple(instances), said, departed or {})

    def missing(self, key: InstanceKey) -> str:
        """What an instance that the picture does not show was and what happened, to follow a verb."""
        departure = self.departed.get(key)
        return departure.words if departure is not None else "an object that the picture no longer holds"

    @cached_property
    def seen(self) -> tuple[Seen, ...]:
        """All instances that are no crowd regions, from left to right, then from top to bottom."""
        return tuple(s for s in self._everything if not s.is_crowd)

    @cached_property
    def by_category(self) -> dict[str, tuple[Seen, ...]]:
        """Instances by category, no crowd regions; categories in alphabetical order."""
        groups: dict[str, list[Seen]] = {}
        for seen in self.seen:
            groups.setdefault(seen.category, []).append(seen)
        return {name: tuple(groups[name]) for name in sorted(groups)}

    @cached_property
    def by_key(self) -> dict[InstanceKey, Seen]:
        """Every instance by its key, crowd regions included."""
        return {s.key: s for s in self._everything}

    @cached_property
    def unsettled(self) -> frozenset[str]:
        """Categories of which people do not agree what belongs to them here.

        Those with a crowd region, those of which there are more than are marked, and those easily mixed up with
        another one in the same picture.
        """
        present = frozenset(self.by_category)
        mixed = frozenset().union(*(row & present for row in MIXED_UP if len(row & present) > 1))
        return frozenset(s.category for s in self._everything if s.is_crowd) | self.uncountable | mixed

    @cached_property
    def never_counted(self) -> frozenset[str]:
        """Categories whose members people could not count: unsettled, too small to see, or hiding each other."""
        small = frozenset(s.category for s in self.seen if self.is_too_small(s))
        hidden = frozenset(name for name, group in self.by_category.items() if _hide_each_other(group))
        return self.unsettled | small | hidden

    def is_too_small(self, seen: Seen) -> bool:
        """True when a person could overlook it."""
        shorter = min(self.width_px, self.height_px)
        side = min(seen.box.width, seen.box.height)
        return side < TOO_SMALL_SIDE * shorter or seen.area_px < TOO_SMALL_AREA * self.width_px * self.height_px

    def side_px(self, axis: Measure) -> int:
        """The picture's extent along an axis: its width for `X_CENTRE` and `WIDTH`, else its height."""
        return self.width_px if axis in (Measure.X_CENTRE, Measure.WIDTH) else self.height_px

    @cached_property
    def diagonal_px(self) -> float:
        """Length of the picture's diagonal."""
        return float((self.width_px**2 + self.height_px**2) ** 0.5)

    @cached_property
    def _everything(self) -> tuple[Seen, ...]:
        ordered = sorted(self.instances, key=lambda i: (i.box.x0, i.box.y0, i.category, i.key))
        return tuple(
            Seen(
                key=i.key,
                category=i.category,
                box=i.box,
                area_px=i.area_px,
                attributes={a.name: a.value for a in i.attributes},
                is_crowd=i.is_crowd,
                origin=i.origin,
                order=n,
            )
            for n, i in enumerate(ordered)
        )


def _hide_each_other(group: tuple[Seen, ...]) -> bool:
    for n, one in enumerate(group):
        for other in group[n + 1 :]:
            smaller = min(one.box.area, other.box.area)
            if smaller > 0 and one.box.intersection_area(other.box) >= HIDDEN_SHARE * smaller:
                return True
    return False
