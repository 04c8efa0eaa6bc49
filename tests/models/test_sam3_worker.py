"""SAM 3 in its own process, as a stage asks it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

from hopchain_core.backends.protocols import Segmented, SegmentRequest
from hopchain_core.backends.sam3.segmenter import Sam3Options, Sam3Segmenter
from hopchain_core.domain.images import Category, Image
from hopchain_core.domain.instances import Origin
from hopchain_core.domain.keys import ImageKey
from hopchain_core.errors import BackendError, PictureError, PrerequisiteError
from hopchain_core.pictures.decode import sha256_of
from hopchain_core.profiles.profile import Sam3Profile

ROOT = Path(__file__).parents[2]
# Scores of random weights lie round 0.25.
LOOSE = Sam3Options(score_from=0.05, least_area=0.0, least_piece=0.0, same_iou=0.99, other_iou=1.0)


@pytest.fixture
def request_(tmp_path: Path, photo: NDArray[np.uint8]) -> SegmentRequest:
    path = tmp_path / "photo.png"
    Pillow.fromarray(photo).save(path)
    image = Image(key=ImageKey(sha256_of(path)), path=path.name, width_px=320, height_px=240)
    return SegmentRequest(image=image, path=path, categories=(Category(name="cat"), Category(name="dog")))


def profile(folder: Path) -> Sam3Profile:
    return Sam3Profile(name="sam3", model=str(folder), label="tiny", device="cpu", dtype="float32")


def test_that_instances_come_with_masks_scores_and_categories(tiny_sam3: Path, request_: SegmentRequest) -> None:
    async def run() -> Segmented:
        segmenter = Sam3Segmenter(profile(tiny_sam3), LOOSE)
        try:
            first, second = await asyncio.gather(segmenter.segment(request_), segmenter.segment(request_))
            assert first == second
            return first
        finally:
            await segmenter.aclose()

    found = asyncio.run(run())
    assert found.instances
    assert {i.category for i in found.instances} <= {"cat", "dog"}
    for instance in found.instances:
        assert instance.mask is not None
        assert instance.box == instance.mask.box()
        assert (instance.origin, instance.image) == (Origin.MODEL, request_.image.key)
        assert instance.score is not None
        assert 0.05 < instance.score < 1
    assert len({i.key for i in found.instances}) == len(found.instances)


def test_that_a_worker_that_is_killed_costs_one_item_and_is_started_again(
    tiny_sam3: Path, request_: SegmentRequest
) -> None:
    async def run() -> None:
        segmenter = Sam3Segmenter(profile(tiny_sam3), LOOSE)
        await segmenter.segment(request_)
        first = segmenter.engine.pid
        assert first is not None
        os.kill(first, signal.SIGSTOP)
        task = asyncio.create_task(segmenter.segment(request_))
        await asyncio.sleep(0.2)
        os.kill(first, signal.SIGKILL)
        with pytest.raises(BackendError, match="ended on the way") as raised:
            await task
        assert raised.value.kind == "engine_died"
        assert (await segmenter.segment(request_)).instances
        assert segmenter.engine.pid not in (None, first)
        await segmenter.aclose()
        assert segmenter.engine.pid is None

    asyncio.run(run())


def test_that_what_cannot_be_loaded_says_what_to_do(tmp_path: Path, request_: SegmentRequest) -> None:
    async def run() -> None:
        segmenter = Sam3Segmenter(profile(tmp_path / "nothing"), LOOSE)
        try:
            with pytest.raises(PrerequisiteError, match="cannot be loaded") as raised:
                await segmenter.segment(request_)
            assert "model.safetensors" in raised.value.hint
        finally:
            await segmenter.aclose()

    asyncio.run(run())


def test_that_a_picture_that_is_gone_is_its_own_failure(tiny_sam3: Path, request_: SegmentRequest) -> None:
    async def run() -> None:
        segmenter = Sam3Segmenter(profile(tiny_sam3), LOOSE)
        request_.path.unlink()
        try:
            with pytest.raises((PictureError, BackendError)) as raised:
                await segmenter.segment(request_)
            assert raised.value.kind == "missing"
        finally:
            await segmenter.aclose()

    asyncio.run(run())


def test_that_the_worker_is_gone_when_whoever_started_it_is_killed(tiny_sam3: Path, tmp_path: Path) -> None:
    code = f"""
        import asyncio, sys, time
        from hopchain_core.backends.engines.process import EngineProcess
        async def main():
            engine = EngineProcess("hopchain_core.backends.sam3.worker")
            print(await engine.call("load", model=[{str(tiny_sam3)!r}, "cpu", "float32"]) and engine.pid, flush=True)
            await asyncio.sleep(60)
        asyncio.run(main())
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert parent.stdout is not None
    with parent.stdout:
        worker = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{worker}").exists() and _is_alive(worker):
        assert time.monotonic() < deadline, "the worker outlives whoever started it"
        time.sleep(0.05)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_that_pictures_looked_at_together_give_what_each_gives_alone(
    tiny_sam3: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(1)
    requests = []
    for number in range(5):
        path = tmp_path / f"{number}.png"
        Pillow.fromarray(rng.integers(0, 256, (60 + 10 * number, 80, 3), dtype=np.uint8)).save(path)
        image = Image(key=ImageKey(sha256_of(path)), path=path.name, width_px=80, height_px=60 + 10 * number)
        names = ("cat", "dog", "bird")[: 1 + number % 3]
        requests.append(SegmentRequest(image=image, path=path, categories=tuple(Category(name=name) for name in names)))
    gone = replace(requests[2], path=tmp_path / "gone.png", image=replace(requests[2].image, key=ImageKey("gone")))
    calls: list[int] = []

    async def run(at_once: int) -> list[Segmented | BaseException]:
        segmenter = Sam3Segmenter(profile(tiny_sam3), LOOSE.model_copy(update={"pictures_at_once": at_once}))
        ask = segmenter._ask

        async def counted(pictures: list[dict[str, object]]) -> list[dict[str, object]]:
            calls.append(len(pictures))
            return await ask(pictures)

        monkeypatch.setattr(segmenter, "_ask", counted)
        try:
            asked = [segmenter.segment(r) for r in (*requests, gone)]
            return list(await asyncio.gather(*asked, return_exceptions=True))
        finally:
            await segmenter.aclose()

    together = asyncio.run(run(4))
    assert sorted(calls) == [2, 4]
    calls.clear()
    alone = asyncio.run(run(1))
    assert calls == [1] * 6
    for first, second in zip(together[:5], alone[:5], strict=True):
        assert isinstance(first, Segmented)
        assert isinstance(second, Segmented)
        assert first.instances
        assert [(i.category, i.box) for i in first.instances] == [(i.category, i.box) for i in second.instances]
        for one, other in zip(first.instances, second.instances, strict=True):
            assert one.mask is not None
            assert other.mask is not None
            assert one.mask.iou(other.mask) > 0.99
            assert one.score == pytest.approx(other.score, abs=1e-5)
    for failed in (together[5], alone[5]):
        assert isinstance(failed, BackendError)
        assert failed.kind not in ("engine", "engine_died")
