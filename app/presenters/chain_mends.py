"""What mends a finding without a person having to write anything, and where a person has to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.models.followed import followed
from app.presenters.chain_detail import ChainDetail, CheckState, value_text
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import InstanceReference, Reference, SetReference, ValueReference
from hopchain_core.domain.findings import Finding
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.probes import PROBES
from hopchain_core.domain.programs.execution import Value, output_text
from hopchain_core.domain.programs.facts import Seen


class MendKind(StrEnum):
    """What mends a finding."""

    TAKE_RECOMPUTED = "take_recomputed"
    """Hops and answer say what their operations give."""
    FOLLOW = "follow"
    """The chain speaks of its instances as the picture shows them now."""
    EDIT = "edit"
    """A person has to write something."""
    SHOW_SAID = "show_said"
    """What a model said is shown first."""


@dataclass(frozen=True, slots=True)
class Mend:
    """A way to mend a finding.

    Attributes:
        kind: What is done.
        text: On the button.
        hop: The hop to edit; None for the question.
        rule: Whose finding it is.
    """

    kind: MendKind
    text: str
    hop: int | None
    rule: str = ""


def mend_of(finding: Finding, detail: ChainDetail) -> Mend:
    """What mends a finding."""
    if finding.rule == "recompute" and recomputed(detail):
        check = detail.checks.get(finding.hop or 0, detail.answer_check)
        what = f"“{check.text}”" if check.text and len(check.text) <= 24 else "what is recomputed"
        return Mend(MendKind.TAKE_RECOMPUTED, f"Take {what}", finding.hop)
    departure = detail.facts.departed.get(InstanceKey(str(finding.evidence.get("instance", ""))))
    if finding.rule == "references" and departure is not None and departure.now is not None:
        return Mend(MendKind.FOLLOW, "Take it as it is now", finding.hop)
    if finding.hop is not None:
        return Mend(MendKind.EDIT, "Edit the hop", finding.hop)
    return Mend(MendKind.EDIT, "Edit the chain", None)


def said_of(finding: Finding) -> Mend | None:
    """Where a probe found it: a look at what was asked and said."""
    if finding.rule not in set(PROBES):
        return None
    return Mend(MendKind.SHOW_SAID, "What was said", finding.hop, finding.rule)


def ready_mend(detail: ChainDetail) -> Mend | None:
    """The first mend of a chain for which nothing has to be written; instances before what rests on them."""
    mends = [mend_of(finding, detail) for finding in detail.findings]
    for kind in (MendKind.FOLLOW, MendKind.TAKE_RECOMPUTED):
        for mend in mends:
            if mend.kind is kind:
                return mend
    return None


def taken_as_they_are(detail: ChainDetail) -> dict[str, Any]:
    """Changes for `Project.edit_chain` after which the chain speaks of its instances as they are; empty for none."""
    now = {key: gone.now for key, gone in detail.facts.departed.items() if gone.now is not None}
    return followed(detail.chain, now)


def recomputed(detail: ChainDetail) -> dict[str, Any]:
    """Changes for `Project.edit_chain` after which every hop and the answer say what operations give; empty for none."""
    hops = []
    for hop in detail.chain.hops:
        step = detail.steps.get(hop.index)
        value = step.value if step is not None else None
        if value is None or detail.checks[hop.index].state is not CheckState.DIFFERS:
            hops.append(hop)
            continue
        text = value_text(value, detail.names)
        hops.append(replace(hop, establishes=(_reference(value),), output=text))
    changes: dict[str, Any] = {}
    if tuple(hops) != detail.chain.hops:
        changes["hops"] = tuple(hops)
    last = detail.outputs.get(detail.chain.hops[-1].index) if detail.chain.hops else None
    if isinstance(last, Decimal) and detail.answer_check.state is CheckState.DIFFERS:
        changes["answer"] = Answer(last)
    return changes


def _reference(value: Value) -> Reference:
    if isinstance(value, Seen):
        return InstanceReference(value.key)
    if isinstance(value, tuple):
        return SetReference(tuple(sorted(seen.key for seen in value)))
    return ValueReference(output_text(value))
