"""Servers, profiles that lead to them, and a picture to ask about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ImageKey
from hopchain_core.pictures.decode import sha256_of
from hopchain_core.profiles.book import FILE, ProfileBook
from hopchain_core.profiles.profile import EndpointProfile, ServerAbilities
from tests.core.backends.vlm.fake_server import MODEL, FakeServer, serving


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with serving() as fake:
        yield fake


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: FakeServer) -> ProfileBook:
    """Profiles ``author`` and ``weak`` that lead to the server."""
    monkeypatch.setenv(FILE, str(tmp_path / "profiles.json"))
    book = ProfileBook()
    for name in ("author", "weak"):
        can = ServerAbilities(json_schema=True, seed=True)
        book.put(EndpointProfile(name=name, url=server.url, model=MODEL, label=f"{name} of tests", can=can))
    return book


@pytest.fixture
def picture(tmp_path: Path) -> tuple[Image, Path]:
    """A picture of 640 x 480 pixels, and where it lies."""
    path = tmp_path / "picture.png"
    pixels = np.zeros((480, 640, 3), np.uint8)
    pixels[:, :, 0] = np.arange(640) % 256
    Pillow.fromarray(pixels).save(path)
    return Image(key=ImageKey(sha256_of(path)), path=path.name, width_px=640, height_px=480), path
