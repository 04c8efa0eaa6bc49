"""Middle hops that go from the current instance to another one."""

from __future__ import annotations

import random

from hopchain_core.backends.program.draft import Draft, Step, can_be_told_apart
from hopchain_core.backends.program.known import ONE_COLOUR
from hopchain_core.backends.program.landmarks import Landmark
from hopchain_core.backends.program.words import SIDE, plural, singular
from hopchain_core.domain.chains import Level
from hopchain_core.domain.instances import AttributeName
from hopchain_core.domain.programs.operations import (
    Direction,
    End,
    Extreme,
    Filter,
    Group,
    Matches,
    Measure,
    Nearest,
    Placed,
    Relation,
    Unique,
)

_GO = ("Now find", "Next, find", "From there, go to", "Then take")

_NEXT = {
    Direction.LEFT_OF: "the next {n} to the left",
    Direction.RIGHT_OF: "the next {n} to the right",
}

_BEST: tuple[tuple[Measure, End, str], ...] = (
    (Measure.Y_CENTRE, End.MIN, "the one highest up"),
    (Measure.Y_CENTRE, End.MAX, "the one lowest down"),
    (Measure.AREA, End.MAX, "the one that looks largest"),
    (Measure.X_CENTRE, End.MIN, "the one farthest to the left"),
    (Measure.X_CENTRE, End.MAX, "the one farthest to the right"),
)


def moves(draft: Draft, marks: list[Landmark], rng: random.Random) -> list[Step]:
    """Every way on to another instance."""
    steps: list[Step] = []
    it = draft.this()
    for category, group in draft.facts.by_category.items():
        others = [s for s in group if s is not draft.current]
        if not others:
            continue
        is_distinct = can_be_told_apart(category, draft.facts)
        if len(others) >= 2 and is_distinct:
            steps += _nearest(draft, category, it, rng)
            steps += _next(draft, category, it, rng)
        if len(others) >= 2:
            best = _best_beside(draft, category, it, rng)
            steps += best if is_distinct else [s for s in best if "largest" in s.clause]
            steps += _same_colour(draft, category, it, rng)
    steps += _among_named(draft, marks, it, rng)
    return steps


def _among_named(draft: Draft, marks: list[Landmark], it: str, rng: random.Random) -> list[Step]:
    """The nearest of a few things that are named one by one: for pictures in which little comes twice."""
    by_seen = {m.seen: m for m in reversed(marks) if m.seen not in draft.named}
    if len(by_seen) < 2:
        return []
    # Plain names come first; "the largest car" joins them only where there are too few.
    free = sorted(by_seen.values(), key=lambda m: (not m.is_single, rng.random()))
    chosen = free[: rng.choice((2, 3, 3))]
    group = Group(tuple(m.expression for m in chosen))
    words = ", ".join(f"the {m.words}" for m in chosen[:-1]) + f" and the {chosen[-1].words}"
    shown = draft.this(short=False)
    return [
        Step(
            operation=Nearest(draft.it, group, end),
            level=Level.SEVERAL,
            clause=f"Of {words}, take the one {phrase} {it}.",
            sub_question=f"Of {words}, which is {phrase} {shown}?",
            names=tuple(m.seen for m in chosen),
            move=f"move:{word}-named",
        )
        for end, word, phrase in ((End.MIN, "nearest", "nearest to"), (End.MAX, "farthest", "farthest away from"))
    ]


def _other(draft: Draft, category: str) -> str:
    """The name of what is looked for, told apart from the current one where both are of a kind."""
    name = singular(category)
    return f"other {name}" if draft.current.category == category else name


def _nearest(draft: Draft, category: str, it: str, rng: random.Random) -> list[Step]:
    shown = draft.this(short=False)
    return [
        Step(
            operation=Nearest(draft.it, Filter(category), end),
            level=Level.SEVERAL,
            clause=f"{rng.choice(_GO)} the {noun} {words} {it}.",
            sub_question=f"Which {noun} is {words} {shown}?",
            move=f"move:{word}",
        )
        for end, word, noun, words in (
            (End.MIN, "nearest", _other(draft, category), rng.choice(("nearest to", "closest to"))),
            (End.MAX, "farthest", singular(category), "farthest away from"),
        )
    ]


def _next(draft: Draft, category: str, it: str, rng: random.Random) -> list[Step]:
    steps = []
    name = singular(category)
    shown = draft.this(short=False)
    for direction, phrase in _NEXT.items():
        words = phrase.format(n=name)
        if category == draft.current.category:
            clause = f"Move on to {words}."
        else:
            clause = f"{rng.choice(_GO)} the first {name} {SIDE[direction]} {it}."
        steps.append(
            Step(
                operation=Relation(draft.it, direction, Filter(category)),
                level=Level.SEVERAL,
                clause=clause,
                sub_question=f"Which is {words} of {shown}?",
                move="move:next",
            )
        )
    return steps


def _best_beside(draft: Draft, category: str, it: str, rng: random.Random) -> list[Step]:
    steps = []
    shown = draft.this(short=False)
    several = plural(category)
    for direction in Direction:
        beside = Filter(category, (Placed(direction, draft.it),))
        for by, end, words in _BEST:
            along = by in (Measure.X_CENTRE,) and direction in (Direction.LEFT_OF, Direction.RIGHT_OF)
            across = by is Measure.Y_CENTRE and direction in (Direction.ABOVE, Direction.BELOW)
            if along or across:  # that is the extreme of all of them, so the current instance would not matter
                continue
            steps.append(
                Step(
                    operation=Extreme(beside, by, end),
                    level=Level.SEVERAL,
                    clause=f"Of the {several} {SIDE[direction]} {it}, take {words}.",
                    sub_question=f"Of the {several} {SIDE[direction]} {shown}, which is {words}?",
                    move="move:best",
                )
            )
    return steps


def _same_colour(draft: Draft, category: str, it: str, rng: random.Random) -> list[Step]:
    if AttributeName.COLOUR not in draft.current.attributes or {category, draft.current.category} & ONE_COLOUR:
        return []
    noun = _other(draft, category)
    shown = draft.this(short=False)
    return [
        Step(
            operation=Unique(Filter(category, (Matches(AttributeName.COLOUR, draft.it),))),
            level=Level.SEVERAL,
            clause=f"{rng.choice(_GO)} the {noun} that has the same colour as {it}.",
            sub_question=f"Which {noun} has the same colour as {shown}?",
            move="move:colour",
        )
    ]
