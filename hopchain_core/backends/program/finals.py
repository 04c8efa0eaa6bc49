"""Last hops: a count somewhere in the scene, joined with the number so far."""

from __future__ import annotations

import random
from decimal import Decimal

from hopchain_core.backends.program.draft import Draft, Step, is_referable
from hopchain_core.backends.program.gates import ONE_COLOUR, last_gates
from hopchain_core.backends.program.landmarks import Landmark
from hopchain_core.backends.program.words import HALF, plural
from hopchain_core.domain.chains import Level
from hopchain_core.domain.instances import AttributeName, Origin
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Count,
    Direction,
    Expression,
    Filter,
    HasAttribute,
    HopOutput,
    InPart,
    Operator,
    Part,
    Placed,
)

MOST_COUNTED = 8
"""People do not miscount up to this many. Chosen; rendered scenes may go up to 10."""
MOST_COUNTED_IN_SCENE = 10
MOST_TOTAL = 200
"""Totals stay small enough to be worked out in one's head. Chosen."""

_ASK = (
    "What is the result?",
    "What number do you get?",
    "What is the final number?",
    "Which number do you end up with?",
)

_BESIDE = {
    Direction.LEFT_OF: "to the left of",
    Direction.RIGHT_OF: "to the right of",
    Direction.ABOVE: "higher up in the picture than",
    Direction.BELOW: "lower down in the picture than",
}


def countables(draft: Draft) -> list[str]:
    """Categories that people can count in this picture."""
    facts = draft.facts
    names = []
    for category, group in facts.by_category.items():
        most = MOST_COUNTED_IN_SCENE if group[0].origin is Origin.SCENE else MOST_COUNTED
        if category in facts.never_counted or not 2 <= len(group) <= most:
            continue
        if all(is_referable(s, facts) for s in group):
            names.append(category)
    return names


def finals(draft: Draft, marks: list[Landmark], rng: random.Random) -> list[Step]:
    """Every way to end: a count in the whole picture, in a half, of a colour, or beside the current instance."""
    steps: list[Step] = []
    names = countables(draft)
    for category in names:
        many = plural(category)
        steps += _joined(draft, Count(Filter(category)), f"the number of {many} in the picture", "count", rng)
        for part in Part:
            counted = Count(Filter(category, (InPart(part),)))
            steps += _joined(
                draft, counted, f"the number of {many} in the {HALF[part]} of the picture", "count-half", rng
            )
        for direction in Direction:
            if _follows_from_the_way(draft, category):
                break
            counted = Count(Filter(category, (Placed(direction, draft.it),)))
            it = draft.this(short=True)
            steps += _joined(draft, counted, f"the number of {many} {_BESIDE[direction]} {it}", "count-beside", rng)
    steps += _of_a_colour(draft, names, rng)
    steps += last_gates(draft, marks, rng, rng.choice(_ASK))
    return steps


def _follows_from_the_way(draft: Draft, category: str) -> bool:
    """How many lie beside the third from the left stands in the question already."""
    found_by = draft.steps[draft.current_hop - 1].move
    ways = ("start:x_centre", "start:y_centre", "start:ordinal", "move:best", "move:next")
    return category == draft.current.category and found_by in ways


def _of_a_colour(draft: Draft, names: list[str], rng: random.Random) -> list[Step]:
    steps: list[Step] = []
    for category in names:
        if category in ONE_COLOUR:
            continue
        colours = {s.attributes.get(AttributeName.COLOUR, "") for s in draft.facts.by_category[category]}
        for colour in sorted(colours - {""}):
            counted = Count(Filter(category, (HasAttribute(AttributeName.COLOUR, colour),)))
            words = f"the number of {colour} {plural(category)} in the picture"
            steps += _joined(draft, counted, words, "count-colour", rng)
    return steps


def _joined(draft: Draft, counted: Count, words: str, kind: str, rng: random.Random) -> list[Step]:
    tried = draft.tried(counted)
    if tried is None:
        return []
    number = tried[0] if isinstance(tried[0], Decimal) else Decimal(0)
    if number < 1:
        return []
    steps = []
    ask = rng.choice(_ASK)
    if number >= 2:
        steps.append(_step(draft, Operator.MULTIPLY, counted, f"Multiply your number by {words}. {ask}", words, kind))
    steps.append(_step(draft, Operator.ADD, counted, f"Finally, add {words} to your number. {ask}", words, kind))
    if draft.first_total_hop != draft.total_hop and number >= 2:
        first = HopOutput(draft.first_total_hop)
        product = Arithmetic(Operator.MULTIPLY, (draft.total, counted))
        steps.append(
            _step(
                draft,
                Operator.SUBTRACT,
                counted,
                f"Multiply your number by {words} and subtract the number that you started with. {ask}",
                words,
                "early-value",
                Arithmetic(Operator.SUBTRACT, (product, first)),
            )
        )
    return steps


_VERBS = {Operator.MULTIPLY: "multiplying it by", Operator.ADD: "adding"}


def _step(
    draft: Draft,
    operator: Operator,
    counted: Count,
    clause: str,
    words: str,
    kind: str,
    operation: Arithmetic | None = None,
) -> Step:
    operands: tuple[Expression, ...] = (draft.total, counted)
    shown = words.replace(" it", f" {draft.this(short=False)}") if words.endswith(" it") else words
    if operator is Operator.SUBTRACT:
        asked = f"What is your number times {shown}, less the number that you started with?"
    else:
        asked = f"What is your number after {_VERBS[operator]} {shown}?"
    return Step(
        operation=operation or Arithmetic(operator, operands),
        level=Level.SEVERAL,
        clause=clause,
        sub_question=asked,
        move=f"final:{kind}",
    )
