"""Shortened chains keep their answer, and say what was found before."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from hopchain_core.domain.chains import Composer
from hopchain_core.domain.programs.execution import run_program
from hopchain_core.domain.programs.operations import (
    Attribute,
    Branch,
    Compare,
    Constant,
    Expression,
    Filter,
    HopOutput,
    Measure,
    Middle,
    Order,
    Unique,
)
from hopchain_core.export.admission import Variant
from hopchain_core.export.variants import UnfitError, kept_from, shortened
from tests.core.export.birds import CHAIN, HOPS, INSTANCES, NEAR_BIRD, candidate, verdict


def test_that_the_later_half_counts_only_steps_that_look() -> None:
    assert kept_from(HOPS, Variant.HALF) == 3
    assert kept_from(HOPS, Variant.SINGLE) == 5
    assert kept_from(HOPS, Variant.FULL) == 1
    assert kept_from(HOPS[:4], Variant.HALF) == 3


def test_that_the_half_tells_what_was_found_before() -> None:
    half = shortened(candidate(), Variant.HALF)
    assert half.question == (
        "Step 1: find the other bird nearest to the bird farthest to the right. "
        "Step 2: if the bird from step 1 is higher up in the picture than the bear, take 6 plus 3; "
        "otherwise take 6 plus 5. "
        "Step 3: count the birds in the upper half of the picture. "
        "Step 4: take the result of step 2 times the result of step 3. "
        "What is the result of step 4?"
    )


def test_that_the_single_asks_the_last_look_at_the_picture() -> None:
    single = shortened(candidate(), Variant.SINGLE)
    assert single.question == (
        "Step 1: count the birds in the upper half of the picture. Step 2: take 11 times the result of step 1. "
        "What is the result of step 2?"
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
        "If the third bird from the left is higher up in the picture than the bear, take 6 plus 3; otherwise take "
        "6 plus 5. Which number do you take?"
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
        (Measure.X_CENTRE, "If the bird that looks largest lies in the right half of the picture, "),
        (Measure.AREA, "If the bird farthest to the right looks larger than the bear, "),
    ],
)
def test_that_an_instance_is_not_described_by_what_is_asked_of_it(axis: Measure, words: str) -> None:
    right: Expression = Middle(axis) if axis is Measure.X_CENTRE else Attribute(Unique(Filter("bear")), axis)
    compare = Compare(Attribute(HopOutput(1), axis), Order.GREATER, right)
    last = replace(HOPS[1], operation=Branch(compare, Constant(Decimal(6)), Constant(Decimal(9))))
    label = 6 if axis is Measure.X_CENTRE else 9
    made = candidate(chain=replace(CHAIN, hops=(HOPS[0], last)), verdict=verdict(label=label))
    assert shortened(made, Variant.SINGLE).question == f"{words}take 6; otherwise take 9. Which number do you take?"
