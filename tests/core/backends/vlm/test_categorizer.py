"""A model names what is in a picture, over HTTP."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.backends.protocols import Categorized, CategorizeRequest
from hopchain_core.backends.registry import create
from hopchain_core.backends.vlm.categorizer import VlmCategorizer
from hopchain_core.domain.images import Category, Image, Quality, Rating
from hopchain_core.errors import BackendError
from tests.core.backends.vlm.fake_server import FakeServer, words_of

pytestmark = pytest.mark.usefixtures("book")


def reply(*names: str | dict[str, Any], complexity: Any = 6, quality: Any = "High") -> str:
    rows = [name if isinstance(name, dict) else {"name": name, "count": 2} for name in names]
    return json.dumps({"categories": rows, "complexity": complexity, "quality": quality})


def categorize(picture: tuple[Image, Path], **options: Any) -> Categorized:
    async def run() -> Categorized:
        made = create("categorizer", "vlm", options)
        assert isinstance(made, VlmCategorizer)
        try:
            return await made.categorize(CategorizeRequest(image=picture[0], path=picture[1]))
        finally:
            await made.aclose()

    return asyncio.run(run())


def test_that_kinds_are_named_once_with_their_counts(server: FakeServer, picture: tuple[Image, Path]) -> None:
    crowd = {"name": "People", "count": 40, "countable": False}
    server.speak = lambda body, seed: f"Sure!\n```json\n{reply('wine glass', 'Cups', crowd, {'name': 'cup'})}\n```"
    assert categorize(picture).categories == (
        Category(name="wine glass", estimated_count=2),
        Category(name="cup", estimated_count=2),
        Category(name="people", estimated_count=40, is_countable=False),
    )
    assert "at most 20 of them" in words_of(server.requests[0])


@pytest.mark.parametrize(
    ("complexity", "quality", "reason"), [(2, "high", "too_plain"), (8, "low", "poor_quality"), (3, "medium", "")]
)
def test_that_poor_pictures_are_left_out_with_the_reason(
    server: FakeServer, picture: tuple[Image, Path], complexity: int, quality: str, reason: str
) -> None:
    server.speak = lambda body, seed: reply("cup", complexity=complexity, quality=quality)
    found = categorize(picture)
    assert [r.reason for r in found.refusals] == ([reason] if reason else [])
    assert [c.name for c in found.categories] == ([] if reason else ["cup"])
    assert found.rating == Rating(complexity=complexity, quality=Quality(quality))


def test_that_a_kind_that_cannot_be_read_is_left_out_alone(server: FakeServer, picture: tuple[Image, Path]) -> None:
    server.speak = lambda body, seed: reply({"count": 3}, "dog", {"name": "cat", "count": -1}, {"name": "hen"})
    assert [c.name for c in categorize(picture).categories] == ["dog", "hen"]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("", "empty_reply"),
        ("I cannot help with pictures of people.", "refused"),
        (reply("cup", complexity="very"), "wrong_shape"),
        (reply("cup", quality=None), "wrong_shape"),
        ('{"categories": "cup"}', "wrong_shape"),
        (reply("cup")[:-4], "wrong_shape"),
    ],
)
def test_that_a_rating_is_not_guessed(server: FakeServer, picture: tuple[Image, Path], said: str, kind: str) -> None:
    server.speak = lambda body, seed: said
    with pytest.raises(BackendError) as raised:
        categorize(picture)
    assert raised.value.kind == kind
    # Asked twice, with two seeds, and no more.
    assert len({body["seed"] for body in server.requests}) == len(server.requests) == 2


def test_that_what_cannot_be_read_is_asked_once_more(server: FakeServer, picture: tuple[Image, Path]) -> None:
    server.speak = lambda body, seed: reply("cup") if len(server.requests) > 1 else "I see a cup."
    assert [c.name for c in categorize(picture).categories] == ["cup"]
    assert len(server.requests) == 2
