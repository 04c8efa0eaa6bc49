"""Whether the typed operation of a hop still says what its words and references say.

An operation of a chain that a person edited is a check and never a ground for its label: such a chain waits for people's
answers. So an operation may stay while only the wording changes, but it must go as soon as it computes another thing
than the hop now asks; otherwise a stale check would call a wrong hop right. `docs/decisions` 0050 says why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from hopchain_core.domain.chains import Hop, InstanceReference, Reference, SetReference, ValueReference, instances_in
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Attribute,
    Branch,
    Compare,
    Constant,
    Count,
    Expression,
    Extreme,
    Filter,
    Given,
    Group,
    Nearest,
    Relation,
    Unique,
    hops_used,
)
from hopchain_core.domain.rules.reading import numbers_in, stem, words_in


class FitState(StrEnum):
    """What becomes of an operation when the draft is saved."""

    NONE = "none"
    """The hop never had one."""
    KEPT = "kept"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Fit:
    """What becomes of the operation of one hop.

    Attributes:
        state: Kept or dropped.
        reason: Why it is dropped; empty otherwise.
        may_keep: A person may say that it still fits.
        is_reworded: It is kept, but the sub-question has other words than before.
    """

    state: FitState
    reason: str = ""
    may_keep: bool = False
    is_reworded: bool = False


class Kind(StrEnum):
    """What a hop finds."""

    OBJECT = "object"
    OBJECTS = "objects"
    VALUE = "value"


_SAME_WORDS = {
    "closest": "nearest",
    "closer": "nearer",
    "furthest": "farthest",
    "further": "farther",
    "biggest": "largest",
    "bigger": "larger",
    "top": "upper",
    "topmost": "highest",
    "uppermost": "highest",
    "bottom": "lower",
    "bottommost": "lowest",
    "multiply": "times",
    "plus": "add",
    "minus": "less",
    "subtract": "less",
    "color": "colour",
}
_CHOOSING = (
    frozenset({"left", "right", "leftmost", "rightmost", "above", "below", "upper", "lower", "highest", "higher"})
    | frozenset({"lowest", "nearest", "nearer", "farthest", "farther", "largest", "larger", "smallest", "smaller"})
    | frozenset({"widest", "wider", "narrowest", "narrower", "tallest", "taller", "shortest", "shorter", "more"})
    | frozenset({"fewer", "most", "fewest", "even", "odd", "first", "second", "third", "fourth", "fifth", "last"})
    | frozenset({"not", "no", "same", "different", "other", "between", "add", "less", "times", "digit", "letter"})
    | frozenset({"colour", "number", "width", "height", "area", "sum", "product", "difference", "half", "neither"})
)
"""Words by which one choice or calculation differs from another, in English. A word that is not here is wording."""


def picture_words(facts: PictureFacts) -> frozenset[str]:
    """Words that tell one object of a picture from another: names of categories, and values of attributes."""
    texts = [*facts.by_category, *(value for seen in facts.seen for value in seen.attributes.values())]
    return frozenset(word.stem for text in texts for word in words_in(text))


def meaning(text: str, names: frozenset[str]) -> frozenset[str]:
    """What a sub-question asks, apart from its wording: choosing words, names of things, and numbers.

    Args:
        text: The sub-question.
        names: See `picture_words`.
    """
    stems = {_SAME_WORDS.get(w.stem, w.stem) for w in words_in(text)}
    said = {word for word in stems if word in _CHOOSING or word in names or stem(word) in names}
    return frozenset(said | {mention.number.text for mention in numbers_in(text)} - {"1"})


def kind_of(references: tuple[Reference, ...]) -> Kind | None:
    """What references amount to; None when they are none or several."""
    if len(references) != 1:
        return None
    match references[0]:
        case InstanceReference():
            return Kind.OBJECT
        case SetReference():
            return Kind.OBJECTS
        case ValueReference():
            return Kind.VALUE


def gives(operation: Expression) -> Kind | None:
    """What an operation finds; None where that depends on an earlier hop."""
    match operation:
        case Unique() | Extreme() | Nearest() | Relation() | Given():
            return Kind.OBJECT
        case Filter() | Group():
            return Kind.OBJECTS
        case Count() | Attribute() | Compare() | Arithmetic() | Constant():
            return Kind.VALUE
        case Branch(then=then, otherwise=otherwise):
            return gives(then) or gives(otherwise)
    return None


def fit(
    before: Hop, now: Hop, starts_from: Iterable[InstanceKey], names: frozenset[str], choice: bool | None = None
) -> Fit:
    """Decides about the operation of one hop.

    Args:
        before: The hop as it was, with its operation.
        now: As it is in the draft.
        starts_from: Instances that the hop used before, with what earlier hops find now in place of what they found.
        names: See `picture_words`.
        choice: A person said that it still fits (True) or does not (False).
    """
    operation = before.operation
    if operation is None:
        return Fit(FitState.NONE)
    if set(now.needs) != set(before.needs) and set(now.needs) != hops_used(operation):
        return Fit(FitState.DROPPED, "The hop now needs other hops than its operation reads.")
    kind, given = kind_of(now.establishes), gives(operation)
    if now.establishes != before.establishes and given is not None and kind is not given:
        return Fit(FitState.DROPPED, f"The hop now finds {_KINDS[kind]}, its operation finds {_KINDS[given]}.")
    if choice is False:
        return Fit(FitState.DROPPED, "You said that its operation does not fit.", may_keep=True)
    is_reworded = before.sub_question != now.sub_question
    if choice is True:
        return Fit(FitState.KEPT, is_reworded=is_reworded)
    used = instances_in(now.uses, with_sets=True)
    if used not in (instances_in(before.uses, with_sets=True), frozenset(starts_from)):
        return Fit(FitState.DROPPED, "The hop now starts from other objects than its operation.", may_keep=True)
    if is_reworded:
        old, new = meaning(before.sub_question, names), meaning(now.sub_question, names)
        if old != new:
            return Fit(FitState.DROPPED, _reworded(old - new, new - old), may_keep=True)
    return Fit(FitState.KEPT, is_reworded=is_reworded)


_KINDS = {None: "something else", Kind.OBJECT: "one object", Kind.OBJECTS: "several objects", Kind.VALUE: "a value"}


def _reworded(gone: frozenset[str], come: frozenset[str]) -> str:
    said = []
    if come:
        said.append(f"now say {_quoted(come)}")
    if gone:
        said.append(f"no longer say {_quoted(gone)}")
    return f"Its words {' and '.join(said)}, which its operation does not know."


def _quoted(words: frozenset[str]) -> str:
    return ", ".join(f"“{word}”" for word in sorted(words))
