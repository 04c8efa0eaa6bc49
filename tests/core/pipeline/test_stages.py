"""What each stage wants, when it wants it again, and what it leaves alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.backends.protocols import SolveRequest
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.instances import Instance, Origin
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.provenance import BackendSpec, WorkStatus
from hopchain_core.domain.review import Annotation, Mark, MarkKind, Outcome
from hopchain_core.domain.rollouts import Rollout
from hopchain_core.errors import BackendError
from hopchain_core.jobs.events import Event, RunStarted
from hopchain_core.jobs.flow import run_stages
from hopchain_core.jobs.workers import compute_in_thread
from hopchain_core.pipeline.categorize import CategorizeStage
from hopchain_core.pipeline.order import ORDER, in_order
from hopchain_core.pipeline.solve import SolveItem, SolveStage
from hopchain_core.pipeline.stage import Tools
from hopchain_core.store.rows_chains import write_annotation, write_findings, write_mark
from hopchain_core.store.rows_runs import start_run, write_work
from hopchain_core.store.rows_sources import write_instances, write_source_objects
from tests.core.jobs import synthetic
from tests.core.jobs.conftest import Bench, make_bench  # noqa: F401 - the fixture `bench_of`
from tests.core.jobs.synthetic import fixture_options

BenchOf = Callable[[int], Bench]
CHAIN_STAGES = ("categorize", "segment", "compose")


def _done(bench: Bench, *names: str, **changes: Any) -> dict[str, int]:
    return {name: r.done for name, r in bench.run(fixture_options(**changes), *names).items() if r.done}


def _write(bench: Bench, fn: Callable[[Any], Any]) -> None:
    bench.file.writer.submit(fn).result()


def _instances(bench: Bench, number: int) -> tuple[Instance, ...]:
    with bench.file.read() as read:
        return read.instances(synthetic.picture(number).key)


def _chains(bench: Bench, number: int | None = None) -> list[ChainKey]:
    with bench.file.read() as read:
        return [s.chain.key for s in read.chains(None if number is None else synthetic.picture(number).key)]


def _relabel(bench: Bench, number: int, category: str) -> None:
    old = _instances(bench, number)[0]
    new = replace(old, category=category, supersedes=old.key, origin=Origin.PERSON)
    _write(bench, lambda uow: write_instances(uow, None, [new]))


def test_that_stages_run_in_the_order_of_the_flow_however_they_are_named() -> None:
    assert in_order(["decide", "segment"]) == ("segment", "decide")
    assert in_order() == ORDER == ("categorize", "segment", "compose", "audit", "solve", "decide")


def test_that_each_stage_writes_its_own_tables_only(bench_of: BenchOf) -> None:
    bench = bench_of(3)
    stage = ""
    written: dict[str, set[str]] = {}

    def note(event: Event) -> None:
        nonlocal stage
        if isinstance(event, RunStarted):
            stage = event.stage

    bench.file.on_commit(lambda tables, by: written.setdefault(stage, set()).update(tables - {"work", "run"}))
    asyncio.run(run_stages(bench.file, None, fixture_options(), note))
    written.pop("", None)
    assert written == {
        "categorize": {"category"},
        "segment": {"instance"},
        "compose": {"chain", "chain_image", "refusal"},
        "audit": written["audit"] & {"finding"},
        "solve": {"rollout"},
        "decide": {"verdict", "difficulty"},
    }


def test_that_a_changed_annotation_owes_its_picture_alone_all_the_way(bench_of: BenchOf) -> None:
    bench = bench_of(4)
    bench.run(fixture_options())
    key, before = synthetic.picture(2).key, _chains(bench, 2)
    changed = replace(synthetic.objects(2)[0], category="clock")
    _write(bench, lambda uow: write_source_objects(uow, key, [changed]))
    assert _done(bench) == {"categorize": 1, "segment": 1, "compose": 1, "audit": 2, "solve": 2, "decide": 2}
    assert set(before).isdisjoint(_chains(bench, 2))
    assert "clock" in {i.category for i in _instances(bench, 2)}


def test_that_a_backend_that_ignores_annotations_owes_nothing_when_they_change(bench_of: BenchOf) -> None:
    bench = bench_of(1)
    key = synthetic.picture(0).key

    def wanted(stage: CategorizeStage) -> list[str]:
        with bench.file.read() as read:
            return [w.key for w in stage.inputs(read)]

    blind, reading = CategorizeStage(reads_annotations=False), CategorizeStage(reads_annotations=True)
    before = wanted(blind), wanted(reading)
    changed = replace(synthetic.objects(0)[0], category="clock")
    _write(bench, lambda uow: write_source_objects(uow, key, [changed]))
    assert wanted(blind) == before[0]
    assert wanted(reading) != before[1]


def test_that_chains_go_when_the_last_instance_of_their_picture_goes(bench_of: BenchOf) -> None:
    bench = bench_of(2)
    bench.run(fixture_options())
    removed = [replace(i, supersedes=i.key, is_removed=True, origin=Origin.PERSON) for i in _instances(bench, 0)]
    _write(bench, lambda uow: write_instances(uow, None, removed))
    assert _done(bench) == {"compose": 1}
    assert _chains(bench, 0) == []
    assert len(_chains(bench, 1)) == 2
    assert _done(bench) == {}


def test_that_a_persons_relabelling_owes_the_chains_of_that_picture(bench_of: BenchOf) -> None:
    bench = bench_of(3)
    bench.run(fixture_options())
    _relabel(bench, 1, "clock")
    assert _done(bench, "audit") == {"audit": 2}
    assert _done(bench, *CHAIN_STAGES) == {"compose": 1}


def test_that_a_picture_changed_after_the_survey_stays_owed(bench_of: BenchOf) -> None:
    bench = bench_of(40)
    bench.run(fixture_options(), "categorize", "segment")
    last = 39

    def relabel_once(event: Event) -> None:
        if isinstance(event, RunStarted):
            _relabel(bench, last, "clock")

    (report,) = asyncio.run(run_stages(bench.file, ["compose"], fixture_options(), relabel_once))
    assert (report.done, report.changed) == (39, 1)
    assert _chains(bench, last) == []
    assert _done(bench, "compose") == {"compose": 1}


def test_that_chains_rejected_or_found_wrong_are_not_solved(bench_of: BenchOf) -> None:
    bench = bench_of(3)
    bench.run(fixture_options(), *CHAIN_STAGES, "audit")
    rejected, wrong, *_ = _chains(bench)
    error = Finding(rule="leak", severity=Severity.ERROR, hop=None, message="It leaks.")

    def spoil(uow: Any) -> None:
        write_mark(uow, Mark(chain=rejected, kind=MarkKind.REJECT))
        run = start_run(uow, stage="audit", stage_version=9, fingerprint="other", options={}, backend=None)
        work = write_work(
            uow, stage="audit", fingerprint="other", item_key="x", subject=wrong, run_id=run,
            status=WorkStatus.DONE, seconds=0,
        )  # fmt: skip
        write_findings(uow, work, wrong, [error])

    _write(bench, spoil)
    synthetic.solved.clear()
    assert _done(bench, "solve") == {"solve": 4}
    assert {chain for chain, _ in synthetic.solved} == set(_chains(bench)) - {rejected, wrong}


def test_that_chains_nobody_audited_are_not_solved(bench_of: BenchOf) -> None:
    bench = bench_of(1)
    bench.run(fixture_options(), *CHAIN_STAGES)
    assert _done(bench, "solve", "decide") == {}


def test_that_an_answer_owes_the_verdict_of_its_chain_and_a_note_does_not(bench_of: BenchOf) -> None:
    bench = bench_of(2)
    bench.run(fixture_options())
    answer = Annotation(chain=_chains(bench)[0], annotator="Ada", outcome=Outcome.ANSWERED, answer=Answer.of(4))
    _write(bench, lambda uow: write_annotation(uow, answer))
    assert _done(bench) == {"decide": 1}
    _write(bench, lambda uow: write_annotation(uow, replace(answer, note="hm", active_seconds=9.0)))
    assert _done(bench) == {}
    _write(bench, lambda uow: write_annotation(uow, replace(answer, answer=Answer.of(5))))
    assert _done(bench) == {"decide": 1}


def test_that_rollouts_nobody_asked_for_fail_the_item(bench_of: BenchOf) -> None:
    bench = bench_of(1)
    bench.run(fixture_options(), *CHAIN_STAGES, "audit")

    class Deaf:
        spec = BackendSpec(role="solver", name="deaf")

        async def solve(self, request: SolveRequest) -> list[Rollout]:
            return [Rollout(chain=request.chain.key, index=7, text="", answer=None, is_correct=False)]

    stage = SolveStage(rollouts=2, seed=0)
    with bench.file.read() as read:
        wanted = next(iter(stage.inputs(read)))
        item = stage.load(read, wanted, "f")
    assert isinstance(item, SolveItem)
    assert item.indices == (0, 1)
    tools = Tools(backend=Deaf(), seed=0, project_dir=Path(), compute=compute_in_thread)
    with pytest.raises(BackendError, match="asked for") as raised:
        asyncio.run(stage.run(item, tools))
    assert raised.value.kind == "wrong_rollouts"
