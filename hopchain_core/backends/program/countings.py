"""What people can count: a category in the whole picture, in a half, of a colour, or beside the current instance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from hopchain_core.backends.program.draft import Counted, Draft, is_referable
from hopchain_core.backends.program.known import ONE_COLOUR
from hopchain_core.backends.program.words import HALF, plural
from hopchain_core.domain.instances import AttributeName, Origin
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.programs.operations import (
    Count,
    Direction,
    Expression,
    Filter,
    Given,
    HasAttribute,
    InPart,
    Part,
    Placed,
    children,
)

MOST_COUNTED = 8
"""People do not miscount up to this many. Chosen; rendered scenes may go up to 10."""
MOST_COUNTED_IN_SCENE = 10

_BESIDE = {
    Direction.LEFT_OF: "to the left of",
    Direction.RIGHT_OF: "to the right of",
    Direction.ABOVE: "higher up in the picture than",
    Direction.BELOW: "lower down in the picture than",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """Something that can be counted here, with its words.

    Attributes:
        count: How it is worked out.
        number: What it comes to, at least 1.
        words: As the question says it.
        asked: As a question by itself says it.
        kind: In what way it is counted.
    """

    count: Count
    number: int
    words: str
    asked: str
    kind: Counted


class Countings:
    """What can be counted in one picture; each count is made once, however many drafts ask for it.

    Args:
        facts: The picture.
    """

    def __init__(self, facts: PictureFacts) -> None:
        self._facts = facts
        self._numbers: dict[Filter, int] = {}
        self._names = _countables(facts)

    def of(self, draft: Draft) -> list[Counting]:
        """Everything that can be counted now and whose category was not counted before."""
        names = self._left(draft)
        return [
            *(counting for name in names for counting in self._anywhere(name)),
            *self.beside(draft),
            *(counting for name in names for counting in self._of_a_colour(name)),
        ]

    def beside(self, draft: Draft) -> list[Counting]:
        """Those of them that lie beside the current instance."""
        found_by = draft.steps[draft.current_hop - 1].move
        it, shown = draft.this(), draft.this(short=False)
        found = []
        for name in self._left(draft):
            if name == draft.current.category and found_by in _ORDERED:
                continue
            for direction in Direction:
                number = self._number(Filter(name, (Placed(direction, Given(draft.current.key)),)))
                if number:
                    words = f"the number of {plural(name)} {_BESIDE[direction]} "
                    found.append(
                        Counting(
                            count=Count(Filter(name, (Placed(direction, draft.it),))),
                            number=number,
                            words=words + it,
                            asked=words + shown,
                            kind=Counted.BESIDE,
                        )
                    )
        return found

    def _left(self, draft: Draft) -> list[str]:
        before = {category for step in draft.steps for category in _counted_in(step.operation)}
        return [name for name in self._names if name not in before]

    def _anywhere(self, name: str) -> Iterator[Counting]:
        of = f"the number of {plural(name)}"
        yield from self._tried(Filter(name), f"{of} in the picture", Counted.WHOLE)
        for part in Part:
            yield from self._tried(
                Filter(name, (InPart(part),)), f"{of} in the {HALF[part]} of the picture", Counted.HALF
            )

    def _of_a_colour(self, name: str) -> Iterator[Counting]:
        if name in ONE_COLOUR:
            return
        colours = {s.attributes.get(AttributeName.COLOUR, "") for s in self._facts.by_category[name]}
        for colour in sorted(colours - {""}):
            words = f"the number of {colour} {plural(name)} in the picture"
            yield from self._tried(Filter(name, (HasAttribute(AttributeName.COLOUR, colour),)), words, Counted.COLOUR)

    def _tried(self, among: Filter, words: str, kind: Counted) -> Iterator[Counting]:
        number = self._number(among)
        if number:
            yield Counting(count=Count(among), number=number, words=words, asked=words, kind=kind)

    def _number(self, among: Filter) -> int:
        """How many there are; 0 also where that is not clear."""
        if among not in self._numbers:
            tried = Draft(self._facts).tried(Count(among))
            self._numbers[among] = int(tried[0]) if tried is not None and isinstance(tried[0], Decimal) else 0
        return self._numbers[among]


_ORDERED = ("start:x_centre", "start:y_centre", "start:ordinal", "move:best", "move:next")
"""How many lie beside the third from the left stands in the question already."""


def _countables(facts: PictureFacts) -> list[str]:
    names = []
    for category, group in facts.by_category.items():
        most = MOST_COUNTED_IN_SCENE if group[0].origin is Origin.SCENE else MOST_COUNTED
        if category in facts.never_counted or not 2 <= len(group) <= most:
            continue
        if all(is_referable(s, facts) for s in group):
            names.append(category)
    return names


def _counted_in(e: Expression) -> Iterable[str]:
    if isinstance(e, Count) and isinstance(e.among, Filter) and e.among.category is not None:
        yield e.among.category
    for child in children(e):
        yield from _counted_in(child)
