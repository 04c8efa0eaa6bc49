"""Gives each part of a window the style sheet of the theme, what is in sight first."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.style.theme import Theme


class Dressing:
    """After a change of theme the parts in sight are dressed at once, and the others one by one while nothing else waits.

    Args:
        window: Whose parts they are.
        theme: Has the style sheet.
        parts: Those that there are now; none is a part of another. They are asked for each time, since dialogs come and go.
    """

    def __init__(self, window: QWidget, theme: Theme, parts: Callable[[], Iterable[QWidget]]) -> None:
        self._theme = theme
        self._parts = parts
        self._later = QTimer(window)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._dress_next)
        theme.changed.connect(self._take_change)
        self._take_change()

    def dress(self, part: QWidget) -> None:
        """Gives one part the sheet of now, with all that is and comes into it."""
        # Setting it is dear even when it is the same.
        if part.styleSheet() != self._theme.sheet:
            part.setStyleSheet(self._theme.sheet)

    def _take_change(self) -> None:
        for part in self._parts():
            if part.isVisible():
                self.dress(part)
        self._later.start(0)

    def _dress_next(self) -> None:
        late = next((part for part in self._parts() if part.styleSheet() != self._theme.sheet), None)
        if late is not None:
            self.dress(late)
            self._later.start(0)
