"""What a rule looks at: a chain, the facts of its picture, and what its operations give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import (
    Chain,
    Hop,
    InstanceReference,
    SetReference,
    ValueReference,
)
from hopchain_core.domain.programs.execution import BranchTaken, Choice, ProgramError, Value, run_operation
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.programs.operations import (
    Expression,
    Filter,
    HasAttribute,
    children,
    hops_used,
)


@dataclass(frozen=True, slots=True)
class Step:
    """What a hop's operation gives.

    Attributes:
        value: None when it has none.
        problem: Why it has none.
        is_claimed: It rests on a hop without operation, whose stated result was taken as it is.
    """

    value: Value | None
    choices: tuple[Choice, ...] = ()
    branches: tuple[BranchTaken, ...] = ()
    problem: str = ""
    is_claimed: bool = False


@dataclass(frozen=True)
class Subject:
    """A chain under audit. What several rules ask is worked out once, when first asked."""

    chain: Chain
    facts: PictureFacts

    @cached_property
    def steps(self) -> dict[int, Step]:
        """What each operation gives, by hop; hops without operation, or whose inputs are missing, are left out.

        Hops without operation hand on what they state, so that the operations after them can be looked at too.
        """
        steps: dict[int, Step] = {}
        outputs: dict[int, Value] = {}
        claimed: set[int] = set()
        for hop in sorted(self.chain.hops, key=lambda h: h.index):
            if hop.operation is None:
                stated = stated_value(hop, self.facts)
                if stated is not None:
                    outputs[hop.index] = stated
                    claimed.add(hop.index)
                continue
            used = hops_used(hop.operation)
            if not used <= outputs.keys():
                continue
            step = _run(hop, hop.operation, self.facts, outputs, bool(used & claimed))
            steps[hop.index] = step
            if step.is_claimed:
                claimed.add(hop.index)
            if step.value is not None:
                outputs[hop.index] = step.value
        return steps

    @cached_property
    def category_words(self) -> frozenset[str]:
        """Every word of the names of the categories in the picture, in lower case."""
        return frozenset(w for i in self.facts.instances for w in i.category.lower().split())


def _run(hop: Hop, operation: Expression, facts: PictureFacts, outputs: dict[int, Value], is_claimed: bool) -> Step:
    try:
        value, choices, branches = run_operation(hop.index, operation, facts, outputs)
    except ProgramError as error:
        return Step(None, problem=str(error), is_claimed=is_claimed)
    return Step(value, choices, branches, is_claimed=is_claimed)


def stated_value(hop: Hop, facts: PictureFacts) -> Value | None:
    """What a hop says it establishes, as a value; None when it does not say one thing."""
    if len(hop.establishes) != 1:
        return None
    match hop.establishes[0]:
        case InstanceReference(key):
            return facts.by_key.get(key)
        case SetReference(keys):
            found = [facts.by_key[k] for k in keys if k in facts.by_key]
            return tuple(sorted(found, key=lambda s: s.order)) if len(found) == len(keys) else None
        case ValueReference(text):
            if text in ("yes", "no"):
                return text == "yes"
            read = Answer.read(text)
            return read.value if isinstance(read, Answer) else text


def expressions_in(expression: Expression) -> Iterator[Expression]:
    """The expression and every expression inside it, conditions of filters included."""
    yield expression
    for child in children(expression):
        yield from expressions_in(child)


def expressions_of(chain: Chain) -> Iterator[Expression]:
    """Every expression in a chain's operations."""
    for hop in chain.hops:
        if hop.operation is not None:
            yield from expressions_in(hop.operation)


def attribute_values(chain: Chain) -> Iterator[str]:
    """Attribute values that operations look for: the question has to name them."""
    for expression in expressions_of(chain):
        if isinstance(expression, Filter):
            yield from (c.value for c in expression.where if isinstance(c, HasAttribute))
