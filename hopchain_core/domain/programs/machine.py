"""The machine that works an expression out over the facts of a picture, noting each choice on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from hopchain_core.domain.instances import AttributeName, Origin
from hopchain_core.domain.programs import margins
from hopchain_core.domain.programs.facts import PictureFacts, Seen
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Attribute,
    Branch,
    Compare,
    Condition,
    Constant,
    Count,
    End,
    Expression,
    Extreme,
    Filter,
    Given,
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
from hopchain_core.domain.programs.outcomes import BranchTaken, Choice, ProgramError, Value


class Machine:
    """Works out one hop after the other.

    Args:
        facts: The picture.
        override: Outputs to put in place of what these hops give.
        forced: Outcomes to put in place of these hops' conditions.
    """

    def __init__(self, facts: PictureFacts, override: Mapping[int, Value], forced: Mapping[int, bool]) -> None:
        self.facts = facts
        self.override = override
        self.forced = forced
        self.outputs: dict[int, Value] = {}
        self.choices: list[Choice] = []
        self.branches: list[BranchTaken] = []
        self.hop = 0

    def run(self, index: int, operation: Expression) -> Value:
        """The value of an operation as hop `index`; later hops see it.

        Raises:
            ProgramError: It has none.
        """
        self.hop = index
        value = self.override[index] if index in self.override else self._value(operation)
        self.outputs[index] = value
        return value

    def _fail(self, message: str) -> ProgramError:
        return ProgramError(self.hop, message)

    def _note(
        self, operation: str, margin: float, message: str, winner: Seen | None = None, runner_up: Seen | None = None
    ) -> None:
        self.choices.append(Choice(self.hop, operation, round(margin, 4), message, winner, runner_up))

    # values

    def _value(self, e: Expression) -> Value:
        match e:
            case HopOutput(hop):
                if hop not in self.outputs:
                    raise self._fail(f"uses hop {hop}, which does not come before it")
                return self.outputs[hop]
            case Constant(value):
                return value
            case Given(instance):
                if instance not in self.facts.by_key:
                    raise self._fail(f"speaks of {self.facts.missing(instance)}")
                return self.facts.by_key[instance]
            case Middle(axis):
                return Decimal(self.facts.side_px(axis)) / 2
            case Group(members):
                return self._group(members)
            case Filter():
                return self._filter(e)
            case Unique(among):
                return self._unique(among)
            case Extreme():
                return self._extreme(e)
            case Nearest():
                return self._nearest(e)
            case Relation():
                return self._relation(e)
            case Count(among):
                return self._count(among)
            case Attribute():
                return self._attribute(e)
            case Compare():
                return self._compare(e)
            case Branch():
                return self._branch(e)
            case Arithmetic():
                return self._arithmetic(e)

    def _instance(self, e: Expression) -> Seen:
        value = self._value(e)
        if not isinstance(value, Seen):
            raise self._fail("needs an instance here")
        return value

    def _number(self, e: Expression) -> Decimal:
        value = self._value(e)
        if not isinstance(value, Decimal):
            raise self._fail("needs a number here")
        return value

    def _members(self, e: Expression) -> tuple[Seen, ...]:
        value = self._value(e)
        if not isinstance(value, tuple):
            raise self._fail("needs a set here")
        return value

    # sets

    def _group(self, members: Sequence[Expression]) -> tuple[Seen, ...]:
        found = [self._instance(m) for m in members]
        if len(set(found)) != len(found):
            raise self._fail("names the same object twice")
        return tuple(sorted(found, key=lambda s: s.order))

    def _filter(self, e: Filter) -> tuple[Seen, ...]:
        if e.of is not None:
            candidates = self._members(e.of)
            if e.category is not None:
                candidates = tuple(s for s in candidates if s.category == e.category)
        elif e.category is None:
            candidates = self.facts.seen
        else:
            candidates = self.facts.by_category.get(e.category, ())
        if e.category in self.facts.unsettled or (e.category is None and self.facts.unsettled):
            self._note("filter", 0.0, f"what is a {e.category or 'object'} is not settled in this picture")
        for condition in e.where:
            candidates = tuple(s for s in candidates if self._holds(condition, s))
        return candidates

    def _holds(self, condition: Condition, seen: Seen) -> bool:
        match condition:
            case HasAttribute(name, value):
                return self._attribute_is(seen, name, value)
            case Matches(name, of):
                model = self._instance(of)
                if model is seen:
                    return False
                wanted = model.attributes.get(name)
                if wanted is None:
                    raise self._fail(f"the {name.value} of the {model.category} is not known")
                return self._attribute_is(seen, name, wanted)
            case InPart(part):
                margin = margins.in_part(seen, part, self.facts)
                self._note("filter", margin, f"{seen.category} against the middle line", seen)
                return self._is_in_part(seen, part)
            case Placed(direction, of):
                origin = self._instance(of)
                if origin is seen:
                    return False
                margin = margins.positions(seen, origin, margins.axis_of(direction), self.facts)
                self._note("filter", margin, f"{seen.category} {direction.value} {origin.category}", seen)
                return margins.step(direction, origin, seen) > 0
            case Sized(by, order, than):
                other = self._instance(than)
                if other is seen:
                    return False
                self._note(
                    "filter", margins.measures(seen, other, by, self.facts), f"{by.value} of {seen.category}", seen
                )
                if order is Order.GREATER:
                    return seen.measure(by) > other.measure(by)
                return seen.measure(by) < other.measure(by)

    def _attribute_is(self, seen: Seen, name: AttributeName, value: str) -> bool:
        actual = seen.attributes.get(name)
        # A rendered scene states every text and number there is; elsewhere silence means that nobody looked.
        is_absent = seen.origin is Origin.SCENE and name in (AttributeName.TEXT, AttributeName.NUMBER)
        if actual is None and not is_absent:
            self._note("filter", 0.0, f"the {name.value} of one {seen.category} is not known", seen)
        return actual == value

    def _is_in_part(self, seen: Seen, part: Part) -> bool:
        centre = seen.box.centre
        match part:
            case Part.LEFT:
                return centre.x < self.facts.width_px / 2
            case Part.RIGHT:
                return centre.x > self.facts.width_px / 2
            case Part.UPPER:
                return centre.y < self.facts.height_px / 2
            case Part.LOWER:
                return centre.y > self.facts.height_px / 2

    # instances

    def _unique(self, among: Expression) -> Seen:
        members = self._members(among)
        if len(members) != 1:
            raise self._fail(f"asks for the only one, and {_fit(len(members))}")
        return members[0]

    def _extreme(self, e: Extreme) -> Seen:
        members = self._members(e.among)
        if len(members) < max(2, e.rank):
            raise self._fail(f"picks one out by its place in an order, and {_fit(len(members))}")
        ordered = sorted(members, key=lambda s: (s.measure(e.by), s.order), reverse=e.end is End.MAX)
        winner = ordered[e.rank - 1]
        runner_up = ordered[e.rank] if e.rank < len(ordered) else ordered[e.rank - 2]
        self._refuse_tie(winner.measure(e.by), runner_up.measure(e.by))
        margin = margins.extreme(ordered, e.rank, e.by, e.end, self.facts)
        self._note("extreme", margin, f"{e.end.value} {e.by.value} among {len(members)}", winner, runner_up)
        return winner

    def _nearest(self, e: Nearest) -> Seen:
        to = self._instance(e.to)
        others = [s for s in self._members(e.among) if s is not to]
        if not others:
            raise self._fail("looks for the nearest or farthest one, and there is no other")
        ordered = sorted(others, key=lambda s: (s.distance(to), s.order), reverse=e.end is End.MAX)
        winner, rest = ordered[0], ordered[1:]
        if rest:
            self._refuse_tie(winner.distance(to), rest[0].distance(to))
        word = "nearest" if e.end is End.MIN else "farthest"
        margin = margins.nearest(winner, rest, to, e.end, self.facts)
        self._note(
            "nearest", margin, f"{word} to the {to.category} among {len(others)}", winner, rest[0] if rest else None
        )
        return winner

    def _relation(self, e: Relation) -> Seen:
        start = self._instance(e.of)
        members = self._members(e.among)
        ahead = [s for s in members if s is not start and margins.step(e.direction, start, s) > 0]
        if not ahead:
            raise self._fail(f"nothing lies {e.direction.value} it")
        ordered = sorted(ahead, key=lambda s: (margins.step(e.direction, start, s), s.order))
        winner, rest = ordered[0], ordered[1:]
        if rest:
            axis = margins.axis_of(e.direction)
            self._refuse_tie(winner.measure(axis), rest[0].measure(axis))
        margin = margins.next_along(winner, rest, start, e.direction, self.facts)
        for behind in members:
            if behind is not start and behind not in ahead:
                margin = min(margin, margins.positions(start, behind, margins.axis_of(e.direction), self.facts))
        self._note("relation", margin, f"next one {e.direction.value}", winner, rest[0] if rest else None)
        return winner

    def _refuse_tie(self, one: float, other: float) -> None:
        if one == other:
            raise self._fail("two are exactly equal")

    # numbers and words

    def _count(self, among: Expression) -> Decimal:
        members = self._members(among)
        categories = {among.category} if isinstance(among, Filter) and among.category else {s.category for s in members}
        if isinstance(among, Filter) and among.category is None and among.of is None:
            categories = set(self.facts.by_category)
        bad = sorted(categories & self.facts.never_counted)
        self._note(
            "count", 0.0 if bad else 10.0, f"{', '.join(bad)} cannot be counted" if bad else f"counts {len(members)}"
        )
        return Decimal(len(members))

    def _attribute(self, e: Attribute) -> Value:
        of = self._instance(e.of)
        if isinstance(e.name, Measure):
            return Decimal(str(round(of.measure(e.name), 3)))
        text = of.attributes.get(e.name)
        if text is None:
            raise self._fail(f"the {e.name.value} of the {of.category} is not known")
        return self._read(text, e.reading)

    def _read(self, text: str, reading: Reading) -> Value:
        digits = [c for c in text if c in "0123456789"]
        if reading is Reading.AS_IS:
            return text
        if reading is Reading.LETTERS:
            return Decimal(sum(c.isalpha() for c in text))
        if reading is Reading.DIGITS:
            return Decimal(len(digits))
        if not digits:
            raise self._fail(f"{text!r} holds no digit")
        if reading is Reading.FIRST_DIGIT:
            return Decimal(digits[0])
        if reading is Reading.LAST_DIGIT:
            return Decimal(digits[-1])
        if reading is Reading.DIGIT_SUM:
            return Decimal(sum(map(int, digits)))
        if text.strip() != "".join(digits):
            raise self._fail(f"{text!r} is not a whole number")
        return Decimal("".join(digits))

    def _compare(self, e: Compare) -> bool:
        left, right = self._value(e.left), self._value(e.right)
        if e.order is Order.EVEN:
            if not isinstance(left, Decimal) or left != left.to_integral_value():
                raise self._fail("asks whether something is even that is no whole number")
            return int(left) % 2 == 0
        if isinstance(left, str) and isinstance(right, str):
            if e.order is not Order.EQUAL:
                raise self._fail("words are equal or not, nothing else")
            return left == right
        if not isinstance(left, Decimal) or not isinstance(right, Decimal):
            raise self._fail("compares two numbers or two words, nothing else")
        self._note_compared(e, left, right)
        match e.order:
            case Order.EQUAL:
                return left == right
            case Order.GREATER:
                return left > right
            case _:
                return left < right

    def _note_compared(self, e: Compare, left: Decimal, right: Decimal) -> None:
        one, other = e.left, e.right
        if not (isinstance(one, Attribute) and isinstance(one.name, Measure)):
            return
        a = self._instance(one.of)
        if isinstance(other, Middle):
            part = Part.LEFT if one.name is Measure.X_CENTRE else Part.UPPER
            self._note("compare", margins.in_part(a, part, self.facts), f"{one.name.value} against the middle line", a)
        elif isinstance(other, Attribute) and isinstance(other.name, Measure):
            b = self._instance(other.of)
            if one.name is other.name and a is not b:
                margin = margins.measures(a, b, one.name, self.facts)
            else:
                margin = margins.ratios(float(max(left, right)), float(min(left, right)), margins.LENGTH_RATIO)
            self._note("compare", margin, f"{one.name.value} {left} against {other.name.value} {right}", a, b)
        else:
            self._note("compare", 0.0, f"{one.name.value} in pixels against a number, which nobody sees", a)

    def _branch(self, e: Branch) -> Value:
        is_true = self._compare(e.condition)
        if self.hop in self.forced:
            is_true = self.forced[self.hop]
        self.branches.append(BranchTaken(self.hop, is_true))
        return self._value(e.then if is_true else e.otherwise)

    def _arithmetic(self, e: Arithmetic) -> Decimal:
        function: Callable[[Decimal, Decimal], Decimal] = _FUNCTIONS[e.operator]
        total = self._number(e.operands[0])
        for operand in e.operands[1:]:
            total = function(total, self._number(operand))
        return total


_FUNCTIONS: dict[Operator, Callable[[Decimal, Decimal], Decimal]] = {
    Operator.ADD: lambda a, b: a + b,
    Operator.SUBTRACT: lambda a, b: a - b,
    Operator.MULTIPLY: lambda a, b: a * b,
}


def _fit(count: int) -> str:
    return "nothing fits" if count == 0 else "only one fits" if count == 1 else f"{count} fit"
