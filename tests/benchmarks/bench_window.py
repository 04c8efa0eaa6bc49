"""The window: opening 20,000 pictures, beside labelme, and going from one chain to the next, also beside a run.

Offscreen, 1600 by 1000. labelme opens the same folder of pictures, in an environment of its own, see peers. X-AnyLabeling
is not measured: it installs a model runtime of its own first.
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

import qasync
from PIL import Image
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.composition import Composed, compose
from app.garbage import Collecting
from app.settings import Settings
from app.thumbnails import Thumbnails
from hopchain_core.project import Project, RunOptions
from hopchain_core.scenes import write_scenes
from tests.benchmarks.peers import LABELME, measured
from tests.core.jobs import synthetic

PICTURES = 20_000
CHAINS = 12
BUSY_SCENES = 32
STEP_EVERY_S = 0.1
GIVE_UP_S = 120


def run() -> list[dict[str, Any]]:
    """All measurements of the window."""
    app = QApplication.instance() or QApplication(["hopchain-studio"])
    assert isinstance(app, QApplication)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, scenes = _many(folder), _scenes(folder / "s")
        with _Window(app, folder) as window:
            opened = window.open(path)
        theirs = measured(LABELME, [str(folder / "pictures")], folder / "home")
        with _Window(app, folder) as window:
            stepped = window.step(scenes)
        _add_scenes(scenes)
        with _Window(app, folder) as window:
            beside = window.step_beside_a_run(scenes)
    version = theirs.get("version")
    other = {
        "other_name": f"labelme {version}" if version else "labelme",
        "other": theirs.get("open folder"),
        "unit": "ms",
    }
    missing = "" if version else f"; {theirs['missing']}"
    alone = {"other_name": "", "other": None, "unit": "ms"}
    return [
        {
            **other,
            "name": f"open {PICTURES:,} pictures",
            "ours": opened["first"],
            "note": f"until the first screen of them is painted{missing}",
        },
        {
            **other,
            "name": f"longest pause of the window while {PICTURES:,} pictures open",
            "ours": opened["pause"],
            "note": f"theirs stands still all the while{missing}",
        },
        {
            **alone,
            "name": "go to the next chain",
            "ours": stepped["chain"],
            "note": "from the key until all is painted",
        },
        {**alone, "name": "go to the next hop", "ours": stepped["hop"], "note": "from the key until all is painted"},
        {
            **alone,
            "name": "pause of the window beside a run, p99",
            "ours": beside["p99"],
            "note": f"all stages over {BUSY_SCENES} scenes while chains are stepped through; {beside['beats']:.0f} beats",
        },
        {
            **alone,
            "name": "pause of the window beside a run, longest",
            "ours": beside["longest"],
            "note": f"as above; the window's own thread worked at most {beside['work']:.0f} ms in one; "
            f"{beside['steps']:.0f} steps in {beside['run_s']:.0f} s",
        },
    ]


class _Window:
    """A studio of its own, its loop running while something is waited for."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        self._app = app
        self._loop = qasync.QEventLoop(app, already_running=True)
        asyncio.set_event_loop(self._loop)
        settings = Settings(folder / f"settings-{time.monotonic_ns()}.json")
        settings.set("tour_offered", True)
        settings.set("theme", "light")
        settings.set("reduced_motion", True)
        self._composed: Composed = compose(app, settings)
        self._composed.window.resize(1600, 1000)
        self._composed.window.show()
        self._collecting = Collecting(lambda: self._composed.studio.runs.is_running, self._composed.window)
        self._until(lambda: True)

    def __enter__(self) -> _Window:
        return self

    def __exit__(self, *error: object) -> None:
        self._composed.window.close()
        self._collecting.end()
        self._composed.studio.close()
        self._composed.window.deleteLater()
        self._app.processEvents()
        self._app.aboutToQuit.disconnect(self._loop._after_run_forever)
        asyncio.events._set_running_loop(None)
        self._loop._QEventLoop__is_running = False
        self._loop.close()

    def open(self, path: Path) -> dict[str, float]:
        """Milliseconds until the first screen of pictures, and the longest time the loop did not get round."""
        studio, window = self._composed.studio, self._composed.window
        # As with labelme, whose window is there before: the space is made and empty.
        pause = _Pulse()
        start = time.perf_counter()
        studio.open_project(path)

        def is_there() -> bool:
            space = window.stack.currentWidget()
            presenter = getattr(space, "presenter", None)
            return (
                presenter is not None
                and presenter.model.rowCount() == PICTURES
                and presenter.model.known(0) is not None
            )

        self._until(is_there)
        window.repaint()
        first = 1000 * (time.perf_counter() - start)
        self._until(lambda: studio.bridge.is_idle)
        return {"first": first, "pause": pause.end()}

    def step(self, path: Path) -> dict[str, float]:
        """Milliseconds from the key to the painted chain or hop."""
        studio, window = self._composed.studio, self._composed.window
        studio.open_project(path)
        self._until(lambda: studio.project is not None and studio.bridge.is_idle)
        studio.go("chains")
        space: Any = window.stack.currentWidget()
        self._until(lambda: studio.bridge.is_idle and space.canvas.is_settled())
        found = {}
        for name, key, signal in (
            ("chain", Qt.Key.Key_J, space.presenter.chain_shown),
            ("hop", Qt.Key.Key_BracketRight, space.presenter.hop_shown),
        ):
            times = []
            for _ in range(CHAINS if name == "chain" else 3):
                shown: list[object] = []
                signal.connect(shown.append)
                start = time.perf_counter()
                QTest.keyClick(window, key)
                self._until(lambda shown=shown: bool(shown) and space.canvas.is_settled())
                window.repaint()
                times.append(1000 * (time.perf_counter() - start))
                signal.disconnect(shown.append)
                self._until(lambda: studio.bridge.is_idle)
            found[name] = statistics.median(times)
        return found

    def step_beside_a_run(self, path: Path) -> dict[str, float]:
        """Runs every stage, and goes from chain to chain and hop to hop until the run has ended."""
        studio, window = self._composed.studio, self._composed.window
        studio.open_project(path)
        self._until(lambda: studio.project is not None and studio.bridge.is_idle)
        studio.go("chains")
        space: Any = window.stack.currentWidget()
        # A run is started from a window that has come to rest, not while it still shows what it has opened.
        thumbnails = studio.findChild(Thumbnails)
        assert isinstance(thumbnails, Thumbnails)
        self._until(lambda: studio.bridge.is_idle and space.canvas.is_settled() and thumbnails.is_idle)
        project = studio.project
        assert project is not None
        runs = self._composed.studio.runs
        pulse, start, steps, due = _Pulse(), time.perf_counter(), 0, 0.0
        assert runs.start(None, project.last_options())
        while runs.is_running:
            # Asleep between two events, as a window is: a loop that polls takes a core from the run.
            self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            now = time.perf_counter()
            if now - start > GIVE_UP_S:
                raise TimeoutError("the run did not end")
            if now >= due:
                QTest.keyClick(window, Qt.Key.Key_J if steps % 3 == 0 else Qt.Key.Key_BracketRight)
                steps, due = steps + 1, now + STEP_EVERY_S
        run_s = time.perf_counter() - start
        pulse.end()
        gaps = sorted(pulse.gaps)
        return {
            "p99": 1000 * gaps[len(gaps) * 99 // 100],
            "longest": 1000 * gaps[-1],
            "work": 1000 * pulse.most_work_s,
            "beats": float(len(gaps)),
            "steps": float(steps),
            "run_s": run_s,
        }

    def _until(self, condition: Callable[[], bool]) -> None:
        deadline = time.perf_counter() + GIVE_UP_S
        self._app.processEvents()
        while not condition():
            if time.perf_counter() > deadline:
                raise TimeoutError("the window did not get there")
            self._app.processEvents()


class _Pulse(QObject):
    """The times between two beats of a timer of the window's loop."""

    def __init__(self) -> None:
        super().__init__()
        self._last = time.perf_counter()
        self._worked = time.thread_time()
        self.gaps: list[float] = []
        self.most_work_s = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(4)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now
        worked = time.thread_time()
        self.most_work_s, self._worked = max(self.most_work_s, worked - self._worked), worked

    def end(self) -> float:
        """The longest, in milliseconds."""
        self._timer.stop()
        return 1000 * max(self.gaps, default=0.0)


def _many(folder: Path) -> Path:
    """A project of so many pictures, whose files are all the same small one."""
    pictures = folder / "pictures"
    pictures.mkdir()
    Image.new("RGB", (64, 48), (90, 120, 150)).save(folder / "one.png")
    content = (folder / "one.png").read_bytes()
    for number in range(PICTURES):
        (folder / synthetic.picture(number).path).write_bytes(content)
    path = folder / "many.hopchain"
    synthetic.make_project(path, PICTURES).close()
    return path


def _scenes(folder: Path) -> Path:
    folder.mkdir()
    write_scenes(folder / "scenes", 8, 0)
    with Project.create(folder / "scenes.hopchain") as project:
        project.ingest([folder / "scenes"], scenes=folder / "scenes")
        project.run(None, RunOptions())
    return folder / "scenes.hopchain"


def _add_scenes(path: Path) -> None:
    """Pictures that no stage has seen, beside those with chains to step through."""
    later = path.parent / "later"
    write_scenes(later, BUSY_SCENES, 1)
    with Project.open(path) as project:
        project.ingest([later], scenes=later)


if __name__ == "__main__":
    for row in run():
        print(f"{row['name']}: {row['ours']:.1f} ms; {row['other_name']} {row['other']}")
