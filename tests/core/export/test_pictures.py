"""Pictures of an export: byte for byte where every reader sees the same, upright RGB elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ImageKey
from hopchain_core.export.admission import Reason
from hopchain_core.export.pictures import PictureRefusedError, place_picture
from tests.core.export.birds import IMAGE

SIZE = (60, 40)


def _gradient() -> Pillow.Image:
    x, y = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    return Pillow.fromarray(np.stack([x * 4, y * 6, x + y], axis=-1).astype(np.uint8))


def _image(path: Path) -> Image:
    return replace(IMAGE, key=ImageKey(hashlib.sha256(path.read_bytes()).hexdigest()), path=f"somewhere/{path.name}")


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _png(path: Path) -> None:
    _gradient().save(path)


def _jpeg(path: Path) -> None:
    _gradient().save(path)


def _webp(path: Path) -> None:
    _gradient().save(path, lossless=True)


def _grey(path: Path) -> None:
    _gradient().convert("L").save(path)


@pytest.mark.parametrize(
    ("name", "save"),
    [("a.png", _png), ("a.jpg", _jpeg), ("a.webp", _webp), ("grey.png", _grey), ("mislabelled.tif", _webp)],
)
def test_that_a_plain_picture_is_taken_byte_for_byte(tmp_path: Path, name: str, save: Callable[[Path], None]) -> None:
    made = tmp_path / f"made{'.webp' if save is _webp else Path(name).suffix}"
    save(made)
    source = made.rename(tmp_path / name)
    placed = place_picture(_image(source), source, tmp_path)
    assert (tmp_path / placed.file).read_bytes() == source.read_bytes()
    assert placed.sha256 == _image(source).key


def _turned(path: Path) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    _gradient().transpose(Pillow.Transpose.ROTATE_90).save(path, exif=exif)


def _sixteen_bits(path: Path) -> None:
    Pillow.fromarray((np.asarray(_gradient().convert("L")).astype(np.uint16)) * 257).save(path)


def _cmyk(path: Path) -> None:
    _gradient().convert("CMYK").save(path, quality=95)


def _palette(path: Path) -> None:
    _gradient().quantize(64).save(path)


def _clear(path: Path) -> None:
    picture = _gradient().convert("RGBA")
    picture.putalpha(128)
    picture.save(path)


def _bmp(path: Path) -> None:
    _gradient().save(path)


@pytest.mark.parametrize(
    ("name", "save"),
    [
        ("turned.png", _turned),
        ("deep.png", _sixteen_bits),
        ("cmyk.jpg", _cmyk),
        ("palette.png", _palette),
        ("clear.png", _clear),
        ("a.bmp", _bmp),
        ("a.tif", _bmp),
        ("a.gif", _palette),
    ],
)
def test_that_any_other_picture_becomes_an_upright_png(tmp_path: Path, name: str, save: Callable[[Path], None]) -> None:
    source = tmp_path / name
    save(source)
    placed = place_picture(_image(source), source, _made(tmp_path / "out"))
    assert placed.file.endswith(".png")
    data = (tmp_path / "out" / placed.file).read_bytes()
    assert placed.sha256 == hashlib.sha256(data).hexdigest() != _image(source).key
    assert placed.size_bytes == len(data)
    with Pillow.open(tmp_path / "out" / placed.file) as opened:
        assert (opened.format, opened.mode, opened.size) == ("PNG", "RGB", SIZE)
        assert opened.getexif().get(0x0112, 1) == 1


def test_that_a_turned_picture_is_turned_back(tmp_path: Path) -> None:
    source = tmp_path / "turned.png"
    _turned(source)
    placed = place_picture(_image(source), source, tmp_path)
    with Pillow.open(tmp_path / placed.file) as opened:
        assert np.array_equal(np.asarray(opened), np.asarray(_gradient()))


def test_that_two_pictures_of_one_name_do_not_meet(tmp_path: Path) -> None:
    files = []
    for n in range(2):
        source = tmp_path / f"{n}" / "same name (1).png"
        source.parent.mkdir()
        Pillow.new("RGB", SIZE, (n, n, n)).save(source)
        files.append(place_picture(_image(source), source, tmp_path).file)
    assert len(set(files)) == 2
    assert all(f.startswith("images/same_name_1-") for f in files)


def test_that_a_name_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    source = tmp_path / "a.png"
    _png(source)
    image = replace(_image(source), path="../../..png")
    placed = place_picture(image, source, tmp_path)
    assert (tmp_path / placed.file).resolve().parent == (tmp_path / "images").resolve()


def test_that_a_missing_a_changed_and_a_broken_picture_are_told_apart(tmp_path: Path) -> None:
    source = tmp_path / "a.png"
    _png(source)
    image = _image(source)
    source.write_bytes(b"not a picture")
    broken = _image(source)
    for asked, path, reason in (
        (image, tmp_path / "gone.png", Reason.PICTURE_MISSING),
        (image, source, Reason.PICTURE_CHANGED),
        (broken, source, Reason.PICTURE_UNREADABLE),
    ):
        with pytest.raises(PictureRefusedError) as caught:
            place_picture(asked, path, tmp_path)
        assert caught.value.reason is reason
