"""Where each stage stands, and what a run with given options would do, without doing anything."""

from __future__ import annotations

from collections.abc import Iterable, Set
from contextlib import suppress
from dataclasses import dataclass, field

from hopchain_core.backends import registry
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.errors import KnownError, PrerequisiteError
from hopchain_core.jobs.owed import Survey, survey
from hopchain_core.jobs.terms import fingerprint_of, terms_of
from hopchain_core.pipeline.options import RunOptions
from hopchain_core.pipeline.order import MAKES_CHAINS, check_backends, in_order, make_stage
from hopchain_core.store.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStanding:
    """Where one stage stands under given options.

    Attributes:
        backend: Which backend it would run with; empty for a stage that needs none.
        model: As records name it.
        is_simulated: That backend makes its replies up.
        owed: Items a run would work on.
        done: Items wanted, done, and counting.
        revived: Items whose earlier results would count again at no cost.
        failed: Items that failed and would not be tried again.
        is_certain: False when an earlier stage owes something, so that more may come.
        missing: What the backend lacks, so that it cannot run here; empty when nothing is known to be missing.
        fingerprint: Under which it would run.
        failing: Item keys of those that failed: exactly what a retry would try.
    """

    stage: str
    backend: str
    model: str
    is_simulated: bool
    owed: int
    done: int
    revived: int
    failed: int
    is_certain: bool
    missing: str = ""
    fingerprint: str = ""
    failing: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run would do.

    Attributes:
        stages: In the order of the flow.
        answers_at_risk: Answers of people to chains of pictures whose chains would be made anew. Those to a chain that
            comes out the same still count.
    """

    stages: tuple[StageStanding, ...]
    answers_at_risk: int


def plan(read: Reader, seed: int, names: Iterable[str] | None, options: RunOptions) -> Plan:
    """What running these stages with these options would do.

    Raises:
        InputError: There is no such stage or backend, or an option is wrong.
    """
    stages = in_order(names)
    with suppress(PrerequisiteError):
        check_backends(stages, options)
    standings, replaced = _standings(read, seed, stages, options)
    return Plan(stages=standings, answers_at_risk=_answers(read, replaced))


def standings(read: Reader, seed: int, options: RunOptions) -> tuple[StageStanding, ...]:
    """Where every stage stands under these options."""
    return _standings(read, seed, in_order(), options)[0]


def _standings(
    read: Reader, seed: int, names: tuple[str, ...], options: RunOptions
) -> tuple[tuple[StageStanding, ...], Set[ImageKey]]:
    terms = terms_of(read, seed)
    found: list[StageStanding] = []
    replaced: set[ImageKey] = set()
    is_certain = True
    for name in names:
        stage = make_stage(name, options, terms)
        spec, missing = _spec(read, name, stage.role, options)
        owed = survey(
            read,
            stage,
            fingerprint_of(stage, spec),
            retry_failed=options.retry_failed,
            limit=options.limit,
            only=options.only,
        )
        found.append(_standing(name, spec, missing, owed, is_certain))
        is_certain = is_certain and not owed.owed and not owed.revived
        if name in MAKES_CHAINS:
            replaced.update(wanted.image for wanted in (*owed.owed, *owed.revived))
    return tuple(found), replaced


def _standing(name: str, spec: BackendSpec | None, missing: str, owed: Survey, is_certain: bool) -> StageStanding:
    return StageStanding(
        stage=name,
        backend=spec.name if spec else "",
        model=spec.model if spec else "",
        is_simulated=spec is not None and spec.is_simulated,
        owed=len(owed.owed),
        done=owed.done,
        revived=len(owed.revived),
        failed=owed.failed,
        is_certain=is_certain,
        missing=missing,
        fingerprint=owed.fingerprint,
        failing=owed.failing,
    )


def _spec(read: Reader, stage: str, role: str | None, options: RunOptions) -> tuple[BackendSpec | None, str]:
    """The backend's spec; where it cannot be made here, that of the stage's last run with it."""
    if role is None:
        return None, ""
    chosen = options.choice(role)
    try:
        return registry.create(role, chosen.name, chosen.options).spec, ""
    except KnownError as error:
        for run in reversed(read.runs()):
            if run.stage == stage and run.backend is not None and run.backend.name == chosen.name:
                return run.backend, error.line
        return BackendSpec(role=role, name=chosen.name), error.line


def _answers(read: Reader, images: Set[ImageKey]) -> int:
    return sum(len(read.annotations(stored.chain.key)) for image in images for stored in read.chains(image))
