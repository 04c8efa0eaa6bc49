"""The engine's side: answers calls one after the other, and ends as soon as nobody listens, whatever it is doing.

Imports nothing heavy: this is the first thing that runs in an engine's own environment.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from hopchain_core.backends.engines.channel import read_frame, write_frame
from hopchain_core.errors import ItemError, KnownError

Handler = Callable[[dict[str, Any]], dict[str, Any]]


def serve(handlers: Mapping[str, Handler]) -> None:
    """Answers calls until the other end is gone. Does not return.

    Args:
        handlers: What to do for each method; an exception becomes the caller's.
    """
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever prints must not end up between the replies.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    calls: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    def listen() -> None:
        try:
            while True:
                calls.put(read_frame(sys.stdin.buffer))
        except (EOFError, ValueError, OSError):
            # In the middle of a computation too: a card must not be held for somebody who is gone.
            os._exit(0)

    threading.Thread(target=listen, name="calls", daemon=True).start()
    try:
        while True:
            call = calls.get()
            write_frame(replies, {"id": call["id"], **_answer(handlers, call)})
    except BrokenPipeError:
        os._exit(0)


def _answer(handlers: Mapping[str, Handler], call: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"result": handlers[call["method"]](call["arguments"])}
    except ItemError as error:
        return {"error": {"of": "item", "kind": error.kind, "message": str(error)}}
    except KnownError as error:
        return {"error": {"of": "known", "message": str(error), "hint": error.hint}}
    except Exception as error:
        kind = "out_of_memory" if "out of memory" in str(error).lower() else "engine"
        return {"error": {"of": "bug", "kind": kind, "message": traceback.format_exc()}}
