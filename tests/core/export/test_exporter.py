"""A whole export, from a project on disk to a folder."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from PIL import Image as Pillow

from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.review import VerdictOutcome
from hopchain_core.domain.rollouts import Difficulty
from hopchain_core.errors import InputError
from hopchain_core.export.admission import Reason, Terms, Variant
from hopchain_core.export.exporter import ExportSummary, NothingToExportError, export
from hopchain_core.export.manifest import ProjectFacts
from hopchain_core.export.schema import SCHEMA_PATH
from tests.core.export.conftest import Filled

LENIENT = Terms(accept_by_construction=True, allow_simulated=True)


def _facts(filled: Filled) -> ProjectFacts:
    return ProjectFacts(
        name="birds.hopchain",
        uuid=filled.file.uuid,
        seed=0,
        policy={"key": "unanimous-4/1"},
        images=1,
        instances=6,
        drafts_refused={"not-clear": 4},
        stages=(),
    )


def _export(filled: Filled, out: Path, terms: Terms = LENIENT) -> ExportSummary:
    with filled.file.read() as read:
        return export(read, _facts(filled), filled.folder, out, terms)


def _records(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "records.jsonl").read_text(encoding="utf-8").splitlines()]


def _manifest(out: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    return data


def test_that_an_export_holds_records_their_pictures_and_a_manifest(filled: Filled, tmp_path: Path) -> None:
    out = tmp_path / "out"
    summary = _export(filled, out)
    assert (summary.records, summary.images, summary.left_out) == (1, 1, {})
    assert sorted(p.name for p in out.iterdir()) == ["images", "manifest.json", "records.jsonl"]
    (record,) = _records(out)
    jsonschema.validate(record, json.loads(SCHEMA_PATH.read_text(encoding="utf-8")))
    picture = out / record["images"][0]["file"]
    assert hashlib.sha256(picture.read_bytes()).hexdigest() == record["images"][0]["sha256"] == filled.image.key
    with Pillow.open(picture) as opened:
        assert opened.size == (record["images"][0]["width"], record["images"][0]["height"])
    assert record["provenance"]["composer"]["backend"]["name"] == "program"


def test_that_the_manifest_hashes_every_file_but_itself(filled: Filled, tmp_path: Path) -> None:
    _export(filled, tmp_path / "out")
    files = {f["path"]: f for f in _manifest(tmp_path / "out")["files"]}
    found = {p.relative_to(tmp_path / "out").as_posix(): p for p in (tmp_path / "out").rglob("*") if p.is_file()}
    assert set(files) == set(found) - {"manifest.json"}
    for name, entry in files.items():
        data = found[name].read_bytes()
        assert (entry["sha256"], entry["bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))


def test_that_two_exports_of_one_project_have_the_same_bytes(filled: Filled, tmp_path: Path) -> None:
    for n in range(3):
        filled.add_chain(f"Another question, number {n}?")
    _export(filled, tmp_path / "a")
    _export(filled, tmp_path / "b")
    assert (tmp_path / "a/records.jsonl").read_bytes() == (tmp_path / "b/records.jsonl").read_bytes()
    ids = [r["id"] for r in _records(tmp_path / "a")]
    assert ids == sorted(ids)
    assert len(set(ids)) == 4


def test_that_each_chain_left_out_stands_in_the_manifest_with_its_reason(
    filled: Filled, simulated: Difficulty, tmp_path: Path
) -> None:
    error = Finding(rule="leak", severity=Severity.ERROR, hop=None, message="", evidence={})
    bad = filled.add_chain("A leaking question?", findings=(error,))
    few = filled.add_chain("Nobody answered this?", outcome=VerdictOutcome.TOO_FEW)
    drawn = filled.add_chain("Is this simulated?", difficulty=simulated)
    summary = _export(filled, tmp_path / "out", Terms(accept_by_construction=True))
    assert summary.left_out == {Reason.RULE_ERROR: 1, Reason.TOO_FEW_ANSWERS: 1, Reason.SIMULATED_ONLY: 1}
    manifest = _manifest(tmp_path / "out")
    assert {(r["chain"], r["reason"], r["detail"]) for r in manifest["left_out"]} == {
        (bad.key, "rule_error", "leak"),
        (few.key, "too_few_answers", ""),
        (drawn.key, "simulated_only", "sim"),
    }
    assert manifest["funnel"] == [
        {"after": "chains", "left": 4},
        {"after": "rule_error", "left": 3},
        {"after": "too_few_answers", "left": 2},
        {"after": "simulated_only", "left": 1},
    ]
    assert manifest["counts"]["records"] + manifest["counts"]["left_out"] == manifest["counts"]["chains"] == 4


def test_that_notices_say_simulated_and_by_construction(filled: Filled, simulated: Difficulty, tmp_path: Path) -> None:
    filled.add_chain("Is this simulated?", difficulty=simulated)
    said = " ".join(_export(filled, tmp_path / "out").notices)
    assert "2 of 2 answers follow by construction" in said
    assert "The difficulty of 1 records is simulated" in said
    assert "1 records have no difficulty" in said


def test_that_a_notice_says_what_was_tried_until_decided(filled: Filled, simulated: Difficulty, tmp_path: Path) -> None:
    filled.add_chain("Is this simulated?", difficulty=replace(simulated, is_until_decided=True))
    exported = _export(filled, tmp_path / "out")
    said = " ".join(exported.notices)
    assert "1 records were tried only until it was sure that they are kept" in said
    assert "The difficulty of 1 records is simulated" in said
    assert "1 records have no difficulty" in said


def test_that_nothing_is_written_when_everything_is_left_out(filled: Filled, tmp_path: Path) -> None:
    with pytest.raises(NothingToExportError, match="1 by_construction") as caught:
        _export(filled, tmp_path / "out", Terms())
    assert "--accept-by-construction" in caught.value.hint
    assert not (tmp_path / "out").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["project"]


def test_that_an_earlier_export_survives_a_second_one_that_has_nothing_to_write(filled: Filled, tmp_path: Path) -> None:
    _export(filled, tmp_path / "out")
    before = (tmp_path / "out/records.jsonl").read_bytes()
    with pytest.raises(NothingToExportError):
        _export(filled, tmp_path / "out", Terms())
    assert (tmp_path / "out/records.jsonl").read_bytes() == before


def test_that_a_second_export_replaces_the_first(filled: Filled, tmp_path: Path) -> None:
    _export(filled, tmp_path / "out")
    filled.add_chain("A later question?")
    _export(filled, tmp_path / "out")
    assert len(_records(tmp_path / "out")) == 2


def test_that_a_folder_with_other_files_is_left_alone(filled: Filled, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/thesis.tex").write_text("")
    with pytest.raises(InputError):
        _export(filled, tmp_path / "out")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["thesis.tex"]


def test_that_a_missing_and_a_changed_picture_are_told_apart(filled: Filled, tmp_path: Path) -> None:
    path = filled.folder / filled.image.path
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(NothingToExportError) as changed:
        _export(filled, tmp_path / "out")
    path.unlink()
    with pytest.raises(NothingToExportError) as missing:
        _export(filled, tmp_path / "out")
    assert changed.value.left_out == {Reason.PICTURE_CHANGED: 1}
    assert missing.value.left_out == {Reason.PICTURE_MISSING: 1}


@pytest.mark.parametrize("variant", [Variant.HALF, Variant.SINGLE])
def test_that_a_variant_keeps_the_answer_and_says_what_it_is(
    filled: Filled, simulated: Difficulty, tmp_path: Path, variant: Variant
) -> None:
    filled.add_chain("Was this tried?", difficulty=simulated)
    _export(filled, tmp_path / "out", Terms(variant=variant, accept_by_construction=True, allow_simulated=True))
    for record in _records(tmp_path / "out"):
        jsonschema.validate(record, json.loads(SCHEMA_PATH.read_text(encoding="utf-8")))
        assert record["answer"] == "22"
        assert record["id"].endswith(f"-{variant.value}")
        assert record["provenance"]["variant"] == variant.value
        assert record["difficulty"] is None
        assert record["question"].startswith("Start with the number ")


_KILLED = """
import os, signal, sys
from pathlib import Path
from hopchain_core.export import exporter, records
from hopchain_core.export.admission import Terms
from hopchain_core.export.manifest import ProjectFacts
from hopchain_core.store.project_file import ProjectFile

path, out, moment = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(exporter if moment == "write_manifest" else records, moment, die)
facts = ProjectFacts(name="", uuid="", seed=0, policy=None, images=1, instances=1, drafts_refused={}, stages=())
with ProjectFile.open(path, read_only=True) as file, file.read() as read:
    exporter.export(read, facts, path.parent, out, Terms(accept_by_construction=True))
"""


@pytest.mark.parametrize("moment", ["place_picture", "build_record", "write_manifest"])
def test_that_a_process_killed_on_the_way_leaves_no_export(filled: Filled, tmp_path: Path, moment: str) -> None:
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(filled.folder / "birds.hopchain"), str(out), moment],
        check=False,
        capture_output=True,
    )
    assert done.returncode == -9, done.stderr.decode()
    assert not out.exists()
    _export(filled, out)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "project"]
