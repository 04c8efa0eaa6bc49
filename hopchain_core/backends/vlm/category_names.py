"""One name for one kind: plurals, words for the same thing and names within names are brought together."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hopchain_core.backends.program.words import plural
from hopchain_core.domain.images import Category

MOST_WORDS = 4
"""A longer phrase is a description and finds other things. Chosen."""

_SAME = (
    ("person", "people", "human", "individual", "pedestrian", "man", "woman", "boy", "girl", "child", "kid", "lady"),
    ("tv", "television", "tv set"),
    ("couch", "sofa"),
    ("bicycle", "bike"),
    ("motorcycle", "motorbike"),
    ("airplane", "plane", "aeroplane", "aircraft"),
    ("cell phone", "mobile phone", "smartphone", "phone"),
    ("car", "automobile"),
    ("sign", "signboard"),
    ("picture", "painting", "poster", "photo frame", "picture frame"),
)
"""The first word of a row stands for the others when several of a row were named."""
_LEADING = re.compile(r"\A(?:an?|the|some|several|many|few|two|three|\d+)\s+", re.IGNORECASE)
_NO_PLURALS = ("ss", "us", "is")
_ENDINGS = (("ies", "y"), ("ves", "f"), ("ves", "fe"), ("es", ""), ("s", ""))


def cleaned(name: str) -> str:
    """A name in lower case without an article or a number before it and without marks round it; empty if no phrase."""
    name = " ".join(re.sub(r"[^\w\s'’&-]", " ", name.lower().replace("_", " ")).split())
    name = _LEADING.sub("", name)
    return "" if not re.search(r"[^\W\d]", name) or len(name.split()) > MOST_WORDS else name


def singular(name: str) -> str:
    """A name as one of its kind is called, where its plural is formed as usual; else as it is."""
    head, space, last = name.rpartition(" ")
    if last.endswith(_NO_PLURALS):
        return name
    for ending, instead in _ENDINGS:
        if last.endswith(ending) and len(last) > len(ending) + 1:
            stem = last[: len(last) - len(ending)] + instead
            if plural(f"{head}{space}{stem}") == name:
                return f"{head}{space}{stem}"
    return name


def merged(categories: Iterable[Category], most: int) -> tuple[Category, ...]:
    """Brings together what one kind was named twice as, keeps the order, and takes the first `most`.

    Plurals become singulars; of words for the same thing the commonest stays; "red car" becomes "car" where "car" was
    named too. Of two counts the larger stays: the same things were counted twice. A kind is countable only if none of
    its names was said not to be.
    """
    said = [(singular(name), c) for c in categories if (name := cleaned(c.name))]
    names = {name for name, _ in said}
    found: dict[str, Category] = {}
    for name, category in said:
        kept = _within(_same(name, names), names)
        before = found.get(kept)
        counts = [c.estimated_count for c in (before, category) if c is not None and c.estimated_count is not None]
        found[kept] = Category(
            name=kept,
            estimated_count=max(counts, default=None),
            is_countable=category.is_countable and (before is None or before.is_countable),
        )
    return tuple(found.values())[:most]


def _same(name: str, names: set[str]) -> str:
    for row in _SAME:
        if name in row and len(names.intersection(row)) > 1:
            return row[0]
    return name


def _within(name: str, names: set[str]) -> str:
    """The shortest name among `names` that this one ends with as whole words."""
    words = name.split()
    for first in range(len(words) - 1, 0, -1):
        tail = " ".join(words[first:])
        if tail in names:
            return tail
    return name
