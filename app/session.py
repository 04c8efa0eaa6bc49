"""One session of the studio: the application, its event loop, and its end."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import qasync
from PySide6.QtWidgets import QApplication

from app.composition import compose
from app.main_window import APP_NAME
from app.settings import Settings, default_path
from app.thumbnails import default_folder


def run_session(project: Path | None) -> int:
    """Opens the window and returns when it has been closed.

    Args:
        project: Opened at once; the start screen when None.

    Returns:
        The exit code of the process.
    """
    settings = Settings(default_path())
    if settings.scale != 100:
        # Qt reads it once, before there is an application; what a person set in the environment goes before.
        os.environ.setdefault("QT_SCALE_FACTOR", str(settings.scale / 100))
    app = QApplication(sys.argv[:1])
    app.setApplicationName("hopchain-studio")
    app.setApplicationDisplayName(APP_NAME)
    app.setDesktopFileName("hopchain-studio")
    app.setQuitOnLastWindowClosed(False)
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(_session(app, settings, project))
    return 0


async def _session(app: QApplication, settings: Settings, project: Path | None) -> None:
    composed = compose(app, settings, default_folder())
    closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    composed.window.closing.connect(lambda: None if closed.done() else closed.set_result(None))
    composed.window.show()
    if project is not None:
        composed.studio.open_project(project)
    await closed
    composed.studio.runs.cancel()
    await composed.studio.tasks.aclose()
    composed.studio.close()
