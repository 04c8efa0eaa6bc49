"""What `hopchain doctor` says of cards, set-ups and profiles."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from hopchain_core.cli.checks import State
from hopchain_core.cli.doctor_models import cards, examine_models
from hopchain_core.cli.main import run
from hopchain_core.profiles.book import FILE, ProfileBook
from hopchain_core.profiles.profile import (
    EndpointProfile,
    Profile,
    Sam3Profile,
    ServerAbilities,
    TransformersProfile,
    VllmProfile,
)


@pytest.fixture(autouse=True)
def _empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FILE, str(tmp_path / "profiles.json"))
    monkeypatch.setenv("HOPCHAIN_ENGINES", str(tmp_path / "engines"))
    monkeypatch.setenv("PATH", str(tmp_path))


def have(tmp_path: Path, *mib: int, status: int = 0) -> None:
    """Puts a driver's tool on the path that tells of cards with so much memory."""
    tool = tmp_path / "nvidia-smi"
    lines = "".join(f"echo 'NVIDIA Some Card, {each}, 570.1'\n" for each in mib)
    tool.write_text(f"#!/bin/sh\n{lines}exit {status}\n")
    tool.chmod(0o755)


def found() -> dict[str, tuple[State, str, str]]:
    return {check.name: (check.state, check.found, check.hint) for check in examine_models()}


def lacks(*profiles: Profile) -> dict[str, tuple[State, str, str]]:
    for profile in profiles:
        ProfileBook().put(profile)
    return {name.removeprefix("model "): check for name, check in found().items() if name.startswith("model ")}


@pytest.mark.parametrize(
    ("mib", "fitting"),
    [
        ((24_564,), ["24gb"]),
        ((23_034,), ["24gb"]),
        ((16_376,), []),
        ((81_559,), ["80gb", "24gb"]),
        ((81_559,) * 8, ["paper", "80gb", "24gb"]),
    ],
)
def test_that_the_set_ups_that_fit_the_card_are_named(tmp_path: Path, mib: tuple[int, ...], fitting: list[str]) -> None:
    have(tmp_path, *mib)
    checks = found()
    assert [
        name.removeprefix("set-up ") for name, (state, *_) in checks.items() if "fits" in checks[name][1]
    ] == fitting
    assert all(
        ("models preset" in hint) == (state is State.OK) for n, (state, _, hint) in checks.items() if "set-up" in n
    )
    if "24gb" not in fitting:
        assert checks["set-up 24gb"][1] == "does not fit: author wants a card of 22 GiB, and there are 16 GiB"


def test_that_without_a_card_no_set_up_fits(tmp_path: Path) -> None:
    assert cards() == ()
    checks = found()
    assert checks["gpu"][0] is State.ABSENT
    assert checks["set-ups"][1] == "none fits: there is no card"
    have(tmp_path, status=9)
    assert cards() == ()


def test_that_an_endpoint_lacks_its_key_and_its_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOX_KEY", raising=False)
    box = EndpointProfile(name="box", url="http://127.0.0.1:1/v1", model="m", key="env:BOX_KEY")
    state, said, hint = lacks(box)["box"]
    assert state is State.ABSENT
    assert "BOX_KEY, which is not set" in said
    assert "it was not checked yet" in said
    assert "export BOX_KEY=" in hint
    assert "hopchain models check box" in hint
    monkeypatch.setenv("BOX_KEY", "secret")
    state, said, _ = lacks(box.model_copy(update={"can": ServerAbilities()}))["box"]
    assert (state, said) == (State.OK, "http://127.0.0.1:1/v1, checked")
    assert "secret" not in said


def test_that_a_profile_lacks_its_engine_its_weights_and_its_card(tmp_path: Path) -> None:
    have(tmp_path, 24_564)
    empty = tmp_path / "empty"
    empty.mkdir()
    said = lacks(
        VllmProfile(name="big", model=str(tmp_path / "gone"), gib=72, python="/nowhere/python"),
        VllmProfile(name="two", model="Qwen/x", devices=(0, 1), gib=40),
        Sam3Profile(name="eyes", model=str(empty), package="native", python=sys.executable),
        TransformersProfile(name="small", model="Qwen/y", python=sys.executable, device="cpu"),
    )
    assert "/nowhere/python is not there" in said["big"][1]
    assert f"{tmp_path / 'gone'} is not there" in said["big"][1]
    assert "wants a card of 72 GiB, and there are 24 GiB" in said["big"][1]
    assert "vllm is not set up" in said["two"][1]
    assert "wants 2 cards of 20 GiB, and there is 1" in said["two"][1]
    assert "hopchain models setup vllm" in said["two"][2]
    assert "no weights in" in said["eyes"][1]
    assert "sam3.pt" in said["eyes"][1]
    assert said["small"][0] is State.OK
    (empty / "sam3.pt").write_bytes(b"")
    assert lacks()["eyes"][0] is State.OK


def test_that_profiles_that_cannot_be_read_are_a_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "profiles.json").write_text("{")
    assert found()["models"][0] is State.PROBLEM
    assert run(["doctor", "--json"]) == 1
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)["checks"]}
    assert checks["models"]["state"] == "problem"
