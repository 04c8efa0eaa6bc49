"""Identity by content: the same thing has the same key in every project and every run."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NewType

ImageKey = NewType("ImageKey", str)
"""sha256 of the bytes of the picture file, 64 hex digits."""

InstanceKey = NewType("InstanceKey", str)
"""Content of one version of an instance, 16 hex digits."""

ChainKey = NewType("ChainKey", str)
"""Content of one version of a chain, 16 hex digits."""

RunId = NewType("RunId", int)
"""Row of a run in one project; means nothing outside it."""

SHORT_KEY_DIGITS = 16

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def canonical_json(value: Any) -> str:
    """The one JSON text of `value`: sorted keys, no spaces, no NaN.

    Raises:
        ValueError: `value` holds NaN or an infinity.
        TypeError: `value` holds something JSON cannot say.
    """
    return _encode(value)


def content_key(value: Any, digits: int = SHORT_KEY_DIGITS) -> str:
    """The first `digits` hex digits of the sha256 of the canonical JSON of `value`."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()[:digits]
