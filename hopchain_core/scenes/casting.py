"""Which things appear in a scene: how many of each kind, in which colours, and what is printed on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from hopchain_core.scenes.things.books import book_flat, book_spine, book_upright
from hopchain_core.scenes.things.cardboard import box, picture_frame, sign
from hopchain_core.scenes.things.clocks import clock
from hopchain_core.scenes.things.fruit import apple, banana, orange, pear
from hopchain_core.scenes.things.glassware import bottle
from hopchain_core.scenes.things.lights import candle, lamp
from hopchain_core.scenes.things.plants import plant
from hopchain_core.scenes.things.pottery import bowl, mug, teapot, vase
from hopchain_core.scenes.things.thing import Thing
from hopchain_core.scenes.things.toys import die, toy_ball, toy_car
from hopchain_core.scenes.words import Printer

Builder = Callable[[Random, str, Printer | None], Thing]


@dataclass(frozen=True, slots=True)
class Kind:
    """One category that can be drawn.

    Attributes:
        builders: Its looks; books have three, others choose inside.
        colours: Those it may have.
        most: Greatest number in one scene.
        share: How often it is chosen.
        print_share: How often one of them bears print; 1 for signs.
        unlike: Categories that people might take it for; never in one scene with it.
    """

    builders: tuple[Builder, ...]
    colours: tuple[str, ...]
    most: int = 6
    share: float = 1.0
    print_share: float = 0.0
    unlike: frozenset[str] = frozenset()


_ALL = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white", "grey")
_GLAZES = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "black", "white", "grey")

KINDS: dict[str, Kind] = {
    "mug": Kind((mug,), _GLAZES, print_share=0.3, share=1.4),
    "bowl": Kind((bowl,), _GLAZES, most=4),
    "vase": Kind((vase,), _GLAZES, most=4),
    "teapot": Kind((teapot,), _GLAZES, most=2, share=0.7),
    "bottle": Kind((bottle,), ("green", "brown", "blue", "purple"), most=5, print_share=0.5, share=1.2),
    "book": Kind((book_upright, book_spine, book_flat), _ALL, print_share=0.9, share=1.3),
    "box": Kind((box,), _ALL, most=5, print_share=0.65, share=1.3),
    "sign": Kind(
        (sign,),
        ("red", "yellow", "green", "blue", "white", "black", "orange", "pink"),
        most=4,
        print_share=1.0,
        share=1.5,
    ),
    "picture frame": Kind((picture_frame,), ("brown", "black", "white", "red", "blue", "green"), most=3, share=0.8),
    "clock": Kind((clock,), _GLAZES, most=3),
    "lamp": Kind((lamp,), ("red", "yellow", "green", "blue", "white", "black", "orange", "pink"), most=2, share=0.9),
    "candle": Kind((candle,), ("red", "yellow", "green", "blue", "purple", "white", "pink"), most=5),
    "plant": Kind((plant,), ("green",), most=3, share=1.1),
    "ball": Kind((toy_ball,), _GLAZES, share=1.1, unlike=frozenset({"apple", "orange"})),
    "die": Kind((die,), ("red", "green", "blue", "black", "white", "yellow", "purple"), most=4, share=0.9),
    "toy car": Kind((toy_car,), ("red", "orange", "yellow", "green", "blue", "purple", "pink", "white"), most=5),
    "apple": Kind((apple,), ("red", "green", "yellow"), most=6, unlike=frozenset({"ball"})),
    "orange": Kind((orange,), ("orange",), most=4, share=0.7, unlike=frozenset({"ball"})),
    "pear": Kind((pear,), ("green", "yellow"), most=5, share=0.7),
    "banana": Kind((banana,), ("yellow",), most=3, share=0.7),
}
"""Every category, by the name people give it."""

SCHEMES = (
    ("red", "blue", "yellow", "white", "green"),
    ("orange", "blue", "white", "black", "green"),
    ("pink", "green", "white", "yellow", "purple"),
    ("blue", "white", "grey", "orange", "red"),
    ("red", "green", "white", "brown", "yellow"),
    ("purple", "yellow", "white", "green", "pink"),
    ("blue", "pink", "white", "red", "black"),
    ("yellow", "grey", "blue", "red", "white"),
    ("green", "brown", "orange", "white", "blue"),
    ("red", "white", "black", "grey", "yellow"),
)
"""Colours that go together; a scene keeps to one line, so that it looks chosen rather than strewn."""

_COLOURS_PER_KIND = 3
"""Several things of one kind come in at least this many colours where they can, even if the scheme names fewer."""

_PRINTING = ("sign", "book", "box")


@dataclass(frozen=True, slots=True)
class Role:
    """One thing to be built.

    Attributes:
        category: Its kind.
        colour: Its palette name.
        is_printed: Whether it should bear print.
    """

    category: str
    colour: str
    is_printed: bool


def cast(rng: Random, *, count: int) -> list[Role]:
    """Chooses kinds, numbers and colours for about `count` things.

    One kind comes at least three times, one exactly once, and at least two things bear print.
    """
    scheme = list(rng.choice(SCHEMES))
    rng.shuffle(scheme)
    numbers = _numbers(rng, count)
    roles: list[Role] = []
    used: Counter[str] = Counter()
    for category, number in numbers.items():
        kind = KINDS[category]
        free = [c for c in scheme if c in kind.colours]
        others = [c for c in kind.colours if c not in free]
        free += rng.sample(others, max(0, min(len(others), _COLOURS_PER_KIND, number) - len(free)))
        colours = _colours(rng, free, number, used)
        printed = [rng.random() < kind.print_share for _ in range(number)]
        roles += [Role(category, colour, is_printed) for colour, is_printed in zip(colours, printed, strict=True)]
    return _with_enough_print(roles)


def _numbers(rng: Random, count: int) -> dict[str, int]:
    """How many of each category; the first has the most, the last is alone."""
    chosen: list[str] = []

    def choose(pool: list[str]) -> str | None:
        free = [
            c
            for c in pool
            if c not in chosen and not any(KINDS[o].unlike & {c} or KINDS[c].unlike & {o} for o in chosen)
        ]
        if not free:
            return None
        chosen.append(rng.choices(free, [KINDS[c].share for c in free])[0])
        return chosen[-1]

    hero = choose([c for c, kind in KINDS.items() if kind.most >= 4])
    assert hero is not None
    numbers = {hero: min(KINDS[hero].most, rng.choices((3, 4, 5, 6), (5, 4, 2, 1))[0], max(3, count // 3))}
    if hero not in _PRINTING:
        printing = choose(list(_PRINTING))
        assert printing is not None
        numbers[printing] = min(KINDS[printing].most, rng.choice((2, 2, 3)))
    while sum(numbers.values()) < count - 1:
        category = choose(list(KINDS))
        if category is None:
            break
        left = count - 1 - sum(numbers.values())
        most = min(KINDS[category].most, left)
        numbers[category] = min(most, rng.choices((1, 2, 3, 4), (5, 4, 3, 1))[0])
    alone = choose(list(KINDS))
    if alone is not None:
        numbers[alone] = 1
    return numbers


def _colours(rng: Random, free: list[str], number: int, used: Counter[str]) -> list[str]:
    """Colours for things of one kind: different while they last, now and then one twice; what is rare in the scene first."""
    out: list[str] = []
    while len(out) < number:
        fresh = [c for c in free if c not in out]
        again = out and (not fresh or rng.random() < 0.15)
        pool = out if again else fresh
        out.append(rng.choices(pool, [1 / (1 + used[c]) ** 2 for c in pool])[0])
        used[out[-1]] += 1
    return out


def _with_enough_print(roles: list[Role]) -> list[Role]:
    """Lets at least three things that can bear print bear it."""
    wanted = 3 - sum(r.is_printed for r in roles)
    out = []
    for role in roles:
        if wanted > 0 and not role.is_printed and role.category in _PRINTING:
            role = Role(role.category, role.colour, True)
            wanted -= 1
        out.append(role)
    return out
