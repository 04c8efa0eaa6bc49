"""Environments for engines: their pins clash with each other's and with ours, so each gets a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from hopchain_core.backends.engines.checkout import checked
from hopchain_core.backends.servers.guard import MARK
from hopchain_core.errors import PrerequisiteError

_LOOK_AGAIN_S = 0.05
FOLDER = "HOPCHAIN_ENGINES"
"""Variable that names another folder than the usual one."""
GUARD = Path(__file__).parents[1] / "servers" / "guard.py"
NOTE = "hopchain-engine.json"
"""Written last, so that an environment without it was never finished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What to install for an engine.

    Attributes:
        name: Word for it.
        title: What it is for.
        packages: With the versions that were tried together.
        imports: What must be importable afterwards.
        gigabytes: On the disk, about, with CUDA.
        checkout: Name of the package that a person brings as its source; empty where all comes from the index.
    """

    name: str
    title: str
    packages: tuple[str, ...]
    imports: tuple[str, ...]
    gigabytes: float
    checkout: str = ""


NATIVE = "sam3-native"
_OURS = ("numpy>=1.26,<3", "pillow>=11,<14")
"""What our side of a worker process imports."""
ENGINES: Mapping[str, Engine] = {
    engine.name: engine
    for engine in (
        Engine(
            name="vllm",
            title="vLLM serves the author and the weak solver",
            packages=("vllm==0.33.0",),
            imports=("vllm",),
            gigabytes=12,
        ),
        Engine(
            name="sam3",
            title="SAM 3 finds the instances",
            packages=("torch==2.13.0", "transformers==5.23.0", *_OURS),
            imports=("torch", "transformers", "numpy", "PIL"),
            gigabytes=6,
        ),
        Engine(
            name=NATIVE,
            title="SAM 3 in Meta's own package, for its checkpoint sam3.pt",
            # torchvision is the one built for this torch: any other cannot be imported. The rest the package imports
            # and does not name; pkg_resources, which it asks for its vocabulary, left setuptools with 81.
            packages=(
                "torch==2.13.0",
                "torchvision==0.28.0",
                "einops",
                "psutil",
                "pycocotools",
                "setuptools<81",
                *_OURS,
            ),
            imports=("torch", "torchvision", "sam3", "numpy", "PIL"),
            gigabytes=7,
            checkout="sam3",
        ),
        Engine(
            name="transformers",
            title="Models in transformers, where there is no vLLM",
            packages=("torch==2.13.0", "transformers==5.23.0", "llguidance==1.9.1", *_OURS),
            imports=("torch", "transformers", "llguidance", "numpy", "PIL"),
            gigabytes=6,
        ),
        Engine(
            name="trl",
            title="TRL shows that an export trains (train-smoke)",
            packages=(
                "torch==2.13.0",
                "transformers==5.23.0",
                "trl==1.16.0",
                "datasets==5.2.0",
                "accelerate==1.15.0",
                *_OURS,
            ),
            imports=("torch", "transformers", "trl", "datasets", "accelerate", "PIL"),
            gigabytes=6,
        ),
    )
}


def folder_of(engine: str) -> Path:
    """Where an engine's environment lies, or would lie."""
    named = os.environ.get(FOLDER)
    base = Path(named) if named else Path(platformdirs.user_data_dir("hopchain-studio", False)) / "engines"
    return base / engine


def python_of(engine: str) -> Path | None:
    """The Python of an engine's environment; None when it is not there or was never finished."""
    folder = folder_of(engine)
    python = folder / "bin" / "python"
    return python if (folder / NOTE).is_file() and python.exists() else None


def versions_of(engine: str) -> dict[str, str]:
    """What is installed there, as noted when it was made; empty when it is not there."""
    try:
        found = json.loads((folder_of(engine) / NOTE).read_text(encoding="utf-8"))["versions"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {str(name): str(version) for name, version in found.items()}


def checkout_of(engine: str) -> Path | None:
    """The checkout an environment was made from, as noted then; None where it was not made from one."""
    try:
        noted = json.loads((folder_of(engine) / NOTE).read_text(encoding="utf-8")).get("checkout")
    except (OSError, ValueError, AttributeError):
        return None
    return Path(noted) if isinstance(noted, str) else None


def set_up(
    engine: Engine,
    on_line: Callable[[str], None],
    *,
    checkout: Path | None = None,
    python: str = "",
    pip_arguments: tuple[str, ...] = (),
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Makes an engine's environment, or brings the one that is there to these versions.

    Args:
        engine: Which.
        on_line: Told each line of progress.
        checkout: Source of the package that the engine wants brought; the one used before where this is None.
        python: What to make it with; empty for the one that runs this.
        pip_arguments: Added to ``pip install``, such as another index.
        is_cancelled: Asked often, in another thread.

    Returns:
        Its Python.

    Raises:
        InputError: It wants a checkout, and this is none.
        PrerequisiteError: A step failed or was cancelled; what was made so far is kept, and the next try goes on from
            there.
    """
    folder = folder_of(engine.name)
    source = checked(engine.name, engine.checkout, checkout or checkout_of(engine.name)) if engine.checkout else None
    own = folder / "bin" / "python"
    (folder / NOTE).unlink(missing_ok=True)
    if not own.exists():
        on_line(f"making {folder}")
        _run(
            [python or sys.executable, "-m", "venv", str(folder)],
            on_line,
            "The environment cannot be made",
            is_cancelled,
        )
    command = [str(own), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *pip_arguments]
    # In place, as its authors install it: older states of it leave their vocabulary out of what is copied.
    brought = ("--editable", str(source)) if source is not None else ()
    _run([*command, *engine.packages, *brought], on_line, f"{engine.name} cannot be installed", is_cancelled)
    on_line("trying it")
    names = ", ".join(engine.imports)
    # TRL says its version in its metadata only.
    told = "getattr(m, '__version__', '') or metadata.version(m.__name__)"
    code = f"import json, {names}; from importlib import metadata; "
    code += f"print(json.dumps({{m.__name__: {told} for m in ({names},)}}))"
    failure = f"{engine.name} was installed and cannot be imported"
    last = _run([str(own), "-c", code], lambda line: None, failure, is_cancelled)
    note = {"engine": engine.name, "packages": list(engine.packages), "versions": json.loads(last)}
    if source is not None:
        note["checkout"] = str(source)
    (folder / NOTE).write_text(json.dumps(note, indent=2) + "\n", encoding="utf-8")
    return own


def _run(command: list[str], on_line: Callable[[str], None], failure: str, is_cancelled: Callable[[], bool]) -> str:
    """Runs a command, hands on its lines and gives back the last one. It ends with us, however we end."""
    try:
        process = subprocess.Popen(
            [sys.executable, str(GUARD), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise PrerequisiteError(f"{failure}: {error.strerror}.", hint=f"See that {command[0]} is there.") from error
    lines = [""]
    assert process.stdout is not None
    assert process.stdin is not None
    watching = threading.Thread(target=_end_if, args=(process, is_cancelled), name="set-up", daemon=True)
    watching.start()
    with process.stdin, process.stdout:
        for raw in process.stdout:
            line = raw.rstrip()
            if line and not line.startswith(MARK):
                lines = [*lines[-9:], line]
                on_line(line)
        process.wait()
        watching.join()
    if is_cancelled():
        raise PrerequisiteError("Cancelled.", hint="What was made so far is kept; set it up again to go on.")
    if process.returncode:
        raise PrerequisiteError(
            f"{failure}: {' | '.join(lines[-4:])}",
            hint="Mend the cause, often the network or a full disk; run it again.",
        )
    return lines[-1]


def _end_if(process: subprocess.Popen[str], is_cancelled: Callable[[], bool]) -> None:
    assert process.stdin is not None
    while process.poll() is None:
        if is_cancelled():
            # Its guard ends all of it: pip has processes of its own.
            process.stdin.close()
            return
        time.sleep(_LOOK_AGAIN_S)
