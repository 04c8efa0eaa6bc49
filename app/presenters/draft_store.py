"""Unsaved edits of chains on the disk, beside the settings: one small file for each chain.

They lie outside of the project, because they are nobody's work yet: they are not shared, not exported and not undone.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.models.chain_draft import Draft
from app.models.draft_json import draft_from_json, draft_to_json
from hopchain_core.domain.keys import ChainKey

_log = logging.getLogger(__name__)
FORMAT = 2
"""2 since hops come and go: `Draft.ids`. Drafts of format 1 are read as well."""
_ENDING = ".draft.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft with what is known of it.

    Attributes:
        project: The uuid of its project.
        draft: What was typed.
        written_at: UTC, ISO 8601.
    """

    project: str
    draft: Draft
    written_at: str

    @property
    def name(self) -> str:
        """Names it among all drafts."""
        return f"{self.project}-{self.draft.base.key}"


class DraftStore:
    """Keeps drafts by project and the version they were begun on.

    `keep` and `drop` are quick and only note what is to be written. `write` brings the disk up to date, from any thread;
    what was noted several times is written once.

    Args:
        folder: Made when the first draft comes. None keeps everything in memory.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._noted: dict[str, str | None] = {}
        self._noting = threading.Lock()
        self._writing = threading.Lock()
        self._all: dict[str, Kept] = {} if folder is None else _loaded(folder)

    def of_project(self, project: str) -> tuple[Kept, ...]:
        """All drafts of a project, those written last first."""
        found = (kept for kept in self._all.values() if kept.project == project)
        return tuple(sorted(found, key=lambda kept: kept.written_at, reverse=True))

    def find(self, project: str, versions: Iterable[ChainKey]) -> Kept | None:
        """The newest draft that was begun on one of these versions, or on one that followed one of them."""
        keys = frozenset(versions)
        return next(
            (k for k in self.of_project(project) if k.draft.base.key in keys or k.draft.base.supersedes in keys), None
        )

    def keep(self, project: str, draft: Draft) -> Kept:
        """Notes a draft; it takes the place of an earlier one of the same version."""
        kept = Kept(project, draft, datetime.now(UTC).isoformat(timespec="seconds"))
        body = {"format": FORMAT, "project": project, "written_at": kept.written_at, **draft_to_json(draft)}
        self._all[kept.name] = kept
        self._note(kept.name, json.dumps(body, ensure_ascii=False))
        return kept

    def drop(self, kept: Kept) -> bool:
        """Notes that a draft is done with.

        Returns:
            Whether there was one.
        """
        if self._all.pop(kept.name, None) is None:
            return False
        self._note(kept.name, None)
        return True

    def write(self) -> None:
        """Writes what was noted.

        Raises:
            OSError: The disk is full, or the folder cannot be written to. What was noted stays noted.
        """
        if self._folder is None:
            return
        with self._writing:
            with self._noting:
                noted, self._noted = self._noted, {}
            done: set[str] = set()
            try:
                for name, text in noted.items():
                    _write(self._folder / f"{name}{_ENDING}", text)
                    done.add(name)
            finally:
                with self._noting:
                    for name in noted.keys() - done:
                        self._noted.setdefault(name, noted[name])

    def _note(self, name: str, text: str | None) -> None:
        with self._noting:
            self._noted[name] = text


def _write(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.part")
    beside.write_text(text, encoding="utf-8")
    # Killed at any moment, one of the two files is whole.
    beside.replace(path)


def _loaded(folder: Path) -> dict[str, Kept]:
    found: dict[str, Kept] = {}
    for path in sorted(folder.glob(f"*{_ENDING}")) if folder.is_dir() else ():
        kept = _read(path)
        if kept is not None:
            found[kept.name] = kept
    return found


def _read(path: Path) -> Kept | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.get("format") not in (1, FORMAT) or not re.fullmatch(r"[\w-]+", data["project"]):
            raise ValueError("of another format")
        return Kept(data["project"], draft_from_json(data), str(data["written_at"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        # It stays where it is: a newer studio may have written it.
        _log.warning("draft %s cannot be read: %s", path.name, error)
        return None
