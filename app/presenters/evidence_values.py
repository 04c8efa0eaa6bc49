"""What there is to see of a hop, as frozen values; places are instances or points of the upright picture, in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from app.presenters.evidence_words import Remark
from hopchain_core.domain.geometry import Point
from hopchain_core.domain.keys import InstanceKey

Place = Union[Point, InstanceKey]


@dataclass(frozen=True, slots=True)
class Link:
    """A line from one place to another with a few words."""

    start: Place
    end: Place
    text: str = ""


@dataclass(frozen=True, slots=True)
class Border:
    """A line across the picture; what lies on one side of it counts.

    Attributes:
        through: A point of it.
        towards: Direction to the side that counts.
        text: A few words.
    """

    through: Point
    towards: tuple[float, float]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HopEvidence:
    """What a hop looks like on its picture.

    Attributes:
        origins: Instances handed on by earlier hops.
        found: Instances that the hop establishes.
        lit: All that the hop is about, origins and found among them.
        members: Others of the chain and those that the choice was made among.
        arrows: From what is given to what is found.
        dashes: To what was not chosen.
        tags: Words and figures at a place.
        border: The line that decides what counts, where there is one.
        remarks: How clear each choice was, in words.
        zoomed: What should be in sight.
    """

    origins: tuple[InstanceKey, ...] = ()
    found: tuple[InstanceKey, ...] = ()
    lit: frozenset[InstanceKey] = frozenset()
    members: frozenset[InstanceKey] = frozenset()
    arrows: tuple[Link, ...] = ()
    dashes: tuple[Link, ...] = ()
    tags: tuple[tuple[Place, str], ...] = ()
    border: Border | None = None
    remarks: tuple[Remark, ...] = ()
    zoomed: frozenset[InstanceKey] = frozenset()
