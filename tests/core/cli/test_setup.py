"""Setting up from nothing: what is said when something is missing, and what is not done twice."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.cli.conftest import ROOT

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not there")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "clone"
    (folder / "packaging").mkdir(parents=True)
    shutil.copy(ROOT / "packaging/bootstrap.sh", folder / "packaging")
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def _bootstrap(clone: Path, *extras: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "packaging/bootstrap.sh", *extras],
        cwd=clone,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_that_a_missing_python_is_one_line_that_says_what_to_do(clone: Path) -> None:
    done = _bootstrap(clone, HOPCHAIN_PYTHON="/nowhere/python3")
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert "3.11" in line
    assert "HOPCHAIN_PYTHON" in line
    assert not (clone / ".venv").exists()


def test_that_a_python_out_of_range_is_not_taken(clone: Path, tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    assert _bootstrap(clone, HOPCHAIN_PYTHON=str(old)).returncode == 1


def test_that_a_filled_environment_is_left_alone(clone: Path) -> None:
    (clone / ".venv/bin").mkdir(parents=True)
    (clone / ".venv/bin/python").symlink_to(sys.executable)
    text = (clone / "pyproject.toml").read_text(encoding="utf-8")
    sums = subprocess.run(["cksum"], input=text, capture_output=True, text=True, check=True)
    version = subprocess.run([sys.executable, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    (clone / ".venv/.installed-dev").write_text(f"{sums.stdout.strip()} {version} {clone}")
    done = _bootstrap(clone, "dev")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_that_a_changed_pyproject_installs_again_and_says_so_when_that_fails(clone: Path) -> None:
    (clone / ".venv/bin").mkdir(parents=True)
    python = clone / ".venv/bin/python"
    python.write_text(f'#!/bin/sh\nif [ "$1" = -m ]; then echo "no network"; exit 1; fi\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    (clone / ".venv/.installed-base").write_text("of an earlier time")
    done = _bootstrap(clone)
    assert done.returncode == 1
    assert "installing HopChain Studio" in done.stdout
    assert "no network" in done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith("error: installing failed")


def test_that_make_help_names_every_target() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^\.PHONY: (\w+)", text, flags=re.MULTILINE))
    assert {"demo", "test", "check", "bench", "studio", "help"} <= targets
    described = set(re.findall(r"^(\w+):.*## ", text, flags=re.MULTILINE))
    assert described == targets
    if shutil.which("make"):
        shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        assert all(f"make {target} " in shown for target in targets)


@pytest.mark.parametrize("script", ["packaging/bootstrap.sh", ".ci/run"])
def test_that_a_script_parses_and_stops_at_the_first_failure(script: str) -> None:
    assert subprocess.run(["bash", "-n", str(ROOT / script)], check=False).returncode == 0
    assert "set -euo pipefail" in (ROOT / script).read_text(encoding="utf-8")
    assert os.access(ROOT / script, os.X_OK)
