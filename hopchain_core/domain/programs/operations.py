"""The operations as frozen values, and their JSON.

An operation is a small tree. Leaves are outputs of earlier hops, constants, given instances and the middle lines of
the picture; nodes are the ten operations. Values are instances, sets of instances, numbers, words and truth values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Union

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


def expression_to_json(expression: Expression) -> dict[str, Any]:
    """Plain JSON of an expression; `expression_from_json` reads it back."""
    j = expression_to_json
    match expression:
        case HopOutput(hop):
            return {"hop": hop}
        case Constant(value):
            return {"word": value} if isinstance(value, str) else {"number": _number_text(value)}
        case Given(instance):
            return {"instance": instance}
        case Middle(axis):
            return {"middle": axis.value}
        case Group(members):
            return {"group": [j(m) for m in members]}
        case Filter(category, where, of):
            out: dict[str, Any] = {"op": "filter", "category": category}
            if where:
                out["where"] = [_condition_to_json(c) for c in where]
            if of:
                out["of"] = j(of)
            return out
        case Unique(among):
            return {"op": "unique", "among": j(among)}
        case Extreme(among, by, end, rank):
            return {"op": "extreme", "among": j(among), "by": by.value, "end": end.value, "rank": rank}
        case Nearest(to, among, end):
            return {"op": "nearest", "to": j(to), "among": j(among), "end": end.value}
        case Relation(of, direction, among):
            return {"op": "relation", "of": j(of), "direction": direction.value, "among": j(among)}
        case Count(among):
            return {"op": "count", "among": j(among)}
        case Attribute(of, name, reading):
            return {"op": "attribute", "of": j(of), "name": name.value, "reading": reading.value}
        case Compare(left, order, right):
            return {"op": "compare", "left": j(left), "order": order.value, "right": j(right)}
        case Branch(condition, then, otherwise):
            return {"op": "branch", "if": j(condition), "then": j(then), "else": j(otherwise)}
        case Arithmetic(operator, operands):
            return {"op": "arithmetic", "operator": operator.value, "operands": [j(o) for o in operands]}
    raise TypeError(f"not an expression: {expression!r}")


def _number_text(value: Decimal) -> str:
    return format(value.normalize(), "f") if value else "0"


def _condition_to_json(condition: Condition) -> dict[str, Any]:
    match condition:
        case HasAttribute(name, value):
            return {"attribute": name.value, "is": value}
        case InPart(part):
            return {"part": part.value}
        case Placed(direction, of):
            return {"placed": direction.value, "of": expression_to_json(of)}
        case Sized(by, order, than):
            return {"sized": by.value, "order": order.value, "than": expression_to_json(than)}
        case Matches(name, of):
            return {"matches": name.value, "of": expression_to_json(of)}


def expression_from_json(data: Any) -> Expression:
    """Reads what `expression_to_json` wrote, or what a model wrote in that form.

    Raises:
        ValueError: The data is not an expression; the message names the part at fault.
    """
    try:
        return _read(data)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise ValueError(f"not an operation: {error}") from error


def operation_from_json(data: Any) -> Operation:
    """Reads an operation; a bare leaf is refused.

    Raises:
        ValueError: The data is not an operation.
    """
    expression = expression_from_json(data)
    if isinstance(expression, HopOutput | Constant | Given | Middle | Group):
        raise ValueError(f"not an operation but a leaf: {data!r}")
    return expression


def _read(data: Any) -> Expression:
    if not isinstance(data, Mapping):
        raise ValueError(f"expected an object, not {data!r}")
    if "hop" in data:
        return HopOutput(_whole(data["hop"]))
    if "number" in data:
        value = Decimal(str(data["number"]))
        if not value.is_finite():
            raise ValueError("a constant is a finite number")
        return Constant(value)
    if "word" in data:
        return Constant(_word(data["word"]))
    if "instance" in data:
        return Given(InstanceKey(_word(data["instance"])))
    if "middle" in data:
        return Middle(Measure(data["middle"]))
    if "group" in data:
        return Group(tuple(_read(m) for m in data["group"]))
    match data.get("op"):
        case "filter":
            of = _read(data["of"]) if data.get("of") is not None else None
            if of is not None and not isinstance(of, HopOutput):
                raise ValueError("a filter's `of` is the output of a hop")
            category = data.get("category")
            return Filter(
                None if category is None else _word(category),
                tuple(_read_condition(c) for c in data.get("where", ())),
                of,
            )
        case "unique":
            return Unique(_read_set(data["among"]))
        case "extreme":
            rank = _whole(data.get("rank", 1))
            if rank < 1:
                raise ValueError("a rank starts at 1")
            return Extreme(_read_set(data["among"]), Measure(data["by"]), End(data["end"]), rank)
        case "nearest":
            return Nearest(_read(data["to"]), _read_set(data["among"]), End(data.get("end", "min")))
        case "relation":
            return Relation(_read(data["of"]), Direction(data["direction"]), _read_set(data["among"]))
        case "count":
            return Count(_read_set(data["among"]))
        case "attribute":
            name: AttributeName | Measure
            name = Measure(data["name"]) if data["name"] in set(Measure) else AttributeName(data["name"])
            return Attribute(_read(data["of"]), name, Reading(data.get("reading", "as_is")))
        case "compare":
            return _read_compare(data)
        case "branch":
            return Branch(_read_compare(data["if"]), _read(data["then"]), _read(data["else"]))
        case "arithmetic":
            operands = tuple(_read(o) for o in data["operands"])
            if len(operands) < 2:
                raise ValueError("arithmetic takes two operands or more")
            return Arithmetic(Operator(data["operator"]), operands)
    raise ValueError(f"unknown operation {data.get('op')!r}")


def _read_compare(data: Any) -> Compare:
    if not isinstance(data, Mapping) or data.get("op") != "compare":
        raise ValueError(f"a condition is a compare, not {data!r}")
    return Compare(_read(data["left"]), Order(data["order"]), _read(data["right"]))


def _read_set(data: Any) -> SetExpression:
    expression = _read(data)
    if not isinstance(expression, Filter | HopOutput | Group):
        raise ValueError(f"expected a set, not {data!r}")
    return expression


def _read_condition(data: Any) -> Condition:
    if not isinstance(data, Mapping):
        raise ValueError(f"expected a condition, not {data!r}")
    if "attribute" in data:
        return HasAttribute(AttributeName(data["attribute"]), _word(data["is"]))
    if "part" in data:
        return InPart(Part(data["part"]))
    if "placed" in data:
        return Placed(Direction(data["placed"]), _read(data["of"]))
    if "sized" in data:
        order = Order(data["order"])
        if order not in (Order.GREATER, Order.LESS):
            raise ValueError("a size is greater or less")
        return Sized(Measure(data["sized"]), order, _read(data["than"]))
    if "matches" in data:
        return Matches(AttributeName(data["matches"]), _read(data["of"]))
    raise ValueError(f"unknown condition {data!r}")


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"expected a whole number, not {value!r}")
    return value


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"expected a word, not {value!r}")
    return value
