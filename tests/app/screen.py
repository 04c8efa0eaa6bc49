"""The studio as a person has it: a process of its own on a screen, with keys and clicks from the X server.

Nothing of the studio is called by tests that use this. What is typed goes through the X server; what came of it is read
from the screen, the settings and the project file.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageGrab

from app.style.tokens import size, tokens
from hopchain_core.domain.review import MarkKind
from hopchain_core.project import Project

ROOT = Path(__file__).parents[2]
WIDTH_PX, HEIGHT_PX = 1600, 1000
PATIENCE_S = 30.0
_TRIES = 20
IS_REQUIRED = os.environ.get("HOPCHAIN_SCREEN") == "required"
_MISSING = [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]

ON_A_SCREEN = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(_MISSING) and not IS_REQUIRED,
        reason=f"{' and '.join(_MISSING)} not installed: apt-get install xvfb xdotool",
    ),
]


def wait_for(what: str, is_so: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    until = time.monotonic() + patience_s
    while not is_so():
        if time.monotonic() > until:
            pytest.fail(f"after {patience_s:.0f} s not yet: {what}")
        time.sleep(0.05)


@dataclass
class Desk:
    """A screen with the studio on it."""

    display: str
    project: Path
    settings_path: Path
    process: subprocess.Popen[str]
    said: Path

    def xdotool(self, *args: str) -> str:
        done = subprocess.run(
            ["xdotool", *args],
            env={**os.environ, "DISPLAY": self.display},
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        return done.stdout.strip()

    def key(self, *keys: str) -> None:
        self.xdotool("key", "--clearmodifiers", "--delay", "40", *keys)

    def type(self, text: str) -> None:
        self.xdotool("type", "--delay", "30", text)

    def click(self, x: int, y: int) -> None:
        self.xdotool("mousemove", "--sync", str(x), str(y), "click", "1")

    def screen(self) -> Image.Image:
        return ImageGrab.grab(xdisplay=self.display).convert("RGB")

    def settings(self) -> dict[str, object]:
        try:
            values: dict[str, object] = json.loads(self.settings_path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return values

    def marks(self) -> dict[str, MarkKind]:
        with Project.open(self.project, read_only=True) as project, project.read() as read:
            rows = read.chain_rows(read.chain_ids())
            return {str(row.key): row.mark for row in rows if row.mark is not None}

    def is_at(self, index: int) -> bool:
        """The bar of the rail's item stands in the accent colour of the theme that is shown."""
        middle = size("top_bar") + 6 + (size("rail_item") + 4) * index + (size("rail_item") + 4) // 2
        scheme = "dark" if sum(self.screen().getpixel((WIDTH_PX // 4, 4))) < 3 * 128 else "light"  # type: ignore[arg-type]
        return self.screen().getpixel((1, middle)) == tokens(scheme).accent.getRgb()[:3]


@pytest.fixture
def display() -> Iterator[str]:
    """A screen of its own, on a number that no other process takes.

    Left to itself, a server takes the number of one that is just ending, which then removes the socket of both.
    """
    if _MISSING:
        pytest.fail(f"{' and '.join(_MISSING)} not installed, and HOPCHAIN_SCREEN asks for the screen")
    first = 100 + os.getpid() % 1000
    for number in range(first, first + _TRIES):
        server, is_up = _screen(number)
        if is_up:
            break
        server.wait(timeout=10)
    else:
        pytest.fail("Xvfb ended at once")
    try:
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(timeout=10)


def _screen(number: int) -> tuple[subprocess.Popen[bytes], bool]:
    """A server, and whether it took that number."""
    reading, writing = os.pipe()
    size_ = f"{WIDTH_PX}x{HEIGHT_PX}x24"
    server = subprocess.Popen(
        ["Xvfb", f":{number}", "-displayfd", str(writing), "-screen", "0", size_, "-nolisten", "tcp"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as numbers:
        return server, numbers.readline().strip() == str(number)


@pytest.fixture
def desk(display: str, sample_project: Path, tmp_path: Path) -> Iterator[Desk]:
    config = tmp_path / "home" / "config"
    settings_path = config / "hopchain-studio" / "settings.json"
    settings_path.parent.mkdir(parents=True)
    settings_path.write_text(json.dumps({"person": "ada", "theme": "light", "tour_offered": True}), encoding="utf-8")
    said = tmp_path / "said.txt"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "WAYLAND", "XDG_"))}
    environment |= {
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "HOME": str(tmp_path / "home"),
        "XDG_CONFIG_HOME": str(config),
        "XDG_CACHE_HOME": str(tmp_path / "home" / "cache"),
        "XDG_RUNTIME_DIR": str(tmp_path / "home"),
        "LANG": "C.UTF-8",
    }
    with said.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", str(sample_project)],
            cwd=ROOT,
            env=environment,
            stdout=stream,
            stderr=subprocess.STDOUT,
            text=True,
        )
    made = Desk(display, sample_project, settings_path, process, said)

    def is_open() -> bool:
        if process.poll() is not None:
            words = said.read_text(encoding="utf-8")
            if "xcb" in words and not IS_REQUIRED:
                pytest.skip(f"Qt cannot open a window on this X server: {words.strip().splitlines()[0]}")
            pytest.fail(f"the studio ended: {words}")
        return bool(made.xdotool("search", "--onlyvisible", "--name", "sample – HopChain Studio"))

    try:
        wait_for("a window with the project's name", is_open)
        window = made.xdotool("search", "--onlyvisible", "--name", "sample – HopChain Studio").splitlines()[0]
        # There is no window manager to place it and to give it the keyboard.
        made.xdotool("windowmove", "--sync", window, "0", "0", "windowsize", "--sync", window, "1600", "1000")
        made.xdotool("windowfocus", "--sync", window)
        wait_for("the library on the rail", lambda: made.is_at(0))
        yield made
    finally:
        # What stood on the screen last and what was said, for whoever looks for the cause.
        made.screen().save(tmp_path / "screen.png")
        print(said.read_text(encoding="utf-8"))
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=20)
