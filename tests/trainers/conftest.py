"""Exports of rendered scenes, for trainers that live in environments of their own.

Each test names the variable that holds the Python of its trainer's environment and is skipped without it.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.cli.main import run

ROOT = Path(__file__).parents[2]
Exported = Callable[[str], Path]


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """Exports the same few scenes in a format."""
    folder = tmp_path_factory.mktemp("scenes")
    assert run(["demo", str(folder), "--scenes", "4", "--seed", "0"]) == 0

    def export(form: str) -> Path:
        out = folder / "exports" / form
        if not out.exists():
            terms = ["--accept-by-construction", "--allow-simulated", "--format", form]
            assert run(["export", str(folder / "demo.hopchain"), str(out), *terms]) == 0
        return out

    return export


def records(out: Path, split: str = "train") -> list[dict[str, Any]]:
    """The records of a split, in order."""
    lines = (out / "records.jsonl").read_text(encoding="utf-8").splitlines()
    return [record for record in map(json.loads, lines) if record["split"] == split]


def told(python: str, name: str, file: Path, work: Path, source: str | None = None) -> dict[str, Any]:
    """What a trainer's own code makes of a file; the program of that name in `loaders` prints it.

    Args:
        python: Of an environment in which the code runs.
        name: Of the program.
        file: What it reads.
        work: Where it may write.
        source: A checkout that comes before what is installed.
    """
    programs = Path(__file__).parent / "loaders"
    # Away from our folder, so that nothing but the package comes from it; caches of filtered rows outlive their cause.
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([*([source] if source else []), str(ROOT), str(programs)]),
        "HF_HUB_OFFLINE": "1",
        "CUDA_VISIBLE_DEVICES": "",
        "HF_HOME": str(work),
    }
    done = subprocess.run(
        [python, "-P", str(programs / f"{name}.py"), str(file), str(work / "cache")],
        capture_output=True,
        text=True,
        cwd=work,
        env=env,
        timeout=500,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("rows: ")]
    assert lines, done.stderr[-3000:]
    seen: dict[str, Any] = json.loads(lines[0].removeprefix("rows: "))
    return seen
