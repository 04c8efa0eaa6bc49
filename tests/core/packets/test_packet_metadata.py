"""A packet shows the picture and says nothing of who took it, where and when."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import PngImagePlugin, TiffImagePlugin

from hopchain_core.cli.main import run
from hopchain_core.domain.review import Outcome
from hopchain_core.errors import PictureError
from hopchain_core.packets import open_packet
from hopchain_core.packets.pictures import only_shown
from hopchain_core.pictures.decode import decode_rgb
from hopchain_core.pictures.metadata import metadata_in
from tests.core.packets.asked import Asking, asked

NAME = "Wilhelmina Photographer"
TAKEN = "2023:04:05 06:07:08"


def _noise() -> Pillow.Image:
    random = np.random.default_rng(0).integers(0, 255, (10, 12, 3), dtype=np.uint8)
    return Pillow.fromarray(random).resize((64, 48), Pillow.Resampling.BICUBIC)


def _exif(orientation: int) -> Pillow.Exif:
    exif = Pillow.Exif()
    exif[0x0112], exif[0x013B], exif[0x0132] = orientation, NAME, TAKEN
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 0.0)}
    return exif


def _saved(form: str, orientation: int, **more: Any) -> bytes:
    stream = BytesIO()
    _noise().save(stream, form, exif=_exif(orientation), **more)
    return stream.getvalue()


def _png(orientation: int) -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", NAME, zip=True)
    texts.add_itxt("Comment", NAME)
    return _saved("PNG", orientation, pnginfo=texts)


def _several_in_one(orientation: int) -> bytes:
    """As some telephones write them: a second picture behind the first, with a place of its own."""
    return _saved("JPEG", orientation) + _saved("JPEG", 1)


MADE = {
    "jpeg": lambda o: _saved("JPEG", o, comment=NAME.encode(), xmp=f"<x:xmpmeta>{NAME}</x>".encode()),
    "progressive": lambda o: _saved("JPEG", o, progressive=True),
    "several": _several_in_one,
    "png": _png,
    "webp": lambda o: _saved("WEBP", o, xmp=f"<x:xmpmeta>{NAME}</x>".encode()),
    "tiff": lambda o: _saved("TIFF", o, tiffinfo=_tiff_texts(o)),
}


def _tiff_texts(orientation: int) -> TiffImagePlugin.ImageFileDirectory_v2:
    texts = TiffImagePlugin.ImageFileDirectory_v2()
    texts[0x0112], texts[0x013B], texts[0x0132] = orientation, NAME, TAKEN
    return texts


def said(data: bytes) -> list[str]:
    """What of it the bytes say, also unpacked."""
    with Pillow.open(BytesIO(data)) as opened:
        opened.load()
        told = f"{opened.info} {dict(opened.getexif())} {opened.getexif().get_ifd(0x8825)}"
    found = [word for word in (NAME, TAKEN) if word.encode() in data or word in told]
    return [*found, *(["gps"] if "52.0" in told else [])]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", MADE)
def test_that_only_the_pixels_and_the_way_up_are_left(name: str, orientation: int) -> None:
    data = MADE[name](orientation)
    assert set(said(data)) >= {NAME, TAKEN}
    shown = only_shown(data)
    assert said(shown) == []
    assert set(metadata_in(shown)) <= {"exif"}
    for side in (None, 24):
        assert np.array_equal(decode_rgb(shown, side), decode_rgb(data, side))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_that_a_file_without_anything_to_take_out_goes_in_as_it_is(form: str) -> None:
    stream = BytesIO()
    _noise().save(stream, form)
    assert only_shown(stream.getvalue()) == stream.getvalue()


def test_that_a_file_that_is_not_quite_its_format_is_put_in_anew() -> None:
    data = _saved("JPEG", 6)
    at = data.index(b"Exif\0\0") - 4
    odd = data[:at] + b"\xff\xfe\x00\x01" + data[at:]  # a comment shorter than its own length field
    try:
        before = decode_rgb(odd)
    except PictureError:
        pytest.skip("this version of libjpeg does not read such files either")
    shown = only_shown(odd)
    assert said(shown) == []
    assert np.array_equal(decode_rgb(shown), before)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Asking]:
    """Six questions about pictures from a telephone that was held upright; a round is open."""
    from tests.core.packets import asked as module

    def save(folder: Path, number: int) -> Any:
        path = folder / "pictures" / f"picture {number}.jpg"
        path.parent.mkdir(exist_ok=True)
        data = _saved("JPEG", 6, comment=f"{NAME} {number}".encode())
        path.write_bytes(data)
        key = module.ImageKey(hashlib.sha256(data).hexdigest())
        return module.Image(key=key, path=f"pictures/{path.name}", width_px=48, height_px=64, split_group=key)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_image", save)
        with asked(tmp_path / "project") as made:
            made.open_round()
            yield made


def test_that_no_byte_of_a_packet_says_who_took_its_pictures_where_and_when(project: Asking, tmp_path: Path) -> None:
    path = project.make_packet("ann", tmp_path).path
    data = path.read_bytes()
    assert NAME.encode() not in data
    assert TAKEN.encode() not in data
    with project.read() as read:
        for image in read.images():
            assert image.key.encode() not in data
    with closing(sqlite3.connect(path)) as connection:
        files = [row[0] for row in connection.execute("SELECT bytes FROM picture_file")]
    assert len(files) == 3
    assert all(said(file) == [] for file in files)


def test_that_the_search_would_find_it(project: Asking, tmp_path: Path) -> None:
    made = project.make_packet("ann", tmp_path, keep_metadata=True)
    assert NAME.encode() in made.path.read_bytes()
    with closing(sqlite3.connect(made.path)) as connection:
        (file,) = connection.execute("SELECT bytes FROM picture_file").fetchone()
    assert set(said(file)) == {NAME, TAKEN, "gps"}


@pytest.mark.parametrize("keep", [False, True])
def test_that_what_is_shown_is_upright_and_answers_come_back(project: Asking, tmp_path: Path, keep: bool) -> None:
    path = project.make_packet("ann", tmp_path, keep_metadata=keep).path
    ours = project.blind("ann")
    with open_packet(path) as packet:
        for item, other in zip(packet.ahead(6), ours.ahead(6), strict=True):
            seen = packet.read_picture(item.id)
            assert seen.shape == (64, 48, 3) == (item.height_px, item.width_px, 3)
            assert np.array_equal(seen, ours.read_picture(other.id))
        for number in range(4):
            item = packet.next()
            assert item is not None
            packet.answer(item.id, Outcome.ANSWERED, str(number))
    assert project.merge_packets([path]).answers.new == 4
    assert project.merge_packets([path]).answers.new == 0


def test_that_packets_with_and_without_it_come_together(project: Asking, tmp_path: Path) -> None:
    paths = []
    for name, keep in (("early", True), ("late", False)):
        path = project.make_packet("ann", tmp_path / f"{name}.hopchain-packet", keep_metadata=keep).path
        with open_packet(path) as packet:
            for _ in range(3):
                item = packet.next()
                assert item is not None
                packet.answer(item.id, Outcome.ANSWERED, "7")
        paths.append(path)
    merged = project.merge_packets(paths)
    assert (merged.answers.new, merged.conflicts) == (3, ())


def test_that_the_command_takes_it_out_unless_told(project: Asking, tmp_path: Path) -> None:
    path = project.path
    project.close()
    for name, more in (("a", []), ("b", ["--keep-metadata"])):
        out = tmp_path / f"{name}.hopchain-packet"
        assert run(["packet", "make", str(path), str(out), "--for", "ann", *more]) == 0
        assert (NAME.encode() in out.read_bytes()) is bool(more)
