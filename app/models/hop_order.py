"""Hops that come, go and change places: their numbers where others refer to them, and which hop is which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from hopchain_core.domain.chains import Hop
from hopchain_core.domain.programs.operations import HopOutput, hops_used

_ALIKE = 0.6
"""Sub-questions with this share of words in common belong to one hop that was reworded."""


_MENTION = re.compile(
    r"\bhop\s+-?\d+\b|\bhops\s+-?\d+(?:\s*,\s*-?\d+)*(?:\s*,?\s+(?:and|or)\s+-?\d+)?\b", re.IGNORECASE
)
"""``hop 2``, ``hops 1 and 3``, ``hops 1, 2 or 4``."""
_NUMBER = re.compile(r"-?\d+")
GONE = "?"
"""Stands for the number of a hop that is mentioned and was removed."""


def renumbered(hop: Hop, numbers: Mapping[int, int], gone: frozenset[int] = frozenset()) -> Hop:
    """A hop with other numbers: in its needs and its operation, and where its words mention a hop.

    A hop that is needed and has no new number is needed no longer; an operation that reads it goes.

    Args:
        hop: With the old numbers.
        numbers: New ones by old ones.
        gone: Old numbers of hops that were removed.
    """
    if not gone and all(old == new for old, new in numbers.items()):
        return hop
    operation = hop.operation
    if operation is not None:
        is_whole = hops_used(operation) <= numbers.keys()
        operation = _read_from(operation, numbers) if is_whole else None
    return replace(
        hop,
        index=numbers[hop.index],
        sub_question=_said(hop.sub_question, numbers, gone),
        output=_said(hop.output, numbers, gone),
        needs=tuple(sorted(numbers[n] for n in hop.needs if n in numbers)),
        operation=operation,
    )


def in_order(hops: Mapping[int, Hop], order: Iterable[int]) -> tuple[Hop, ...]:
    """Hops in an order, numbered from 1.

    Args:
        hops: By number.
        order: Numbers of those that are wanted.
    """
    wanted = tuple(order)
    numbers = {number: place for place, number in enumerate(wanted, 1)}
    gone = frozenset(hops.keys() - numbers.keys())
    return tuple(renumbered(hops[number], numbers, gone) for number in wanted)


def paired(old: Sequence[Hop], new: Sequence[Hop]) -> dict[int, int]:
    """Which hop of one version became which of another, by number.

    Hops that ask the same, or nearly, are one hop wherever they stand. Of the others, those that follow the same hop are.
    """
    close = [(_likeness(o, n), abs(i - j), i, j) for i, o in enumerate(old) for j, n in enumerate(new)]
    places: dict[int, int] = {}
    for likeness, _, i, j in sorted(close, key=lambda found: (-found[0], found[1:])):
        if likeness >= _ALIKE and i not in places and j not in places.values():
            places[i] = j
    for i in range(len(old)):
        j = places.get(i - 1, -1) + 1 if i == 0 or i - 1 in places else len(new)
        if i not in places and j < len(new) and j not in places.values():
            places[i] = j
    return {old[i].index: new[j].index for i, j in places.items()}


def moved(order: Sequence[int]) -> frozenset[int]:
    """Which numbers do not keep their place: as few as possible, without which the rest ascends."""
    longest: tuple[int, ...] = ()
    runs: list[tuple[int, ...]] = []
    for number in order:
        fitting: list[tuple[int, ...]] = [run for run in runs if run[-1] < number]
        run = (*max(fitting, key=lambda r: len(r), default=()), number)
        runs.append(run)
        longest = run if len(run) > len(longest) else longest
    return frozenset(order) - frozenset(longest)


def _said(text: str, numbers: Mapping[int, int], gone: frozenset[int]) -> str:
    def number(found: re.Match[str]) -> str:
        old = int(found.group())
        return GONE if old in gone else str(numbers.get(old, old))

    return _MENTION.sub(lambda mention: _NUMBER.sub(number, mention.group()), text)


def _likeness(one: Hop, other: Hop) -> float:
    words, others = one.sub_question.split(), other.sub_question.split()
    same = SequenceMatcher(None, words, others, autojunk=False).ratio()
    # Two hops may ask nearly the same of different things.
    alike = sum(getattr(one, name) == getattr(other, name) for name in ("output", "establishes", "uses", "level"))
    return same + 0.1 * alike if same >= _ALIKE else same


def _read_from(value: Any, numbers: Mapping[int, int]) -> Any:
    if isinstance(value, HopOutput):
        return HopOutput(numbers[value.hop])
    if isinstance(value, tuple):
        return tuple(_read_from(part, numbers) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _read_from(getattr(value, f.name), numbers) for f in fields(value)})
    return value
