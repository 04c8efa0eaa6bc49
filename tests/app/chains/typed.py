"""A chain of three hops with operations, as a draft."""

from __future__ import annotations

from dataclasses import replace

from app.models.chain_draft import Draft
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import (
    Chain,
    Composer,
    Hop,
    InstanceReference,
    Level,
    Reference,
    ValueReference,
)
from hopchain_core.domain.keys import ImageKey, InstanceKey
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Constant,
    Count,
    End,
    Extreme,
    Filter,
    HopOutput,
    Measure,
    Operation,
    Operator,
)
from hopchain_core.project import StoredChain

A, B, C, D = (InstanceKey(k * 16) for k in "abcd")
NAMES = frozenset({"bird", "bear", "red"})


def typed_draft() -> Draft:
    """A fresh draft of three hops that are recomputed, over instances A to D."""
    chain = Chain(
        images=(ImageKey("i"),),
        instances=(A, B, C),
        question="Which bird is it?",
        hops=(
            typed_hop(1, "Where is the bird?", operation=Extreme(Filter("bird"), Measure.X_CENTRE, End.MIN)),
            replace(
                typed_hop(2, "How many birds stand near the bear?", operation=Count(Filter("bird", of=HopOutput(1)))),
                level=Level.SEVERAL,
                uses=(InstanceReference(A), InstanceReference(B)),
                establishes=(ValueReference("3"),),
                needs=(1,),
                output="3",
            ),
            replace(
                typed_hop(
                    3, "Times 3?", operation=Arithmetic(Operator.MULTIPLY, (HopOutput(2), Constant(Answer.of(3).value)))
                ),
                level=None,
                uses=(ValueReference("3"),),
                establishes=(ValueReference("9"),),
                needs=(2,),
                output="9",
            ),
        ),
        answer=Answer.of(3),
        composer=Composer.PROGRAM,
    )
    return Draft.of(StoredChain(1, chain, None), NAMES)


def typed_hop(index: int, words: str, operation: Operation | None) -> Hop:
    """A hop that finds A."""
    found: tuple[Reference, ...] = (InstanceReference(A),)
    return Hop(
        index=index,
        level=Level.ONE_OBJECT,
        sub_question=words,
        uses=(),
        establishes=found,
        needs=(),
        output="bird 1",
        operation=operation,
    )
