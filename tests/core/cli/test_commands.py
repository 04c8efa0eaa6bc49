"""Commands, their exit codes and their one-line errors."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from hopchain_core.cli.commands.run import backend_choice, merged
from hopchain_core.cli.main import run
from hopchain_core.errors import InputError
from hopchain_core.pipeline.ingest_report import IngestReport
from hopchain_core.project import Project, RunOptions
from tests.core.cli.conftest import Hopchain
from tests.core.export.conftest import Filled


def _one_line(text: str) -> str:
    lines = text.strip().splitlines()
    assert len(lines) == 1, text
    return lines[0]


def test_that_a_new_project_is_made_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "p.hopchain"
    assert run(["new", str(path), "--seed", "7"]) == 0
    assert capsys.readouterr().out == "made p.hopchain with seed 7\n"
    with Project.open(path, read_only=True) as project:
        assert project.seed == 7
    assert run(["new", str(path)]) == 1
    assert _one_line(capsys.readouterr().err).startswith("error: ")


@pytest.mark.parametrize(
    "arguments",
    [["status"], ["show"], ["check"], ["run"], ["run", "--dry-run"], ["undo"], ["redo"]],
)
def test_that_a_missing_project_is_a_known_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert run([arguments[0], str(tmp_path / "gone.hopchain"), *arguments[1:]]) == 1
    said = capsys.readouterr()
    assert "gone.hopchain" in _one_line(said.err)
    assert said.out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["new"],
        ["new", "a", "--seed", "x"],
        ["run", "a", "--rollouts", "0"],
        ["run", "a", "--events", "xml"],
        ["export", "a"],
        ["export", "a", "b", "--variant", "third"],
        ["run", "a", "--composer", "program:attempts"],
    ],
)
def test_that_wrong_usage_ends_with_2(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert run(arguments) == 2
    assert "Error: " in capsys.readouterr().err


def test_that_an_unknown_stage_and_an_unknown_backend_are_named(
    filled: Filled, capsys: pytest.CaptureFixture[str]
) -> None:
    filled.file.close()
    path = str(filled.folder / "birds.hopchain")
    assert run(["run", path, "polish"]) == 1
    assert "polish" in _one_line(capsys.readouterr().err)
    assert run(["run", path, "--composer", "oracle"]) == 1
    assert "oracle" in _one_line(capsys.readouterr().err)


def test_that_status_as_json_has_its_fields(filled: Filled, capsys: pytest.CaptureFixture[str]) -> None:
    filled.file.close()
    assert run(["status", str(filled.folder / "birds.hopchain"), "--json"]) == 0
    status = json.loads(capsys.readouterr().out)
    assert (status["images"], status["instances"]) == (1, 6)
    assert status["chains"]["by_construction"] == 1
    assert sum(status["chains"].values()) == 1
    assert list(status["stages"]) == ["categorize", "segment", "compose", "audit", "solve", "decide"]
    for stage in status["stages"].values():
        assert {"owed", "done", "failed"} <= set(stage)


def test_that_status_in_words_says_where_chains_and_stages_stand(
    filled: Filled, capsys: pytest.CaptureFixture[str]
) -> None:
    filled.file.close()
    assert run(["status", str(filled.folder / "birds.hopchain")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["1 pictures", "6 instances", "1 chains: 1 by construction"]
    solve = next(line.split() for line in lines if line.startswith("solve"))
    assert solve == ["solve", "0", "1", "or", "more", "0", "simulated"]


def test_that_status_goes_while_another_process_writes(filled: Filled, hopchain: Hopchain) -> None:
    path = filled.folder / "birds.hopchain"
    assert hopchain("status", path).returncode == 0
    refused = hopchain("run", path)
    assert refused.returncode == 1
    assert str(os.getpid()) in _one_line(refused.stderr)


def test_that_show_goes_through_a_chain_hop_by_hop(filled: Filled, capsys: pytest.CaptureFixture[str]) -> None:
    filled.file.close()
    path = str(filled.folder / "birds.hopchain")
    for name in ("1", "C-1", filled.chain.key, filled.chain.key[:8]):
        assert run(["show", path, name]) == 0
        out = capsys.readouterr().out
        assert filled.chain.question in " ".join(out.split())
        for hop in filled.chain.hops:
            assert f"{hop.index}  {hop.sub_question}" in out
        assert "several objects  ·  instance hop  ·  needs 1  ·  nearest" in out
        assert "bird-3 at (328, 348), 90 × 60" in out
        assert "Answer  22" in out
        assert "Verdict     by construction, label 22" in out


def test_that_show_as_json_holds_the_chain(filled: Filled, capsys: pytest.CaptureFixture[str]) -> None:
    filled.file.close()
    assert run(["show", str(filled.folder / "birds.hopchain"), "C-1", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["key"] == filled.chain.key
    assert shown["kinds"]["4"] == ["instance", "perception"]
    assert len(shown["chain"]["hops"]) == 6


def test_that_show_without_a_chain_lists_them(filled: Filled, capsys: pytest.CaptureFixture[str]) -> None:
    for n in range(3):
        filled.add_chain(f"Question {n}?")
    filled.file.close()
    path = str(filled.folder / "birds.hopchain")
    assert run(["show", path, "--limit", "2"]) == 0
    out = capsys.readouterr().out
    assert out.count("by construction") == 2
    assert "and 2 more" in out


def test_that_an_unknown_chain_is_a_known_error(filled: Filled, capsys: pytest.CaptureFixture[str]) -> None:
    filled.file.close()
    assert run(["show", str(filled.folder / "birds.hopchain"), "C-99"]) == 1
    assert "C-99" in _one_line(capsys.readouterr().err)


def test_that_export_says_what_was_written_and_what_was_left_out(
    filled: Filled, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from hopchain_core.domain.review import VerdictOutcome

    filled.add_chain("Unanswered?", outcome=VerdictOutcome.TOO_FEW)
    filled.file.close()
    path, out = str(filled.folder / "birds.hopchain"), str(tmp_path / "out")
    assert run(["export", path, out, "--accept-by-construction"]) == 0
    said = capsys.readouterr().out
    assert "wrote 1 records over 1 pictures" in said
    assert "too_few_answers: too few people have answered it" in said
    assert run(["export", path, out, "--accept-by-construction", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["left_out"] == {"too_few_answers": 1}


def test_that_an_empty_export_is_a_known_error_that_says_what_would_let_more_through(
    filled: Filled, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled.file.close()
    assert run(["export", str(filled.folder / "birds.hopchain"), str(tmp_path / "out")]) == 1
    said = capsys.readouterr()
    assert "--accept-by-construction" in _one_line(said.err)
    assert "1  by_construction" in said.out
    assert not (tmp_path / "out").exists()


def test_that_a_dry_run_says_what_is_owed_and_changes_nothing(
    filled: Filled, capsys: pytest.CaptureFixture[str]
) -> None:
    filled.file.close()
    path = filled.folder / "birds.hopchain"
    before = path.read_bytes()
    assert run(["run", str(path), "--dry-run"]) == 0
    text = capsys.readouterr().out
    assert [line.split()[0] for line in text.splitlines()[1:7]] == [
        "categorize", "segment", "compose", "audit", "solve", "decide",
    ]  # fmt: skip
    assert run(["run", str(path), "--dry-run", "--events", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["stages"]) == 6
    assert path.read_bytes() == before


def test_that_undo_and_redo_name_the_step(filled: Filled, capsys: pytest.CaptureFixture[str]) -> None:
    from hopchain_core.domain.review import Mark, MarkKind

    filled.file.close()
    path = filled.folder / "birds.hopchain"
    with Project.open(path) as project:
        project.mark(Mark(chain=filled.chain.key, kind=MarkKind.REJECT))
    for command, said in (
        ("undo", "undone: Reject chain\n"),
        ("undo", "nothing to undo\n"),
        ("redo", "done again: Reject chain\n"),
        ("redo", "nothing to redo\n"),
    ):
        assert run([command, str(path)]) == 0
        assert capsys.readouterr().out == said


def test_that_doctor_names_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    run(["doctor", "--json"])
    checks = {c["name"]: c for c in json.loads(capsys.readouterr().out)["checks"]}
    assert {"hopchain", "python", "sqlite", "processor", "gpu", "disk", "fonts"} <= set(checks)
    assert checks["fonts"]["state"] == "ok"
    assert all(c["hint"] for c in checks.values() if c["state"] == "problem")


def test_that_a_backend_may_bring_its_options() -> None:
    assert backend_choice("composer", "program") == {"name": "program", "options": {}}
    assert backend_choice("solver", "simulated:skill=0.5,word=x") == {
        "name": "simulated", "options": {"skill": 0.5, "word": "x"},
    }  # fmt: skip


def test_that_options_not_given_stay_as_they_were() -> None:
    last = RunOptions(chains_per_image=7, rollouts=16)
    new = merged(last, {"rollouts": 4, "chains_per_image": None, "composer": {"name": "program", "options": {}}})
    assert (new.chains_per_image, new.rollouts, new.composer.name) == (7, 4, "program")
    with pytest.raises(InputError, match="rollouts"):
        merged(last, {"rollouts": 0})


def test_that_a_bug_is_called_one(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("two and two is five")

    monkeypatch.setattr(Project, "create", broken)
    assert run(["new", "p.hopchain"]) == 1
    err = capsys.readouterr().err
    assert "two and two is five" in err
    assert "this is a bug" in err.splitlines()[-1]


def test_that_a_reader_who_has_seen_enough_is_no_error(filled: Filled) -> None:
    import subprocess
    import sys

    for n in range(20):
        filled.add_chain(f"A question with number {n}? " * 400)
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "hopchain_core.cli",
            "show",
            str(filled.folder / "birds.hopchain"),
            "--json",
            "--limit",
            "999",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 0


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Two pictures, one with labelme's JSON beside it, and a file that is none."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for n in range(2):
        Pillow.effect_noise((120 + n, 90), 60).convert("RGB").save(folder / f"{n}.png")
    shapes = [{"label": "cup", "shape_type": "rectangle", "points": [[10, 10], [50, 60]], "flags": {}}]
    labelme = {"version": "5.5.0", "imagePath": "0.png", "imageWidth": 120, "imageHeight": 90, "shapes": shapes}
    (folder / "0.json").write_text(json.dumps(labelme))
    (folder / "notes.txt").write_text("no picture")
    return folder


def test_that_ingest_says_what_was_taken_and_a_second_time_that_it_was_there(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "p.hopchain")
    run(["new", path])
    capsys.readouterr()
    assert run(["ingest", path, str(pictures), "--labelme", str(pictures)]) == 0
    assert "2 pictures taken, 1 annotated objects" in capsys.readouterr().out
    assert run(["ingest", path, str(pictures), "--labelme", str(pictures), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["taken"], again["already_there"], again["objects_taken"]) == (0, 2, 0)


def test_that_a_broken_picture_ends_ingest_with_3(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "p.hopchain")
    run(["new", path])
    (pictures / "1.png").write_bytes((pictures / "1.png").read_bytes()[:500])
    assert run(["ingest", path, str(pictures)]) == 3
    out = capsys.readouterr().out
    assert "1 pictures taken" in out
    assert "1 files not taken: " in out
    assert run(["status", path]) == 0
    assert "1 files not taken" in capsys.readouterr().out


def test_that_a_missing_import_is_a_known_error_and_takes_nothing(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "p.hopchain")
    run(["new", path])
    capsys.readouterr()
    assert run(["ingest", path, str(pictures), "--coco", str(tmp_path / "gone.json")]) == 1
    assert "gone.json" in _one_line(capsys.readouterr().err)
    assert run(["ingest", path, str(pictures), "--scenes"]) == 1
    _one_line(capsys.readouterr().err)
    assert run(["ingest", path, str(pictures), str(pictures), "--scenes"]) == 2
    with Project.open(Path(path), read_only=True) as project:
        assert project.status().images == 0


def test_that_ctrl_c_ends_ingest_between_two_pictures(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "p.hopchain"
    run(["new", str(path)])
    ingest = Project.ingest

    def interrupted(self: Project, *arguments: Any, **named: Any) -> IngestReport:
        signal.raise_signal(signal.SIGINT)
        return ingest(self, *arguments, **named)

    monkeypatch.setattr(Project, "ingest", interrupted)
    before = signal.getsignal(signal.SIGINT)
    assert run(["ingest", str(path), str(pictures)]) == 130
    assert signal.getsignal(signal.SIGINT) is before
    monkeypatch.undo()
    assert run(["ingest", str(path), str(pictures)]) == 0
    assert "2 pictures taken" in capsys.readouterr().out
