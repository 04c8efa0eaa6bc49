"""What a card says of a data set, counted record by record."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from hopchain_core.export.admission import WHAT_TO_DO
from hopchain_core.export.manifest import ProjectFacts, Tally, notices, sources_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a card says of the project, beside what stands in the records.

    Attributes:
        images: Pictures in the project.
        instances: Objects seen in them.
        drafts_refused: Drafts the composer did not keep, by reason.
        funnel: Questions left, and why the others went, in the order in which reasons apply.
        sources: Pictures of the export by source and licence.
        agreement: Krippendorff's alpha over the project; None where nobody answered.
        policy: What was decided by; None when nothing has been decided.
        notices: What a reader of the data should know, in sentences.
    """

    images: int
    instances: int
    drafts_refused: dict[str, int]
    funnel: list[tuple[int, str]]
    sources: list[dict[str, Any]]
    agreement: dict[str, Any] | None
    policy: dict[str, Any] | None
    notices: list[str]


def told_of(project: ProjectFacts, tally: Tally) -> Told:
    """What is told of a project and an export of it."""
    left = tally.chains
    funnel = [(left, "questions composed and kept by the composer")]
    for reason, n in tally.refusals().items():
        left -= n
        funnel.append((left, f"without {n} of `{reason.value}`: {WHAT_TO_DO[reason]}"))
    return Told(
        images=project.images,
        instances=project.instances,
        drafts_refused=project.drafts_refused,
        funnel=funnel,
        sources=sources_of(tally),
        agreement=project.agreement,
        policy=project.policy,
        notices=notices(tally),
    )


@dataclass(slots=True)
class Facts:
    """Counts over the records that were written.

    Attributes:
        by: Counts by split, kind of agreement, number of steps, composer and licence.
        pictures: Hashes of the pictures.
        pass_rates: Records by tenth of the pass rate, 0 to 10; those without a rate are in `without_rate`.
        models: Models that the rates come from, with records each.
        simulated: Records whose rate is simulated.
        n_people: Records by how many people's answers were counted.
    """

    records: int = 0
    by: dict[str, Counter[str]] = field(
        default_factory=lambda: {n: Counter() for n in ("split", "agreement", "steps", "composer", "licence")}
    )
    pictures: set[str] = field(default_factory=set)
    pass_rates: Counter[int] = field(default_factory=Counter)
    without_rate: int = 0
    models: Counter[str] = field(default_factory=Counter)
    simulated: int = 0
    n_people: Counter[int] = field(default_factory=Counter)

    def take(self, record: dict[str, Any]) -> None:
        """Counts one record."""
        self.records += 1
        self.by["split"][record["split"]] += 1
        self.by["agreement"][record["agreement"]["kind"]] += 1
        self.by["steps"][str(len(record["hops"]))] += 1
        self.by["composer"][record["composer"]] += 1
        self.by["licence"][record["licence"] or "unknown"] += 1
        self.pictures.update(i["sha256"] for i in record["images"])
        self.n_people[record["agreement"]["people"]] += 1
        difficulty = record["difficulty"]
        if difficulty is None:
            self.without_rate += 1
            return
        self.pass_rates[10 * difficulty["correct"] // difficulty["n"]] += 1
        self.models[difficulty["model"]] += 1
        self.simulated += bool(difficulty["simulated"])
