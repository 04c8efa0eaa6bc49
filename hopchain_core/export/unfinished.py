"""The folder an export is written in until it is whole: an export that was killed goes on from it.

It lies hidden beside its final place. `export/` in it becomes the export by one rename; `state.json` says how far it
came and for what, and is replaced as a whole, so that it always names lengths of files that are really there.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hopchain_core.errors import InputError
from hopchain_core.export.folder import clear_leftovers, flush_file, flush_folder, put_in_place, whole_file

_STATE = "state.json"
_LOCK = "lock"
_EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Purpose:
    """What an export is made of: one that was broken off goes on only where all of it is still the same.

    Attributes:
        program: Name and version of the program.
        terms: What was asked, and the content of files it names.
        project: State of the project.
    """

    program: str
    terms: str
    project: str

    def to_json(self) -> dict[str, str]:
        """Plain JSON."""
        return {"program": self.program, "terms": self.terms, "project": self.project}

    def differs_from(self, earlier: dict[str, Any]) -> str:
        """What is different, for people; empty when nothing is."""
        said = {
            "program": "another version of the program began it",
            "terms": "it was begun with other options",
            "project": "the project has been changed since",
        }
        mine = self.to_json()
        return next((text for name, text in said.items() if earlier.get(name) != mine[name]), "")


class Unfinished:
    """An export being written.

    Attributes:
        folder: What becomes the export.
        journals: Where what is not part of the export is kept.
        state: As far as it came before; empty for a fresh one.
        why_afresh: Why what was broken off is not gone on with; empty where it is, or where there was nothing.
        always: Kept with every state.
    """

    def __init__(self, root: Path, purpose: Purpose) -> None:
        self._root = root
        self._purpose = purpose
        self.folder = root / _EXPORT
        self.journals = root
        self.why_afresh = ""
        self.always: dict[str, Any] = {}
        self.state: dict[str, Any] = self._found()

    def keep(self, state: dict[str, Any], *files: Path) -> None:
        """Keeps how far it came, after the files it speaks of are on the disk."""
        for path in files:
            flush_file(path)
        with whole_file(self._root / _STATE) as partial:
            partial.write_text(
                json.dumps({"purpose": self._purpose.to_json(), **self.always, **state}), encoding="utf-8"
            )

    def put_in_place(self, out: Path) -> None:
        """Makes it the export at `out`."""
        flush_folder(self.folder)
        # A kill between the exchange and the removal leaves the earlier export in here; nothing goes on from that.
        (self._root / _STATE).unlink(missing_ok=True)
        put_in_place(self.folder, out)
        self.remove()

    def remove(self) -> None:
        """Removes all of it."""
        (self._root / _STATE).unlink(missing_ok=True)
        shutil.rmtree(self._root, ignore_errors=True)

    def _found(self) -> dict[str, Any]:
        try:
            state: dict[str, Any] = json.loads((self._root / _STATE).read_text(encoding="utf-8"))
            self.why_afresh = self._purpose.differs_from(state["purpose"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            state = {}
        if state and not self.why_afresh and self.folder.is_dir():
            for cut_short in self._root.rglob(".*.partial-*"):
                cut_short.unlink()
            return state
        for path in self._root.iterdir():
            if path.name != _LOCK:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.folder.mkdir()
        return {}


@contextlib.contextmanager
def unfinished(out: Path, purpose: Purpose) -> Iterator[Unfinished]:
    """Gives the folder to write in, with what an earlier export for the same purpose left in it.

    It is kept when the process is killed or interrupted, or the disk is full, and removed when the block ends with
    another exception.

    Raises:
        InputError: Another process exports to `out`.
        OSError: The place cannot be written to.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    clear_leftovers(out)
    root = out.parent / f".{out.name}.unfinished"
    lock = _locked(root, out)
    try:
        work = Unfinished(root, purpose)
        try:
            yield work
        except (KeyboardInterrupt, SystemExit, OSError, MemoryError):
            raise
        except BaseException:
            work.remove()
            raise
    finally:
        os.close(lock)


def _locked(root: Path, out: Path) -> int:
    while True:
        root.mkdir(exist_ok=True)
        path = root / _LOCK
        try:
            lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except FileNotFoundError:  # its last holder removed the folder just now
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock)
            raise InputError(
                f"Another export to {out} is being written.", hint="Wait for it, or name another folder."
            ) from error
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(lock), path.stat()):
                return lock
        os.close(lock)
