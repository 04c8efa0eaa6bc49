"""Measures napari in its own window: ``python napari_probe.py LABEL_FILE``, with an interpreter that has it.

The picture is opened by napari's own reader; the outlines become a layer of labels, its way to show many instances, whose
making is not timed. Prints one line of JSON: milliseconds by name. It imports nothing of ours.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from pathlib import Path

VIEWPORT = (1600, 1000)
STEPS = 10


def main() -> None:
    """Opens the picture, measures, prints."""
    import napari
    import numpy as np
    from napari.utils.colormaps import DirectLabelColormap, label_colormap
    from qtpy.QtWidgets import QApplication
    from skimage.draw import polygon

    file = Path(sys.argv[1])
    record = json.loads(file.read_text(encoding="utf-8"))
    size = (record["imageHeight"], record["imageWidth"])
    labels = np.zeros(size, dtype=np.uint16)
    for number, shape in enumerate(record["shapes"], start=1):
        x, y = np.array(shape["points"]).T
        labels[polygon(y, x, size)] = number
    count = len(record["shapes"])

    viewer = napari.Viewer(show=True)
    native = viewer.window._qt_viewer.canvas._scene_canvas.native
    camera = getattr(viewer, "scene", viewer).camera
    for _ in range(3):
        QApplication.processEvents()
        window = viewer.window._qt_window
        window.resize(window.width() + VIEWPORT[0] - native.width(), window.height() + VIEWPORT[1] - native.height())
    QApplication.processEvents()

    def show() -> None:
        QApplication.processEvents()
        native.repaint()
        # Waits until it is drawn: OpenGL is told what to do and goes on by itself.
        native.makeCurrent()
        from vispy.gloo import gl

        gl.glFinish()

    found: dict[str, object] = {"version": napari.__version__, "viewport": [native.width(), native.height()]}
    start = time.perf_counter()
    viewer.open(str(file.with_name(record["imagePath"])))
    layer = viewer.add_labels(labels)
    show()
    found["first paint"] = 1000 * (time.perf_counter() - start)

    def timed(step: object) -> float:
        times = []
        for index in range(STEPS):
            begun = time.perf_counter()
            step(index)  # type: ignore[operator]
            show()
            times.append(1000 * (time.perf_counter() - begun))
        return statistics.median(times)

    def zoom(index: int) -> None:
        camera.zoom *= 1.1 if index % 2 == 0 else 1 / 1.1

    base = label_colormap(count + 1)
    colours = {number: base.map(number) for number in range(1, count + 1)}
    colours[None] = np.zeros(4)
    layer.colormap = DirectLabelColormap(color_dict=colours)
    show()

    def hide(index: int) -> None:
        number = index // 2 * 7 % count + 1
        changed = {**colours, number: np.zeros(4)} if index % 2 == 0 else colours
        layer.colormap = DirectLabelColormap(color_dict=changed)

    def recolour(index: int) -> None:
        layer.colormap = DirectLabelColormap(color_dict={**colours, index * 9 % count + 1: np.array([1.0, 0, 0, 1])})

    def pan(index: int) -> None:
        sign = 1 if index % 6 < 3 else -1
        z, y, x = camera.center
        camera.center = (z, y + sign * 23, x + sign * 37)

    found["zoom at fit"] = timed(zoom)
    found["hide one"] = timed(hide)
    found["recolour one"] = timed(recolour)
    camera.zoom = 1.0
    show()
    found["pan at 1:1"] = timed(pan)
    print(json.dumps(found), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
