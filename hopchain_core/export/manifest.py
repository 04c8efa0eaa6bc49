"""What an export says of itself: counts, hashes, policy, and every chain left out with its reason."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hopchain_core.export.admission import WHAT_TO_DO, Reason, Refused, Terms
from hopchain_core.export.build import PROGRAM
from hopchain_core.export.record import RECORD_SCHEMA, Record
from hopchain_core.export.target import MANIFEST_FORMAT


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """A file of the export."""

    path: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFacts:
    """What a manifest says of the project.

    Attributes:
        name: Of its file.
        uuid: Of the project.
        seed: Of the project.
        policy: What was decided by, plain JSON; None when nothing has been decided.
        images: Pictures in it.
        instances: Instances in it.
        drafts_refused: What compose looked at and did not keep, by reason.
        stages: Those that ran, with backend and model, in order.
    """

    name: str
    uuid: str
    seed: int
    policy: dict[str, Any] | None
    images: int
    instances: int
    drafts_refused: dict[str, int]
    stages: tuple[dict[str, Any], ...]


@dataclass(slots=True)
class Tally:
    """Counts what is written and keeps what is left out, as the export goes along."""

    chains: int = 0
    records: int = 0
    without_difficulty: int = 0
    simulated_difficulty: int = 0
    tried_until_decided: int = 0
    by: dict[str, Counter[str]] = field(
        default_factory=lambda: {
            name: Counter() for name in ("split", "composer", "agreement", "answer", "hops", "licence")
        }
    )
    refused: list[Refused] = field(default_factory=list)

    def take(self, record: Record) -> None:
        """Counts a record that was written."""
        self.records += 1
        self.by["split"][record.split] += 1
        self.by["composer"][record.composer] += 1
        self.by["agreement"][record.agreement.kind] += 1
        self.by["answer"][record.answer] += 1
        self.by["hops"][str(len(record.hops))] += 1
        self.by["licence"][record.licence or "unknown"] += 1
        self.without_difficulty += record.difficulty is None and record.tried is None
        self.tried_until_decided += record.tried is not None
        made_up = record.difficulty or record.tried
        self.simulated_difficulty += made_up is not None and made_up.simulated

    def refusals(self) -> dict[Reason, int]:
        """How many chains are left out for each reason, in the order in which reasons apply."""
        counts = Counter(r.reason for r in self.refused)
        return {reason: counts[reason] for reason in Reason if counts[reason]}

    def funnel(self) -> list[dict[str, Any]]:
        """Chains left after each reason, in the order in which reasons apply."""
        left = self.chains
        steps: list[dict[str, Any]] = [{"after": "chains", "left": left}]
        for reason, n in self.refusals().items():
            left -= n
            steps.append({"after": reason.value, "left": left})
        return steps


def manifest_json(
    project: ProjectFacts, terms: Terms, tally: Tally, files: Sequence[ExportedFile], now: datetime | None = None
) -> str:
    """The manifest's text.

    Args:
        project: What is said of the project.
        terms: What was asked.
        tally: What was written and left out.
        files: All files of the export but the manifest.
        now: When; the present moment if not given.
    """
    data = {
        "format": MANIFEST_FORMAT,
        "record_schema": RECORD_SCHEMA,
        "program": PROGRAM,
        "exported_at": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
        "project": {"name": project.name, "uuid": project.uuid, "seed": project.seed},
        "terms": {**asdict(terms), "without": Path(terms.without).name},
        "policy": project.policy,
        "stages": list(project.stages),
        "notices": notices(tally),
        "counts": {
            "images_in_project": project.images,
            "instances_in_project": project.instances,
            "images": sum(f.path.startswith("images/") for f in files),
            "chains": tally.chains,
            "records": tally.records,
            "left_out": len(tally.refused),
            "without_difficulty": tally.without_difficulty,
            "simulated_difficulty": tally.simulated_difficulty,
            "tried_until_decided": tally.tried_until_decided,
            **{f"by_{name}": dict(sorted(counter.items(), key=_by_number)) for name, counter in tally.by.items()},
        },
        "funnel": tally.funnel(),
        "drafts_refused": project.drafts_refused,
        "left_out_by_reason": {r.value: {"chains": n, "means": WHAT_TO_DO[r]} for r, n in tally.refusals().items()},
        "left_out": [
            {"chain": r.chain, "number": r.number, "reason": r.reason.value, "detail": r.detail} for r in tally.refused
        ],
        "files": [
            {"path": f.path, "sha256": f.sha256, "bytes": f.size_bytes} for f in sorted(files, key=lambda f: f.path)
        ],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def notices(tally: Tally) -> list[str]:
    """What a reader of the data should know, in sentences."""
    said = []
    by_construction = tally.by["agreement"]["by_construction"]
    if by_construction:
        said.append(
            f"{by_construction} of {tally.records} answers follow by construction from annotations of the pictures; "
            "no person has answered these questions."
        )
    adjudicated = tally.by["agreement"]["adjudicated"]
    if adjudicated:
        said.append(
            f"People did not agree on {adjudicated} of {tally.records} answers: one person who saw what they said decided."
        )
    if tally.simulated_difficulty:
        said.append(
            f"The difficulty of {tally.simulated_difficulty} records is simulated: no model was asked, and it says "
            "nothing about any model."
        )
    if tally.tried_until_decided:
        said.append(
            f"{tally.tried_until_decided} records were tried only until it was sure that they are kept: they have no pass "
            "rate, and the answers counted must not be read as one."
        )
    if tally.without_difficulty:
        said.append(f"{tally.without_difficulty} records have no difficulty: no model has tried them.")
    if tally.by["licence"]["unknown"]:
        said.append(f"The licence of the pictures of {tally.by['licence']['unknown']} records is not known.")
    return said


def file_entry(path: Path, folder: Path, sha256: str) -> ExportedFile:
    """The entry of a file that lies in the export's folder."""
    return ExportedFile(path=path.relative_to(folder).as_posix(), sha256=sha256, size_bytes=path.stat().st_size)


def _by_number(item: tuple[str, int]) -> tuple[bool, float, str]:
    name = item[0]
    is_number = name.lstrip("-").replace(".", "", 1).isdigit()
    return (not is_number, float(name) if is_number else 0.0, name)
