"""The command line as people call it: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Protocol

import pytest

from tests.core.export.conftest import filled, simulated

ROOT = Path(__file__).parents[3]


class Hopchain(Protocol):
    """Runs `hopchain` with these arguments."""

    def __call__(self, *arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture(scope="session")
def hopchain() -> Hopchain:
    def call(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "hopchain_core.cli", *map(str, arguments)],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"},
            capture_output=True,
            text=True,
            timeout=110,
            check=False,
        )

    return call


__all__ = ["filled", "hopchain", "simulated"]
