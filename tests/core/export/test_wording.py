"""Operations in plain English."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hopchain_core.domain.instances import AttributeName
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Attribute,
    Branch,
    Compare,
    Constant,
    Count,
    Direction,
    End,
    Expression,
    Extreme,
    Filter,
    Given,
    Group,
    HasAttribute,
    HopOutput,
    InPart,
    Matches,
    Measure,
    Middle,
    Nearest,
    Operator,
    Order,
    Part,
    Placed,
    Reading,
    Relation,
    Sized,
    Unique,
)
from hopchain_core.export.wording import NoWordsError, Speaker

SPEAKER = Speaker({1: "the mug from step 1", 2: "the result of step 2"}, {1: "mug"})
MUG, NUMBER = HopOutput(1), HopOutput(2)
RED = Filter("sign", (HasAttribute(AttributeName.COLOUR, "red"),))
SIGN = Unique(RED)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (SIGN, "the red sign"),
        (Unique(Filter("sign", (HasAttribute(AttributeName.TEXT, "EXIT"),))), 'the sign that says "EXIT"'),
        (Extreme(Filter("mug"), Measure.X_CENTRE, End.MIN), "the leftmost mug"),
        (Extreme(Filter("mug"), Measure.X_CENTRE, End.MAX, 2), "the second mug from the right"),
        (Extreme(Filter("mug"), Measure.AREA, End.MAX, 3), "the third largest mug"),
        (Extreme(RED, Measure.Y_CENTRE, End.MIN), "the one highest up among the red signs"),
        (Nearest(MUG, Filter("mug")), "the other mug nearest to the mug from step 1"),
        (Nearest(MUG, Filter("sign"), End.MAX), "the sign farthest away from the mug from step 1"),
        (Relation(MUG, Direction.LEFT_OF, Filter("sign")), "the first sign to the left of the mug from step 1"),
        (
            Extreme(Group((MUG, SIGN, Unique(Filter("clock")))), Measure.AREA, End.MAX),
            "the one that looks largest among the mug from step 1, the red sign and the clock",
        ),
        (Count(Filter("mug", (InPart(Part.UPPER),))), "the number of mugs in the upper half of the picture"),
        (
            Count(Filter("mug", (Placed(Direction.RIGHT_OF, SIGN),))),
            "the number of mugs to the right of the red sign",
        ),
        (
            Count(Filter("person", (Sized(Measure.HEIGHT, Order.GREATER, MUG),))),
            "the number of people that look taller than the mug from step 1",
        ),
        (
            Unique(Filter("sign", (Matches(AttributeName.COLOUR, MUG),))),
            "the sign that has the same colour as the mug from step 1",
        ),
        (Attribute(SIGN, AttributeName.NUMBER, Reading.NUMBER), "the number on the red sign"),
        (Attribute(SIGN, AttributeName.TEXT, Reading.LETTERS), "the number of letters in the text on the red sign"),
        (
            Attribute(SIGN, AttributeName.NUMBER, Reading.LAST_DIGIT),
            "the last digit of the number on the red sign",
        ),
        (
            Arithmetic(Operator.SUBTRACT, (NUMBER, Constant(Decimal(3)))),
            "the result of step 2 minus 3",
        ),
        (
            Arithmetic(Operator.MULTIPLY, (Arithmetic(Operator.ADD, (NUMBER, NUMBER)), Constant(Decimal(2)))),
            "(the result of step 2 plus the result of step 2) times 2",
        ),
    ],
)
def test_that_an_expression_is_said_so(expression: Expression, words: str) -> None:
    assert SPEAKER.noun(expression) == words


def _measure(of: Expression, name: Measure) -> Attribute:
    return Attribute(of, name)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (
            Compare(_measure(MUG, Measure.WIDTH), Order.LESS, _measure(MUG, Measure.HEIGHT)),
            "the mug from step 1 looks taller than it is wide",
        ),
        (
            Compare(_measure(MUG, Measure.HEIGHT), Order.LESS, _measure(MUG, Measure.WIDTH)),
            "the mug from step 1 looks wider than it is tall",
        ),
        (
            Compare(_measure(MUG, Measure.Y_CENTRE), Order.LESS, _measure(SIGN, Measure.Y_CENTRE)),
            "the mug from step 1 is higher up in the picture than the red sign",
        ),
        (
            Compare(_measure(MUG, Measure.X_CENTRE), Order.GREATER, Middle(Measure.X_CENTRE)),
            "the mug from step 1 lies in the right half of the picture",
        ),
        (
            Compare(Attribute(MUG, AttributeName.COLOUR), Order.EQUAL, Constant("red")),
            "the mug from step 1 is red",
        ),
        (
            Compare(Attribute(MUG, AttributeName.COLOUR), Order.EQUAL, Attribute(SIGN, AttributeName.COLOUR)),
            "the mug from step 1 has the same colour as the red sign",
        ),
        (Compare(NUMBER, Order.EVEN, Constant(Decimal(0))), "the result of step 2 is even"),
        (Compare(NUMBER, Order.GREATER, Constant(Decimal(7))), "the result of step 2 is greater than 7"),
    ],
)
def test_that_a_condition_is_said_so(condition: Compare, words: str) -> None:
    assert SPEAKER.condition(condition) == words
    branch = Branch(condition, Constant(Decimal(4)), Constant(Decimal(9)))
    assert SPEAKER.sentence(branch) == f"if {words}, take 4; otherwise take 9"


@pytest.mark.parametrize(
    "expression",
    [
        Given(InstanceKey("abc")),
        Attribute(MUG, Measure.WIDTH),
        Extreme(RED, Measure.X_CENTRE, End.MIN, 2),
        Relation(MUG, Direction.LEFT_OF, RED),
    ],
)
def test_that_what_has_no_plain_words_is_refused(expression: Expression) -> None:
    with pytest.raises(NoWordsError):
        SPEAKER.noun(expression)
