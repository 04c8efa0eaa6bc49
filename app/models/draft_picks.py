"""Instances that a person picks on the picture for a draft."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from app.models.chain_draft import Draft, keys_of
from app.models.operation_fit import Kind, kind_of
from hopchain_core.domain.chains import InstanceReference, SetReference
from hopchain_core.domain.keys import InstanceKey


class PickField(StrEnum):
    """What instances are picked for."""

    CHOSEN = "chosen"
    USES = "uses"
    ESTABLISHES = "establishes"


@dataclass(frozen=True, slots=True)
class Pick:
    """Instances being picked on the picture.

    Attributes:
        field: What for.
        hop: Of which hop; 0 for the chain.
    """

    field: PickField
    hop: int = 0


def picked(draft: Draft, pick: Pick) -> tuple[InstanceKey, ...]:
    """Instances that stand where they are being picked for."""
    if pick.field is PickField.CHOSEN:
        return draft.instances
    hop = draft.hop(pick.hop)
    return keys_of(hop.uses if pick.field is PickField.USES else hop.establishes)


def toggled(draft: Draft, pick: Pick, key: InstanceKey) -> Draft:
    """With an instance picked, or no longer. Where one object is found, another takes its place."""
    keys = picked(draft, pick)
    others = tuple(k for k in keys if k != key) if key in keys else (*keys, key)
    if pick.field is PickField.CHOSEN:
        return replace(draft, instances=others)
    hop, this = draft.hop(pick.hop), InstanceReference(key)
    if pick.field is PickField.USES:
        uses = tuple(r for r in hop.uses if r != this) if this in hop.uses else (*hop.uses, this)
        return draft.with_hop(hop.index, uses=uses)
    if kind_of(hop.establishes) is Kind.OBJECTS:
        return draft.with_hop(hop.index, establishes=(SetReference(tuple(sorted(others))),))
    return draft.with_hop(hop.index, establishes=(this,))
