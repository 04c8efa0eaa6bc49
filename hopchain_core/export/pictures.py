"""Puts the pictures of an export into its folder, each checked against the hash under which it was taken in.

A picture that every reader decodes alike is taken byte for byte. One that readers differ on (turned by EXIF, 16 bits a
channel, CMYK, palette, with transparency, several frames, or of a format that trainers do not open) is written as an
upright RGB PNG, because boxes and masks are in the pixels of the upright picture.
"""

from __future__ import annotations

import hashlib
import re
from io import BytesIO
from pathlib import Path

from PIL import ExifTags, ImageOps
from PIL import Image as Pillow

from hopchain_core.domain.images import Image
from hopchain_core.errors import PictureError
from hopchain_core.export.admission import Reason
from hopchain_core.export.build import ExportedPicture

FOLDER = "images"
_SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
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


def place_picture(image: Image, source: Path, folder: Path) -> ExportedPicture:
    """Copies or converts one picture into the export's folder.

    Args:
        image: The picture.
        source: Where its file lies now.
        folder: The export being written.

    Raises:
        PictureRefusedError: The file is missing, is not the one taken in, or cannot be read.
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
        suffix = _plain_suffix(data)
        if suffix is None:
            data, suffix = _upright_png(data), ".png"
    except (OSError, SyntaxError, ValueError, PictureError) as error:
        raise PictureRefusedError(Reason.PICTURE_UNREADABLE, f"{image.path}: {error}") from error
    target = folder / FOLDER / f"{_stem(image)}{suffix}"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(data)
    return ExportedPicture(
        file=f"{FOLDER}/{target.name}", sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data)
    )


def _plain_suffix(data: bytes) -> str | None:
    """The suffix of a picture that every reader decodes alike; None for all others."""
    with Pillow.open(BytesIO(data)) as opened:
        orientation = opened.getexif().get(ExifTags.Base.Orientation, 1)
        is_plain = (
            opened.mode in _PLAIN_MODES
            and orientation in (0, 1)
            and getattr(opened, "n_frames", 1) == 1
            and "transparency" not in opened.info
        )
        return _SUFFIXES.get(opened.format or "") if is_plain else None


def _upright_png(data: bytes) -> bytes:
    with Pillow.open(BytesIO(data)) as opened:
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    stream = BytesIO()
    upright.save(stream, "PNG")
    return stream.getvalue()


def _stem(image: Image) -> str:
    """The file's own name, made safe, and the beginning of its hash, so that no two meet."""
    stem = _NOT_IN_A_NAME.sub("_", Path(image.name).stem).strip("._")[:_NAME_LENGTH] or "picture"
    return f"{stem}-{image.key[:8]}"
