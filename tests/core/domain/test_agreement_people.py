"""Everybody's figures: counts, pairs, gold and speed, and the report that gathers them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import combinations
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.domain.agreement_people import LEAST_COMPARED, SPEED_CAP, Person, people, value_of
from hopchain_core.domain.agreement_report import AgreementReport, Grouping, agreement_report
from hopchain_core.domain.chains import Composer
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import Outcome
from hopchain_core.domain.statistics import wilson_interval


@dataclass(frozen=True, kw_only=True)
class Row:
    annotator: str
    chain_key: ChainKey
    outcome: Outcome = Outcome.ANSWERED
    answer: str | None = None
    seconds: float = 10.0
    is_gold: bool = False
    is_gold_correct: bool | None = None
    is_stale: bool = False


@dataclass(frozen=True)
class Question:
    hop_count: int = 3
    composer: Composer = Composer.PROGRAM
    categories: tuple[str, ...] = field(default=("cup",))


def row(who: str, question: int, said: str = "3", **changes: object) -> Row:
    outcome = {"?": Outcome.CANNOT_TELL, "~": Outcome.AMBIGUOUS, "x": Outcome.BAD}.get(said, Outcome.ANSWERED)
    number = said if outcome is Outcome.ANSWERED else None
    made = Row(annotator=who, chain_key=ChainKey(f"q{question}"), outcome=outcome, answer=number)
    return Row(**{**made.__dict__, **changes})


def person(rows: list[Row], name: str) -> Person:
    return next(p for p in people(rows) if p.name == name)


def test_that_ambiguous_and_bad_are_values_and_cannot_tell_is_none() -> None:
    assert [value_of(row("a", 1, said)) for said in ("7", "~", "x", "?")] == ["7", "(ambiguous)", "(bad)", None]


def test_that_outcomes_are_counted_and_add_up() -> None:
    found = person([row("ann", n, said) for n, said in enumerate("33?~~x")], "ann")
    assert (found.answers, found.answered, found.cannot_tell, found.ambiguous, found.bad) == (6, 2, 1, 2, 1)


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.integers(0, 5), st.sampled_from("012?~")),
        max_size=24,
        unique_by=lambda cell: cell[:2],
    )
)
def test_that_agreement_is_the_share_of_equal_pairs(cells: list[tuple[str, int, str]]) -> None:
    rows = [row(*cell) for cell in cells]
    for found in people(rows):
        pairs = [
            (one, other)
            for one, other in combinations(rows, 2)
            if one.chain_key == other.chain_key and found.name in (one.annotator, other.annotator)
            if Outcome.CANNOT_TELL not in (one.outcome, other.outcome)
        ]
        assert found.pairs == len(pairs)
        assert found.agreeing == sum(value_of(one) == value_of(other) for one, other in pairs)
        assert found.agreement == (found.agreeing / found.pairs if pairs else None)


def test_that_gold_and_replaced_versions_say_nothing_of_agreement() -> None:
    rows = [row("a", 1, "1"), row("b", 1, "2")]
    rows += [row(who, 2, "5", is_gold=True, is_gold_correct=True) for who in "ab"]
    rows += [row(who, 3, "5", is_stale=True) for who in "ab"]
    found = person(rows, "a")
    assert (found.pairs, found.agreeing) == (1, 0)
    assert found.answers == 3


def test_that_gold_has_its_share_with_an_interval() -> None:
    rows = [row("a", n, is_gold=True, is_gold_correct=n != 0) for n in range(8)] + [row("b", 1)]
    found = person(rows, "a")
    assert (found.gold, found.gold_correct, found.gold_accuracy) == (8, 7, 7 / 8)
    assert found.gold_interval == wilson_interval(7, 8)
    assert (person(rows, "b").gold_accuracy, person(rows, "b").gold_interval) == (None, None)


def test_that_what_is_gold_no_more_counts_for_nothing() -> None:
    rows = [row(who, 1, said, is_gold=True) for who, said in (("a", "1"), ("b", "2"))]
    found = person(rows, "a")
    assert (found.pairs, found.gold, found.gold_accuracy) == (0, 0, None)
    assert agreement_report(rows, {}).overall.answers == 0


def test_that_seconds_come_as_quartiles_of_the_times_that_are_known() -> None:
    rows = [row("a", n, seconds=s) for n, s in enumerate((0.0, 4.0, 8.0, 12.0, 16.0, 100.0))]
    assert person(rows, "a").seconds == (8.0, 12.0, 16.0)
    assert person([row("a", 1, seconds=0.0)], "a").seconds is None


def timed(paces: dict[str, float], questions: int = 40, seed: int = 0) -> list[Row]:
    """Everybody answers every question; how long one takes varies tenfold between questions."""
    random = np.random.default_rng(seed)
    base = np.exp(random.uniform(1, 3.3, questions))
    return [
        row(who, n, seconds=float(base[n] * pace * np.exp(random.normal(0, 0.3))))
        for who, pace in paces.items()
        for n in range(questions)
    ]


def test_that_who_is_far_quicker_is_marked_and_nobody_else() -> None:
    rows = timed({"ann": 1.0, "bob": 0.25, "cat": 1.2, "dan": 0.8})
    assert [p.name for p in people(rows) if p.is_far_quicker] == ["bob"]


def test_that_somewhat_quicker_is_no_mark() -> None:
    assert not any(p.is_far_quicker for p in people(timed({"ann": 1.0, "bob": 0.7, "cat": 1.2, "dan": 0.9})))


def test_that_easy_questions_do_not_make_a_person_look_quick() -> None:
    quick = [row(who, n, seconds=4.0) for n in range(30) for who in ("ann", "bob")]
    slow = [row(who, n, seconds=60.0) for n in range(30, 60) for who in ("cat", "bob")]
    found = {p.name: p for p in people(quick + slow + [row("cat", n, seconds=4.0) for n in range(30)])}
    assert found["ann"].seconds == (4.0, 4.0, 4.0)
    assert found["ann"].speed == pytest.approx(1.0)


def test_that_one_long_break_marks_nobody() -> None:
    rows = timed({"ann": 1.0, "bob": 1.0, "cat": 1.0})
    rows = [
        Row(**{**r.__dict__, "seconds": 4000.0}) if (r.annotator, r.chain_key) == ("cat", "q3") else r for r in rows
    ]
    assert not any(p.is_far_quicker for p in people(rows))


@pytest.mark.parametrize(
    ("names", "questions"), [("ab", 60), ("abc", LEAST_COMPARED - 1)], ids=["only one other", "too few questions"]
)
def test_that_too_little_to_compare_gives_no_speed(names: str, questions: int) -> None:
    rows = [row(who, n, seconds=1.0 if who == "a" else 50.0) for n in range(questions) for who in names]
    assert [p.speed for p in people(rows)] == [None] * len(names)


@given(
    st.lists(st.lists(st.sampled_from((0.0, 1.0, 2.0, 5.0, 40.0)), min_size=4, max_size=4), min_size=25, max_size=30)
)
def test_that_speed_is_the_mean_of_capped_ratios_to_the_median_of_the_others(times: list[list[float]]) -> None:
    rows = [row(who, n, seconds=s) for n, line in enumerate(times) for who, s in zip("abcd", line, strict=True)]
    for column, found in enumerate(people(rows)):
        factors = []
        for line in times:
            others = [s for place, s in enumerate(line) if place != column and s > 0]
            if line[column] > 0 and others:
                factors.append(min(SPEED_CAP, median(others) / line[column]))
        if found.speed is not None:
            assert found.speed == pytest.approx(sum(factors) / len(factors))
        if len(factors) < LEAST_COMPARED:
            assert found.speed is None


def report(rows: list[Row], chains: dict[ChainKey, Question], **changes: int) -> AgreementReport:
    return agreement_report(rows, chains, **{"resamples": 50, **changes})


def test_that_groups_hold_the_chains_of_their_kind() -> None:
    chains = {
        ChainKey("q0"): Question(3, Composer.PROGRAM, ("book", "cup")),
        ChainKey("q1"): Question(10, Composer.VLM, ("cup",)),
        ChainKey("q2"): Question(4, Composer.VLM, ("clock",)),
    }
    rows = [row(who, n, said) for n in range(3) for who, said in (("a", "1"), ("b", str(n)), ("c", "1"))]
    found = report(rows, chains)
    questions = {(g.grouping.value, g.name): g.alpha.questions for g in found.groups}
    assert questions == {
        ("category", "book"): 1,
        ("category", "clock"): 1,
        ("category", "cup"): 2,
        ("hop_count", "3"): 1,
        ("hop_count", "4"): 1,
        ("hop_count", "10"): 1,
        ("composer", "program"): 1,
        ("composer", "vlm"): 2,
    }
    assert [g.name for g in found.by(Grouping.HOP_COUNT)] == ["3", "4", "10"]


def test_that_a_group_is_measured_as_if_it_stood_alone() -> None:
    random = np.random.default_rng(5)
    chains = {ChainKey(f"q{n}"): Question(3 + n % 2) for n in range(60)}
    rows = [row(who, n, str(random.integers(0, 3))) for n in range(60) for who in "abc"]
    alone = [r for r in rows if chains[r.chain_key].hop_count == 4]
    (inside,) = [g for g in report(rows, chains).groups if g.name == "4"]
    (outside,) = [g for g in report(alone, chains).groups if g.name == "4"]
    assert inside == outside


def test_that_numbers_alone_leave_out_what_people_said_of_the_question() -> None:
    rows = [row(who, 1, said) for who, said in zip("abcd", "55~~", strict=True)] + [row(who, 2, "6") for who in "ab"]
    found = report(rows, {})
    assert (found.overall.answers, found.numbers.answers) == (6, 4)
    assert found.numbers.value == 1.0
    assert found.overall.value is not None
    assert found.overall.value < 1.0


def test_that_gold_and_replaced_versions_are_in_no_alpha() -> None:
    rows = [row(who, 1, said) for who, said in (("a", "1"), ("b", "2"))]
    more = [row(who, 2, "9", is_gold=True, is_gold_correct=True) for who in "ab"] + [
        row(who, 3, "9", is_stale=True) for who in "ab"
    ]
    assert report(rows + more, {}).overall == report(rows, {}).overall


def test_that_nothing_answered_is_a_report_of_nothing() -> None:
    found = report([], {})
    assert (found.overall.value, found.groups, found.people) == (None, (), ())


def test_that_the_report_is_plain_json() -> None:
    rows = [row(who, n, str(n % 2)) for n in range(12) for who in "abc"]
    found = report(rows, {ChainKey("q0"): Question()}).to_json()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["overall"] == {"alpha": 1.0, "interval": [1.0, 1.0], "questions": 12, "answers": 36}
    assert [p["name"] for p in found["people"]] == ["a", "b", "c"]
