"""Which instances a model is asked to build on: 3 to 6 at a time, of several kinds, apart from each other.

Source: HopChain (arXiv 2603.17024), stage 3, takes 3 to 6 instances at a time; how it chooses them is not told. The
choice here is ours: what a person can point at, as various and as far apart as may be.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from hopchain_core.domain.programs.facts import PictureFacts, Seen

LEAST_SIDE = 0.03
"""Of the picture's shorter side, so that an object can be spoken of by itself; as the program composer takes it."""
LEAST_AREA = 0.0015
"""Of the picture."""
MOST_COVERED = 0.5
"""Of the smaller box: two that share more cannot be told apart by where they are. Chosen."""
SIZES = {3: 0.2, 4: 0.35, 5: 0.3, 6: 0.15}
"""How often each number of instances is drawn where there are enough. Chosen."""
_DRAWS = 40


def combinations(facts: PictureFacts, wanted: int, rng: random.Random) -> tuple[tuple[Seen, ...], ...]:
    """Draws different combinations, as many as wanted or as there are; each from left to right.

    Args:
        facts: The picture.
        wanted: How many at most.
        rng: Where the draws come from.
    """
    candidates = _candidates(facts)
    found: dict[frozenset[str], tuple[Seen, ...]] = {}
    if len(candidates) < min(SIZES):
        return ()
    for _ in range(_DRAWS * wanted):
        if len(found) == wanted:
            break
        drawn = _draw(facts, candidates, rng)
        if len(drawn) >= min(SIZES):
            found.setdefault(frozenset(s.key for s in drawn), tuple(sorted(drawn, key=lambda s: s.order)))
    return tuple(found.values())


def _candidates(facts: PictureFacts) -> list[Seen]:
    shorter = min(facts.width_px, facts.height_px)
    picture = facts.width_px * facts.height_px
    return [
        seen
        for seen in facts.seen
        if min(seen.box.width, seen.box.height) >= LEAST_SIDE * shorter and seen.area_px >= LEAST_AREA * picture
    ]


def _draw(facts: PictureFacts, candidates: Sequence[Seen], rng: random.Random) -> list[Seen]:
    size = rng.choices(list(SIZES), list(SIZES.values()))[0]
    drawn: list[Seen] = []
    left = list(candidates)
    diagonal = (facts.width_px**2 + facts.height_px**2) ** 0.5
    while left and len(drawn) < size:
        chosen = max(left, key=lambda seen: _worth(facts, seen, drawn, diagonal) + rng.random())
        drawn.append(chosen)
        left = [seen for seen in left if seen is not chosen and _share(seen, chosen) <= MOST_COVERED]
    return drawn


def _worth(facts: PictureFacts, seen: Seen, drawn: Sequence[Seen], diagonal: float) -> float:
    """More for a kind not drawn yet, for what people agree on, and for being far from the others."""
    of_kind = sum(other.category == seen.category for other in drawn)
    apart = min((seen.distance(other) for other in drawn), default=0.0) / diagonal
    return -1.5 * of_kind - 0.5 * (seen.category in facts.unsettled) + apart


def _share(a: Seen, b: Seen) -> float:
    smaller = min(a.box.area, b.box.area)
    return a.box.intersection_area(b.box) / smaller if smaller else 1.0
