"""Which version of an instance came from which, so that what is selected stays selected through edits and undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from hopchain_core.domain.keys import InstanceKey


class Lineage:
    """Remembers what each version corrected, also of versions that an undo has taken out of the project.

    It may be told of versions from any thread: each is one assignment, and nothing walks over all of them.
    """

    def __init__(self) -> None:
        self._parents: dict[InstanceKey, InstanceKey] = {}

    def note(self, key: InstanceKey, supersedes: InstanceKey | None) -> None:
        """Learns what a version corrected."""
        if supersedes is not None and supersedes != key:
            self._parents[key] = supersedes

    def note_all(self, parents: Mapping[InstanceKey, InstanceKey]) -> None:
        """Learns what several versions corrected."""
        for key, supersedes in parents.items():
            self.note(key, supersedes)

    def ancestors(self, key: InstanceKey) -> tuple[InstanceKey, ...]:
        """Earlier versions, the nearest first."""
        found: list[InstanceKey] = []
        at = self._parents.get(key)
        while at is not None and at not in found:
            found.append(at)
            at = self._parents.get(at)
        return tuple(found)

    def root(self, key: InstanceKey) -> InstanceKey:
        """The first version: the same for all versions of one thing."""
        before = self.ancestors(key)
        return before[-1] if before else key

    def follow(self, wanted: Iterable[InstanceKey], seen: Set[InstanceKey]) -> tuple[InstanceKey, ...]:
        """The versions seen of the things wanted, each once, in that order; things not seen are left out.

        Args:
            wanted: Any versions.
            seen: Those in the picture now.
        """
        later: dict[InstanceKey, InstanceKey] | None = None
        found: dict[InstanceKey, None] = {}
        for key in wanted:
            if key in seen:
                found[key] = None
                continue
            if later is None:
                later = {before: now for now in seen for before in self.ancestors(now)}
            now = later.get(key) or next((before for before in self.ancestors(key) if before in seen), None)
            if now is not None:
                found[now] = None
        return tuple(found)
