"""Code of spaces that is there before they are visited."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from app.warming import module_names

REPOSITORY = Path(__file__).parents[3]
_WAITING = """
import sys, time
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from app.warming import Warming, module_names
app = QApplication(["x"])
owner = QObject()
before = set(sys.modules)
Warming(owner)
wanted = set(module_names())
assert not wanted <= before
until = time.monotonic() + 60
while not wanted <= set(sys.modules) and time.monotonic() < until:
    app.processEvents()
print(sorted(wanted - set(sys.modules)))
"""


def test_that_every_space_is_among_the_names() -> None:
    names = set(module_names())
    spaces = {path.parent.name for path in (REPOSITORY / "app" / "views").glob("*/space.py")}
    assert {f"app.views.{space}.space" for space in spaces} <= names


def test_that_all_is_loaded_while_the_window_waits() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WAITING],
        env={"QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin:/bin"},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.stdout.strip() == "[]", done.stderr
