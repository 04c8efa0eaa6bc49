"""The record and its schema."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.programs.operations import Given, Unique
from hopchain_core.domain.review import VerdictOutcome
from hopchain_core.domain.rollouts import Difficulty
from hopchain_core.export.admission import Variant
from hopchain_core.export.build import LABEL_DIFFERS, ExportedPicture, build_record, split_of
from hopchain_core.export.manifest import Tally, notices
from hopchain_core.export.record import Record, json_schema
from hopchain_core.export.schema import SCHEMA_PATH
from tests.core.export.birds import CHAIN, IMAGE, candidate, verdict

PICTURE = ExportedPicture(file="images/birds-abababab.png", sha256="cd" * 32, size_bytes=10)
FIELDS = [
    "schema", "id", "images", "question", "answer", "answer_type", "hops", "instances", "composer", "agreement",
    "difficulty", "tried", "curriculum", "findings", "provenance", "licence", "split",
]  # fmt: skip


def _record(**changes: object) -> dict[str, Any]:
    made = candidate(**changes)
    data: dict[str, Any] = json.loads(build_record(made, made.chain, Variant.FULL, PICTURE, None).line())
    return data


def test_that_the_schema_on_disk_is_the_one_of_the_model() -> None:
    on_disk = json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))
    assert on_disk == json.loads(json_schema()), "run: python -m hopchain_core.export.schema"


def test_that_a_record_has_its_fields_in_their_order_and_fits_the_schema() -> None:
    record = _record()
    assert list(record) == FIELDS
    schema = json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(record)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "hopchain/2"),
        (("answer",), 22),
        (("answer",), "22.0"),
        (("extra",), 1),
        (("split",), "test"),
        (("hops", 0, "level"), 3),
        (("images", 0, "sha256"), "short"),
    ],
)
def test_that_the_schema_refuses_another_value(path: tuple[str | int, ...], value: object) -> None:
    record: Any = _record()
    part = record
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(record, json.loads(SCHEMA_PATH.read_text(encoding="utf-8")))


def test_that_instances_are_numbered_from_left_to_right_and_hops_speak_of_them_by_that_name() -> None:
    record = _record()
    assert [i["id"] for i in record["instances"]] == ["bear-1", "bird-1", "bird-2", "bird-3", "bird-4", "bird-5"]
    assert record["hops"][0]["establishes"] == [{"instance": "bird-5"}]
    assert record["hops"][2]["establishes"] == [{"instance": "bird-3"}]
    assert record["hops"][4]["uses"] == [{"set": ["bird-2", "bird-4"]}]
    assert record["provenance"]["chosen"] == ["bird-5", "bird-3", "bear-1"]


def test_that_kinds_are_derived_and_operations_are_plain_json() -> None:
    hops = _record()["hops"]
    assert [h["kinds"] for h in hops] == [[], ["perception"], ["instance"], ["instance", "perception"], [], []]
    assert hops[2]["operation"] == {
        "op": "nearest",
        "to": {"hop": 1},
        "among": {"op": "filter", "category": "bird"},
        "end": "min",
    }


def test_that_a_given_instance_in_an_operation_gets_its_name() -> None:
    hop = replace(CHAIN.hops[0], operation=replace(CHAIN.hops[2].operation, to=Given(CHAIN.instances[2])))
    chain = replace(CHAIN, hops=(hop, *CHAIN.hops[1:]))
    assert _record(chain=chain)["hops"][0]["operation"]["to"] == {"instance": "bear-1"}
    assert isinstance(CHAIN.hops[3].operation.condition.right.of, Unique)  # type: ignore[union-attr]


def test_that_boxes_are_given_in_pixels_and_in_thousandths() -> None:
    bear = _record()["instances"][0]
    assert bear["box"] == [120.0, 146.0, 280.0, 276.0]
    assert bear["box_1000"] == [188, 304, 438, 575]


def test_that_agreement_says_whether_people_answered() -> None:
    assert _record()["agreement"]["kind"] == "by_construction"
    agreed = replace(verdict(VerdictOutcome.AGREED), votes=(("22", 4),))
    assert _record(verdict=agreed)["agreement"] == {
        "kind": "people",
        "people": 4,
        "votes": {"22": 4},
        "policy": "unanimous-4/1",
    }


def test_that_the_answer_is_the_label_of_people_also_where_the_composer_proposed_another() -> None:
    agreed = replace(verdict(VerdictOutcome.AGREED, 21), votes=(("21", 4),))
    record = _record(verdict=agreed)
    assert record["answer"] == "21"
    (finding,) = record["findings"]
    assert (finding["rule"], finding["severity"]) == ("label-differs", "warning")
    assert finding["evidence"] == {"label": "21", "proposed": "22"}


def test_that_difficulty_says_simulated() -> None:
    difficulty = Difficulty(
        chain=CHAIN.key, n=8, n_correct=3, interval=(0.137, 0.6943), model="simulated", is_simulated=True, is_kept=True
    )
    assert _record()["difficulty"] is None
    assert _record(difficulty=difficulty)["difficulty"] == {
        "n": 8, "correct": 3, "interval": [0.137, 0.6943], "interval_by": "wilson", "model": "simulated", "simulated": True,
    }  # fmt: skip


def test_that_what_was_tried_until_decided_is_no_difficulty() -> None:
    counted = Difficulty(
        chain=CHAIN.key, n=3, n_correct=2, interval=(0.2, 0.9), model="m", is_simulated=False, is_kept=True
    )
    record = _record(difficulty=replace(counted, is_until_decided=True))
    assert record["difficulty"] is None
    assert record["tried"] == {"at_least_wrong": 1, "of": 3, "model": "m", "simulated": False}
    assert _record(difficulty=counted)["tried"] is None


def test_that_warnings_are_kept() -> None:
    finding = Finding(rule="answers", severity=Severity.WARNING, hop=None, message="common", evidence={"share": 0.4})
    assert _record(findings=(finding,))["findings"] == [
        {"rule": "answers", "severity": "warning", "hop": None, "message": "common", "evidence": {"share": 0.4}}
    ]


def test_that_a_record_is_frozen_and_takes_no_other_field() -> None:
    with pytest.raises(ValidationError):
        Record.model_validate({**_record(), "note": "x"})


def test_that_near_duplicates_share_a_split_and_one_in_twenty_groups_goes_to_validation() -> None:
    assert split_of(replace(IMAGE, split_group="g")) == split_of(replace(IMAGE, split_group="g", path="other.png"))
    names = [split_of(replace(IMAGE, split_group=f"group {n}")) for n in range(4000)]
    assert 150 < names.count("validation") < 250


def test_that_a_number_one_person_decided_on_is_called_so() -> None:
    decided = replace(verdict(VerdictOutcome.ADJUDICATED, 21), votes=(("21", 2), ("22", 2)))
    record = _record(verdict=decided)
    assert record["answer"] == "21"
    assert record["agreement"] == {
        "kind": "adjudicated", "people": 4, "votes": {"21": 2, "22": 2}, "policy": "unanimous-4/1",
    }  # fmt: skip
    (said,) = [f["message"] for f in record["findings"] if f["rule"] == LABEL_DIFFERS]
    assert said.startswith("An adjudicator decided on 21; the composer proposed 22")
    tally = Tally()
    made = candidate(verdict=decided)
    tally.take(build_record(made, made.chain, Variant.FULL, PICTURE, None))
    assert "People did not agree on 1 of 1 answers: one person who saw what they said decided." in notices(tally)
