"""SAM 3 through Meta's own package: our side of it, with a stand-in that has the package's names and habits."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

from hopchain_core.backends.protocols import Segmented, SegmentRequest
from hopchain_core.backends.sam3.found import BoxPrompt
from hopchain_core.backends.sam3.native import NativeSam3, checkpoint_of
from hopchain_core.backends.sam3.prompts import Sam3Prompts
from hopchain_core.backends.sam3.segmenter import Sam3Options, Sam3Segmenter
from hopchain_core.domain.geometry import Box, Point
from hopchain_core.domain.images import Category, Image
from hopchain_core.domain.keys import ImageKey
from hopchain_core.errors import PrerequisiteError
from hopchain_core.pictures.decode import sha256_of
from hopchain_core.profiles.profile import Sam3Profile

STANDIN = Path(__file__).with_name("standin")


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / "sam3.pt").write_bytes(b"weights")
    return folder


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(STANDIN))
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "sam3"]:
        del sys.modules[name]


@pytest.fixture
def python(tmp_path: Path) -> str:
    """A Python whose environment has the package."""
    script = tmp_path / "python"
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{STANDIN}:$PYTHONPATH" exec "{sys.executable}" "$@"\n')
    script.chmod(0o755)
    return str(script)


def native(model: Path, python: str = "") -> Sam3Profile:
    return Sam3Profile(
        name="sam3", model=str(model), package="native", python=python, device="cpu", dtype="float32", label="SAM 3"
    )


@pytest.mark.usefixtures("standin")
def test_that_each_phrase_is_asked_alone_and_the_picture_is_looked_at_once(
    checkpoint: Path, photo: NDArray[np.uint8]
) -> None:
    model = NativeSam3(str(checkpoint), "cpu", "float32")
    cat, of, none = model.find(photo, ["cat", "of", ""], key="a", score_from=0.75)
    assert [round(found.score, 2) for found in cat] == [0.9, 0.8]
    assert [found.box.as_tuple()[0] for found in of] == [0.0, 160.0]
    assert none == []
    assert cat[0].mask.box() == Box(0, 60, 80, 180)
    again = model.find(photo, ["cat"], key="a", score_from=0.75)
    assert again == [cat]
    assert model._processor.model.looked_at == 1
    assert model.find(photo, ["cat"], key="a", score_from=0.85, mask_from=0.9)[0][0].mask.area == 0


@pytest.mark.usefixtures("standin")
def test_that_boxes_say_what_is_meant(checkpoint: Path, photo: NDArray[np.uint8]) -> None:
    model = NativeSam3(str(checkpoint), "cpu", "bfloat16")
    shown, wrong = BoxPrompt(Box(40, 20, 120, 100), True), BoxPrompt(Box(200, 20, 240, 60), False)
    (found,) = model.find_like(photo, [shown, wrong], key="a")
    assert found.mask.box() == shown.box
    assert len(model.find_like(photo, [wrong], phrase="ox", key="a")) == 2
    assert [len(each) for each in model.find(photo, ["ox"], key="a")] == [2]


def test_that_a_source_means_a_checkpoint(checkpoint: Path, tmp_path: Path) -> None:
    assert checkpoint_of(str(checkpoint)) == checkpoint_of(str(checkpoint / "sam3.pt")) == str(checkpoint / "sam3.pt")
    assert checkpoint_of("facebook/sam3") is None
    for wrong in (str(tmp_path), "somebody/else", str(tmp_path / "gone.pt")):
        with pytest.raises(OSError, match="sam3"):
            checkpoint_of(wrong)


@pytest.fixture
def request_(tmp_path: Path, photo: NDArray[np.uint8]) -> SegmentRequest:
    path = tmp_path / "photo.png"
    Pillow.fromarray(photo).save(path)
    image = Image(key=ImageKey(sha256_of(path)), path=path.name, width_px=320, height_px=240)
    return SegmentRequest(image=image, path=path, categories=(Category(name="cat"),))


def segment(profile: Sam3Profile, request: SegmentRequest) -> Segmented:
    async def run() -> Segmented:
        segmenter = Sam3Segmenter(profile, Sam3Options())
        try:
            return await segmenter.segment(request)
        finally:
            await segmenter.aclose()

    return asyncio.run(run())


def test_that_a_profile_chooses_the_package(checkpoint: Path, python: str, request_: SegmentRequest) -> None:
    found = segment(native(checkpoint, python), request_)
    assert [(i.category, round(i.score or 0, 2)) for i in found.instances] == [("cat", 0.9), ("cat", 0.8), ("cat", 0.7)]


def test_that_a_missing_package_says_what_to_do(checkpoint: Path, request_: SegmentRequest) -> None:
    with pytest.raises(PrerequisiteError, match="package sam3 cannot be imported") as raised:
        segment(native(checkpoint), request_)
    assert "set the profile's package to transformers" in raised.value.hint


@pytest.mark.usefixtures("standin")
def test_that_the_package_is_told_the_word_cuda_whatever_the_card(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[str] = []
    monkeypatch.setattr("torch.cuda.set_device", lambda device: chosen.append(str(device)))
    model = NativeSam3(str(checkpoint), "cuda:1", "bfloat16")
    assert chosen == ["cuda:1"]
    assert (model._processor.model.device, model._processor.device) == ("cuda", "cuda")


@pytest.mark.usefixtures("standin")
def test_that_without_a_card_it_says_so(checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sam3 import model_builder

    def without_a_card(**how: object) -> None:
        # What torch built for the processor says of parts that the package makes on "cuda".
        raise AssertionError("Torch not compiled with CUDA enabled")

    monkeypatch.setattr(model_builder, "build_sam3_image_model", without_a_card)
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    with pytest.raises(PrerequisiteError, match="computes on a CUDA card, and there is none") as raised:
        NativeSam3(str(checkpoint), "cpu", "float32")
    assert "transformers" in raised.value.hint


def test_that_a_folder_without_the_checkpoint_says_so(python: str, tmp_path: Path, request_: SegmentRequest) -> None:
    with pytest.raises(PrerequisiteError, match=r"there is no sam3\.pt in it"):
        segment(native(tmp_path, python), request_)


def test_that_points_are_asked_of_transformers_only(
    checkpoint: Path, python: str, tmp_path: Path, photo: NDArray[np.uint8]
) -> None:
    path = tmp_path / "photo.png"
    Pillow.fromarray(photo).save(path)

    async def run() -> None:
        prompts = Sam3Prompts(native(checkpoint, python))
        try:
            found = await prompts.prompt_word(path, "k", "cat")
            assert len(found.found) == 3
            with pytest.raises(PrerequisiteError, match="Points are not asked of the package sam3"):
                await prompts.prompt_points(path, "k", [(Point(9, 9), True)])
        finally:
            await prompts.aclose()

    asyncio.run(run())
