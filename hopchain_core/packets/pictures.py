"""The pictures of a packet: inside it, or in a folder beside it. Either way they are told by their bytes."""

from __future__ import annotations

import hashlib
import sqlite3
from io import BytesIO
from pathlib import Path

from PIL import Image as Pillow

from hopchain_core.errors import PictureError
from hopchain_core.packets.form import PacketPicture
from hopchain_core.pictures.decode import decode_rgb, header_of
from hopchain_core.pictures.metadata import without_metadata
from hopchain_core.pictures.opening import regular_file
from hopchain_core.pictures.problems import PictureProblem, refusal
from hopchain_core.pictures.signatures import HEAD_BYTES, PictureFormat, format_of

_STRIPPED = frozenset({PictureFormat.JPEG, PictureFormat.PNG, PictureFormat.WEBP})


def from_packet(connection: sqlite3.Connection, picture: PacketPicture) -> bytes:
    """The bytes of a picture that lies in the packet.

    Raises:
        PictureError: It is not there, or not the one that was put in.
    """
    row = connection.execute("SELECT bytes FROM picture_file WHERE number = ?", (picture.number,)).fetchone()
    if row is None or not isinstance(row[0], bytes):
        raise refusal(PictureProblem.MISSING, f"picture {picture.number} is missing from the packet")
    return _checked(row[0], picture, f"picture {picture.number} of the packet")


def from_folder(folder: Path, picture: PacketPicture) -> bytes:
    """The bytes of a picture that a packet only refers to.

    Raises:
        PictureError: It is not there, or another one lies there.
    """
    path = folder / picture.path
    try:
        with regular_file(path) as file:
            data = file.read()
    except PictureError as error:
        message = f"{path}: {error}; say with --pictures which folder {picture.path} lies in"
        raise PictureError(message, kind=error.kind) from error
    return _checked(data, picture, str(path))


def only_shown(data: bytes) -> bytes:
    """A picture's file without what cameras and programs wrote into it; what is seen stays pixel for pixel.

    Of JPEG, PNG and WebP the compressed pixels stay byte for byte, and of Exif the way up. The other formats hold such
    texts among what makes the picture, so they become upright PNG.

    Raises:
        PictureError: It cannot be decoded.
    """
    header = header_of(data)
    if header.file_format in _STRIPPED:
        try:
            return without_metadata(data, orientation=header.orientation)
        except ValueError:
            pass  # not as the format wants it, and decoded all the same
    stream = BytesIO()
    Pillow.fromarray(decode_rgb(data)).save(stream, "PNG", compress_level=3)
    return stream.getvalue()


def written(data: bytes, stem: Path) -> Path:
    """Writes a picture to a file named after its format, unless it is there already."""
    found = format_of(data[:HEAD_BYTES])
    path = stem.with_name(f"{stem.name}.{'jpg' if found == 'JPEG' else (found or 'bin').lower()}")
    if not path.exists():
        path.write_bytes(data)
    return path


def _checked(data: bytes, picture: PacketPicture, where: str) -> bytes:
    if hashlib.sha256(data).hexdigest() != picture.sha256:
        raise PictureError(f"{where} is not the picture that the question is about", kind="changed")
    return data
