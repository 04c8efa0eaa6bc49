"""A chain in the making: hops so far, what they gave, and how the question goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from hopchain_core.backends.program.known import VAGUE
from hopchain_core.backends.program.words import ordinal, singular
from hopchain_core.domain.chains import Level
from hopchain_core.domain.instances import AttributeName
from hopchain_core.domain.programs.execution import Choice, ProgramError, Value, run_operation
from hopchain_core.domain.programs.facts import PictureFacts, Seen
from hopchain_core.domain.programs.margins import CLEAR
from hopchain_core.domain.programs.operations import Branch, Expression, HopOutput, Operation, hops_used

LEAST_SIDE = 0.03
"""An instance is spoken of on its own only when both sides of its box reach this share of the shorter side. Chosen."""
LEAST_AREA = 0.0015
"""…and it covers this share of the picture. Chosen."""
MOST_AREA = 0.4
"""Things that fill the picture (tables, beds) are no good for "left of" and "nearest". Chosen."""


class Counted(StrEnum):
    """Ways of counting a category."""

    WHOLE = "count"
    HALF = "count-half"
    COLOUR = "count-colour"
    BESIDE = "count-beside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One hop with its words.

    Attributes:
        operation: What it does.
        level: How much it looks at.
        clause: Its sentence in the question.
        sub_question: The same as a question of its own.
        names: Instances the clause describes by itself (landmarks).
        move: A short word for its kind, for variety: ``start:extreme``, ``gate:half``…
        is_conditional: It asks an if-question.
        counted: In what way it counts, where it does.
        number: What that count comes to.
    """

    operation: Operation
    level: Level
    clause: str
    sub_question: str
    names: tuple[Seen, ...] = ()
    move: str
    is_conditional: bool = False
    counted: Counted | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """Hops so far. Frozen: a move makes a new draft, so sampling can go back.

    Attributes:
        steps: From the first hop.
        outputs: What each gave.
        visited: Instances found one after the other, the current one last.
        current_hop: The hop that found the current instance.
        total_hop: The hop that gave the number so far; 0 while there is none.
        first_total_hop: The first hop that gave a number; 0 while there is none.
        named: Every instance spoken of on its own.
    """

    facts: PictureFacts
    steps: tuple[Step, ...] = ()
    outputs: tuple[Value, ...] = ()
    visited: tuple[Seen, ...] = ()
    visited_hops: tuple[int, ...] = ()
    total_hop: int = 0
    first_total_hop: int = 0
    named: tuple[Seen, ...] = ()
    truths: tuple[bool, ...] = field(default=())

    @property
    def current(self) -> Seen:
        """The instance found last."""
        return self.visited[-1]

    @property
    def current_hop(self) -> int:
        """The hop that found the current instance."""
        return self.visited_hops[-1]

    @property
    def it(self) -> HopOutput:
        """The current instance as an expression."""
        return HopOutput(self.current_hop)

    @property
    def total(self) -> HopOutput:
        """The number so far as an expression."""
        return HopOutput(self.total_hop)

    @property
    def facts_colours(self) -> frozenset[str]:
        """Every colour known in the picture."""
        return frozenset(s.attributes.get(AttributeName.COLOUR, "") for s in self.facts.seen)

    def this(self, *, short: bool = True) -> str:
        """How the question speaks of the current instance right now.

        "it" is used only right after a sentence that speaks of nothing else.
        """
        if short and len(self.steps) == 1 and not self.steps[0].names:
            return "it"
        return self.called(len(self.visited) - 1)

    def called(self, position: int) -> str:
        """How the question speaks of the instance found at a place in the walk, without giving it away."""
        nouns = [self._noun(p) for p in range(len(self.visited))]
        noun = nouns[position]
        rank = f"{ordinal(nouns[: position + 1].count(noun))} " if nouns.count(noun) > 1 else ""
        if position == len(self.visited) - 1:
            return f"this {rank}{noun}"
        if not rank and len(self.facts.by_category[self.visited[position].category]) == 1 and noun != "object":
            return f"the {noun}"
        return f"the {rank}{noun} that you found"

    def _noun(self, position: int) -> str:
        # Which of a few named things was taken must not be told by its name.
        if self.steps[self.visited_hops[position] - 1].move.endswith("-named"):
            return "object"
        return singular(self.visited[position].category)

    def extended(self, step: Step) -> Draft | None:
        """The draft with one more hop, or None when the hop has no clear value here."""
        done = self.tried(step.operation)
        if done is None:
            return None
        value, truth = done
        index = len(self.steps) + 1
        changes: dict[str, object] = {
            "steps": (*self.steps, step),
            "outputs": (*self.outputs, value),
            "named": tuple(dict.fromkeys((*self.named, *step.names))),
        }
        if truth is not None:
            changes["truths"] = (*self.truths, truth)
        if isinstance(value, Seen):
            if value in self.visited or not is_referable(value, self.facts):
                return None
            changes["visited"] = (*self.visited, value)
            changes["visited_hops"] = (*self.visited_hops, index)
            changes["named"] = tuple(dict.fromkeys((*self.named, *step.names, value)))
        else:
            changes["total_hop"] = index
            changes["first_total_hop"] = self.first_total_hop or index
        return replace(self, **changes)  # type: ignore[arg-type]  # a dict of checked names

    def tried(self, operation: Expression) -> tuple[Value, bool | None] | None:
        """The operation's value and the outcome of its condition, or None when it has none or is not clear."""
        outputs = dict(enumerate(self.outputs, start=1))
        try:
            value, choices, branches = run_operation(len(self.steps) + 1, operation, self.facts, outputs)
            if isinstance(operation, Branch):
                choices = (*choices, *self._other_side(operation, outputs))
        except ProgramError:
            return None
        if any(c.margin < CLEAR for c in choices):
            return None
        return value, branches[0].is_true if branches else None

    def _other_side(self, operation: Branch, outputs: dict[int, Value]) -> Sequence[Choice]:
        # A wrong turn must lead somewhere definite, or it would be noticed at once.
        choices: tuple[Choice, ...] = ()
        for side in (operation.then, operation.otherwise):
            _, more, _ = run_operation(len(self.steps) + 1, side, self.facts, outputs)
            choices = (*choices, *more)
        return choices

    def look_alikes(self, hop: int) -> list[Seen]:
        """What someone who errs at this hop might take instead; nothing where the hop finds no instance."""
        output, step = self.outputs[hop - 1], self.steps[hop - 1]
        if not isinstance(output, Seen):
            return []
        others = step.names if step.move.endswith("-named") else self.facts.by_category[output.category]
        return [s for s in others if s is not output]

    def needs(self, step: Step) -> tuple[int, ...]:
        """Earlier hops whose results a step uses."""
        return tuple(sorted(hops_used(step.operation)))


def can_be_told_apart(category: str, facts: PictureFacts) -> bool:
    """True when "the leftmost" or "the nearest" of a category means the same to everybody.

    With members that are easily overlooked, or that hide each other, only "the largest" does.
    """
    return category not in facts.never_counted and category not in VAGUE


def is_referable(seen: Seen, facts: PictureFacts) -> bool:
    """True when a person finds the instance without searching and can say where it lies."""
    shorter = min(facts.width_px, facts.height_px)
    side = min(seen.box.width, seen.box.height)
    picture = facts.width_px * facts.height_px
    return (
        side >= LEAST_SIDE * shorter
        and seen.area_px >= LEAST_AREA * picture
        and seen.box.area <= MOST_AREA * picture
        and seen.category not in facts.unsettled
        and seen.category not in VAGUE
    )
