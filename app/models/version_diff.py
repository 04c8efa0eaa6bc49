"""What changed between two versions of a chain: words of the texts, instances, and hop by hop."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from hopchain_core.domain.chains import Chain, Hop, Level, Reference, instances_in
from hopchain_core.domain.keys import InstanceKey

_PIECES = re.compile(r"\s+|\w+|[^\w\s]", re.UNICODE)
"""Spaces, words, and each sign by itself: together they are the whole text."""


class Change(StrEnum):
    """What happened to a piece."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text.

    Attributes:
        change: Whether it stands in both texts, in the new or in the old one.
        text: Never empty.
    """

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class TextDiff:
    """Two texts, word by word. Removed words come before those that took their place."""

    spans: tuple[Span, ...]

    @property
    def old(self) -> str:
        """The old text, whole."""
        return "".join(s.text for s in self.spans if s.change is not Change.ADDED)

    @property
    def new(self) -> str:
        """The new text, whole."""
        return "".join(s.text for s in self.spans if s.change is not Change.REMOVED)

    @property
    def is_same(self) -> bool:
        """Nothing changed."""
        return all(s.change is Change.SAME for s in self.spans)


def word_diff(old: str, new: str) -> TextDiff:
    """Compares two texts word by word; a space between two changed words changes with them."""
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    edges = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    found: list[Span] = []
    removed = added = ""
    for tag, a0, a1, b0, b1 in edges:
        if tag == "equal":
            same = "".join(before[a0:a1])
            # A lone space between changes would cut a phrase into crumbs.
            if same.isspace() and (removed or added) and a1 < len(before) and b1 < len(after):
                removed, added = removed + same, added + same
                continue
            found += _changed(removed, added)
            removed = added = ""
            found.append(Span(Change.SAME, same))
        else:
            removed += "".join(before[a0:a1])
            added += "".join(after[b0:b1])
    return TextDiff((*found, *_changed(removed, added)))


def _changed(removed: str, added: str) -> list[Span]:
    spans = [Span(Change.REMOVED, removed)] if removed else []
    return [*spans, Span(Change.ADDED, added)] if added else spans


@dataclass(frozen=True, slots=True)
class KeysDiff:
    """Instances of two versions, each in the order of its version."""

    kept: tuple[InstanceKey, ...]
    added: tuple[InstanceKey, ...]
    removed: tuple[InstanceKey, ...]

    @classmethod
    def between(cls, old: Iterable[InstanceKey], new: Iterable[InstanceKey]) -> KeysDiff:
        """Compares; the order does not count."""
        before, after = dict.fromkeys(old), dict.fromkeys(new)
        return cls(
            kept=tuple(k for k in after if k in before),
            added=tuple(k for k in after if k not in before),
            removed=tuple(k for k in before if k not in after),
        )

    @property
    def is_same(self) -> bool:
        """The same instances."""
        return not self.added and not self.removed


class OperationChange(StrEnum):
    """What happened to a hop's operation."""

    SAME = "same"
    DROPPED = "dropped"
    ADDED = "added"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class HopDiff:
    """One hop in two versions.

    Attributes:
        index: Its number.
        change: ADDED or REMOVED where only one version has it.
        sub_question: Its words.
        output: Its result.
        levels: Before and after.
        needs: Before and after.
        uses: Instances it starts from.
        establishes: Instances it finds.
        operation: Whether it is still recomputed.
    """

    index: int
    change: Change
    sub_question: TextDiff
    output: TextDiff
    levels: tuple[Level | None, Level | None]
    needs: tuple[tuple[int, ...], tuple[int, ...]]
    uses: KeysDiff
    establishes: KeysDiff
    operation: OperationChange

    @property
    def is_same(self) -> bool:
        """Nothing of it changed."""
        return (
            self.change is Change.SAME
            and self.sub_question.is_same
            and self.output.is_same
            and self.levels[0] == self.levels[1]
            and self.needs[0] == self.needs[1]
            and self.uses.is_same
            and self.establishes.is_same
            and self.operation is OperationChange.SAME
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainDiff:
    """Two versions of a chain.

    Attributes:
        question: Its words.
        answers: Before and after, canonical.
        instances: Those chosen.
        hops: Every hop of either version, in order.
    """

    question: TextDiff
    answers: tuple[str, str]
    instances: KeysDiff
    hops: tuple[HopDiff, ...]

    @property
    def changed_hops(self) -> tuple[HopDiff, ...]:
        """Hops of which something changed."""
        return tuple(h for h in self.hops if not h.is_same)

    @property
    def is_same(self) -> bool:
        """Nothing that a person can edit changed."""
        return (
            self.question.is_same
            and self.answers[0] == self.answers[1]
            and self.instances.is_same
            and not self.changed_hops
        )

    @property
    def summary(self) -> str:
        """What changed in one line: ``Question, hops 2 and 3, answer 9 → 12``."""
        parts = [] if self.question.is_same else ["question"]
        if not self.instances.is_same:
            parts.append("instances")
        numbers = [str(h.index) for h in self.changed_hops]
        if numbers:
            parts.append(f"hop {numbers[0]}" if len(numbers) == 1 else f"hops {joined(numbers)}")
        if self.answers[0] != self.answers[1]:
            parts.append(f"answer {self.answers[0]} → {self.answers[1]}")
        text = ", ".join(parts) or "nothing"
        return text[:1].upper() + text[1:]


def chain_diff(old: Chain, new: Chain) -> ChainDiff:
    """Compares two versions; hops are paired by their number."""
    before, after = {h.index: h for h in old.hops}, {h.index: h for h in new.hops}
    return ChainDiff(
        question=word_diff(old.question, new.question),
        answers=(old.answer.text, new.answer.text),
        instances=KeysDiff.between(old.instances, new.instances),
        hops=tuple(_hop_diff(i, before.get(i), after.get(i)) for i in sorted(before.keys() | after.keys())),
    )


def _hop_diff(index: int, old: Hop | None, new: Hop | None) -> HopDiff:
    change = Change.SAME if old and new else Change.ADDED if new else Change.REMOVED
    return HopDiff(
        index=index,
        change=change,
        sub_question=word_diff(old.sub_question if old else "", new.sub_question if new else ""),
        output=word_diff(old.output if old else "", new.output if new else ""),
        levels=(old.level if old else None, new.level if new else None),
        needs=(old.needs if old else (), new.needs if new else ()),
        uses=KeysDiff.between(_keys(old.uses if old else ()), _keys(new.uses if new else ())),
        establishes=KeysDiff.between(_keys(old.establishes if old else ()), _keys(new.establishes if new else ())),
        operation=_operation_change(old, new),
    )


def _keys(references: tuple[Reference, ...]) -> Sequence[InstanceKey]:
    return sorted(instances_in(references, with_sets=True))


def _operation_change(old: Hop | None, new: Hop | None) -> OperationChange:
    before, after = old.operation if old else None, new.operation if new else None
    if before == after:
        return OperationChange.SAME
    if after is None:
        return OperationChange.DROPPED
    return OperationChange.ADDED if before is None else OperationChange.OTHER


def joined(words: Sequence[str]) -> str:
    """Words as a list in a sentence: ``2, 3 and 5``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
