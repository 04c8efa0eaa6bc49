"""What became of an instance that its picture no longer shows, in words for a curator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from hopchain_core.domain.keys import InstanceKey


class Fate(StrEnum):
    """What happened."""

    REMOVED = "removed"
    """A person deleted it, or made it part of another one."""
    RENAMED = "renamed"
    """It is shown under another category."""
    REDRAWN = "redrawn"
    """It is shown with another outline, or other attributes."""
    NOT_FOUND_AGAIN = "not_found_again"
    """It came of a run of a stage that no longer counts."""


@dataclass(frozen=True, slots=True)
class Departure:
    """An instance that is not shown any more.

    Attributes:
        category: What it was called.
        fate: What happened.
        now: The instance it became; None where it became none.
        now_category: What that one is called.
    """

    category: str
    fate: Fate
    now: InstanceKey | None = None
    now_category: str = ""

    @property
    def words(self) -> str:
        """What it was and what happened, to follow a verb: "a cup that was removed from the picture"."""
        match self.fate:
            case Fate.REMOVED:
                happened = "was removed from the picture"
            case Fate.RENAMED:
                happened = f"is called {self.now_category} now"
            case Fate.REDRAWN:
                happened = "was changed since"
            case Fate.NOT_FOUND_AGAIN:
                happened = "the last run did not find again"
        return f"{indefinite(self.category)} that {happened}"

    @property
    def remedy(self) -> str:
        """What a curator can do, as a sentence."""
        match self.fate:
            case Fate.REMOVED | Fate.NOT_FOUND_AGAIN:
                return "Choose another object, or leave it out."
            case Fate.RENAMED:
                return "Take it as it is now and mend the words, or choose another one."
            case Fate.REDRAWN:
                return "Take it as it is now, or choose another one."


@dataclass(frozen=True, slots=True)
class Written:
    """As much of a version of an instance as says what became of it.

    Attributes:
        key: Which.
        category: What it is called.
        supersedes: The version it corrects.
        is_removed: It only says that the instance is gone.
        counts: A person made it, or a stage's current work did.
    """

    key: InstanceKey
    category: str
    supersedes: InstanceKey | None
    is_removed: bool
    counts: bool


def departures(written: Iterable[Written]) -> dict[InstanceKey, Departure]:
    """What became of the instances of one picture that it no longer shows.

    Args:
        written: Every version there is of the picture's instances; one key may come several times.
    """
    by_key: dict[InstanceKey, Written] = {}
    for version in written:
        if version.counts or version.key not in by_key:
            by_key[version.key] = version
    later = {v.supersedes: v.key for v in by_key.values() if v.supersedes is not None and v.counts}
    shown = {v.key for v in by_key.values() if v.counts and not v.is_removed and v.key not in later}
    return {key: _departure(by_key, later, key, shown) for key in by_key if key not in shown}


def _departure(
    by_key: Mapping[InstanceKey, Written],
    later: Mapping[InstanceKey, InstanceKey],
    key: InstanceKey,
    shown: Set[InstanceKey],
) -> Departure:
    old, at, passed = by_key[key], key, {key}
    while at in later and later[at] not in passed:
        at = later[at]
        passed.add(at)
    now = by_key[at]
    if now.is_removed:
        return Departure(old.category, Fate.REMOVED)
    if at not in shown:
        return Departure(old.category, Fate.NOT_FOUND_AGAIN)
    fate = Fate.RENAMED if now.category != old.category else Fate.REDRAWN
    return Departure(old.category, fate, at, now.category)


def indefinite(category: str) -> str:
    """A category with its article: "a cup", "an apple"."""
    return f"{'an' if category[:1].lower() in 'aeiou' else 'a'} {category}"
