"""Prompts on the picture that is open: the process, what it keeps, and the card."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

from hopchain_core.backends.sam3.prompts import (
    PICTURES_SEEN,
    SCORE_FROM,
    PromptStep,
    Proposals,
    Sam3Prompts,
    sam3_profiles,
)
from hopchain_core.backends.servers.lease import FOLDER, DeviceLease
from hopchain_core.domain.geometry import Box, Point
from hopchain_core.errors import BackendError, InputError, PrerequisiteError
from hopchain_core.profiles.book import ProfileBook
from hopchain_core.profiles.profile import EndpointProfile, Sam3Profile


@pytest.fixture
def path(tmp_path: Path, photo: NDArray[np.uint8]) -> Path:
    path = tmp_path / "photo.png"
    Pillow.fromarray(photo).save(path)
    return path


def profile(folder: Path) -> Sam3Profile:
    return Sam3Profile(name="sam3", model=str(folder), label="tiny", device="cpu", dtype="float32")


def run(folder: Path, do: Callable[[Sam3Prompts], Awaitable[None]], idle_s: float = 60.0) -> None:
    async def main() -> None:
        prompts = Sam3Prompts(profile(folder), idle_s=idle_s)
        try:
            await do(prompts)
        finally:
            await prompts.aclose()
        assert prompts.engine.pid is None

    asyncio.run(main())


def test_that_a_word_boxes_and_points_are_answered_by_one_process(tiny_sam3_whole: Path, path: Path) -> None:
    async def do(prompts: Sam3Prompts) -> None:
        by_word = await prompts.prompt_word(path, "a", "  red   cat ")
        pid = prompts.engine.pid
        by_box = await prompts.prompt_boxes(path, "a", [(Box(10.0, 10.0, 90.0, 90.0), True)])
        by_point = await prompts.prompt_points(path, "a", [(Point(160.0, 60.0), True)])
        assert prompts.engine.pid == pid
        for answer in (by_word, by_box, by_point):
            scores = [one.score for one in answer.found]
            assert scores == sorted(scores, reverse=True)
            assert answer.seconds > 0
            for one in answer.found:
                assert (one.mask.width_px, one.mask.height_px) == (320, 240)
                assert one.mask.area
        assert by_word.found
        assert all(one.score > SCORE_FROM for one in (*by_word.found, *by_box.found))
        assert len(by_point.found) <= 1

    run(tiny_sam3_whole, do)


def test_that_nothing_asked_is_refused_before_a_process_starts(tiny_sam3: Path, path: Path) -> None:
    async def do(prompts: Sam3Prompts) -> None:
        with pytest.raises(InputError, match="what to look for"):
            await prompts.find(path, "a", word="  ")
        assert prompts.engine.pid is None

    run(tiny_sam3, do)


def test_that_a_killed_process_fails_one_prompt_and_the_next_starts_it_again(tiny_sam3: Path, path: Path) -> None:
    async def do(prompts: Sam3Prompts) -> None:
        before = (await prompts.prompt_word(path, "a", "cat")).found
        pid = prompts.engine.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        task = asyncio.create_task(prompts.prompt_word(path, "a", "cat"))
        await asyncio.sleep(0.2)
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(BackendError, match="ended on the way"):
            await task
        assert (await prompts.prompt_word(path, "a", "cat")).found == before
        assert prompts.engine.pid not in (None, pid)

    run(tiny_sam3, do)


def test_that_a_missing_model_says_what_to_do_and_holds_nothing(tmp_path: Path, path: Path) -> None:
    async def do(prompts: Sam3Prompts) -> None:
        with pytest.raises(PrerequisiteError, match="cannot be loaded") as raised:
            await prompts.prompt_word(path, "a", "cat")
        assert "model.safetensors" in raised.value.hint
        assert prompts.engine.pid is None

    run(tmp_path / "nothing", do)


def test_that_a_cancelled_prompt_leaves_the_process_for_the_next(tiny_sam3: Path, path: Path) -> None:
    async def do(prompts: Sam3Prompts) -> None:
        before = (await prompts.prompt_word(path, "a", "cat")).found
        pid = prompts.engine.pid
        task = asyncio.create_task(prompts.prompt_word(path, "b", "dog"))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await prompts.prompt_word(path, "a", "cat")).found == before
        assert prompts.engine.pid == pid

    run(tiny_sam3, do)


def test_that_the_process_is_gone_once_nobody_has_asked_for_a_while(tiny_sam3: Path, path: Path) -> None:
    async def do(prompts: Sam3Prompts) -> None:
        before: Proposals = await prompts.prompt_word(path, "a", "cat")
        assert prompts.engine.pid is not None
        async with asyncio.timeout(10):
            while prompts.engine.pid is not None:  # noqa: ASYNC110 (nobody is told when a process ends)
                await asyncio.sleep(0.02)
        assert (await prompts.prompt_word(path, "a", "cat")).found == before.found

    run(tiny_sam3, do, idle_s=0.05)


def test_that_the_card_is_waited_for_and_a_wait_can_be_given_up(
    tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path / "leases"))
    told: list[str] = []

    async def main() -> None:
        other = DeviceLease([0], "a run")
        await other.take()
        on_card = Sam3Profile(name="sam3", model=str(tmp_path / "nothing"), device="cuda:0")
        prompts = Sam3Prompts(on_card, on_wait=told.append)
        task = asyncio.create_task(prompts.prompt_word(path, "a", "cat"))
        async with asyncio.timeout(10):
            while not told:  # noqa: ASYNC110 (what is told is no awaitable)
                await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert prompts.engine.pid is None
        other.give_back()
        # What could not be loaded does not keep the card.
        with pytest.raises(PrerequisiteError):
            await prompts.prompt_word(path, "a", "cat")
        async with asyncio.timeout(10):
            await other.take()
        other.give_back()
        await prompts.aclose()

    asyncio.run(main())
    assert "a run" in told[0]


TAKES_THE_CARD = """
import asyncio
from hopchain_core.backends.servers.lease import DeviceLease
lease = DeviceLease([0], "a run in a terminal", lambda text: print(text, flush=True))
asyncio.run(lease.take())
print("has it", flush=True)
"""


def test_that_a_prompt_in_the_middle_of_a_release_begins_after_it(tiny_sam3: Path, path: Path) -> None:
    async def do(prompts: Sam3Prompts) -> None:
        before = (await prompts.prompt_word(path, "a", "cat")).found
        pid = prompts.engine.pid
        for _ in range(3):
            ending = asyncio.create_task(prompts.release())
            await asyncio.sleep(0)
            assert (await prompts.prompt_word(path, "a", "cat")).found == before
            await ending
            assert prompts.engine.pid not in (None, pid)
            assert prompts._lease.is_held

    run(tiny_sam3, do)


def test_that_the_card_is_given_up_to_a_process_that_waits_for_it(
    tiny_sam3: Path, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path / "leases"))

    async def main() -> None:
        # Here it computes on the processor; a lease of card 0 is held all the same, as there might be a card.
        on_card = Sam3Profile(name="sam3", model=str(tiny_sam3), label="tiny", device="auto", dtype="float32")
        prompts = Sam3Prompts(on_card, idle_s=3600.0)
        try:
            before = await prompts.prompt_word(path, "a", "cat")
            pid = prompts.engine.pid
            assert pid is not None
            other = await asyncio.create_subprocess_exec(
                sys.executable, "-c", TAKES_THE_CARD, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
            )
            assert other.stdout is not None
            async with asyncio.timeout(60):
                said = (await other.stdout.read()).decode()
                await other.wait()
            assert "waiting for card 0: SAM 3 in the studio" in said
            assert said.endswith("has it\n")
            assert prompts.engine.pid is None
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)
            assert (await prompts.prompt_word(path, "a", "cat")).found == before.found
        finally:
            await prompts.aclose()

    asyncio.run(main())


def test_that_a_question_on_its_way_is_answered_before_the_card_is_given_up(
    tiny_sam3: Path, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path / "leases"))

    async def main() -> None:
        on_card = Sam3Profile(name="sam3", model=str(tiny_sam3), label="tiny", device="auto", dtype="float32")
        prompts = Sam3Prompts(on_card, idle_s=3600.0)
        other = DeviceLease([0], "a run")
        try:
            await prompts.prompt_word(path, "a", "cat")
            pid = prompts.engine.pid
            assert pid is not None
            os.kill(pid, signal.SIGSTOP)
            asked = asyncio.create_task(prompts.prompt_word(path, "b", "dog"))
            waiting = asyncio.create_task(other.take())
            async with asyncio.timeout(60):
                while not prompts._lease.is_wanted():  # noqa: ASYNC110 (a wish is a lock on a file)
                    await asyncio.sleep(0.01)
                os.kill(pid, signal.SIGCONT)
                assert (await asked).found
                await waiting
            assert prompts.engine.pid is None
        finally:
            other.give_back()
            await prompts.aclose()

    asyncio.run(main())


def test_that_only_profiles_of_sam3_are_offered(tmp_path: Path) -> None:
    book = ProfileBook(tmp_path / "profiles.json")
    book.put(Sam3Profile(name="seg"))
    book.put(EndpointProfile(name="author", url="http://127.0.0.1:1/v1", model="m"))
    assert [one.name for one in sam3_profiles(book)] == ["seg"]


def test_that_each_step_of_a_prompt_is_told(tiny_sam3: Path, path: Path) -> None:
    async def main() -> None:
        told: list[PromptStep] = []
        prompts = Sam3Prompts(profile(tiny_sam3), on_step=told.append)

        async def steps_of(key: str) -> list[PromptStep]:
            told.clear()
            await prompts.prompt_word(path, key, "cat")
            return list(told)

        try:
            assert await steps_of("a") == [PromptStep.LOADING, PromptStep.LOOKING]
            assert await steps_of("a") == [PromptStep.FINDING]
            assert await steps_of("b") == [PromptStep.LOOKING]
            assert await steps_of("a") == [PromptStep.FINDING]
            # The process keeps two pictures, and "b" was seen before "a".
            assert await steps_of("c") == [PromptStep.LOOKING]
            assert await steps_of("b") == [PromptStep.LOOKING]
            await prompts.release()
            assert await steps_of("b") == [PromptStep.LOADING, PromptStep.LOOKING]
        finally:
            await prompts.aclose()

    asyncio.run(main())


def test_that_as_many_pictures_are_noted_as_the_process_keeps() -> None:
    from hopchain_core.backends.sam3.model import PICTURES_KEPT

    assert PICTURES_SEEN == PICTURES_KEPT
