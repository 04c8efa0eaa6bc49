"""The next question at 10,000 questions: from the key that sends an answer to question and picture on the screen.

A real window, offscreen, over a project's own file; pictures of 12 megapixels, a person who takes half a second. What it
stands beside is reading the next picture when it is asked for, as a tool does that decodes nothing ahead.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", "1")

import numpy as np
import qasync
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.composition import Composed, compose
from app.settings import Settings
from app.views.solve.space import SolveSpace
from hopchain_core.domain.rounds import RoundTerms
from hopchain_core.project import Project
from tests.benchmarks.bench_store import fill

QUESTIONS = 10_000
ANSWERED = 40
WIDTH_PX, HEIGHT_PX = 4000, 3000
THINKS_S = 0.5
GIVE_UP_S = 60


def main() -> None:
    """Prints every row."""
    for row in run():
        print(f"{row['name']}: {row['ours']:.3g} {row['unit']}\n    {row['note']}")


def run() -> list[dict[str, Any]]:
    """All measurements."""
    app = QApplication.instance() or QApplication(["hopchain-studio"])
    assert isinstance(app, QApplication)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "p.hopchain"
        fill(path, QUESTIONS)
        with Project.open(path) as project:
            project.add_annotator("ann")
            project.open_round(RoundTerms())
            source = project.blind("ann")
            items = source.ahead(ANSWERED + 5)
            source.close()
            picture = _picture(folder)
            for item in items:
                file = folder / item.path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(picture)
            decoding = _milliseconds(lambda: project.read_picture(items[0].path))
        words, pictures = _sit(app, folder, path)
    note = f"{QUESTIONS:,} questions in the round, pictures of {WIDTH_PX} x {HEIGHT_PX}"
    return [
        _row("next question shown, median", statistics.median(words), None, note),
        _row("next question shown, p95", _p95(words), None, note),
        _row("its picture shown, median", statistics.median(pictures), decoding, note),
        _row("its picture shown, p95", _p95(pictures), decoding, note),
    ]


def _sit(app: QApplication, folder: Path, path: Path) -> tuple[list[float], list[float]]:
    loop = qasync.QEventLoop(app, already_running=True)
    asyncio.set_event_loop(loop)
    settings = Settings(folder / "settings.json")
    settings.set("tour_offered", True)
    composed: Composed = compose(app, settings)
    composed.window.resize(1600, 1000)
    composed.window.show()
    composed.studio.take_project(Project.open(path))
    composed.studio.go("solve", person="ann")
    space = composed.window.stack.currentWidget()
    assert isinstance(space, SolveSpace)
    words: list[float] = []
    pictures: list[float] = []
    try:
        _until(app, lambda: space.has_question and space.sitting.canvas.is_settled())
        for number in range(ANSWERED):
            _until(app, _after(THINKS_S))
            before = space.sitting.question
            QTest.keyClicks(space.sitting.panel.field, str(number))
            begun = time.perf_counter()
            QTest.keyClick(space.sitting.panel.field, Qt.Key.Key_Return)
            _until(app, lambda: space.sitting.question is not before)  # noqa: B023
            space.sitting.panel.repaint()
            words.append(1000 * (time.perf_counter() - begun))
            _until(app, space.sitting.canvas.is_settled)
            space.sitting.canvas.repaint()
            pictures.append(1000 * (time.perf_counter() - begun))
    finally:
        composed.window.close()
        composed.studio.close()
        composed.window.deleteLater()
        app.processEvents()
        app.aboutToQuit.disconnect(loop._after_run_forever)
        asyncio.events._set_running_loop(None)
        loop._QEventLoop__is_running = False
        loop.close()
    return words, pictures


def _picture(folder: Path) -> bytes:
    random = np.random.default_rng(0)
    small = Image.fromarray(random.integers(0, 255, (HEIGHT_PX // 16, WIDTH_PX // 16, 3), dtype=np.uint8))
    file = folder / "one.jpg"
    small.resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.BICUBIC).save(file, quality=90)
    return file.read_bytes()


def _after(seconds: float) -> Callable[[], bool]:
    until = time.perf_counter() + seconds
    return lambda: time.perf_counter() >= until


def _until(app: QApplication, is_so: Callable[[], bool]) -> None:
    give_up = time.perf_counter() + GIVE_UP_S
    while not is_so():
        app.processEvents()
        if time.perf_counter() > give_up:
            raise TimeoutError("the window did not get there")
        time.sleep(0.0005)


def _milliseconds(call: Callable[[], object]) -> float:
    taken = []
    for _ in range(5):
        begun = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - begun))
    return statistics.median(taken)


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


def _row(name: str, ours: float, other: float | None, note: str) -> dict[str, Any]:
    return {
        "name": name,
        "ours": ours,
        "other_name": "decoding it when it is asked for" if other is not None else "",
        "other": other,
        "unit": "ms",
        "note": note,
    }


if __name__ == "__main__":
    main()
