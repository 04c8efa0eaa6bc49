"""What holds for all tests."""

from __future__ import annotations

import signal
import threading

# Begun in the background of a shell, a process has Ctrl-C switched off, and so has every one it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)
