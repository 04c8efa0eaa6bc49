"""Typed operations as plain English, for the shortened questions of the ablation.

The composer writes whole questions in varied prose. A shortened one starts in the middle, so "this bird" and "your
number" would hang in the air; here every reference is spelled out instead, and steps are numbered where there are
several.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hopchain_core.backends.program.words import plural, singular
from hopchain_core.domain.instances import AttributeName
from hopchain_core.domain.programs.execution import output_text
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Attribute,
    Branch,
    Compare,
    Condition,
    Constant,
    Count,
    Direction,
    End,
    Expression,
    Extreme,
    Filter,
    Group,
    HasAttribute,
    HopOutput,
    InPart,
    Matches,
    Measure,
    Middle,
    Nearest,
    Operator,
    Order,
    Part,
    Placed,
    Reading,
    Relation,
    Sized,
    Unique,
)

SIDE = {
    Direction.LEFT_OF: "to the left of",
    Direction.RIGHT_OF: "to the right of",
    Direction.ABOVE: "higher up in the picture than",
    Direction.BELOW: "lower down in the picture than",
}
END_WORDS = {
    (Measure.X_CENTRE, End.MIN): "farthest to the left",
    (Measure.X_CENTRE, End.MAX): "farthest to the right",
    (Measure.Y_CENTRE, End.MIN): "highest up",
    (Measure.Y_CENTRE, End.MAX): "lowest down",
    (Measure.WIDTH, End.MIN): "that looks narrowest",
    (Measure.WIDTH, End.MAX): "that looks widest",
    (Measure.HEIGHT, End.MIN): "that looks shortest from top to bottom",
    (Measure.HEIGHT, End.MAX): "that looks tallest",
    (Measure.AREA, End.MIN): "that looks smallest",
    (Measure.AREA, End.MAX): "that looks largest",
}
_FRONT = {
    (Measure.X_CENTRE, End.MIN): "leftmost",
    (Measure.X_CENTRE, End.MAX): "rightmost",
    (Measure.Y_CENTRE, End.MIN): "topmost",
    (Measure.AREA, End.MIN): "smallest",
    (Measure.AREA, End.MAX): "largest",
}
_FROM = {
    (Measure.X_CENTRE, End.MIN): "from the left",
    (Measure.X_CENTRE, End.MAX): "from the right",
    (Measure.Y_CENTRE, End.MIN): "from the top of the picture",
    (Measure.Y_CENTRE, End.MAX): "from the bottom of the picture",
}
_SUPERLATIVE = {
    (Measure.WIDTH, End.MIN): "narrowest",
    (Measure.WIDTH, End.MAX): "widest",
    (Measure.HEIGHT, End.MIN): "shortest",
    (Measure.HEIGHT, End.MAX): "tallest",
    (Measure.AREA, End.MIN): "smallest",
    (Measure.AREA, End.MAX): "largest",
}
_MORE = {
    (Measure.X_CENTRE, Order.LESS): "farther to the left than",
    (Measure.X_CENTRE, Order.GREATER): "farther to the right than",
    (Measure.Y_CENTRE, Order.LESS): "higher up in the picture than",
    (Measure.Y_CENTRE, Order.GREATER): "lower down in the picture than",
    (Measure.WIDTH, Order.LESS): "narrower than",
    (Measure.WIDTH, Order.GREATER): "wider than",
    (Measure.HEIGHT, Order.LESS): "less tall than",
    (Measure.HEIGHT, Order.GREATER): "taller than",
    (Measure.AREA, Order.LESS): "smaller than",
    (Measure.AREA, Order.GREATER): "larger than",
}
_PLACES = (Measure.X_CENTRE, Measure.Y_CENTRE)
_PART = {Part.LEFT: "left half", Part.RIGHT: "right half", Part.UPPER: "upper half", Part.LOWER: "lower half"}
_MIDDLE = {
    (Measure.X_CENTRE, Order.LESS): "left half",
    (Measure.X_CENTRE, Order.GREATER): "right half",
    (Measure.Y_CENTRE, Order.LESS): "upper half",
    (Measure.Y_CENTRE, Order.GREATER): "lower half",
}
_OPERATOR = {Operator.ADD: "plus", Operator.SUBTRACT: "minus", Operator.MULTIPLY: "times"}
_READING = {
    Reading.LETTERS: "the number of letters",
    Reading.DIGITS: "the number of digits",
    Reading.FIRST_DIGIT: "the first digit",
    Reading.LAST_DIGIT: "the last digit",
    Reading.DIGIT_SUM: "the sum of the digits",
}
_PIPPED = {"die", "dice"}
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


class NoWordsError(ValueError):
    """There is no plain way to say this operation."""


@dataclass(frozen=True)
class Speaker:
    """Says operations in words.

    Attributes:
        names: What the outputs of earlier steps are called: ``the bird of step 1``, ``the result of step 2``.
        categories: Of those outputs that are instances.
        known: What expressions are called that were introduced before.
    """

    names: Mapping[int, str]
    categories: Mapping[int, str]
    known: Mapping[Expression, str] = field(default_factory=dict)

    def sentence(self, operation: Expression) -> str:
        """What to do in a step, in the imperative, lower case, without a full stop.

        Raises:
            NoWordsError: The operation has no plain wording.
        """
        match operation:
            case Extreme(among=among) | Nearest(among=among) if not _is_bare(among):
                which = (
                    END_WORDS[operation.by, operation.end] if isinstance(operation, Extreme) else self._near(operation)
                )
                if isinstance(operation, Nearest) or operation.rank == 1:
                    return f"of {self._all(among)}, take the one {which}"
                raise NoWordsError("no words for a rank in a narrowed set")
            case Unique() | Extreme() | Nearest() | Relation():
                return f"find {self.noun(operation)}"
            case Filter():
                return f"find all {self.several(operation)}"
            case Count(among):
                return f"count the {self.counted(among)}"
            case Branch(condition, then, otherwise):
                return f"if {self.condition(condition)}, take {self.noun(then)}; otherwise take {self.noun(otherwise)}"
            case Compare():
                return f"find out whether {self.condition(operation)}"
            case Arithmetic(operator, operands) if any(isinstance(o, Branch) for o in operands):
                return self._branching(operator, operands)
            case Attribute() | Arithmetic():
                return f"take {self.noun(operation)}"
        raise NoWordsError(f"no words for {type(operation).__name__}")

    def _branching(self, operator: Operator, operands: tuple[Expression, ...]) -> str:
        """A sum or product with an if-else in it, said as an if-else of two sums or products."""
        branches = [n for n, o in enumerate(operands) if isinstance(o, Branch)]
        branch = operands[branches[0]]
        if len(branches) > 1 or not isinstance(branch, Branch):
            raise NoWordsError("no words for two conditions in one step")
        before, after = operands[: branches[0]], operands[branches[0] + 1 :]
        then, otherwise = (
            self.noun(Arithmetic(operator, (*before, side, *after))) for side in (branch.then, branch.otherwise)
        )
        return f"if {self.condition(branch.condition)}, take {then}; otherwise take {otherwise}"

    def noun(self, e: Expression) -> str:
        """An instance, a number or a word as a noun phrase.

        Raises:
            NoWordsError: The expression has no plain wording.
        """
        if e in self.known:
            return self.known[e]
        match e:
            case HopOutput(hop):
                return self.names[hop]
            case Constant(value):
                return f'"{value}"' if isinstance(value, str) else output_text(value)
            case Unique(among):
                return self._only(among)
            case Extreme(among, by, end, rank):
                return self._extreme(among, by, end, rank)
            case Nearest(to, among):
                return self._one_of(among, self._near(e), other_than=self._category(to))
            case Relation(of, direction, among):
                if isinstance(among, Filter) and not among.where and among.of is None:
                    return f"the first {_one(among.category)} {SIDE[direction]} {self.noun(of)}"
            case Count(among):
                return f"the number of {self.counted(among)}"
            case Attribute():
                return self._attribute(e)
            case Arithmetic(operator, operands):
                parts = [f"({self.noun(o)})" if isinstance(o, Arithmetic) else self.noun(o) for o in operands]
                return f" {_OPERATOR[operator]} ".join(parts)
        raise NoWordsError(f"no words for {type(e).__name__}")

    def _only(self, among: Expression) -> str:
        if not isinstance(among, Filter):
            raise NoWordsError("no words for the only one of a set that is not described")
        return f"the {self._described(among, _one(among.category), is_one=True)}"

    def _extreme(self, among: Expression, by: Measure, end: End, rank: int) -> str:
        if rank == 1 and _is_bare(among) and isinstance(among, Filter) and (by, end) in _FRONT:
            return f"the {_FRONT[by, end]} {_one(among.category)}"
        if rank == 1:
            return self._one_of(among, END_WORDS[by, end])
        if not isinstance(among, Filter) or among.where or among.of is not None or rank > len(_ORDINALS):
            raise NoWordsError("no words for a rank in a narrowed set")
        name, ordinal = _one(among.category), _ORDINALS[rank - 1]
        if (by, end) in _FROM:
            return f"the {ordinal} {name} {_FROM[by, end]}"
        return f"the {ordinal} {_SUPERLATIVE[by, end]} {name}"

    def _near(self, e: Nearest) -> str:
        near = "nearest to" if e.end is End.MIN else "farthest away from"
        return f"{near} {self.noun(e.to)}"

    def _one_of(self, among: Expression, which: str, other_than: str | None = None) -> str:
        if isinstance(among, Filter) and not among.where and among.of is None:
            other = "other " if other_than is not None and other_than == among.category else ""
            return f"the {other}{_one(among.category)} {which}"
        return f"the one {which} among {self._all(among)}"

    def counted(self, among: Expression) -> str:
        """A set as what is counted.

        Raises:
            NoWordsError: The set has no plain wording.
        """
        is_bare = (
            isinstance(among, Filter) and among.of is None and all(isinstance(c, HasAttribute) for c in among.where)
        )
        return f"{self.several(among)} in the picture" if is_bare else self.several(among)

    def _all(self, among: Expression) -> str:
        if isinstance(among, Group):
            *others, last = [self.noun(m) for m in among.members]
            return f"{', '.join(others)} and {last}" if others else last
        return f"the {self.several(among)}"

    def several(self, among: Expression) -> str:
        """A set as a noun phrase in the plural, without an article.

        Raises:
            NoWordsError: The set has no plain wording.
        """
        if isinstance(among, HopOutput):
            return f"objects found as {self.names[among.hop]}"
        if not isinstance(among, Filter):
            raise NoWordsError(f"no words for {type(among).__name__}")
        noun = "objects" if among.category is None else plural(among.category)
        return self._described(among, noun, is_one=False)

    def _described(self, among: Filter, noun: str, *, is_one: bool) -> str:
        before, after = [], []
        for condition in among.where:
            front, back = self._condition_words(condition, is_one=is_one)
            before += [front] if front else []
            after += [back] if back else []
        if among.of is not None:
            after.append(f"among {self.names[among.of.hop]}")
        return " ".join([*before, noun, " and ".join(after)]).strip()

    def _condition_words(self, condition: Condition, *, is_one: bool) -> tuple[str, str]:
        has, says, it = ("has", "says", "it") if is_one else ("have", "say", "them")
        match condition:
            case HasAttribute(AttributeName.TEXT, value):
                return "", f'that {says} "{value}"'
            case HasAttribute(AttributeName.NUMBER, value):
                return "", f"with the number {value} on {it}"
            case HasAttribute(_, value):
                return value, ""
            case InPart(part):
                return "", f"in the {_PART[part]} of the picture"
            case Placed(direction, of):
                return "", f"{SIDE[direction]} {self.noun(of)}"
            case Sized(by, order, than):
                return "", f"that {_verb(by, is_one=is_one)} {_MORE[by, order]} {self.noun(than)}"
            case Matches(name, of):
                return "", f"that {has} the same {name.value} as {self.noun(of)}"

    def _attribute(self, e: Attribute) -> str:
        of = self.noun(e.of)
        if isinstance(e.name, Measure):
            raise NoWordsError("nobody sees a number of pixels")
        on = f"on {of}" if e.name in (AttributeName.TEXT, AttributeName.NUMBER) else f"of {of}"
        if e.name is AttributeName.NUMBER and self._category(e.of) in _PIPPED:
            on = f"shown by {of}"
        if e.reading in (Reading.AS_IS, Reading.NUMBER):
            return f"the {e.name.value} {on}"
        if e.name is AttributeName.NUMBER or e.reading is not Reading.LETTERS:
            return f"{_READING[e.reading]} of the {e.name.value} {on}"
        if e.name is AttributeName.TEXT:
            return f"the number of letters in the text {on}"
        return f"the number of letters in the word for the {e.name.value} {on}"

    def condition(self, e: Compare) -> str:
        """A condition as a clause that can follow "if".

        Raises:
            NoWordsError: The comparison has no plain wording.
        """
        left, order, right = e.left, e.order, e.right
        if order is Order.EVEN:
            return f"{self.noun(left)} is even"
        if isinstance(left, Attribute) and isinstance(left.name, Measure):
            return self._measured(left, left.name, order, right)
        if isinstance(left, Attribute) and isinstance(right, Constant) and isinstance(right.value, str):
            if left.name in (AttributeName.TEXT, AttributeName.NUMBER):
                return f"{self.noun(left)} is {self.noun(right)}"
            return f"{self.noun(left.of)} is {right.value}"
        if (
            isinstance(left, Attribute)
            and isinstance(right, Attribute)
            and left.name is right.name
            and left.reading is right.reading is Reading.AS_IS
        ):
            return f"{self.noun(left.of)} has the same {left.name.value} as {self.noun(right.of)}"
        word = {Order.GREATER: "is greater than", Order.LESS: "is less than"}.get(order, "is equal to")
        return f"{self.noun(left)} {word} {self.noun(right)}"

    def _measured(self, left: Attribute, by: Measure, order: Order, right: Expression) -> str:
        of = self.noun(left.of)
        if isinstance(right, Middle) and (by, order) in _MIDDLE:
            return f"{of} lies in the {_MIDDLE[by, order]} of the picture"
        if isinstance(right, Attribute) and order is not Order.EQUAL:
            if right.name is by and (by, order) in _MORE:
                return f"{of} {_verb(by, is_one=True)} {_MORE[by, order]} {self.noun(right.of)}"
            if {by, right.name} == {Measure.WIDTH, Measure.HEIGHT} and left.of == right.of:
                is_wide = (by is Measure.WIDTH) == (order is Order.GREATER)
                return f"{of} looks wider than it is tall" if is_wide else f"{of} looks taller than it is wide"
        raise NoWordsError("nobody sees a number of pixels")

    def _category(self, e: Expression) -> str | None:
        match e:
            case HopOutput(hop):
                return self.categories.get(hop)
            case Unique(among) | Extreme(among=among) | Nearest(among=among) | Relation(among=among):
                return among.category if isinstance(among, Filter) else None
        return None


def _is_bare(among: Expression) -> bool:
    """Whether a set is all of a category."""
    return isinstance(among, Filter) and not among.where and among.of is None


def _verb(by: Measure, *, is_one: bool) -> str:
    """Places are; sizes look, because a picture shows nothing else of them."""
    if by in _PLACES:
        return "is" if is_one else "are"
    return "looks" if is_one else "look"


def _one(category: str | None) -> str:
    return "object" if category is None else singular(category)
