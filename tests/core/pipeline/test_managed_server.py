"""Stages on a vLLM server that the run starts: told of, shared, and gone at the end."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hopchain_core.jobs.events import Event, ModelPace, ServerChanged, ServerState, ServerWrote
from hopchain_core.profiles.book import ProfileBook
from hopchain_core.project import BackendChoice, Project, RunOptions
from hopchain_core.scenes import write_scenes
from tests.core.backends.servers.conftest import python
from tests.core.backends.servers.processes import is_alive, pids, profile

__all__ = ["python"]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at through /proc")
VLM = BackendChoice(name="vlm", options={"profile": "weak"})


def test_that_stages_share_a_server_whose_doings_are_events(python: Path, tmp_path: Path) -> None:
    ProfileBook().put(profile(python))
    write_scenes(tmp_path / "scenes", 3, seed=2)
    told: list[Event] = []
    with Project.create(tmp_path / "p.hopchain", seed=7) as project:
        project.ingest([tmp_path / "scenes"], scenes=tmp_path / "scenes")
        project.run(options=RunOptions(composer=VLM, solver=VLM, chains_per_image=1, rollouts=4), emit=told.append)
        with project.read() as read:
            assert sum(len(read.rollouts(stored.chain.key)) for stored in read.chains()) > 0
    changes = [(e.stage, e.state) for e in told if isinstance(e, ServerChanged)]
    assert changes == [
        ("compose", ServerState.STARTING), ("compose", ServerState.READY), ("", ServerState.STOPPED),
    ]  # fmt: skip
    assert "loading tiny" in [e.line for e in told if isinstance(e, ServerWrote)]
    assert len(pids(python)) == 2
    assert not any(map(is_alive, pids(python)))
    assert all(e.server == "weak" for e in told if isinstance(e, ModelPace))
