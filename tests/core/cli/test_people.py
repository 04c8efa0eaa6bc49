"""Annotators, gold, rounds, policy and adjudication by command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.cli.main import run
from hopchain_core.project import Project
from tests.core.people.asking import answer_all, make

Call = Callable[..., str]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project with four questions, closed."""
    found = tmp_path / "p.hopchain"
    make(found, 4).project.close()
    return found


@pytest.fixture
def call(path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs a command on the project and gives what it says."""

    def said(*words: str, code: int = 0) -> str:
        command, *rest = words
        group = [command] if command in ("policy", "show") else [command, rest.pop(0)]
        assert run([*group, str(path), *rest]) == code
        out = capsys.readouterr()
        return out.err if code else out.out

    return said


def read(call: Call, *words: str) -> Any:
    return json.loads(call(*words, "--json"))


def solve(path: Path, name: str, text: str) -> None:
    with Project.open(path) as project:
        answer_all(project.blind(name), text)


def test_that_a_round_is_run_from_annotators_to_a_decision(call: Call, path: Path) -> None:
    assert call("annotators", "add", "Ada", "Ben", "--note", "lab") == "added Ada\nadded Ben\n"
    assert call("policy", "--people", "2").startswith("2 of 2 people have to agree")
    assert call("rounds", "list") == "4 chains await people\n"
    assert read(call, "rounds", "open", "--dry-run") == {
        "round": None, "given": {"Ada": 4, "Ben": 4}, "gold": 0, "short": 0,
    }  # fmt: skip
    assert "no gold to hide" in call("rounds", "open", "--dry-run", "--gold-share", "0.1")
    assert call("rounds", "open") == "opened round 1:\n  Ada: 4 questions\n  Ben: 4 questions\n"
    solve(path, "Ada", "3")
    people = read(call, "rounds", "list")["rounds"][0]["people"]
    assert [(p["annotator"], p["answered"], p["left"]) for p in people] == [("Ada", 4, 0), ("Ben", 0, 4)]
    assert "4 of 4" in call("rounds", "list")
    solve(path, "Ben", "5")
    assert call("rounds", "close", "1") == "closed round 1\n"
    assert call("policy").endswith("4 disputed\n")
    dispute = read(call, "adjudicate", "list")["disputes"][0]
    assert (dispute["tally"], dispute["decision"]) == ({"3": 1, "5": 1}, None)
    number = f"C-{dispute['number']}"
    assert call("adjudicate", "take", number, "3", "--by", "Eve") == f"{number}: 3, decided by Eve\n"
    assert len(read(call, "adjudicate", "list")["disputes"]) == 3
    decided = next(d for d in read(call, "adjudicate", "list", "--all")["disputes"] if d["key"] == dispute["key"])
    assert (decided["decision"]["label"], decided["decision"]["by"]) == ("3", "Eve")
    assert "decided: 3 by Eve" in call("adjudicate", "list", "--all")
    shown = call("show", number)
    assert "Verdict     adjudicated, label 3 (unanimous-2/1)" in shown
    assert "Decided     3 by Eve" in shown
    assert read(call, "show", number)["adjudication"] == {"kind": "label", "label": "3", "by": "Eve", "reason": ""}
    other = f"C-{read(call, 'adjudicate', 'list')['disputes'][0]['number']}"
    assert call("adjudicate", "refuse", other, "--by", "Eve", "--reason", "two clocks") == f"{other}: refused by Eve\n"
    assert read(call, "policy", "--accept-adjudicated")["verdicts"]["adjudicated"] == 1
    assert read(call, "policy")["accepts_adjudicated"] is True


def test_that_gold_qualifies_people_and_says_how_they_do(call: Call, path: Path) -> None:
    call("annotators", "add", "Ada")
    with Project.open(path, read_only=True) as project, project.read() as reader:
        number = f"C-{next(iter(reader.chains())).number}"
    assert call("gold", "list").startswith("no gold yet")
    assert call("gold", "add", number, "--answer", "9", "--note", "counted") == f"{number} is gold: 9\n"
    assert read(call, "gold", "list")["gold"][0]["note"] == "counted"
    assert call("rounds", "open", "--qualification").startswith("opened qualification 1")
    solve(path, "Ada", "8")
    (ada,) = read(call, "annotators", "list")["annotators"]
    assert (ada["standing"], ada["gold"], ada["gold_right"], ada["answered"]) == ("below", 1, 0, 1)
    assert "below the pass mark" in call("annotators", "list")
    assert "nobody to ask" in call("rounds", "open", code=1)
    assert call("annotators", "admit", "Ada") == "Ada is let in\n"
    assert read(call, "rounds", "open")["given"] == {"Ada": 3}
    assert "kept" in call("annotators", "remove", "Ada")
    call("annotators", "admit", "Ada")
    assert read(call, "annotators", "list")["annotators"][0]["is_active"] is True
    assert call("gold", "remove", number) == f"{number} is gold no longer\n"


def test_that_what_cannot_be_done_is_said_in_one_line(call: Call) -> None:
    for words, says in (
        (("annotators", "remove", "Zoe"), "no annotator 'Zoe'"),
        (("rounds", "close", "3"), "no round 3"),
        (("rounds", "open"), "nobody to ask"),
        (("gold", "add", "C-99"), "C-99"),
        (("gold", "add", "C-1", "--answer", "many"), "not one number"),
        (("policy", "--people", "4", "--agreeing", "2"), "more than half"),
        (("adjudicate", "take", "C-1", "blue", "--by", "Eve"), "not one number"),
    ):
        line = call(*words, code=1)
        assert line.startswith("error: ")
        assert line.count("\n") == 1
        assert says in line


def test_that_nobody_there_is_said_in_words(call: Call) -> None:
    assert call("annotators", "list").startswith("no annotators yet")
    assert call("adjudicate", "list") == "nothing waits for an adjudicator\n"
    assert call("policy").endswith("nobody has answered a chain yet\n")


def test_that_a_renamed_annotator_keeps_what_they_answered(call: Call, path: Path) -> None:
    call("annotators", "add", "Ada", "Ben")
    call("rounds", "open")
    solve(path, "Ada", "3")
    assert call("annotators", "rename", "Ada", "Ada Lovelace") == "Ada is now Ada Lovelace\n"
    people = read(call, "annotators", "list")["annotators"]
    assert [(p["name"], p["answered"]) for p in people] == [("Ada Lovelace", 4), ("Ben", 0)]
    with Project.open(path) as project:
        project.undo()
    assert [p["name"] for p in read(call, "annotators", "list")["annotators"]] == ["Ada", "Ben"]
