"""A run is killed again and again, and the project comes out as if nothing had happened."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hopchain_core.domain.provenance import RunOutcome
from hopchain_core.store.project_file import ProjectFile
from tests.core.jobs import synthetic
from tests.core.jobs.contents import content_of

ROOT = Path(__file__).parents[2]
LEAST_KILLS = 6
MOST_EVENTS = 30
"""Told of before a process is killed."""


def _start(path: Path, calls: Path, composer: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.core.crash_run", path, calls, composer],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdout=subprocess.PIPE,
        text=True,
    )


def _run_to_the_end(path: Path, calls: Path, composer: str) -> None:
    with _start(path, calls, composer) as process:
        process.communicate()
    assert process.returncode == 0


def _composed_in(path: Path) -> set[str]:
    with ProjectFile.open(path, read_only=True) as file, file.read() as read:
        return {image.key for image in read.images() if any(read.chains(image.key))}


def _run_with_kills(path: Path, calls: Path, composer: str, rng: random.Random) -> int:
    """Kills each process a moment after some event, until one gets to the end; the number of kills."""
    for kills in range(200):
        done = _composed_in(path)
        calls.write_text("")
        with _start(path, calls, composer) as process:
            assert process.stdout is not None
            for _ in range(rng.randint(1, MOST_EVENTS)):
                if not process.stdout.readline():
                    break
            time.sleep(rng.choice([0.0, rng.uniform(0, 0.03)]))
            process.kill()
            process.stdout.read()
        assert not done & set(calls.read_text().split()), "a picture that was done is asked about again"
        if process.returncode == 0:
            return kills
    raise AssertionError("no run got to the end")


@pytest.mark.parametrize(("composer", "pictures", "seed"), [("fixture", 10, 1), ("program", 12, 3)])
def test_that_a_project_killed_at_many_moments_ends_as_an_undisturbed_one(
    tmp_path: Path, composer: str, pictures: int, seed: int
) -> None:
    for name in ("calm", "killed"):
        (tmp_path / name).mkdir()
        synthetic.make_project(tmp_path / name / "p.hopchain", pictures).close()
    calm, killed, calls = tmp_path / "calm/p.hopchain", tmp_path / "killed/p.hopchain", tmp_path / "calls"
    _run_to_the_end(calm, calls, composer)
    kills = _run_with_kills(killed, calls, composer, random.Random(seed))
    _run_to_the_end(killed, calls, composer)

    assert kills >= LEAST_KILLS
    with ProjectFile.open(calm, read_only=True) as one, ProjectFile.open(killed, read_only=True) as other:
        assert content_of(other) == content_of(one)
        assert other.problems() == []
        with other.read() as read:
            outcomes = {run.outcome for run in read.runs()}
            assert read.counts().chains > 0
    assert outcomes == {RunOutcome.CANCELLED, RunOutcome.FINISHED}


@pytest.mark.parametrize("composer", ["fixture", "program"])
def test_that_ctrl_c_ends_a_run_within_a_second_and_the_project_says_so(tmp_path: Path, composer: str) -> None:
    path = tmp_path / "p.hopchain"
    synthetic.make_project(path, 40).close()
    with _start(path, tmp_path / "calls", composer) as process:
        assert process.stdout is not None
        while process.stdout.readline().strip() != "item_done compose":
            pass
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        told = process.stdout.read()
        seconds = time.monotonic() - began
    assert process.returncode not in (0, -signal.SIGKILL)
    assert seconds < 1.0
    assert told.splitlines()[-1] == "run_ended compose"
    with ProjectFile.open(path, read_only=True) as file, file.read() as read:
        assert read.runs()[-1].outcome is RunOutcome.CANCELLED
        assert 0 < read.work_counts()["compose"].done < 40
