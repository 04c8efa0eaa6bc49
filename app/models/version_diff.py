"""What changed between two versions of a chain: words of the texts, instances, and hop by hop."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from app.models.hop_order import moved, paired, renumbered
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
        index: Its number; the old one where it was removed.
        was: Its number before; None where it was added.
        is_moved: It stands before or after other hops than it did, not only under another number.
        change: ADDED or REMOVED where only one version has it.
        sub_question: Its words.
        output: Its result.
        levels: Before and after.
        needs: Before and after; each by the numbers of its version.
        is_needing_same: It needs the same hops, whatever their numbers.
        uses: Instances it starts from.
        establishes: Instances it finds.
        operation: Whether it is still recomputed.
    """

    index: int
    was: int | None
    is_moved: bool
    change: Change
    sub_question: TextDiff
    output: TextDiff
    levels: tuple[Level | None, Level | None]
    needs: tuple[tuple[int, ...], tuple[int, ...]]
    is_needing_same: bool
    uses: KeysDiff
    establishes: KeysDiff
    operation: OperationChange

    @property
    def is_same(self) -> bool:
        """Nothing of it changed but perhaps its number."""
        return (
            self.change is Change.SAME
            and not self.is_moved
            and self.sub_question.is_same
            and self.output.is_same
            and self.levels[0] == self.levels[1]
            and self.is_needing_same
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
        hops: Every hop of either version, in the new order; one that was removed stands where it was.
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
        for word, change, is_moved in _HOP_WORDS:
            hops = [h for h in self.changed_hops if (h.change, h.is_moved) == (change, is_moved)]
            if hops:
                numbers = joined([str(h.index) for h in hops])
                parts.append(f"{'hop' if len(hops) == 1 else 'hops'} {numbers}{word}")
        if self.answers[0] != self.answers[1]:
            parts.append(f"answer {self.answers[0]} → {self.answers[1]}")
        text = ", ".join(parts) or "nothing"
        return text[:1].upper() + text[1:]


_HOP_WORDS = (
    ("", Change.SAME, False),
    (" moved", Change.SAME, True),
    (" added", Change.ADDED, False),
    (" removed", Change.REMOVED, False),
)


def chain_diff(old: Chain, new: Chain) -> ChainDiff:
    """Compares two versions; a hop is known again by what it asks, else by the hop before it."""
    became = paired(old.hops, new.hops)
    was = {number: before for before, number in became.items()}
    out_of_place = moved([was[h.index] for h in new.hops if h.index in was])
    after = {h.index: h for h in new.hops}
    found = [_hop_diff(old.hop(was[i]) if i in was else None, hop, became, out_of_place) for i, hop in after.items()]
    for hop in old.hops:
        if hop.index not in became:
            earlier = [place for place, h in enumerate(found, 1) if h.was is not None and h.was < hop.index]
            found.insert(max(earlier, default=0), _hop_diff(hop, None, became, out_of_place))
    return ChainDiff(
        question=word_diff(old.question, new.question),
        answers=(old.answer.text, new.answer.text),
        instances=KeysDiff.between(old.instances, new.instances),
        hops=tuple(found),
    )


def _hop_diff(old: Hop | None, new: Hop | None, became: Mapping[int, int], out_of_place: frozenset[int]) -> HopDiff:
    change = Change.SAME if old and new else Change.ADDED if new else Change.REMOVED
    shown = new or old
    if shown is None:
        raise ValueError("a hop stands in one of two versions at least")
    needed = tuple(sorted(became.get(n, -n) for n in old.needs)) if old else ()
    return HopDiff(
        index=shown.index,
        was=old.index if old else None,
        is_moved=new is not None and old is not None and old.index in out_of_place,
        change=change,
        sub_question=word_diff(old.sub_question if old else "", new.sub_question if new else ""),
        output=word_diff(old.output if old else "", new.output if new else ""),
        levels=(old.level if old else None, new.level if new else None),
        needs=(old.needs if old else (), new.needs if new else ()),
        is_needing_same=new is None or needed == new.needs,
        uses=KeysDiff.between(_keys(old.uses if old else ()), _keys(new.uses if new else ())),
        establishes=KeysDiff.between(_keys(old.establishes if old else ()), _keys(new.establishes if new else ())),
        operation=_operation_change(renumbered(old, became) if old and new else old, new),
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
