"""How clear a choice was, in words a curator reads: by how much, and by how much it had to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.models.chain_words import DIRECTION_WORDS, comparative_word, extreme_word, nearest_word
from app.models.status_words import counted
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.programs import margins
from hopchain_core.domain.programs.execution import Choice, Value
from hopchain_core.domain.programs.facts import PictureFacts, Seen
from hopchain_core.domain.programs.operations import (
    Attribute,
    Compare,
    Count,
    End,
    Expression,
    Extreme,
    Filter,
    Measure,
    Middle,
    Nearest,
    Order,
    Relation,
)

_CENTRES = (Measure.X_CENTRE, Measure.Y_CENTRE)
_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence on one choice.

    Attributes:
        text: What was measured.
        is_clear: People with good eyes agree on it without measuring.
        lead: A few words before it: "Clear by margin", "Near a tie".
    """

    text: str
    is_clear: bool
    lead: str = ""


def remark_on(
    e: Expression,
    choice: Choice | None,
    choices: Sequence[Choice],
    value: Callable[[Expression], Value | None],
    names: Mapping[InstanceKey, str],
    facts: PictureFacts,
) -> Remark | None:
    """What to say of one choice.

    Args:
        e: The operation that chose.
        choice: Its own, as running it told.
        choices: All that running it told, those of conditions too.
        value: What an expression gives.
        names: How instances are called.
        facts: The picture.
    """
    match e:
        case Nearest():
            return None if choice is None else _nearest(e, choice, value, names)
        case Extreme():
            return None if choice is None else _extreme(e, choice, names)
        case Relation():
            return None if choice is None else _relation(e, choice, value, names)
        case Compare():
            return None if choice is None else _compare(e, choice, value, names, facts)
        case Count() | Filter():
            return _set(e, choice, choices, value, names)
    return None


def _clear(choice: Choice, text: str, unclear: str = "") -> Remark:
    if choice.is_clear:
        return Remark(text, True, "Clear by margin")
    return Remark(unclear or text, False, "Near a tie")


def _name(seen: Seen, names: Mapping[InstanceKey, str]) -> str:
    return names.get(seen.key, seen.category)


def _nearest(
    e: Nearest, choice: Choice, value: Callable[[Expression], Value | None], names: Mapping[InstanceKey, str]
) -> Remark | None:
    to, winner, other = value(e.to), choice.winner, choice.runner_up
    if not isinstance(to, Seen) or winner is None:
        return None
    distance = winner.distance(to)
    if other is None:
        return Remark("There is no other one to take.", True, "Clear by margin")
    second = other.distance(to)
    far, near = (second, distance) if e.end is End.MIN else (distance, second)
    ratio = f"{far / near:.1f} times as far" if near > 0 else "apart"
    text = f"{distance:,.0f} px between centres, the runner-up {_name(other, names)} is at {second:,.0f} px"
    needed = margins.NEAREST_RATIO if e.end is End.MIN else margins.FARTHEST_RATIO
    if choice.is_clear:
        shown = ratio if e.end is End.MIN else f"the {nearest_word(e.end)} {ratio}"
        return _clear(choice, f"{text} ({shown}).")
    why = f"{ratio}; {needed:g} times would be clear" if near <= 0 or far / near < needed else "their edges disagree"
    return _clear(choice, "", f"{text} ({why}).")


def _extreme(e: Extreme, choice: Choice, names: Mapping[InstanceKey, str]) -> Remark | None:
    winner, other = choice.winner, choice.runner_up
    if winner is None or other is None:
        return None
    name = _name(other, names)
    a, b = winner.measure(e.by), other.measure(e.by)
    if e.by in _CENTRES:
        gap = abs(a - b)
        word = comparative_word(e.by, Order.LESS if a < b else Order.GREATER)
        text = f"{gap:,.0f} px {word} than the runner-up {name}"
        if choice.is_clear or choice.margin <= 0:
            return _clear(choice, f"{text}.")
        if choice.margin == 0.5:
            return _clear(choice, "", f"{text}, but their edges lie the other way round.")
        return _clear(choice, "", f"{text}; {gap / choice.margin:,.0f} px would be clear.")
    larger, smaller = max(a, b), min(a, b)
    ratio = larger / smaller if smaller > 0 else 10.0
    which = f"the runner-up {name}" if a < b else "it"
    than = "it" if a < b else f"the runner-up {name}"
    size = "large" if e.by is Measure.AREA else "tall" if e.by is Measure.HEIGHT else "wide"
    needed = margins.AREA_RATIO if e.by is Measure.AREA else margins.LENGTH_RATIO
    text = f"{which} is {ratio:.1f} times as {size} as {than}"
    unclear = f"{extreme_word(e.by, e.end, e.rank)}: {text}; {needed:g} times would be clear."
    return _clear(choice, f"{text}.", unclear)


def _relation(
    e: Relation, choice: Choice, value: Callable[[Expression], Value | None], names: Mapping[InstanceKey, str]
) -> Remark | None:
    start, winner, other = value(e.of), choice.winner, choice.runner_up
    if not isinstance(start, Seen) or winner is None:
        return None
    step = margins.step(e.direction, start, winner)
    text = f"{step:,.0f} px {DIRECTION_WORDS[e.direction]} {_name(start, names)}"
    if other is not None:
        text += f", then {_name(other, names)} at {margins.step(e.direction, start, other):,.0f} px"
    return _clear(choice, f"{text}.")


def _compare(
    e: Compare,
    choice: Choice,
    value: Callable[[Expression], Value | None],
    names: Mapping[InstanceKey, str],
    facts: PictureFacts,
) -> Remark | None:
    one = choice.winner
    if one is None or not isinstance(e.left, Attribute) or not isinstance(e.left.name, Measure):
        return None
    by, name = e.left.name, _name(one, names)
    if isinstance(e.right, Middle):
        away = abs(one.measure(by) - facts.side_px(e.right.axis) / 2)
        return _clear(
            choice,
            f"the centre of {name} is {away:,.0f} px from the middle line.",
            f"the centre of {name} is {away:,.0f} px from the middle line, and it lies on both sides of it.",
        )
    left, right = value(e.left), value(e.right)
    other = choice.runner_up
    if left is None or right is None or isinstance(left, tuple | Seen) or isinstance(right, tuple | Seen):
        return None
    a, b = float(left), float(right)
    if by in _CENTRES and other is not None and other is not one:
        gap = abs(a - b)
        text = (
            f"{gap:,.0f} px {comparative_word(by, Order.LESS if a < b else Order.GREATER)} than {_name(other, names)}"
        )
        return _clear(choice, f"{text}.", f"{text}; {gap / max(choice.margin, 1e-6):,.0f} px would be clear.")
    ratio = max(a, b) / min(a, b) if min(a, b) > 0 else 10.0
    needed = margins.AREA_RATIO if by is Measure.AREA else margins.LENGTH_RATIO
    text = f"one is {ratio:.1f} times the other"
    return _clear(choice, f"{text}.", f"{text}; {needed:g} times would be clear.")


def _set(
    e: Count | Filter,
    choice: Choice | None,
    choices: Sequence[Choice],
    value: Callable[[Expression], Value | None],
    names: Mapping[InstanceKey, str],
) -> Remark | None:
    if choice is not None and choice.operation == "count" and not choice.is_clear:
        return Remark(
            f"{choice.message}: more are there than are marked, or they hide each other.", False, "Not countable"
        )
    members = value(e.among if isinstance(e, Count) else e)
    if not isinstance(members, tuple):
        return None
    shown = [_name(s, names) for s in members[:_MOST_NAMED]]
    more = f" and {len(members) - len(shown)} more" if len(members) > len(shown) else ""
    listed = f"{counted(len(members), 'object')}: {', '.join(shown)}{more}." if members else "None."
    doubtful = [c for c in choices if c.operation == "filter" and not c.is_clear]
    if doubtful:
        worst = min(doubtful, key=lambda c: c.margin)
        who = f" ({_name(worst.winner, names)})" if worst.winner is not None else ""
        return Remark(f"{listed} {worst.message}{who}: {worst.margin:.1f} of what would be clear.", False, "Near a tie")
    return Remark(listed, True, "Counted" if isinstance(e, Count) else "Found")
