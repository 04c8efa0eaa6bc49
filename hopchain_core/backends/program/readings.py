"""Middle hops that take a number from the picture: read off the current instance, or counted beside it."""

from __future__ import annotations

import random

from hopchain_core.backends.program.countings import Countings
from hopchain_core.backends.program.draft import Draft, Step
from hopchain_core.domain.chains import Level
from hopchain_core.domain.instances import AttributeName
from hopchain_core.domain.programs.facts import Seen
from hopchain_core.domain.programs.operations import Arithmetic, Attribute, Count, Operator, Reading

READING = "gate:reading"


def number_words(seen: Seen, it: str) -> str:
    """The number that an object shows: written on it, or as the dots of a die."""
    return f"the number of dots on each side of {it}" if seen.category in ("die", "dice") else f"the number on {it}"


def readings(draft: Draft, rng: random.Random) -> list[Step]:
    """Steps that read a word or a number off the current instance, if nothing was read off it yet."""
    if any(step.move == READING for step in draft.steps[draft.current_hop :]):
        return []
    found_by = draft.steps[draft.current_hop - 1].move
    current = draft.current
    it, shown = draft.this(), draft.this(short=False)
    steps: list[Step] = []

    def add(reading: Reading, name: AttributeName, words: str, asked: str) -> None:
        value = Attribute(draft.it, name, reading)
        if draft.total_hop:
            operation: Attribute | Arithmetic = Arithmetic(Operator.ADD, (draft.total, value))
            clause = f"Add {words} to your number."
            question = f"What is your number after adding {asked}?"
        else:
            operation = value
            clause = rng.choice((f"Note {words}.", f"Write down {words}."))
            question = f"What is {asked}?"
        steps.append(
            Step(operation=operation, level=Level.ONE_OBJECT, clause=clause, sub_question=question, move=READING)
        )

    def is_told_by_asking(name: AttributeName) -> bool:
        # Where not every look-alike has a number or a word, asking for it tells which one is meant.
        return any(name not in s.attributes for s in draft.look_alikes(draft.current_hop))

    number = current.attributes.get(AttributeName.NUMBER)
    if is_told_by_asking(AttributeName.NUMBER):
        number = None
    if number is not None and found_by != "start:number":
        if len(number) == 1:
            add(Reading.NUMBER, AttributeName.NUMBER, number_words(current, it), number_words(current, shown))
        else:
            for reading, word in ((Reading.LAST_DIGIT, "last digit"), (Reading.FIRST_DIGIT, "first digit")):
                add(
                    reading,
                    AttributeName.NUMBER,
                    f"the {word} of {number_words(current, it)}",
                    f"the {word} of {number_words(current, shown)}",
                )
            add(
                Reading.DIGIT_SUM,
                AttributeName.NUMBER,
                f"the sum of the digits on {it}",
                f"the sum of the digits on {shown}",
            )
    text = current.attributes.get(AttributeName.TEXT)
    if is_told_by_asking(AttributeName.TEXT):
        text = None
    if text is not None and text.isalpha() and found_by != "start:text":
        add(
            Reading.LETTERS,
            AttributeName.TEXT,
            f"the number of letters in the word on {it}",
            f"the number of letters in the word on {shown}",
        )
    return steps


def counts_on_the_way(draft: Draft, countings: Countings, rng: random.Random) -> list[Step]:
    """Steps that count a category beside the current instance and note the number, or add it to the number so far."""
    steps = []
    for counted in countings.beside(draft):
        operation: Count | Arithmetic = counted.count
        if draft.total_hop:
            operation = Arithmetic(Operator.ADD, (draft.total, counted.count))
            clause = f"Add {counted.words} to your number."
            question = f"What is your number after adding {counted.asked}?"
        else:
            clause = rng.choice((f"Note {counted.words}.", f"Write down {counted.words}."))
            question = f"What is {counted.asked}?"
        steps.append(
            Step(
                operation=operation,
                level=Level.SEVERAL,
                clause=clause,
                sub_question=question,
                move="gate:count",
                counted=counted.kind,
                number=counted.number,
            )
        )
    return steps
