"""What the pipeline is told of the project at one moment; read in a thread, shown in the window's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from app.models.stage_rows import Intake, People
from app.models.stage_settings import profile_of
from hopchain_core.domain.policy import Policy
from hopchain_core.domain.provenance import Run
from hopchain_core.domain.status import ChainStatus
from hopchain_core.errors import KnownError
from hopchain_core.models import Profile, profiles, trouble
from hopchain_core.project import ORDER, ROLES, FailingItem, Plan, Project, Reader, RunOptions

FAILURES_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Overview:
    """What was read of the project at one moment.

    Attributes:
        failing: How many items failed that a retry would try, by stage.
        failures: The newest of them.
        set_aside: Items that failed when their stages ran last, and that no retry would try: under settings that are
            not in force, or before something changed that the stage goes by.
        troubles: Why the model of a stage cannot be used, by stage.
    """

    plan: Plan | None
    options: RunOptions
    policy: Policy
    people: People
    failing: dict[str, int]
    failures: tuple[FailingItem, ...]
    runs: tuple[Run, ...]
    images: int
    chains: int
    problem: str = ""
    intake: Intake = field(default_factory=Intake)
    profiles: tuple[Profile, ...] = ()
    troubles: dict[str, str] = field(default_factory=dict)
    set_aside: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What other settings would do.

    Attributes:
        now: Where stages stand under the settings in force.
        then: Where they would stand.
        problem: Why these settings cannot be used; `then` is `now` in that case.
    """

    now: Plan
    then: Plan
    problem: str = ""


def read_overview(project: Project, stage: str | None) -> Overview:
    """Where everything stands, with the failures of one stage or of all."""
    options, policy = project.last_options(), project.policy()
    plan, problem = None, ""
    try:
        plan = project.plan(None, options)
    except KnownError as error:
        problem = error.line
    found, troubles = _models(options)
    with project.read() as read:
        statuses = read.status_counts()
        failing, failures, set_aside = _failures(read, plan, stage)
        return Overview(
            plan=plan,
            options=options,
            policy=policy,
            people=_people(read, statuses, policy),
            failing=failing,
            failures=failures,
            runs=read.runs(),
            images=read.image_count(),
            intake=_intake(read),
            chains=sum(statuses.values()),
            problem=problem,
            profiles=found,
            troubles=troubles,
            set_aside=set_aside,
        )


def _failures(
    read: Reader, plan: Plan | None, stage: str | None
) -> tuple[dict[str, int], tuple[FailingItem, ...], int]:
    """What a retry would try, by stage; the newest of it, of one stage or all; and how much else failed last."""
    last = read.failing_counts()
    if plan is None:
        return last, read.failing(stage, limit=FAILURES_SHOWN), 0
    standings = {standing.stage: standing for standing in plan.stages}
    # Probes are no stage of the plan: theirs count as they were made last.
    failing = {name: count for name, count in last.items() if name not in standings}
    failing.update({name: len(standing.failing) for name, standing in standings.items() if standing.failing})
    if stage is not None and stage not in standings:
        failures = read.failing(stage, limit=FAILURES_SHOWN)
    else:
        items = [
            (name, standing.fingerprint, key)
            for name, standing in standings.items()
            if stage in (None, name)
            for key in standing.failing
        ]
        failures = read.failed_of(items, limit=FAILURES_SHOWN)
        if stage is None:
            others = [item for name in last if name not in standings for item in read.failing(name, FAILURES_SHOWN)]
            failures = tuple(sorted((*failures, *others), key=lambda item: -item.work_id))[:FAILURES_SHOWN]
    set_aside = sum(
        count - (len(standings[name].failing) if read.current_fingerprint(name) == standings[name].fingerprint else 0)
        for name, count in last.items()
        if name in standings
    )
    return failing, failures, max(0, set_aside)


def _models(options: RunOptions) -> tuple[tuple[Profile, ...], dict[str, str]]:
    try:
        found = profiles()
    except KnownError as error:
        return (), {stage: error.line for stage in ORDER if profile_of(options, stage)}
    troubles = {}
    for stage in ORDER:
        name, role = profile_of(options, stage), ROLES.get(stage)
        if name and role is not None and (text := trouble(name, role, found)):
            troubles[stage] = text
    return found, troubles


def _intake(read: Reader) -> Intake:
    refused = Counter(file.reason for file in read.refused_files())
    return Intake(taken=read.image_count(), refused=refused.total(), reasons=tuple(refused.most_common(3)))


def _people(read: Reader, statuses: dict[ChainStatus, int], policy: Policy) -> People:
    return People(
        awaiting=statuses[ChainStatus.AWAITING],
        decided=statuses[ChainStatus.VERIFIED] + statuses[ChainStatus.DISPUTED],
        answers=read.answer_count(),
        wanted_each=policy.people,
    )


def read_preview(project: Project, options: RunOptions) -> Preview:
    """What these options would do."""
    now = project.plan(None, project.last_options())
    try:
        return Preview(now, project.plan(None, options))
    except KnownError as error:
        return Preview(now, now, error.line)
