"""What cameras and programs wrote into a picture's file, such as the place it was taken: found, and taken out.

Taking it out leaves the compressed pixels as they are, byte for byte, so boxes and masks hold. What says how to show the
pixels stays: colour profiles, gamma, Adobe's colour transform, animation. Sources: ITU-T T.81 B.1 (JPEG), Exif 3.0,
PNG 3rd edition 11.3, RFC 9649 (WebP).
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from PIL import ExifTags
from PIL import Image as Pillow

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_META = {b"eXIf": "exif", b"tEXt": "text", b"zTXt": "text", b"iTXt": "text", b"tIME": "time"}
_WEBP_META = {b"EXIF": "exif", b"XMP ": "xmp"}
_WEBP_EXIF = 0x08
_WEBP_FLAGS = _WEBP_EXIF | 0x04
"""Of `VP8X`: holds Exif, holds XMP."""
_JPEG_KEPT = {0xE0, 0xEE}
"""JFIF and Adobe's colour transform, without which colours change."""
_JPEG_NEXT = re.compile(rb"\xff[\xc4\xd9-\xdd\xe0-\xef\xfe]")
"""What may follow compressed data: tables, the end, another scan, and pieces of programs (T.81 B.1.1)."""


class Part(NamedTuple):
    """A piece of a file.

    Attributes:
        kind: ``exif``, ``xmp``, ``iptc``, ``text``, ``time`` or ``application``; empty for what makes the picture.
        data: Its bytes, with its own head.
    """

    kind: str
    data: bytes


def without_metadata(data: bytes, *, orientation: int = 1) -> bytes:
    """The file without it; the same bytes where there is none, or where it is no JPEG, PNG or WebP.

    Args:
        data: The file.
        orientation: How Exif turns the picture, 1 to 8. Other than 1, it is all that Exif is left to say.

    Raises:
        ValueError: The file is cut short or no such file after all.
    """
    parts = list(_parts(data))
    if not any(part.kind for part in parts):
        return data
    kept = [part.data for part in parts if not part.kind]
    if data[:4] == b"RIFF":
        return _webp(kept, orientation)
    if orientation != 1:
        # Behind the start of a JPEG and what says that it is JFIF, which wants to be first; behind a PNG's header.
        is_second = data[:8] == _PNG or (len(kept) > 1 and kept[1][1] == 0xE0)
        kept.insert(2 if is_second else 1, _turned(orientation, is_png=data[:8] == _PNG))
    return b"".join(kept)


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
        if marker == 0xD9:
            yield Part("", data[at : at + 2])
            # What is appended is not part of the picture, and may be a whole other one with a place of its own.
            if data[at + 2 :].strip(b"\0"):
                yield Part("application", data[at + 2 :])
            return
        (length,) = struct.unpack_from(">H", data, at + 2)
        piece = data[at : at + 2 + length]
        if len(piece) < 2 + length:
            raise ValueError("the file is cut short")
        is_scan = marker == 0xDA
        if is_scan:
            # Compressed data follows, up to the next marker that stands for itself.
            following = _JPEG_NEXT.search(data, at + len(piece))
            piece = data[at : following.start() if following else len(data)]
        yield Part(_jpeg_kind(marker, piece[4:]), piece)
        at += len(piece)
        if is_scan and at == len(data):
            return  # without an end, which readers forgive


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


def _webp(kept: list[bytes], orientation: int) -> bytes:
    said = 0 if orientation == 1 else _WEBP_EXIF
    body = b"".join(
        piece[:8] + bytes([piece[8] & ~_WEBP_FLAGS | said]) + piece[9:] if piece[:4] == b"VP8X" else piece
        for piece in kept
    )
    if said:
        exif = _exif(orientation)
        body += b"EXIF" + struct.pack("<I", len(exif)) + exif
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def _turned(orientation: int, *, is_png: bool) -> bytes:
    exif = _exif(orientation)
    if is_png:
        return struct.pack(">I", len(exif)) + b"eXIf" + exif + struct.pack(">I", zlib.crc32(b"eXIf" + exif))
    return b"\xff\xe1" + struct.pack(">H", 2 + 6 + len(exif)) + b"Exif\0\0" + exif


def _exif(orientation: int) -> bytes:
    """Exif with one entry: tag 0x112, a short (TIFF 6.0, section 2)."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x112, 3, 1, orientation, 0, 0)
