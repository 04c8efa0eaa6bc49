"""One simulated attempt: each operation is worked out from what the attempt believes so far, and now and then wrong."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from hopchain_core.backends.simulated_mistakes import miscounted, misread, slipped
from hopchain_core.domain.chains import Hop
from hopchain_core.domain.instances import AttributeName
from hopchain_core.domain.programs.execution import Choice, ProgramError, Seen, Value, output_text, run_operation
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Attribute,
    Branch,
    Compare,
    Constant,
    Count,
    Expression,
    Extreme,
    Filter,
    HopOutput,
    Measure,
    Nearest,
    Relation,
    Unique,
    operation_name,
)
from hopchain_core.domain.rollouts import ErrorKind

Chances = Callable[[str, float, int], float]
"""Chance to err at an operation, by its name, its margin and how many objects it chooses among."""


class Attempt:
    """Goes through a program with errors. What it gets wrong at one hop, later hops start from.

    Attributes:
        error_kind: Of the operation that spoiled the first wrong hop; None while all hops are right.
    """

    def __init__(self, facts: PictureFacts, chances: Chances, rng: random.Random) -> None:
        self._facts = facts
        self._chances = chances
        self._rng = rng
        self._outputs: dict[int, Value] = {}
        self._held = 0
        self._hop = 0
        self._slip: ErrorKind | None = None
        self.error_kind: ErrorKind | None = None

    def hop(self, hop: Hop, right: Value) -> Value:
        """What the attempt makes of a hop, given what it made of those before.

        Args:
            hop: With an operation.
            right: Its true output: the attempt's type and, where a wrong turn leads nowhere, its anchor.
        """
        assert hop.operation is not None  # the solver takes executable chains only
        self._hop = hop.index
        self._slip = None
        try:
            value = self._see(hop.operation)
        except ProgramError:
            value = self._somehow(hop, right)
        if type(value) is not type(right):
            value = right  # an impossible value would give the attempt away
        if value != right:
            self.error_kind = self.error_kind or self._slip
        self._outputs[hop.index] = value
        return value

    def shown(self, value: Value) -> str:
        """A value as the attempt writes it down; an object with its centre in pixels."""
        if isinstance(value, Seen):
            centre = value.box.centre
            return f"{value.category} at ({centre.x:.0f}, {centre.y:.0f})"
        return output_text(value)

    def number(self, value: Value) -> Decimal:
        """The attempt's last value as a number; the last hop of a chain gives one."""
        assert isinstance(value, Decimal)  # the truth is a number, and `hop` keeps to its type
        return value

    # working an operation out

    def _see(self, e: Expression) -> Value:
        match e:
            case Branch(condition, then, otherwise):
                is_true = self._see(condition)
                if self._errs("branch", 8.0, 2, ErrorKind.REASONING):
                    is_true = not is_true
                return self._see(then if is_true else otherwise)
            case Compare(left, order, right):
                return self._compared(e, Compare(self._side(left), order, self._side(right)))
            case Arithmetic(operator, operands):
                seen = tuple(self._hold(self._see(o)) for o in operands)
                total, _ = self._run(Arithmetic(operator, seen))
                if isinstance(total, Decimal) and self._errs("arithmetic", 2.0, 3, ErrorKind.REASONING):
                    return slipped(total, self._rng)
                return total
            case Attribute(of, name, _):
                return self._read(replace(e, of=self._hold(self._see(of))), name)
            case Nearest(to=to):
                return self._chosen(replace(e, to=self._hold(self._see(to))))
            case Relation(of=of):
                return self._chosen(replace(e, of=self._hold(self._see(of))))
            case Extreme() | Unique():
                return self._chosen(e)
            case Count():
                value, choices = self._run(e)
                n = int(value) if isinstance(value, Decimal) else 0
                if isinstance(value, Decimal) and self._errs("count", _least(choices), n, ErrorKind.PERCEPTION):
                    return miscounted(value, self._rng)
                return value
            case Filter():
                return self._gathered(e)
            case _:
                return self._run(e)[0]

    def _run(self, e: Expression) -> tuple[Value, tuple[Choice, ...]]:
        value, choices, _ = run_operation(self._hop, e, self._facts, self._outputs)
        return value, choices

    def _hold(self, value: Value) -> HopOutput:
        """Keeps a value under a number that no hop has, so that an operation can start from it."""
        self._held -= 1
        self._outputs[self._held] = value
        return HopOutput(self._held)

    def _errs(self, operation: str, margin: float, candidates: int, kind: ErrorKind) -> bool:
        if self._rng.random() >= self._chances(operation, margin, candidates):
            return False
        self._slip = self._slip or kind
        return True

    def _side(self, e: Expression) -> Expression:
        """One side of a comparison. Extents and places are compared by eye, not read off one by one."""
        if isinstance(e, Attribute) and isinstance(e.name, Measure):
            return replace(e, of=self._hold(self._see(e.of)))
        return e if isinstance(e, Constant) else self._hold(self._see(e))

    def _compared(self, e: Compare, seen: Compare) -> bool:
        value, choices = self._run(seen)
        is_by_eye = isinstance(e.left, Attribute) or isinstance(e.right, Attribute)
        kind = ErrorKind.PERCEPTION if is_by_eye else ErrorKind.REASONING
        if self._errs("compare", _least(choices) if choices else 4.0, 2, kind):
            return not value
        return bool(value)

    def _read(self, e: Attribute, name: AttributeName | Measure) -> Value:
        value, _ = self._run(e)
        if isinstance(name, Measure):
            return value
        of, _ = self._run(e.of)
        assert isinstance(of, Seen)  # the operation has just read it
        text = of.attributes[name]
        length = len(text) if name in (AttributeName.TEXT, AttributeName.NUMBER) else 3
        others = sorted({s.attributes[name] for s in self._facts.seen if name in s.attributes} - {text})
        for _ in range(8):  # not every misreading changes what is asked of the text
            wrong_text = misread(text, name, others, self._rng)
            if wrong_text is None:
                break
            wrong, _ = self._run(replace(e, of=self._hold(replace(of, attributes={**of.attributes, name: wrong_text}))))
            if wrong != value:
                return wrong if self._errs("attribute", 2.0, length, ErrorKind.PERCEPTION) else value
        return value

    def _chosen(self, e: Nearest | Relation | Extreme | Unique) -> Value:
        value, choices = self._run(e)
        if not isinstance(value, Seen):
            return value
        members, _ = self._run(e.among)
        group = members if isinstance(members, tuple) else ()
        mine = [c for c in choices if c.winner is value and c.runner_up is not None]
        instead = mine[-1].runner_up if mine else None
        if instead is None:
            alike = [s for s in self._facts.by_category.get(value.category, ()) if s is not value]
            instead = min(alike, key=value.distance) if alike else None
        if instead is None:
            return value  # nothing there could be taken for it
        margin = _least(mine or choices)
        return instead if self._errs(operation_name(e), margin, len(group), ErrorKind.PERCEPTION) else value

    def _gathered(self, e: Filter) -> Value:
        value, choices = self._run(e)
        if not isinstance(value, tuple):
            return value
        inside = list(value)
        outside = [
            s for s in self._facts.seen if s not in inside and s.category in {e.category, *(i.category for i in inside)}
        ]
        if not (inside or outside) or not self._errs("filter", _least(choices), len(inside), ErrorKind.PERCEPTION):
            return value
        if inside and (not outside or self._rng.random() < 0.6):
            inside.remove(self._rng.choice(inside))
        else:
            inside.append(self._rng.choice(outside))
        return tuple(sorted(inside, key=lambda s: s.order))

    def _somehow(self, hop: Hop, right: Value) -> Value:
        """Where a wrong turn leads nowhere: any object of the kind, the number so far, or what is there to see."""
        if isinstance(right, Seen):
            return self._rng.choice(self._facts.by_category[right.category])
        if isinstance(right, Decimal):
            carried = [v for n in hop.needs if isinstance(v := self._outputs.get(n), Decimal)]
            return carried[-1] if carried else miscounted(right, self._rng)
        return right


def _least(choices: tuple[Choice, ...] | list[Choice]) -> float:
    return min((c.margin for c in choices), default=8.0)
