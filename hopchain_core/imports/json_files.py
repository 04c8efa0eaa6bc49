"""JSON of unknown origin: read with a limit, without trust in any type, and without building all of it at once."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from json import JSONDecoder
from pathlib import Path
from typing import Any

from hopchain_core.errors import InputError, PictureError
from hopchain_core.pictures.opening import regular_file

_SPACE = re.compile(r"[ \t\n\r]*")
_decoder = JSONDecoder()


def read_text(path: Path, most_bytes: int) -> str:
    """The text of a JSON file, in whichever of JSON's encodings it is.

    Raises:
        InputError: There is no such regular file, it is too large, or its bytes are no text.
    """
    try:
        with regular_file(path) as file:
            data = file.read(most_bytes + 1)
    except PictureError as error:
        raise InputError(f"{path} cannot be read: {error}.") from error
    if len(data) > most_bytes:
        raise InputError(f"{path} has more than {most_bytes:,} bytes.", hint="Split it into smaller files.")
    try:
        return data.decode(json.detect_encoding(data)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not JSON: {error}.") from error


def scan_object(text: str, on_element: Callable[[str, Any, tuple[int, int]], None]) -> set[str]:
    """Walks over a JSON object whose members are mostly long arrays, one element at a time.

    Args:
        text: The JSON text.
        on_element: Called with the name of the member, the element and where in the text it stands. It must not keep
            what it does not need: large files are read so that only the text is held.

    Returns:
        The names of the members that are arrays.

    Raises:
        ValueError: It is not a JSON object.
    """
    arrays = set()
    try:
        place = _skip(text, 0)
        _want(text, place, "{")
        place = _skip(text, place + 1)
        while text[place : place + 1] != "}":
            name, place = _decoder.raw_decode(text, place)
            if not isinstance(name, str):
                raise ValueError("a member has no name")
            place = _skip(text, place)
            _want(text, place, ":")
            place = _skip(text, place + 1)
            if text[place : place + 1] == "[":
                arrays.add(name)
                place = _scan_array(text, place, name, on_element)
            else:
                place = _decoder.raw_decode(text, place)[1]
            place = _after_comma(text, place, "}")
        if _skip(text, place + 1) != len(text):
            raise ValueError("something follows the end")
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    return arrays


def _scan_array(text: str, place: int, name: str, on_element: Callable[[str, Any, tuple[int, int]], None]) -> int:
    place = _skip(text, place + 1)
    while text[place : place + 1] != "]":
        start = place
        element, place = _decoder.raw_decode(text, place)
        on_element(name, element, (start, place))
        place = _after_comma(text, place, "]")
    return place + 1


def _skip(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _want(text: str, place: int, character: str) -> None:
    if text[place : place + 1] != character:
        raise ValueError(f"{character!r} is missing at character {place}")


def _after_comma(text: str, place: int, end: str) -> int:
    """Where the next member begins, or where the closing bracket stands."""
    place = _skip(text, place)
    if text[place : place + 1] == ",":
        place = _skip(text, place + 1)
        if text[place : place + 1] == end:
            raise ValueError(f"nothing follows the comma before character {place}")
        return place
    _want(text, place, end)
    return place


def whole_number(value: object) -> int | None:
    """A number without a fraction as int; None for anything else (a truth value is no number)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else None


def finite_numbers(value: object) -> list[float] | None:
    """A list of finite numbers; None for anything else."""
    if not isinstance(value, list):
        return None
    numbers = []
    for number in value:
        # Larger ones are no places in any picture, and an int may be too large for a float.
        if isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) < 1e12:
            return None
        numbers.append(float(number))
    return numbers if all(map(math.isfinite, numbers)) else None


def identity(value: object) -> str | None:
    """An id as text: whole numbers and texts; None for anything else. 7, 7.0 and "7" are the same id."""
    if isinstance(value, str):
        return one_line(value) or None
    number = whole_number(value)
    return None if number is None else str(number)


def one_line(value: object) -> str:
    """A text without line breaks and outer spaces; empty for anything but a text.

    JSON can spell characters that no encoding can write (half of a pair of surrogates); they become question marks.
    """
    if not isinstance(value, str):
        return ""
    return " ".join(value.encode(errors="replace").decode().replace("\0", " ").split())


def shortened(value: object) -> str:
    """A value of any kind as a short text for a message."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
