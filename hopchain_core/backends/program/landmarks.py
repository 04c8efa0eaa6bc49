"""Describing an instance so that it is singled out by words alone."""

from __future__ import annotations

from dataclasses import dataclass

from hopchain_core.backends.program.draft import can_be_told_apart, is_referable
from hopchain_core.backends.program.words import singular
from hopchain_core.domain.instances import AttributeName
from hopchain_core.domain.programs.execution import ProgramError, run_operation
from hopchain_core.domain.programs.facts import PictureFacts, Seen
from hopchain_core.domain.programs.margins import CLEAR
from hopchain_core.domain.programs.operations import (
    End,
    Expression,
    Extreme,
    Filter,
    HasAttribute,
    Measure,
    Unique,
)


@dataclass(frozen=True, slots=True)
class Landmark:
    """An instance, the words that single it out (without article) and the expression that finds it.

    Attributes:
        is_single: The words speak of one object by itself (category or colour), not by comparing several.
    """

    seen: Seen
    words: str
    expression: Expression
    is_single: bool


def landmarks(facts: PictureFacts) -> list[Landmark]:
    """Every instance that can be singled out by category, colour or its place among its kind."""
    found: list[Landmark] = []
    for category, group in facts.by_category.items():
        if category in facts.unsettled:
            continue
        name = singular(category)
        if len(group) == 1:
            found.append(Landmark(group[0], name, Unique(Filter(category)), True))
        else:
            found += _by_colour(category, name, group)
            found += _by_place(category, name, group, facts)
    return [mark for mark in found if is_referable(mark.seen, facts)]


def _by_colour(category: str, name: str, group: tuple[Seen, ...]) -> list[Landmark]:
    colours = [s.attributes.get(AttributeName.COLOUR) for s in group]
    if None in colours:
        return []
    return [
        Landmark(
            seen,
            f"{colour} {name}",
            Unique(Filter(category, (HasAttribute(AttributeName.COLOUR, str(colour)),))),
            True,
        )
        for seen, colour in zip(group, colours, strict=True)
        if colours.count(colour) == 1
    ]


_PLACES = (
    (Measure.X_CENTRE, End.MIN, "leftmost {}"),
    (Measure.X_CENTRE, End.MAX, "rightmost {}"),
    (Measure.AREA, End.MAX, "largest {}"),
)


def _by_place(category: str, name: str, group: tuple[Seen, ...], facts: PictureFacts) -> list[Landmark]:
    found = []
    for by, end, words in _PLACES:
        if by is not Measure.AREA and not can_be_told_apart(category, facts):
            continue
        expression = Extreme(Filter(category), by, end)
        try:
            value, choices, _ = run_operation(1, expression, facts, {})
        except ProgramError:
            continue
        if isinstance(value, Seen) and all(c.margin >= CLEAR for c in choices):
            found.append(Landmark(value, words.format(name), expression, False))
    return found
