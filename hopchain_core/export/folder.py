"""A folder that appears whole or not at all.

It is filled beside its final place, every file and folder is flushed to the disk, and one rename puts it there. Where
an earlier folder stands, the two change places in one step (Linux `renameat2`), so that at every moment the name leads
to a whole folder. A process that dies on the way leaves a hidden folder, which the next one removes.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_RENAME_EXCHANGE = 2
_AT_FDCWD = -100
_PARTIAL = ".partial-"
_FLUSHED_AT_ONCE = 8
"""A journalling file system writes down together what is flushed together: 300 small files took 0.05 s and not 0.9 s."""


@contextlib.contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """Gives an empty folder to fill; when the block ends without an exception, it stands at `out`.

    An earlier folder at `out` is replaced: whether that is allowed has been decided by the caller.

    Raises:
        OSError: The disk is full, or the place cannot be written to; `out` is as it was.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    clear_leftovers(out)
    partial = out.parent / f".{out.name}{_PARTIAL}{os.getpid()}"
    partial.mkdir()
    try:
        yield partial
        flush_folder(partial)
        put_in_place(partial, out)
    finally:
        if partial.exists():
            shutil.rmtree(partial, ignore_errors=True)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Gives a place to write one file to; when the block ends without an exception, the file stands at `path`.

    Raises:
        OSError: The disk is full, or the place cannot be written to; `path` is as it was.
    """
    partial = path.with_name(f".{path.name}{_PARTIAL}{os.getpid()}")
    try:
        yield partial
        flush_file(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def clear_leftovers(out: Path) -> None:
    """Removes what processes that died on the way left beside `out`."""
    for path in out.parent.glob(f".{out.name}{_PARTIAL}*"):
        pid = path.name.rpartition("-")[2]
        if pid.isdigit() and (int(pid) == os.getpid() or not _is_running(int(pid))):
            shutil.rmtree(path, ignore_errors=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def flush_folder(folder: Path) -> None:
    """Makes sure that what was written survives a loss of power once the folder has its name."""
    with ThreadPoolExecutor(_FLUSHED_AT_ONCE) as pool:
        for parent, _folders, files in os.walk(folder, topdown=False):
            # `map` hands over all of them at once, and its results raise what a flush raised.
            for _ in pool.map(flush_file, (Path(parent) / name for name in files)):
                pass
            if os.name == "posix":
                flush_file(Path(parent))


def flush_file(path: Path) -> None:
    """Makes sure that a file is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_in_place(partial: Path, out: Path) -> None:
    """Gives a folder its name; an earlier folder of that name is removed, or lies at `partial` then."""
    if not out.exists():
        partial.rename(out)
    elif not _exchange(partial, out):
        # Between these two renames `out` is not there; only systems without an exchange come here.
        old = partial.with_name(partial.name + "-old")
        out.rename(old)
        partial.rename(out)
        shutil.rmtree(old, ignore_errors=True)
    if os.name == "posix":
        flush_file(out.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Lets two paths change places in one step; False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    rename.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    error = ctypes.get_errno()
    if error in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(error, os.strerror(error), str(other))
