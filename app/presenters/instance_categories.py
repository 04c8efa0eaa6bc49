"""The categories that are offered: all of the project, and those that the digits give."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from app.bridge import Bridge
from app.presenters.instance_picture import category_names

MOST_NUMBERED = 9
"""Categories that a digit gives."""


class InstanceCategories(QObject):
    """Categories of one project.

    Args:
        bridge: To the project.
        parent: Owner.
    """

    changed = Signal()

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._names: tuple[str, ...] = ()
        self._numbered: list[str] = []
        self._is_stale = True
        self._is_read = False

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, the most used first."""
        return self._names

    @property
    def numbered(self) -> tuple[str, ...]:
        """Those that the digits from 1 give; the same as long as the project is open."""
        return tuple(self._numbered)

    def forget(self) -> None:
        """A job may have brought others. What a person adds is noted as it comes."""
        self._is_stale = True

    def read(self) -> None:
        """Looks them up, if they may be others than before."""
        if self._bridge.project is not None and self._is_stale:
            self._is_stale = False
            self._bridge.read(category_names, self._take, key="instances categories")

    def note(self, names: Iterable[str]) -> None:
        """Adds those that are new."""
        new = tuple(name for name in dict.fromkeys(names) if name not in self._names)
        # Before the project's own have been read, a picture's would take the digits.
        if new and self._is_read:
            self._set((*self._names, *new))

    def _take(self, names: tuple[str, ...]) -> None:
        self._is_read = True
        own = tuple(name for name in self._names if name not in names)
        self._set((*names, *own))

    def _set(self, names: tuple[str, ...]) -> None:
        if names == self._names:
            return
        self._names = names
        for name in names:
            if name not in self._numbered and len(self._numbered) < MOST_NUMBERED:
                self._numbered.append(name)
        self.changed.emit()
