"""Expressions as plain JSON, as records and projects hold them and as models are asked to write them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hopchain_core.domain.instances import AttributeName
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Attribute,
    Branch,
    Compare,
    Condition,
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
    Operation,
    Operator,
    Order,
    Part,
    Placed,
    Reading,
    Relation,
    SetExpression,
    Sized,
    Unique,
)


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
