"""What a run does to a project: everything owed, once, whatever happens on the way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.provenance import RunOutcome
from hopchain_core.errors import InputError, PrerequisiteError, RunEndedError
from hopchain_core.jobs.events import ItemDone, ItemFailed, RunEnded, RunProgress, RunStarted
from hopchain_core.jobs.runner import FAILURES_IN_A_ROW
from hopchain_core.store.rows_runs import start_run
from tests.core.jobs import synthetic
from tests.core.jobs.conftest import Bench
from tests.core.jobs.contents import content_of
from tests.core.jobs.synthetic import fixture_options

BenchOf = Callable[[int], Bench]


def test_that_every_stage_does_all_there_is_in_one_run(bench_of: BenchOf) -> None:
    bench = bench_of(5)
    reports = bench.run(fixture_options())
    assert {name: r.done for name, r in reports.items()} == {
        "categorize": 5, "segment": 5, "compose": 5, "audit": 10, "solve": 10, "decide": 10,
    }  # fmt: skip
    assert {r.outcome for r in reports.values()} == {RunOutcome.FINISHED}
    with bench.file.read() as read:
        assert read.counts().chains == 10
        assert {len(read.rollouts(s.chain.key)) for s in read.chains()} == {4}
        assert read.refusals("compose").counts == {"unclear": 5}


def test_that_a_second_run_finds_nothing_to_do_and_writes_nothing(bench_of: BenchOf) -> None:
    bench = bench_of(4)
    bench.run(fixture_options())
    commits: list[frozenset[str]] = []
    bench.file.on_commit(lambda tables, by: commits.append(tables))
    reports = bench.run(fixture_options())
    assert commits == []
    assert {(r.done, r.run_id) for r in reports.values()} == {(0, None)}
    assert set(synthetic.composed.values()) == {1}


def test_that_a_cancelled_run_owes_exactly_the_rest(bench_of: BenchOf) -> None:
    bench = bench_of(30)
    bench.run(fixture_options(), "categorize", "segment")
    slow = fixture_options(composer={"delay_s": 0.2}, concurrency=3)

    async def cancel_on_the_way() -> None:
        task = asyncio.create_task(bench.run_async(slow, ["compose"]))
        await bench.until(5, ItemDone, "compose")
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancel_on_the_way())
    with bench.file.read() as read:
        done = {picture for picture in _pictures(bench) if any(read.chains(picture))}
        assert read.runs()[-1].outcome is RunOutcome.CANCELLED
        assert read.work_counts()["compose"].done == len(done)
    told = [e.subject for e in bench.events if isinstance(e, ItemDone) and e.stage == "compose"]
    assert 5 <= len(done) < 30
    assert set(told) == done
    last = bench.events[-1]
    assert isinstance(last, RunEnded)
    assert (last.outcome, last.done) == (RunOutcome.CANCELLED, len(done))

    synthetic.composed.clear()
    report = bench.run(slow, "compose")["compose"]
    assert (report.done, report.done_before) == (30 - len(done), len(done))
    again = {image.key for image in map(synthetic.picture, range(30)) if synthetic.composed[image.path]}
    assert again == set(_pictures(bench)) - done


def test_that_cancel_answers_within_a_second_while_items_wait_for_a_server(bench_of: BenchOf) -> None:
    bench = bench_of(12)
    bench.run(fixture_options(), "categorize", "segment")

    async def cancel() -> float:
        task = asyncio.create_task(bench.run_async(fixture_options(composer={"delay_s": 600}), ["compose"]))
        await bench.until(1, RunStarted, "compose")
        while not synthetic.composed:  # noqa: ASYNC110 - a counter tells nobody that it went up
            await asyncio.sleep(0.01)
        began = time.monotonic()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return time.monotonic() - began

    assert asyncio.run(cancel()) < 1.0


def test_that_one_bad_item_among_ten_is_a_row_and_the_others_go_on(bench_of: BenchOf) -> None:
    bench = bench_of(10)
    bad = fixture_options(composer={"fail": ["00003.png"]})
    report = bench.run(bad, "categorize", "segment", "compose")["compose"]
    assert (report.done, report.failed, report.outcome) == (9, 1, RunOutcome.FAILED_ITEMS)
    with bench.file.read() as read:
        (failure,) = read.failures("compose")
    assert (failure.subject, failure.error_kind, failure.error_text) == (
        synthetic.picture(3).key,
        "refused",
        "the server said no",
    )
    assert [e.subject for e in bench.events if isinstance(e, ItemFailed)] == [synthetic.picture(3).key]


def test_that_a_failed_item_is_owed_again_only_when_asked(bench_of: BenchOf) -> None:
    bench = bench_of(10)
    bench.run(fixture_options(composer={"fail": ["00003.png"]}), "categorize", "segment", "compose")
    synthetic.composed.clear()
    kept = bench.run(fixture_options(), "compose")["compose"]
    assert (kept.done, kept.failed_before, sum(synthetic.composed.values())) == (0, 1, 0)
    tried = bench.run(fixture_options(retry_failed=True), "compose")["compose"]
    assert (tried.done, tried.failed_before) == (1, 0)
    with bench.file.read() as read:
        assert read.failures() == ()
        assert read.counts().chains == 20


def test_that_a_slip_of_ours_fails_its_item_and_keeps_the_traceback(bench_of: BenchOf) -> None:
    bench = bench_of(3)
    report = bench.run(
        fixture_options(composer={"fail": ["00001.png"], "how": "bug"}), "categorize", "segment", "compose"
    )["compose"]
    assert (report.done, report.failed) == (2, 1)
    with bench.file.read() as read:
        (failure,) = read.failures()
    assert failure.error_kind == "bug"
    assert failure.error_text.endswith("ZeroDivisionError: a slip")
    assert "in _behave" in failure.error_text


def test_that_twenty_failures_of_one_kind_in_a_row_end_the_run(bench_of: BenchOf) -> None:
    bench = bench_of(60)
    with pytest.raises(RunEndedError, match="refused: the server said no"):
        bench.run(fixture_options(composer={"fail": ["*"]}, concurrency=4))
    with bench.file.read() as read:
        assert read.runs()[-1].outcome is RunOutcome.GAVE_UP
        assert len(read.failures(limit=100)) < FAILURES_IN_A_ROW + 4
        assert [run.stage for run in read.runs()] == ["categorize", "segment", "compose"]
    ended = bench.events[-1]
    assert isinstance(ended, RunEnded)
    assert ended.outcome is RunOutcome.GAVE_UP
    assert "20 items in a row" in ended.message


def test_that_failures_of_changing_kinds_do_not_end_the_run(bench_of: BenchOf) -> None:
    bench = bench_of(30)
    report = bench.run(
        fixture_options(composer={"fail": ["*"], "how": "alternating"}, concurrency=1),
        "categorize", "segment", "compose",
    )["compose"]  # fmt: skip
    assert (report.failed, report.outcome) == (30, RunOutcome.FAILED_ITEMS)


def test_that_what_no_item_can_get_past_ends_the_run_at_once(bench_of: BenchOf) -> None:
    bench = bench_of(30)
    with pytest.raises(PrerequisiteError, match="no server"):
        bench.run(fixture_options(composer={"fail": ["*"], "how": "known"}))
    with bench.file.read() as read:
        assert read.runs()[-1].outcome is RunOutcome.GAVE_UP
        assert read.failures() == ()


def test_that_another_option_owes_everything_and_going_back_costs_nothing(bench_of: BenchOf) -> None:
    bench = bench_of(6)
    plain, other = fixture_options(), fixture_options(composer={"flavour": "other"})
    bench.run(plain)
    before = content_of(bench.file)
    changed = bench.run(other)
    assert {name: (r.done, r.revived) for name, r in changed.items()} == {
        "categorize": (0, 0), "segment": (0, 0), "compose": (6, 0), "audit": (12, 0), "solve": (12, 0),
        "decide": (12, 0),
    }  # fmt: skip
    assert content_of(bench.file)["chains"].keys().isdisjoint(before["chains"])

    synthetic.composed.clear()
    synthetic.solved.clear()
    back = bench.run(plain)
    assert {name: (r.done, r.revived) for name, r in back.items() if r.done or r.revived} == {"compose": (0, 6)}
    assert (sum(synthetic.composed.values()), synthetic.solved) == (0, [])
    after = content_of(bench.file)
    assert (after["chains"], after["refusals"]) == (before["chains"], before["refusals"])


def test_that_more_rollouts_ask_for_the_rest_only(bench_of: BenchOf) -> None:
    bench = bench_of(3)
    bench.run(fixture_options(rollouts=8))
    at_once = bench_of(3)
    at_once.run(fixture_options(rollouts=16))
    synthetic.solved.clear()
    report = bench.run(fixture_options(rollouts=16))["solve"]
    assert report.done == 6
    assert {positions for _, positions in synthetic.solved} == {tuple(range(8, 16))}
    one, two = content_of(bench.file), content_of(at_once.file)
    assert one["chains"] == two["chains"]


def test_that_fewer_rollouts_again_count_the_first_ones_without_asking(bench_of: BenchOf) -> None:
    bench = bench_of(3)
    bench.run(fixture_options(rollouts=4))
    eight_of_four = content_of(bench.file)["chains"]
    bench.run(fixture_options(rollouts=9))
    synthetic.solved.clear()
    back = bench.run(fixture_options(rollouts=4))
    assert (back["solve"].revived, back["decide"].revived, synthetic.solved) == (6, 6, [])
    chains = content_of(bench.file)["chains"]
    assert {k: c[4] for k, c in chains.items()} == {k: c[4] for k, c in eight_of_four.items()}


@pytest.mark.parametrize("concurrency", [1, 7, 40])
def test_that_the_outcome_does_not_depend_on_how_many_items_run_at_once(bench_of: BenchOf, concurrency: int) -> None:
    usual, other = bench_of(15), bench_of(15)
    usual.run(fixture_options())
    delayed = {"delay_s": 0.03}
    other.run(fixture_options(composer=delayed, solver=delayed, concurrency=concurrency))
    assert content_of(other.file) == content_of(usual.file)


def test_that_a_run_left_by_a_killed_process_is_marked_cancelled_at_the_next_start(bench_of: BenchOf) -> None:
    bench = bench_of(1)
    bench.file.writer.submit(
        lambda uow: start_run(uow, stage="solve", stage_version=1, fingerprint="f", options={}, backend=None)
    ).result()
    bench.run(fixture_options(), "categorize")
    with bench.file.read() as read:
        assert [(r.stage, r.outcome) for r in read.runs()] == [
            ("solve", RunOutcome.CANCELLED),
            ("categorize", RunOutcome.FINISHED),
        ]


def test_that_a_limit_means_the_first_pictures_and_what_hangs_on_them(bench_of: BenchOf) -> None:
    bench = bench_of(9)
    reports = bench.run(fixture_options(limit=2))
    assert {name: r.done for name, r in reports.items()} == {
        "categorize": 2, "segment": 2, "compose": 2, "audit": 4, "solve": 4, "decide": 4,
    }  # fmt: skip
    assert sorted(synthetic.composed) == ["pictures/00000.png", "pictures/00001.png"]
    assert bench.run(fixture_options(limit=2))["compose"].done == 0
    assert bench.run(fixture_options())["compose"].done == 7


def test_that_a_misspelt_option_of_the_last_stage_shows_before_the_first_begins(bench_of: BenchOf) -> None:
    bench = bench_of(2)
    with pytest.raises(InputError, match="flavor"):
        bench.run(fixture_options(solver={"flavor": "x"}))
    with bench.file.read() as read:
        assert read.runs() == ()


def test_that_an_unknown_stage_is_named_with_those_there_are(bench_of: BenchOf) -> None:
    with pytest.raises(InputError, match="'compost'") as raised:
        bench_of(0).run(fixture_options(), "compost")
    assert "compose" in raised.value.hint


def test_that_events_of_a_stage_come_in_order_and_add_up(bench_of: BenchOf) -> None:
    bench = bench_of(8)
    bench.run(fixture_options(composer={"fail": ["00002.png"]}), "categorize", "segment", "compose")
    mine = [e for e in bench.events if e.stage == "compose"]
    first, last = mine[0], mine[-1]
    assert isinstance(first, RunStarted)
    assert (first.owed, first.already_done, first.backend) == (8, 0, "fixture")
    assert isinstance(last, RunEnded)
    assert (last.done, last.failed, last.outcome) == (7, 1, RunOutcome.FAILED_ITEMS)
    assert sum(isinstance(e, ItemDone) for e in mine) == 7
    outputs = {(e.outputs, e.refused) for e in mine if isinstance(e, ItemDone)}
    assert outputs == {(2, 1)}
    reports = [e for e in mine if isinstance(e, RunProgress)]
    assert (reports[-1].done, reports[-1].failed) == (7, 1)
    simulated = {e.stage: e.is_simulated for e in bench.events if isinstance(e, RunStarted)}
    assert simulated == {"categorize": False, "segment": False, "compose": False}


def _pictures(bench: Bench) -> list[ImageKey]:
    with bench.file.read() as read:
        return [image.key for image in read.images()]
