"""The rules that run the program: recompute, margin, countable, conditional-effect."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Composer, Level, ValueReference
from hopchain_core.domain.findings import Severity
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Branch,
    Compare,
    Count,
    End,
    Expression,
    Extreme,
    Filter,
    HopOutput,
    Measure,
    Nearest,
    Operator,
    Order,
    Unique,
)
from tests.core.domain.chain_examples import (
    BEAR,
    BIRD_FACTS,
    BIRDS,
    KITE_CHAIN,
    KITE_FACTS,
    LOW_BIRD,
    NEAR_BIRD,
    RIGHT_BIRD,
    UPPER_BIRDS,
    facts,
    found,
    instance,
    number,
    one,
    several,
    with_hop,
)

# recompute


def test_that_a_wrong_answer_is_an_error() -> None:
    findings = found("recompute", replace(BIRDS, answer=Answer.of(24)))
    assert [(f.hop, f.severity, f.evidence["computed"]) for f in findings] == [(None, Severity.ERROR, "22")]


def test_that_the_first_hop_that_differs_is_named() -> None:
    chain = with_hop(BIRDS, 2, output="no → 9", establishes=(ValueReference("9"),))
    chain = with_hop(chain, 4, output="14", establishes=(ValueReference("14"),))
    assert [f.hop for f in found("recompute", chain)] == [2]


def test_that_another_object_than_the_operation_finds_is_an_error() -> None:
    findings = found("recompute", with_hop(BIRDS, 3, establishes=(one(LOW_BIRD),)))
    assert findings[0].hop == 3
    assert findings[0].evidence["computed"] == "bird at (328, 348)"


def test_that_a_hop_that_establishes_nothing_differs() -> None:
    assert found("recompute", with_hop(BIRDS, 3, establishes=()))[0].hop == 3
    assert found("recompute", with_hop(BIRDS, 2, establishes=()))[0].hop == 2


def test_that_an_output_must_say_what_the_hop_establishes() -> None:
    assert 'says "7"' in found("recompute", with_hop(BIRDS, 4, output="7"))[0].message


def test_that_a_set_is_compared_member_by_member() -> None:
    hops = (
        replace(BIRDS.hops[0], operation=Filter("bird"), establishes=(several(RIGHT_BIRD, *UPPER_BIRDS),)),
        replace(BIRDS.hops[1], operation=Count(HopOutput(1)), output="5", establishes=(ValueReference("5"),)),
    )
    chain = replace(BIRDS, hops=hops, answer=Answer.of(5))
    assert [f.hop for f in found("recompute", chain)] == [1]
    every = several(RIGHT_BIRD, NEAR_BIRD, LOW_BIRD, *UPPER_BIRDS)
    assert not found("recompute", with_hop(chain, 1, establishes=(every,)))


def test_that_an_operation_without_value_is_an_error() -> None:
    findings = found("recompute", with_hop(BIRDS, 3, operation=Unique(Filter("bird"))))
    assert [f.hop for f in findings] == [3]
    assert "the only one, and 5 fit" in findings[0].message


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        (Unique(Filter("zebra")), "asks for the only one, and nothing fits"),
        (
            Extreme(Filter("bear"), Measure.X_CENTRE, End.MAX),
            "picks one out by its place in an order, and only one fits",
        ),
        (Nearest(HopOutput(1), Filter("zebra")), "looks for the nearest or farthest one, and there is no other"),
    ],
)
def test_that_an_operation_without_a_value_says_why_in_words(operation: Expression, reason: str) -> None:
    finding = found("recompute", with_hop(BIRDS, 3, operation=operation))[0]
    assert finding.message == f"The operation of hop 3 gives nothing: {reason}. Correct it."


def test_that_single_operations_of_a_model_made_chain_give_warnings() -> None:
    nearest = Nearest(HopOutput(1), Filter("person"))
    chain = with_hop(KITE_CHAIN, 1, establishes=(one(KITE_FACTS.instances[0]),))
    assert not found("recompute", with_hop(chain, 2, operation=nearest))
    wrong = with_hop(chain, 2, operation=nearest, establishes=(one(KITE_FACTS.instances[2]),))
    assert [(f.hop, f.severity) for f in found("recompute", wrong)] == [(2, Severity.WARNING)]


# margin

TWIN = instance("bird", 480, 150, 143, 81)


def test_that_a_near_tie_is_an_error_in_a_program_and_a_warning_elsewhere() -> None:
    picture = facts(BEAR, RIGHT_BIRD, NEAR_BIRD, *UPPER_BIRDS, LOW_BIRD, TWIN)
    findings = found("margin", BIRDS, picture)
    assert [(f.hop, f.severity) for f in findings if f.hop == 1] == [(1, Severity.ERROR)]
    assert 0 < float(str(findings[0].evidence["margin"])) < 1
    by_person = found("margin", replace(BIRDS, composer=Composer.PERSON), picture)
    assert {f.severity for f in by_person} == {Severity.WARNING}


def test_that_each_hop_is_reported_once_by_its_worst_choice() -> None:
    twins = [instance("bird", 480 - n, 150 + 40 * n, 143, 81) for n in range(3)]
    findings = found("margin", BIRDS, facts(*BIRD_FACTS.instances, *twins))
    hops = [f.hop for f in findings]
    assert len(hops) == len(set(hops))


# countable


@pytest.mark.parametrize(
    "more",
    [
        (instance("bird", 300, 60, 200, 60, is_crowd=True),),
        (instance("bird", 300, 60, 5, 5),),
        (instance("bird", 392, 72, 60, 46),),
    ],
    ids=["crowd", "tiny", "hidden"],
)
def test_that_nothing_is_counted_that_cannot_be(more: tuple[object, ...]) -> None:
    findings = found("countable", BIRDS, facts(*BIRD_FACTS.instances, *more))  # type: ignore[arg-type]
    assert [(f.hop, f.severity) for f in findings] == [(5, Severity.ERROR)]


def test_that_a_category_said_to_be_uncountable_is_not_counted() -> None:
    picture = facts(*BIRD_FACTS.instances, uncountable=frozenset({"bird"}))
    assert [f.hop for f in found("countable", BIRDS, picture)] == [5]
    assert not found("countable", BIRDS, facts(*BIRD_FACTS.instances, uncountable=frozenset({"bear"})))


@pytest.mark.parametrize(
    ("sub_question", "is_bad"),
    [
        ("How many bottles stand in the rack?", True),
        ("What is the number of green wine bottles?", False),
        ("Count all of the bottles.", True),
        ("What is the number of empty bottles?", True),
        ("Count the letters on the bottle.", False),
        ("How many letters are on the bottle?", False),
        ("How many people hold a bottle?", False),
    ],
)
def test_that_words_that_count_are_found_without_a_program(sub_question: str, is_bad: bool) -> None:
    picture = facts(*KITE_FACTS.instances, instance("bottle", 50, 50), uncountable=frozenset({"bottle"}))
    chain = with_hop(KITE_CHAIN, 3, sub_question=sub_question)
    assert bool(found("countable", chain, picture)) is is_bad


# conditional-effect


def _branch(then: int, otherwise: int, operation: type = Branch) -> Branch:
    width, height = (BIRDS.hops[1].operation.condition.left, BIRDS.hops[1].operation.condition.right)  # type: ignore[union-attr]
    return Branch(Compare(width, Order.GREATER, height), number(then), number(otherwise))


def test_that_two_equal_sides_are_an_error() -> None:
    findings = found("conditional-effect", with_hop(BIRDS, 2, operation=_branch(6, 6)))
    assert [(f.hop, f.severity) for f in findings] == [(2, Severity.ERROR)]
    assert "Both sides" in findings[0].message


def test_that_sides_of_equal_value_are_found_though_they_read_differently() -> None:
    branch = replace(_branch(6, 9), otherwise=Arithmetic(Operator.ADD, (number(2), number(4))))
    assert [f.hop for f in found("conditional-effect", with_hop(BIRDS, 2, operation=branch))] == [2]


def test_that_a_condition_that_never_changes_the_answer_is_an_error() -> None:
    last = Arithmetic(Operator.MULTIPLY, (HopOutput(4), Count(Filter("unicorn"))))
    chain = replace(with_hop(BIRDS, 5, operation=last), answer=Answer.of(0))
    findings = found("conditional-effect", chain)
    assert [f.hop for f in findings] == [2, 4]
    assert "the answer is the same" in findings[0].message


def test_that_a_branch_to_another_object_has_an_effect() -> None:
    to_object = Branch(
        _branch(6, 9).condition,
        Extreme(Filter("bird"), Measure.X_CENTRE, End.MIN),
        Unique(Filter("bear")),
    )
    assert not found("conditional-effect", with_hop(BIRDS, 3, operation=to_object, level=Level.SEVERAL))


def test_that_a_question_in_words_gives_its_conditions_two_values() -> None:
    same = "If the painting has the colour of the shirt, add 5, otherwise add 5."
    assert found("conditional-effect", replace(KITE_CHAIN, question=same))
    for good in (KITE_CHAIN.question, "If it is red, add 5; otherwise subtract 5.", "If it is red, add 5. Add 5 more."):
        assert not found("conditional-effect", replace(KITE_CHAIN, question=good))
