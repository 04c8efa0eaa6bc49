"""One exported question: the record "hopchain/1", whose JSON schema lies beside this file.

This is the edge of the program, so the models here are pydantic's: they are what `record.schema.json` is generated
from and what every line is checked against before it is written. `docs/record.md` says in prose what each field means.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Field

RECORD_SCHEMA = "hopchain/1"

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""64 hex digits."""

InstanceId = Annotated[str, Field(pattern=r"^.+-[1-9][0-9]*$")]
"""Category and number, such as ``mug-2``: unique and stable within one record, without meaning outside it."""

Number = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]*[1-9])?$")]
"""Canonical text: no exponent, no trailing zeros after the point, no plus."""

Pixels = Annotated[float, Field(ge=0)]
Thousandths = Annotated[int, Field(ge=0, le=1000)]


class Part(BaseModel):
    """What all parts of a record share: frozen, and without fields that are not named."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RecordImage(Part):
    """A picture of the record."""

    file: str = Field(description="Path from the folder that holds records.jsonl, with forward slashes.")
    sha256: Sha256 = Field(description="Of the bytes of `file`.")
    width: int = Field(gt=0, description="Columns, in pixels.")
    height: int = Field(gt=0, description="Rows, in pixels.")


class RecordRle(Part):
    """A mask as COCO's compressed run-length code, column by column."""

    size: tuple[int, int] = Field(description="Rows and columns of the picture.")
    counts: str = Field(description="As `rleToString` of COCO's maskApi writes it.")


class RecordInstance(Part):
    """One object of the picture."""

    id: InstanceId
    category: str
    box: tuple[Pixels, Pixels, Pixels, Pixels] = Field(
        description="x0, y0, x1, y1 in pixels of the picture, half-open; x to the right, y down."
    )
    box_1000: tuple[Thousandths, Thousandths, Thousandths, Thousandths] = Field(
        description="The same in thousandths of the picture's sides, rounded."
    )
    rle: RecordRle | None = Field(description="The mask; null where only a box is known.")
    attributes: dict[str, str] = Field(description="Facts by name: colour, text, number, shape, material, …")


class InstanceRef(Part):
    """One instance."""

    instance: InstanceId


class SetRef(Part):
    """Several instances, possibly none."""

    set: tuple[InstanceId, ...]


class ValueRef(Part):
    """A number, a word or a truth value, as text."""

    value: str


Ref = Union[InstanceRef, SetRef, ValueRef]


class RecordHop(Part):
    """One step."""

    index: int = Field(ge=1, description="From 1, in the order of solving.")
    level: Literal[1, 2] | None = Field(
        description="1 looks at one object, 2 at several; null for a step that only calculates."
    )
    kinds: tuple[Literal["instance", "perception"], ...] = Field(
        description="perception: the level changes against a step it needs. instance: it goes from an instance found "
        "earlier to another one."
    )
    sub_question: str
    needs: tuple[int, ...] = Field(description="Indices of the earlier steps whose results it uses.")
    uses: tuple[Ref, ...] = Field(description="What it starts from.")
    establishes: tuple[Ref, ...] = Field(description="What it finds.")
    output: str = Field(description="Its result as a person would say it.")
    operation: dict[str, Any] | None = Field(description="The step as a typed operation (docs/programs.md), or null.")


class RecordAgreement(Part):
    """Where the answer comes from."""

    kind: Literal["people", "by_construction", "adjudicated"] = Field(
        description="people: they solved it alone and agreed on this number. by_construction: it follows from human or "
        "scene annotations and no person has answered the question. adjudicated: people did not agree, and one person "
        "who saw their answers decided on it."
    )
    people: int = Field(ge=0, description="How many people's answers were counted.")
    votes: dict[str, int] = Field(description="Answer, or outcome of those without one, to number of people.")
    policy: str = Field(description="The rule that judged the answers.")


class RecordDifficulty(Part):
    """What a weaker model made of it."""

    n: int = Field(ge=1, description="Rollouts.")
    correct: int = Field(ge=0, description="Of them with this record's answer.")
    interval: tuple[float, float] = Field(description="95 % interval of the pass rate.")
    interval_by: Literal["wilson", "jeffreys", "bayes-laplace"] = Field(
        default="wilson", description="How it is worked out (docs/calibration.md)."
    )
    model: str
    simulated: bool = Field(
        description="True when no model was asked: the rollouts were drawn by the simulated solver."
    )


class RecordTried(Part):
    """What is known of a question that a weaker model was tried on only until it was sure to be kept: no pass rate."""

    at_least_wrong: int = Field(ge=0, description="Rollouts without this record's answer.")
    of: int = Field(ge=1, description="Rollouts made before trying stopped.")
    model: str
    simulated: bool = Field(description="As for a difficulty.")


class RecordCurriculum(Part):
    """Where a record stands among those exported with it."""

    bucket: int | None = Field(ge=1, description="1 holds the easiest; null for a record without a pass rate.")
    buckets: int = Field(ge=2, description="How many there are.")
    by: Literal["width", "quantiles"] = Field(description="Equally wide in pass rate, or of equally many records.")


class RecordFinding(Part):
    """What a rule remarked; never an error, since errors are not exported."""

    rule: str
    severity: Literal["warning", "note"]
    hop: int | None
    message: str
    evidence: dict[str, str | int | float | bool | None]


class RecordProvenance(Part):
    """How the record came about, without anything that changes from one machine or day to the next."""

    chain: str = Field(description="Content key of the version of the chain.")
    version: int = Field(ge=1, description="1 as composed, more when a person corrected it.")
    variant: Literal["full", "half", "single"]
    chosen: tuple[InstanceId, ...] = Field(description="The 3-6 instances the chain was composed over.")
    instances_from: tuple[Literal["import", "model", "person", "scene"], ...] = Field(
        description="Who marked the instances."
    )
    source_sha256: tuple[Sha256, ...] = Field(description="Of the pictures as they came in.")
    sources: tuple[str, ...] = Field(description="Where the pictures came from, as far as it was said.")
    composer: dict[str, Any] | None = Field(
        description="Stage version, backend, model, options, prompt hash and seed; null for a chain a person wrote."
    )
    solver: dict[str, Any] | None = Field(
        default=None,
        description="What tried it, as for the composer: with the model's settings and the seed; null where nothing did.",
    )
    program: str = Field(description="Name and version of the program that wrote the record.")


class Record(Part):
    """One question with its answer, steps, instances and history."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, title=RECORD_SCHEMA)

    schema_: Literal["hopchain/1"] = Field(default="hopchain/1", alias="schema")
    id: str = Field(description="Stable: the same question over the same picture has it in every export.")
    images: tuple[RecordImage, ...] = Field(min_length=1)
    question: str = Field(min_length=1)
    answer: Number
    answer_type: Literal["integer", "decimal"]
    hops: tuple[RecordHop, ...] = Field(min_length=1)
    instances: tuple[RecordInstance, ...]
    composer: Literal["vlm", "program", "person"]
    agreement: RecordAgreement
    difficulty: RecordDifficulty | None = Field(description="Null when no model has tried it often enough for a rate.")
    tried: RecordTried | None = Field(
        default=None, description="Given in place of a difficulty where trying stopped as soon as it was decided."
    )
    curriculum: RecordCurriculum | None = Field(
        default=None, description="Given where buckets of difficulty were asked for."
    )
    findings: tuple[RecordFinding, ...]
    provenance: RecordProvenance
    licence: str = Field(description="Of the picture, as its source states it; empty when unknown.")
    split: Literal["train", "validation"] = Field(description="Near-duplicates of a picture never part.")

    def line(self) -> str:
        """The record as one line of JSON, without the line's end. The same record gives the same text."""
        data = self.model_dump(mode="json", by_alias=True)
        return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def json_schema() -> str:
    """The JSON schema of a record, as `record.schema.json` holds it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Record.model_json_schema(mode="serialization"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
