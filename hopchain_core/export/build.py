"""From a chain and what was said of it to a record."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from hopchain_core import __version__
from hopchain_core.domain.chains import Chain, Hop, kinds_of
from hopchain_core.domain.findings import Severity
from hopchain_core.domain.images import Image
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.provenance import Run
from hopchain_core.domain.review import Verdict, VerdictOutcome
from hopchain_core.export.admission import Candidate, Variant
from hopchain_core.export.record import Record
from hopchain_core.export.references import ids_of, instances_shown, operation_in_record, reference_in_record

PROGRAM = f"hopchain-studio {__version__}"
LABEL_DIFFERS = "label-differs"
"""Code of the one remark that the export itself makes."""
VALIDATION_PERCENT = 5
"""Share of split groups that go to validation; chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedPicture:
    """A picture as it lies in the export.

    Attributes:
        file: Path from the export's folder.
        sha256: Of the bytes there.
        size_bytes: Of the file.
    """

    file: str
    sha256: str
    size_bytes: int


def split_of(image: Image) -> str:
    """``train`` or ``validation``, by a hash of the split group: it stays the same as the project grows."""
    group = image.split_group or image.key
    bucket = int.from_bytes(hashlib.sha256(f"split/1:{group}".encode()).digest()[:8], "big") % 100
    return "validation" if bucket < VALIDATION_PERCENT else "train"


def record_id(candidate: Candidate, variant: Variant) -> str:
    """The chain's key, with the variant's name where it is not the whole chain."""
    key = candidate.chain.key
    return key if variant is Variant.FULL else f"{key}-{variant.value}"


def build_record(
    candidate: Candidate, asked: Chain, variant: Variant, picture: ExportedPicture, run: Run | None
) -> Record:
    """The record of an admitted chain.

    Args:
        candidate: The chain as it stands in the project; its verdict has a label.
        asked: The chain as it is asked: the same, or the shortened one of a variant.
        variant: Which of them.
        picture: Where the picture lies in the export.
        run: The run that composed it; None for a person's.

    Raises:
        ValueError: The verdict has no label.
        pydantic.ValidationError: The chain holds something that a record cannot say.
    """
    verdict = candidate.verdict
    if verdict is None or verdict.label is None:
        raise ValueError("only a chain with a label becomes a record")
    image = candidate.image
    shown = instances_shown(candidate.chain, candidate.instances)
    ids = ids_of(shown)
    return Record.model_validate(
        {
            "schema": "hopchain/1",
            "id": record_id(candidate, variant),
            "images": [
                {
                    "file": picture.file,
                    "sha256": picture.sha256,
                    "width": image.width_px,
                    "height": image.height_px,
                }
            ],
            "question": asked.question,
            "answer": verdict.label.text,
            "answer_type": verdict.label.type.value,
            "hops": [_hop(hop, asked, ids) for hop in asked.hops],
            "instances": sorted((_instance(i, ids[i.key], image) for i in shown), key=_instance_order),
            "composer": asked.composer.value,
            "agreement": _agreement(verdict),
            "difficulty": _difficulty(candidate) if variant is Variant.FULL else None,
            "tried": _tried(candidate) if variant is Variant.FULL else None,
            "findings": _findings(candidate, dropped=len(candidate.chain.hops) - len(asked.hops)),
            "provenance": {
                "chain": candidate.chain.key,
                "version": candidate.chain.version,
                "variant": variant.value,
                "chosen": [ids[k] for k in candidate.chain.instances],
                "instances_from": sorted({i.origin.value for i in shown}),
                "source_sha256": [image.key],
                "sources": [image.source] if image.source else [],
                "composer": _made_by(run),
                "solver": _made_by(candidate.solver) if variant is Variant.FULL and candidate.difficulty else None,
                "program": PROGRAM,
            },
            "licence": image.licence,
            "split": split_of(image),
        }
    )


def _hop(hop: Hop, chain: Chain, ids: dict[InstanceKey, str]) -> dict[str, Any]:
    return {
        "index": hop.index,
        "level": None if hop.level is None else int(hop.level),
        "kinds": sorted(k.value for k in kinds_of(hop, chain)),
        "sub_question": hop.sub_question,
        "needs": list(hop.needs),
        "uses": [reference_in_record(r, ids) for r in hop.uses],
        "establishes": [reference_in_record(r, ids) for r in hop.establishes],
        "output": hop.output,
        "operation": None if hop.operation is None else operation_in_record(hop.operation, ids),
    }


def _instance(instance: Instance, name: str, image: Image) -> dict[str, Any]:
    box = instance.box.clipped(image.width_px, image.height_px)
    return {
        "id": name,
        "category": instance.category,
        "box": [round(v, 3) for v in box.as_tuple()],
        "box_1000": list(box.scaled_1000(image.width_px, image.height_px)),
        "rle": instance.mask
        and {"size": [instance.mask.height_px, instance.mask.width_px], "counts": instance.mask.counts},
        "attributes": {a.name.value: a.value for a in instance.attributes},
    }


def _instance_order(instance: dict[str, Any]) -> tuple[str, int]:
    name, _, number = instance["id"].rpartition("-")
    return name, int(number)


_AGREEMENT_KINDS = {
    VerdictOutcome.BY_CONSTRUCTION: "by_construction",
    VerdictOutcome.ADJUDICATED: "adjudicated",
}


def _agreement(verdict: Verdict) -> dict[str, Any]:
    return {
        "kind": _AGREEMENT_KINDS.get(verdict.outcome, "people"),
        "people": sum(people for _, people in verdict.votes),
        "votes": dict(verdict.votes),
        "policy": verdict.policy,
    }


def _difficulty(candidate: Candidate) -> dict[str, Any] | None:
    difficulty = candidate.difficulty
    if difficulty is None or not difficulty.is_rate:
        return None
    return {
        "n": difficulty.n,
        "correct": difficulty.n_correct,
        "interval": [round(v, 4) for v in difficulty.interval],
        "interval_by": candidate.interval.value,
        "model": difficulty.model,
        "simulated": difficulty.is_simulated,
    }


def _tried(candidate: Candidate) -> dict[str, Any] | None:
    difficulty = candidate.difficulty
    if difficulty is None or not difficulty.is_until_decided or difficulty.n == 0:
        return None
    return {
        "at_least_wrong": difficulty.n_wrong,
        "of": difficulty.n,
        "model": difficulty.model,
        "simulated": difficulty.is_simulated,
    }


def _findings(candidate: Candidate, dropped: int) -> list[dict[str, Any]]:
    """What rules remarked, and that people found another number than the composer.

    In a shortened chain the steps count from its own first one.
    """
    found = [
        {
            "rule": f.rule,
            "severity": f.severity.value,
            "hop": None if f.hop is None else f.hop - dropped,
            "message": f.message,
            "evidence": f.evidence,
        }
        for f in sorted(candidate.findings, key=lambda f: (f.rule, f.hop or 0, f.message))
        if f.severity is not Severity.ERROR and (f.hop is None or f.hop > dropped)
    ]
    verdict = candidate.verdict
    label = verdict.label if verdict is not None else None
    proposed = candidate.chain.answer
    if verdict is not None and label is not None and label.value != proposed.value:
        is_one = verdict.outcome is VerdictOutcome.ADJUDICATED
        who = "An adjudicator decided on" if is_one else "People agreed on"
        found.append(
            {
                "rule": LABEL_DIFFERS,
                "severity": Severity.WARNING.value,
                "hop": None,
                "message": f"{who} {label}; the composer proposed {proposed}, and so do the steps.",
                "evidence": {"label": label.text, "proposed": proposed.text},
            }
        )
    return found


def _made_by(run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "stage_version": run.stage_version,
        "fingerprint": run.fingerprint,
        "options": run.options,
        "backend": None if run.backend is None else run.backend.to_json(),
        "prompt_hash": run.prompt_hash,
        "seed": run.seed,
    }
