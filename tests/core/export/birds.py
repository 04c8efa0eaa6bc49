"""A bear among five birds, with a chain written out by hand: the worked example of how a chain should read."""

from __future__ import annotations

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import (
    Chain,
    Composer,
    Hop,
    InstanceReference,
    Level,
    Reference,
    SetReference,
    ValueReference,
)
from hopchain_core.domain.images import Category, Image
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Attribute,
    Branch,
    Compare,
    Count,
    End,
    Extreme,
    Filter,
    HopOutput,
    InPart,
    Measure,
    Nearest,
    Operation,
    Operator,
    Order,
    Part,
    Unique,
)
from hopchain_core.domain.review import Verdict, VerdictOutcome
from hopchain_core.domain.status import ChainStatus
from hopchain_core.export.admission import Candidate
from tests.core.domain.chain_examples import BEAR, LOW_BIRD, NEAR_BIRD, PICTURE, RIGHT_BIRD, UPPER_BIRDS, number

IMAGE = Image(
    key=PICTURE,
    path="pictures/birds.png",
    width_px=640,
    height_px=480,
    licence="CC BY 2.0",
    split_group="ab" * 32,
    file_format="PNG",
)


INSTANCES = (BEAR, RIGHT_BIRD, NEAR_BIRD, *UPPER_BIRDS, LOW_BIRD)


def _hop(
    index: int,
    level: Level | None,
    text: str,
    output: str,
    operation: Operation,
    needs: tuple[int, ...],
    uses: tuple[Reference, ...],
    establishes: Reference,
) -> Hop:
    return Hop(
        index=index,
        level=level,
        sub_question=text,
        uses=uses,
        establishes=(establishes,),
        needs=needs,
        output=output,
        operation=operation,
    )


_RIGHT, _NEAR, _BEAR = (InstanceReference(i.key) for i in (RIGHT_BIRD, NEAR_BIRD, BEAR))
_UPPER = SetReference(tuple(sorted(i.key for i in UPPER_BIRDS)))

HOPS = (
    _hop(
        1,
        Level.SEVERAL,
        "Which bird is farthest to the right?",
        "the bird farthest to the right",
        Extreme(Filter("bird"), Measure.X_CENTRE, End.MAX),
        (),
        (),
        _RIGHT,
    ),
    _hop(
        2,
        Level.ONE_OBJECT,
        "Is it wider than it is tall?",
        "6",
        Branch(
            Compare(Attribute(HopOutput(1), Measure.WIDTH), Order.GREATER, Attribute(HopOutput(1), Measure.HEIGHT)),
            number(6),
            number(9),
        ),
        (1,),
        (_RIGHT,),
        ValueReference("6"),
    ),
    _hop(
        3,
        Level.SEVERAL,
        "Which bird is nearest to it?",
        "the bird nearest to it",
        Nearest(HopOutput(1), Filter("bird")),
        (1,),
        (_RIGHT,),
        _NEAR,
    ),
    _hop(
        4,
        Level.SEVERAL,
        "Is it higher than the bear?",
        "11",
        Branch(
            Compare(
                Attribute(HopOutput(3), Measure.Y_CENTRE),
                Order.LESS,
                Attribute(Unique(Filter("bear")), Measure.Y_CENTRE),
            ),
            Arithmetic(Operator.ADD, (HopOutput(2), number(3))),
            Arithmetic(Operator.ADD, (HopOutput(2), number(5))),
        ),
        (2, 3),
        (_NEAR, _BEAR, ValueReference("6")),
        ValueReference("11"),
    ),
    _hop(
        5,
        Level.SEVERAL,
        "How many birds are in the upper half?",
        "2",
        Count(Filter("bird", (InPart(Part.UPPER),))),
        (),
        (_UPPER,),
        ValueReference("2"),
    ),
    _hop(
        6,
        None,
        "What is 11 times 2?",
        "22",
        Arithmetic(Operator.MULTIPLY, (HopOutput(4), HopOutput(5))),
        (4, 5),
        (ValueReference("11"), ValueReference("2")),
        ValueReference("22"),
    ),
)

CHAIN = Chain(
    images=(IMAGE.key,),
    instances=(RIGHT_BIRD.key, NEAR_BIRD.key, BEAR.key),
    question="Find the bird farthest to the right. If it is wider than it is tall, note 6; otherwise note 9. …",
    hops=HOPS,
    answer=Answer.of(22),
    composer=Composer.PROGRAM,
)


def candidate(**changes: object) -> Candidate:
    """The chain as it stands with a label by construction and nothing against it."""
    fields: dict[str, object] = {
        "image": IMAGE,
        "categories": (Category(name="bear"), Category(name="bird")),
        "chain": CHAIN,
        "number": 12,
        "status": ChainStatus.BY_CONSTRUCTION,
        "mark": None,
        "findings": (),
        "verdict": verdict(),
        "difficulty": None,
        "instances": INSTANCES,
    }
    return Candidate(**{**fields, **changes})  # type: ignore[arg-type]  # a dict of named fields


def verdict(outcome: VerdictOutcome = VerdictOutcome.BY_CONSTRUCTION, label: int | None = 22) -> Verdict:
    """What people, or nobody, said of the chain."""
    return Verdict(
        chain=CHAIN.key,
        outcome=outcome,
        label=None if label is None else Answer.of(label),
        votes=(),
        policy="unanimous-4/1",
    )
