"""The operations as frozen values.

An operation is a small tree. Leaves are outputs of earlier hops, constants, given instances and the middle lines of
the picture; nodes are the ten operations. Values are instances, sets of instances, numbers, words and truth values.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Union

from hopchain_core.domain.instances import AttributeName
from hopchain_core.domain.keys import InstanceKey


class Measure(StrEnum):
    """What can be measured of an instance, in pixels of the upright picture.

    Extents and centres are those of the box; `AREA` is the mask's where there is a mask.
    """

    X_CENTRE = "x_centre"
    Y_CENTRE = "y_centre"
    WIDTH = "width"
    HEIGHT = "height"
    AREA = "area"


class End(StrEnum):
    """Which end of an order is meant."""

    MIN = "min"
    MAX = "max"


class Direction(StrEnum):
    """Where one centre lies from another: x to the right, y down."""

    LEFT_OF = "left_of"
    RIGHT_OF = "right_of"
    ABOVE = "above"
    BELOW = "below"


class Part(StrEnum):
    """Half of the picture in which a centre lies."""

    LEFT = "left"
    RIGHT = "right"
    UPPER = "upper"
    LOWER = "lower"


class Reading(StrEnum):
    """How an attribute's value is turned into a value of the program."""

    AS_IS = "as_is"
    NUMBER = "number"
    LETTERS = "letters"
    DIGITS = "digits"
    FIRST_DIGIT = "first_digit"
    LAST_DIGIT = "last_digit"
    DIGIT_SUM = "digit_sum"


class Order(StrEnum):
    """What is asked of two values."""

    GREATER = "greater"
    LESS = "less"
    EQUAL = "equal"
    EVEN = "even"
    """The left value is an even whole number; the right one is not looked at."""


class Operator(StrEnum):
    """Arithmetic of two or more numbers, from left to right."""

    ADD = "add"
    SUBTRACT = "subtract"
    MULTIPLY = "multiply"


@dataclass(frozen=True, slots=True)
class HopOutput:
    """What hop number `hop` (from 1) established."""

    hop: int


@dataclass(frozen=True, slots=True)
class Constant:
    """A number or a word that the question states."""

    value: Decimal | str


@dataclass(frozen=True, slots=True)
class Given:
    """An instance the question describes in words no operation can check."""

    instance: InstanceKey


@dataclass(frozen=True, slots=True)
class Middle:
    """The picture's middle line: half its width for `X_CENTRE`, half its height for `Y_CENTRE`."""

    axis: Measure


@dataclass(frozen=True, slots=True)
class Group:
    """The set of instances that these expressions find, such as "the fork, the book and the glass"."""

    members: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class HasAttribute:
    """Condition: the instance's attribute has this value."""

    name: AttributeName
    value: str


@dataclass(frozen=True, slots=True)
class InPart:
    """Condition: the instance's centre lies in this half of the picture."""

    part: Part


@dataclass(frozen=True, slots=True)
class Placed:
    """Condition: the instance's centre lies in this direction from the centre of `of`; never `of` itself."""

    direction: Direction
    of: Expression


@dataclass(frozen=True, slots=True)
class Sized:
    """Condition: the instance's measure is greater or less than that of `than`; never `than` itself."""

    by: Measure
    order: Order
    than: Expression


@dataclass(frozen=True, slots=True)
class Matches:
    """Condition: the instance's attribute has the value that `of`'s attribute has; never `of` itself."""

    name: AttributeName
    of: Expression


Condition = Union[HasAttribute, InPart, Placed, Sized, Matches]


@dataclass(frozen=True, slots=True)
class Filter:
    """The set of instances of a category (None: of any) that meet all conditions; of an earlier set where `of` is given."""

    category: str | None
    where: tuple[Condition, ...] = ()
    of: HopOutput | None = None


SetExpression = Union[Filter, HopOutput, Group]


@dataclass(frozen=True, slots=True)
class Unique:
    """The only member of a set."""

    among: SetExpression


@dataclass(frozen=True, slots=True)
class Extreme:
    """The member of a set at one end of an order; `rank` 2 is the second from that end."""

    among: SetExpression
    by: Measure
    end: End
    rank: int = 1


@dataclass(frozen=True, slots=True)
class Nearest:
    """The member of a set whose centre is nearest to (MIN) or farthest from (MAX) that of `to`; never `to` itself."""

    to: Expression
    among: SetExpression
    end: End = End.MIN


@dataclass(frozen=True, slots=True)
class Relation:
    """The next member of a set in a direction: of those lying there, the one with the smallest step along that axis."""

    of: Expression
    direction: Direction
    among: SetExpression


@dataclass(frozen=True, slots=True)
class Count:
    """How many members a set has."""

    among: SetExpression


@dataclass(frozen=True, slots=True)
class Attribute:
    """A measure or an attribute of an instance, read in some way."""

    of: Expression
    name: AttributeName | Measure
    reading: Reading = Reading.AS_IS


@dataclass(frozen=True, slots=True)
class Compare:
    """A truth value: two numbers or two words against each other."""

    left: Expression
    order: Order
    right: Expression


@dataclass(frozen=True, slots=True)
class Branch:
    """One of two values (numbers or instances), by a truth value."""

    condition: Compare
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A number from two or more numbers."""

    operator: Operator
    operands: tuple[Expression, ...]


Operation = Union[Unique, Filter, Extreme, Nearest, Relation, Count, Attribute, Compare, Branch, Arithmetic]
Expression = Union[HopOutput, Constant, Given, Middle, Group, Operation]

OPERATION_NAMES: dict[type, str] = {
    Unique: "unique",
    Filter: "filter",
    Extreme: "extreme",
    Nearest: "nearest",
    Relation: "relation",
    Count: "count",
    Attribute: "attribute",
    Compare: "compare",
    Branch: "branch",
    Arithmetic: "arithmetic",
}


def operation_name(operation: Expression) -> str:
    """The word for an operation as documents, records and error rates use it."""
    return OPERATION_NAMES.get(type(operation), "leaf")


def children(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside one, in the order in which they are worked out."""
    match expression:
        case Filter(where=where, of=of):
            inner: list[Expression] = [of] if of else []
            inner += [
                c.than if isinstance(c, Sized) else c.of for c in where if isinstance(c, Placed | Sized | Matches)
            ]
            return tuple(inner)
        case Group(members):
            return members
        case Unique(among) | Extreme(among=among) | Count(among):
            return (among,)
        case Nearest(to=to, among=among):
            return (to, among)
        case Relation(of=of, among=among):
            return (of, among)
        case Attribute(of=of):
            return (of,)
        case Compare(left=left, right=right):
            return (left, right)
        case Branch(condition, then, otherwise):
            return (condition, then, otherwise)
        case Arithmetic(operands=operands):
            return operands
    return ()


def hops_used(expression: Expression) -> frozenset[int]:
    """Numbers of all hops whose output the expression reads."""
    if isinstance(expression, HopOutput):
        return frozenset({expression.hop})
    return frozenset().union(*(hops_used(c) for c in children(expression))) if children(expression) else frozenset()
