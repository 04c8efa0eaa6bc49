"""Which files an ingest looks at: those named one by one, and in folders all that are pictures by name or by content."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hopchain_core.pictures.problems import PictureProblem
from hopchain_core.pictures.signatures import HEAD_BYTES, format_of, is_named_like_a_picture


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file to look at.

    Attributes:
        path: Absolute; links in it are not resolved.
        stored: How the project calls it: relative to its folder where it lies in it, else absolute; POSIX slashes.
        below: Relative to the folder that was given; the bare name of a file that was given itself.
        problem: Why it is refused unopened, if it is.
        message: One sentence on the problem.
    """

    path: Path
    stored: str
    below: PurePosixPath
    problem: PictureProblem | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """What the paths given led to.

    Attributes:
        files: By stored path; no path twice.
        passed_over: How many files in folders are no pictures by name or content.
    """

    files: tuple[FoundFile, ...]
    passed_over: int


def find_picture_files(paths: Iterable[Path], project_dir: Path) -> FoundFiles:
    """Looks through files and folders.

    In a folder and those below it, names that begin with a dot are passed over, and links are followed only if they
    lead to a file inside that folder. A file that is named itself is always looked at.

    Args:
        paths: Files and folders.
        project_dir: What stored paths are relative to.
    """
    search = _Search(project_dir)
    for path in paths:
        search.add(_plain(path))
    return FoundFiles(tuple(search.found[stored] for stored in sorted(search.found)), search.passed_over)


class _Search:
    def __init__(self, project_dir: Path) -> None:
        self._project_dir = _plain(project_dir)
        self._real_project_dir = _resolved(self._project_dir)
        self._real_folders: dict[Path, Path] = {}
        self.found: dict[str, FoundFile] = {}
        self.passed_over = 0

    def add(self, path: Path) -> None:
        if path.is_dir():
            self._add_folder(path)
        else:
            self._keep(path, PurePosixPath(path.name))

    def _add_folder(self, root: Path) -> None:
        real_root = root.resolve()
        for path in self._entries(root):
            below = PurePosixPath(path.relative_to(root).as_posix())
            if path.is_symlink() and not self._stays_inside(path, real_root):
                self._keep(path, below, PictureProblem.OUTSIDE, "the link leads out of the folder")
            elif not path.is_dir():
                if is_named_like_a_picture(path) or _begins_like_a_picture(path):
                    self._keep(path, below)
                else:
                    self.passed_over += 1

    def _entries(self, root: Path) -> Iterator[Path]:
        """Files below a folder, and links to folders, which are not followed."""

        def refuse(error: OSError) -> None:
            folder = Path(error.filename or root)
            message = f"the folder cannot be read ({error.strerror})"
            self._keep(folder, PurePosixPath(folder.relative_to(root).as_posix()), PictureProblem.UNREADABLE, message)

        for parent, folders, names in os.walk(root, onerror=refuse):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            links = [name for name in folders if Path(parent, name).is_symlink()]
            for name in sorted([*links, *(name for name in names if not name.startswith("."))]):
                yield Path(parent, name)

    def _stays_inside(self, link: Path, real_root: Path) -> bool:
        """Whether a link leads to something inside; one that leads nowhere is left to be refused when it is opened."""
        try:
            target = link.resolve()
        except (OSError, RuntimeError):
            return True
        return target.is_relative_to(real_root)

    def _keep(self, path: Path, below: PurePosixPath, problem: PictureProblem | None = None, message: str = "") -> None:
        stored = self._stored(path)
        try:
            stored.encode()
        except UnicodeEncodeError:
            stored = os.fsencode(stored).decode(errors="replace")
            problem, message = PictureProblem.ODD_NAME, "the file's name is no valid text; rename it"
        self.found.setdefault(
            stored, FoundFile(path=path, stored=stored, below=below, problem=problem, message=message)
        )

    def _stored(self, path: Path) -> str:
        """Relative to the project's folder where the file lies in it, however either was spelled; else absolute."""
        if path.is_relative_to(self._project_dir):
            return path.relative_to(self._project_dir).as_posix()
        parent = path.parent
        if parent not in self._real_folders:
            self._real_folders[parent] = _resolved(parent)
        real = self._real_folders[parent] / path.name
        if real.is_relative_to(self._real_project_dir):
            return real.relative_to(self._real_project_dir).as_posix()
        return path.as_posix()


def _plain(path: Path) -> Path:
    """Absolute and without ``..``, with links as they are."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - `resolve` would follow links


def _resolved(folder: Path) -> Path:
    try:
        return folder.resolve()
    except (OSError, RuntimeError):
        return folder


def _begins_like_a_picture(path: Path) -> bool:
    try:
        # A pipe or a device is never opened: reading one could wait for ever or do something.
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with path.open("rb") as file:
            return format_of(file.read(HEAD_BYTES)) is not None
    except OSError:
        return False
