"""``hopchain score`` over files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.cli.main import run
from hopchain_core.domain.statistics import wilson_interval


def _write(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_that_a_file_is_scored_with_its_interval(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replies = _write(
        tmp_path / "r.jsonl",
        [
            {"reply": r"<answer>\boxed{12}</answer>", "answer": "12"},
            {"reply": "12 or 13", "answer": 12},
            {"reply": r"\boxed{13}", "answer": "12"},
        ],
    )
    out = tmp_path / "verdicts.jsonl"
    assert run(["score", str(replies), "--json", "--out", str(out)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["replies"], said["right"]) == (3, 1)
    assert said["interval"] == list(wilson_interval(1, 3))
    assert sum(said["unreadable"].values()) == 1
    verdicts = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [v["score"] for v in verdicts] == [1.0, 0.0, 0.0]
    assert [v["read"] for v in verdicts] == ["12", None, "13"]


def test_that_labels_come_from_records_by_id(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = _write(tmp_path / "records.jsonl", [{"id": "a", "answer": "0.5"}])
    replies = _write(tmp_path / "r.jsonl", [{"id": "a", "reply": r"\boxed{0.5}"}])
    assert run(["score", str(replies), "--records", str(records)]) == 0
    assert capsys.readouterr().out.startswith("1 of 1 replies are right: 100.0% (95 % interval 20.7% to 100.0%)")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ({"reply": "12"}, "has no `answer`"),
        ({"answer": "12"}, "has no `reply`"),
        ({"reply": "12", "answer": "a dozen birds"}, "is not one number"),
    ],
)
def test_that_a_bad_line_is_named_and_no_verdicts_are_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: dict[str, Any], why: str
) -> None:
    replies = _write(tmp_path / "r.jsonl", [{"reply": "1", "answer": "1"}, line])
    assert run(["score", str(replies), "--out", str(tmp_path / "out.jsonl")]) == 1
    said = capsys.readouterr().err
    assert "line 2" in said
    assert why in said
    assert sorted(p.name for p in tmp_path.iterdir()) == ["r.jsonl"]
