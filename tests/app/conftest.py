"""Real windows, offscreen, on a real project of rendered scenes."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", "1")

import asyncio
import gc
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import QCoreApplication, QEvent, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.composition import Composed, compose
from app.main_window import MainWindow
from app.presenters.instance_prompting import Prompting
from app.settings import Settings
from app.studio import Studio
from hopchain_core.project import Project, RunOptions
from hopchain_core.scenes import write_scenes

SCENES = 6
_NOISE = ("This plugin does not support ",)


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["hopchain-studio"]


@pytest.fixture(autouse=True)
def no_qt_warnings() -> Iterator[list[str]]:
    """A warning of Qt fails the test that it came in."""
    said: list[str] = []

    def take(kind: QtMsgType, context: object, text: str) -> None:
        if kind is not QtMsgType.QtDebugMsg and not any(noise in text for noise in _NOISE):
            said.append(text)

    before = qInstallMessageHandler(take)
    yield said
    qInstallMessageHandler(before)
    assert not said, f"Qt said: {said}"


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[qasync.QEventLoop]:
    """The window's event loop, as if it ran: coroutines go on whenever Qt's events do (`qtbot.waitUntil`)."""
    made = qasync.QEventLoop(qapp, already_running=True)
    asyncio.set_event_loop(made)
    yield made
    qapp.aboutToQuit.disconnect(made._after_run_forever)
    asyncio.events._set_running_loop(None)
    made._QEventLoop__is_running = False
    made.close()
    asyncio.set_event_loop(None)


@pytest.fixture(scope="session")
def built_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``sample.hopchain`` and its scenes, after a whole run; built once, never opened for writing."""
    folder = tmp_path_factory.mktemp("sample")
    write_scenes(folder / "scenes", SCENES, 0, width_px=640, height_px=480, workers=1)
    with Project.create(folder / "sample.hopchain") as project:
        project.ingest([folder / "scenes"], scenes=folder / "scenes")
        project.run(None, RunOptions(concurrency=1))
    return folder


@pytest.fixture
def sample_project(built_project: Path, tmp_path: Path) -> Path:
    """A copy of the sample project of one's own: the path of its file."""
    folder = tmp_path / "sample"
    shutil.copytree(built_project, folder)
    return folder / "sample.hopchain"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a person who was never here."""
    made = Settings(tmp_path / "config" / "settings.json")
    made.set("person", "ada")
    made.set("theme", "light")
    made.set("tour_offered", True)
    return made


@pytest.fixture
def prompting() -> Prompting | None:
    """Where models that are prompted come from: the profiles of whoever runs the tests, unless tests say otherwise."""
    return None


@pytest.fixture
def composed(
    qapp: QApplication, qtbot: QtBot, loop: qasync.QEventLoop, settings: Settings, prompting: Prompting | None
) -> Iterator[Composed]:
    """The studio without a project, its window shown, 1600 by 1000."""
    threads = set(threading.enumerate())
    made = compose(qapp, settings, prompting=prompting)
    made.window.resize(1600, 1000)
    made.window.show()
    qtbot.waitExposed(made.window)
    yield made
    made.studio.runs.cancel()
    qtbot.waitUntil(lambda: made.studio.tasks.count == 0, timeout=20_000)
    made.window.close()
    made.studio.close()
    qapp.processEvents()
    timers = [t for t in made.window.findChildren(QTimer) if t.isActive() and not t.isSingleShot()]
    assert not timers, f"timers still run: {[t.parent() for t in timers]}"
    # What Qt holds, slots and all that they hold, Python's collector does not see into: it goes only by being deleted.
    studio = made.studio
    for gone in (made.window, studio.theme, studio.actions, studio.bridge, studio):
        gone.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qapp.processEvents()
    gc.collect()
    leaked = [t for t in set(threading.enumerate()) - threads if t.is_alive() and "asyncio" not in t.name]
    assert not leaked, f"threads still run: {leaked}"


@pytest.fixture
def studio(composed: Composed, qtbot: QtBot, sample_project: Path) -> Studio:
    """A studio with its window shown and the sample project open."""
    composed.studio.take_project(Project.open(sample_project))
    return composed.studio


@pytest.fixture
def window(composed: Composed) -> MainWindow:
    """The window of `studio`."""
    return composed.window


@pytest.fixture
def settled(qtbot: QtBot) -> Callable[[Studio], None]:
    """Waits until no edit is on its way and no question of a key is open."""

    def wait(studio: Studio) -> None:
        qtbot.waitUntil(lambda: studio.bridge.is_idle, timeout=20_000)

    return wait
