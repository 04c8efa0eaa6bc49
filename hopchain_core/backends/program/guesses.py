"""What somebody who understands every word of a question, and does not look, believes of its answer.

Answers that such a reader thinks likely are kept less often, so that among the questions that are kept no answer is
likelier than a few dozen others. Knowing that this is done helps nobody: it is what makes them alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import reduce
from itertools import product
from math import prod
from operator import add, mul, sub

from hopchain_core.backends.program.draft import Counted, Draft, Step
from hopchain_core.domain.programs.facts import Seen
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Attribute,
    Branch,
    Constant,
    Count,
    Expression,
    HopOutput,
    Operator,
    Reading,
)

COUNTS: Mapping[Counted, Mapping[int, float]] = {
    Counted.WHOLE: {2: 0.39, 3: 0.39, 4: 0.19, 5: 0.03},
    Counted.HALF: {1: 0.42, 2: 0.36, 3: 0.16, 4: 0.06},
    Counted.COLOUR: {1: 0.75, 2: 0.2, 3: 0.04, 4: 0.01},
    Counted.BESIDE: {1: 0.34, 2: 0.37, 3: 0.215, 4: 0.065, 5: 0.01},
}
"""How often counts come to a number in drafts. Measured over rendered scenes and photographs."""
READINGS: Mapping[Reading, Mapping[int, float]] = {
    Reading.NUMBER: dict.fromkeys(range(1, 7), 1 / 6),
    Reading.FIRST_DIGIT: {1: 0.25, 2: 0.17, 3: 0.1, **dict.fromkeys(range(4, 10), 0.08)},
    Reading.LAST_DIGIT: dict.fromkeys(range(10), 0.1),
    Reading.DIGIT_SUM: dict.fromkeys(range(2, 19), 1 / 17),
    Reading.LETTERS: {3: 0.03, 4: 0.3, 5: 0.35, 6: 0.25, 7: 0.07},
}
"""The same of what is read off things."""
YES: Mapping[str, float] = {
    "gate:area": 0.55,
    "gate:colour": 0.57,
    "gate:half": 0.53,
    "gate:height": 0.6,
    "gate:same-colour": 0.4,
    "gate:shape": 0.55,
    "gate:side": 0.57,
}
"""How often a condition is met, where it is not half of the time."""
LIKELY = 0.025
"""Answers likelier than this are kept only so much less often that they end up no likelier. Chosen."""

Belief = dict[Decimal, float]
"""The chance of each answer; together 1."""


def believed(draft: Draft) -> Belief:
    """The chance of each answer of a finished draft, for who knows its words and not the picture."""
    worlds: dict[tuple[Decimal, ...], float] = {(): 1.0}
    for step, output in zip(draft.steps, draft.outputs, strict=True):
        grown: dict[tuple[Decimal, ...], float] = {}
        for outputs, chance in worlds.items():
            # A thing that is found is no number; nobody reckons with what stands in its place.
            ways = [(Decimal(0), 1.0)] if isinstance(output, Seen) else _ways(step.operation, step, outputs)
            for value, share in ways:
                grown[*outputs, value] = grown.get((*outputs, value), 0.0) + chance * share
        worlds = grown
    found: Belief = {}
    for outputs, chance in worlds.items():
        found[outputs[-1]] = found.get(outputs[-1], 0.0) + chance
    return found


def best_guess(belief: Belief) -> float:
    """How often the likeliest answer is right among the questions that are kept."""
    return min(max(belief.values()), LIKELY) / sum(min(chance, LIKELY) for chance in belief.values())


def kept_share(belief: Belief, answer: Decimal) -> float:
    """How many of the questions with this belief and answer are kept, from 0 to 1."""
    chance = belief.get(answer, 0.0)
    return min(1.0, LIKELY / chance) if chance else 1.0


def rarity(step: Step) -> float:
    """How much rarer than certain what the step counts is; 1 where it counts nothing."""
    if step.counted is None:
        return 1.0
    chances = COUNTS[step.counted]
    return 1.0 / chances.get(step.number, min(chances.values()))


def _ways(e: Expression, step: Step, outputs: tuple[Decimal, ...], *, least: int = 1) -> list[tuple[Decimal, float]]:
    """Every value that an expression may have, with its chance; more than one way may lead to the same."""
    match e:
        case HopOutput(hop):
            return [(outputs[hop - 1], 1.0)]
        case Constant(Decimal() as value):
            return [(value, 1.0)]
        case Count() if step.counted is not None:
            return _alike({n: chance for n, chance in COUNTS[step.counted].items() if n >= least})
        case Attribute(reading=reading):
            return _alike(READINGS[reading])
        case Branch(_, then, otherwise):
            yes = YES.get(step.move, 0.5)
            return [
                (value, chance * share)
                for side, share in ((then, yes), (otherwise, 1.0 - yes))
                for value, chance in _ways(side, step, outputs)
            ]
        case Arithmetic(operator, operands):
            # Nobody is told to multiply by one.
            least = 2 if operator is Operator.MULTIPLY else 1
            ways = [_ways(operand, step, outputs, least=least) for operand in operands]
            return [
                (reduce(_OPERATORS[operator], (v for v, _ in way)), prod(c for _, c in way)) for way in product(*ways)
            ]
    raise AssertionError(f"no step of a draft holds {e}")


_OPERATORS = {Operator.ADD: add, Operator.SUBTRACT: sub, Operator.MULTIPLY: mul}


def _alike(chances: Mapping[int, float]) -> list[tuple[Decimal, float]]:
    total = sum(chances.values())
    return [(Decimal(n), chance / total) for n, chance in chances.items()]
