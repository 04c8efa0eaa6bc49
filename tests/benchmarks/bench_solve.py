"""The next question at 10,000 questions: from the key that sends an answer to question and picture on the screen.

A real window, offscreen, over a project's own file; pictures of 12 megapixels; a person who takes half a second, and one who
answers the moment the whole picture is there. What it stands beside is the same window without pictures made ready ahead.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", "1")

import numpy as np
import qasync
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.composition import Composed, compose
from app.presenters.decoded_ahead import DecodedAhead
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


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds from the key: to the words, to the picture as sharp as the window shows it, and to all of its pixels."""

    words: list[float] = field(default_factory=list)
    sharp: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)


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
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE image SET width_px = ?, height_px = ?", (WIDTH_PX, HEIGHT_PX))
        with Project.open(path) as project:
            project.add_annotator("ann")
            project.open_round(RoundTerms())
            source = project.blind("ann")
            items = source.ahead(4 * ANSWERED + 10)
            source.close()
            picture = _picture(folder)
            for item in items:
                file = folder / item.path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(picture)
        rows = []
        note = f"{QUESTIONS:,} questions in the round, pictures of {WIDTH_PX} x {HEIGHT_PX}"
        for thinks_s, who in ((THINKS_S, f"{THINKS_S} s after each picture"), (0.0, "at once after each picture")):
            with patch.object(DecodedAhead, "go_on_now", lambda _: None):
                without = _sit(app, folder, path, thinks_s)
            ours = _sit(app, folder, path, thinks_s)
            said = f"{note}; answered {who}"
            if thinks_s:
                rows.append(_row("next question shown, median", statistics.median(ours.words), None, said))
                rows.append(_row("next question shown, p95", _p95(ours.words), None, said))
            for what, mine, other in (
                ("its picture, sharp in the window", ours.sharp, without.sharp),
                ("its picture, all pixels", ours.whole, without.whole),
            ):
                name = what if thinks_s else f"{what}, at machine speed"
                rows.append(_row(f"{name}, median", statistics.median(mine), statistics.median(other), said))
                rows.append(_row(f"{name}, p95", _p95(mine), _p95(other), said))
    return rows


def _sit(app: QApplication, folder: Path, path: Path, thinks_s: float) -> Taken:
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
    canvas, taken = space.sitting.canvas, Taken()
    seen: list[bool] = []
    canvas.picture_shown.connect(seen.append)
    try:
        _until(app, lambda: space.has_question and canvas.is_settled())
        for number in range(ANSWERED):
            _until(app, _after(thinks_s))
            before = space.sitting.question
            QTest.keyClicks(space.sitting.panel.field, str(number))
            seen.clear()
            begun = time.perf_counter()
            QTest.keyClick(space.sitting.panel.field, Qt.Key.Key_Return)
            _until(app, lambda: space.sitting.question is not before)  # noqa: B023
            space.sitting.panel.repaint()
            taken.words.append(1000 * (time.perf_counter() - begun))
            after = space.sitting.question
            if before is None or after is None or after.item.path == before.item.path:
                continue  # a question about the same picture, which stays where it is
            _until(app, lambda: bool(seen))
            canvas.repaint()
            taken.sharp.append(1000 * (time.perf_counter() - begun))
            _until(app, canvas.is_settled)
            canvas.repaint()
            taken.whole.append(1000 * (time.perf_counter() - begun))
    finally:
        composed.window.close()
        composed.studio.close()
        composed.window.deleteLater()
        app.processEvents()
        app.aboutToQuit.disconnect(loop._after_run_forever)
        asyncio.events._set_running_loop(None)
        loop._QEventLoop__is_running = False
        loop.close()
    return taken


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


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


def _row(name: str, ours: float, other: float | None, note: str) -> dict[str, Any]:
    return {
        "name": name,
        "ours": ours,
        "other_name": "the same window, nothing made ready ahead" if other is not None else "",
        "other": other,
        "unit": "ms",
        "note": note,
    }


if __name__ == "__main__":
    main()
