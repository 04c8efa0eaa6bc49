"""What a file is, told by its first bytes and by its name.

The bytes decide. The name only serves to note that it promises something else.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath

HEAD_BYTES = 64
"""How much of a file `format_of` and `foreign_format_of` want to see."""


class PictureFormat(StrEnum):
    """Formats that are read, named as Pillow names them."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    TIFF = "TIFF"
    BMP = "BMP"
    GIF = "GIF"


_SUFFIXES = {
    PictureFormat.JPEG: ("jpg", "jpeg", "jpe", "jfif", "mpo"),
    PictureFormat.PNG: ("png", "apng"),
    PictureFormat.WEBP: ("webp",),
    PictureFormat.TIFF: ("tif", "tiff"),
    PictureFormat.BMP: ("bmp", "dib"),
    PictureFormat.GIF: ("gif",),
}
_FORMAT_OF_SUFFIX = {suffix: form for form, suffixes in _SUFFIXES.items() for suffix in suffixes}
_FOREIGN_SUFFIXES = frozenset(
    {"heic", "heif", "avif", "jp2", "j2k", "jxl", "psd", "svg", "ico", "raw", "dng", "cr2", "nef"}
)
_FOREIGN_BRANDS = {
    b"heic": "HEIC", b"heix": "HEIC", b"hevc": "HEIC", b"mif1": "HEIF", b"msf1": "HEIF",
    b"avif": "AVIF", b"avis": "AVIF", b"crx ": "CR3",
}  # fmt: skip
_FOREIGN_SIGNATURES = (
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
    (b"8BPS", "PSD"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"qoif", "QOI"),
    (b"\x76\x2f\x31\x01", "OpenEXR"),
    (b"%PDF-", "PDF"),
    (b"<svg", "SVG"),
)


def format_of(head: bytes) -> PictureFormat | None:
    """The format these first bytes begin, or None."""
    if head.startswith(b"\xff\xd8\xff"):
        return PictureFormat.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PictureFormat.PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return PictureFormat.WEBP
    if head[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        return PictureFormat.TIFF
    if head.startswith((b"GIF87a", b"GIF89a")):
        return PictureFormat.GIF
    # "BM" begins many a text, so the length of the header that follows has to be one of those there are.
    if head.startswith(b"BM") and head[14:18] in _BMP_HEADERS:
        return PictureFormat.BMP
    return None


_BMP_HEADERS = frozenset(size.to_bytes(4, "little") for size in (12, 16, 40, 52, 56, 64, 108, 124))


def foreign_format_of(head: bytes) -> str | None:
    """The name of a known picture format that is not read here, or None."""
    if head[4:8] == b"ftyp":
        return _FOREIGN_BRANDS.get(head[8:12])
    return next((name for signature, name in _FOREIGN_SIGNATURES if head.startswith(signature)), None)


def format_of_name(path: PurePath) -> PictureFormat | None:
    """The format a file's name promises, or None when it promises none that is read here."""
    return _FORMAT_OF_SUFFIX.get(path.suffix.lower().lstrip("."))


def is_named_like_a_picture(path: PurePath) -> bool:
    """Whether a file's name promises a picture of any kind, also of one that is not read here."""
    return format_of_name(path) is not None or path.suffix.lower().lstrip(".") in _FOREIGN_SUFFIXES


def webp_size(head: bytes) -> tuple[int, int] | None:
    """Width and height that the header of a WebP declares, or None when it cannot be told.

    Pillow makes room for the whole canvas as soon as it opens such a file, so this has to be known before.
    Source: RFC 9649, sections 2.5 to 2.7.
    """
    match head[12:16]:
        case b"VP8X" if len(head) >= 30:
            return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
        case b"VP8L" if len(head) >= 25:
            bits = int.from_bytes(head[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 " if len(head) >= 30:
            return (
                int.from_bytes(head[26:28], "little") & 0x3FFF,
                int.from_bytes(head[28:30], "little") & 0x3FFF,
            )
    return None
