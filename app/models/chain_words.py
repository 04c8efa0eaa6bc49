"""How the studio calls what stands in a chain: levels, kinds, operations, decisions, composers."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.status_words import STATUS_WORDS, counted
from hopchain_core.domain.chains import Composer, HopKind, Level
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Attribute,
    Branch,
    Compare,
    Condition,
    Count,
    Direction,
    End,
    Expression,
    Extreme,
    Filter,
    HasAttribute,
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
from hopchain_core.domain.review import MarkKind
from hopchain_core.domain.status import ChainStatus
from hopchain_core.project import ChainRow


@dataclass(frozen=True, slots=True)
class Word:
    """A short word with its icon.

    Attributes:
        text: Shown.
        icon: Beside it.
        tone: A colour of the tokens.
    """

    text: str
    icon: str
    tone: str


MARK_WORDS: dict[MarkKind, Word] = {
    MarkKind.ACCEPT: Word("Accepted", "check", "ok"),
    MarkKind.REJECT: Word("Rejected", "cross", "bad"),
    MarkKind.FLAG: Word("Flagged", "flag", "warn"),
}
"""What a curator decided, as lists show it."""

COMPOSER_WORDS: dict[Composer, str] = {
    Composer.VLM: "composed by a model",
    Composer.PROGRAM: "composed by a program",
    Composer.PERSON: "edited by a person",
}

LEVEL_ICONS: dict[Level | None, str] = {
    Level.ONE_OBJECT: "level-one",
    Level.SEVERAL: "level-many",
    None: "calculator",
}
KIND_WORDS: dict[HopKind, tuple[str, str]] = {
    HopKind.INSTANCE: ("Instance chain", "Its instance can only be found through an earlier hop"),
    HopKind.PERCEPTION: ("Perception level", "It changes the level: from one object to several, or back"),
}
DIRECTION_WORDS: dict[Direction, str] = {
    Direction.LEFT_OF: "left of",
    Direction.RIGHT_OF: "right of",
    Direction.ABOVE: "above",
    Direction.BELOW: "below",
}
NEXT_WORDS: dict[Direction, str] = {
    Direction.LEFT_OF: "next to the left",
    Direction.RIGHT_OF: "next to the right",
    Direction.ABOVE: "next above",
    Direction.BELOW: "next below",
}
PART_WORDS: dict[Part, str] = {
    Part.LEFT: "left half",
    Part.RIGHT: "right half",
    Part.UPPER: "upper half",
    Part.LOWER: "lower half",
}
_EXTREMES: dict[tuple[Measure, End], str] = {
    (Measure.X_CENTRE, End.MIN): "leftmost",
    (Measure.X_CENTRE, End.MAX): "rightmost",
    (Measure.Y_CENTRE, End.MIN): "highest",
    (Measure.Y_CENTRE, End.MAX): "lowest",
    (Measure.WIDTH, End.MIN): "narrowest",
    (Measure.WIDTH, End.MAX): "widest",
    (Measure.HEIGHT, End.MIN): "shortest",
    (Measure.HEIGHT, End.MAX): "tallest",
    (Measure.AREA, End.MIN): "smallest",
    (Measure.AREA, End.MAX): "largest",
}
MEASURE_WORDS: dict[Measure, str] = {
    Measure.X_CENTRE: "place from the left",
    Measure.Y_CENTRE: "place from the top",
    Measure.WIDTH: "width",
    Measure.HEIGHT: "height",
    Measure.AREA: "area",
}
_COMPARATIVES: dict[tuple[Measure, Order], str] = {
    (Measure.X_CENTRE, Order.LESS): "farther left",
    (Measure.X_CENTRE, Order.GREATER): "farther right",
    (Measure.Y_CENTRE, Order.LESS): "higher",
    (Measure.Y_CENTRE, Order.GREATER): "lower",
    (Measure.WIDTH, Order.LESS): "narrower",
    (Measure.WIDTH, Order.GREATER): "wider",
    (Measure.HEIGHT, Order.LESS): "shorter",
    (Measure.HEIGHT, Order.GREATER): "taller",
    (Measure.AREA, Order.LESS): "smaller",
    (Measure.AREA, Order.GREATER): "larger",
}
_READINGS: dict[Reading, str] = {
    Reading.NUMBER: "number read",
    Reading.LETTERS: "letters counted",
    Reading.DIGITS: "digits counted",
    Reading.FIRST_DIGIT: "first digit",
    Reading.LAST_DIGIT: "last digit",
    Reading.DIGIT_SUM: "sum of digits",
}
_OPERATORS: dict[Operator, str] = {Operator.ADD: "+", Operator.SUBTRACT: "−", Operator.MULTIPLY: "×"}
_RANKS = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}


def chain_name(number: int) -> str:
    """How people call a chain: C-0412."""
    return f"C-{number:04d}"


def level_word(level: Level | None) -> str:
    """Level 1, Level 2, or what a hop without a level does."""
    return "Calculation" if level is None else f"Level {int(level)}"


def extreme_word(by: Measure, end: End, rank: int = 1) -> str:
    """Such as leftmost, or second largest."""
    word = _EXTREMES[by, end]
    return word if rank == 1 else f"{_RANKS.get(rank, f'{rank}th')} {word}"


def comparative_word(by: Measure, order: Order) -> str:
    """Such as farther left, or larger; `EQUAL` gives the same."""
    return _COMPARATIVES.get((by, order), f"same {MEASURE_WORDS[by]}")


def part_of(by: Measure, order: Order) -> Part | None:
    """The half of the picture that a comparison with its middle line asks for."""
    return {
        (Measure.X_CENTRE, Order.LESS): Part.LEFT,
        (Measure.X_CENTRE, Order.GREATER): Part.RIGHT,
        (Measure.Y_CENTRE, Order.LESS): Part.UPPER,
        (Measure.Y_CENTRE, Order.GREATER): Part.LOWER,
    }.get((by, order))


def nearest_word(end: End) -> str:
    """Nearest or farthest."""
    return "nearest" if end is End.MIN else "farthest"


def condition_word(condition: Condition) -> str:
    """What a member of a set has to fulfil, in two words."""
    match condition:
        case HasAttribute(name, value):
            return f"{name.value} {value}"
        case InPart(part):
            return PART_WORDS[part]
        case Placed(direction, _):
            return DIRECTION_WORDS[direction]
        case Sized(by, order, _):
            return comparative_word(by, order)
        case Matches(name, _):
            return f"same {name.value}"


def operation_word(operation: Expression | None) -> str:
    """An operation in a few words: nearest, count, branch, ×; empty where a hop has none."""
    words = _words(operation) if operation is not None else []
    return ", ".join(dict.fromkeys(words[:3]))


def _words(e: Expression) -> list[str]:
    match e:
        case Unique(among):
            return ["the only one", *([] if not isinstance(among, Filter) else _conditions(among))][:2]
        case Filter():
            return _conditions(e) or ["all of them"]
        case Extreme(among, by, end, rank):
            return [extreme_word(by, end, rank), *(_conditions(among) if isinstance(among, Filter) else [])]
        case Nearest(_, _, end):
            return [nearest_word(end)]
        case Relation(_, direction, _):
            return [NEXT_WORDS[direction]]
        case Count(among):
            return ["count", *(_conditions(among) if isinstance(among, Filter) else [])]
        case Attribute(_, name, reading):
            return [_READINGS.get(reading, MEASURE_WORDS[name] if isinstance(name, Measure) else name.value)]
        case Compare(left, order, right):
            if isinstance(left, Attribute) and isinstance(left.name, Measure):
                part = part_of(left.name, order)
                if isinstance(right, Middle) and part is not None:
                    return [PART_WORDS[part]]
                return [comparative_word(left.name, order)]
            return ["even?" if order is Order.EVEN else "compare"]
        case Branch(condition, _, _):
            return ["branch", *_words(condition)]
        case Arithmetic(operator, operands):
            inner = [word for operand in operands for word in _words(operand)]
            return [*inner[:2], _OPERATORS[operator]]
    return []


def _conditions(e: Filter) -> list[str]:
    return [condition_word(c) for c in e.where]


def standing_of(row: ChainRow) -> Word | None:
    """What a list says of where a chain stands: the decision first, then what sorts it out; None while it is open."""
    if row.mark is not None:
        return MARK_WORDS[row.mark]
    if row.status in _TOLD:
        word = STATUS_WORDS[row.status]
        return Word(_TOLD[row.status] or word.text, word.icon, word.tone)
    return None


_TOLD: dict[ChainStatus, str] = {
    ChainStatus.REFUSED: "Refused",
    ChainStatus.TOO_EASY: "",
    ChainStatus.TOO_HARD: "",
    ChainStatus.DISPUTED: "",
    ChainStatus.VERIFIED: "",
    ChainStatus.ADJUDICATED: "",
    ChainStatus.REJECTED: "",
    ChainStatus.UNAUDITED: "",
}
"""Statuses worth a word in a list, with a shorter one where there is one."""


def chain_sentence(row: ChainRow) -> str:
    """What is to be known of a chain in a list, for tooltips and screen readers."""
    standing = standing_of(row)
    parts = [
        chain_name(row.number),
        counted(row.hop_count, "hop"),
        *([counted(row.finding_count, "finding")] if row.finding_count else []),
        standing.text if standing else STATUS_WORDS[row.status].text,
    ]
    return f"{', '.join(parts)}: {row.question}"
