"""The sample project, and a server to probe its chains with."""

from __future__ import annotations

import pytest

from app.studio import Studio
from tests.core.backends.vlm.fake_server import FakeServer
from tests.core.probes.served import server
from tests.core.probes.talking import Talker

__all__ = ["server"]


@pytest.fixture
def talker(studio: Studio, server: FakeServer) -> Talker:
    """A good model over good chains, until a test tells it otherwise."""
    talker = Talker.of(studio.need_project())
    server.speak = talker.speak
    return talker
