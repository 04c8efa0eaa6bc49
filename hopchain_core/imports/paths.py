"""Names of pictures in imports: made plain, and matched against the pictures being taken in. Never opened."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from hopchain_core.imports.annotation_set import AnnotatedPicture
from hopchain_core.imports.notes import ImportNote, ImportProblem

_DRIVE = re.compile(r"[A-Za-z]:")


class LeavesFolderError(ValueError):
    """A name that leads out of the folder it is relative to."""


def relative_path(name: object, *, may_go_up: bool = False) -> PurePosixPath:
    """A name as a plain relative path; backslashes count as slashes.

    Args:
        name: As it stands in the import.
        may_go_up: Keep ``..`` at the beginning, for a caller that resolves and matches it.

    Raises:
        LeavesFolderError: It is absolute or goes up.
        ValueError: It is no name at all.
    """
    if not isinstance(name, str) or not name.strip() or "\0" in name:
        raise ValueError("it has no file name")
    name.encode()  # half of a pair of surrogates, which JSON can spell, is in no file name we could match
    text = name.replace("\\", "/")
    if text.startswith("/") or _DRIVE.match(text):
        raise LeavesFolderError(f"its file name is absolute: {name!r}")
    parts: list[str] = []
    for part in text.split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part == ".." and not may_go_up:
            raise LeavesFolderError(f"its file name leads out of the folder: {name!r}")
        elif part not in ("", "."):
            parts.append(part)
    if not parts:
        raise ValueError("it has no file name")
    return PurePosixPath(*parts)


def match_pictures(
    pictures: Sequence[AnnotatedPicture], files: Sequence[tuple[PurePosixPath, PurePosixPath]]
) -> tuple[dict[int, AnnotatedPicture], list[ImportNote]]:
    """Finds the file that each entry of an import means.

    A file whose path is the entry's own comes first. Otherwise, of the files with the same last name, the one that
    shares the most folders with the entry, counted from the right; when two share as many, none.

    Args:
        pictures: Entries of one import.
        files: Of each file its absolute path and its path below the folder that was given.

    Returns:
        Entries by index of the file, and what could not be matched.
    """
    by_name: dict[str, list[int]] = {}
    for index, (absolute, _) in enumerate(files):
        by_name.setdefault(absolute.name, []).append(index)
    matched: dict[int, tuple[int, AnnotatedPicture]] = {}
    notes: list[ImportNote] = []
    for picture in pictures:
        scored = [(_score(picture.path, *files[index]), index) for index in by_name.get(picture.path.name, [])]
        if not scored:
            notes.append(ImportNote(ImportProblem.NO_PICTURE, picture.subject, "no picture of this name is taken in"))
            continue
        best, index = max(scored, key=lambda item: (item[0], -item[1]))
        if sum(score == best for score, _ in scored) > 1:
            message = f"{len(scored)} pictures could be meant; none is taken"
            notes.append(ImportNote(ImportProblem.AMBIGUOUS, picture.subject, message))
            continue
        before = matched.get(index)
        if before is None or before[0] < best:
            matched[index] = (best, picture)
        loser = picture if before is not None and before[0] >= best else before[1] if before else None
        if loser is not None:
            winner = matched[index][1]
            message = f"{winner.subject} is the same picture; this entry is left out"
            notes.append(ImportNote(ImportProblem.DUPLICATE_PICTURE, loser.subject, message))
    return {index: picture for index, (_, picture) in matched.items()}, notes


_OWN_PATH = 1_000_000


def _score(wanted: PurePosixPath, absolute: PurePosixPath, below: PurePosixPath) -> int:
    """How well a file fits a name: its own path, or the number of parts they share from the right."""
    if wanted in (absolute, below):
        return _OWN_PATH
    shared = 0
    for a, b in zip(reversed(wanted.parts), reversed(absolute.parts), strict=False):
        if a != b:
            break
        shared += 1
    return shared
