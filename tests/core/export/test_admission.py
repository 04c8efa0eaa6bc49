"""Who gets in, who does not, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.review import Mark, MarkKind, VerdictOutcome
from hopchain_core.domain.rollouts import Difficulty
from hopchain_core.domain.status import ChainStatus
from hopchain_core.export.admission import WHAT_TO_DO, Reason, Terms, reason_against
from tests.core.export.birds import CHAIN, INSTANCES, candidate, verdict

STRICT = Terms()
LENIENT = Terms(accept_by_construction=True, allow_simulated=True)
AGREED = replace(verdict(VerdictOutcome.AGREED), votes=(("22", 4),))


def _difficulty(*, n_correct: int = 3, is_simulated: bool = True, is_kept: bool = True) -> Difficulty:
    return Difficulty(
        chain=CHAIN.key,
        n=8,
        n_correct=n_correct,
        interval=(0.1, 0.6),
        model="m",
        is_simulated=is_simulated,
        is_kept=is_kept,
    )


def _reason(terms: Terms, **changes: object) -> Reason | None:
    against = reason_against(candidate(**changes), terms)
    return None if against is None else against[0]


def test_that_people_agreeing_is_enough() -> None:
    assert _reason(STRICT, verdict=AGREED, status=ChainStatus.VERIFIED) is None


def test_that_by_construction_needs_to_be_asked_for() -> None:
    assert _reason(STRICT) is Reason.BY_CONSTRUCTION
    assert _reason(Terms(accept_by_construction=True)) is None


def test_that_a_simulated_difficulty_needs_to_be_asked_for_even_where_people_agree() -> None:
    simulated = _difficulty()
    assert _reason(STRICT, verdict=AGREED, difficulty=simulated) is Reason.SIMULATED_ONLY
    assert _reason(Terms(allow_simulated=True), verdict=AGREED, difficulty=simulated) is None
    assert _reason(STRICT, verdict=AGREED, difficulty=_difficulty(is_simulated=False)) is None


def test_that_no_flag_lets_a_refused_chain_through() -> None:
    error = Finding(rule="leak", severity=Severity.ERROR, hop=None, message="", evidence={})
    reject = Mark(chain=CHAIN.key, kind=MarkKind.REJECT, reason="silly")
    assert _reason(LENIENT, mark=reject) is Reason.REJECTED
    assert _reason(LENIENT, findings=(error,), status=ChainStatus.REFUSED) is Reason.RULE_ERROR
    assert _reason(LENIENT, status=ChainStatus.UNAUDITED) is Reason.UNAUDITED
    assert _reason(LENIENT, difficulty=_difficulty(n_correct=8, is_kept=False)) is Reason.TOO_EASY
    assert _reason(LENIENT, verdict=None) is Reason.UNDECIDED


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (VerdictOutcome.DISPUTED, Reason.DISPUTED),
        (VerdictOutcome.REFUSED, Reason.REFUSED_BY_PEOPLE),
        (VerdictOutcome.TOO_FEW, Reason.TOO_FEW_ANSWERS),
    ],
)
def test_that_what_people_said_against_it_is_told_apart(outcome: VerdictOutcome, reason: Reason) -> None:
    assert _reason(LENIENT, verdict=verdict(outcome, None)) is reason


def test_that_a_flag_and_an_accepting_mark_change_nothing() -> None:
    for kind in (MarkKind.FLAG, MarkKind.ACCEPT):
        assert _reason(LENIENT, mark=Mark(chain=CHAIN.key, kind=kind)) is None


def test_that_a_chain_over_a_changed_instance_is_stale() -> None:
    changed = replace(INSTANCES[0], category="dog", supersedes=INSTANCES[0].key)
    assert _reason(LENIENT, instances=(changed, *INSTANCES[1:])) is Reason.STALE


def test_that_a_chain_whose_picture_now_gives_another_answer_is_stale() -> None:
    third = replace(INSTANCES[3], box=replace(INSTANCES[3].box, x0=520.0, x1=580.0))
    assert _reason(LENIENT, instances=(*INSTANCES, third)) is Reason.STALE


def test_that_a_tag_that_trainers_replace_is_refused() -> None:
    chain = replace(CHAIN, question="How many <image> tags are there?")
    assert _reason(LENIENT, chain=chain) is Reason.RESERVED_TEXT


def test_that_every_reason_says_what_it_means() -> None:
    assert set(WHAT_TO_DO) == set(Reason)
