"""Numbers written as English words, from zero to the billions."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BELOW_TWENTY = """
one two three four five six seven eight nine
ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
"""
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS, _TENS = _BELOW_TWENTY.split(), _ROUND.split()
_ONES = _UNITS[:9]

SMALL: dict[str, int] = {word: value for value, word in enumerate(_UNITS, start=1)}
TENS: dict[str, int] = {word: 10 * value for value, word in enumerate(_TENS, start=2)} | {"fourty": 40}
SCALES: dict[str, int] = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
MULTIPLES: dict[str, int] = {"hundred": 100, "dozen": 12, **SCALES}
"""Words that multiply the number before them. A dozen is twelve, exactly."""
NUMBER_WORDS: frozenset[str] = frozenset({"zero", *SMALL, *TENS, *MULTIPLES})
FIRST_WORDS: frozenset[str] = frozenset({"zero", *SMALL, *TENS, "a", "an", "half", "minus", "negative"})
"""Words that a number in words can start with."""
_DIGITS = {"zero": 0, "oh": 0, **{word: value for value, word in enumerate(_ONES, start=1)}}
_TOKEN = re.compile(r"[a-z]+")


def words_of(number: int) -> str:
    """A whole number below a billion billion in words: ``two hundred and five``.

    Raises:
        ValueError: The number is too large for the words there are.
    """
    if number < 0:
        return f"minus {words_of(-number)}"
    if number == 0:
        return "zero"
    parts = []
    for word, scale in reversed(SCALES.items()):
        if number >= scale:
            if number // scale >= 1000:
                raise ValueError("there are no words for so large a number")
            parts.append(f"{_below_thousand(number // scale)} {word}")
            number %= scale
    if number:
        parts.append(("and " if parts and number < 100 else "") + _below_thousand(number))
    return " ".join(parts)


def _below_thousand(number: int) -> str:
    parts = []
    if number >= 100:
        parts.append(f"{_ONES[number // 100 - 1]} hundred")
        number %= 100
        if number:
            parts.append("and")
    if number >= 20:
        ones = number % 10
        parts.append(_TENS[number // 10 - 2] + (f"-{_ONES[ones - 1]}" if ones else ""))
    elif number:
        parts.append(_UNITS[number - 1])
    return " ".join(parts)


def read_number_words(tokens: Sequence[str]) -> tuple[str, int]:
    """Reads a number from the front of a sequence of lower-case words.

    Returns:
        The number as plain decimal text and how many words it took; ``("", 0)`` when the words do not start with one.
    """
    sign, at = ("-", 1) if tokens and tokens[0] in ("minus", "negative") else ("", 0)
    if list(tokens[at : at + 3]) == ["half", "a", "dozen"]:
        return f"{sign}6", at + 3
    whole, taken = _read_whole(tokens, at)
    if not taken:
        return "", 0
    end = at + taken
    if end + 1 < len(tokens) and tokens[end] == "point" and tokens[end + 1] in _DIGITS:
        stop = end + 1
        while stop < len(tokens) and tokens[stop] in _DIGITS:
            stop += 1
        fraction = "".join(str(_DIGITS[t]) for t in tokens[end + 1 : stop])
        return f"{sign}{whole}.{fraction}", stop
    return f"{sign}{whole}", end


def _read_whole(tokens: Sequence[str], start: int) -> tuple[int, int]:
    if start < len(tokens) and tokens[start] == "zero":
        return 0, 1
    total, at, last_scale = 0, start, 10**12
    while True:
        skip = 1 if at > start and at < len(tokens) and tokens[at] == "and" else 0
        group, taken = _read_group(tokens, at + skip)
        if not taken:
            return total, at - start
        end = at + skip + taken
        word = tokens[end] if end < len(tokens) else ""
        if word == "dozen" and at == start:
            return group * 12, end + 1 - start
        scale = SCALES.get(word, 1)
        if scale >= last_scale or (skip and scale > 1):
            return total, at - start
        total += group * scale
        at = end + (scale > 1)
        last_scale = scale
        if scale == 1:
            return total, at - start


def _read_group(tokens: Sequence[str], at: int) -> tuple[int, int]:
    """A number below a thousand, or a number of hundreds such as *twelve hundred*."""

    def word(offset: int) -> str:
        return tokens[at + offset] if at + offset < len(tokens) else ""

    if word(0) in ("a", "an"):
        if word(1) not in MULTIPLES:
            return 0, 0
        value, taken = 1, 1
    else:
        value, taken = _below_hundred(word(0), word(1))
    if not taken:
        return 0, 0
    if word(taken) != "hundred":
        return value, taken
    value, taken = 100 * value, taken + 1
    skip = 1 if word(taken) == "and" else 0
    more, more_taken = _below_hundred(word(taken + skip), word(taken + skip + 1))
    return (value + more, taken + skip + more_taken) if more_taken else (value, taken)


def _below_hundred(first: str, second: str) -> tuple[int, int]:
    if first in SMALL:
        return SMALL[first], 1
    if first in TENS:
        return (TENS[first] + SMALL[second], 2) if SMALL.get(second, 10) < 10 else (TENS[first], 1)
    return 0, 0


def is_slip_of_number_word(word: str) -> bool:
    """True when a word could be a number word mistyped: the same first letter, and one letter too many, too few or wrong."""
    return any(known[0] == word[:1] and _is_one_slip(word, known) for known in NUMBER_WORDS)


def _is_one_slip(word: str, known: str) -> bool:
    if abs(len(word) - len(known)) > 1:
        return False
    same = next((n for n, (a, b) in enumerate(zip(word, known, strict=False)) if a != b), min(len(word), len(known)))
    one, other = word[same:], known[same:]
    swapped = one[:2] == other[1::-1] and one[2:] == other[2:]
    return swapped or one[1:] == other or one == other[1:] or one[1:] == other[1:]


def split_words(text: str) -> list[str]:
    """The words of a text in lower case; hyphens part words."""
    return _TOKEN.findall(text.lower())
