"""The rules over a whole project: how conditions come out, and what guessing reaches."""

from __future__ import annotations

import pytest

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.findings import Severity
from hopchain_core.domain.rules import answers, conditionals, outcomes_of
from tests.core.domain.chain_examples import BIRD_FACTS, BIRDS, KITE_CHAIN, KITE_FACTS


def test_that_outcomes_are_computed_where_there_is_a_program_and_stated_elsewhere() -> None:
    assert outcomes_of(BIRDS, BIRD_FACTS) == (True, False)
    assert outcomes_of(KITE_CHAIN, KITE_FACTS) == (True,)


@pytest.mark.parametrize(
    ("n_yes", "n_no", "is_fine"),
    [(50, 50, True), (65, 35, True), (35, 65, True), (66, 34, False), (30, 70, False), (100, 0, False), (5, 0, True)],
)
def test_that_about_half_of_enough_conditions_come_out_no(n_yes: int, n_no: int, is_fine: bool) -> None:
    summed = conditionals([True] * n_yes + [False] * n_no)
    assert (summed.n, summed.n_no) == (n_yes + n_no, n_no)
    assert (summed.findings == ()) is is_fine
    assert all(f.rule == "conditionals" and f.severity is Severity.WARNING for f in summed.findings)


def test_that_the_side_to_mend_is_named() -> None:
    assert 'Too few conditions come out "no"' in conditionals([True] * 50).findings[0].message
    assert 'Too many conditions come out "no"' in conditionals([False] * 50).findings[0].message


def test_that_the_share_of_guessing_is_that_of_the_commonest_answer() -> None:
    summed = answers([Answer.of(n) for n in (7, 7, 7, 3, 3, 3, 9)])
    assert summed.commonest == Answer.of(3)  # the smallest of several
    assert summed.share == pytest.approx(3 / 7)
    assert summed.findings == ()  # too few chains to say anything


def test_that_an_answer_worth_guessing_is_found() -> None:
    many = [Answer.of(12)] * 20 + [Answer.of(n) for n in range(80)]
    summed = answers(many)
    assert summed.n_commonest == 21
    assert summed.findings[0].evidence == {"n": 100, "answer": "12", "n_commonest": 21, "share": 0.21}
    assert answers([Answer.of(n) for n in range(80)]).findings == ()


def test_that_no_chains_have_no_answer() -> None:
    assert answers([]).commonest is None
    assert answers([]).share == conditionals([]).share_no == 0.0
    assert conditionals([]).interval == (0.0, 1.0)
