"""`hopchain models`, and runs with the models it names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hopchain_core.backends.naming import backend_called
from hopchain_core.cli.main import run
from hopchain_core.errors import InputError
from hopchain_core.profiles.book import FILE, ProfileBook
from tests.core.backends.vlm.fake_server import MODEL, FakeServer, serving


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    monkeypatch.setenv(FILE, str(tmp_path / "profiles.json"))
    with serving() as fake:
        yield fake


def test_that_a_profile_is_added_listed_and_removed(server: FakeServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models", "list"]) == 0
    assert "no model profiles yet" in capsys.readouterr().out
    assert run(["models", "add", "box", "--url", server.url, "--model", MODEL, "--note", "under the desk"]) == 0
    assert run(["models", "list", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out.partition("\n")[2])["profiles"]
    assert (row["name"], row["kind"], row["url"], row["note"]) == ("box", "endpoint", server.url, "under the desk")
    assert run(["models", "remove", "BOX"]) == 0
    assert ProfileBook().all() == ()


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["add", "x"], 2, "--url"),
        (["add", "x", "--url", "ftp://x", "--model", "m"], 1, "http://"),
        (["add", "x", "--url", "http://x", "--model", "m", "--key", "sk-1"], 1, "where the key is"),
        (["add", "x", "--kind", "sam3", "--set", "dtype=int8"], 1, "dtype"),
        (["add", "x", "--kind", "sam3", "--set", "dtype"], 2, "FIELD=VALUE"),
        (["remove", "x"], 1, "no model profile"),
        (["preset", "x"], 1, "24gb"),
        (["check", "x"], 1, "no model profile"),
    ],
)
def test_that_a_slip_says_what_to_do(
    arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["models", *arguments]) == code
    assert said in capsys.readouterr().err


def test_that_a_check_notes_what_the_server_really_does(server: FakeServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.schema_reply = '{"word": "kiwi"}'
    assert run(["models", "add", "box", "--url", server.url, "--model", MODEL]) == 0
    assert run(["models", "check", "box"]) == 0
    can = ProfileBook().get("box").model_dump()["can"]
    assert can == {
        "pictures": True, "n": True, "json_schema": True, "seed": True, "priority": True, "context_tokens": 4096,
    }  # fmt: skip
    assert "yes  json schema" in capsys.readouterr().out


def test_that_what_a_server_passes_over_is_not_believed(server: FakeServer) -> None:
    server.keeps_schema = server.knows_n = False
    server.most_pictures = 0
    drawn = iter(range(1000))
    server.speak = lambda body, seed: f"word {next(drawn)}"
    assert run(["models", "add", "box", "--url", server.url, "--model", MODEL]) == 0
    assert run(["models", "check", "box"]) == 0
    can = ProfileBook().get("box").model_dump()["can"]
    assert [can[ability] for ability in ("pictures", "n", "json_schema", "seed")] == [False] * 4


def test_that_a_check_of_what_is_not_there_says_so(server: FakeServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.key = "secret"
    assert run(["models", "add", "box", "--url", server.url, "--model", MODEL]) == 0
    assert run(["models", "check", "box"]) == 1
    assert "refuses the key" in capsys.readouterr().err
    server.key = ""
    assert run(["models", "add", "box", "--url", server.url, "--model", "other"]) == 0
    assert run(["models", "check", "box"]) == 1
    assert "does not serve other" in capsys.readouterr().err


@pytest.mark.usefixtures("server")
def test_that_a_profile_is_named_like_a_backend() -> None:
    assert run(["models", "preset", "24gb", "--python", "/opt/vllm/bin/python"]) == 0
    assert backend_called("solver", "Weak") == ("vlm", {"profile": "weak"})
    assert backend_called("solver", "simulated") == ("simulated", {})
    assert backend_called("composer", "vlm") == ("vlm", {})
    with pytest.raises(InputError, match="no composer called 'sam3'") as raised:
        backend_called("composer", "sam3")
    assert "author, weak" in raised.value.hint


@pytest.mark.usefixtures("server")
def test_that_lists_and_objects_can_be_set(capsys: pytest.CaptureFixture[str]) -> None:
    vllm = ["models", "add", "big", "--kind", "vllm", "--model", "m"]
    flags = """--dtype float32 --limit-mm-per-prompt '{"image": 4, "video": 0}'"""
    assert run([*vllm, "--set", "devices=0,1", "--set", f"arguments={flags}"]) == 0
    big = ProfileBook().get("big").model_dump()
    assert big["devices"] == (0, 1)
    assert big["arguments"] == ("--dtype", "float32", "--limit-mm-per-prompt", '{"image": 4, "video": 0}')
    assert run([*vllm, "--set", 'arguments=["--seed", "1"]', "--set", "devices=[2]"]) == 0
    assert ProfileBook().get("big").model_dump()["arguments"] == ("--seed", "1")
    near = ["models", "add", "near", "--url", "http://127.0.0.1:9/v1", "--model", "m"]
    assert run([*near, "--set", 'body={"top_k": 20}']) == 0
    assert ProfileBook().get("near").model_dump()["body"] == {"top_k": 20}
    capsys.readouterr()
    assert run([*near, "--set", "body={top_k"]) != 0
    assert "body cannot be read" in capsys.readouterr().err
    assert run([*vllm, "--set", "devices=first"]) != 0
