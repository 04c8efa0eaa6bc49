"""Two chains worked out by hand that break no rule: one by program (a bear and birds), one as a VLM writes (a kite)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

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
from hopchain_core.domain.findings import Finding
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.instances import Instance, Origin
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Attribute,
    Branch,
    Compare,
    Constant,
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
from hopchain_core.domain.rules import audit_chain

PICTURE = ImageKey("ab" * 32)
WIDTH_PX, HEIGHT_PX = 640, 480


def instance(category: str, x: float, y: float, width: float = 60, height: float = 50, **more: Any) -> Instance:
    """An annotated object round a centre, in pixels."""
    box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return Instance(image=PICTURE, category=category, box=box, mask=None, score=None, origin=Origin.IMPORT, **more)


def facts(*instances: Instance, uncountable: frozenset[str] = frozenset()) -> PictureFacts:
    """A picture with these objects."""
    return PictureFacts(WIDTH_PX, HEIGHT_PX, instances, uncountable)


def number(value: int) -> Constant:
    """A constant."""
    return Constant(Decimal(value))


def one(of: Instance) -> InstanceReference:
    """A reference to an object."""
    return InstanceReference(of.key)


def several(*of: Instance) -> SetReference:
    """A reference to a set."""
    return SetReference(tuple(sorted(i.key for i in of)))


def hop(
    index: int,
    level: Level | None,
    sub_question: str,
    output: str,
    *,
    needs: tuple[int, ...] = (),
    uses: tuple[Reference, ...] = (),
    establishes: tuple[Reference, ...] = (),
    operation: Operation | None = None,
) -> Hop:
    """A hop in one line."""
    return Hop(
        index=index,
        level=level,
        sub_question=sub_question,
        uses=uses,
        establishes=establishes,
        needs=needs,
        output=output,
        operation=operation,
    )


BEAR = instance("bear", 200, 211, 160, 130)
RIGHT_BIRD = instance("bird", 487, 350, 143, 81)
NEAR_BIRD = instance("bird", 328, 348, 90, 60)
UPPER_BIRDS = (instance("bird", 60, 80, 60, 45), instance("bird", 390, 70, 66, 50))
LOW_BIRD = instance("bird", 60, 420, 70, 50)
BIRD_FACTS = facts(BEAR, RIGHT_BIRD, NEAR_BIRD, *UPPER_BIRDS, LOW_BIRD)

BIRDS = Chain(
    images=(PICTURE,),
    instances=(RIGHT_BIRD.key, NEAR_BIRD.key, BEAR.key),
    question=(
        "Find the bird farthest to the right. If its outline is wider than it is tall, note 6; otherwise note 9. "
        "Now take the bird nearest to that bird. If this second bird's centre lies higher in the picture than the "
        "bear's centre, add 3 to your number; otherwise add 5. Multiply the result by the number of birds in the upper "
        "half of the picture. What is the result?"
    ),
    hops=(
        hop(
            1,
            Level.SEVERAL,
            "Which bird is farthest to the right?",
            "the bird farthest to the right",
            establishes=(one(RIGHT_BIRD),),
            operation=Extreme(Filter("bird"), Measure.X_CENTRE, End.MAX),
        ),
        hop(
            2,
            Level.ONE_OBJECT,
            "Which number do you start with: 6 if this bird is wider than it is tall, otherwise 9?",
            "yes → 6",
            needs=(1,),
            uses=(one(RIGHT_BIRD),),
            establishes=(ValueReference("6"),),
            operation=Branch(
                Compare(Attribute(HopOutput(1), Measure.WIDTH), Order.GREATER, Attribute(HopOutput(1), Measure.HEIGHT)),
                number(6),
                number(9),
            ),
        ),
        hop(
            3,
            Level.SEVERAL,
            "Which bird is nearest to that bird?",
            "bird 4",
            needs=(1,),
            uses=(one(RIGHT_BIRD),),
            establishes=(one(NEAR_BIRD),),
            operation=Nearest(HopOutput(1), Filter("bird")),
        ),
        hop(
            4,
            Level.SEVERAL,
            "What is your number now? Add 3 if this bird is higher than the bear, otherwise 5.",
            "no → 6 + 5 = 11",
            needs=(2, 3),
            uses=(ValueReference("6"), one(NEAR_BIRD), one(BEAR)),
            establishes=(ValueReference("11"),),
            operation=Arithmetic(
                Operator.ADD,
                (
                    HopOutput(2),
                    Branch(
                        Compare(
                            Attribute(HopOutput(3), Measure.Y_CENTRE),
                            Order.LESS,
                            Attribute(Unique(Filter("bear")), Measure.Y_CENTRE),
                        ),
                        number(3),
                        number(5),
                    ),
                ),
            ),
        ),
        hop(
            5,
            Level.SEVERAL,
            "What is your number times the number of birds in the upper half of the picture?",
            "11 × 2 = 22",
            needs=(4,),
            uses=(ValueReference("11"), several(*UPPER_BIRDS)),
            establishes=(ValueReference("22"),),
            operation=Arithmetic(Operator.MULTIPLY, (HopOutput(4), Count(Filter("bird", (InPart(Part.UPPER),))))),
        ),
    ),
    answer=Answer.of(22),
    composer=Composer.PROGRAM,
)

KITE = instance("kite", 320, 120, 160, 90)
MAN = instance("person", 300, 300, 90, 220)
PAINTING = instance("painting", 520, 90, 180, 60)
FLOWERS = instance("flowers", 520, 190, 70, 60)
KITE_FACTS = facts(KITE, MAN, PAINTING, FLOWERS)

KITE_CHAIN = Chain(
    images=(PICTURE,),
    instances=(KITE.key, MAN.key, PAINTING.key, FLOWERS.key),
    question=(
        "Find the object on which a year is printed and take the last digit of that year. Look at the shirt of the "
        "person who holds this object and count the letters of the lowest word printed on it; add that number. If the "
        "long painting on the wall above the flowers has the same main colour as this shirt, add 5, otherwise add 10. "
        "What is the total?"
    ),
    hops=(
        hop(
            1,
            Level.ONE_OBJECT,
            "On which object is a year printed, and what is the last digit of that year?",
            "9",
            uses=(one(KITE),),
            establishes=(one(KITE), ValueReference("9")),
        ),
        hop(
            2,
            Level.SEVERAL,
            "Who holds this object?",
            "the man in the orange shirt",
            needs=(1,),
            uses=(one(KITE),),
            establishes=(one(MAN),),
        ),
        hop(
            3,
            Level.ONE_OBJECT,
            "How many letters has the lowest word on his shirt? Add them to your number.",
            "7 → 16",
            needs=(1, 2),
            uses=(one(MAN), ValueReference("9")),
            establishes=(ValueReference("16"),),
        ),
        hop(
            4,
            Level.SEVERAL,
            "Has the long painting above the flowers the same main colour as this shirt? Add 5 if so, otherwise 10.",
            "yes → 5 → 21",
            needs=(2, 3),
            uses=(one(MAN), one(PAINTING), one(FLOWERS), ValueReference("16")),
            establishes=(ValueReference("21"),),
        ),
    ),
    answer=Answer.of(21),
    composer=Composer.VLM,
)


def with_hop(chain: Chain, index: int, **changes: Any) -> Chain:
    """The chain with one hop changed."""
    return replace(chain, hops=tuple(replace(h, **changes) if h.index == index else h for h in chain.hops))


def found(rule: str, chain: Chain, picture: PictureFacts | None = None) -> list[Finding]:
    """What one rule says of a chain."""
    if picture is None:
        picture = KITE_FACTS if chain.composer is Composer.VLM else BIRD_FACTS
    return [f for f in audit_chain(chain, picture) if f.rule == rule]
