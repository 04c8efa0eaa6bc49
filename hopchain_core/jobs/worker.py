"""A process that computes for the runner: reads calls on stdin, writes results to stdout, ends when stdin ends.

So it ends by itself when the runner is killed. It opens no project.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
import traceback
from contextlib import suppress
from typing import Any, BinaryIO

from hopchain_core.errors import ItemError, KnownError

_LENGTH = struct.Struct(">Q")
_NICE = 10
"""Steps below ordinary processes. Chosen: a tenth of a busy core is left to it, all of an idle one."""
PATIENT = "patient"
"""Said to a process that is to compute only while nothing else wants the core."""


class RemoteBugError(Exception):
    """An exception of a worker that is none of ours; its text is the traceback over there."""


def write_frame(stream: BinaryIO, value: Any) -> None:
    """Writes one value. Both ends are ours and run the same code, so pickle is no risk here."""
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def read_frame(stream: BinaryIO) -> bytes:
    """Reads one value, still pickled.

    Raises:
        EOFError: The other end is gone.
    """
    return _read(stream, _LENGTH.unpack(_read(stream, _LENGTH.size))[0])


def _read(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def answer(call: bytes) -> tuple[bool, Any]:
    """Makes a pickled call of a function with its arguments: (True, result) or (False, exception)."""
    try:
        function, arguments = pickle.loads(call)
        return True, function(*arguments)
    except (ItemError, KnownError) as error:
        return False, error
    except Exception:
        return False, RemoteBugError(traceback.format_exc())


def give_way(*, is_patient: bool) -> None:
    """Lets people's programs, the studio's window first of all, go before this process where both want a core."""
    # Windows has another way of saying this, and no need: its scheduler lifts the window in front.
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(_NICE)
    # A nice process still ends its turn of some milliseconds while the window waits, at every one of the hundred times
    # a second that the window sleeps and wakes; an idle one is put aside at once.
    if is_patient and hasattr(os, "SCHED_IDLE"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def main() -> None:
    """Answers calls until stdin ends."""
    give_way(is_patient=PATIENT in sys.argv)
    calls = sys.stdin.buffer
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever prints must not end up between the replies.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        while True:
            reply = answer(read_frame(calls))
            try:
                write_frame(replies, reply)
            except (pickle.PicklingError, TypeError, AttributeError):
                write_frame(replies, (False, RemoteBugError(traceback.format_exc())))
    except (EOFError, BrokenPipeError):
        # Not `sys.exit`: that would flush into a pipe that nobody reads any more.
        os._exit(0)
