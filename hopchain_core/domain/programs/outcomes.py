"""What running a program gives: values, choices with their margins, and conditions taken."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Union

from hopchain_core.domain.programs import margins
from hopchain_core.domain.programs.facts import Seen

Value = Union[Seen, tuple[Seen, ...], Decimal, str, bool]
"""An instance, a set (from left to right), a number, a word or a truth value."""


class ProgramError(ValueError):
    """The program has no value over these facts.

    Attributes:
        hop: Number of the hop that has none.
    """

    def __init__(self, hop: int, message: str) -> None:
        super().__init__(f"hop {hop}: {message}")
        self.hop = hop


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision on the way.

    Attributes:
        hop: Number of the hop.
        operation: The word for it: ``extreme``, ``compare``…
        margin: Ratio to what is needed; 1 and more is clear.
        message: What was decided, for a curator.
        winner: The instance chosen, if one was.
        runner_up: The instance that would be taken by someone who errs, if there is one.
    """

    hop: int
    operation: str
    margin: float
    message: str
    winner: Seen | None = None
    runner_up: Seen | None = None

    @property
    def is_clear(self) -> bool:
        """People with good eyes agree on it without measuring."""
        return self.margin >= margins.CLEAR


@dataclass(frozen=True, slots=True)
class BranchTaken:
    """How one condition came out."""

    hop: int
    is_true: bool


@dataclass(frozen=True, slots=True)
class Execution:
    """What running a program gave.

    Attributes:
        outputs: One value for each hop, in order.
        choices: Every decision, in the order taken.
        branches: Every condition, in the order taken.
    """

    outputs: tuple[Value, ...]
    choices: tuple[Choice, ...]
    branches: tuple[BranchTaken, ...]

    @property
    def answer(self) -> Decimal | None:
        """The last output where it is a number."""
        last = self.outputs[-1] if self.outputs else None
        return last if isinstance(last, Decimal) else None

    @property
    def is_clear(self) -> bool:
        """Every choice is clear."""
        return all(c.is_clear for c in self.choices)


def output_text(value: Value) -> str:
    """A value as one word for traces: a category, how many, a number, a word, yes or no."""
    if isinstance(value, Seen):
        return value.category
    if isinstance(value, tuple):
        return f"{len(value)} objects"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    return value
