"""What there is to see of a hop, told from hand-made pictures whose figures are plain."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from app.presenters.chain_detail import instance_names
from app.presenters.chain_evidence import HopEvidence, evidence_of
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
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.instances import Instance, Origin
from hopchain_core.domain.keys import ImageKey, InstanceKey
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.programs.operations import (
    Attribute,
    Branch,
    Compare,
    Constant,
    Count,
    Direction,
    End,
    Extreme,
    Filter,
    HopOutput,
    InPart,
    Measure,
    Middle,
    Nearest,
    Operation,
    Order,
    Part,
    Placed,
    Relation,
)

IMAGE = ImageKey("a" * 64)


def instance(category: str, x: float, y: float, side: float = 40) -> Instance:
    box = Box(x - side / 2, y - side / 2, x + side / 2, y + side / 2)
    return Instance(image=IMAGE, category=category, box=box, mask=None, score=None, origin=Origin.PERSON)


BEAR = instance("bear", 500, 400, 200)
BIRDS = [instance("bird", x, y) for x, y in ((100, 600), (300, 300), (700, 600), (900, 200))]
FACTS = PictureFacts(1000, 800, (BEAR, *BIRDS))
NAMES = instance_names(FACTS)
BIRD = {f"bird {n}": bird.key for n, bird in enumerate(BIRDS, start=1)}


def hop(
    index: int,
    operation: Operation | None,
    establishes: Sequence[Reference],
    *,
    needs: tuple[int, ...] = (),
    uses: Sequence[Reference] = (),
    level: Level | None = Level.SEVERAL,
) -> Hop:
    return Hop(
        index=index,
        level=level,
        sub_question="Which one?",
        uses=tuple(uses),
        establishes=tuple(establishes),
        needs=needs,
        output="it",
        operation=operation,
    )


LEFTMOST = hop(
    1, Extreme(Filter("bird"), Measure.X_CENTRE, End.MIN), [InstanceReference(BIRD["bird 1"])], level=Level.SEVERAL
)


def seen(operation: Operation | None, establishes: Sequence[Reference], **more: object) -> HopEvidence:
    """Evidence of a second hop, after one that found bird 1."""
    uses = [InstanceReference(BIRD["bird 1"])]
    second = hop(2, operation, establishes, needs=(1,), uses=uses, **more)  # type: ignore[arg-type]
    chain = Chain(
        images=(IMAGE,),
        instances=(BEAR.key, *BIRD.values()),
        question="?",
        hops=(LEFTMOST, second),
        answer=Answer.of("1"),
        composer=Composer.PROGRAM,
    )
    outputs = {1: FACTS.by_key[BIRD["bird 1"]]}
    return evidence_of(second, chain, FACTS, outputs, NAMES)


def named(*keys: object) -> list[str]:
    return sorted(NAMES[InstanceKey(str(key))] for key in keys)


def test_that_the_nearest_is_shown_with_its_runner_up() -> None:
    found = seen(Nearest(HopOutput(1), Filter("bird")), [InstanceReference(BIRD["bird 2"])])
    assert named(*found.lit) == ["bird 1", "bird 2"]
    assert [(NAMES[a.start], NAMES[a.end], a.text) for a in found.arrows] == [("bird 1", "bird 2", "nearest  361 px")]  # type: ignore[index]
    assert [(NAMES[d.end], d.text) for d in found.dashes] == [("bird 3", "runner-up  600 px")]  # type: ignore[index]
    assert named(*found.members) == ["bear", "bird 3", "bird 4"]
    assert named(*found.zoomed) == ["bird 1", "bird 2", "bird 3"]
    (remark,) = found.remarks
    assert remark.is_clear
    assert remark.text == "361 px between centres, the runner-up bird 3 is at 600 px (1.7 times as far)."


def test_that_an_extreme_tells_how_far_its_runner_up_lies_behind() -> None:
    found = seen(Extreme(Filter("bird"), Measure.X_CENTRE, End.MAX), [InstanceReference(BIRD["bird 4"])])
    assert [(NAMES[d.start], NAMES[d.end], d.text) for d in found.dashes] == [("bird 4", "bird 3", "runner-up  200 px")]  # type: ignore[index]
    assert found.remarks[0].text == "200 px farther right than the runner-up bird 3."


def test_that_a_choice_near_a_tie_says_what_would_be_clear() -> None:
    near = instance("bird", 905, 300)
    facts = PictureFacts(1000, 800, (BEAR, *BIRDS, near))
    step = hop(1, Extreme(Filter("bird"), Measure.X_CENTRE, End.MAX), [InstanceReference(near.key)])
    chain = Chain(
        images=(IMAGE,), instances=(near.key,), question="?", hops=(step,), answer=Answer.of("1"), composer=Composer.VLM
    )
    (remark,) = evidence_of(step, chain, facts, {}, instance_names(facts)).remarks
    assert not remark.is_clear
    assert remark.lead == "Near a tie"
    assert remark.text == "5 px farther right than the runner-up bird 4; 35 px would be clear."


def test_that_a_count_numbers_what_it_counts_and_draws_the_border() -> None:
    operation = Count(Filter("bird", (Placed(Direction.RIGHT_OF, HopOutput(1)),)))
    found = seen(operation, [ValueReference("3")])
    assert [(NAMES[place], text) for place, text in found.tags] == [("bird 2", "1"), ("bird 3", "2"), ("bird 4", "3")]  # type: ignore[index]
    assert named(*found.lit) == ["bird 1", "bird 2", "bird 3", "bird 4"]
    assert found.border is not None
    assert (found.border.through.x, found.border.towards, found.border.text) == (100, (1.0, 0.0), "right of bird 1")


def test_that_a_half_of_the_picture_is_bordered_by_its_middle() -> None:
    found = seen(Count(Filter("bird", (InPart(Part.UPPER),))), [ValueReference("2")])
    assert found.border is not None
    assert (found.border.through.y, found.border.towards) == (400, (0.0, -1.0))
    assert named(*(place for place, _ in found.tags)) == ["bird 2", "bird 4"]


def test_that_a_comparison_says_how_it_came_out() -> None:
    condition = Compare(
        Attribute(HopOutput(1), Measure.Y_CENTRE),
        Order.LESS,
        Attribute(Extreme(Filter("bird"), Measure.X_CENTRE, End.MAX), Measure.Y_CENTRE),
    )
    found = seen(
        Branch(condition, Constant(Decimal(2)), Constant(Decimal(3))), [ValueReference("3")], level=Level.SEVERAL
    )
    assert [(NAMES[a.start], NAMES[a.end], a.text) for a in found.arrows] == [("bird 1", "bird 4", "higher: no")]  # type: ignore[index]
    assert found.border is not None
    assert found.border.text == "higher than this"
    assert not found.dashes


def test_that_the_middle_line_needs_no_arrow() -> None:
    condition = Compare(Attribute(HopOutput(1), Measure.X_CENTRE), Order.LESS, Middle(Measure.X_CENTRE))
    found = seen(Branch(condition, Constant(Decimal(2)), Constant(Decimal(3))), [ValueReference("2")])
    assert not found.arrows
    assert [(NAMES[place], text) for place, text in found.tags] == [("bird 1", "left half: yes")]  # type: ignore[index]


def test_that_the_next_one_in_a_direction_comes_from_where_it_starts() -> None:
    found = seen(Relation(HopOutput(1), Direction.RIGHT_OF, Filter("bird")), [InstanceReference(BIRD["bird 2"])])
    assert [a.text for a in found.arrows] == ["next to the right"]
    assert [NAMES[d.end] for d in found.dashes] == ["bird 3"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("establishes", "arrows"),
    [
        ([InstanceReference(BEAR.key)], [("bird 1", "bear")]),
        ([SetReference((BIRD["bird 2"], BIRD["bird 3"]))], [("bird 1", "bird 2"), ("bird 1", "bird 3")]),
        ([ValueReference("red")], []),
    ],
)
def test_that_a_hop_without_operation_is_drawn_from_what_it_says(
    establishes: list[Reference], arrows: list[tuple[str, str]]
) -> None:
    found = seen(None, establishes)
    assert sorted((NAMES[a.start], NAMES[a.end]) for a in found.arrows) == arrows  # type: ignore[index]
    assert "bird 1" in named(*found.lit)
    assert not found.remarks


def test_that_an_instance_that_is_gone_is_left_out() -> None:
    found = seen(None, [InstanceReference(InstanceKey("f" * 16))])
    assert named(*found.lit) == ["bird 1"]
    assert not found.arrows


def test_that_a_calculation_lights_nothing() -> None:
    last = hop(2, None, [ValueReference("9")], needs=(1,), uses=[ValueReference("4")], level=None)
    first = hop(1, None, [ValueReference("4")])
    chain = Chain(
        images=(IMAGE,),
        instances=(BEAR.key,),
        question="?",
        hops=(first, last),
        answer=Answer.of("9"),
        composer=Composer.VLM,
    )
    found = evidence_of(last, chain, FACTS, {}, NAMES)
    assert not found.lit
    assert named(*found.members) == ["bear"]


def test_that_kinds_are_numbered_from_the_left_and_single_ones_are_not() -> None:
    assert NAMES[BEAR.key] == "bear"
    assert [NAMES[bird.key] for bird in BIRDS] == ["bird 1", "bird 2", "bird 3", "bird 4"]
