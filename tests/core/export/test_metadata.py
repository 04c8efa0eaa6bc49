"""What cameras wrote is taken out of exported pictures, and their pixels stay byte for byte."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageCms, PngImagePlugin

from hopchain_core.cli.main import run
from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ImageKey
from hopchain_core.export.listed import Listed
from hopchain_core.export.pictures import read_picture
from hopchain_core.pictures.metadata import metadata_in, without_metadata
from tests.core.export.birds import IMAGE

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _noise() -> Pillow.Image:
    return Pillow.fromarray(np.random.default_rng(0).integers(0, 255, (40, 60, 3), dtype=np.uint8))


def _exif(orientation: int = 1) -> Pillow.Exif:
    exif = Pillow.Exif()
    exif[0x0112], exif[0x010F] = orientation, "Camera of Ann"
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 0.0)}
    return exif


def _jpeg(**more: Any) -> bytes:
    stream = BytesIO()
    _noise().save(
        stream, "JPEG", exif=_exif(), icc_profile=PROFILE, comment=b"taken by Ann", xmp=b"<x:xmpmeta>Ann</x>", **more
    )
    return stream.getvalue()


def _png() -> bytes:
    stream, info = BytesIO(), PngImagePlugin.PngInfo()
    info.add_text("Author", "Ann")
    info.add_itxt("Comment", "Ann", zip=True)
    _noise().save(stream, "PNG", exif=_exif(), pnginfo=info, icc_profile=PROFILE)
    return stream.getvalue()


def _webp() -> bytes:
    stream = BytesIO()
    _noise().save(stream, "WEBP", exif=_exif(), xmp=b"<x:xmpmeta>Ann</x>", icc_profile=PROFILE)
    return stream.getvalue()


MADE: dict[str, Callable[[], bytes]] = {
    "jpeg": _jpeg,
    "progressive": lambda: _jpeg(progressive=True),
    "png": _png,
    "webp": _webp,
}


@pytest.mark.parametrize("name", MADE)
def test_that_the_place_and_the_names_are_gone_and_the_pixels_are_not(name: str) -> None:
    data = MADE[name]()
    assert {"exif", "gps"} <= set(metadata_in(data))
    stripped = without_metadata(data)
    assert metadata_in(stripped) == ()
    assert b"Ann" not in stripped
    with Pillow.open(BytesIO(data)) as before, Pillow.open(BytesIO(stripped)) as after:
        assert not after.getexif()
        assert after.info["icc_profile"] == PROFILE
        assert np.array_equal(np.asarray(before), np.asarray(after))


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_that_a_picture_without_it_stays_byte_for_byte(name: str) -> None:
    stream = BytesIO()
    _noise().save(stream, name)
    assert without_metadata(stream.getvalue()) == stream.getvalue()


def test_that_what_is_appended_to_a_jpeg_goes_too() -> None:
    data = _jpeg() + b"MotionPhoto of Ann" * 9
    assert without_metadata(data) == without_metadata(_jpeg())


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(sorted(MADE)), share=st.floats(0, 1), piece=st.binary(max_size=8))
def test_that_broken_files_give_a_known_error_or_bytes(name: str, share: float, piece: bytes) -> None:
    data = MADE[name]()
    at = int(share * len(data))
    for broken in (data[:at], data[:at] + piece + data[at + len(piece) :]):
        with contextlib.suppress(ValueError):
            without_metadata(broken)


def _taken_in(path: Path, data: bytes) -> Image:
    path.write_bytes(data)
    return replace(IMAGE, key=ImageKey(hashlib.sha256(data).hexdigest()), path=path.name)


def test_that_an_export_strips_unless_asked_to_keep(tmp_path: Path) -> None:
    image = _taken_in(tmp_path / "a.jpg", _jpeg())
    picture, data = read_picture(image, tmp_path / "a.jpg")
    assert metadata_in(data) == ()
    assert picture.sha256 == hashlib.sha256(data).hexdigest() != image.key
    kept, data = read_picture(image, tmp_path / "a.jpg", keep_metadata=True)
    assert kept.sha256 == image.key
    assert "gps" in metadata_in(data)


@pytest.mark.parametrize("orientation", range(2, 9))
def test_that_a_turned_picture_is_upright_without_its_exif(tmp_path: Path, orientation: int) -> None:
    stream = BytesIO()
    _noise().save(stream, "PNG", exif=_exif(orientation))
    image = _taken_in(tmp_path / "a.png", stream.getvalue())
    _, data = read_picture(image, tmp_path / "a.png", keep_metadata=True)
    assert metadata_in(data) == ()
    with Pillow.open(BytesIO(data)) as upright:
        assert upright.size == ((40, 60) if orientation >= 5 else (60, 40))


def test_that_a_list_of_hashes_finds_the_file_and_what_looks_like_it(tmp_path: Path) -> None:
    folder = tmp_path / "benchmark"
    (folder / "deep").mkdir(parents=True)
    smooth = Pillow.fromarray(np.add.outer(np.arange(96), np.arange(128)).astype(np.uint8)).convert("RGB")
    smooth.save(folder / "deep" / "a b.png")
    (folder / "broken.jpg").write_bytes(b"no picture")
    assert run(["hashes", str(folder), "--out", str(tmp_path / "list.txt")]) == 3
    listed = Listed.read(tmp_path / "list.txt")
    assert (len(listed.keys), len(listed.looks)) == (1, 1)
    key = hashlib.sha256((folder / "deep" / "a b.png").read_bytes()).hexdigest()
    same = replace(IMAGE, key=ImageKey(key), path="x.png")
    look = listed.looks[0]
    assert "the same file" in listed.why(same)
    for flipped, is_near in ((0, True), (0b1111, True), (1 << 63 | 1 << 40 | 1 << 21 | 1, True), (0b11111, False)):
        near = replace(IMAGE, key=ImageKey("0" * 64), path="y.png", perceptual_hash=f"{look ^ flipped:016x}")
        assert bool(listed.why(near)) is is_near


@settings(max_examples=200, deadline=None)
@given(looks=st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=5), bits=st.sets(st.integers(0, 63), max_size=6))
def test_that_the_search_for_what_looks_alike_is_exact(looks: list[int], bits: set[int]) -> None:
    listed = Listed(keys=frozenset(), looks=tuple(sorted(looks)))
    asked = looks[0]
    for bit in bits:
        asked ^= 1 << bit
    nearest = min((asked ^ other).bit_count() for other in looks)
    image = replace(IMAGE, perceptual_hash=f"{asked:016x}")
    assert bool(listed.why(image)) is (nearest <= 4)
