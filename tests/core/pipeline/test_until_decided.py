"""Trying chains only until it is sure whether they are kept: the decision of a full count, and never its rate."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.deciding import right_to_keep, until_decided, wrong_to_keep
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.policy import DropRule, Policy, measure
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.domain.review import Annotation, Outcome
from hopchain_core.domain.rollouts import Difficulty, Rollout
from hopchain_core.pipeline.solve import Tries
from hopchain_core.store.queries import ChainFilter, ChainQuery
from hopchain_core.store.rows_chains import write_annotation
from hopchain_core.store.rows_runs import write_fact
from tests.core.domain.chain_examples import BIRDS
from tests.core.jobs import synthetic
from tests.core.jobs.conftest import Bench, make_bench  # noqa: F401 - the fixture `bench_of`
from tests.core.jobs.synthetic import fixture_options

BenchOf = Callable[[int], Bench]
PICTURES = 20
FULL = fixture_options()
SHORT = fixture_options(until_decided=True)


def difficulties(bench: Bench) -> dict[ChainKey, Difficulty]:
    with bench.file.read() as read:
        found = {s.chain.key: read.difficulty(s.chain.key) for s in read.chains()}
    return {key: difficulty for key, difficulty in found.items() if difficulty is not None}


def rollouts(bench: Bench) -> dict[ChainKey, tuple[Rollout, ...]]:
    with bench.file.read() as read:
        return {s.chain.key: read.rollouts(s.chain.key) for s in read.chains()}


def asked() -> int:
    return sum(len(indices) for _, indices in synthetic.solved)


def test_that_fewer_attempts_give_the_same_decision(bench_of: BenchOf) -> None:
    full, short = bench_of(PICTURES), bench_of(PICTURES)
    full.run(FULL)
    counted = asked()
    synthetic.solved.clear()
    short.run(SHORT)
    wanted, found = difficulties(full), difficulties(short)
    assert len(found) == 2 * PICTURES
    assert {key: d.is_kept for key, d in found.items()} == {key: d.is_kept for key, d in wanted.items()}
    assert {d.is_kept for d in found.values()} == {True, False}
    assert counted == 4 * 2 * PICTURES
    assert asked() < 0.7 * counted
    every = rollouts(full)
    for key, made in rollouts(short).items():
        assert made == every[key][: len(made)]
        assert all(r.is_correct for r in made[:-1])


def test_that_what_was_cut_short_is_nowhere_a_rate(bench_of: BenchOf) -> None:
    bench = bench_of(PICTURES)
    bench.run(SHORT)
    with bench.file.read() as read:
        rows = read.chain_rows(read.chain_ids())
        assert {row.pass_rate for row in rows} == {None}
        shown = {row.key: row.wrong_of for row in rows}
        assert read.chain_ids(ChainQuery(chains=ChainFilter(pass_rate=(0, 1)))).tolist() == []
        assert len(read.chain_ids(ChainQuery(chains=ChainFilter(is_cut_short=True)))) == len(rows)
        facets = read.chain_facets()
        assert (facets.pass_rates, facets.cut_short) == ((0, 0, 0), len(rows))
        assert set(read.image_facets().pass_rates) == {0}
    for key, difficulty in difficulties(bench).items():
        assert not difficulty.is_rate
        assert shown[key] == (difficulty.n_wrong, difficulty.n)
        assert "wrong of" in difficulty.words


def test_that_a_full_count_later_makes_exactly_the_rest(bench_of: BenchOf) -> None:
    full, short = bench_of(PICTURES), bench_of(PICTURES)
    full.run(FULL)
    short.run(SHORT)
    before = rollouts(short)
    synthetic.solved.clear()
    short.run(FULL)
    assert asked() == 4 * 2 * PICTURES - sum(map(len, before.values()))
    assert rollouts(short) == rollouts(full)
    assert difficulties(short) == difficulties(full)
    assert all(d.is_rate for d in difficulties(short).values())


def test_that_what_was_counted_in_full_stays_a_rate(bench_of: BenchOf) -> None:
    bench = bench_of(3)
    bench.run(FULL)
    before = difficulties(bench)
    synthetic.solved.clear()
    bench.run(SHORT)
    assert synthetic.solved == []
    assert difficulties(bench) == before
    bench.run(fixture_options(until_decided=True, rollouts=6))
    longer = difficulties(bench)
    assert {key for key, d in longer.items() if d.is_until_decided} == set(before)
    assert all(longer[key].n == d.n for key, d in before.items() if d.n_wrong)


def test_that_another_number_of_people_owes_the_chain_again(bench_of: BenchOf) -> None:
    bench = bench_of(2)
    bench.file.writer.submit(
        lambda uow: write_fact(uow, "policy", json.dumps(Policy(people=1, agreeing=1).to_json()))
    ).result()
    bench.run(SHORT)
    key, made = next((key, made) for key, made in rollouts(bench).items() if len(made) == 1)
    said = made[0].answer
    assert said is not None
    answer = Annotation(chain=key, annotator="Ada", outcome=Outcome.ANSWERED, answer=said)
    bench.file.writer.submit(lambda uow: write_annotation(uow, answer)).result()
    bench.run(SHORT, "decide")
    # By people's number the one attempt is right: nothing is known yet, so the chain stays.
    assert (difficulties(bench)[key].n_wrong, difficulties(bench)[key].is_kept) == (0, True)
    synthetic.solved.clear()
    bench.run(SHORT, "solve", "decide")
    assert {chain for chain, _ in synthetic.solved} == {key}
    later = difficulties(bench)[key]
    assert later.n > 1
    assert later.n_wrong == 1 or later.n == 4


ENDS = [
    (low, high)
    for high in (0.3, 0.5, 0.75, 0.9, 1.0)
    for low in (None, 0.0, 0.1, 0.3, 0.49, 0.6)
    if low is None or low < high
]
RULES = st.builds(
    lambda ends, least: DropRule(too_hard_up_to=ends[0], pass_rate=ends[1], least_rollouts=least),
    st.sampled_from(ENDS),
    st.integers(1, 9),
)


def rollout(index: int, is_correct: bool) -> Rollout:
    return Rollout(
        chain=BIRDS.key, index=index, text="", answer=BIRDS.answer if is_correct else None, is_correct=is_correct
    )


@given(outcomes=st.lists(st.booleans(), min_size=1, max_size=16), drop=st.none() | RULES)
def test_that_no_order_of_answers_leads_to_another_decision(outcomes: list[bool], drop: DropRule | None) -> None:
    policy, spec = Policy(drop=drop), BackendSpec(role="solver", name="x")
    every = [rollout(index, is_correct) for index, is_correct in enumerate(outcomes)]
    n = len(outcomes)
    tries = Tries(BIRDS.key, n, wrong_to_keep(drop, n), right=right_to_keep(drop, n))
    made: list[Rollout] = []
    while owed := tries.owed(sum(r.is_correct for r in made), sum(not r.is_correct for r in made)):
        # What is asked for at once is tried in any case, so none of it is spared.
        made += every[len(made) : len(made) + owed]
    decided = until_decided(measure(BIRDS, made, policy, spec), n, policy)
    counted = measure(BIRDS, every, policy, spec)
    assert (decided.is_kept, decided.is_too_hard) == (counted.is_kept, counted.is_too_hard)
    assert len(made) <= n
    for fewer in range(len(made)):
        right = sum(r.is_correct for r in made[:fewer])
        assert tries.owed(right, fewer - right) > 0


@pytest.mark.parametrize(
    "tries",
    [
        Tries(ChainKey("ab12"), 16),
        Tries(ChainKey("ab12"), 8, 1),
        Tries(ChainKey("ab12"), 8, 3, Answer.of("-2.5")),
        Tries(ChainKey("ab12"), 8, 1, right=1),
        Tries(ChainKey("ab12"), 8, 3, Answer.of("-2.5"), right=2),
    ],
)
def test_that_the_key_of_tries_reads_back(tries: Tries) -> None:
    assert Tries.read(tries.key) == tries


def test_that_full_counts_keep_the_keys_they_had() -> None:
    assert Tries(ChainKey("ab12"), 16).key == "ab12:16"
    assert Tries(ChainKey("ab12"), 8, 1).key == "ab12:8:1"


@pytest.mark.parametrize(
    ("outcomes", "tried"), [("+-......", 2), ("-+......", 2), ("----+...", 5), ("++++++++", 8), ("--------", 8)]
)
def test_that_a_band_with_two_ends_needs_one_right_and_one_wrong(outcomes: str, tried: int) -> None:
    drop = DropRule(too_hard_up_to=0.0)
    tries = Tries(BIRDS.key, 8, wrong_to_keep(drop, 8), right=right_to_keep(drop, 8))
    right = wrong = 0
    while owed := tries.owed(right, wrong):
        made = outcomes[right + wrong :][:owed]
        right, wrong = right + made.count("+"), wrong + made.count("-")
    assert right + wrong == tried


def test_that_a_run_remembers_how_it_counted() -> None:
    kept: dict[str, Any] = SHORT.remembered().model_dump()
    assert kept["until_decided"] is True
