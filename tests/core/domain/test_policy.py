"""The policy: which answers make a label, which chains are too easy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Composer
from hopchain_core.domain.instances import Origin
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.policy import DropRule, Policy, follows_from_annotations, judge, measure
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.domain.review import (
    Adjudication,
    AdjudicationKind,
    AmbiguityReason,
    Annotation,
    Outcome,
    VerdictOutcome,
)
from hopchain_core.domain.rollouts import FinishReason, Rollout
from tests.core.domain.chain_examples import BIRD_FACTS, BIRDS, KITE_CHAIN

FOUR = Policy()
THREE_OF_FIVE = Policy(people=5, agreeing=3)
SHORT = {"?": Outcome.CANNOT_TELL, "a": Outcome.AMBIGUOUS, "b": Outcome.BAD}


def _answers(text: str, chain: ChainKey = KITE_CHAIN.key) -> list[Annotation]:
    """One person for each word: a number, or ? cannot tell, a ambiguous, b bad."""
    return [
        Annotation(
            chain=chain,
            annotator=f"person {n}",
            outcome=SHORT.get(word, Outcome.ANSWERED),
            answer=None if word in SHORT else Answer.of(word),
        )
        for n, word in enumerate(text.split())
    ]


@pytest.mark.parametrize(
    ("answers", "outcome", "label"),
    [
        ("", VerdictOutcome.TOO_FEW, None),
        ("21", VerdictOutcome.TOO_FEW, None),
        ("21 21 21", VerdictOutcome.TOO_FEW, None),
        ("21 21 21 21", VerdictOutcome.AGREED, "21"),
        ("7 7 7 7", VerdictOutcome.AGREED, "7"),
        ("21 21.0 021 21.00", VerdictOutcome.AGREED, "21"),
        ("21 21 21 21 21", VerdictOutcome.AGREED, "21"),
        ("21 22", VerdictOutcome.DISPUTED, None),
        ("21 21 21 22", VerdictOutcome.DISPUTED, None),
        ("21 21 21 21 22", VerdictOutcome.DISPUTED, None),
        ("21 21 21 ?", VerdictOutcome.DISPUTED, None),
        ("?", VerdictOutcome.DISPUTED, None),
        ("a", VerdictOutcome.DISPUTED, None),
        ("b 21 21 21", VerdictOutcome.DISPUTED, None),
        ("a b", VerdictOutcome.DISPUTED, None),
        ("a b 21 21", VerdictOutcome.DISPUTED, None),
        ("a b a", VerdictOutcome.REFUSED, None),
        ("a b b 21", VerdictOutcome.REFUSED, None),
        ("a b a 21 21 21", VerdictOutcome.DISPUTED, None),
        ("a b a b 21 21", VerdictOutcome.REFUSED, None),
    ],
)
def test_that_four_people_agree_or_nothing_is_agreed(answers: str, outcome: VerdictOutcome, label: str | None) -> None:
    verdict = judge(KITE_CHAIN, _answers(answers), FOUR)
    assert verdict.outcome is outcome
    assert (verdict.label.text if verdict.label else None) == label


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ("21 21 21", VerdictOutcome.TOO_FEW),
        ("21 21 21 22 ?", VerdictOutcome.AGREED),
        ("21 21 22 22 23", VerdictOutcome.DISPUTED),
        ("21 22 23", VerdictOutcome.TOO_FEW),
        ("21 22 23 24", VerdictOutcome.DISPUTED),
        ("a a 21 21 21", VerdictOutcome.AGREED),
        ("a b a", VerdictOutcome.REFUSED),
        ("21 21 21 22 22 22", VerdictOutcome.DISPUTED),
        ("21 21 21 21 22 22", VerdictOutcome.AGREED),
    ],
)
def test_that_a_majority_policy_waits_for_all_and_then_counts(answers: str, outcome: VerdictOutcome) -> None:
    assert judge(KITE_CHAIN, _answers(answers), THREE_OF_FIVE).outcome is outcome


@given(st.lists(st.sampled_from(["21", "22", "?", "a", "b"]), max_size=7), st.sampled_from([FOUR, THREE_OF_FIVE]))
def test_that_a_dispute_never_becomes_an_agreement_by_the_people_still_missing(
    words: list[str], policy: Policy
) -> None:
    before = judge(KITE_CHAIN, _answers(" ".join(words[: policy.people])), policy)
    if before.outcome is not VerdictOutcome.DISPUTED:
        return
    full = words[: policy.people]
    for word in ("21", "22"):
        padded = full + [word] * (policy.people - len(full))
        assert judge(KITE_CHAIN, _answers(" ".join(padded)), policy).outcome is not VerdictOutcome.AGREED


@given(st.permutations(["21", "21", "22", "?", "a"]))
def test_that_the_order_of_people_does_not_matter(words: list[str]) -> None:
    verdict = judge(KITE_CHAIN, _answers(" ".join(words)), THREE_OF_FIVE)
    assert verdict.votes == (("21", 2), ("22", 1), ("ambiguous", 1), ("cannot_tell", 1))
    assert verdict.outcome is VerdictOutcome.DISPUTED


def test_that_a_person_counts_once_with_the_last_answer() -> None:
    first, *others = _answers("22 21 21 21")
    changed = replace(first, answer=Answer.of(21))
    assert judge(KITE_CHAIN, [first, *others, changed], FOUR).outcome is VerdictOutcome.AGREED


def test_that_an_answer_to_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="says nothing"):
        judge(KITE_CHAIN, _answers("21", ChainKey("0" * 16)), FOUR)


# by construction


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ("", VerdictOutcome.BY_CONSTRUCTION),
        ("22 22", VerdictOutcome.BY_CONSTRUCTION),
        ("22 22 22 22", VerdictOutcome.AGREED),
        ("23", VerdictOutcome.TOO_FEW),
        ("22 23", VerdictOutcome.DISPUTED),
        ("?", VerdictOutcome.DISPUTED),
        ("23 23 23 23", VerdictOutcome.AGREED),
    ],
)
def test_that_a_computed_answer_stands_until_people_contradict_it(answers: str, outcome: VerdictOutcome) -> None:
    verdict = judge(BIRDS, _answers(answers, BIRDS.key), FOUR, BIRD_FACTS.instances)
    assert verdict.outcome is outcome
    if outcome is VerdictOutcome.BY_CONSTRUCTION:
        assert verdict.label == BIRDS.answer


def test_that_only_programs_over_known_instances_are_right_by_construction() -> None:
    instances = BIRD_FACTS.instances
    assert follows_from_annotations(BIRDS, instances)
    assert not follows_from_annotations(BIRDS, ())
    assert not follows_from_annotations(replace(BIRDS, composer=Composer.PERSON), instances)
    assert not follows_from_annotations(KITE_CHAIN, instances)
    found_by_model = (*instances[:-1], replace(instances[-1], origin=Origin.MODEL, score=0.9))
    assert not follows_from_annotations(BIRDS, found_by_model)
    assert judge(BIRDS, [], FOUR, found_by_model).outcome is VerdictOutcome.TOO_FEW


# the policy itself


@pytest.mark.parametrize(
    ("people", "agreeing", "key"), [(4, 4, "unanimous-4/1"), (5, 3, "3-of-5/1"), (1, 1, "unanimous-1/1")]
)
def test_that_a_policy_is_named_by_its_numbers(people: int, agreeing: int, key: str) -> None:
    assert Policy(people=people, agreeing=agreeing).key == key


@pytest.mark.parametrize(("people", "agreeing"), [(0, 0), (4, 5), (4, 2), (4, 0), (-1, -1)])
def test_that_a_policy_by_which_two_numbers_could_win_is_refused(people: int, agreeing: int) -> None:
    with pytest.raises(ValueError, match="agree"):
        Policy(people=people, agreeing=agreeing)


@pytest.mark.parametrize(
    "policy",
    [FOUR, THREE_OF_FIVE, Policy(drop=None), Policy(drop=DropRule(name="easy", pass_rate=0.75, least_rollouts=8))],
)
def test_that_a_policy_reads_back_from_json(policy: Policy) -> None:
    assert Policy.from_json(policy.to_json()) == policy


def test_that_what_json_leaves_out_has_its_default() -> None:
    assert Policy.from_json({}) == FOUR
    assert Policy.from_json({"people": 5}) == Policy(people=5)


@pytest.mark.parametrize(
    "data",
    [
        {"persons": 4},
        {"people": "4"},
        {"people": True},
        {"drop": {"rate": 1}},
        {"drop": 3},
        {"drop": {"pass_rate": 0.0}},
    ],
)
def test_that_json_that_is_no_policy_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Policy.from_json(data)


# difficulty

SOLVER = BackendSpec(role="solver", name="openai", model="qwen-3b")


def _tried(n_correct: int, n: int) -> list[Rollout]:
    return [
        Rollout(
            chain=BIRDS.key, index=i, text="", answer=BIRDS.answer if i < n_correct else None, is_correct=i < n_correct
        )
        for i in range(n)
    ]


@pytest.mark.parametrize(
    ("n_correct", "n", "is_kept"),
    [(8, 8, False), (7, 8, True), (0, 8, True), (4, 4, False), (3, 3, True), (0, 0, True)],
)
def test_that_what_is_always_solved_is_dropped_and_what_never_is_kept(n_correct: int, n: int, is_kept: bool) -> None:
    difficulty = measure(BIRDS, _tried(n_correct, n), FOUR, SOLVER)
    assert (difficulty.n, difficulty.n_correct, difficulty.is_kept) == (n, n_correct, is_kept)
    assert (difficulty.model, difficulty.is_simulated) == ("qwen-3b", False)
    low, high = difficulty.interval
    assert low <= difficulty.pass_rate <= high


def test_that_a_lower_bar_drops_more_and_none_drops_nothing() -> None:
    three_quarters = Policy(drop=DropRule(name="mostly-solved", pass_rate=0.75, least_rollouts=8))
    assert not measure(BIRDS, _tried(6, 8), three_quarters, SOLVER).is_kept
    assert measure(BIRDS, _tried(5, 8), three_quarters, SOLVER).is_kept
    assert measure(BIRDS, _tried(8, 8), Policy(drop=None), SOLVER).is_kept


def test_that_a_reply_that_was_cut_off_counts_as_wrong() -> None:
    tried = _tried(8, 8)
    tried[0] = replace(tried[0], finish_reason=FinishReason.LENGTH)
    assert measure(BIRDS, tried, FOUR, SOLVER).n_correct == 7


def test_that_rollouts_count_against_what_people_agreed_on_and_not_against_the_proposal() -> None:
    tried = _tried(8, 8)
    other = Answer(BIRDS.answer.value + 1)
    tried[7] = replace(tried[7], answer=other, is_correct=False)
    against_label = measure(BIRDS, tried, FOUR, SOLVER, other)
    assert (against_label.n_correct, against_label.is_kept) == (1, True)
    assert measure(BIRDS, tried, FOUR, SOLVER, BIRDS.answer).n_correct == 7


def test_that_a_simulation_is_called_one() -> None:
    simulated = BackendSpec(role="solver", name="simulated", model="simulated", is_simulated=True)
    assert measure(BIRDS, _tried(1, 8), FOUR, simulated).is_simulated


def test_that_rollouts_of_another_chain_or_counted_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="different rollouts"):
        measure(KITE_CHAIN, _tried(1, 2), FOUR, SOLVER)
    with pytest.raises(ValueError, match="different rollouts"):
        measure(BIRDS, _tried(1, 1) * 2, FOUR, SOLVER)


def _decision(kind: AdjudicationKind, label: str | None = None) -> Adjudication:
    return Adjudication(
        chain=KITE_CHAIN.key, kind=kind, label=None if label is None else Answer.of(label), adjudicator="Eve"
    )


@pytest.mark.parametrize(
    ("answers", "decision", "policy", "outcome", "label"),
    [
        ("21 21 21 22", _decision(AdjudicationKind.LABEL, "22"), FOUR, VerdictOutcome.ADJUDICATED, "22"),
        ("21 21 21 22", _decision(AdjudicationKind.LABEL, "21"), FOUR, VerdictOutcome.ADJUDICATED, "21"),
        ("a a a 21", _decision(AdjudicationKind.LABEL, "21"), FOUR, VerdictOutcome.ADJUDICATED, "21"),
        ("21", _decision(AdjudicationKind.LABEL, "21"), FOUR, VerdictOutcome.ADJUDICATED, "21"),
        # They came to it by themselves since: it is theirs. Not so with another number.
        ("21 21 21 21", _decision(AdjudicationKind.LABEL, "21.0"), FOUR, VerdictOutcome.AGREED, "21"),
        ("21 21 21 21", _decision(AdjudicationKind.LABEL, "22"), FOUR, VerdictOutcome.ADJUDICATED, "22"),
        ("21 21 21 22 23", _decision(AdjudicationKind.LABEL, "22"), THREE_OF_FIVE, VerdictOutcome.ADJUDICATED, "22"),
        ("21 21 21 22 23", _decision(AdjudicationKind.LABEL, "21"), THREE_OF_FIVE, VerdictOutcome.AGREED, "21"),
        ("21 21 21 22", _decision(AdjudicationKind.REFUSED), FOUR, VerdictOutcome.REFUSED, None),
        ("21 21 21 21", _decision(AdjudicationKind.REFUSED), FOUR, VerdictOutcome.REFUSED, None),
        ("21 21 21 22", _decision(AdjudicationKind.SENT_BACK), FOUR, VerdictOutcome.DISPUTED, None),
    ],
)
def test_that_an_adjudicator_decides_where_people_do_not_agree(
    answers: str, decision: Adjudication, policy: Policy, outcome: VerdictOutcome, label: str | None
) -> None:
    verdict = judge(KITE_CHAIN, _answers(answers), policy, (), decision)
    assert (verdict.outcome, verdict.label and verdict.label.text) == (outcome, label)
    assert sum(people for _, people in verdict.votes) == len(answers.split())


def test_that_an_adjudication_of_another_version_says_nothing() -> None:
    other = replace(_decision(AdjudicationKind.REFUSED), chain=ChainKey("0" * 16))
    with pytest.raises(ValueError, match="adjudication"):
        judge(KITE_CHAIN, _answers("21"), FOUR, (), other)


def test_that_accepting_adjudicated_numbers_changes_no_verdict_and_is_kept_with_the_policy() -> None:
    accepting = replace(FOUR, accepts_adjudicated=True)
    assert Policy.from_json(accepting.to_json()) == accepting
    assert accepting.judging() == FOUR.judging() == FOUR.to_json()
    assert accepting.key == FOUR.key
    with pytest.raises(ValueError, match="accepts_adjudicated"):
        Policy.from_json({"accepts_adjudicated": 1})


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": Outcome.ANSWERED, "answer": None},
        {"outcome": Outcome.CANNOT_TELL, "answer": Answer.of(1)},
        {"outcome": Outcome.CANNOT_TELL, "answer": None, "reason": AmbiguityReason.COUNT},
        {"outcome": Outcome.BAD, "answer": None, "annotator": " "},
        {"outcome": Outcome.BAD, "answer": None, "active_seconds": float("nan")},
        {"outcome": Outcome.BAD, "answer": None, "active_seconds": -1.0},
    ],
)
def test_that_an_annotation_that_says_two_things_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"annotation|ambiguous|length of time"):
        Annotation(**{"chain": KITE_CHAIN.key, "annotator": "Ada", **wrong})
