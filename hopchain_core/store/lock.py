"""One writing process per project: an OS lock on a file beside it, gone with its holder even after kill -9."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import weakref
from pathlib import Path

from hopchain_core.errors import ProjectLockedError, ProjectUnwritableError

_held: weakref.WeakSet[WriterLock] = weakref.WeakSet()


class WriterLock:
    """Held from construction to `release`.

    The lock lies on ``NAME.hopchain.lock``, not on the project itself: closing a descriptor of the project would drop
    the locks SQLite holds on it in this process.

    Raises:
        ProjectLockedError: Another process (or another opening in this one) writes to the project.
        ProjectUnwritableError: The folder cannot be written to.
    """

    def __init__(self, project: Path) -> None:
        self.path = project.with_name(project.name + ".lock")
        self._descriptor = -1
        while True:
            try:
                descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            except OSError as error:
                raise unwritable(project, error.strerror or str(error)) from error
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip() or "another process"
                os.close(descriptor)
                raise ProjectLockedError(
                    f"{project.name} is being written to by {holder}.",
                    hint="Close it there, or open it read-only here.",
                ) from error
            if self._is_still_the_file(descriptor):
                break
            os.close(descriptor)  # its last holder removed it between our opening and our locking
        self._descriptor = descriptor
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()} on {socket.gethostname()}\n".encode(), 0)
        _held.add(self)

    def _is_still_the_file(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self.path.stat())
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Gives the lock back; harmless when it is given back already."""
        if self._descriptor < 0:
            return
        _held.discard(self)
        with contextlib.suppress(OSError):
            self.path.unlink()
        os.close(self._descriptor)
        self._descriptor = -1

    def _forget(self) -> None:
        os.close(self._descriptor)
        self._descriptor = -1


def unwritable(project: Path, why: str) -> ProjectUnwritableError:
    """The project may not be written to, for this reason of the system's."""
    return ProjectUnwritableError(
        f"{project.name} cannot be written to ({why}).",
        hint="Copy it to a folder you may write to, or open it read-only.",
    )


def _let_go_in_child() -> None:
    # A forked child shares the lock and would keep it after its parent was killed.
    for lock in list(_held):
        lock._forget()
    _held.clear()


os.register_at_fork(after_in_child=_let_go_in_child)
