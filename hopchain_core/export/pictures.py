"""Puts the pictures of an export into its folder, each checked against the hash under which it was taken in.

A picture that every reader decodes alike is taken with its pixels byte for byte, without what cameras and programs wrote
beside them. One that readers differ on (turned by EXIF, 16 bits a
channel, CMYK, palette, with transparency, several frames, or of a format that trainers do not open) is written as an
upright RGB PNG, because boxes and masks are in the pixels of the upright picture.
"""

from __future__ import annotations

import hashlib
import re
from io import BytesIO
from pathlib import Path

from PIL import ExifTags
from PIL import Image as Pillow

from hopchain_core.domain.images import Image
from hopchain_core.export.admission import Reason
from hopchain_core.export.build import ExportedPicture
from hopchain_core.pictures.decode import MOST_PIXELS, read_rgb
from hopchain_core.pictures.metadata import without_metadata
from hopchain_core.pictures.opening import open_picture, quiet_pillow, regular_file
from hopchain_core.pictures.signatures import PictureFormat

FOLDER = "images"
_SUFFIXES = {PictureFormat.JPEG: ".jpg", PictureFormat.PNG: ".png", PictureFormat.WEBP: ".webp"}
_PLAIN_MODES = {"RGB", "L"}
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_NAME_LENGTH = 60


class PictureRefusedError(Exception):
    """A picture cannot be exported.

    Attributes:
        reason: Why.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def place_picture(image: Image, source: Path, folder: Path, *, keep_metadata: bool = False) -> ExportedPicture:
    """Copies or converts one picture into the export's folder.

    Args:
        image: The picture.
        source: Where its file lies now.
        folder: The export being written.
        keep_metadata: Copy what cameras and programs wrote into the file, too.

    Raises:
        PictureRefusedError: The file is missing, is not the one taken in, or cannot be read.
    """
    picture, data = read_picture(image, source, keep_metadata=keep_metadata)
    target = folder / picture.file
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(data)
    return picture


def read_picture(image: Image, source: Path, *, keep_metadata: bool = False) -> tuple[ExportedPicture, bytes]:
    """A picture as an export would hold it, and its bytes there; nothing is written.

    Raises:
        PictureRefusedError: As `place_picture`.
    """
    try:
        data = source.read_bytes()
    except FileNotFoundError as error:
        raise PictureRefusedError(Reason.PICTURE_MISSING, image.path) from error
    except OSError as error:
        raise PictureRefusedError(Reason.PICTURE_UNREADABLE, f"{image.path}: {error.strerror}") from error
    if hashlib.sha256(data).hexdigest() != image.key:
        raise PictureRefusedError(Reason.PICTURE_CHANGED, image.path)
    try:
        suffix = _plain_suffix(source)
        if suffix is None:
            data, suffix = _upright_png(source), ".png"
        elif not keep_metadata:
            data = without_metadata(data)
    except Exception as error:  # Pillow raises errors of many classes for broken files
        raise PictureRefusedError(Reason.PICTURE_UNREADABLE, f"{image.path}: {error}") from error
    picture = ExportedPicture(
        file=f"{FOLDER}/{_stem(image)}{suffix}", sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data)
    )
    return picture, data


def _plain_suffix(source: Path) -> str | None:
    """The suffix of a picture that every reader decodes alike; None for all others."""
    with regular_file(source) as file, quiet_pillow():
        form, opened = open_picture(file, most_pixels=MOST_PIXELS)
        is_plain = (
            opened.mode in _PLAIN_MODES
            and opened.getexif().get(ExifTags.Base.Orientation, 1) in (0, 1)
            and getattr(opened, "n_frames", 1) == 1
            and "transparency" not in opened.info
        )
        return _SUFFIXES.get(form) if is_plain else None


def _upright_png(source: Path) -> bytes:
    stream = BytesIO()
    Pillow.fromarray(read_rgb(source)).save(stream, "PNG")
    return stream.getvalue()


def _stem(image: Image) -> str:
    """The file's own name, made safe, and the beginning of its hash, so that no two meet."""
    stem = _NOT_IN_A_NAME.sub("_", Path(image.name).stem).strip("._")[:_NAME_LENGTH] or "picture"
    return f"{stem}-{image.key[:8]}"
