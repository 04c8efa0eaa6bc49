"""SAM 3 where its packages are not installed: the studio's own environment."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from pathlib import Path

import pytest

from hopchain_core.backends.engines.process import EngineProcess
from hopchain_core.backends.protocols import SegmentRequest
from hopchain_core.backends.registry import create
from hopchain_core.backends.sam3.segmenter import Sam3Segmenter
from hopchain_core.backends.servers.lease import FOLDER
from hopchain_core.domain.images import Category, Image
from hopchain_core.domain.keys import ImageKey
from hopchain_core.errors import BackendError, PrerequisiteError
from hopchain_core.profiles.book import FILE, ProfileBook
from hopchain_core.profiles.profile import EndpointProfile, Sam3Profile


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProfileBook:
    monkeypatch.setenv(FILE, str(tmp_path / "profiles.json"))
    monkeypatch.setenv(FOLDER, str(tmp_path / "leases"))
    return ProfileBook()


def segment(segmenter: Sam3Segmenter) -> None:
    image = Image(key=ImageKey("0" * 64), path="a.png", width_px=4, height_px=4)

    async def run() -> None:
        try:
            await segmenter.segment(SegmentRequest(image=image, path=Path("a.png"), categories=(Category(name="cat"),)))
        finally:
            await segmenter.aclose()

    asyncio.run(run())


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="torch is installed here")
def test_that_missing_packages_are_named_with_what_to_do(book: ProfileBook) -> None:
    book.put(Sam3Profile(name="sam3"))
    made = create("segmenter", "sam3", {})
    assert isinstance(made, Sam3Segmenter)
    with pytest.raises(PrerequisiteError, match="needs torch") as raised:
        segment(made)
    assert "hopchain models setup sam3" in raised.value.hint


def test_that_a_python_that_is_not_there_is_named(book: ProfileBook) -> None:
    book.put(Sam3Profile(name="sam3", python="/no/such/python"))
    made = create("segmenter", "sam3", {})
    assert isinstance(made, Sam3Segmenter)
    with pytest.raises(PrerequisiteError, match="/no/such/python cannot be started"):
        segment(made)


def test_that_a_profile_that_is_missing_or_of_another_kind_is_named(book: ProfileBook) -> None:
    with pytest.raises(PrerequisiteError, match="no model profile") as raised:
        create("segmenter", "sam3", {})
    assert "models add sam3" in raised.value.hint
    book.put(EndpointProfile(name="box", url="http://x", model="m"))
    with pytest.raises(PrerequisiteError, match="no SAM 3"):
        create("segmenter", "sam3", {"profile": "box"})


def test_that_a_process_that_cannot_even_begin_shows_what_it_said() -> None:
    async def run() -> None:
        engine = EngineProcess("no_such_module_at_all", python=sys.executable)
        try:
            with pytest.raises(BackendError, match="no_such_module_at_all") as raised:
                await engine.call("find")
            assert raised.value.kind == "engine_died"
        finally:
            await engine.aclose()

    asyncio.run(run())
