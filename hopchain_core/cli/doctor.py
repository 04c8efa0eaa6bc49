"""What is there to work with, what is missing, and how to get it."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sqlite3
import sys
from importlib import metadata
from importlib.resources import files
from pathlib import Path

from hopchain_core import __version__
from hopchain_core.backends.engines.setup import ENGINES, checkout_of, python_of, versions_of
from hopchain_core.cli.checks import Check, State
from hopchain_core.cli.doctor_models import examine_models

PACKAGE = "hopchain-studio"
FONTS = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "Inter-Bold.otf", "JetBrainsMono-Regular.ttf")
LEAST_SQLITE = (3, 37, 0)
"""Debian 12 has 3.40; below this one, STRICT and some of our queries are not known."""
LEAST_FREE_BYTES = 2 * 1024**3
"""Below this, an export of a few thousand photographs may not fit. Chosen."""

_NOT_HERE = frozenset({"vllm", "sam3", "transformers", "test-models"})
"""Extras for environments of their own."""
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_EXTRA = re.compile(r"""extra\s*==\s*['"]([^'"]+)['"]""")


def examine(folder: Path) -> list[Check]:
    """Looks at everything. Nothing is changed, and no network is asked.

    Args:
        folder: Where projects are to lie, for the room on the disk.
    """
    return [
        Check("hopchain", State.OK, __version__),
        _python(),
        Check("system", State.OK, platform.platform()),
        *_packages(),
        _sqlite(),
        Check("processor", State.OK, f"{os.cpu_count() or 1} cores, {platform.machine()}"),
        _disk(folder),
        _fonts(),
        *_extras(),
        *_engines(),
        *examine_models(),
    ]


def _python() -> Check:
    version = platform.python_version()
    if (3, 11) <= sys.version_info[:2] < (3, 14):
        return Check("python", State.OK, f"{version} ({sys.executable})")
    return Check("python", State.PROBLEM, version, "Use Python 3.11, 3.12 or 3.13.")


def _packages() -> list[Check]:
    checks = []
    for name, extra in _requirements():
        if extra is not None:
            continue
        try:
            checks.append(Check(name, State.OK, metadata.version(name)))
        except metadata.PackageNotFoundError:
            checks.append(Check(name, State.PROBLEM, "not installed", f"Run: {_pip(PACKAGE)}"))
    return checks


def _extras() -> list[Check]:
    by_extra: dict[str, list[str]] = {}
    for name, extra in _requirements():
        if extra is not None and extra not in _NOT_HERE:
            by_extra.setdefault(extra, []).append(name)
    checks = []
    for extra, names in sorted(by_extra.items()):
        missing = [n for n in names if not _is_installed(n)]
        if missing:
            hint = f"Run: {_pip(f'{PACKAGE}[{extra}]')}"
            checks.append(Check(f"extra {extra}", State.ABSENT, f"without {', '.join(missing)}", hint))
        else:
            checks.append(Check(f"extra {extra}", State.OK, "installed"))
    return checks


def _engines() -> list[Check]:
    checks = []
    for engine in ENGINES.values():
        versions = versions_of(engine.name) if python_of(engine.name) else {}
        found = ", ".join(f"{name} {version}" for name, version in versions.items())
        source = checkout_of(engine.name)
        command = f"hopchain models setup {engine.name}{' --from FOLDER' if engine.checkout else ''}"
        if found and source is not None and not source.is_dir():
            gone = f"its checkout {source} is gone"
            checks.append(Check(f"engine {engine.name}", State.ABSENT, gone, f"Put it back, or run: {command}"))
        elif found:
            found += f" (from {source})" if source is not None else ""
            checks.append(Check(f"engine {engine.name}", State.OK, found))
        else:
            hint = f"Run: {command} (about {engine.gigabytes:g} GB)"
            checks.append(Check(f"engine {engine.name}", State.ABSENT, "not set up", hint))
    return checks


def _requirements() -> list[tuple[str, str | None]]:
    """Names of the packages we need, each with the extra that needs it."""
    try:
        lines = metadata.requires(PACKAGE) or []
    except metadata.PackageNotFoundError:
        return []
    found = []
    for line in lines:
        name, extra = _NAME.match(line), _EXTRA.search(line)
        if name is not None:
            found.append((name[0], extra[1] if extra else None))
    return found


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _pip(what: str) -> str:
    if _is_from_source():
        what = what.replace(PACKAGE, ".")
    return f'{sys.executable} -m pip install "{what}"'


def _is_from_source() -> bool:
    return (Path(__file__).parents[2] / "pyproject.toml").is_file()


def _sqlite() -> Check:
    if sqlite3.sqlite_version_info >= LEAST_SQLITE:
        return Check("sqlite", State.OK, sqlite3.sqlite_version)
    return Check("sqlite", State.PROBLEM, sqlite3.sqlite_version, "Use a Python with SQLite 3.37 or newer.")


def _disk(folder: Path) -> Check:
    existing = next((p for p in (folder.absolute(), *folder.absolute().parents) if p.exists()), Path("/"))
    free = shutil.disk_usage(existing).free
    found = f"{free / 1024**3:.1f} GB free at {existing}"
    if free >= LEAST_FREE_BYTES:
        return Check("disk", State.OK, found)
    return Check("disk", State.PROBLEM, found, "Free some room or work in another folder.")


def _fonts() -> Check:
    folder = files("resources").joinpath("fonts")
    missing = [name for name in FONTS if not folder.joinpath(name).is_file()]
    if missing:
        return Check("fonts", State.PROBLEM, f"without {', '.join(missing)}", "Install the program anew.")
    return Check("fonts", State.OK, "Inter, JetBrains Mono")
