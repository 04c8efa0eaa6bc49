"""The whole flow by the command line: photographs with human annotations, and the demo."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from PIL import Image as Pillow

from hopchain_core.export.schema import SCHEMA_PATH
from tests.core.cli.conftest import ROOT, Hopchain, hopchain
from tests.core.recomputed import recomputed

COCO = ROOT.parent / "shared" / "data" / "coco_mini"
needs_coco = pytest.mark.skipif(not COCO.is_dir(), reason=f"the photographs are not there: {COCO}")
LENIENT = ("--accept-by-construction", "--allow-simulated")

__all__ = ["hopchain"]


def _records(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "records.jsonl").read_text(encoding="utf-8").splitlines()]


def _status(hopchain: Hopchain, project: Path) -> dict[str, Any]:
    done = hopchain("status", project, "--json")
    assert done.returncode == 0, done.stderr
    data: dict[str, Any] = json.loads(done.stdout)
    return data


def _check_records(out: Path) -> None:
    """Every line fits the schema, its picture is there, and its answer follows from the line alone."""
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA_PATH.read_text(encoding="utf-8")))
    for record in _records(out):
        validator.validate(record)
        assert recomputed(record) == Decimal(record["answer"]), record["id"]
        with Pillow.open(out / record["images"][0]["file"]) as opened:
            assert opened.size == (record["images"][0]["width"], record["images"][0]["height"])
        kinds = {kind for hop in record["hops"] for kind in hop["kinds"]}
        assert kinds == {"instance", "perception"}
        assert 4 <= len(record["hops"]) <= 6
        assert 3 <= len(record["provenance"]["chosen"]) <= 6


@pytest.fixture(scope="module")
def photographs(hopchain: Hopchain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project over photographs with COCO annotations, all stages run."""
    folder = tmp_path_factory.mktemp("photographs")
    shutil.copytree(COCO / "images", folder / "pictures")
    project = folder / "p.hopchain"
    for arguments in (
        ("new", project),
        ("ingest", project, folder / "pictures", "--coco", COCO / "instances.json"),
        ("run", project),
    ):
        done = hopchain(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
    return project


@needs_coco
def test_that_photographs_with_annotations_become_records(
    hopchain: Hopchain, photographs: Path, tmp_path: Path
) -> None:
    status = _status(hopchain, photographs)
    assert status["images"] == 20
    assert status["instances"] > 300
    assert all(s["owed"] == s["failed"] == 0 for s in status["stages"].values())
    assert "difficulty is simulated: no model was asked" in hopchain("status", photographs).stdout
    done = hopchain("export", photographs, tmp_path / "out", *LENIENT)
    assert done.returncode == 0, done.stderr
    _check_records(tmp_path / "out")
    records = _records(tmp_path / "out")
    assert len(records) >= 30
    assert all(r["licence"] and r["agreement"]["kind"] == "by_construction" for r in records)
    assert all(r["difficulty"]["simulated"] for r in records)
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    assert manifest["counts"]["records"] == len(records)
    assert manifest["counts"]["records"] + manifest["counts"]["left_out"] == sum(status["chains"].values())


@needs_coco
def test_that_nearly_every_photograph_gives_a_sound_chain(hopchain: Hopchain, photographs: Path) -> None:
    listed = json.loads(hopchain("show", photographs, "--json", "--limit", 9999).stdout)["listed"]
    pictures = {c["image"] for c in listed if c["status"] != "refused"}
    assert len(pictures) >= 16


@needs_coco
@pytest.mark.parametrize("variant", ["half", "single"])
def test_that_shortened_questions_keep_their_answers(
    hopchain: Hopchain, photographs: Path, tmp_path: Path, variant: str
) -> None:
    assert hopchain("export", photographs, tmp_path / "full", *LENIENT).returncode == 0
    assert hopchain("export", photographs, tmp_path / "short", *LENIENT, "--variant", variant).returncode == 0
    full = {r["id"]: r for r in _records(tmp_path / "full")}
    short = _records(tmp_path / "short")
    assert len(short) >= 0.8 * len(full)
    for record in short:
        whole = full[record["provenance"]["chain"]]
        assert record["answer"] == whole["answer"]
        assert recomputed(record) == Decimal(record["answer"])
        assert len(record["hops"]) < len(whole["hops"])


@needs_coco
def test_that_without_people_nothing_is_exported_unasked(hopchain: Hopchain, photographs: Path, tmp_path: Path) -> None:
    done = hopchain("export", photographs, tmp_path / "out")
    assert done.returncode == 1
    assert "--accept-by-construction" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert hopchain("export", photographs, tmp_path / "out", "--accept-by-construction").returncode == 1
    assert not (tmp_path / "out").exists()


@needs_coco
def test_that_a_second_run_has_nothing_to_do(hopchain: Hopchain, photographs: Path) -> None:
    done = hopchain("run", photographs, "--events", "json")
    assert done.returncode == 0
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert {e["event"] for e in events} == {"run_started", "run_ended"}
    assert all(e["owed"] == 0 for e in events if e["event"] == "run_started")


@needs_coco
def test_that_check_counts_conditionals_and_answers(hopchain: Hopchain, photographs: Path) -> None:
    checked = json.loads(hopchain("check", photographs, "--json").stdout)
    assert 0.3 <= checked["conditionals"]["share_no"] <= 0.7
    assert checked["answers"]["guessing"] <= 0.2
    assert checked["by_severity"]["error"] == 0


@needs_coco
def test_that_an_interrupted_run_ends_with_130_and_goes_on_to_the_same_records(
    hopchain: Hopchain, photographs: Path, tmp_path: Path
) -> None:
    project = photographs.with_name("again.hopchain")
    assert hopchain("new", project).returncode == 0
    assert (
        hopchain("ingest", project, photographs.parent / "pictures", "--coco", COCO / "instances.json").returncode == 0
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "hopchain_core.cli", "run", str(project), "--events", "json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        event = json.loads(line)
        if event["event"] == "item_done" and event["stage"] == "compose":
            process.send_signal(signal.SIGINT)
            break
    rest, complaint = process.communicate(timeout=20)
    assert process.returncode == 130, complaint
    assert complaint.strip().startswith("interrupted: ")
    assert len(complaint.strip().splitlines()) == 1
    assert json.loads(rest.splitlines()[-1])["outcome"] == "cancelled"
    assert _status(hopchain, project)["stages"]["compose"]["owed"] > 0
    assert hopchain("run", project).returncode == 0
    for name, path in (("whole", photographs), ("again", project)):
        assert hopchain("export", path, tmp_path / name, *LENIENT).returncode == 0
    assert (tmp_path / "whole/records.jsonl").read_bytes() == (tmp_path / "again/records.jsonl").read_bytes()


@needs_coco
def test_that_a_limit_takes_the_first_pictures_only(hopchain: Hopchain, photographs: Path) -> None:
    project = photographs.with_name("few.hopchain")
    assert hopchain("new", project).returncode == 0
    hopchain("ingest", project, photographs.parent / "pictures", "--coco", COCO / "instances.json")
    assert hopchain("run", project, "--limit", 3, "--chains-per-image", 1).returncode == 0
    status = _status(hopchain, project)
    assert status["stages"]["categorize"]["done"] == 3
    assert sum(status["chains"].values()) <= 3
    assert status["stages"]["categorize"]["owed"] == 17


@needs_coco
def test_that_broken_pictures_end_with_3_and_the_others_are_taken(hopchain: Hopchain, tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    shutil.copytree(COCO / "images", pictures)
    broken = sorted(pictures.glob("*.jpg"))[0]
    broken.write_bytes(broken.read_bytes()[:2000])
    assert hopchain("new", tmp_path / "p.hopchain").returncode == 0
    done = hopchain("ingest", tmp_path / "p.hopchain", pictures, "--coco", COCO / "instances.json")
    assert done.returncode == 3
    assert broken.name in done.stdout + done.stderr
    assert _status(hopchain, tmp_path / "p.hopchain")["images"] == 19


@pytest.fixture(scope="module")
def demo(hopchain: Hopchain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "d"
    done = hopchain("demo", folder, "--scenes", 4)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_that_the_demo_leaves_project_records_manifest_report_and_contact_sheet(demo: Path) -> None:
    assert sorted(p.name for p in demo.iterdir()) == [
        "contact_sheet.png", "demo.hopchain", "export", "report.md", "scenes",
    ]  # fmt: skip
    _check_records(demo / "export")
    records = _records(demo / "export")
    assert len(records) >= 8
    assert {i for r in records for i in r["provenance"]["instances_from"]} == {"scene"}
    with Pillow.open(demo / "contact_sheet.png") as sheet:
        assert min(sheet.size) > 600


def test_that_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(
    hopchain: Hopchain, demo: Path, tmp_path: Path
) -> None:
    assert hopchain("demo", tmp_path / "twin", "--scenes", 4).returncode == 0
    assert hopchain("demo", tmp_path / "other", "--scenes", 1, "--seed", 5).returncode == 0
    first = (demo / "export/records.jsonl").read_bytes()
    assert (tmp_path / "twin/export/records.jsonl").read_bytes() == first
    assert (tmp_path / "other/export/records.jsonl").read_bytes() != first


def test_that_the_demo_called_again_goes_on(hopchain: Hopchain, demo: Path, tmp_path: Path) -> None:
    shutil.copytree(demo, tmp_path / "again")
    before = (demo / "export/records.jsonl").read_bytes()
    (tmp_path / "again/report.md").unlink()
    done = hopchain("demo", tmp_path / "again", "--scenes", 4)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "again/export/records.jsonl").read_bytes() == before
    assert (tmp_path / "again/report.md").exists()


def test_that_the_demo_of_another_seed_in_the_same_folder_is_refused(hopchain: Hopchain, demo: Path) -> None:
    done = hopchain("demo", demo, "--scenes", 4, "--seed", 9)
    assert done.returncode == 1
    assert "seed 0" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
