"""Where the version that is being edited stands in the project now, and what a new version would leave behind."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hopchain_core.domain.chains import Chain
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.review import MarkKind
from hopchain_core.project import Reader, StoredChain


class Standing(StrEnum):
    """Whether a version can be edited."""

    SEEN = "seen"
    REPLACED = "replaced"
    """A later version is there."""
    TAKEN_BACK = "taken_back"
    """It was undone; an earlier version is seen again."""
    GONE = "gone"
    """No version of the chain is seen any more."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """What the project says of a version.

    Attributes:
        standing: Whether it can be edited.
        seen: The version that is seen, if one is.
        facts: Of the picture; None when it is not there any more.
        people: How many people answered it.
        rollouts: How many attempts of a model there are.
        has_verdict: Something was decided from people's answers.
        mark: What a curator decided.
    """

    standing: Standing
    seen: StoredChain | None
    facts: PictureFacts | None
    people: int = 0
    rollouts: int = 0
    has_verdict: bool = False
    mark: MarkKind | None = None

    @property
    def left_behind(self) -> str:
        """What belongs to this version and would not count for a new one: ``4 answers of people and the verdict``."""
        parts = []
        if self.people:
            parts.append("1 answer of a person" if self.people == 1 else f"{self.people} answers of people")
        if self.rollouts:
            parts.append("1 attempt of a model" if self.rollouts == 1 else f"{self.rollouts} attempts of a model")
        if self.has_verdict:
            parts.append("the verdict")
        if self.mark is not None:
            parts.append(_MARKS[self.mark])
        return parts[0] if len(parts) == 1 else " and ".join([", ".join(parts[:-1]), parts[-1]]) if parts else ""


_MARKS = {
    MarkKind.ACCEPT: "the decision to accept it",
    MarkKind.REJECT: "the decision to reject it",
    MarkKind.FLAG: "the flag",
}


def look(read: Reader, base: Chain) -> Look:
    """Reads where a version stands."""
    key = base.key
    try:
        image = read.image(base.image)
    except KeyError:
        return Look(standing=Standing.GONE, seen=None, facts=None)
    facts = PictureFacts.of(image, read.categories(base.image), read.instances(base.image), read.departures(base.image))
    shown = {stored.chain.key: stored for stored in read.chains(base.image)}
    lineage = read.versions(key) or (read.versions(base.supersedes) if base.supersedes is not None else ())
    seen = next((shown[v.chain.key] for v in reversed(lineage) if v.chain.key in shown), None)
    if seen is None:
        return Look(standing=Standing.GONE, seen=None, facts=facts)
    if seen.chain.key != key:
        is_older = seen.chain.version < base.version
        return Look(standing=Standing.TAKEN_BACK if is_older else Standing.REPLACED, seen=seen, facts=facts)
    verdict, mark = read.verdict(key), read.mark(key)
    return Look(
        standing=Standing.SEEN,
        seen=seen,
        facts=facts,
        people=len(read.annotations(key)),
        rollouts=len(read.rollouts(key)),
        has_verdict=verdict is not None,
        mark=None if mark is None else mark.kind,
    )
