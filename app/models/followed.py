"""A chain with its instances as the picture shows them now, where they were changed since it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from hopchain_core.domain.chains import Chain, InstanceReference, SetReference
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.programs.operations import Given


def followed(chain: Chain, now: Mapping[InstanceKey, InstanceKey]) -> dict[str, Any]:
    """Changes for `Project.edit_chain` after which a chain speaks of later versions; empty where it does already.

    Args:
        chain: As it is.
        now: Later versions by earlier ones.
    """
    instances = tuple(dict.fromkeys(now.get(key, key) for key in chain.instances))
    hops = tuple(_follow(hop, now) for hop in chain.hops)
    changes: dict[str, Any] = {}
    if instances != chain.instances:
        changes["instances"] = instances
    if hops != chain.hops:
        changes["hops"] = hops
    return changes


def _follow(value: Any, now: Mapping[InstanceKey, InstanceKey]) -> Any:
    match value:
        case InstanceReference(key):
            return InstanceReference(now.get(key, key))
        case SetReference(keys):
            return SetReference(tuple(sorted({now.get(key, key) for key in keys})))
        case Given(key):
            return Given(now.get(key, key))
        case tuple():
            return tuple(_follow(part, now) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _follow(getattr(value, f.name), now) for f in fields(value) if f.init})
    return value
