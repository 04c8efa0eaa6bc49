"""The rule self-answering: sub-questions that hold their own answer, and those that have to name it."""

from __future__ import annotations

import pytest

from hopchain_core.domain.chains import Level, ValueReference
from hopchain_core.domain.findings import Finding
from hopchain_core.domain.programs.operations import Arithmetic, HopOutput, Operator
from tests.core.domain.chain_examples import (
    KITE,
    KITE_CHAIN,
    KITE_FACTS,
    MAN,
    PAINTING,
    facts,
    found,
    instance,
    number,
    one,
    with_hop,
)


def _value(sub_question: str, output: str) -> list[Finding]:
    chain = with_hop(
        KITE_CHAIN,
        3,
        sub_question=sub_question,
        output=output,
        establishes=(ValueReference(output),),
        level=Level.SEVERAL,
    )
    orange = instance("orange", 500, 400)
    return [f for f in found("self-answering", chain, facts(*KITE_FACTS.instances, orange)) if f.hop == 3]


@pytest.mark.parametrize(
    ("sub_question", "output"),
    [
        ("How many of the 3 birds are flying?", "3"),
        ("How many of the three birds are flying?", "3"),
        ("How many of the 3 birds are flying?", "three birds"),
        ("What number is on the mug with the number 7?", "7"),
        ("What is the colour of the red shirt?", "red"),
        ("What does the sign that says EXIT say?", "Exit"),
        ("Which word is printed on the HISTORY shirt?", "HISTORY"),
        ("The dial stands at twenty-one. Where does it stand?", "21"),
    ],
)
def test_that_a_value_in_its_own_question_is_an_error(sub_question: str, output: str) -> None:
    findings = _value(sub_question, output)
    assert len(findings) == 1
    assert str(findings[0].evidence["words"]) in sub_question


@pytest.mark.parametrize(
    ("sub_question", "output"),
    [
        ("How many birds are flying?", "3"),
        ("What is the last digit of the year 2009?", "9"),
        ("What is the third word?", "3"),
        ("How many besides this one are there?", "1"),
        ("Is the shirt red or blue?", "red"),
        ("Note 6 if it is wider than tall, otherwise 9.", "yes → 6"),
        ("What colour is the orange?", "orange"),
        ("Is it red? Say yes or no.", "yes"),
        ("Which word is printed on the shirt?", "HISTORY"),
        ("What is written on the two-storey house?", "2"),
    ],
)
def test_that_a_question_may_name_alternatives_and_other_things(sub_question: str, output: str) -> None:
    assert _value(sub_question, output) == []


def test_that_a_sum_may_hold_its_own_result() -> None:
    chain = with_hop(
        KITE_CHAIN,
        3,
        sub_question="Add 16 to 0.",
        output="16",
        operation=Arithmetic(Operator.ADD, (HopOutput(1), number(7))),
    )
    assert not found("self-answering", chain)
    assert not found("self-answering", with_hop(KITE_CHAIN, 3, sub_question="Add 16 to 0.", output="16", level=None))


@pytest.mark.parametrize(
    ("sub_question", "is_bad"),
    [
        ("The man holds a kite. Which object does the man hold?", True),
        ("What is the man with the kite holding?", True),
        ("Which object does the man flying his kite hold?", True),
        ("Which kite does the man hold?", False),
        ("Which object is the kite?", False),
        ("Find the kite.", False),
        ("Of the kite and the painting, which is nearer to the man?", False),
        ("Which object does the man hold?", False),
    ],
)
def test_that_naming_what_to_look_for_is_no_fault_but_telling_it_is(sub_question: str, is_bad: bool) -> None:
    chain = with_hop(
        KITE_CHAIN,
        2,
        sub_question=sub_question,
        output="the kite",
        establishes=(one(KITE),),
        uses=(one(MAN), one(PAINTING)),
        needs=(),
    )
    assert bool([f for f in found("self-answering", chain) if f.hop == 2]) is is_bad
