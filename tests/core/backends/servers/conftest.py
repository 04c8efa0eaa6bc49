"""A "Python" that runs a stand-in for vLLM."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hopchain_core.backends.servers.lease import FOLDER
from hopchain_core.profiles.book import FILE

ROOT = Path(__file__).parents[4]


@pytest.fixture
def python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A "Python" that runs the stand-in whatever module it is asked for."""
    monkeypatch.setenv(FOLDER, str(tmp_path / "leases"))
    monkeypatch.setenv(FILE, str(tmp_path / "profiles.json"))
    monkeypatch.setenv("FAKE_VLLM_PIDS", str(tmp_path / "pids"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    path = tmp_path / "python"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} -m tests.core.backends.servers.fake_vllm "$@"\n')
    path.chmod(0o755)
    return path
