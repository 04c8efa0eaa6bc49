"""Runs a program over the facts of a picture: exact outputs, and for each choice how near a tie it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hopchain_core.domain.programs.facts import PictureFacts, Seen
from hopchain_core.domain.programs.machine import Machine
from hopchain_core.domain.programs.operations import Expression
from hopchain_core.domain.programs.outcomes import BranchTaken, Choice, Execution, ProgramError, Value, output_text

if TYPE_CHECKING:
    from hopchain_core.domain.chains import Hop


def run_program(
    hops: Sequence[Hop],
    facts: PictureFacts,
    *,
    override: Mapping[int, Value] | None = None,
    forced: Mapping[int, bool] | None = None,
) -> Execution:
    """Runs the operations of a chain's hops in order.

    Args:
        hops: Each with an operation.
        facts: The picture.
        override: Outputs to put in place of what these hops give, seen by later hops.
        forced: Outcomes to put in place of these hops' conditions.

    Raises:
        ProgramError: A hop has no operation or no value: an empty set where one member is asked for, an attribute
            that is not known, a tie between equals, a set where a number belongs.
    """
    machine = Machine(facts, override or {}, forced or {})
    for hop in hops:
        if hop.operation is None:
            raise ProgramError(hop.index, "has no operation")
        machine.run(hop.index, hop.operation)
    return Execution(tuple(machine.outputs.values()), tuple(machine.choices), tuple(machine.branches))


def run_operation(
    index: int, operation: Expression, facts: PictureFacts, outputs: Mapping[int, Value]
) -> tuple[Value, tuple[Choice, ...], tuple[BranchTaken, ...]]:
    """Runs one operation as hop `index`, given the outputs of earlier hops.

    Raises:
        ProgramError: As `run_program`.
    """
    machine = Machine(facts, {}, {})
    machine.outputs.update(outputs)
    value = machine.run(index, operation)
    return value, tuple(machine.choices), tuple(machine.branches)


__all__ = [
    "BranchTaken",
    "Choice",
    "Execution",
    "PictureFacts",
    "ProgramError",
    "Seen",
    "Value",
    "output_text",
    "run_operation",
    "run_program",
]
