"""The start screen: projects opened lately, and what is being made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.studio import Studio


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


class StartPresenter(QObject):
    """Reads about recent projects in another thread: a disk in the network may take its time."""

    recent_changed = Signal(object)
    """A list of `RecentProject`, the newest first."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio

    def refresh(self) -> None:
        """Looks again which projects are there."""
        paths = self._studio.settings.recent()
        self._studio.bridge.ask(lambda: [_seen(path) for path in paths], self.recent_changed.emit, key="recent")

    def open(self, path: Path) -> None:
        """Opens a project."""
        self._studio.open_project(path)

    def forget(self, path: Path) -> None:
        """Takes a project off the list; its file stays."""
        self._studio.settings.forget_recent(path)
        self.refresh()


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
