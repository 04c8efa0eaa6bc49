"""The picture canvas at 50 megapixels, in a window of 1600 by 1000, beside labelme.

Both draw offscreen, the same picture and outlines, in one run. labelme needs an environment of its own: name its
interpreter in HOPCHAIN_LABELME_PYTHON; without it the rows have nothing to compare with.
"""

from __future__ import annotations

import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", "1")

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.bridge import Bridge
from app.canvas import Arrow, Overlay, PictureCanvas
from app.style.fonts import load_fonts
from tests.benchmarks.canvas_case import CanvasCase, make

VIEWPORT = (1600, 1000)
COUNTS = (200, 1000)
STEPS = 20
PROBE_TIMEOUT_S = 300
VARIABLE = "HOPCHAIN_LABELME_PYTHON"


def main() -> None:
    """Prints every row."""
    for row in run():
        other = "" if row["other"] is None else f", {row['other_name']} {row['other']:.3g} {row['unit']}"
        print(f"{row['name']}: {row['ours']:.3g} {row['unit']}{other}")
        print(f"    {row['note']}")


def run() -> list[dict[str, Any]]:
    """All measurements of the canvas."""
    app = QApplication.instance() or QApplication([])
    load_fonts()
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        for count in COUNTS:
            case = make(Path(folder), count)
            theirs = measure_labelme(case.labelme_file, Path(folder) / "home")
            rows += rows_of(count, measure_ours(case), theirs)
    app.processEvents()
    return rows


def rows_of(count: int, ours: dict[str, float], theirs: dict[str, Any]) -> list[dict[str, Any]]:
    """One row for each thing a person does."""
    version = theirs.get("version")
    missing = "" if version else f"; {theirs['missing']}"
    other_name = f"labelme {version}" if version else "labelme"

    def row(name: str, key: str, note: str, other: str | None = None) -> dict[str, Any]:
        return {
            "name": f"{name}, {count:,} masks",
            "ours": ours[key],
            "other_name": other_name,
            "other": theirs.get(other) if other else None,
            "unit": "ms",
            "note": note + (missing if other else ""),
        }

    whole = "the picture may still be sharpening"
    return [
        row("first paint of 50 megapixels with its masks", "first paint", whole, "first paint"),
        row("until the picture is there at full size", "whole", "as above; theirs comes all at once", "first paint"),
        row("longest pause of the window while it opens", "pause", "theirs stands still all the while", "first paint"),
        row("zoom, a frame at fit", "zoom at fit", "a step of 10 % until it is painted", "zoom at fit"),
        row("pan, a frame at 1:1", "pan at 1:1", "37 by 23 pixels until it is painted", "pan at 1:1"),
        row("zoom, a frame at 1:1", "zoom at 1:1", "a step of 10 % until it is painted"),
        row("hide or show one", "hide one", "at fit, until it is painted", "hide one"),
        row("highlight what is hovered over", "hover", "at fit, until it is painted"),
        row("step to another hop", "hop", "two lit, six members, an arrow, all else dark; until it is painted"),
    ]


def measure_ours(case: CanvasCase) -> dict[str, float]:
    """Milliseconds by name."""
    bridge = Bridge()
    canvas = PictureCanvas(bridge.ask)
    canvas.set_reduced_motion(True)
    canvas.resize(*VIEWPORT)
    canvas.show()
    QApplication.processEvents()
    found = _opening(canvas, case)
    canvas.repaint()
    navigator, keys = canvas.navigator, [i.key for i in case.instances]
    shown = list(case.instances)

    def hide(index: int) -> None:
        at = index // 2 * 7 % len(shown)
        shown[at] = replace(shown[at], is_hidden=index % 2 == 0)
        canvas.set_instances(shown)

    def hop(index: int) -> None:
        first, second = keys[index], keys[index + 50]
        members = frozenset(keys[index : index + 6])
        lit = frozenset((first, second))
        canvas.set_overlay(Overlay(lit=lit, members=members, arrows=(Arrow(first, second, "nearest"),)))

    found["zoom at fit"] = _timed(canvas, lambda i: navigator.zoom(1.1 if i % 2 == 0 else 1 / 1.1))
    canvas.fit()
    found["hide one"] = _timed(canvas, hide)
    found["hover"] = _timed(canvas, lambda i: canvas.set_hovered(keys[i * 9 % len(keys)]))
    canvas.set_hovered(None)
    found["hop"] = _timed(canvas, hop)
    canvas.set_overlay(None)
    canvas.one_to_one()
    found["pan at 1:1"] = _timed(canvas, lambda i: navigator.pan(*((37, 23) if i % 6 < 3 else (-37, -23))))
    found["zoom at 1:1"] = _timed(canvas, lambda i: navigator.zoom(1.1 if i % 2 == 0 else 1 / 1.1))
    canvas.close_down()
    canvas.deleteLater()
    bridge.close()
    QApplication.processEvents()
    return found


def _opening(canvas: PictureCanvas, case: CanvasCase) -> dict[str, float]:
    """Opens the picture while an event loop runs, and notes the longest time it did not get round."""
    loop, found, gaps = QEventLoop(), {}, [0.0]
    arrived: set[str] = set()
    start = last = time.perf_counter()

    def arrive(what: str) -> None:
        arrived.add(what)
        canvas.repaint()
        now = 1000 * (time.perf_counter() - start)
        if {"picture", "instances"} <= arrived:
            found.setdefault("first paint", now)
        if {"whole", "instances"} <= arrived:
            found.setdefault("whole", now)
            QTimer.singleShot(50, loop.quit)

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(1000 * (now - last))
        last = now

    def show_picture(is_whole: bool) -> None:
        arrived.add("picture")
        arrive("whole" if is_whole else "picture")

    canvas.picture_shown.connect(show_picture)
    canvas.instances_shown.connect(lambda: arrive("instances"))
    pulse = QTimer()
    pulse.setTimerType(Qt.TimerType.PreciseTimer)
    pulse.timeout.connect(beat)
    pulse.start(4)
    QTimer.singleShot(0, lambda: (canvas.set_picture(case.source), canvas.set_instances(case.instances)))
    loop.exec()
    pulse.stop()
    canvas.picture_shown.disconnect()
    canvas.instances_shown.disconnect()
    found["pause"] = max(gaps)
    return found


def _timed(canvas: PictureCanvas, step: Callable[[int], object]) -> float:
    times = []
    for index in range(STEPS):
        start = time.perf_counter()
        step(index)
        canvas.repaint()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def measure_labelme(label_file: Path, home: Path) -> dict[str, Any]:
    """What the probe prints, or why there is nothing: key `missing`."""
    python = os.environ.get(VARIABLE) or (sys.executable if importlib.util.find_spec("labelme") else None)
    if python is None:
        return {"missing": f"not compared: {VARIABLE} names no interpreter with labelme"}
    home.mkdir(exist_ok=True)
    environment = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "PYTHONPATH": ""}
    command = [python, str(Path(__file__).with_name("labelme_probe.py")), str(label_file)]
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=PROBE_TIMEOUT_S, check=True
        )
        found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        return {"missing": f"not compared: labelme did not run ({type(error).__name__})"}
    return found


if __name__ == "__main__":
    main()
