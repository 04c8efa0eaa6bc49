"""The start screen: projects opened lately, and what is being made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.studio import Studio
from hopchain_core.errors import HopchainError, ProjectDamagedError, ProjectForeignError, ProjectTooNewError
from hopchain_core.project import Project

COVER_PX = 192
"""Longest side of the picture that stands for a project: sharp at 300 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentProject:
    """A project opened lately.

    Attributes:
        path: Its file.
        is_there: The file can be seen now.
        changed_at: When it was written last; None where it is not there.
    """

    path: Path
    is_there: bool
    changed_at: datetime | None

    @property
    def name(self) -> str:
        """As the window's title says it."""
        return self.path.stem

    @property
    def place(self) -> str:
        """Its folder, with the home folder as ``~``."""
        folder = self.path.parent
        home = Path.home()
        return f"~/{folder.relative_to(home)}".rstrip("/.") if folder.is_relative_to(home) else str(folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentDetail:
    """What is in a project opened lately.

    Attributes:
        pictures: How many.
        chains: How many.
        cover: One of its pictures, uint8 RGB, (H, W, 3); None where none can be read.
        trouble: Why it cannot be looked into, in a few words; empty when it can.
    """

    pictures: int = 0
    chains: int = 0
    cover: NDArray[np.uint8] | None = None
    trouble: str = ""

    @property
    def words(self) -> str:
        """How much it holds."""
        if self.trouble:
            return self.trouble
        pictures = "1 picture" if self.pictures == 1 else f"{self.pictures:,} pictures"
        chains = "1 chain" if self.chains == 1 else f"{self.chains:,} chains"
        return f"{pictures}, {chains}" if self.chains else pictures


class StartPresenter(QObject):
    """Reads about recent projects in another thread: a disk in the network may take its time."""

    recent_changed = Signal(object)
    """A list of `RecentProject`, the newest first."""
    detail_found = Signal(object, object)
    """(path, `RecentDetail`): what is in one of them, some time after."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio

    def refresh(self) -> None:
        """Looks again which projects are there."""
        paths = self._studio.settings.recent()
        self._studio.bridge.ask(lambda: [_seen(path) for path in paths], self._take, key="recent")

    def open(self, path: Path) -> None:
        """Opens a project."""
        self._studio.open_project(path)

    def forget(self, path: Path) -> None:
        """Takes a project off the list; its file stays."""
        self._studio.settings.forget_recent(path)
        self.refresh()

    def _take(self, projects: list[RecentProject]) -> None:
        self.recent_changed.emit(projects)
        for project in projects:
            if project.is_there:
                path = project.path
                # Looked into one by one and for reading only: what another program writes to can be seen, too.
                self._studio.bridge.ask(
                    partial(_looked_into, path), partial(self.detail_found.emit, path), key=("recent", path)
                )


def ago(moment: datetime, now: datetime) -> str:
    """How long ago something was, as people say it."""
    minutes = (now - moment).total_seconds() / 60
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{int(minutes)} min ago"
    if minutes < 24 * 60:
        return f"{int(minutes / 60)} h ago"
    days = int(minutes / (24 * 60))
    if days == 1:
        return "yesterday"
    return f"{days} days ago" if days < 30 else moment.strftime("%-d %b %Y")


def _seen(path: Path) -> RecentProject:
    try:
        changed_at = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    except OSError:
        return RecentProject(path=path, is_there=False, changed_at=None)
    return RecentProject(path=path, is_there=True, changed_at=changed_at)


def _looked_into(path: Path) -> RecentDetail:
    try:
        with Project.open(path, read_only=True) as project:
            with project.read() as read:
                counts = read.counts()
                first = next(iter(read.images()), None)
            cover = None
            if first is not None:
                try:
                    cover = project.read_picture(first.path, COVER_PX)
                except HopchainError:
                    cover = None  # the list is no place to speak of one missing picture
            return RecentDetail(pictures=counts.images, chains=counts.chains, cover=cover)
    except ProjectDamagedError:
        return RecentDetail(trouble="Damaged")
    except ProjectTooNewError:
        return RecentDetail(trouble="Made by a newer version")
    except ProjectForeignError:
        return RecentDetail(trouble="Not a project any more")
    except (HopchainError, OSError):
        return RecentDetail()
