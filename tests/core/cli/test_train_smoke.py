"""``hopchain train-smoke`` as far as it needs no trainer: a script stands in for the Python of the environment."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.cli.main import run

SEEN: dict[str, Any] = {
    "records": 3, "prompts": 3, "pictures": 3, "prompt_tokens": 600, "reward_calls": 1, "completions": 8, "right": 0,
    "losses": [0.25, 0.125], "gradients": [1.0, 1.0], "parameters": 64, "changed": 64, "changed_in_vision": 39,
    "self_check": {"labels": 3, "replies": 21, "mistakes": []},
    "versions": {"trl": "1.16.0", "torch": "2.13.0"}, "seconds": 4.2,
}  # fmt: skip


@pytest.fixture
def export(tmp_path: Path) -> Path:
    out = tmp_path / "out"
    out.mkdir()
    (out / "manifest.json").write_text(json.dumps({"terms": {"format": "trl"}}))
    (out / "train.jsonl").write_text("{}\n")
    return out


@pytest.fixture(autouse=True)
def _no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOPCHAIN_ENGINES", str(tmp_path / "engines"))
    monkeypatch.delenv("HOPCHAIN_TRL_PYTHON", raising=False)


def stand_in(tmp_path: Path, body: str) -> str:
    """A program that is called as that Python would be."""
    program = tmp_path / "python"
    program.write_text(f"#!{sys.executable}\nimport json, os, sys\n{body}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


def says(**line: Any) -> str:
    return f"print('smoke: ' + {json.dumps(line)!r})"


def test_that_what_was_seen_is_told_in_sentences(
    export: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    body = "print('a library says something')\n" + says(did="loaded 3 records") + "\n" + says(seen=SEEN, problems=[])
    assert run(["train-smoke", str(export), "--python", stand_in(tmp_path, body)]) == 0
    out, err = capfd.readouterr()
    assert "loaded 3 records" in err
    assert "21 of 21 made-up replies to 3 records" in out
    assert "loss 0.2500, then 0.1250; 64 of 64 tensors of weights changed, 39 of them" in out
    assert "a library" not in out


def test_that_problems_end_it_with_an_error_and_stand_in_the_json(
    export: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    body = says(seen=SEEN, problems=["The steps changed no weights, or none in the part that sees."])
    assert run(["train-smoke", str(export), "--json", "--python", stand_in(tmp_path, body)]) == 1
    out, err = capfd.readouterr()
    assert json.loads(out)["problems"] == ["The steps changed no weights, or none in the part that sees."]
    assert "Do not train on this export" in err


def test_that_the_other_side_is_given_our_package_alone_and_no_network(
    export: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    note = tmp_path / "note.json"
    body = (
        "path = os.environ['PYTHONPATH']\n"
        f"json.dump([sys.argv, os.listdir(path), os.environ['HF_HUB_OFFLINE']], open({str(note)!r}, 'w'))\n"
    ) + says(seen=SEEN, problems=[])
    assert run(["train-smoke", str(export), "--most", "5", "--seed", "7", "--python", stand_in(tmp_path, body)]) == 0
    arguments, beside, offline = json.loads(note.read_text())
    assert arguments[1:4] == ["-P", "-m", "hopchain_core.rlvr.smoke"]
    assert arguments[4] == str(export)
    assert arguments[-4:] == ["--most", "5", "--seed", "7"]
    assert beside == ["hopchain_core"]
    assert offline == "1"


def test_that_a_missing_environment_is_said_with_the_command_that_makes_it(
    export: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["train-smoke", str(export)]) == 1
    assert "Run: hopchain models setup trl" in capfd.readouterr().err


def test_that_an_environment_without_a_package_is_told_from_an_export_that_fails(
    export: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lacking = stand_in(tmp_path, says(failed="ModuleNotFoundError: No module named 'trl'") + "\nsys.exit(1)")
    assert run(["train-smoke", str(export), "--python", lacking]) == 1
    assert "Make it anew: hopchain models setup trl" in capfd.readouterr().err
    failing = stand_in(tmp_path, says(failed="FileNotFoundError: gone.png") + "\nsys.exit(1)")
    assert run(["train-smoke", str(export), "--python", failing]) == 1
    assert "gone.png. If a picture is gone or the folder was moved, export again" in capfd.readouterr().err


def test_that_a_trainer_that_dies_without_a_word_is_quoted_from_its_log(
    export: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    dying = stand_in(tmp_path, "sys.stderr.write('Illegal instruction\\n'); sys.exit(3)")
    assert run(["train-smoke", str(export), "--python", dying]) == 1
    assert "Illegal instruction" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (None, "has no manifest.json"),
        ('{"terms": {"format": "verl"}}', "holds rows for verl, and TRL trains here"),
        ('{"terms": {}}', "holds rows for native"),
        ("[]", "cannot be read"),
    ],
)
def test_that_what_is_no_export_for_trl_is_refused_with_the_command_for_one(
    export: Path, capfd: pytest.CaptureFixture[str], manifest: str | None, message: str
) -> None:
    (export / "manifest.json").unlink()
    if manifest is not None:
        (export / "manifest.json").write_text(manifest)
    assert run(["train-smoke", str(export), "--python", sys.executable]) == 1
    err = capfd.readouterr().err
    assert message in err
    assert "--format trl" in err


def test_that_an_export_with_validation_rows_only_is_refused(export: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (export / "train.jsonl").unlink()
    assert run(["train-smoke", str(export), "--python", sys.executable]) == 1
    assert "has no rows to train on" in capfd.readouterr().err


def test_that_a_python_that_is_not_there_is_said(export: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["train-smoke", str(export), "--python", "/nowhere/python"]) == 1
    assert "/nowhere/python is no Python" in capfd.readouterr().err
