"""Environments of engines, made for real, with a small package in place of gigabytes."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hopchain_core.backends.engines import setup as engine_setup
from hopchain_core.backends.engines.setup import ENGINES, FOLDER, Engine, folder_of, python_of, set_up, versions_of
from hopchain_core.cli.main import run
from hopchain_core.errors import PrerequisiteError
from hopchain_core.profiles.book import FILE, ProfileBook
from hopchain_core.profiles.profile import Sam3Profile

SMALL = Engine(name="sam3", title="Small", packages=("tinyengine==1.2",), imports=("tinyengine",), gigabytes=0.1)


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a package ``tinyengine``; engines go beside it."""
    monkeypatch.setenv(FOLDER, str(tmp_path / "engines"))
    monkeypatch.setenv(FILE, str(tmp_path / "profiles.json"))
    wheel(tmp_path, "tinyengine", "1.2", "__version__ = '1.2'\n")
    wheel(tmp_path, "broken", "1.0", "import no_such_module\n")
    return tmp_path


def wheel(folder: Path, name: str, version: str, code: str, *, module: str = "") -> None:
    """A package of one module, which is called like it unless said otherwise."""
    module = module or name
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as file:
        file.writestr(f"{module}.py", code)
        file.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        file.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        file.writestr(f"{info}/RECORD", f"{module}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")


def from_folder(folder: Path) -> tuple[str, ...]:
    return ("--no-index", "--find-links", str(folder))


def test_that_an_environment_is_made_once_and_says_what_is_in_it(wheels: Path) -> None:
    lines: list[str] = []
    assert python_of("sam3") is None
    made = set_up(SMALL, lines.append, pip_arguments=from_folder(wheels))
    assert made == python_of("sam3")
    assert versions_of("sam3") == {"tinyengine": "1.2"}
    assert lines[0] == f"making {folder_of('sam3')}"
    assert any("tinyengine-1.2" in line for line in lines)
    lines.clear()
    assert set_up(SMALL, lines.append, pip_arguments=from_folder(wheels)) == made
    assert not any("making" in line for line in lines)


@pytest.mark.parametrize(
    ("engine", "why"),
    [
        (replace(SMALL, packages=("no-such-engine==1",)), "cannot be installed"),
        (replace(SMALL, packages=("broken==1.0",), imports=("broken",)), "cannot be imported"),
    ],
)
def test_that_one_that_was_never_finished_is_not_taken_for_one(wheels: Path, engine: Engine, why: str) -> None:
    with pytest.raises(PrerequisiteError, match=why):
        set_up(engine, lambda line: None, pip_arguments=from_folder(wheels))
    assert python_of("sam3") is None
    assert versions_of("sam3") == {}


def test_that_a_set_up_can_be_cancelled_and_taken_up_again(wheels: Path) -> None:
    pids = wheels / "pid"
    slow = wheels / "slow"
    slow.write_text(f"#!/bin/sh\necho begun\necho $$ > {pids}\nsleep 60\n")
    slow.chmod(0o755)
    lines: list[str] = []
    began = time.monotonic()
    with pytest.raises(PrerequisiteError, match="Cancelled"):
        set_up(SMALL, lines.append, python=str(slow), is_cancelled=pids.exists)
    assert time.monotonic() - began < 10
    assert "begun" in lines
    assert not Path(f"/proc/{pids.read_text().strip()}").exists()
    set_up(SMALL, lines.append, pip_arguments=from_folder(wheels))
    assert python_of("sam3") is not None


@pytest.mark.usefixtures("wheels")
def test_that_a_python_that_is_not_there_is_named() -> None:
    with pytest.raises(PrerequisiteError, match="cannot be made"):
        set_up(SMALL, lambda line: None, python="/no/such/python")


def test_that_profiles_without_a_python_get_the_new_one(
    wheels: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ProfileBook().put(Sam3Profile(name="sam3"))
    monkeypatch.setitem(ENGINES, "sam3", SMALL)
    real: Callable[..., Path] = engine_setup.set_up
    monkeypatch.setattr(
        "hopchain_core.cli.commands.models.set_up",
        lambda engine, on_line, **how: real(engine, on_line, pip_arguments=from_folder(wheels)),
    )
    assert run(["models", "setup", "sam3", "--yes"]) == 0
    assert ProfileBook().get("sam3").model_dump()["python"] == str(python_of("sam3"))
    out = capsys.readouterr().out
    assert "0.1 GB" in out
    assert "profile sam3 uses it now" in out
    assert run(["doctor", "--json"]) in (0, 1)
    checks = {c["name"]: c for c in json.loads(capsys.readouterr().out)["checks"]}
    assert checks["engine sam3"]["found"] == "tinyengine 1.2"
    assert "models setup vllm" in checks["engine vllm"]["hint"]
    assert checks["model sam3"]["found"] == "sam3 with facebook/sam3, 6 GiB"


def test_that_nothing_is_made_without_a_yes(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("click.confirm", lambda *a, **k: (_ for _ in ()).throw(__import__("click").Abort()))
    assert run(["models", "setup", "vllm"]) == 130
    assert not folder_of("vllm").exists()
    assert wheels.exists()
