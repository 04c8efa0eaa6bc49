"""How we and an engine talk: JSON objects, each behind its length. Nothing but the standard library.

No pickle: an engine may run in another environment, and what comes from a process that loads models is data.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

_LENGTH = struct.Struct(">I")
MOST_BYTES = 2**31
"""A frame that claims more is no frame of ours."""


def write_frame(stream: BinaryIO, value: dict[str, Any]) -> None:
    """Writes one object.

    Raises:
        BrokenPipeError: Nobody reads any more.
    """
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def read_frame(stream: BinaryIO) -> dict[str, Any]:
    """Reads one object.

    Raises:
        EOFError: The other end is gone.
        ValueError: What came is no frame.
    """
    (length,) = _LENGTH.unpack(_read(stream, _LENGTH.size))
    if length > MOST_BYTES:
        raise ValueError(f"a frame of {length} bytes")
    value = json.loads(_read(stream, length))
    if not isinstance(value, dict):
        raise ValueError("a frame that is no object")
    return value


def _read(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data
