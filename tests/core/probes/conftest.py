"""A project of rendered scenes whose chains are sound, and a server to probe them with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hopchain_core.project import Project, RunOptions
from hopchain_core.scenes import write_scenes
from tests.core.backends.vlm.fake_server import FakeServer
from tests.core.probes.served import server
from tests.core.probes.talking import Talker

SCENES = 3

__all__ = ["server"]


@pytest.fixture(scope="session")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a project over scenes: two chains a picture, audited and decided."""
    folder = tmp_path_factory.mktemp("composed")
    write_scenes(folder / "scenes", SCENES, seed=2)
    with Project.create(folder / "p.hopchain", seed=7) as project:
        project.ingest([folder / "scenes"], scenes=folder / "scenes")
        project.run(["categorize", "segment", "compose", "audit", "decide"], RunOptions(chains_per_image=2))
    return folder


@pytest.fixture
def project(composed: Path, tmp_path: Path) -> Iterator[Project]:
    folder = tmp_path / "project"
    shutil.copytree(composed, folder)
    with Project.open(folder / "p.hopchain") as opened:
        yield opened


@pytest.fixture
def talker(project: Project, server: FakeServer) -> Talker:
    """What the server says: a good model over good chains, until a test tells it otherwise."""
    talker = Talker.of(project)
    server.speak = talker.speak
    return talker
