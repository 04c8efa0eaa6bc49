"""First hops: how a walk begins."""

from __future__ import annotations

import random

from hopchain_core.backends.program.draft import Draft, Step, can_be_told_apart
from hopchain_core.backends.program.landmarks import Landmark
from hopchain_core.backends.program.words import ordinal, singular
from hopchain_core.domain.chains import Level
from hopchain_core.domain.instances import AttributeName
from hopchain_core.domain.programs.operations import (
    End,
    Extreme,
    Filter,
    HasAttribute,
    Measure,
    Nearest,
    Unique,
)

_FIND = ("Find", "Look for", "Start with")

_EXTREMES: tuple[tuple[Measure, End, tuple[str, ...], str], ...] = (
    (Measure.X_CENTRE, End.MIN, ("the {n} farthest to the left", "the leftmost {n}"), "Which {n} is farthest to the left?"),
    (Measure.X_CENTRE, End.MAX, ("the {n} farthest to the right", "the rightmost {n}"), "Which {n} is farthest to the right?"),
    (Measure.Y_CENTRE, End.MIN, ("the {n} highest up in the picture", "the topmost {n}"), "Which {n} is highest up in the picture?"),
    (Measure.Y_CENTRE, End.MAX, ("the {n} lowest down in the picture",), "Which {n} is lowest down in the picture?"),
    (Measure.AREA, End.MAX, ("the {n} that looks largest", "the {n} that takes up the most room in the picture"), "Which {n} looks largest?"),
    (Measure.AREA, End.MIN, ("the {n} that looks smallest",), "Which {n} looks smallest?"),
)  # fmt: skip

_RANKED: tuple[tuple[Measure, End, str], ...] = (
    (Measure.X_CENTRE, End.MIN, "{o} {n} from the left"),
    (Measure.X_CENTRE, End.MAX, "{o} {n} from the right"),
)


def starts(draft: Draft, marks: list[Landmark], rng: random.Random) -> list[Step]:
    """Every way to begin. Clear or not is found out when a step is tried."""
    steps: list[Step] = []
    for category, group in draft.facts.by_category.items():
        name = singular(category)
        if len(group) == 1:
            steps.append(
                Step(
                    operation=Unique(Filter(category)),
                    level=Level.ONE_OBJECT,
                    clause=f"{rng.choice(_FIND)} the {name}.",
                    sub_question=f"Where is the {name}?",
                    move="start:unique",
                )
            )
            continue
        extremes = _extremes(category, name, rng)
        if not can_be_told_apart(category, draft.facts):
            steps += [s for s in extremes if "largest" in s.sub_question]
            continue
        steps += extremes
        if len(group) >= 3:
            # The third of three would be the first from the other side.
            steps += _ranked(category, name, (2, 3) if len(group) >= 5 else (2,), rng)
        steps += _by_attribute(category, name, draft, rng)
        steps += _near_landmark(category, name, marks, rng)
    return steps


def _extremes(category: str, name: str, rng: random.Random) -> list[Step]:
    return [
        Step(
            operation=Extreme(Filter(category), by, end),
            level=Level.SEVERAL,
            clause=f"{rng.choice(_FIND)} {rng.choice(phrases).format(n=name)}.",
            sub_question=question.format(n=name),
            move=f"start:{by.value}",
        )
        for by, end, phrases, question in _EXTREMES
    ]


def _ranked(category: str, name: str, ranks: tuple[int, ...], rng: random.Random) -> list[Step]:
    return [
        Step(
            operation=Extreme(Filter(category), by, end, rank),
            level=Level.SEVERAL,
            clause=f"{rng.choice(_FIND)} the {phrase.format(o=ordinal(rank), n=name)}.",
            sub_question=f"Which is the {phrase.format(o=ordinal(rank), n=name)}?",
            move="start:ordinal",
        )
        for by, end, phrase in _RANKED
        for rank in ranks
    ]


def _by_attribute(category: str, name: str, draft: Draft, rng: random.Random) -> list[Step]:
    steps = []
    group = draft.facts.by_category[category]
    for attribute in (AttributeName.COLOUR, AttributeName.TEXT, AttributeName.NUMBER):
        values = [s.attributes.get(attribute) for s in group]
        for value in sorted({v for v in values if v is not None}):
            if values.count(value) != 1 or (attribute is AttributeName.COLOUR and None in values):
                continue
            match attribute:
                case AttributeName.COLOUR:
                    words, question = f"{value} {name}", f"Which {name} is {value}?"
                case AttributeName.TEXT:
                    words, question = f'{name} that says "{value}"', f'Which {name} says "{value}"?'
                case _:
                    words, question = f"{name} with the number {value} on it", f"Which {name} shows the number {value}?"
            # Members without the attribute are simply not it: only what is written or coloured is looked for.
            known = Filter(category, (HasAttribute(attribute, value),))
            steps.append(
                Step(
                    operation=Unique(known),
                    level=Level.ONE_OBJECT,
                    clause=f"{rng.choice(_FIND)} the {words}.",
                    sub_question=question,
                    move=f"start:{attribute.value}",
                )
            )
    return steps


def _near_landmark(category: str, name: str, marks: list[Landmark], rng: random.Random) -> list[Step]:
    return [
        Step(
            operation=Nearest(mark.expression, Filter(category)),
            level=Level.SEVERAL,
            clause=f"{rng.choice(_FIND)} the {name} nearest to the {mark.words}.",
            sub_question=f"Which {name} is nearest to the {mark.words}?",
            names=(mark.seen,),
            move="start:nearest",
        )
        for mark in marks
        if mark.seen.category != category and mark.is_single
    ]
