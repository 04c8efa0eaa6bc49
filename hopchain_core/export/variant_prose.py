"""A shortened chain as a person would ask it: one number is carried on from sentence to sentence.

What earlier steps found is said where it is first needed: "Start with the number 12", "Find the red mug". Chains whose
numbers do not run in one line are not said so; their steps are numbered instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from hopchain_core.backends.program.words import singular
from hopchain_core.domain.chains import Hop
from hopchain_core.domain.programs.execution import Seen, Value, output_text
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Attribute,
    Branch,
    Constant,
    Count,
    Expression,
    Extreme,
    Filter,
    HopOutput,
    Nearest,
    Operator,
    Relation,
    Unique,
    children,
)
from hopchain_core.export.wording import Speaker

RESULT = "What is the result?"
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_THAT = {
    Operator.ADD: "add {} to your number",
    Operator.SUBTRACT: "subtract {} from your number",
    Operator.MULTIPLY: "multiply your number by {}",
}
_AND = {Operator.ADD: "add {}", Operator.SUBTRACT: "subtract {}", Operator.MULTIPLY: "multiply it by {}"}


class NotInLineError(Exception):
    """The numbers of the chain do not run in one line."""


@dataclass(frozen=True, slots=True)
class Told:
    """A shortened chain in words.

    Attributes:
        question: All of it.
        steps: What is said for each step.
    """

    question: str
    steps: list[str]


@dataclass(slots=True)
class _Teller:
    hops: Sequence[Hop]
    outputs: Mapping[int, Value]
    described: frozenset[Expression]
    names: dict[int, str] = field(default_factory=dict)
    categories: dict[int, str] = field(default_factory=dict)
    known: dict[Expression, str] = field(default_factory=dict)
    running: int | None = None
    first: int | None = None
    start: Decimal | None = None

    def tell(self) -> Told:
        steps = [" ".join(self._step(hop)) for hop in self.hops]
        if self.running != self.hops[-1].index:
            raise NotInLineError
        if self.start is not None:
            steps[0] = f"Start with the number {output_text(self.start)}. {steps[0]}"
        only_notes = sum(isinstance(self.outputs[h.index], Decimal) for h in self.hops) == 1 and self.start is None
        is_noted = only_notes and isinstance(self.hops[-1].operation, Branch)
        return Told(f"{' '.join(steps)} {'Which number do you note?' if is_noted else RESULT}", steps)

    @property
    def _speaker(self) -> Speaker:
        return Speaker(self.names, self.categories, self.known)

    def _step(self, hop: Hop) -> Iterator[str]:
        operation = hop.operation
        assert operation is not None  # executable by the caller's check
        for expression in _parts(operation):
            if expression in self._repeated and expression not in self.known:
                yield f"Find {self._speaker.noun(expression)}."
                self.known[expression] = self._called(expression)
        value = self.outputs[hop.index]
        if isinstance(value, Seen):
            yield self._find(operation)
            if kind_of(operation, value) != "object":
                self.categories[hop.index] = value.category
            self.names[hop.index] = self._called(hop.index)
        elif isinstance(value, Decimal):
            yield self._number(hop.index, operation)
        else:
            raise NotInLineError

    @property
    def _repeated(self) -> set[Expression]:
        uses = Counter(e for hop in self.hops if hop.operation is not None for e in _parts(hop.operation))
        return {e for e in self.described if uses[e] > 1}

    def _find(self, operation: Expression) -> str:
        text = self._speaker.sentence(operation)
        is_first = not self.names and not self.known and self.running is None
        if is_first or not text.startswith("find "):
            return f"{text[0].upper()}{text[1:]}."
        return f"Then {text}."

    def _called(self, item: int | Expression) -> str:
        """Instances of one kind are told apart by the order in which they are found."""
        kinds = list(self._found())
        kind = next(k for found, k in kinds if found == item)
        alike = [found for found, k in kinds if k == kind]
        return f"this {kind}" if len(alike) == 1 else f"the {_ORDINALS[alike.index(item)]} {kind} that you found"

    def _found(self) -> Iterator[tuple[int | Expression, str]]:
        repeated, seen = self._repeated, set()
        for hop in self.hops:
            assert hop.operation is not None  # executable by the caller's check
            for e in _parts(hop.operation):
                if e in repeated and e not in seen:
                    seen.add(e)
                    yield e, _kind_described(e)
            value = self.outputs[hop.index]
            if isinstance(value, Seen):
                yield hop.index, kind_of(hop.operation, value)

    def _number(self, index: int, operation: Expression) -> str:
        match operation:
            case Branch(condition, Constant(then), Constant(otherwise)) if self.running is None:
                self._carry(index)
                said = self._speaker.condition(condition)
                return f"If {said}, note the number {output_text(then)}; otherwise, note {output_text(otherwise)}."
            case Attribute() if self.running is None:
                self._carry(index)
                return f"Note {self._speaker.noun(operation)}."
            case Count(among):
                self.names[index] = "this count"
                if index == self.hops[-1].index:
                    self._carry(index)
                return f"Count the {self._speaker.counted(among)}."
        phrases = self._changes(operation)
        self._carry(index)
        text = " and ".join(p if n == 0 else _AND[o].format(x) for n, (o, x, p) in enumerate(phrases))
        return f"{text[0].upper()}{text[1:]}."

    def _carry(self, index: int) -> None:
        self.running = index
        self.first = self.first if self.first is not None else index

    def _changes(self, e: Expression) -> list[tuple[Operator, str, str]]:
        """What is done to the number so far, one after the other: operator, operand, and both in words."""
        match e:
            case HopOutput(hop) if hop == self.running:
                return []
            case Constant(Decimal() as value) if self.running is None and self.start is None:
                self.start = value
                return []
            case Branch(condition, then, otherwise):
                (first,), start = self._changes(then), self.start
                self.start = None
                (second,) = self._changes(otherwise)
                if self.start != start or first[0] is not second[0]:
                    raise NotInLineError
                return [self._either(first[0], condition, first[1], second[1])]
            case Arithmetic(operator, (before, *after)):
                changes = self._changes(before)
                return [*changes, *(self._change(operator, operand) for operand in after)]
        raise NotInLineError

    def _change(self, operator: Operator, operand: Expression) -> tuple[Operator, str, str]:
        if isinstance(operand, Branch):
            then, otherwise = (self._operand(side) for side in (operand.then, operand.otherwise))
            return self._either(operator, operand.condition, then, otherwise)
        said = self._operand(operand)
        return operator, said, _THAT[operator].format(said)

    def _either(
        self, operator: Operator, condition: Expression, then: str, otherwise: str
    ) -> tuple[Operator, str, str]:
        said = self._speaker.condition(condition)  # type: ignore[arg-type]
        text = f"if {said}, {_THAT[operator].format(then)}; otherwise, {_AND[operator].format(otherwise)}"
        return operator, f"{then} or {otherwise}", text

    def _operand(self, operand: Expression) -> str:
        if isinstance(operand, HopOutput) and isinstance(self.outputs[operand.hop], Decimal):
            if operand.hop == self.first and self.running != self.first and self.start is None:
                return "the number that you noted first"
            if self.names.get(operand.hop) != "this count":
                raise NotInLineError
        if isinstance(operand, Arithmetic):
            raise NotInLineError
        return self._speaker.noun(operand)


def told(hops: Sequence[Hop], outputs: Mapping[int, Value], described: frozenset[Expression]) -> Told:
    """The shortened chain in words.

    Args:
        hops: From 1, executable.
        outputs: What they give.
        described: Instances that were written in.

    Raises:
        NotInLineError: Its numbers do not run in one line.
        NoWordsError: A step has no plain wording.
    """
    try:
        return _Teller(hops, outputs, described).tell()
    except (ValueError, KeyError) as error:
        # A change of two numbers at once, or an output that nothing names.
        if type(error) in (ValueError, KeyError):
            raise NotInLineError from error
        raise


def kind_of(operation: Expression, found: Seen) -> str:
    """What was looked for; where several kinds were, naming the one found would give it away."""
    among = getattr(operation, "among", None)
    return singular(found.category) if isinstance(among, Filter) and among.category else "object"


def _kind_described(e: Expression) -> str:
    match e:
        case Unique(Filter(category)) | Extreme(among=Filter(category)) | Nearest(among=Filter(category)):
            return "object" if category is None else singular(category)
        case Relation(among=Filter(category)):
            return "object" if category is None else singular(category)
    return "object"


def _parts(e: Expression) -> Iterator[Expression]:
    yield e
    for child in children(e):
        yield from _parts(child)
