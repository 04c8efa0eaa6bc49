"""What a reader believes who knows the words of a question and not the picture."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.backends.program.draft import Counted, Draft, Step
from hopchain_core.backends.program.guesses import COUNTS, LIKELY, READINGS, believed, best_guess, kept_share
from hopchain_core.backends.program.sampler import Sampler
from hopchain_core.domain.chains import Level
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Branch,
    Compare,
    Constant,
    Count,
    Filter,
    HopOutput,
    Operation,
    Operator,
    Order,
)
from tests.core.backends.program.test_composer import still_life

ANY = Compare(Constant(Decimal(1)), Order.LESS, Constant(Decimal(2)))


def draft_of(*operations: Operation, counted: Counted | None = None) -> Draft:
    """A draft of these steps, whatever the picture."""
    facts = PictureFacts(1000, 800, still_life(1))
    steps = tuple(
        Step(operation=o, level=Level.SEVERAL, clause="", sub_question="", move="gate:even", counted=counted)
        for o in operations
    )
    return Draft(facts, steps=steps, outputs=(Decimal(1),) * len(steps))


def number(n: int) -> Constant:
    return Constant(Decimal(n))


def test_that_a_condition_leads_to_either_number() -> None:
    either = Branch(ANY, number(5), number(9))
    assert believed(draft_of(either)) == {Decimal(5): 0.5, Decimal(9): 0.5}


def test_that_ways_to_the_same_number_add_up() -> None:
    first = Branch(ANY, number(5), number(9))
    second = Arithmetic(Operator.ADD, (HopOutput(1), Branch(ANY, number(6), number(2))))
    assert believed(draft_of(first, second)) == {Decimal(11): 0.5, Decimal(7): 0.25, Decimal(15): 0.25}


def test_that_nobody_is_believed_to_multiply_by_one() -> None:
    count = Count(Filter("mug"))
    added = believed(draft_of(Arithmetic(Operator.ADD, (number(10), count)), counted=Counted.HALF))
    times = believed(draft_of(Arithmetic(Operator.MULTIPLY, (number(10), count)), counted=Counted.HALF))
    assert Decimal(11) in added
    assert Decimal(10) not in times
    assert sum(times.values()) == pytest.approx(1)


@pytest.mark.parametrize("chances", [*COUNTS.values(), *READINGS.values()])
def test_that_the_chances_of_what_is_counted_and_read_are_whole(chances: dict[int, float]) -> None:
    assert sum(chances.values()) == pytest.approx(1, abs=0.03)


def test_that_what_is_true_is_among_what_is_believed() -> None:
    drafts = []
    for seed in range(8):
        sampler = Sampler(PictureFacts(1000, 800, still_life(seed)), random.Random(seed))
        drafts += [draft for draft in (sampler.attempt() for _ in range(40)) if draft is not None]
    beliefs = [believed(draft) for draft in drafts]
    assert len(drafts) > 20
    assert all(sum(belief.values()) == pytest.approx(1) for belief in beliefs)
    told = sum(draft.outputs[-1] in belief for draft, belief in zip(drafts, beliefs, strict=True))
    assert told > 0.95 * len(drafts)


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=40))
def test_that_no_kept_answer_is_likelier_than_the_best_guess(weights: list[int]) -> None:
    belief = {Decimal(n): w / sum(weights) for n, w in enumerate(weights)}
    kept = {answer: chance * kept_share(belief, answer) for answer, chance in belief.items()}
    assert max(kept.values()) / sum(kept.values()) == pytest.approx(best_guess(belief))
    assert max(kept.values()) <= max(LIKELY, 1e-9) + 1e-12


def test_that_an_answer_nobody_thinks_of_is_always_kept() -> None:
    assert kept_share({Decimal(4): 1.0}, Decimal(7)) == 1.0
