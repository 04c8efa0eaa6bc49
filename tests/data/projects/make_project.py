"""Makes the golden project of the current schema: `python tests/data/projects/make_project.py NAME.hopchain`.

Run once when a schema is released; the file is kept as it is from then on.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain, Composer
from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.images import Category, Quality, Rating, SourceObject
from hopchain_core.domain.instances import Origin
from hopchain_core.domain.probes import Probe, ProbeReply, ProbeResult, Trial, TrialKind
from hopchain_core.domain.provenance import BackendSpec, RunOutcome, WorkStatus
from hopchain_core.domain.review import (
    Adjudication,
    AdjudicationKind,
    AmbiguityReason,
    Annotation,
    Mark,
    MarkKind,
    Outcome,
    Verdict,
    VerdictOutcome,
)
from hopchain_core.domain.rollout_errors import ErrorSubkind, RolloutError, RolloutName
from hopchain_core.domain.rollouts import Difficulty, ErrorKind
from hopchain_core.domain.rounds import Gold, Round, RoundKind
from hopchain_core.domain.rounds_plan import RoundPlan
from hopchain_core.edits_rollouts import judge_rollout
from hopchain_core.store import rows_chains, rows_people, rows_probes, rows_runs, rows_sources
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.unit_of_work import UnitOfWork
from tests.core.store.samples import chain, image, instance, rollout, work

IMAGES = tuple(image(name, licence="CC0", source="made up", split_group="g") for name in "abc")


@dataclass(frozen=True)
class Tie:
    """A draft that was not kept."""

    reason: str = "tie"
    detail: str = "two cups are equally far left"


def write_all(uow: UnitOfWork) -> tuple[Chain, ...]:
    """At least one row of every table that stages write; returns the chains."""
    spec = BackendSpec(role="composer", name="program", options={"wanted": 3}, prompt_hash="h")
    first = rows_runs.start_run(
        uow, stage="ingest", stage_version=1, fingerprint="i", options={}, backend=spec, seed=11
    )
    for made in IMAGES:
        rows_sources.write_image(uow, made)
    rows_sources.write_refused_file(uow, "pictures/broken.jpg", "truncated", "The file ends in the middle.")
    rows_runs.end_run(uow, first, RunOutcome.FINISHED)
    box = Box(0, 0, 2, 2)
    told = SourceObject(source_id="7", category="cup", box=box, mask=None, is_crowd=True)
    rows_sources.write_source_objects(uow, IMAGES[0].key, [told])
    named = work(uow, "categorize", IMAGES[0].key)
    rows_sources.write_categories(uow, named, IMAGES[0].key, [Category(name="cup", estimated_count=2)])
    rows_sources.write_rating(uow, named, IMAGES[0].key, Rating(complexity=6, quality=Quality.HIGH))
    chains = []
    for position, made in enumerate(IMAGES):
        found = [instance(made, 0), instance(made, 2.5, "clock", mask=None, score=None)]
        rows_sources.write_instances(uow, work(uow, "segment", made.key), found)
        written = chain(made, f"How many cups stand in picture {position}?", tuple(i.key for i in found))
        composed = work(uow, "compose", made.key)
        rows_chains.write_chains(uow, composed, [written])
        if position == 0:
            rows_runs.write_refusals(uow, composed, [Tie()])
        chains.append(written)
    work(uow, "compose", "d" * 64, status=WorkStatus.FAILED)
    for position, written in enumerate(chains):
        severity = Severity.ERROR if position == 1 else Severity.NOTE
        finding = Finding(rule="leak", severity=severity, hop=1, message="It says so.", evidence={"word": "cup"})
        rows_chains.write_findings(uow, work(uow, "audit", written.key), written.key, [finding])
    key = chains[0].key
    reply = ProbeReply(text="Three, perhaps.", answer="3", is_right=False)
    asked = Trial(kind=TrialKind.BLIND, hop=None, asked="How many?", expected="2.5", replies=(reply,))
    rows_probes.write_probe_result(
        uow, work(uow, "probe-blind", key), ProbeResult(chain=key, probe=Probe.BLIND, trials=(asked,))
    )
    solver = BackendSpec(role="solver", name="m", model="m", is_simulated=True, options={})
    tried = rows_runs.start_run(
        uow, stage="solve", stage_version=1, fingerprint="f1", options={}, backend=solver, seed=11
    )
    rows_chains.write_rollouts(uow, tried, "f1", [rollout(key, index, is_correct=index != 1) for index in range(3)])
    work(uow, "solve", key)
    decided = work(uow, "decide", key)
    label = Answer.of("2.5")
    rows_chains.write_verdict(
        uow,
        decided,
        Verdict(chain=key, outcome=VerdictOutcome.AGREED, label=label, votes=(("2.5", 4),), policy="unanimous-4/1"),
    )
    rows_chains.write_difficulty(
        uow,
        decided,
        Difficulty(chain=key, n=3, n_correct=2, interval=(0.2, 0.9), model="m", is_simulated=True, is_kept=True),
    )
    return tuple(chains)


def ask(project: ProjectFile, chains: tuple[Chain, ...]) -> None:
    """A round with gold and an answer in it, a draft, and a decision of an adjudicator."""
    gold, asked = chains[1].key, chains[2].key
    project.edit("Gold", lambda uow: rows_people.write_gold(uow, Gold(chain=gold, answer=Answer.of(2), note="sure")))
    opened = Round(
        id=0, kind=RoundKind.MAIN, opened_at="2026-11-21T10:00:00.000+00:00", closed_at=None, seed=11, per_chain=None,
        gold_share=0.5, pass_mark=0.8,
    )  # fmt: skip
    plan = RoundPlan(assignments={"ann": (asked, gold), "bob": (gold, asked)}, gold=frozenset({gold}))
    number = project.edit("Open round", lambda uow: rows_people.write_round(uow, opened, plan))
    unclear = Annotation(
        chain=asked, annotator="ann", outcome=Outcome.AMBIGUOUS, answer=None, reason=AmbiguityReason.COUNT, round=number,
        source="packet-1", note="hidden by the tree", answered_at="2026-11-21T11:00:00.000+00:00",
    )  # fmt: skip
    project.edit("Answer of ann", lambda uow: rows_chains.write_annotation(uow, unclear))
    project.writer.submit(
        lambda uow: rows_people.write_draft(uow, "bob", gold, text="1", note="", active_seconds=4.5, skips=1)
    ).result()
    decided = Adjudication(
        chain=asked, kind=AdjudicationKind.LABEL, label=Answer.of(3), adjudicator="eve", reason="three in the shade"
    )
    project.edit("Adjudicate", lambda uow: rows_people.write_adjudication(uow, decided))


def main(path: Path) -> None:
    """Writes the project."""
    with ProjectFile.create(path, seed=11) as project:
        chains = project.writer.submit(write_all).result()
        removed = instance(IMAGES[2], 2.5, "clock", mask=None, score=None)
        project.edit(
            "Delete a clock",
            lambda uow: rows_sources.write_instances(
                uow,
                None,
                [instance(IMAGES[2], 2.5, "clock", origin=Origin.PERSON, supersedes=removed.key, is_removed=True)],
            ),
        )
        corrected = chains[2].next_version(question="How many cups are there?", composer=Composer.PERSON)
        project.edit("Correct", lambda uow: rows_chains.write_chains(uow, None, [corrected]))
        for name in ("ann", "bob", "cem", "dora"):
            answer = Annotation(
                chain=chains[0].key, annotator=name, outcome=Outcome.ANSWERED, answer=Answer.of("2.5"), active_seconds=8
            )
            project.edit("Answer", lambda uow, answer=answer: rows_chains.write_annotation(uow, answer))  # type: ignore[misc]
        ask(project, chains)
        seen = RolloutError(
            rollout=RolloutName(chain=chains[0].key, fingerprint="f1", index=1),
            kind=ErrorKind.PERCEPTION,
            subkind=ErrorSubkind.COUNTING,
            judged_by="eve",
        )
        project.edit("Error kind of rollout 2", lambda uow: judge_rollout(uow, seen))
        mark = Mark(chain=corrected.key, kind=MarkKind.REJECT, reason="dull")
        project.edit("Reject", lambda uow: rows_chains.write_mark(uow, mark))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
