"""Last hops: a count somewhere in the scene, joined with the number so far."""

from __future__ import annotations

import random

from hopchain_core.backends.program.countings import Counting, Countings
from hopchain_core.backends.program.draft import Draft, Step
from hopchain_core.backends.program.gates import last_gates
from hopchain_core.backends.program.landmarks import Landmark
from hopchain_core.domain.chains import Level
from hopchain_core.domain.programs.operations import Arithmetic, HopOutput, Operator

MOST_TOTAL = 200
"""Totals stay small enough to be worked out in one's head. Chosen."""

_ASK = (
    "What is the result?",
    "What number do you get?",
    "What is the final number?",
    "Which number do you end up with?",
)


def finals(draft: Draft, marks: list[Landmark], countings: Countings, rng: random.Random) -> list[Step]:
    """Every way to end: a count that was not made before joined with the number so far, or a last condition."""
    steps: list[Step] = []
    for counted in countings.of(draft):
        steps += _joined(draft, counted, rng)
    return steps + last_gates(draft, marks, rng, rng.choice(_ASK))


def _joined(draft: Draft, counted: Counting, rng: random.Random) -> list[Step]:
    steps = []
    ask = rng.choice(_ASK)
    words, several = counted.words, counted.number >= 2
    if several:
        steps.append(_step(draft, counted, Operator.MULTIPLY, f"Multiply your number by {words}. {ask}"))
    steps.append(_step(draft, counted, Operator.ADD, f"Finally, add {words} to your number. {ask}"))
    if draft.first_total_hop != draft.total_hop and several:
        clause = f"Multiply your number by {words} and subtract the number that you started with. {ask}"
        steps.append(_step(draft, counted, Operator.SUBTRACT, clause))
    return steps


_VERBS = {Operator.MULTIPLY: "multiplying it by", Operator.ADD: "adding"}


def _step(draft: Draft, counted: Counting, operator: Operator, clause: str) -> Step:
    count, kind = counted.count, f"final:{counted.kind}"
    if operator is Operator.SUBTRACT:
        product = Arithmetic(Operator.MULTIPLY, (draft.total, count))
        operation = Arithmetic(Operator.SUBTRACT, (product, HopOutput(draft.first_total_hop)))
        asked = f"What is your number times {counted.asked}, less the number that you started with?"
        kind = "final:early-value"
    else:
        operation = Arithmetic(operator, (draft.total, count))
        asked = f"What is your number after {_VERBS[operator]} {counted.asked}?"
    return Step(
        operation=operation,
        level=Level.SEVERAL,
        clause=clause,
        sub_question=asked,
        move=kind,
        counted=counted.kind,
        number=counted.number,
    )
