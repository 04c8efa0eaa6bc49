"""What the rules and the masks say of a chain that is being edited; worked out in another thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.presenters.chain_detail import instance_names, value_text
from hopchain_core.domain.chains import (
    Chain,
    Hop,
    HopKind,
    InstanceReference,
    Reference,
    SetReference,
    ValueReference,
    kinds_of,
)
from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.programs.execution import Value, output_text
from hopchain_core.domain.programs.facts import PictureFacts, Seen
from hopchain_core.domain.rules import audit_chain
from hopchain_core.domain.rules.reading import stated_number
from hopchain_core.domain.rules.subject import Step, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where what is stated and what the masks say part.

    Attributes:
        hop: Of the hop; None for the answer.
        stated: What the chain says.
        gives: What recomputing gives, as a person would say it; empty where it gives nothing.
        problem: Why it gives nothing.
        is_claimed: It rests on a hop that is not recomputed.
        establishes: What taking it would put in place of what the hop finds.
        output: What taking it would put in place of the output, or of the answer.
    """

    hop: int | None
    stated: str
    gives: str = ""
    problem: str = ""
    is_claimed: bool = False
    establishes: tuple[Reference, ...] = ()
    output: str = ""

    @property
    def can_take(self) -> bool:
        """There is something to take."""
        return bool(self.gives)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What was found about one state of a draft.

    Attributes:
        chain: That state.
        findings: Of the rules, in their order.
        differences: By hop; None for the answer.
        same: Hops that recompute to what they state; None among them for the answer.
        kinds: Of each hop.
    """

    chain: Chain
    findings: tuple[Finding, ...] = ()
    differences: Mapping[int | None, Difference] = field(default_factory=dict)
    same: frozenset[int | None] = frozenset()
    kinds: Mapping[int, frozenset[HopKind]] = field(default_factory=dict)

    def findings_of(self, hop: int | None) -> tuple[Finding, ...]:
        """Those about one hop; about the whole chain for None."""
        numbers = {h.index for h in self.chain.hops}
        return tuple(f for f in self.findings if (f.hop if f.hop in numbers else None) == hop)

    def beside(self, hop: int | None) -> tuple[Finding, ...]:
        """As `findings_of`, without what the difference shown there says already."""
        return tuple(f for f in self.findings_of(hop) if f.rule != "recompute" or hop not in self.differences)

    @property
    def errors(self) -> int:
        """How many findings keep the chain from being used."""
        return sum(f.severity is Severity.ERROR for f in self.findings)


def check_chain(chain: Chain, facts: PictureFacts) -> Checked:
    """Applies all rules to a chain and recomputes it."""
    steps = Subject(chain, facts).steps
    names = instance_names(facts)
    differences: dict[int | None, Difference] = {}
    same: set[int | None] = set()
    for hop in chain.hops:
        step = steps.get(hop.index)
        if step is None:
            continue
        found = _difference(hop, step, names)
        if found is None:
            same.add(hop.index)
        else:
            differences[hop.index] = found
    last = steps.get(chain.hops[-1].index) if chain.hops else None
    if last is not None:
        found = _answer_difference(chain, last, names)
        if found is None:
            same.add(None)
        else:
            differences[None] = found
    return Checked(
        chain=chain,
        findings=audit_chain(chain, facts),
        differences=differences,
        same=frozenset(same),
        kinds={h.index: kinds_of(h, chain) for h in chain.hops},
    )


def _difference(hop: Hop, step: Step, names: Mapping[InstanceKey, str]) -> Difference | None:
    if step.value is None:
        return Difference(hop=hop.index, stated=hop.output, problem=_reason(step), is_claimed=step.is_claimed)
    if _is_stated(hop, step.value):
        return None
    text = value_text(step.value, names)
    return Difference(
        hop=hop.index,
        stated=_stated(hop, names),
        gives=text,
        is_claimed=step.is_claimed,
        establishes=(_reference(step.value),),
        output=text,
    )


def _stated(hop: Hop, names: Mapping[InstanceKey, str]) -> str:
    """What a hop finds and says, where the two are not one."""
    match hop.establishes:
        case (InstanceReference(key),):
            found = names.get(key, "an object that is gone")
        case (SetReference(keys),):
            found = ", ".join(names.get(key, "an object that is gone") for key in keys) or "nothing"
        case (ValueReference(text),):
            found = text
        case _:
            found = "nothing"
    said = hop.output.strip()
    return found if said in ("", found) else f"{found} (“{said}”)"


def _answer_difference(chain: Chain, step: Step, names: Mapping[InstanceKey, str]) -> Difference | None:
    stated = chain.answer.text
    if step.value is None:
        return Difference(hop=None, stated=stated, problem=_reason(step), is_claimed=step.is_claimed)
    if isinstance(step.value, (bool, str, tuple, Seen)):
        given = value_text(step.value, names)
        return Difference(hop=None, stated=stated, problem=f"the last hop gives {given}, which is no number")
    if step.value == chain.answer.value:
        return None
    text = output_text(step.value)
    return Difference(hop=None, stated=stated, gives=text, is_claimed=step.is_claimed, output=text)


def _reason(step: Step) -> str:
    """Why a step has no value, without the number of its hop, beside which it is shown."""
    head, _, tail = step.problem.partition(": ")
    return tail or head


def _reference(value: Value) -> Reference:
    if isinstance(value, Seen):
        return InstanceReference(value.key)
    if isinstance(value, tuple):
        return SetReference(tuple(sorted(seen.key for seen in value)))
    return ValueReference(output_text(value))


def _is_stated(hop: Hop, value: Value) -> bool:
    """As the rule `recompute` asks it."""
    found: tuple[Any, ...] = hop.establishes
    if isinstance(value, Seen):
        return [r.instance for r in found if isinstance(r, InstanceReference)] == [value.key]
    if isinstance(value, tuple):
        return [set(r.instances) for r in found if isinstance(r, SetReference)] == [{seen.key for seen in value}]
    texts = [r.value for r in found if isinstance(r, ValueReference)]
    return bool(texts) and all(_says(text, value) for text in (*texts, hop.output))


def _says(text: str, value: Value) -> bool:
    if isinstance(value, bool):
        word = text.strip().lower().partition(" ")[0].strip(".,;:")
        return word in (("yes", "true") if value else ("no", "false"))
    if isinstance(value, str):
        return value.casefold() in text.casefold()
    number = stated_number(text)
    return number is not None and number.value == value
