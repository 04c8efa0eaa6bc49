"""One lease for each card, among all processes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from hopchain_core.backends.servers.lease import FOLDER, DeviceLease, devices_of
from hopchain_core.errors import PrerequisiteError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER, str(tmp_path / "leases"))
    return tmp_path / "leases"


@pytest.mark.parametrize(
    ("device", "cards"), [("cpu", ()), ("cuda", (0,)), ("cuda:3", (3,)), ("auto", (0,)), ("mps", ())]
)
def test_that_a_device_names_its_card(device: str, cards: tuple[int, ...]) -> None:
    assert devices_of(device) == cards


def test_that_the_second_waits_until_the_first_gives_back() -> None:
    async def run() -> list[str]:
        said: list[str] = []
        first, second = DeviceLease([0, 1], "SAM 3"), DeviceLease([1], "vLLM", said.append)
        await first.take()
        waiting = asyncio.create_task(second.take())
        await asyncio.sleep(0.05)
        assert not waiting.done()
        first.give_back()
        await waiting
        assert second.is_held
        second.give_back()
        return said

    (said,) = asyncio.run(run())
    assert said.startswith("waiting for card 1: SAM 3")


def test_that_it_is_taken_once_however_often_it_is_asked_for() -> None:
    async def run() -> bool:
        lease, other = DeviceLease([0], "a"), DeviceLease([0], "b")
        await other.take()
        tasks = [asyncio.create_task(lease.take()) for _ in range(5)]
        await asyncio.sleep(0.05)
        other.give_back()
        await asyncio.wait_for(asyncio.gather(*tasks), 5)
        is_held = lease.is_held
        lease.give_back()
        return is_held

    assert asyncio.run(run())


def test_that_a_wait_given_up_holds_nothing() -> None:
    async def run() -> None:
        first, second, third = DeviceLease([1], "a"), DeviceLease([0, 1], "b"), DeviceLease([0], "c")
        await first.take()
        waiting = asyncio.create_task(second.take())
        await asyncio.sleep(0.05)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await asyncio.wait_for(third.take(), 5)
        first.give_back()
        third.give_back()

    asyncio.run(run())


def test_that_the_processor_needs_none(folder: Path) -> None:
    asyncio.run(DeviceLease((), "anything").take())
    assert not folder.exists()


def test_that_a_holder_that_is_killed_gives_back() -> None:
    code = """
        import asyncio, time
        from hopchain_core.backends.servers.lease import DeviceLease
        lease = DeviceLease([0], "other")
        asyncio.run(lease.take())
        print("held", flush=True)
        time.sleep(60)
    """
    other = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    with other.stdout:
        assert other.stdout.readline() == "held\n"

    async def run() -> bool:
        lease = DeviceLease([0], "ours")
        waiting = asyncio.create_task(lease.take())
        await asyncio.sleep(0.05)
        assert not waiting.done()
        other.kill()
        await asyncio.wait_for(waiting, 10)
        is_held = lease.is_held
        lease.give_back()
        return is_held

    assert asyncio.run(run())
    other.wait()


def test_that_a_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(FOLDER, str(tmp_path / "file" / "below"))
    with pytest.raises(PrerequisiteError, match="cannot be written"):
        asyncio.run(DeviceLease([0], "a").take())
