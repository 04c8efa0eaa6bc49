"""Processes of stand-ins, looked at."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hopchain_core.profiles.profile import VllmProfile


def profile(python: Path, model: str = "tiny", **changes: Any) -> VllmProfile:
    """A profile whose Python is the stand-in."""
    return VllmProfile.model_validate(
        {"name": "weak", "model": model, "python": str(python), "ready_within_s": 30, **changes}
    )


def pids(python: Path) -> list[int]:
    """Of all processes of stand-ins so far."""
    file = python.parent / "pids"
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def is_alive(pid: int) -> bool:
    """It goes on."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    """Waits, not for ever."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
