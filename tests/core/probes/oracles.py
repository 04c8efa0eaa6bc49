"""Two readers that do to chains of programs what no model does better: they misread nothing and reckon without error.

Without the picture, a reader understands every word of the question and imagines what it is about. It has seen how the
questions about all other pictures came out: for each count it draws from what was counted in the same way (in a half, of a colour,
beside something; multiplied by or added), for each number read from those read in the same way, and each condition is met
as often as conditions of its kind are. It says the answer of one such world at each try, or always that which most have. Without the first hops, it sees the picture exactly and tries
what they could have found: anything, or any thing of a kind where what is left names the kind, and any number. It says the answer where all of that gives the same, and
else that it cannot be known.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from hopchain_core.backends.program.words import singular
from hopchain_core.domain.chains import Chain, Hop
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.probes import TrialKind, later_hops
from hopchain_core.domain.programs.execution import PictureFacts, ProgramError, Seen, Value, run_program
from hopchain_core.domain.programs.machine import Machine
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Attribute,
    Compare,
    Expression,
    Extreme,
    Filter,
    Given,
    Nearest,
    Operator,
    Relation,
    Unique,
)
from hopchain_core.project import Project
from tests.core.backends.vlm.fake_server import Body, words_of
from tests.core.probes.talking import Talker, number

WORLDS = 400
"""Pictures imagined, or things tried, for each question."""
LARGEST = 60
"""Numbers that the lost hops may have led to are tried up to this one."""


_Way = tuple[object, ...]
"""In what way something is counted, read or asked."""


class Habits:
    """What counts, readings and conditions come to in a project, each by the way in which it is worded."""

    def __init__(self) -> None:
        self._seen: dict[_Way, list[tuple[ImageKey, Decimal]]] = defaultdict(list)
        self.image = ImageKey("")

    def note(self, way: _Way, value: Decimal) -> None:
        """Remembers what came out over the picture of `image`."""
        self._seen[way].append((self.image, value))

    def elsewhere(self, way: _Way) -> list[Decimal]:
        """What came out over other pictures than `image`; of the same sort of thing where never in the same way."""
        same = [value for image, value in self._seen[way] if image != self.image]
        sort = (v for other, seen in self._seen.items() if other[0] == way[0] for i, v in seen if i != self.image)
        return same or list(sort) or [Decimal(1)]


class _Wording(Machine):
    """Keeps in mind what a count is used for, which the words tell."""

    def __init__(self, facts: PictureFacts) -> None:
        super().__init__(facts, {}, {})
        self._use: Operator | None = None

    def _arithmetic(self, e: Arithmetic) -> Decimal:
        before, self._use = self._use, e.operator
        found = super()._arithmetic(e)
        self._use = before
        return found

    def _count_way(self, among: Expression) -> _Way:
        conditions = among.where if isinstance(among, Filter) else ()
        return ("count", self._use is Operator.MULTIPLY, *(type(condition) for condition in conditions))

    def _asked_way(self, e: Compare) -> _Way:
        left, right = e.left, e.right
        return ("asked", e.order, *(side.name if isinstance(side, Attribute) else type(side) for side in (left, right)))


class _Watching(_Wording):
    """Notes what is counted, read and asked."""

    def __init__(self, facts: PictureFacts, habits: Habits) -> None:
        super().__init__(facts)
        self._habits = habits

    def _count(self, among: Expression) -> Decimal:
        found = super()._count(among)
        self._habits.note(self._count_way(among), found)
        return found

    def _attribute(self, e: Attribute) -> Value:
        found = super()._attribute(e)
        if isinstance(found, Decimal):
            self._habits.note(("read", e.reading), found)
        return found

    def _compare(self, e: Compare) -> bool:
        found = super()._compare(e)
        self._habits.note(self._asked_way(e), Decimal(found))
        return found


class _Imagining(_Wording):
    """Goes through a program without a picture: whatever would be looked at is drawn by lot."""

    def __init__(self, facts: PictureFacts, habits: Habits, rng: random.Random) -> None:
        super().__init__(facts)
        self._habits, self._rng = habits, rng
        self._known: dict[_Way, list[Decimal]] = {}

    def _value(self, e: Expression) -> Value:
        match e:
            case Given() | Unique() | Extreme() | Nearest() | Relation():
                return self.facts.seen[0]  # something; nothing of it is ever looked at
            case Filter():
                return ()
        return super()._value(e)

    def _count(self, among: Expression) -> Decimal:
        return self._drawn(self._count_way(among))

    def _attribute(self, e: Attribute) -> Value:
        return self._drawn(("read", e.reading))

    def _compare(self, e: Compare) -> bool:
        return bool(self._drawn(self._asked_way(e)))

    def _drawn(self, way: _Way) -> Decimal:
        if way not in self._known:
            self._known[way] = self._habits.elsewhere(way)
        return self._rng.choice(self._known[way])


def habits_of(chains: Sequence[tuple[Chain, PictureFacts]]) -> Habits:
    """What counts and readings come to over these chains."""
    habits = Habits()
    for chain, facts in chains:
        habits.image = chain.image
        watching = _Watching(facts, habits)
        for hop in chain.hops:
            assert hop.operation is not None
            watching.run(hop.index, hop.operation)
    return habits


def imagined(chain: Chain, facts: PictureFacts, habits: Habits) -> Counter[Decimal]:
    """Answers over the pictures that a question's words allow, as often as they come."""
    habits.image = chain.image
    imagining = _Imagining(facts, habits, random.Random(chain.key))
    found: Counter[Decimal] = Counter()
    for _ in range(WORLDS):
        last: Value = Decimal(0)
        for hop in chain.hops:
            assert hop.operation is not None
            last = imagining.run(hop.index, hop.operation)
        if isinstance(last, Decimal):
            found[last] += 1
    return found


def without_the_first(chain: Chain, facts: PictureFacts, kept: Sequence[Hop]) -> Counter[Decimal | None]:
    """Answers of the later hops over whatever the lost ones could have found; None where there is none."""
    rng = random.Random(chain.key)
    true = dict(zip((h.index for h in chain.hops), run_program(chain.hops, facts).outputs, strict=True))
    lost = [h.index for h in chain.hops if h.index < kept[0].index]
    text = " ".join(hop.sub_question for hop in kept)
    options = {index: _could_be(true[index], facts, text) for index in lost}
    found: Counter[Decimal | None] = Counter()
    for _ in range(WORLDS):
        override = {index: rng.choice(options[index]) for index in lost}
        try:
            found[run_program(chain.hops, facts, override=override).answer] += 1
        except ProgramError:
            found[None] += 1
    return found


def _could_be(value: Value, facts: PictureFacts, text: str) -> Sequence[Value]:
    """What a hop could have found that found this: anything, a thing of its kind where the text says so, any number."""
    match value:
        case Seen():
            return facts.by_category[value.category] if singular(value.category) in text else facts.seen
        case bool():
            return (True, False)
        case Decimal():
            return [Decimal(n) for n in range(LARGEST + 1)]
    return (value,)


@dataclass
class Reader:
    """Says, over HTTP, what the two readers make of every chain of a project.

    Attributes:
        blind: Answers over imagined worlds, by chain.
        late: What is said without the first hops, by chain and how many hops are left.
        is_settled: Without the picture it always says the likeliest answer; else that of one world, by the seed.
        guessed_late: Of the questions without the first hops, how often the likeliest answer is right, and how many.
    """

    talker: Talker
    is_settled: bool
    blind: dict[str, Counter[Decimal]] = field(default_factory=dict)
    late: dict[tuple[str, TrialKind], str] = field(default_factory=dict)
    guessed_late: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, project: Project, *, is_settled: bool) -> Reader:
        with project.read() as read:
            chains = [stored.chain for stored in read.chains()]
        pairs = [(chain, project.facts(chain.image)) for chain in chains]
        habits = habits_of(pairs)
        reader = cls(Talker.of(project), is_settled)
        for chain, facts in pairs:
            reader.blind[chain.key] = imagined(chain, facts, habits)
            for kind in (TrialKind.LAST, TrialKind.HALF):
                kept = later_hops(chain.hops, kind)
                if kept:
                    could_be = without_the_first(chain, facts, kept)
                    reader.guessed_late[f"{kind} right"] += could_be.most_common(1)[0][0] == chain.answer.value
                    reader.guessed_late[kind] += 1
                    del could_be[None]
                    # With no world in which the rest makes sense, nothing is known either.
                    text = number(_text(*could_be)) if len(could_be) == 1 else "<answer>unknown</answer>"
                    reader.late[chain.key, kind] = text
        return reader

    def drawing(self) -> Reader:
        """The same reader, saying the answer of one world at each try."""
        return replace(self, is_settled=False)

    def speak(self, body: Body, seed: int) -> str:
        chain, question = self.talker.asked[words_of(body)]
        if question.kind is not TrialKind.BLIND:
            return self.late[chain, question.kind]
        worlds = self.blind[chain]
        if self.is_settled:
            return number(_text(worlds.most_common(1)[0][0]))
        (answer,) = random.Random(seed).choices(list(worlds), list(worlds.values()))
        return number(_text(answer))


def _text(value: Decimal | None) -> str:
    return format(value, "f") if value is not None else "none"
