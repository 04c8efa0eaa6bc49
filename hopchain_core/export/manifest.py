"""What an export says of itself: counts, hashes, policy, and every chain left out with its reason."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hopchain_core.export.admission import WHAT_TO_DO, Reason, Terms
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
        agreement: Krippendorff's alpha with its interval, over the project; None where nobody answered.
    """

    name: str
    uuid: str
    seed: int
    policy: dict[str, Any] | None
    images: int
    instances: int
    drafts_refused: dict[str, int]
    stages: tuple[dict[str, Any], ...]
    agreement: dict[str, Any] | None = None


@dataclass(slots=True)
class Tally:
    """Counts what is written and what is left out, as the export goes along."""

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
    reasons: Counter[str] = field(default_factory=Counter)
    pictures: int = 0
    sources: Counter[str] = field(default_factory=Counter)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON that `from_json` reads."""
        return {
            **{f.name: getattr(self, f.name) for f in fields(self)},
            "by": {name: dict(counter) for name, counter in self.by.items()},
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Tally:
        """The tally that `to_json` gave."""
        counters = {name: Counter(data[name]) for name in ("reasons", "sources")}
        by = {name: Counter(counts) for name, counts in data["by"].items()}
        return cls(**{**data, **counters, "by": by})

    def refuse(self, reason: Reason) -> None:
        """Counts a chain that is left out."""
        self.reasons[reason.value] += 1

    def take_picture(self, licence: str, source: str) -> None:
        """Counts a picture that was written."""
        self.pictures += 1
        self.sources[json.dumps([_source_name(source), licence], ensure_ascii=False)] += 1

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
        return {reason: self.reasons[reason.value] for reason in Reason if self.reasons[reason.value]}

    def funnel(self) -> list[dict[str, Any]]:
        """Chains left after each reason, in the order in which reasons apply."""
        left = self.chains
        steps: list[dict[str, Any]] = [{"after": "chains", "left": left}]
        for reason, n in self.refusals().items():
            left -= n
            steps.append({"after": reason.value, "left": left})
        return steps


def write_manifest(
    path: Path,
    project: ProjectFacts,
    terms: Terms,
    tally: Tally,
    *,
    left_out: Iterable[str],
    files: Iterable[ExportedFile],
    began: str,
) -> None:
    """Writes the manifest; its two long lists go to the file line by line.

    Args:
        path: The file.
        project: What is said of the project.
        terms: What was asked.
        tally: What was written and left out.
        left_out: What is left out, each a JSON object of one line.
        files: All files of the export but the manifest.
        began: When the export began, in ISO 8601.
    """
    named = sorted(
        _json({"path": f.path, "sha256": f.sha256, "bytes": f.size_bytes}) for f in files
    )  # each begins with its path
    head = json.dumps(_head(project, terms, tally, began), indent=2, ensure_ascii=False)
    with path.open("w", encoding="utf-8") as stream:
        stream.write(head.removesuffix("\n}"))
        for name, lines in (("left_out", left_out), ("files", named)):
            stream.write(f',\n  "{name}": [')
            before = "\n    "
            for line in lines:
                stream.write(before + line)
                before = ",\n    "
            stream.write("]" if before == "\n    " else "\n  ]")
        stream.write("\n}\n")


def _source_name(source: str) -> str:
    """The site of an address, or the word before a colon: what pictures from one place share."""
    return urlsplit(source).netloc or source.partition(":")[0]


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)


def _head(project: ProjectFacts, terms: Terms, tally: Tally, began: str) -> dict[str, Any]:
    return {
        "format": MANIFEST_FORMAT,
        "record_schema": RECORD_SCHEMA,
        "program": PROGRAM,
        "exported_at": began,
        "project": {"name": project.name, "uuid": project.uuid, "seed": project.seed},
        "terms": {**asdict(terms), "without": Path(terms.without).name},
        "policy": project.policy,
        "agreement": project.agreement,
        "stages": list(project.stages),
        "notices": notices(tally),
        "counts": {
            "images_in_project": project.images,
            "instances_in_project": project.instances,
            "images": tally.pictures,
            "chains": tally.chains,
            "records": tally.records,
            "left_out": tally.reasons.total(),
            "without_difficulty": tally.without_difficulty,
            "simulated_difficulty": tally.simulated_difficulty,
            "tried_until_decided": tally.tried_until_decided,
            **{f"by_{name}": dict(sorted(counter.items(), key=_by_number)) for name, counter in tally.by.items()},
        },
        "picture_sources": sources_of(tally),
        "funnel": tally.funnel(),
        "drafts_refused": project.drafts_refused,
        "left_out_by_reason": {r.value: {"chains": n, "means": WHAT_TO_DO[r]} for r, n in tally.refusals().items()},
    }


def sources_of(tally: Tally) -> list[dict[str, Any]]:
    """Pictures written by where they came from and under which licence, most first."""
    return [
        {"source": source, "licence": licence, "pictures": n}
        for (source, licence), n in sorted(
            ((tuple(json.loads(name)), n) for name, n in tally.sources.items()), key=lambda item: (-item[1], item[0])
        )
    ]


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
