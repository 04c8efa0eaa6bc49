"""A server that probes are asked of, in an address book of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hopchain_core.profiles.book import FILE, ProfileBook
from hopchain_core.profiles.profile import EndpointProfile, ServerAbilities
from tests.core.backends.vlm.fake_server import MODEL, FakeServer, serving


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    """Known by the name of box."""
    monkeypatch.setenv(FILE, str(tmp_path / "profiles.json"))
    monkeypatch.setattr("hopchain_core.backends.vlm.client.FIRST_PAUSE_S", 0.001)
    with serving() as fake:
        can = ServerAbilities(json_schema=True, seed=True)
        ProfileBook().put(EndpointProfile(name="box", url=fake.url, model=MODEL, label="Tiny", can=can))
        yield fake
