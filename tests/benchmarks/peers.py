"""Interpreters with the programs that ours is measured beside, each in an environment of its own in .benchmarks/.

They need other versions of Qt and of Python than ours, so they cannot be installed beside it. Git ignores the folder.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / ".benchmarks"
INSTALL_TIMEOUT_S = 300
PROBE_TIMEOUT_S = 300
LEAST_PYTHON = (3, 12)


@dataclass(frozen=True, slots=True)
class Peer:
    """A program to measure.

    Attributes:
        name: As people know it.
        packages: What pip is asked for.
        module: Imported to see whether it is there.
        variable: Environment variable that names an interpreter which has it already.
        probe: File beside this one that measures it, and prints a line of JSON: milliseconds by name, and `version`.
        needs_screen: It draws with OpenGL, which Qt has only on a screen.
    """

    name: str
    packages: tuple[str, ...]
    module: str
    variable: str
    probe: str
    needs_screen: bool = False


LABELME = Peer("labelme", ("labelme>=7",), "labelme._app", "HOPCHAIN_LABELME_PYTHON", "labelme_probe.py")
NAPARI = Peer("napari", ("napari[pyqt6]",), "napari", "HOPCHAIN_NAPARI_PYTHON", "napari_probe.py", needs_screen=True)


class NotThereError(Exception):
    """A program cannot be measured here; the message says why."""


def measured(peer: Peer, arguments: list[str], home: Path) -> dict[str, Any]:
    """What a probe prints, or why there is nothing: key `missing`.

    Args:
        peer: The program.
        arguments: Of its probe.
        home: Folder for its settings, so that those of the person who measures are neither read nor changed.
    """
    try:
        command = [str(interpreter(peer)), str(Path(__file__).with_name(peer.probe)), *arguments]
        home.mkdir(exist_ok=True)
        environment = {**_clean(), "HOME": str(home), "XDG_CONFIG_HOME": str(home)}
        if peer.needs_screen:
            command = [*_screen(), *command]
            environment.pop("QT_QPA_PLATFORM", None)
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=PROBE_TIMEOUT_S, check=True
        )
        found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    except NotThereError as error:
        return {"missing": f"not compared: {error}"}
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        return {"missing": f"not compared: {peer.name} did not run ({type(error).__name__})"}
    return found


@cache
def interpreter(peer: Peer) -> Path:
    """An interpreter that has it, installed when there is none yet; asked for once in a run of all measurements.

    Raises:
        NotThereError: It cannot be had.
    """
    named = os.environ.get(peer.variable)
    if named:
        return Path(named)
    folder = FOLDER / peer.name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not _has(python, peer.module):
        sys.stdout.write(f"» installing {peer.name} into {FOLDER.name}/{peer.name} to compare with\n")
        sys.stdout.flush()
        try:
            _call(str(_python()), "-m", "venv", "--clear", str(folder))
            _call(str(python), "-m", "pip", "install", "--quiet", *peer.packages)
        except (OSError, subprocess.SubprocessError) as error:
            raise NotThereError(
                f"{peer.name} did not install; {peer.variable} may name an interpreter that has it"
            ) from error
    return python


def _python() -> Path:
    """An interpreter new enough for all of them."""
    names = [sys.executable, *(f"python3.{minor}" for minor in (13, 12, 14)), "python3"]
    test = f"import sys, venv, ensurepip; sys.exit(sys.version_info < {LEAST_PYTHON})"
    for name in names:
        found = shutil.which(name)
        # What only hands on to another, as those of pyenv do, may be there and lead nowhere.
        if (
            found
            and subprocess.run([found, "-c", test], env=_clean(), capture_output=True, check=False).returncode == 0
        ):
            return Path(found)
    raise NotThereError("no Python " + ".".join(map(str, LEAST_PYTHON)) + " or later was found")


def _has(python: Path, module: str) -> bool:
    if not python.exists():
        return False
    test = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
    return subprocess.run([str(python), "-c", test], env=_clean(), capture_output=True, check=False).returncode == 0


def _screen() -> list[str]:
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform in ("win32", "darwin"):
        return []
    xvfb = shutil.which("xvfb-run")
    if xvfb is None:
        raise NotThereError("it needs a screen, and there is neither one nor xvfb-run")
    return [xvfb, "-a", "-s", "-screen 0 2400x1600x24"]


def _clean() -> dict[str, str]:
    """The environment without what would lead another interpreter to our packages."""
    return {
        k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "QT_PLUGIN_PATH")
    }


def _call(*command: str) -> None:
    subprocess.run(command, env=_clean(), check=True, capture_output=True, timeout=INSTALL_TIMEOUT_S)
