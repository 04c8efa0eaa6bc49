"""Verdicts follow at once from what people do, in the same transaction; no stage has to be run by hand.

What is written here is what the decide stage would write: its work and outputs under its fingerprint. So that stage owes
nothing afterwards, and an answer taken back brings the earlier verdict to life again. It is no part of an undo step:
undo puts people's rows back, and the verdict follows from those.
"""

from __future__ import annotations

from collections.abc import Collection

from hopchain_core.domain.keys import ChainKey, RunId
from hopchain_core.domain.provenance import RunOutcome, WorkStatus
from hopchain_core.domain.review import Verdict
from hopchain_core.jobs.terms import fingerprint_of
from hopchain_core.pipeline.decide import DecideItem, DecideStage, decide_items, with_rollouts
from hopchain_core.store import schema
from hopchain_core.store.reader import Reader
from hopchain_core.store.reads_runs import POLICY
from hopchain_core.store.rows_chains import difficulty_row, verdict_row
from hopchain_core.store.rows_runs import end_run, newest_run, noted, revive, start_run, write_done
from hopchain_core.store.unit_of_work import Row, UnitOfWork


def follow(uow: UnitOfWork) -> None:
    """Brings the verdicts up to date that follow from what this unit has written; for `Writer.before_commit`."""
    if POLICY in uow.touched.get("project", ()):
        decide(uow, None)
        return
    chains = uow.touched.get("annotation", set()) | uow.touched.get("adjudication", set())
    if chains:
        decide(uow, {ChainKey(key) for key in chains})


def decide(uow: UnitOfWork, chains: Collection[ChainKey] | None) -> None:
    """Decides about these chains, or all that are seen, as far as the answer is not there yet.

    Ten thousand chains take about a second.
    """
    read, quiet = Reader(uow.conn), uow.unrecorded()
    stage = DecideStage(policy=read.policy())
    fingerprint = fingerprint_of(stage, None)
    items = {item.content: item for item in decide_items(read, chains)}
    there = noted(quiet, stage.name, fingerprint, items)
    done = [key for key, (_, status) in there.items() if status is WorkStatus.DONE]
    for key in there.keys() - done:
        quiet.drop(schema.work, (there[key][0],))
    new = with_rollouts(read, (item for key, item in items.items() if key not in done))
    if revive(quiet, stage.name, fingerprint, done) or new:
        _write(quiet, stage, fingerprint, _run(quiet, stage, fingerprint, int(read.fact("seed") or 0)), new)


def _write(uow: UnitOfWork, stage: DecideStage, fingerprint: str, run_id: RunId, items: list[DecideItem]) -> None:
    if not items:
        return
    subjects = [(item.content, item.chain.key) for item in items]
    numbers = write_done(uow, stage=stage.name, fingerprint=fingerprint, run_id=run_id, items=subjects)
    verdicts: list[Row] = []
    difficulties: list[Row] = []
    for number, item in zip(numbers, items, strict=True):
        for decision in stage.decide(item):
            if isinstance(decision, Verdict):
                verdicts.append(verdict_row(number, decision))
            else:
                difficulties.append(difficulty_row(number, decision))
    uow.put_new(schema.verdict, verdicts)
    uow.put_new(schema.difficulty, difficulties)


def _run(uow: UnitOfWork, stage: DecideStage, fingerprint: str, seed: int) -> RunId:
    newest = newest_run(uow, stage.name)
    if newest is not None and newest[1] == fingerprint:
        return newest[0]
    run_id = start_run(
        uow,
        stage=stage.name,
        stage_version=stage.version,
        fingerprint=fingerprint,
        options=stage.options,
        backend=None,
        seed=seed,
    )
    end_run(uow, run_id, RunOutcome.FINISHED)
    return run_id
