"""How results get into a project: few rows at a time, an item whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from hopchain_core.backends.protocols import Refusal
from hopchain_core.domain.images import Category
from hopchain_core.errors import ProjectError
from hopchain_core.jobs.commits import ROWS_AT_ONCE, Committer, Ended, Failure
from hopchain_core.pipeline.categorize import CategorizeItem, CategorizeStage
from hopchain_core.pipeline.stage import Outcome, Wanted
from hopchain_core.store.rows_runs import start_run
from tests.core.jobs import synthetic
from tests.core.jobs.conftest import Bench

BenchOf = Callable[[int], Bench]
STAGE = CategorizeStage(reads_annotations=True)


def _ended(number: int, rows: int, failure: Failure | None = None, item: Any = None) -> Ended:
    image = synthetic.picture(number)
    outputs = tuple(Category(name=f"thing {n}") for n in range(rows - 1))
    return Ended(
        wanted=Wanted(key=f"item {number}", subject=image.key, image=image.key),
        item=item or CategorizeItem(image=image, source_objects=()),
        outcome=None if failure else Outcome(outputs=outputs),
        failure=failure,
        seconds=0.5,
    )


def _commit(bench: Bench, ended: list[Ended]) -> list[Ended]:
    """Hands all of them over at once; gives what the committer told of."""
    run_id = bench.file.writer.submit(
        lambda uow: start_run(uow, stage="categorize", stage_version=1, fingerprint="f", options={}, backend=None)
    ).result()
    told: list[Ended] = []

    async def main() -> None:
        committer = Committer(bench.file.writer, STAGE, "f", run_id, told.append)
        running = asyncio.create_task(committer.run())
        waiting = asyncio.gather(*(committer.commit(e) for e in ended))
        await asyncio.wait((running, waiting), return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            waiting.cancel()
            running.result()
        running.cancel()
        await asyncio.gather(running, waiting, return_exceptions=True)

    asyncio.run(main())
    return told


def test_that_small_items_share_a_transaction_of_some_twenty_rows(bench_of: BenchOf) -> None:
    bench = bench_of(12)
    commits: list[frozenset[str]] = []
    bench.file.on_commit(lambda tables, by: commits.append(tables))
    told = _commit(bench, [_ended(n, 5) for n in range(12)])
    assert [e.wanted.key for e in told] == [f"item {n}" for n in range(12)]
    assert len([c for c in commits if "category" in c]) == 12 * 5 / ROWS_AT_ONCE
    with bench.file.read() as read:
        assert len(read.done("categorize", "f")) == 12


def test_that_a_large_item_is_never_parted(bench_of: BenchOf) -> None:
    bench = bench_of(3)
    commits: list[frozenset[str]] = []
    bench.file.on_commit(lambda tables, by: commits.append(tables))
    _commit(bench, [_ended(0, 2), _ended(1, 300), _ended(2, 2)])
    assert len([c for c in commits if "category" in c]) == 3
    with bench.file.read() as read:
        assert len(read.categories(synthetic.picture(1).key)) == 299


def test_that_an_item_that_cannot_be_written_fails_alone_and_leaves_nothing_behind(bench_of: BenchOf) -> None:
    bench = bench_of(4)
    unknown = CategorizeItem(image=synthetic.picture(99), source_objects=())
    told = _commit(bench, [_ended(0, 3), _ended(1, 3), _ended(2, 3, item=unknown), _ended(3, 3)])
    assert [(e.wanted.key, e.outcome is not None) for e in told] == [
        ("item 0", True), ("item 1", True), ("item 2", False), ("item 3", True),
    ]  # fmt: skip
    with bench.file.read() as read:
        (failure,) = read.failures()
        assert len(read.done("categorize", "f")) == 3
        assert [len(read.categories(synthetic.picture(n).key)) for n in range(4)] == [2, 2, 0, 2]
    assert failure.error_kind == "bug"
    assert "KeyError" in failure.error_text


def test_that_a_failure_and_refusals_are_rows(bench_of: BenchOf) -> None:
    bench = bench_of(2)
    refused = _ended(1, 2)
    refusal = Refusal(reason="too_small", detail="a crumb")
    told = _commit(
        bench,
        [
            _ended(0, 1, Failure(kind="refused", text="no")),
            Ended(
                wanted=refused.wanted, item=refused.item, failure=None, seconds=0.1,
                outcome=Outcome(outputs=(), refusals=(refusal,)),
            ),
        ],
    )  # fmt: skip
    assert len(told) == 2
    with bench.file.read() as read:
        assert read.failed("categorize", "f") == {"item 0": ("refused", "no")}
        assert [(r.subject, r.reason, r.detail) for r in read.refusals("categorize").rows] == [
            (synthetic.picture(1).key, "too_small", "a crumb")
        ]


def test_that_a_project_that_cannot_be_written_to_ends_the_committer(bench_of: BenchOf) -> None:
    bench = bench_of(1)
    run_id = bench.file.writer.submit(
        lambda uow: start_run(uow, stage="categorize", stage_version=1, fingerprint="f", options={}, backend=None)
    ).result()
    bench.file.writer.close()

    async def main() -> None:
        committer = Committer(bench.file.writer, STAGE, "f", run_id, lambda ended: None)
        waiting = asyncio.ensure_future(committer.commit(_ended(0, 1)))
        try:
            await committer.run()
        finally:
            waiting.cancel()

    with pytest.raises(ProjectError, match="closed"):
        asyncio.run(main())
