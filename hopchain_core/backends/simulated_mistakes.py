"""Mistakes that people and models make, never an impossible value."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal

from hopchain_core.domain.instances import AttributeName

_LOOKS_LIKE = {
    **{"0": "86", "1": "74", "2": "73", "3": "82", "4": "91", "5": "63", "6": "58", "7": "12", "8": "36", "9": "47"},
    **{"a": "oe", "b": "dh", "c": "eo", "e": "ca", "h": "bn", "i": "lj", "l": "it", "m": "nw", "n": "mh", "o": "ac"},
    **{"r": "nv", "t": "fl", "u": "vn", "v": "uy", "w": "mv", "y": "vg"},
}
_NEAR_COLOURS = {
    "red": ("orange", "pink", "brown"),
    "orange": ("red", "yellow", "brown"),
    "yellow": ("orange", "white"),
    "green": ("blue", "grey"),
    "blue": ("purple", "green", "black"),
    "purple": ("blue", "pink"),
    "pink": ("red", "purple"),
    "brown": ("red", "orange", "black"),
    "black": ("grey", "blue", "brown"),
    "white": ("grey", "yellow"),
    "grey": ("white", "black"),
}


def miscounted(right: Decimal, rng: random.Random) -> Decimal:
    """One off, beyond four seldom two; never below zero."""
    step = 2 if right > 4 and rng.random() < 0.2 else 1
    sign = -1 if rng.random() < 0.6 else 1
    return right + sign * step if right + sign * step >= 0 else right + step


def slipped(right: Decimal, rng: random.Random) -> Decimal:
    """One off, or ten off by a carry; never below zero where the right total is not."""
    step = rng.choice((1, 1, 10)) if right >= 10 else 1
    sign = rng.choice((-1, 1))
    return right + sign * step if right < 0 or right + sign * step >= 0 else right + step


def misread(text: str, name: AttributeName, others: Sequence[str], rng: random.Random) -> str | None:
    """What the text may be taken for: another colour or shape in sight, a digit or letter that looks alike.

    Args:
        text: What it is.
        name: Which attribute.
        others: Values of this attribute elsewhere in the picture, in a fixed order.
        rng: Where the choice comes from.

    Returns:
        Another text, or None when it cannot be taken for anything else.
    """
    if name not in (AttributeName.TEXT, AttributeName.NUMBER):
        likely = [c for c in _NEAR_COLOURS.get(text, ()) if c != text] if name is AttributeName.COLOUR else []
        wrong = [*others, *likely]
        return rng.choice(wrong) if wrong else None
    if name is AttributeName.TEXT and len(text) > 1 and rng.random() < 0.5:
        at = rng.randrange(len(text))
        if text[at].isalpha():  # a letter overlooked, or a double one seen
            return text[:at] + text[at + 1 :] if rng.random() < 0.6 else text[:at] + text[at] + text[at:]
    places = [i for i, c in enumerate(text) if c.lower() in _LOOKS_LIKE]
    if not places:
        return None
    at = rng.choice(places)
    letter = rng.choice(_LOOKS_LIKE[text[at].lower()])
    letter = letter.upper() if text[at].isupper() else letter
    if at == 0 and letter == "0" and len(text) > 1:
        return None
    return text[:at] + letter + text[at + 1 :]
