"""Chains that two solvers tried, written row by row, with everything about them at hand to count by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.domain.review import Verdict, VerdictOutcome
from hopchain_core.domain.rollouts import Difficulty, ErrorKind, FinishReason, HopTrace, Rollout
from hopchain_core.domain.statistics import wilson_interval
from hopchain_core.store import rows_chains, rows_runs, rows_sources
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.reads_difficulty import Solver
from hopchain_core.store.unit_of_work import UnitOfWork
from tests.core.store.samples import chain, image, instance, work

WEAK, OTHER = Solver("weak", False), Solver("other", True)
FINGERPRINTS = {WEAK: "weak-prints", OTHER: "other-prints"}


@dataclass
class Tried:
    """What was written."""

    chains: list[Chain] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    rollouts: dict[ChainKey, list[Rollout]] = field(default_factory=dict)


def attempt(of: Chain, index: int, answer: str | None, *, cut: bool = False, tokens: int | None = None) -> Rollout:
    """One attempt; wrong ones go wrong first at hop `index % 3 + 1` and know their kind."""
    given = Answer.of(answer) if answer is not None else None
    is_right = given == of.answer and not cut
    trace = () if is_right else (HopTrace(hop=index % 3 + 1, output="?", is_correct=False),)
    return Rollout(
        chain=of.key,
        index=index,
        text=f"I count {index} … so it is {answer}",
        answer=given,
        is_correct=given == of.answer,
        finish_reason=FinishReason.LENGTH if cut else FinishReason.STOP,
        tokens=100 + 60 * index if tokens is None else tokens,
        error_kind=None if is_right else ErrorKind.PERCEPTION,
        trace=trace,
    )


def solve(
    uow: UnitOfWork, solver: Solver, of: Chain, rollouts: list[Rollout], *, until: bool = False, is_kept: bool = True
) -> None:
    """Writes rollouts and what follows from them, as the stages would."""
    spec = BackendSpec(role="solver", name=solver.model, model=solver.model, is_simulated=solver.is_simulated)
    fingerprint = FINGERPRINTS[solver]
    run = rows_runs.start_run(uow, stage="solve", stage_version=1, fingerprint=fingerprint, options={}, backend=spec)
    rows_chains.write_rollouts(uow, run, fingerprint, rollouts)
    work(uow, "solve", of.key, fingerprint)
    decided = work(uow, "decide", of.key, f"decide-{solver.model}")
    right = sum(r.is_correct and r.finish_reason is FinishReason.STOP for r in rollouts)
    rows_chains.write_difficulty(
        uow,
        decided,
        Difficulty(
            chain=of.key,
            n=len(rollouts),
            n_correct=right,
            interval=wilson_interval(right, len(rollouts)),
            model=solver.model,
            is_simulated=solver.is_simulated,
            is_kept=is_kept,
            is_until_decided=until,
        ),
    )


def fill(project: ProjectFile) -> Tried:
    """Four chains over two pictures: 0 of 4, 2 of 4, 4 of 4 and dropped, and one tried until decided."""
    tried = Tried()

    def write(uow: UnitOfWork) -> None:
        for n, name in enumerate("ab"):
            picture = image(name)
            rows_sources.write_image(uow, picture)
            seen = [instance(picture, 0), instance(picture, 2.5, "clock"), instance(picture, 4, "dog")]
            rows_sources.write_instances(uow, work(uow, "segment", picture.key), seen)
            composed = work(uow, "compose", picture.key)
            for k in range(2):
                made = chain(
                    picture, f"How many {['cups', 'clocks', 'dogs', 'hats'][2 * n + k]}?", answer=Answer.of(5 + k)
                )
                tried.numbers += rows_chains.write_chains(uow, composed, [made])
                tried.chains.append(made)
                work(uow, "audit", made.key)
        never, half, always, until = tried.chains
        solve(uow, OTHER, half, [attempt(half, n, "6") for n in range(2)])
        made = {
            never.key: [attempt(never, 0, "1"), attempt(never, 1, None), attempt(never, 2, "5", cut=True), attempt(never, 3, "9")],
            half.key: [attempt(half, n, "6" if n % 2 else "7") for n in range(4)],
            always.key: [attempt(always, n, "5") for n in range(4)],
            until.key: [attempt(until, 0, "1")],
        }  # fmt: skip
        for one in (never, half):
            solve(uow, WEAK, one, made[one.key])
        solve(uow, WEAK, always, made[always.key], is_kept=False)
        solve(uow, WEAK, until, made[until.key], until=True)
        tried.rollouts = made

    project.writer.submit(write).result()
    return tried


def agree_on(project: ProjectFile, of: Chain, label: str) -> None:
    """People agreed on another number than the chain's own."""

    def write(uow: UnitOfWork) -> None:
        verdict = Verdict(
            chain=of.key,
            outcome=VerdictOutcome.AGREED,
            label=Answer.of(label),
            votes=((label, 4),),
            policy="unanimous-4/1",
        )
        rows_chains.write_verdict(uow, work(uow, "decide", of.key, "decide-people"), verdict)

    project.writer.submit(write).result()
