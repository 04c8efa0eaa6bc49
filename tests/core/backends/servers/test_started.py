"""`hopchain models start` and `stop`: in the foreground, left running, used by others, and never left behind."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.backends.servers import started
from hopchain_core.backends.servers.chat import VllmChat
from hopchain_core.backends.servers.lease import DeviceLease
from hopchain_core.backends.servers.news import ServerState
from hopchain_core.cli.main import run
from hopchain_core.errors import InputError
from hopchain_core.profiles.book import ProfileBook, read_profile
from hopchain_core.profiles.profile import VllmProfile
from tests.core.backends.servers.processes import is_alive, pids, profile, wait_until
from tests.core.backends.servers.test_kept import ASKED

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at through /proc")


def kept(python: Path, model: str = "tiny", **changes: Any) -> VllmProfile:
    made = profile(python, model, **changes)
    ProfileBook().put(made)
    return made


def state() -> ServerState | None:
    there = started.started("weak")
    return there.state if there is not None else None


def chat(model: VllmProfile) -> None:
    async def talk() -> None:
        asked = VllmChat(model)
        await asked.chat(ASKED)
        await asked.aclose()

    asyncio.run(talk())


def test_that_a_server_left_running_is_listed_used_and_stopped(
    python: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = kept(python, "slow")
    assert run(["models", "start", "weak", "--detach"]) == 0
    out = capsys.readouterr().out
    assert "loading slow" in out
    assert "weak runs at http://127.0.0.1:" in out
    assert run(["models", "list", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["servers"]
    assert (row["name"], row["state"]) == ("weak", "ready")
    chat(model)
    # It was used; none was started beside it.
    assert len(pids(python)) == 2
    assert all(map(is_alive, pids(python)))
    assert run(["models", "start", "weak"]) == 1
    assert "started already" in capsys.readouterr().err
    assert run(["models", "stop", "WEAK"]) == 0
    assert not any(map(is_alive, pids(python)))
    assert run(["models", "stop", "weak"]) == 1


def test_that_one_of_another_profile_of_this_name_is_not_used(python: Path) -> None:
    model = kept(python)
    started.launch(model)
    wait_until(lambda: state() is ServerState.READY)
    assert started.attached_to(model) is not None
    assert started.attached_to(profile(python, "other")) is None
    started.stop("weak")


def test_that_it_gives_way_on_its_card_and_wakes_for_whoever_asks(python: Path) -> None:
    model = kept(python, sleeps=True)
    started.launch(model)
    wait_until(lambda: state() is ServerState.READY)

    async def stages() -> None:
        lease = DeviceLease([0], "SAM 3")
        await asyncio.wait_for(lease.take(), 15)
        assert state() is ServerState.ASLEEP
        lease.give_back()

    asyncio.run(stages())
    chat(model)
    assert state() is ServerState.READY
    assert len(pids(python)) == 2
    started.stop("weak")


def test_that_in_the_foreground_it_ends_with_ctrl_c(python: Path) -> None:
    kept(python)
    command = [sys.executable, "-m", "hopchain_core.cli", "models", "start", "weak"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = []
    with process.stdout:
        for line in process.stdout:
            lines.append(line)
            if "weak ready: at http://127.0.0.1:" in line:
                break
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    assert "loading tiny\n" in lines
    assert not any(map(is_alive, pids(python)))


@pytest.mark.parametrize("victim", ["keeper", "first", "engine"])
def test_that_whatever_is_killed_nothing_is_left(python: Path, victim: str) -> None:
    model = kept(python)
    started.launch(model)
    wait_until(lambda: state() is ServerState.READY)
    there = started.started("weak")
    assert there is not None
    first, engine = pids(python)
    os.kill({"keeper": there.pid, "first": first, "engine": engine}[victim], signal.SIGKILL)
    if victim == "engine":
        os.kill(first, signal.SIGTERM)
    wait_until(lambda: not is_alive(first) and not is_alive(engine))
    if victim == "keeper":
        assert started.started("weak") is None
    else:
        # It was asked for, so it is started again.
        wait_until(lambda: len(pids(python)) == 4 and state() is ServerState.READY)
        started.stop("weak")
    wait_until(lambda: not any(map(is_alive, pids(python))))


def test_that_it_ends_with_the_process_it_was_started_for(python: Path) -> None:
    model = kept(python)
    window = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    started.launch(model, while_pid=window.pid)
    wait_until(lambda: state() is ServerState.READY)
    window.kill()
    window.wait()
    wait_until(lambda: started.started("weak") is None)
    assert not any(map(is_alive, pids(python)))


def test_that_one_that_cannot_start_says_why(python: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept(python, "fails")
    assert run(["models", "start", "weak", "--detach"]) != 0
    caught = capsys.readouterr()
    assert "No available memory" in caught.out + caught.err
    assert started.started("weak") is None


def test_that_only_vllm_is_started(python: Path) -> None:
    with pytest.raises(InputError, match="no server"):
        started.may_start(read_profile({"kind": "sam3", "name": "cutter"}))
