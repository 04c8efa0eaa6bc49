"""Stands in for `python -m vllm.entrypoints.cli.main serve MODEL …`: a first process with an engine process below it.

How it behaves is said by the model's name: ``slow`` is ready after a second, ``fails`` ends before it is ready (with
status 0, as vLLM does), ``restless`` cannot be put to sleep, ``deaf`` does not heed SIGTERM, and any other is an ordinary model. Process numbers are written
to the file named by FAKE_VLLM_PIDS.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.core.backends.vlm import fake_server
from tests.core.backends.vlm.author import speak


def main(arguments: list[str]) -> None:
    assert arguments[:3] == ["-m", "vllm.entrypoints.cli.main", "serve"]
    model = arguments[3]
    port = int(arguments[arguments.index("--port") + 1])
    engine = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    with Path(os.environ["FAKE_VLLM_PIDS"]).open("a") as file:
        file.write(f"{os.getpid()}\n{engine.pid}\n")
    print(f"loading {model}", flush=True)
    if model == "fails":
        print("ValueError: No available memory for the cache blocks", flush=True)
        sys.exit(0)
    if model == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if model == "slow":
        time.sleep(1)
    fake_server.MODEL = model
    can_sleep = "--enable-sleep-mode" in arguments and os.environ.get("VLLM_SERVER_DEV_MODE") == "1"
    fake = fake_server.FakeServer(speak=speak, is_asleep=False if can_sleep and model != "restless" else None)
    with fake_server.serving(fake, port):
        print("Application startup complete.", flush=True)
        while True:
            time.sleep(0.1)


if __name__ == "__main__":
    main(sys.argv[1:])
