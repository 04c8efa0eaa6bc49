"""``hopchain probe``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hopchain_core.cli.main import run as cli
from hopchain_core.domain.probes import Probe, TrialKind
from hopchain_core.project import Project
from tests.core.backends.vlm.fake_server import FakeServer, Trouble
from tests.core.probes.talking import Talker, chains_of, number


@pytest.fixture
def path(composed: Path, tmp_path: Path, server: FakeServer, project: Project) -> Path:
    """A closed project, and a server that knows its chains: the first is solved without the picture."""
    talker = Talker.of(project)
    bad = chains_of(project)[0]
    talker.otherwise[bad.key, TrialKind.BLIND, None] = lambda seed: number(bad.answer.text)
    server.speak = talker.speak
    project.close()
    return project.path


def test_that_it_says_what_was_found(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli(["probe", str(path), "--profile", "box", "--probes", "blind,skip", "--samples", "2"]) == 0
    said = capsys.readouterr().out
    assert "solved without the picture: 1 of 6, 16.7% (3.0% to 56.4%)" in said
    assert "the commonest number: " in said
    assert "answered from the last hop: 0 of 6" in said
    assert "flags what it finds" in said
    assert "trace" not in said
    assert cli(["check", str(path)]) == 0
    assert "warning blind: Solved without the picture in 2 of 2 tries" in capsys.readouterr().out


def test_that_a_program_reads_the_same_as_json(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli(["probe", str(path), "--profile", "box", "--samples", "2", "--drop", "blind", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["blind"]["solved"]["n"] == 1
    assert found["policies"] == {"blind": "drop", "unique": "flag", "skip": "flag", "trace": "flag"}
    assert found["trace"] == {
        "traces": 12, "all_right": 12, "first_wrong": {}, "hops_never_right": found["trace"]["hops_never_right"],
    }  # fmt: skip
    assert cli(["status", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["chains"]["refused"] == 1
    assert cli(["probe", str(path), "--summary", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == found


def test_that_failures_are_told_by_the_exit_code(
    path: Path, server: FakeServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.trouble.append(Trouble(400, "no"))
    assert cli(["probe", str(path), "--profile", "box", "--probes", "blind"]) == 3
    assert "1 items failed" in capsys.readouterr().out
    assert cli(["probe", str(path), "--probes", "blind", "--retry-failed"]) == 0


def test_that_dropping_can_be_chosen_without_asking(path: Path, server: FakeServer) -> None:
    assert cli(["probe", str(path), "--profile", "box", "--probes", "blind"]) == 0
    asked = len(server.requests)
    assert cli(["probe", str(path), "--probes", "none", "--drop", "blind,trace"]) == 0
    assert len(server.requests) == asked
    with Project.open(path, read_only=True) as project, project.read() as read:
        assert read.probe_policies().to_json()[Probe.TRACE] == "drop"
        assert sum(read.status(c.chain.key) == "refused" for c in read.chains()) == 1


@pytest.mark.parametrize("wrong", [["--probes", "deaf"], ["--drop", "blind,deaf"], ["--samples", "0"]])
def test_that_what_is_no_probe_is_a_wrong_use(path: Path, wrong: list[str]) -> None:
    assert cli(["probe", str(path), "--profile", "box", *wrong]) == 2


def test_that_a_summary_of_nothing_says_so(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli(["probe", str(path), "--summary"]) == 0
    assert capsys.readouterr().out == "None of 6 chains was probed.\n"
