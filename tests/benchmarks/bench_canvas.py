"""The picture canvas at 50 megapixels, in a window of 1600 by 1000, beside labelme and napari.

All show the same picture and outlines, in one run. labelme and napari get environments of their own, see peers; where
one cannot be had, its rows have nothing to compare with. napari draws with OpenGL, on a screen: without a graphics card
its figures are those of OpenGL in software. X-AnyLabeling is not measured: it installs a model runtime of its own first.
"""

from __future__ import annotations

import os
import statistics
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
from app.canvas.values import Colouring
from app.style.fonts import load_fonts
from tests.benchmarks.canvas_case import CanvasCase, make
from tests.benchmarks.peers import LABELME, NAPARI, measured

VIEWPORT = (1600, 1000)
COUNTS = (200, 1000)
STEPS = 20


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
            home, files = Path(folder) / "home", [str(case.labelme_file)]
            ours = measure_ours(case)
            rows += rows_of(count, ours, measured(LABELME, files, home))
            rows += rows_beside_napari(count, ours, measured(NAPARI, files, home))
    app.processEvents()
    return rows


def rows_of(count: int, ours: dict[str, float], theirs: dict[str, Any]) -> list[dict[str, Any]]:
    """One row for each thing a person does."""

    def row(name: str, key: str, note: str, other: str | None = None) -> dict[str, Any]:
        return _row(f"{name}, {count:,} masks", ours[key], "labelme", theirs, other, note)

    whole = "the picture may still be sharpening"
    return [
        row("first paint of 50 megapixels with its masks", "first paint", whole, "first paint"),
        row("until the picture is there at full size", "whole", "as above; theirs comes all at once", "first paint"),
        row("longest pause of the window while it opens", "pause", "theirs stands still all the while", "first paint"),
        row("zoom, a frame at fit", "zoom at fit", "a step of 10 % until it is painted", "zoom at fit"),
        row("pan, a frame at 1:1", "pan at 1:1", "37 by 23 pixels until it is painted", "pan at 1:1"),
        row("zoom, a frame at 1:1", "zoom at 1:1", "a step of 10 % until it is painted"),
        row("hide or show one", "hide one", "at fit, until it is painted", "hide one"),
        row("recolour one", "recolour one", "at fit, by giving it another category, until it is painted"),
        row("highlight what is hovered over", "hover", "at fit, until it is painted"),
        row("step to another hop", "hop", "two lit, six members, an arrow, all else dark; until it is painted"),
    ]


def rows_beside_napari(count: int, ours: dict[str, float], theirs: dict[str, Any]) -> list[dict[str, Any]]:
    """What napari does too: the outlines are its layer of labels."""

    def row(name: str, key: str, note: str, other: str) -> dict[str, Any]:
        return _row(f"{name}, {count:,} masks, beside napari", ours[key], "napari", theirs, other, note)

    colours = "theirs by another table of colours"
    opening = "theirs gets its masks as a plane of labels that is made before"
    return [
        row("until the picture is there at full size", "whole", opening, "first paint"),
        row("zoom, a frame at fit", "zoom at fit", "a step of 10 % until it is painted", "zoom at fit"),
        row("pan, a frame at 1:1", "pan at 1:1", "37 by 23 pixels until it is painted", "pan at 1:1"),
        row("hide or show one", "hide one", colours, "hide one"),
        row("recolour one", "recolour one", colours, "recolour one"),
    ]


def _row(
    name: str, figure: float, other_name: str, theirs: dict[str, Any], other: str | None, note: str
) -> dict[str, Any]:
    version = theirs.get("version")
    return {
        "name": name,
        "ours": figure,
        "other_name": f"{other_name} {version}" if version else other_name,
        "other": theirs.get(other) if other else None,
        "unit": "ms",
        "note": note if version or not other else f"{note}; {theirs['missing']}",
    }


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

    def recolour(index: int) -> None:
        # Not one of the first, which choose the colour of their kind.
        at = 17 + index * 9 % (len(shown) - 17)
        shown[at] = replace(shown[at], category=f"kind {(at + 1) % 17}")
        canvas.set_instances(shown)

    def hop(index: int) -> None:
        first, second = keys[index], keys[index + 50]
        members = frozenset(keys[index : index + 6])
        lit = frozenset((first, second))
        canvas.set_overlay(Overlay(lit=lit, members=members, arrows=(Arrow(first, second, "nearest"),)))

    found["zoom at fit"] = _timed(canvas, lambda i: navigator.zoom(1.1 if i % 2 == 0 else 1 / 1.1))
    canvas.fit()
    found["hide one"] = _timed(canvas, hide)
    canvas.set_colouring(Colouring.CATEGORY)
    canvas.repaint()
    found["recolour one"] = _timed(canvas, recolour)
    canvas.set_colouring(Colouring.INSTANCE)
    canvas.repaint()
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


if __name__ == "__main__":
    main()
