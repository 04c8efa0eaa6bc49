"""How much a project holds and where everything stands, for people and for the manifest of an export."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from hopchain_core.domain.agreement_report import agreement_report
from hopchain_core.domain.status import ChainStatus
from hopchain_core.export.manifest import ProjectFacts
from hopchain_core.jobs.standing import StageStanding, standings
from hopchain_core.jobs.terms import policy_of
from hopchain_core.pipeline.options import RunOptions
from hopchain_core.pipeline.order import ORDER
from hopchain_core.store.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectStatus:
    """Where a project stands.

    Attributes:
        images: Pictures in it.
        instances: Instances seen in them.
        chains: Chains seen, by where they stand; every status is named.
        refused_files: Files that ingest did not take.
        stages: In the order of the flow, under the options of the last run.
        is_solver_simulated: Chains were tried by a solver that makes its attempts up, so their difficulty says nothing
            about any model.
        pictures_left_out: Pictures that the model naming categories found not worth going on with, by reason.
    """

    images: int
    instances: int
    chains: dict[ChainStatus, int]
    refused_files: int
    stages: tuple[StageStanding, ...]
    is_solver_simulated: bool
    pictures_left_out: dict[str, int] = field(default_factory=dict)

    @property
    def chain_count(self) -> int:
        """All chains seen."""
        return sum(self.chains.values())

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; stages by name."""
        return {
            "images": self.images,
            "instances": self.instances,
            "chains": {status.value: count for status, count in self.chains.items()},
            "refused_files": self.refused_files,
            "pictures_left_out": self.pictures_left_out,
            "simulated": self.is_solver_simulated,
            "stages": {s.stage: {k: v for k, v in asdict(s).items() if k != "stage"} for s in self.stages},
        }


def project_status(read: Reader, seed: int, options: RunOptions) -> ProjectStatus:
    """Where the project stands under these options."""
    counts = read.counts()
    stages = standings(read, seed, options)
    return ProjectStatus(
        images=counts.images,
        instances=counts.instances,
        chains=read.status_counts(),
        refused_files=len(read.refused_files()),
        stages=stages,
        is_solver_simulated=any(s.is_simulated and s.done for s in stages),
        pictures_left_out=read.refusals("categorize", limit=0).counts,
    )


def manifest_facts(read: Reader, *, name: str, uuid: str, seed: int) -> ProjectFacts:
    """What the manifest of an export says of the project; of each stage, its newest run."""
    counts = read.counts()
    newest = {run.stage: run for run in read.runs() if run.stage in ORDER}
    answers = read.answer_rows()
    report = agreement_report(answers, read.answered_chains(), seed=seed) if answers else None
    return ProjectFacts(
        name=name,
        uuid=uuid,
        seed=seed,
        policy=policy_of(read).to_json(),
        images=counts.images,
        instances=counts.instances,
        drafts_refused=read.refusals("compose", limit=0).counts,
        stages=tuple(
            {
                "stage": run.stage,
                "version": run.stage_version,
                "fingerprint": run.fingerprint,
                "options": run.options,
                "backend": run.backend.to_json() if run.backend else None,
            }
            for run in sorted(newest.values(), key=lambda run: ORDER.index(run.stage))
        ),
        agreement=None if report is None else report.to_json()["overall"],
    )
