"""Stands between us and an engine of several processes, so that whatever dies, nothing keeps the card.

``python guard.py COMMAND…`` starts the engine in a session of its own and ends all of it

* when its own standard input ends: whoever started it has closed it or is dead;
* when the engine's first process ends, however it ends: an engine that crashed leaves others behind;
* on SIGTERM and SIGINT.

The engine's first process is told by the kernel (Linux) when the guard itself is killed, and who started the guard
knows from its first line which session to end. Nothing but the standard library, and no import of ours: it runs as a
file.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading

END_WITHIN_S = 15.0
MARK = "guard: engine "
"""Before the number of the engine's session, in the first line written."""
_SET_PARENT_DEATH_SIGNAL = 1


def main() -> int:
    """Runs the command and gives its exit status."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    engine = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, preexec_fn=_die_with_us, start_new_session=True)
    sys.stdout.write(f"{MARK}{engine.pid}\n")
    sys.stdout.flush()
    threading.Thread(target=_listen, args=(stop,), daemon=True).start()
    threading.Thread(target=_await, args=(engine, stop), daemon=True).start()
    stop.wait()
    _signal_all(engine, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        engine.wait(END_WITHIN_S)
    # What the first process left behind, too.
    _signal_all(engine, signal.SIGKILL)
    return engine.wait()


def _listen(stop: threading.Event) -> None:
    while os.read(0, 4096):
        pass
    stop.set()


def _await(engine: subprocess.Popen[bytes], stop: threading.Event) -> None:
    engine.wait()
    stop.set()


def _signal_all(engine: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(engine.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _die_with_us() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(abs(main()))
