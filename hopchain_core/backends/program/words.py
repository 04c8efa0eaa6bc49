"""English for categories and numbers."""

from __future__ import annotations

from hopchain_core.domain.programs.operations import Direction, Part

_SPOKEN = {
    "broccoli": ("piece of broccoli", "pieces of broccoli"),
    "cactus": ("cactus", "cacti"),
    "cell phone": ("mobile phone", "mobile phones"),
    "die": ("die", "dice"),
    "dice": ("die", "dice"),
    "glasses": ("pair of glasses", "pairs of glasses"),
    "grapes": ("bunch of grapes", "bunches of grapes"),
    "hair drier": ("hair dryer", "hair dryers"),
    "jeans": ("pair of jeans", "pairs of jeans"),
    "pants": ("pair of trousers", "pairs of trousers"),
    "person": ("person", "people"),
    "scissors": ("pair of scissors", "pairs of scissors"),
    "skis": ("pair of skis", "pairs of skis"),
    "tv": ("television", "televisions"),
}
"""Categories that people name otherwise than data sets do, or that have no plain plural."""

_IRREGULAR = {
    **{
        word: word for word in ("aircraft", "deer", "fish", "luggage", "salmon", "sheep", "shrimp", "squid", "trousers")
    },
    **{f"{stem}f": f"{stem}ves" for stem in ("lea", "hal", "cal", "shel", "bookshel", "loa", "thie", "wol", "scar")},
    **{f"{stem}fe": f"{stem}ves" for stem in ("kni", "li", "wi")},
    "child": "children",
    "foot": "feet",
    "goose": "geese",
    "man": "men",
    "mango": "mangoes",
    "mouse": "mice",
    "ox": "oxen",
    "potato": "potatoes",
    "snowman": "snowmen",
    "tomato": "tomatoes",
    "tooth": "teeth",
    "woman": "women",
}

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


def singular(category: str) -> str:
    """One of a category, as people say it."""
    return _SPOKEN[category][0] if category in _SPOKEN else category


def plural(category: str) -> str:
    """Several of a category, as people say it."""
    if category in _SPOKEN:
        return _SPOKEN[category][1]
    head, space, last = category.rpartition(" ")
    return f"{head}{space}{_plural_noun(last)}"


def _plural_noun(noun: str) -> str:
    # A library for this costs more than a second at every start of a worker; see the decision on plurals.
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return f"{noun}es"
    if noun.endswith("y") and noun[-2:-1] not in ("a", "e", "i", "o", "u"):
        return f"{noun[:-1]}ies"
    return f"{noun}s"


def ordinal(rank: int) -> str:
    """The word for a rank from 1 on."""
    return ORDINALS[rank - 1]


SIDE = {
    Direction.LEFT_OF: "to the left of",
    Direction.RIGHT_OF: "to the right of",
    Direction.ABOVE: "higher up in the picture than",
    Direction.BELOW: "lower down in the picture than",
}
FARTHER = {
    Direction.LEFT_OF: "farther to the left than",
    Direction.RIGHT_OF: "farther to the right than",
    Direction.ABOVE: "higher up in the picture than",
    Direction.BELOW: "lower down in the picture than",
}
HALF = {
    Part.LEFT: "left half",
    Part.RIGHT: "right half",
    Part.UPPER: "upper half",
    Part.LOWER: "lower half",
}
