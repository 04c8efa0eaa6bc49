"""What an ingest did, in full: nothing that was left out goes unsaid."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from hopchain_core.imports.notes import ImportNote


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestProgress:
    """Where an ingest stands.

    Attributes:
        done: Files looked at; the last few are still being committed.
        total: Files there are to look at.
        path: The file looked at last.
    """

    done: int
    total: int
    path: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not taken.

    Attributes:
        path: As the project calls it.
        reason: A `PictureProblem`.
        message: One sentence for people.
    """

    path: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """The outcome of one ingest.

    Attributes:
        taken: Pictures added.
        already_there: Files whose bytes were in the project before.
        duplicates: Files with the same bytes as one before them in this ingest.
        refused: Files not taken, by path.
        passed_over: Files in folders that are no pictures by name or content.
        mislabelled: Taken although their names promise another format: path and true format.
        changed: Paths whose bytes are no longer those taken in before. The new bytes are a new picture; the old one can
            no longer be read.
        objects_taken: Objects of imports and scenes added or replaced.
        objects_there: Objects that were in the project just so.
        notes: What was left out of imports, or taken otherwise than it stood there.
        near_duplicates: Pictures of the project that share a split group with another.
        is_complete: False when it was cancelled; running it again does the rest.
    """

    taken: int
    already_there: int
    duplicates: int
    refused: tuple[Refused, ...]
    passed_over: int
    mislabelled: tuple[tuple[str, str], ...]
    changed: tuple[str, ...]
    objects_taken: int
    objects_there: int
    notes: tuple[ImportNote, ...]
    near_duplicates: int
    is_complete: bool

    @property
    def refusals_by_reason(self) -> dict[str, int]:
        """How many files were refused for each reason, the most frequent first."""
        return dict(Counter(refused.reason for refused in self.refused).most_common())

    @property
    def notes_by_problem(self) -> dict[str, int]:
        """How many notes there are of each kind, the most frequent first."""
        return dict(Counter(note.problem.value for note in self.notes).most_common())
