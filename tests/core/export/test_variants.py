"""Shortened chains keep their answer, and say what was found before."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from hopchain_core.cli.main import run
from hopchain_core.domain.chains import Composer
from hopchain_core.domain.programs.execution import run_program
from hopchain_core.domain.programs.operations import (
    Attribute,
    Branch,
    Compare,
    Constant,
    Count,
    Direction,
    End,
    Expression,
    Extreme,
    Filter,
    HopOutput,
    Measure,
    Middle,
    Order,
    Placed,
    Unique,
)
from hopchain_core.domain.rules.bare import bare
from hopchain_core.domain.rules.subject import Subject
from hopchain_core.export.admission import Variant
from hopchain_core.export.variants import UnfitError, kept_from, shortened
from hopchain_core.project import Project
from tests.core.export.birds import CHAIN, HOPS, INSTANCES, NEAR_BIRD, candidate, verdict


def test_that_the_later_half_counts_only_steps_that_look() -> None:
    assert kept_from(HOPS, Variant.HALF) == 3
    assert kept_from(HOPS, Variant.SINGLE) == 5
    assert kept_from(HOPS, Variant.FULL) == 1
    assert kept_from(HOPS[:4], Variant.HALF) == 3


def test_that_the_half_tells_what_was_found_before() -> None:
    half = shortened(candidate(), Variant.HALF)
    assert half.question == (
        "Start with the number 6. Find the other bird nearest to the rightmost bird. "
        "If this bird is higher up in the picture than the bear, add 3 to your number; otherwise, add 5. "
        "Count the birds in the upper half of the picture. Multiply your number by this count. What is the result?"
    )


def test_that_the_single_asks_the_last_look_at_the_picture() -> None:
    single = shortened(candidate(), Variant.SINGLE)
    assert single.question == (
        "Start with the number 11. Count the birds in the upper half of the picture. Multiply your number by this count. "
        "What is the result?"
    )


@pytest.mark.parametrize("variant", [Variant.HALF, Variant.SINGLE])
def test_that_a_shortened_chain_gives_the_answer_of_the_whole(variant: Variant) -> None:
    short = shortened(candidate(), variant)
    assert run_program(short.hops, candidate().facts).answer == Decimal(22)
    assert [h.index for h in short.hops] == list(range(1, len(short.hops) + 1))
    assert all(set(h.needs) <= set(range(1, h.index)) for h in short.hops)


def test_that_a_last_step_alone_is_asked_in_one_sentence() -> None:
    hops = (*HOPS[:3], replace(HOPS[3], establishes=HOPS[3].establishes))
    chain = replace(CHAIN, hops=hops)
    single = shortened(candidate(chain=chain, verdict=verdict(label=11)), Variant.SINGLE)
    assert single.question == (
        "Start with the number 6. If the third bird from the left is higher up in the picture than the bear, "
        "add 3 to your number; otherwise, add 5. What is the result?"
    )


def test_that_a_label_the_steps_do_not_give_is_refused() -> None:
    with pytest.raises(UnfitError, match="would give 22, not 21"):
        shortened(candidate(verdict=verdict(label=21)), Variant.HALF)


def test_that_a_chain_without_typed_steps_is_refused() -> None:
    hops = tuple(replace(h, operation=None) for h in HOPS)
    chain = replace(CHAIN, hops=hops, composer=Composer.VLM)
    with pytest.raises(UnfitError, match="not typed"):
        shortened(candidate(chain=chain), Variant.HALF)


def test_that_an_instance_no_words_single_out_is_refused() -> None:
    twin = replace(
        NEAR_BIRD,
        box=replace(NEAR_BIRD.box, x0=NEAR_BIRD.box.x0 - 4, y0=NEAR_BIRD.box.y0 - 66, y1=NEAR_BIRD.box.y1 - 66),
    )
    chain = replace(CHAIN, hops=HOPS[:4])
    crowd = candidate(chain=chain, verdict=verdict(label=11), instances=(*INSTANCES, twin))
    with pytest.raises(UnfitError, match="cannot be described"):
        shortened(crowd, Variant.SINGLE)


@pytest.mark.parametrize(
    ("axis", "words"),
    [
        (Measure.X_CENTRE, "If the largest bird lies in the right half of the picture, "),
        (Measure.AREA, "If the rightmost bird looks larger than the bear, "),
    ],
)
def test_that_an_instance_is_not_described_by_what_is_asked_of_it(axis: Measure, words: str) -> None:
    right: Expression = Middle(axis) if axis is Measure.X_CENTRE else Attribute(Unique(Filter("bear")), axis)
    compare = Compare(Attribute(HopOutput(1), axis), Order.GREATER, right)
    last = replace(HOPS[1], operation=Branch(compare, Constant(Decimal(6)), Constant(Decimal(9))))
    label = 6 if axis is Measure.X_CENTRE else 9
    made = candidate(chain=replace(CHAIN, hops=(HOPS[0], last)), verdict=verdict(label=label))
    assert (
        shortened(made, Variant.SINGLE).question
        == f"{words}note the number 6; otherwise, note 9. Which number do you note?"
    )


def test_that_a_number_is_not_asked_of_the_very_place_that_names_its_object() -> None:
    """The third bird from the left has two birds to its left: the words would answer it."""
    placed = Filter("bird", (Placed(Direction.LEFT_OF, HopOutput(1)),))
    last = replace(HOPS[4], index=2, operation=Count(placed), needs=(1,))
    first = replace(HOPS[0], operation=Extreme(Filter("bird"), Measure.X_CENTRE, End.MIN, 3))
    made = candidate(chain=replace(CHAIN, hops=(first, last)), verdict=verdict(label=2))
    question = shortened(made, Variant.SINGLE).question
    assert "from the left" not in question
    assert question.startswith("What is the number of birds to the left of the ")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rendered scenes with program-made chains."""
    folder = tmp_path_factory.mktemp("demo") / "d"
    assert run(["demo", str(folder), "--scenes", "8", "--seed", "1"]) == 0
    return next(folder.rglob("*.hopchain"))


def test_that_what_only_a_settling_place_would_name_is_refused() -> None:
    """Is the lowest bird lower down than another bird? Nobody has to look."""
    rightmost = Extreme(Filter("bird"), Measure.X_CENTRE, End.MAX)
    compare = Compare(Attribute(HopOutput(1), Measure.Y_CENTRE), Order.GREATER, Attribute(rightmost, Measure.Y_CENTRE))
    first = replace(HOPS[0], operation=Extreme(Filter("bird"), Measure.Y_CENTRE, End.MAX))
    last = replace(HOPS[1], operation=Branch(compare, Constant(Decimal(6)), Constant(Decimal(9))))
    with pytest.raises(UnfitError, match="by what is asked of it"):
        shortened(candidate(chain=replace(CHAIN, hops=(first, last)), verdict=verdict(label=6)), Variant.SINGLE)


@pytest.mark.parametrize("variant", [Variant.HALF, Variant.SINGLE])
def test_that_every_variant_over_rendered_scenes_can_be_answered_as_it_stands(demo: Path, variant: Variant) -> None:
    made = 0
    with Project.open(demo, read_only=True) as project, project.read() as read:
        for stored in read.chains():
            facts = project.facts(stored.chain.image)
            whole = candidate(
                chain=stored.chain,
                image=read.image(stored.chain.image),
                categories=read.categories(stored.chain.image),
                instances=read.instances(stored.chain.image),
                verdict=replace(verdict(), chain=stored.chain.key, label=stored.chain.answer),
            )
            try:
                short = shortened(whole, variant)
            except UnfitError:
                continue
            made += 1
            assert run_program(short.hops, facts).answer == stored.chain.answer.value
            assert not list(bare(Subject(short, facts)))
            assert short.question[-1] == "?"
            assert "  " not in short.question
            # What a sentence takes up has been said before it.
            before, _, _ = short.question.lower().partition("your number")
            assert before == short.question.lower() or "note" in before or before.startswith("start with the number ")
    assert made > 5
