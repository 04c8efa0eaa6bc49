"""Measures labelme in its own window: ``python labelme_probe.py LABEL_FILE_OR_FOLDER``, with an interpreter that has it.

Prints one line of JSON: milliseconds by name. It is run by bench_canvas, offscreen and with a home of its own, and
imports nothing of ours.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from importlib import metadata
from pathlib import Path

VIEWPORT = (1600, 1000)
STEPS = 10


def main() -> None:
    """Opens the file, measures, prints."""
    from labelme._app import MainWindow
    from PySide6 import QtWidgets

    app = QtWidgets.QApplication([])
    app.setStyle("Fusion")
    window = MainWindow(config_overrides={"auto_save": False})
    window.show()
    app.processEvents()
    area = window._canvas_widgets.scroll_area
    # The picture gets as much room as in the other windows that are measured.
    for _ in range(3):
        viewport = area.viewport().size()
        window.resize(
            window.width() + VIEWPORT[0] - viewport.width(), window.height() + VIEWPORT[1] - viewport.height()
        )
        app.processEvents()
    canvas = window._canvas_widgets.canvas
    found: dict[str, object] = {"version": metadata.version("labelme")}

    if Path(sys.argv[1]).is_dir():
        start = time.perf_counter()
        window._load_from_file_or_dir(file_or_dir=sys.argv[1])
        app.processEvents()
        window.repaint()
        found["open folder"] = 1000 * (time.perf_counter() - start)
        print(json.dumps(found), flush=True)
        os._exit(0)
    painted = 0
    paint = canvas.paintEvent

    def count_paints(event: object) -> None:
        nonlocal painted
        painted += 1
        paint(event)

    canvas.paintEvent = count_paints

    def show() -> None:
        # One painting for each step, as in the other windows that are measured.
        before = painted
        app.processEvents()
        if painted == before:
            canvas.repaint()

    start = time.perf_counter()
    window._load_from_file_or_dir(file_or_dir=sys.argv[1])
    show()
    found["first paint"] = 1000 * (time.perf_counter() - start)
    found["viewport"] = [area.viewport().width(), area.viewport().height()]
    found["shapes"] = len(canvas.shapes)

    def timed(step: object) -> float:
        times = []
        before = painted
        for index in range(STEPS):
            begun = time.perf_counter()
            step(index)  # type: ignore[operator]
            show()
            times.append(1000 * (time.perf_counter() - begun))
        found.setdefault("paintings a step", []).append((painted - before) / STEPS)  # type: ignore[attr-defined]
        return statistics.median(times)

    items = list(window._docks.label_list)

    def hide(index: int) -> None:
        from PySide6.QtCore import Qt

        item = items[(index // 2 * 7) % len(items)]
        item.setCheckState(Qt.CheckState.Unchecked if index % 2 == 0 else Qt.CheckState.Checked)

    found["hide one"] = timed(hide)
    found["zoom at fit"] = timed(lambda i: window._add_zoom(increment=1.1 if i % 2 == 0 else 1 / 1.1, pos=None))
    window._set_zoom_to_original()
    app.processEvents()
    bars = area.horizontalScrollBar(), area.verticalScrollBar()
    for bar in bars:
        bar.setValue(bar.maximum() // 2)

    def pan(index: int) -> None:
        sign = 1 if index % 6 < 3 else -1
        bars[0].setValue(bars[0].value() + 37 * sign)
        bars[1].setValue(bars[1].value() + 23 * sign)

    found["pan at 1:1"] = timed(pan)
    print(json.dumps(found), flush=True)
    # Its threads and dialogs are of no interest any more.
    os._exit(0)


if __name__ == "__main__":
    main()
