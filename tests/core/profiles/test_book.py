"""The file in which a person's model profiles are kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hopchain_core.errors import InputError, PrerequisiteError
from hopchain_core.profiles.book import FILE, ProfileBook, read_profile, usual_file
from hopchain_core.profiles.keys import key_of
from hopchain_core.profiles.presets import presets
from hopchain_core.profiles.profile import EndpointProfile, Sam3Profile, VllmProfile

ENDPOINT = EndpointProfile(name="Box", url="http://127.0.0.1:8000/v1/", model="tiny", key="env:BOX_KEY")


@pytest.fixture
def book(tmp_path: Path) -> ProfileBook:
    return ProfileBook(tmp_path / "settings" / "profiles.json")


def test_that_profiles_come_back_as_they_were_by_name(book: ProfileBook) -> None:
    assert book.all() == ()
    every = [ENDPOINT, Sam3Profile(name="sam3"), VllmProfile(name="author", model="m", python="/p")]
    for profile in every:
        book.put(profile)
    assert book.all() == tuple(sorted(every, key=lambda p: p.name.casefold()))
    assert book.get(" box ") == ENDPOINT
    assert ENDPOINT.url == "http://127.0.0.1:8000/v1"


def test_that_a_profile_of_the_same_name_is_replaced(book: ProfileBook) -> None:
    book.put(ENDPOINT)
    book.put(ENDPOINT.model_copy(update={"name": "BOX", "model": "other"}))
    assert [(p.name, p.model) for p in book.all()] == [("BOX", "other")]
    assert book.remove("box").name == "BOX"
    assert book.all() == ()


def test_that_a_name_nobody_gave_lists_those_there_are(book: ProfileBook) -> None:
    with pytest.raises(InputError, match="no model profile called 'x'") as raised:
        book.get("x")
    assert "models add" in raised.value.hint
    book.put(ENDPOINT)
    with pytest.raises(InputError) as raised:
        book.remove("x")
    assert "Box" in raised.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"format": 1}',
        '{"format": 9, "profiles": []}',
        '{"format": 1, "profiles": [{"kind": "endpoint", "name": "a"}]}',
        '{"format": 1, "profiles": [{"kind": "steam", "name": "a"}]}',
        '{"format": 1, "profiles": [{"kind": "sam3", "name": "a", "colour": 1}]}',
    ],
)
def test_that_a_file_that_cannot_be_read_is_named_and_kept(book: ProfileBook, text: str) -> None:
    book.path.parent.mkdir()
    book.path.write_text(text)
    with pytest.raises(InputError, match=r"profiles\.json cannot be read"):
        book.put(ENDPOINT)
    assert book.path.read_text() == text


def test_that_a_key_itself_is_never_taken() -> None:
    with pytest.raises(InputError, match="where the key is"):
        read_profile({"kind": "endpoint", "name": "a", "url": "http://x", "model": "m", "key": "sk-123"})


def test_that_a_key_comes_from_the_environment(book: ProfileBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOX_KEY", raising=False)
    with pytest.raises(PrerequisiteError, match="BOX_KEY") as raised:
        key_of(ENDPOINT)
    assert "export BOX_KEY" in raised.value.hint
    monkeypatch.setenv("BOX_KEY", "secret")
    assert key_of(ENDPOINT) == "secret"
    book.put(ENDPOINT)
    assert "secret" not in book.path.read_text()


def test_that_the_file_can_be_put_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FILE, str(tmp_path / "mine.json"))
    assert usual_file() == tmp_path / "mine.json"
    monkeypatch.delenv(FILE)
    assert usual_file().name == "profiles.json"


def test_that_every_preset_has_the_three_that_a_run_needs(book: ProfileBook) -> None:
    for preset in presets("/opt/vllm/bin/python"):
        assert [p.name for p in preset.profiles] == ["author", "weak", "sam3"]
        for profile in preset.profiles:
            book.put(profile)
    assert json.loads(book.path.read_text())["format"] == 1
