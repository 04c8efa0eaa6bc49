"""Finds pictures that were moved or renamed, by their bytes, so that a project reads them again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath

from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ImageKey
from hopchain_core.errors import InputError, PictureError
from hopchain_core.pictures.decode import sha256_of
from hopchain_core.pipeline.picture_files import FoundFile, find_picture_files
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.rows_people import move_pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class RelinkReport:
    """What a search for moved pictures found.

    Attributes:
        found: Path before and now, by the path before.
        still_missing: Paths of pictures that are nowhere to be seen.
        is_complete: False when it was cancelled; what had been found by then is kept.
    """

    found: tuple[tuple[str, str], ...]
    still_missing: tuple[str, ...]
    is_complete: bool = True


def missing_pictures(project_file: ProjectFile) -> tuple[Image, ...]:
    """Pictures whose file is no longer where it was, by path. Only looks whether it is there, not what is in it."""
    with project_file.read() as read:
        images = tuple(read.images())
    return tuple(image for image in images if not (project_file.path.parent / image.path).is_file())


def relink(
    project_file: ProjectFile,
    folders: Iterable[Path],
    *,
    on_progress: Callable[[int, int], None] | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
    by: object = None,
) -> RelinkReport:
    """Looks through folders for the pictures that are missing and notes where they lie now, as one step of undo.

    Files with the name of a missing picture are read first, then all others until none is missing any more.

    Args:
        project_file: Open for writing.
        folders: Where to look, with all that is below.
        on_progress: Told how many files have been read, and how many there are at most.
        is_cancelled: Asked between files.
        by: Who asked, for `on_commit`.

    Raises:
        InputError: A folder is not there.
    """
    roots = tuple(folders)
    for root in roots:
        if not root.is_dir():
            raise InputError(f"There is no folder {root}.", hint="Name the folder the pictures were moved to.")
    missing = {image.key: image for image in missing_pictures(project_file)}
    now: dict[ImageKey, str] = {}
    is_complete = True
    files = _likeliest_first(find_picture_files(roots, project_file.path.parent).files, missing.values())
    for number, file in enumerate(files):
        if len(now) == len(missing):
            break
        if is_cancelled():
            is_complete = False
            break
        if on_progress is not None:
            on_progress(number, len(files))
        key = _key_of(file)
        if key is not None and key in missing:
            now.setdefault(key, file.stored)
    if now:
        text = "Relink picture" if len(now) == 1 else f"Relink {len(now)} pictures"
        project_file.edit(text, lambda uow: move_pictures(uow, now), by)
    return RelinkReport(
        found=tuple((image.path, now[key]) for key, image in missing.items() if key in now),
        still_missing=tuple(image.path for key, image in missing.items() if key not in now),
        is_complete=is_complete,
    )


def _likeliest_first(files: Iterable[FoundFile], missing: Iterable[Image]) -> list[FoundFile]:
    names = {PurePath(image.path).name.casefold() for image in missing}
    return sorted((f for f in files if f.problem is None), key=lambda f: f.path.name.casefold() not in names)


def _key_of(file: FoundFile) -> ImageKey | None:
    try:
        return ImageKey(sha256_of(file.path))
    except PictureError:
        # It cannot be read, so it is not what is looked for.
        return None
