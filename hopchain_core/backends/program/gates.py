"""Middle hops that turn the current instance into a number, or change the number so far."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal

from hopchain_core.backends.program.draft import Draft, Step
from hopchain_core.backends.program.known import ONE_COLOUR, ONE_SHAPE
from hopchain_core.backends.program.landmarks import Landmark
from hopchain_core.backends.program.readings import number_words
from hopchain_core.backends.program.words import FARTHER, HALF
from hopchain_core.domain.chains import Level
from hopchain_core.domain.instances import AttributeName
from hopchain_core.domain.programs.facts import Seen
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Attribute,
    Branch,
    Compare,
    Constant,
    Direction,
    Expression,
    HopOutput,
    Measure,
    Middle,
    Operator,
    Order,
    Part,
    Reading,
)

LEAST_CONSTANT, MOST_CONSTANT = 2, 12
"""If-else constants are drawn from this range: small enough to add in one's head. Chosen."""

MOST_LAST_GATES = 8
"""Questions that are drawn to end a draft, of all that could. Chosen."""
MOST_AREA_RATIO = 6.0
"""Beyond this ratio nobody needs the picture to tell which looks larger (a cup, a bus). Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A yes-or-no question about the current instance, in words that follow "If"."""

    compare: Compare
    words: str
    asked: str
    level: Level
    kind: str
    names: tuple[Seen, ...] = ()


def _questions(draft: Draft, marks: list[Landmark], rng: random.Random) -> list[Question]:
    """Every question that could be asked of the current instance."""
    it, shown = draft.this(), draft.this(short=False)
    found = [] if draft.current.category in ONE_SHAPE else _shape(draft, it, shown, rng)
    found += _halves(draft, it, shown)
    found += _colours(draft, it, shown)
    found += _numbers(draft, it, shown)
    found += _against_landmarks(draft, marks, it, shown)
    found += _against_earlier(draft, it, shown)
    return found


def _shape(draft: Draft, it: str, shown: str, rng: random.Random) -> list[Question]:
    wide = Compare(Attribute(draft.it, Measure.WIDTH), Order.GREATER, Attribute(draft.it, Measure.HEIGHT))
    tall = Compare(Attribute(draft.it, Measure.HEIGHT), Order.GREATER, Attribute(draft.it, Measure.WIDTH))
    words = {True: "looks wider than it is tall", False: "looks taller than it is wide"}
    is_wide = rng.random() < 0.5
    compare = wide if is_wide else tall
    return [
        Question(
            compare=compare,
            words=f"{it} {words[is_wide]}",
            asked=f"does {shown} look {'wider than it is tall' if is_wide else 'taller than it is wide'}",
            level=Level.ONE_OBJECT,
            kind="shape",
        )
    ]


def _halves(draft: Draft, it: str, shown: str) -> list[Question]:
    found = []
    for part in Part:
        axis = Measure.X_CENTRE if part in (Part.LEFT, Part.RIGHT) else Measure.Y_CENTRE
        order = Order.LESS if part in (Part.LEFT, Part.UPPER) else Order.GREATER
        found.append(
            Question(
                compare=Compare(Attribute(draft.it, axis), order, Middle(axis)),
                words=f"{it} lies in the {HALF[part]} of the picture",
                asked=f"does {shown} lie in the {HALF[part]} of the picture",
                level=Level.ONE_OBJECT,
                kind="half",
            )
        )
    return found


def _colours(draft: Draft, it: str, shown: str) -> list[Question]:
    if AttributeName.COLOUR not in draft.current.attributes or draft.current.category in ONE_COLOUR:
        return []
    # The colour asked for occurs in the picture, so that "no" is never plain from the question alone.
    seen = {s.attributes[AttributeName.COLOUR] for s in draft.facts.seen if AttributeName.COLOUR in s.attributes}
    return [
        Question(
            compare=Compare(Attribute(draft.it, AttributeName.COLOUR), Order.EQUAL, Constant(colour)),
            words=f"{it} is {colour}",
            asked=f"is {shown} {colour}",
            level=Level.ONE_OBJECT,
            kind="colour",
        )
        for colour in sorted(seen)
    ]


def _numbers(draft: Draft, it: str, shown: str) -> list[Question]:
    alike = (draft.current, *draft.look_alikes(draft.current_hop))
    if any(AttributeName.NUMBER not in s.attributes for s in alike):
        return []
    value = Attribute(draft.it, AttributeName.NUMBER, Reading.NUMBER)
    return [
        Question(
            compare=Compare(value, Order.EVEN, Constant(Decimal(0))),
            words=f"{number_words(draft.current, it)} is even",
            asked=f"is {number_words(draft.current, shown)} even",
            level=Level.ONE_OBJECT,
            kind="even",
        )
    ]


_SIDES = (
    (Measure.X_CENTRE, Order.LESS, FARTHER[Direction.LEFT_OF], "side"),
    (Measure.X_CENTRE, Order.GREATER, FARTHER[Direction.RIGHT_OF], "side"),
    (Measure.Y_CENTRE, Order.LESS, FARTHER[Direction.ABOVE], "height"),
    (Measure.Y_CENTRE, Order.GREATER, FARTHER[Direction.BELOW], "height"),
)


def _compare_with(draft: Draft, other: Expression, words: str, it: str, shown: str, seen: Seen) -> list[Question]:
    this = draft.it
    found = [
        Question(
            compare=Compare(Attribute(this, by), order, Attribute(other, by)),
            words=f"{it} is {phrase} {words}",
            asked=f"is {shown} {phrase} {words}",
            level=Level.SEVERAL,
            kind=kind,
            names=(seen,),
        )
        for by, order, phrase, kind in _SIDES
    ]
    sizes = sorted((draft.current.area_px, seen.area_px))
    if sizes[1] <= MOST_AREA_RATIO * sizes[0]:
        found += [
            Question(
                compare=Compare(Attribute(this, Measure.AREA), order, Attribute(other, Measure.AREA)),
                words=f"{it} looks {word} than {words}",
                asked=f"does {shown} look {word} than {words}",
                level=Level.SEVERAL,
                kind="area",
                names=(seen,),
            )
            for order, word in ((Order.GREATER, "larger"), (Order.LESS, "smaller"))
        ]
    has_colours = all(AttributeName.COLOUR in s.attributes for s in (draft.current, seen))
    if has_colours and not {draft.current.category, seen.category} & ONE_COLOUR:
        found.append(
            Question(
                compare=Compare(
                    Attribute(this, AttributeName.COLOUR), Order.EQUAL, Attribute(other, AttributeName.COLOUR)
                ),
                words=f"{it} has the same colour as {words}",
                asked=f"does {shown} have the same colour as {words}",
                level=Level.SEVERAL,
                kind="same-colour",
                names=(seen,),
            )
        )
    return found


def _against_landmarks(draft: Draft, marks: list[Landmark], it: str, shown: str) -> list[Question]:
    found: list[Question] = []
    colours = draft.facts_colours
    for mark in marks:
        if mark.seen in draft.named:
            continue
        questions = _compare_with(draft, mark.expression, f"the {mark.words}", it, shown, mark.seen)
        if any(word in mark.words for word in ("leftmost", "rightmost")):
            # Nothing of its kind lies farther out, so asking that way would give the answer away.
            questions = [q for q in questions if q.kind != "side" or mark.seen.category != draft.current.category]
        if "largest" in mark.words:
            questions = [q for q in questions if q.kind != "area" or mark.seen.category != draft.current.category]
        if mark.words.split(" ")[0] in colours:
            questions = [q for q in questions if q.kind != "same-colour"]  # it would only ask for the named colour
        found += questions
    return found


def _against_earlier(draft: Draft, it: str, shown: str) -> list[Question]:
    found: list[Question] = []
    for position, seen in enumerate(draft.visited[:-1]):
        reached_by = draft.steps[draft.visited_hops[-1] - 1].move
        questions = _compare_with(
            draft, HopOutput(draft.visited_hops[position]), draft.called(position), it, shown, seen
        )
        # After "the next one to the left" or "of those higher up" the answer would stand in the question.
        if reached_by in ("move:next", "move:best"):
            questions = [q for q in questions if q.kind not in ("side", "height", "area")]
        if reached_by == "move:colour":
            questions = [q for q in questions if q.kind != "same-colour"]
        found += questions
    return found


def gates(draft: Draft, marks: list[Landmark], rng: random.Random) -> list[Question]:
    """Questions about the current instance whose answers do not follow from the words before."""
    known = _kinds_known_by_the_way(draft)
    return [question for question in _questions(draft, marks, rng) if question.kind not in known]


def last_gates(draft: Draft, marks: list[Landmark], rng: random.Random, ask: str) -> list[Step]:
    """If-else steps that end a chain: they multiply the number so far and look at another instance."""
    steps = []
    asking = [question for question in gates(draft, marks, rng) if question.names]
    for question in rng.sample(asking, min(len(asking), MOST_LAST_GATES)):
        one, other = rng.sample(range(2, 6), 2)
        factor = Branch(question.compare, Constant(Decimal(one)), Constant(Decimal(other)))
        steps.append(
            Step(
                operation=Arithmetic(Operator.MULTIPLY, (draft.total, factor)),
                level=question.level,
                clause=f"If {question.words}, multiply your number by {one}; otherwise, multiply it by {other}. {ask}",
                sub_question=f"{_sentence(question.asked)}? Multiply your number by {one} if so, by {other} if not.",
                names=question.names,
                move="final:if",
                is_conditional=True,
            )
        )
    return steps


def _kinds_known_by_the_way(draft: Draft) -> set[str]:
    """Kinds of question whose answer follows from how the current instance was found, or that were asked before."""
    known = {s.move.removeprefix("gate:") for s in draft.steps[draft.current_hop :] if s.move.startswith("gate:")}
    match draft.steps[draft.current_hop - 1].move:
        case "start:colour" | "move:colour":
            known.add("colour")
        case "start:x_centre" | "start:y_centre" | "start:ordinal":
            known.add("half")  # the leftmost of several is nearly always in the left half
        case "start:area":
            known.add("area")
        case "start:number":
            known.add("even")
    return known


def if_else(draft: Draft, question: Question, rng: random.Random) -> Step:
    """The step that asks it and adds one of two numbers to the number so far, or starts with one of them."""
    one, other = constants(rng)
    then, otherwise = Constant(Decimal(one)), Constant(Decimal(other))
    operation: Branch | Arithmetic
    if not draft.total_hop:
        operation = Branch(question.compare, then, otherwise)
        clause = rng.choice(
            (
                f"If {question.words}, note the number {one}; otherwise, note {other}.",
                f"Start a count at {one} if {question.words}, and at {other} otherwise.",
                f"Write down {one} if {question.words}; if not, write down {other}.",
            )
        )
        asked = f"{_sentence(question.asked)}? Start with {one} if so, with {other} if not."
    else:
        operation = Arithmetic(Operator.ADD, (draft.total, Branch(question.compare, then, otherwise)))
        clause = rng.choice(
            (
                f"If {question.words}, add {one} to your number; otherwise, add {other}.",
                f"Add {one} to your number if {question.words}; if not, add {other}.",
            )
        )
        asked = f"{_sentence(question.asked)}? Add {one} to your number if so, {other} if not."
    return Step(
        operation=operation,
        level=question.level,
        clause=clause,
        sub_question=asked,
        names=question.names,
        move=f"gate:{question.kind}",
        is_conditional=True,
    )


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def constants(rng: random.Random) -> tuple[int, int]:
    """Two numbers at least 2 apart, neither half of the other (a doubled slip must not hit the other total)."""
    while True:
        one, other = rng.randint(LEAST_CONSTANT, MOST_CONSTANT), rng.randint(LEAST_CONSTANT, MOST_CONSTANT)
        if abs(one - other) >= 2 and one != 2 * other and other != 2 * one:
            return one, other
