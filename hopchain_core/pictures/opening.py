"""Opens picture files without trusting them: only regular files, only known formats, nothing unpacked yet."""

from __future__ import annotations

import errno
import os
import stat
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from hopchain_core.errors import PictureError
from hopchain_core.pictures.problems import PictureProblem, refusal
from hopchain_core.pictures.signatures import HEAD_BYTES, PictureFormat, foreign_format_of, format_of, webp_size

MOST_FILE_BYTES = 2**31
"""Larger files are refused unread. Chosen: 200 megapixels of 16-bit RGB, uncompressed, are 1.2 GB."""

# The readers are taken one by one and not through `Image.open`: that one tries every format there is, and its limit on
# the number of pixels is a setting of the whole process.
_READERS: dict[PictureFormat, type[ImageFile.ImageFile]] = {
    PictureFormat.JPEG: JpegImagePlugin.JpegImageFile,
    PictureFormat.PNG: PngImagePlugin.PngImageFile,
    PictureFormat.WEBP: WebPImagePlugin.WebPImageFile,
    PictureFormat.TIFF: TiffImagePlugin.TiffImageFile,
    PictureFormat.BMP: BmpImagePlugin.BmpImageFile,
    PictureFormat.GIF: GifImagePlugin.GifImageFile,
}


@contextmanager
def regular_file(path: Path) -> Iterator[BufferedReader]:
    """Opens a regular file for reading.

    Raises:
        PictureError: `missing`, `unreadable`, `not_a_file`, `empty` or `too_large` (in bytes).
    """
    try:
        _check_regular(path.stat())
        # A pipe put in its place meanwhile must not make the opening wait.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise _system_refusal(error) from error
    except ValueError as error:
        raise refusal(PictureProblem.MISSING, f"no file can have this name: {error}") from error
    with os.fdopen(descriptor, "rb") as file:
        try:
            _check_regular(os.fstat(descriptor))
            yield file
        except OSError as error:
            raise _system_refusal(error) from error


def _check_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise refusal(PictureProblem.NOT_A_FILE, "not a regular file")
    if status.st_size == 0:
        raise refusal(PictureProblem.EMPTY, "the file is empty")
    if status.st_size > MOST_FILE_BYTES:
        raise refusal(PictureProblem.TOO_LARGE, f"the file has {status.st_size:,} bytes, more than {MOST_FILE_BYTES:,}")


def _system_refusal(error: OSError) -> PictureError:
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG):
        return refusal(PictureProblem.MISSING, "there is no such file")
    return refusal(PictureProblem.UNREADABLE, error.strerror or "the file cannot be read")


def open_picture(file: BufferedReader, *, most_pixels: int) -> tuple[PictureFormat, ImageFile.ImageFile]:
    """Tells the format and reads the headers; no pixel is decoded. Call it inside `quiet_pillow`.

    Args:
        file: At its beginning or anywhere.
        most_pixels: What a WebP may declare; for the other formats the caller checks the size, which costs nothing.

    Raises:
        PictureError: `not_a_picture`, `unsupported` or `too_large`.
        Exception: Whatever Pillow raises for broken headers.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    form = format_of(head)
    if form is None:
        foreign = foreign_format_of(head)
        if foreign is not None:
            raise refusal(PictureProblem.UNSUPPORTED, f"{foreign} is not read here; convert it to JPEG or PNG")
        raise refusal(PictureProblem.NOT_A_PICTURE, "the bytes begin like no picture format")
    if form is PictureFormat.WEBP and (size := webp_size(head)) is not None:
        check_pixels(*size, most_pixels)
    file.seek(0)
    return form, _READERS[form](file)


def check_pixels(width_px: int, height_px: int, most_pixels: int) -> None:
    """Raises `PictureError` (`too_large`) when a picture has more pixels than allowed."""
    if width_px * height_px > most_pixels:
        raise refusal(
            PictureProblem.TOO_LARGE,
            f"{width_px} x {height_px} pixels are more than {most_pixels / 1e6:,.0f} megapixels",
        )


def ends_too_early(file: BufferedReader) -> bool:
    """Whether a file lacks the end that its format asks for; False where the format has no such mark."""
    file.seek(0, os.SEEK_END)
    size = file.tell()
    file.seek(max(0, size - 4096))
    tail = file.read()
    file.seek(0)
    head = file.read(HEAD_BYTES)
    match format_of(head):
        case PictureFormat.JPEG:
            return b"\xff\xd9" not in tail
        case PictureFormat.PNG:
            return b"IEND" not in tail
        case PictureFormat.GIF:
            return not tail.rstrip(b"\x00").endswith(b";")
        case PictureFormat.WEBP:
            return size < 8 + int.from_bytes(head[4:8], "little")
        case PictureFormat.BMP:
            return size < int.from_bytes(head[2:6], "little")
        case _:
            return False


_quiet_lock = threading.Lock()
_quiet_count = 0
_quiet_filters: warnings.catch_warnings[None] | None = None


@contextmanager
def quiet_pillow() -> Iterator[None]:
    """Silences the warnings of Pillow, and no others, while any thread is inside.

    The filters of `warnings` belong to the whole process, so the first thread in sets them and the last one out puts
    them back; two threads that did so on their own would undo each other's.
    """
    global _quiet_count, _quiet_filters
    with _quiet_lock:
        if _quiet_count == 0:
            _quiet_filters = warnings.catch_warnings()
            _quiet_filters.__enter__()
            warnings.filterwarnings("ignore", module=r"PIL(\.|\Z)")
        _quiet_count += 1
    try:
        yield
    finally:
        with _quiet_lock:
            _quiet_count -= 1
            if _quiet_count == 0 and _quiet_filters is not None:
                _quiet_filters.__exit__(None, None, None)
                _quiet_filters = None
