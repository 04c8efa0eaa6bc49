"""What cameras and programs wrote into a picture's file, such as the place it was taken: found, and taken out.

Taking it out leaves the compressed pixels as they are, byte for byte, so boxes and masks hold. What says how to show the
pixels stays: colour profiles, gamma, Adobe's colour transform, animation. Sources: ITU-T T.81 B.1 (JPEG), Exif 3.0,
PNG 3rd edition 11.3, RFC 9649 (WebP).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from PIL import ExifTags
from PIL import Image as Pillow

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_META = {b"eXIf": "exif", b"tEXt": "text", b"zTXt": "text", b"iTXt": "text", b"tIME": "time"}
_WEBP_META = {b"EXIF": "exif", b"XMP ": "xmp"}
_WEBP_FLAGS = 0x08 | 0x04
"""Of `VP8X`: holds Exif, holds XMP."""
_JPEG_KEPT = {0xE0, 0xEE}
"""JFIF and Adobe's colour transform, without which colours change."""


class Part(NamedTuple):
    """A piece of a file.

    Attributes:
        kind: ``exif``, ``xmp``, ``iptc``, ``text``, ``time`` or ``application``; empty for what makes the picture.
        data: Its bytes, with its own head.
    """

    kind: str
    data: bytes


def without_metadata(data: bytes) -> bytes:
    """The file without it; the same bytes where there is none, or where it is no JPEG, PNG or WebP.

    Raises:
        ValueError: The file is cut short or no such file after all.
    """
    parts = list(_parts(data))
    if not any(part.kind for part in parts):
        return data
    kept = [part.data for part in parts if not part.kind]
    return _webp(kept) if data[:4] == b"RIFF" else b"".join(kept)


def metadata_in(data: bytes) -> tuple[str, ...]:
    """What there is, by kind and in order; ``gps`` is among it where Exif names a place.

    Raises:
        ValueError: The file is cut short or no such file after all.
    """
    found = sorted({part.kind for part in _parts(data) if part.kind})
    exif = next((part.data for part in _parts(data) if part.kind == "exif"), b"")
    return (*found, "gps") if exif and _names_a_place(exif) else tuple(found)


def _names_a_place(part: bytes) -> bool:
    start = max(part.find(b"II*\0"), part.find(b"MM\0*"))
    if start < 0:
        return False
    exif = Pillow.Exif()
    try:
        exif.load(b"Exif\0\0" + part[start:])
        return bool(exif.get_ifd(ExifTags.IFD.GPSInfo))
    except Exception:  # Pillow raises errors of many classes for broken Exif; what cannot be read may hold a place
        return True


def _parts(data: bytes) -> Iterator[Part]:
    try:
        if data[:2] == b"\xff\xd8":
            yield from _of_jpeg(data)
        elif data[:8] == _PNG:
            yield from _of_png(data)
        elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            yield from _of_webp(data)
    except (IndexError, struct.error) as error:
        raise ValueError("the file is cut short") from error


def _of_jpeg(data: bytes) -> Iterator[Part]:
    yield Part("", data[:2])
    at = 2
    while True:
        if data[at] != 0xFF:
            raise ValueError("a marker is missing")
        marker = data[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        if marker == 0xDA:
            # Compressed data, to the end of the picture; what programs append after it is not part of it.
            end = data.rfind(b"\xff\xd9")
            yield Part("", data[at : end + 2] if end > at else data[at:])
            if end > at and data[end + 2 :].strip(b"\0"):
                yield Part("application", data[end + 2 :])
            return
        (length,) = struct.unpack_from(">H", data, at + 2)
        piece = data[at : at + 2 + length]
        if len(piece) < 2 + length:
            raise ValueError("the file is cut short")
        yield Part(_jpeg_kind(marker, piece[4:]), piece)
        at += len(piece)


def _jpeg_kind(marker: int, body: bytes) -> str:
    if marker == 0xFE:
        return "text"
    if not 0xE0 <= marker <= 0xEF or marker in _JPEG_KEPT or (marker == 0xE2 and body.startswith(b"ICC_PROFILE\0")):
        return ""
    if marker == 0xE1:
        return "exif" if body.startswith(b"Exif\0") else "xmp"
    return "iptc" if marker == 0xED else "application"


def _of_png(data: bytes) -> Iterator[Part]:
    yield Part("", data[:8])
    at = 8
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        piece = data[at : at + 12 + length]
        if len(piece) < 12 + length:
            raise ValueError("the file is cut short")
        yield Part(_PNG_META.get(name, ""), piece)
        at += len(piece)
        if name == b"IEND":
            if at < len(data):
                yield Part("application", data[at:])
            return


def _of_webp(data: bytes) -> Iterator[Part]:
    at = 12
    while at + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        piece = data[at : at + 8 + length + length % 2]
        yield Part(_WEBP_META.get(name, ""), piece)
        at += len(piece)


def _webp(kept: list[bytes]) -> bytes:
    body = b"".join(
        piece[:8] + bytes([piece[8] & ~_WEBP_FLAGS]) + piece[9:] if piece[:4] == b"VP8X" else piece for piece in kept
    )
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body
