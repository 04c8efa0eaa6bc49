"""From a file to a picture, or to the one reason why not.

What is read: JPEG, PNG, WebP, TIFF, BMP and the first frame of GIF (and of the others that can have several), told by
the bytes. A name that promises another format is no reason to refuse a picture; `is_mislabelled` notes it.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, ImageFile, TiffImagePlugin
from PIL import Image as Pillow

from hopchain_core.errors import PictureError
from hopchain_core.pictures.colour import plain_pixels, to_rgb
from hopchain_core.pictures.opening import check_pixels, ends_too_early, open_picture, quiet_pillow, regular_file
from hopchain_core.pictures.perceptual import HASH_SIDE_PX, difference_hash
from hopchain_core.pictures.problems import PictureProblem, refusal
from hopchain_core.pictures.signatures import PictureFormat, format_of_name

MOST_PIXELS = 200_000_000
"""Chosen: above any camera there is; decoded it takes 0.8 GB."""
LEAST_SIDE_PX = 32
"""Chosen: a shorter side shows nothing that could be asked about."""
_LARGE_PIXELS = 32_000_000
"""Pictures above this are decoded one at a time, so that memory does not grow with the number of threads. Chosen."""
_DECODED_AT_ONCE_BYTES = 2**26
_ROWS_AT_ONCE = 32

T = TypeVar("T")
_large_picture = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureHeader:
    """What a picture says of itself.

    Attributes:
        file_format: What the bytes are.
        stored_width_px: Columns as stored.
        stored_height_px: Rows as stored.
        orientation: EXIF orientation, 1 to 8; 1 when it is missing or makes no sense.
        is_mislabelled: The file's name promises another format.
    """

    file_format: PictureFormat
    stored_width_px: int
    stored_height_px: int
    orientation: int
    is_mislabelled: bool

    @property
    def width_px(self) -> int:
        """Columns of the upright picture."""
        return self.stored_height_px if self.orientation >= 5 else self.stored_width_px

    @property
    def height_px(self) -> int:
        """Rows of the upright picture."""
        return self.stored_width_px if self.orientation >= 5 else self.stored_height_px


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFile(PictureHeader):
    """A picture that was decoded from the first to the last pixel.

    Attributes:
        sha256: Of the bytes of the file, 64 hex digits.
        perceptual_hash: 64-bit difference hash of the upright picture, 16 hex digits.
    """

    sha256: str
    perceptual_hash: str


def sha256_of(path: Path) -> str:
    """sha256 of the bytes of a file, 64 hex digits.

    Raises:
        PictureError: It is missing, not readable, not a regular file or empty.
    """
    with regular_file(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_header(path: Path, *, most_pixels: int = MOST_PIXELS) -> PictureHeader:
    """Reads the headers of a picture.

    Raises:
        PictureError: The file is refused; `kind` is a `PictureProblem`.
    """
    with regular_file(path) as file:
        return _guarded(file, path, most_pixels, lambda header, _: header)


def header_of(data: bytes, *, most_pixels: int = MOST_PIXELS) -> PictureHeader:
    """As `read_header`, for the bytes of a file that lie in memory."""
    with BufferedReader(BytesIO(data)) as file:
        return _guarded(cast(BufferedReader, file), Path(), most_pixels, lambda header, _: header)


def inspect(path: Path, *, most_pixels: int = MOST_PIXELS) -> PictureFile:
    """Decodes a picture once, from the first to the last pixel, and says what is to be known of it.

    Raises:
        PictureError: The file is refused; `kind` is a `PictureProblem`.
    """
    with regular_file(path) as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()

        def look(header: PictureHeader, opened: ImageFile.ImageFile) -> PictureFile:
            # A JPEG is read to its end also at an eighth of its size, and much faster.
            upright = _load_upright(opened, at_least_px=HASH_SIDE_PX)
            return PictureFile(
                file_format=header.file_format,
                stored_width_px=header.stored_width_px,
                stored_height_px=header.stored_height_px,
                orientation=header.orientation,
                is_mislabelled=header.is_mislabelled,
                sha256=sha256,
                perceptual_hash=difference_hash(upright),
            )

        return _guarded(file, path, most_pixels, look)


def read_rgb(path: Path, max_side: int | None = None, *, most_pixels: int = MOST_PIXELS) -> NDArray[np.uint8]:
    """Decodes a picture: upright, in sRGB, over white where it is transparent.

    Args:
        path: The file.
        max_side: Shrink it so that the longer side has at most this many pixels; it is never enlarged.
        most_pixels: Refuse pictures that declare more.

    Shapes:
        returns: uint8, (H, W, 3), C-contiguous

    Raises:
        PictureError: The file is refused; `kind` is a `PictureProblem`.
    """
    with regular_file(path) as file:
        return _guarded(file, path, most_pixels, lambda header, opened: _rgb(header, opened, max_side))


def decode_rgb(data: bytes, max_side: int | None = None, *, most_pixels: int = MOST_PIXELS) -> NDArray[np.uint8]:
    """As `read_rgb`, for the bytes of a file that lie in memory."""
    with BufferedReader(BytesIO(data)) as file:
        return _guarded(
            cast(BufferedReader, file), Path(), most_pixels, lambda header, opened: _rgb(header, opened, max_side)
        )


def _rgb(header: PictureHeader, opened: ImageFile.ImageFile, max_side: int | None) -> NDArray[np.uint8]:
    profile = opened.info.get("icc_profile")
    longer = max(header.width_px, header.height_px)
    if max_side is None or max_side >= longer:
        upright = _load_upright(opened, at_least_px=None)
    else:
        upright = _load_upright(opened, at_least_px=max_side)
        size = tuple(max(1, round(side * max_side / longer)) for side in (header.width_px, header.height_px))
        upright = upright.resize((size[0], size[1]), Pillow.Resampling.LANCZOS, reducing_gap=3.0)
    return _array_of(to_rgb(upright, profile if isinstance(profile, bytes) else None))


def _array_of(picture: Pillow.Image) -> NDArray[np.uint8]:
    """Its pixels, a few rows at a time: all at once, Pillow copies them three times and holds up every other thread."""
    found = np.empty((picture.height, picture.width, 3), dtype=np.uint8)
    for top in range(0, picture.height, _ROWS_AT_ONCE):
        bottom = min(top + _ROWS_AT_ONCE, picture.height)
        found[top:bottom] = np.asarray(picture.crop((0, top, picture.width, bottom)))
    return found


def _load_upright(opened: ImageFile.ImageFile, *, at_least_px: int | None) -> Pillow.Image:
    """Decodes all of it, in a mode that can be resized.

    Args:
        opened: With its headers read.
        at_least_px: A JPEG may come out smaller, as long as both sides keep this many pixels.
    """
    if at_least_px is not None:
        opened.draft(None, (at_least_px, at_least_px))
    # Pillow decodes a JPEG in pieces of this size and waits for the interpreter before each: with other threads at
    # work, that is longer than the decoding. A whole file in one piece is decoded without them.
    opened.decodermaxblock = max(opened.decodermaxblock, _DECODED_AT_ONCE_BYTES)
    opened.load()
    plain = plain_pixels(opened)
    # Pillow turns a TIFF on its own and takes the tag away; of the others it keeps both as they are.
    turn = _TURNS.get(_orientation(opened))
    return plain if turn is None else plain.transpose(turn)


_TURNS = {
    2: Pillow.Transpose.FLIP_LEFT_RIGHT,
    3: Pillow.Transpose.ROTATE_180,
    4: Pillow.Transpose.FLIP_TOP_BOTTOM,
    5: Pillow.Transpose.TRANSPOSE,
    6: Pillow.Transpose.ROTATE_270,
    7: Pillow.Transpose.TRANSVERSE,
    8: Pillow.Transpose.ROTATE_90,
}
"""EXIF 2.3, tag Orientation; Pillow's rotations go against the clock."""


def _guarded(
    file: BufferedReader, path: Path, most_pixels: int, look: Callable[[PictureHeader, ImageFile.ImageFile], T]
) -> T:
    """Opens the picture in a file and looks at it; whatever goes wrong becomes one `PictureError`."""
    try:
        with quiet_pillow():
            form, opened = open_picture(file, most_pixels=most_pixels)
            width, height = _stored_size(opened)
            check_pixels(width, height, most_pixels)
            if min(width, height) < LEAST_SIDE_PX:
                raise refusal(
                    PictureProblem.TOO_SMALL,
                    f"{width} x {height} pixels; a side needs at least {LEAST_SIDE_PX}",
                )
            promised = format_of_name(path)

            def decode(opened: ImageFile.ImageFile) -> T:
                header = PictureHeader(
                    file_format=form,
                    stored_width_px=width,
                    stored_height_px=height,
                    # For a PNG, Pillow decodes all of it to find the tag, which may stand behind the pixels.
                    orientation=_orientation(opened),
                    is_mislabelled=promised is not None and promised is not form,
                )
                return look(header, opened)

            return decode(opened) if width * height <= _LARGE_PIXELS else _one_at_a_time(decode, opened)
    except PictureError:
        raise
    except Pillow.DecompressionBombError as error:
        raise refusal(PictureProblem.TOO_LARGE, str(error)) from error
    except MemoryError as error:
        raise refusal(PictureProblem.TOO_LARGE, "there is not enough memory to decode it") from error
    except Exception as error:  # Pillow raises nearly every kind there is for broken files
        raise _decoding_refusal(file, error) from error


def _stored_size(opened: ImageFile.ImageFile) -> tuple[int, int]:
    if isinstance(opened, TiffImagePlugin.TiffImageFile):
        # Here Pillow gives the size after turning; the tags have it as stored.
        return int(opened.tag_v2[_TIFF_WIDTH]), int(opened.tag_v2[_TIFF_HEIGHT])
    return opened.size


_TIFF_WIDTH, _TIFF_HEIGHT = 256, 257  # TIFF 6.0, section 8


def _orientation(opened: ImageFile.ImageFile) -> int:
    try:
        value = opened.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # broken EXIF is no reason to refuse a picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _one_at_a_time(decode: Callable[[ImageFile.ImageFile], T], opened: ImageFile.ImageFile) -> T:
    # In a thread of its own: malloc keeps what each thread has freed, so with several threads that took turns, each
    # would sit on as much memory as its largest picture took.
    with _large_picture, ThreadPoolExecutor(1, thread_name_prefix="large picture") as alone:
        return alone.submit(decode, opened).result()


def _decoding_refusal(file: BufferedReader, error: Exception) -> PictureError:
    message = " ".join(str(error).split()) or type(error).__name__
    lowered = message.lower()
    is_short = isinstance(error, EOFError) or "truncated" in lowered or "unexpected end" in lowered
    if is_short or ends_too_early(file):
        return refusal(PictureProblem.TRUNCATED, f"the file ends too early ({message})")
    return refusal(PictureProblem.BROKEN, f"it cannot be decoded ({message})")
