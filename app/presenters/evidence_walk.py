"""Walks through a hop's operation and gathers what there is to see of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.models.chain_words import (
    DIRECTION_WORDS,
    NEXT_WORDS,
    PART_WORDS,
    comparative_word,
    condition_word,
    extreme_word,
    nearest_word,
    part_of,
)
from app.presenters.evidence_values import Border, HopEvidence, Link, Place
from app.presenters.evidence_words import Remark, remark_on
from hopchain_core.domain.chains import Chain, Hop, InstanceReference, SetReference, instances_in
from hopchain_core.domain.geometry import Point
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.programs.execution import Choice, ProgramError, Value, output_text, run_operation
from hopchain_core.domain.programs.facts import PictureFacts, Seen
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Attribute,
    Branch,
    Compare,
    Count,
    Direction,
    Expression,
    Extreme,
    Filter,
    Given,
    Group,
    HopOutput,
    InPart,
    Measure,
    Middle,
    Nearest,
    Order,
    Part,
    Placed,
    Reading,
    Relation,
    Unique,
    children,
)

_MOST_NUMBERED = 40
_TOWARDS_DIRECTION = {
    Direction.LEFT_OF: (-1.0, 0.0),
    Direction.RIGHT_OF: (1.0, 0.0),
    Direction.ABOVE: (0.0, -1.0),
    Direction.BELOW: (0.0, 1.0),
}
_TOWARDS_PART = {
    Part.LEFT: (-1.0, 0.0),
    Part.RIGHT: (1.0, 0.0),
    Part.UPPER: (0.0, -1.0),
    Part.LOWER: (0.0, 1.0),
}


def origins_of(hop: Hop, chain: Chain) -> tuple[InstanceKey, ...]:
    """Instances that earlier hops found and this one starts from, in the order in which they were found."""
    handed: dict[InstanceKey, None] = {}
    for earlier in chain.hops:
        if earlier.index in hop.needs:
            for reference in earlier.establishes:
                if isinstance(reference, InstanceReference):
                    handed[reference.instance] = None
    used = instances_in(hop.uses, with_sets=True)
    return tuple(key for key in handed if key in used) or tuple(handed)


@dataclass
class Gathering:
    """Gathers while it walks through an operation."""

    hop: Hop
    facts: PictureFacts
    outputs: Mapping[int, Value]
    names: Mapping[InstanceKey, str]
    lit: dict[InstanceKey, None] = field(default_factory=dict)
    members: set[InstanceKey] = field(default_factory=set)
    arrows: list[Link] = field(default_factory=list)
    dashes: list[Link] = field(default_factory=list)
    tags: list[tuple[Place, str]] = field(default_factory=list)
    border: Border | None = None
    remarks: list[Remark] = field(default_factory=list)
    main: list[tuple[Seen, str]] = field(default_factory=list)
    origins: tuple[InstanceKey, ...] = ()
    found: tuple[InstanceKey, ...] = ()

    # What operations give

    def value(self, e: Expression) -> Value | None:
        """What an expression inside of the hop's operation gives; None where it gives nothing."""
        return self._run(e)[0]

    def _run(self, e: Expression) -> tuple[Value | None, tuple[Choice, ...]]:
        try:
            value, choices, _ = run_operation(self.hop.index, e, self.facts, self.outputs)
        except ProgramError:
            return None, ()
        return value, choices

    def seen(self, e: Expression) -> Seen | None:
        """The instance that an expression gives."""
        value = self.value(e)
        return value if isinstance(value, Seen) else None

    def several(self, e: Expression) -> tuple[Seen, ...]:
        """The set that an expression gives."""
        value = self.value(e)
        return value if isinstance(value, tuple) else ()

    # The walk

    def walk(self, e: Expression, *, is_main: bool) -> None:
        """Takes what an operation shows; what is inside of another one, such as a landmark, only lights up."""
        match e:
            case Extreme():
                self._extreme(e, is_main)
            case Nearest():
                self._nearest(e, is_main)
            case Relation():
                self._relation(e, is_main)
            case Unique(among):
                self._unique(e, among, is_main)
            case Filter():
                self._set(e, self.several(e), is_main)
            case Count(among):
                self._count(e, among)
            case Attribute():
                self._attribute(e)
            case Compare():
                self._compare(e)
            case Branch(condition, then, otherwise):
                self._compare(condition)
                taken = self.value(condition)
                if isinstance(taken, bool):
                    self.walk(then if taken else otherwise, is_main=is_main)
            case Arithmetic(_, operands):
                for operand in operands:
                    self.walk(operand, is_main=True)
            case HopOutput() | Given():
                one = self.seen(e)
                if one is not None:
                    self.light(one)
            case Group(members):
                for member in members:
                    self.walk(member, is_main=False)

    def light(self, *all_seen: Seen) -> None:
        """Leaves these as they are."""
        self.lit.update(dict.fromkeys(s.key for s in all_seen))

    def _inside(self, e: Expression) -> None:
        """Landmarks inside of an operation: what it starts from, or compares with."""
        for child in children(e):
            if not isinstance(child, Filter | Group):
                self.walk(child, is_main=False)
            else:
                # Those that a choice is made among do not stand out; what a condition speaks of does.
                for inner in children(child):
                    if isinstance(child, Filter):
                        self.walk(inner, is_main=False)
                self._border_of(child)

    def _border_of(self, e: Expression) -> None:
        if not isinstance(e, Filter):
            return
        for condition in e.where:
            if isinstance(condition, Placed):
                origin = self.seen(condition.of)
                if origin is not None:
                    words = f"{DIRECTION_WORDS[condition.direction]} {self.name(origin)}"
                    self.border = Border(origin.box.centre, _TOWARDS_DIRECTION[condition.direction], words)
            elif isinstance(condition, InPart):
                self.border = self._middle_border(condition.part)

    def _middle_border(self, part: Part) -> Border:
        middle = Point(self.facts.width_px / 2, self.facts.height_px / 2)
        return Border(middle, _TOWARDS_PART[part], PART_WORDS[part])

    def _candidates(self, e: Expression, *without: Seen) -> tuple[Seen, ...]:
        found = tuple(s for s in self.several(e) if s not in without)
        self.members.update(s.key for s in found)
        return found

    def _extreme(self, e: Extreme, is_main: bool) -> None:
        value, choices = self._run(e)
        self._candidates(e.among)
        self._inside(e)
        if not isinstance(value, Seen) or not choices:
            return
        self.light(value)
        word = extreme_word(e.by, e.end, e.rank)
        runner_up = choices[-1].runner_up
        self._remark(e, choices[-1], is_main)
        if is_main:
            self.main.append((value, word))
            if runner_up is not None:
                self.dashes.append(Link(value.key, runner_up.key, f"runner-up  {_apart(e.by, value, runner_up)}"))

    def _nearest(self, e: Nearest, is_main: bool) -> None:
        value, choices = self._run(e)
        to = self.seen(e.to)
        self._candidates(e.among, *((to,) if to is not None else ()))
        self._inside(e)
        if not isinstance(value, Seen) or to is None or not choices:
            return
        self.light(to, value)
        self._remark(e, choices[-1], is_main)
        if is_main:
            word = f"{nearest_word(e.end)}  {value.distance(to):,.0f} px"
            self.arrows.append(Link(to.key, value.key, word))
            runner_up = choices[-1].runner_up
            if runner_up is not None:
                self.dashes.append(Link(to.key, runner_up.key, f"runner-up  {runner_up.distance(to):,.0f} px"))

    def _relation(self, e: Relation, is_main: bool) -> None:
        value, choices = self._run(e)
        start = self.seen(e.of)
        self._candidates(e.among, *((start,) if start is not None else ()))
        self._inside(e)
        if not isinstance(value, Seen) or start is None or not choices:
            return
        self.light(start, value)
        self._remark(e, choices[-1], is_main)
        if is_main:
            self.arrows.append(Link(start.key, value.key, NEXT_WORDS[e.direction]))
            runner_up = choices[-1].runner_up
            if runner_up is not None:
                self.dashes.append(Link(start.key, runner_up.key, "after it"))

    def _unique(self, e: Unique, among: Expression, is_main: bool) -> None:
        one = self.seen(e)
        if isinstance(among, Filter) and among.where:
            self.members.update(
                s.key for s in (self.facts.by_category.get(among.category, ()) if among.category else self.facts.seen)
            )
        self._inside(e)
        if one is not None:
            self.light(one)
            if is_main:
                words = ", ".join(condition_word(c) for c in among.where) if isinstance(among, Filter) else ""
                self.main.append((one, words or "the only one"))

    def _set(self, e: Filter, members: tuple[Seen, ...], is_main: bool) -> None:
        self.light(*members)
        if e.category is not None:
            self.members.update(s.key for s in self.facts.by_category.get(e.category, ()))
        for child in children(e):
            self.walk(child, is_main=False)
        self._border_of(e)
        if is_main:
            self._number(members)
            self._remark(e, None, is_main)

    def _count(self, e: Count, among: Expression) -> None:
        members = self.several(among)
        self.light(*members)
        if isinstance(among, Filter):
            if among.category is not None:
                self.members.update(s.key for s in self.facts.by_category.get(among.category, ()))
            for child in children(among):
                self.walk(child, is_main=False)
            self._border_of(among)
        self._number(members)
        choices = self._run(e)[1]
        self._remark(e, choices[-1] if choices else None, True)

    def _number(self, members: tuple[Seen, ...]) -> None:
        self.tags += [(s.key, str(n)) for n, s in enumerate(members[:_MOST_NUMBERED], start=1)]

    def _attribute(self, e: Attribute) -> None:
        of = self.seen(e.of)
        self.walk(e.of, is_main=False)
        if of is None:
            return
        self.light(of)
        if isinstance(e.name, Measure):
            return
        text = of.attributes.get(e.name)
        if text is not None:
            value = self.value(e)
            read = "" if e.reading is Reading.AS_IS or value is None else f" → {output_text(value)}"
            self.tags.append((of.key, f"{e.name.value}  {text}{read}"))

    def _compare(self, e: Compare) -> None:
        value, choices = self._run(e)
        left, right = e.left, e.right
        one = self.seen(left.of) if isinstance(left, Attribute) else None
        other = self.seen(right.of) if isinstance(right, Attribute) else None
        for side in (left, right):
            if not isinstance(side, Attribute) or not isinstance(side.name, Measure):
                self.walk(side, is_main=False)
            else:
                self.walk(side.of, is_main=False)
        if not isinstance(value, bool) or one is None or not isinstance(left, Attribute):
            return
        answer = "yes" if value else "no"
        if not isinstance(left.name, Measure):
            return
        if choices:
            self._remark(e, choices[-1], True)
        if isinstance(right, Middle):
            part = part_of(left.name, e.order)
            if part is not None:
                self.border = self._middle_border(part)
                self.tags.append((one.key, f"{PART_WORDS[part]}: {answer}"))
        elif other is one:
            self.tags.append((one.key, f"{one.box.width:,.0f} × {one.box.height:,.0f} px: {answer}"))
        elif other is not None and isinstance(right, Attribute) and right.name is left.name:
            word = comparative_word(left.name, e.order)
            self.arrows.append(Link(one.key, other.key, f"{word}: {answer}"))
            if left.name in (Measure.X_CENTRE, Measure.Y_CENTRE) and e.order is not Order.EQUAL:
                self.border = Border(
                    other.box.centre, _TOWARDS_PART[part_of(left.name, e.order) or Part.LEFT], f"{word} than this"
                )

    # What the chain says

    def take_references(self, chain: Chain) -> None:
        """Lights what the hop refers to, and draws from what it was handed to what it found."""
        known = self.facts.by_key
        self.origins = tuple(key for key in origins_of(self.hop, chain) if key in known)
        stated: dict[InstanceKey, None] = {}
        for reference in self.hop.establishes:
            if isinstance(reference, InstanceReference):
                stated[reference.instance] = None
            elif isinstance(reference, SetReference):
                stated.update(dict.fromkeys(reference.instances))
        self.found = tuple(key for key in stated if key in known)
        used = [key for key in instances_in(self.hop.uses) if key in known]
        if self.hop.operation is None:
            self.lit.update(dict.fromkeys((*self.origins, *used)))
        self.lit.update(dict.fromkeys(self.found))
        if not self.lit:
            self.lit.update(dict.fromkeys(used))
        if self.hop.level is not None:
            # What was handed on and plays no part in the picture now, such as a number's instance, stays dark.
            used_now = instances_in(self.hop.uses, with_sets=True)
            self.lit.update(dict.fromkeys(key for key in self.origins if key in used_now))
        self._draw_dependency()

    def _draw_dependency(self) -> None:
        ends = {link.end for link in self.arrows}
        words = {winner.key: word for winner, word in self.main}
        for key in self.found if len(self.found) <= 3 else ():
            if key in ends:
                continue
            for origin in self.origins:
                if origin != key and origin in self.lit:
                    self.arrows.append(Link(origin, key, words.pop(key, "")))
        arrived = {link.end for link in self.arrows}
        self.tags += [(key, word) for key, word in words.items() if word and key not in arrived]

    def evidence(self, chain: Chain) -> HopEvidence:
        """All that was gathered."""
        known = self.facts.by_key
        lit = frozenset(self.lit)
        members = frozenset((*self.members, *(key for key in chain.instances if key in known))) - lit
        compared = {link.end for link in self.dashes if isinstance(link.end, str)}
        return HopEvidence(
            origins=self.origins,
            found=self.found,
            lit=lit,
            members=members,
            arrows=tuple(self.arrows),
            dashes=tuple(self.dashes),
            tags=tuple(self.tags),
            border=self.border,
            remarks=tuple(dict.fromkeys(self.remarks)),
            zoomed=lit | frozenset(InstanceKey(key) for key in compared),
        )

    # Words

    def name(self, seen: Seen) -> str:
        """How an instance is called."""
        return self.names.get(seen.key, seen.category)

    def _remark(self, e: Expression, choice: Choice | None, is_main: bool) -> None:
        found = remark_on(e, choice, self._run(e)[1], self.value, self.names, self.facts)
        if found is not None and (is_main or not found.is_clear):
            self.remarks.append(found)


def _apart(by: Measure, one: Seen, other: Seen) -> str:
    a, b = one.measure(by), other.measure(by)
    if by in (Measure.X_CENTRE, Measure.Y_CENTRE):
        return f"{abs(a - b):,.0f} px"
    larger, smaller = max(a, b), min(a, b)
    return f"{b / a:.2g} ×" if smaller <= 0 else f"{larger / smaller:.1f} ×"
