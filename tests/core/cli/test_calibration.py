"""The band, its luck and the difficulty by command."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.cli.main import run
from hopchain_core.domain.status import ChainStatus
from hopchain_core.project import Project

Call = Callable[..., str]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rendered scenes with chains that the simulated solver has tried."""
    folder = tmp_path_factory.mktemp("demo") / "d"
    assert run(["demo", str(folder), "--scenes", "6", "--seed", "0"]) == 0
    return next(folder.rglob("*.hopchain"))


@pytest.fixture
def simulated(demo: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    return Path(shutil.copy(demo, tmp_path / "p.hopchain"))


@pytest.fixture
def call(simulated: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Calls a command on the project and gives what it says."""

    def said(command: str, *rest: str, code: int = 0) -> str:
        assert run([command, str(simulated), *rest]) == code
        out = capsys.readouterr()
        return out.err if code else out.out

    return said


def counts(path: Path) -> dict[ChainStatus, int]:
    with Project.open(path, read_only=True) as project, project.read() as read:
        return read.status_counts()


def test_that_the_rule_and_its_luck_stand_together(call: Call) -> None:
    said = call("policy")
    assert "dropped: solved every time, of 4 tries or more; intervals of 95 % after wilson" in said
    assert "solved 90 % of the time     43 %" in said
    assert "dropped: nothing" in call("policy", "--band", "all")
    assert "by luck" not in call("policy")


def test_that_another_band_is_kept_in_the_project_and_sorts_at_once(call: Call, simulated: Path) -> None:
    by_rate: list[Any] = json.loads(call("difficulty", "--json"))["rates"]
    never = sum(r["chains"] for r in by_rate if r["correct"] == 0)
    seldom = sum(r["chains"] for r in by_rate if r["correct"] <= 0.3 * r["n"])
    assert counts(simulated)[ChainStatus.TOO_HARD] == 0
    call("policy", "--band", "0-1")
    assert counts(simulated)[ChainStatus.TOO_HARD] == never
    call("policy", "--band", "0.3-0.7")
    assert counts(simulated)[ChainStatus.TOO_HARD] == seldom > 0
    assert f"{seldom} too hard" in call("difficulty")
    assert json.loads(call("policy", "--json"))["drop"]["too_hard_up_to"] == 0.3
    call("undo")
    assert counts(simulated)[ChainStatus.TOO_HARD] == never


def test_that_intervals_are_worked_out_anew_by_the_named_method(call: Call, simulated: Path) -> None:
    def lows() -> set[float]:
        with Project.open(simulated, read_only=True) as project, project.read() as read:
            found = [read.difficulty(s.chain.key) for s in read.chains()]
            return {round(d.interval[0], 6) for d in found if d is not None and (d.n_correct, d.n) == (d.n, d.n)}

    before = lows()
    call("policy", "--interval", "bayes-laplace")
    assert before
    assert len(lows() | before) == 2 * len(before)


@pytest.mark.parametrize("name", ["0.9-0.6", "easy", "below-0"])
def test_that_an_impossible_band_is_refused_in_one_line(call: Call, name: str) -> None:
    assert call("policy", "--band", name, code=1).startswith("error: Not a policy: ")


def test_that_fewer_tries_than_the_rule_needs_are_said_to_drop_nothing(call: Call) -> None:
    assert "nothing is dropped" in call("policy", "--least-rollouts", "99")
