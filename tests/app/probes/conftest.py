"""The sample project, and a server to probe its chains with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.studio import Studio
from hopchain_core.profiles.book import FILE, ProfileBook
from hopchain_core.profiles.profile import EndpointProfile, ServerAbilities
from tests.core.backends.vlm.fake_server import MODEL, FakeServer, serving
from tests.core.probes.talking import Talker


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    monkeypatch.setenv(FILE, str(tmp_path / "profiles.json"))
    monkeypatch.setattr("hopchain_core.backends.vlm.client.FIRST_PAUSE_S", 0.001)
    with serving() as fake:
        can = ServerAbilities(json_schema=True, seed=True)
        ProfileBook().put(EndpointProfile(name="box", url=fake.url, model=MODEL, label="Tiny", can=can))
        yield fake


@pytest.fixture
def talker(studio: Studio, server: FakeServer) -> Talker:
    """A good model over good chains, until a test tells it otherwise."""
    talker = Talker.of(studio.need_project())
    server.speak = talker.speak
    return talker
