"""How near a tie each choice was: would people with good eyes agree on it without measuring?

A margin is given as a ratio to what is needed: 1.0 and more is clear, below is not, 0 is a tie. All thresholds are
chosen; `docs/programs.md` explains each one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from hopchain_core.domain.programs.facts import PictureFacts, Seen
from hopchain_core.domain.programs.operations import Direction, End, Measure, Part

SIDE_SHARE = 0.035
"""Two centres are told apart along an axis from this share of the picture's side on…"""
EXTENT_SHARE = 0.35
"""…and from this share of the smaller of the two extents along it."""
LENGTH_RATIO = 1.3
"""Two lengths are told apart from this ratio on."""
AREA_RATIO = 1.6
"""Two areas are told apart from this ratio on."""
NEAREST_RATIO = 1.4
"""The runner-up is at least this many times as far as the nearest."""
FARTHEST_RATIO = 1.25
"""The farthest is at least this many times as far as the runner-up."""
DISTANCE_SHARE = 0.03
"""…and the two distances differ by this share of the diagonal."""
HALF_SHARE = 0.85
"""An object lies in a half when this share of its extent does."""
CLEAR = 1.0

_AXIS = {
    Direction.LEFT_OF: Measure.X_CENTRE,
    Direction.RIGHT_OF: Measure.X_CENTRE,
    Direction.ABOVE: Measure.Y_CENTRE,
    Direction.BELOW: Measure.Y_CENTRE,
}
_SIGN = {Direction.LEFT_OF: -1, Direction.RIGHT_OF: 1, Direction.ABOVE: -1, Direction.BELOW: 1}


def axis_of(direction: Direction) -> Measure:
    """The coordinate along which a direction runs."""
    return _AXIS[direction]


def step(direction: Direction, start: Seen, end: Seen) -> float:
    """Pixels from one centre to the other along a direction; negative when it lies the other way."""
    axis = _AXIS[direction]
    return _SIGN[direction] * (end.measure(axis) - start.measure(axis))


def _extent(seen: Seen, axis: Measure) -> float:
    return seen.box.width if axis is Measure.X_CENTRE else seen.box.height


def positions(a: Seen, b: Seen, axis: Measure, facts: PictureFacts) -> float:
    """Margin of two centres along an axis."""
    needed = max(SIDE_SHARE * facts.side_px(axis), EXTENT_SHARE * min(_extent(a, axis), _extent(b, axis)))
    return abs(a.measure(axis) - b.measure(axis)) / needed


def ratios(larger: float, smaller: float, needed: float) -> float:
    """Margin of a ratio: 1.0 when it reaches `needed`, 0 when the two are equal."""
    if smaller <= 0:
        return 10.0 if larger > 0 else 0.0
    return min(10.0, (larger / smaller - 1) / (needed - 1))


def measures(a: Seen, b: Seen, by: Measure, facts: PictureFacts) -> float:
    """Margin of two instances by any measure."""
    if by in (Measure.X_CENTRE, Measure.Y_CENTRE):
        return positions(a, b, by, facts)
    one, other = a.measure(by), b.measure(by)
    return ratios(max(one, other), min(one, other), AREA_RATIO if by is Measure.AREA else LENGTH_RATIO)


def extreme(ordered: Sequence[Seen], rank: int, by: Measure, end: End, facts: PictureFacts) -> float:
    """Margin of the member at `rank` (from 1) of a set ordered from the asked end.

    It must be clear of both neighbours. At an end by position its edge must lie outermost too, because some people go
    by edges and others by centres.
    """
    winner = ordered[rank - 1]
    neighbours = [ordered[i] for i in (rank - 2, rank) if 0 <= i < len(ordered)]
    if not neighbours:
        return 10.0
    margin = min(measures(winner, n, by, facts) for n in neighbours)
    if by in (Measure.X_CENTRE, Measure.Y_CENTRE):
        for before, after in pairwise(ordered[: rank + 1]):
            if not _edges_agree(before, after, by, end):
                return min(margin, 0.5)
    return margin


def _edges_agree(before: Seen, after: Seen, by: Measure, end: End) -> bool:
    if by is Measure.X_CENTRE:
        return before.box.x0 <= after.box.x0 if end is End.MIN else before.box.x1 >= after.box.x1
    return before.box.y0 <= after.box.y0 if end is End.MIN else before.box.y1 >= after.box.y1


def nearest(winner: Seen, others: Iterable[Seen], to: Seen, end: End, facts: PictureFacts) -> float:
    """Margin of the nearest (or farthest): by centres, with the gaps between the boxes in the same order."""
    margin = 10.0
    distance = winner.distance(to)
    gap = winner.box.gap(to.box)
    for other in others:
        far, near = (other.distance(to), distance) if end is End.MIN else (distance, other.distance(to))
        by_ratio = ratios(far, near, NEAREST_RATIO if end is End.MIN else FARTHEST_RATIO)
        by_share = (far - near) / (DISTANCE_SHARE * facts.diagonal_px)
        margin = min(margin, by_ratio, by_share)
        other_gap = other.box.gap(to.box)
        wide, narrow = (other_gap, gap) if end is End.MIN else (gap, other_gap)
        if wide <= narrow:
            margin = min(margin, 0.5)
    return max(0.0, margin)


def in_part(seen: Seen, part: Part, facts: PictureFacts) -> float:
    """Margin of lying in one half or the other: the share of the extent on the centre's side of the line."""
    if part in (Part.LEFT, Part.RIGHT):
        low, high, middle = seen.box.x0, seen.box.x1, facts.width_px / 2
    else:
        low, high, middle = seen.box.y0, seen.box.y1, facts.height_px / 2
    if high <= low:
        return 0.0
    below = min(max(middle - low, 0.0), high - low) / (high - low)
    side = facts.width_px if part in (Part.LEFT, Part.RIGHT) else facts.height_px
    by_share = (max(below, 1 - below) - 0.5) / (HALF_SHARE - 0.5)
    by_centre = abs((low + high) / 2 - middle) / (SIDE_SHARE * side)
    return min(by_share, by_centre)


def next_along(winner: Seen, others: Iterable[Seen], start: Seen, direction: Direction, facts: PictureFacts) -> float:
    """Margin of the next one in a direction.

    It must clearly lie there and clearly come first; it must also be the nearest of those lying there, and rather
    beside the start than above or below it, because people let their eyes travel along a row.
    """
    axis = _AXIS[direction]
    margin = positions(start, winner, axis, facts)
    along = step(direction, start, winner)
    across_axis = Measure.Y_CENTRE if axis is Measure.X_CENTRE else Measure.X_CENTRE
    across = abs(winner.measure(across_axis) - start.measure(across_axis))
    if across > along:
        margin = min(margin, 0.5)
    for other in others:
        margin = min(margin, positions(winner, other, axis, facts))
        if other.distance(start) <= 1.15 * winner.distance(start):
            margin = min(margin, 0.5)
    return margin
