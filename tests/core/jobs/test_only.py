"""Runs over chosen pictures or chains."""

from __future__ import annotations

from collections.abc import Callable

from tests.core.jobs import synthetic
from tests.core.jobs.conftest import Bench
from tests.core.jobs.synthetic import fixture_options

BenchOf = Callable[[int], Bench]


def test_that_a_run_over_chosen_pictures_leaves_the_others_owed(bench_of: BenchOf) -> None:
    bench = bench_of(5)
    chosen = synthetic.picture(3)
    reports = bench.run(fixture_options(only=(chosen.key,)))
    assert {name: r.done for name, r in reports.items()} == {
        "categorize": 1, "segment": 1, "compose": 1, "audit": 2, "solve": 2, "decide": 2,
    }  # fmt: skip
    assert list(synthetic.composed) == [chosen.path]
    assert bench.run(fixture_options())["compose"].done == 4


def test_that_a_run_over_a_chosen_chain_tries_that_chain(bench_of: BenchOf) -> None:
    bench = bench_of(2)
    bench.run(fixture_options(), "categorize", "segment", "compose", "audit")
    with bench.file.read() as read:
        chain = next(read.chains()).chain.key
    bench.run(fixture_options(only=(chain,)), "solve")
    assert [key for key, _ in synthetic.solved] == [chain]


def test_that_one_failed_picture_is_tried_again_while_the_others_stay_failed(bench_of: BenchOf) -> None:
    bench = bench_of(3)
    bench.run(fixture_options(composer={"fail": ("*",)}))
    one = synthetic.picture(1).key
    again = bench.run(fixture_options(only=(one,), retry_failed=True), "compose")
    assert again["compose"].done == 1
    with bench.file.read() as read:
        assert read.failing_counts() == {"compose": 2}


def test_that_the_choice_of_pictures_is_of_one_run() -> None:
    assert fixture_options(only=("a",)).remembered().only is None
