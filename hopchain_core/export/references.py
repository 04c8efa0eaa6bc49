"""Which instances a record shows and what they are called in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from hopchain_core.domain.chains import Chain, Reference, instances_in, reference_to_json
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.programs.notation import expression_to_json
from hopchain_core.domain.programs.operations import Expression, Filter, Given, children

_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")


def expressions_in(chain: Chain) -> Iterator[Expression]:
    """Every expression of every hop that has an operation, outer ones first."""
    pending: list[Expression] = [h.operation for h in chain.hops if h.operation is not None]
    while pending:
        expression = pending.pop(0)
        yield expression
        pending = [*children(expression), *pending]


def instances_referred_to(chain: Chain) -> frozenset[InstanceKey]:
    """Instances the chain was composed over, those its hops use or establish, and those its operations are given."""
    found = set(chain.instances)
    for hop in chain.hops:
        found |= instances_in(hop.uses, with_sets=True) | instances_in(hop.establishes, with_sets=True)
    found |= {e.instance for e in expressions_in(chain) if isinstance(e, Given)}
    return frozenset(found)


def instances_shown(chain: Chain, instances: Iterable[Instance]) -> tuple[Instance, ...]:
    """The instances a record of this chain holds.

    Those the chain refers to and, so that anyone can recompute the answer from the record alone, all of the picture
    that its operations choose from or count. Crowd regions are never among the latter.

    Args:
        chain: The chain.
        instances: All of its picture that count now.
    """
    referred = instances_referred_to(chain)
    filters = [e for e in expressions_in(chain) if isinstance(e, Filter) and e.of is None]
    categories = {f.category for f in filters}
    return tuple(
        i
        for i in instances
        if i.key in referred or (not i.is_crowd and (None in categories or i.category in categories))
    )


def ids_of(instances: Iterable[Instance]) -> dict[InstanceKey, str]:
    """Short names, such as ``mug-2``: numbered within each category from left to right, then from top to bottom."""
    counts: dict[str, int] = {}
    ids: dict[InstanceKey, str] = {}
    for instance in sorted(instances, key=lambda i: (i.category, i.box.x0, i.box.y0, i.key)):
        name = _NOT_IN_A_NAME.sub("_", instance.category.lower()).strip("_") or "object"
        counts[name] = counts.get(name, 0) + 1
        ids[instance.key] = f"{name}-{counts[name]}"
    return ids


def reference_in_record(reference: Reference, ids: dict[InstanceKey, str]) -> dict[str, Any]:
    """A reference as plain JSON, with the record's names."""
    data = reference_to_json(reference)
    if "set" in data:
        return {"set": sorted((ids[i] for i in data["set"]), key=_by_number)}
    return _renamed(data, ids)


def operation_in_record(operation: Expression, ids: dict[InstanceKey, str]) -> dict[str, Any]:
    """An operation as plain JSON, with the record's names."""
    return _renamed(expression_to_json(operation), ids)


def _renamed(data: dict[str, Any], ids: dict[InstanceKey, str]) -> dict[str, Any]:
    return {
        name: ids[InstanceKey(value)] if name == "instance" else _renamed_value(value, ids)
        for name, value in data.items()
    }


def _renamed_value(value: Any, ids: dict[InstanceKey, str]) -> Any:
    match value:
        case dict():
            return _renamed(value, ids)
        case list():
            return [_renamed_value(v, ids) for v in value]
    return value


def _by_number(name: str) -> tuple[str, int]:
    category, _, number = name.rpartition("-")
    return category, int(number)
