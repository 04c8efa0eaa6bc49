"""What every space is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hopchain_core.project import StepPlaces


class SpaceView(QWidget):
    """A space of the window. It is built when it is first shown, or before, and kept until another project is opened.

    One that takes long to build does little in its constructor and leaves the rest to `parts`.
    """

    status_changed = Signal(str)
    """What stands at the right of the status bar while this space is shown."""

    focus_asked = Signal(bool)
    """The space wants the whole window, without rail and bars, or no longer."""

    parts: Iterator[None] = iter(())
    """Builds what the constructor left, a few milliseconds' worth in each step. The space is shown once all are taken."""

    def enter(self, where: Mapping[str, Any]) -> None:
        """The space is shown now, by the rail (`where` is empty) or by ``studio.go(space, **where)``.

        Called again, with the space already shown, when someone goes to another place in it.
        """

    def shows(self, places: StepPlaces) -> bool:
        """Whether what a step of undo was about is what this space shows now; it is offered to be shown otherwise."""
        return False

    def leave(self) -> None:
        """Another space is shown now, or the project is being closed."""
