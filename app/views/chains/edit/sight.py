"""What of the fields is in sight: the hop that is open, and the field that one types in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person has to see.

    Attributes:
        whole: The hop that is open.
        first: The part of it in which something is asked; None while nothing is.
    """

    whole: QWidget
    first: QWidget | None


class EditSight:
    """Scrolls the fields, a moment later: once they have the places that a change gives them.

    Args:
        area: Holds the fields.
        wanted: Asked when it scrolls; None for nothing.
        parent: Ends with it.
    """

    def __init__(self, area: QScrollArea, wanted: Callable[[], Wanted | None], parent: QObject) -> None:
        self._area = area
        self._wanted = wanted
        self._anchor: tuple[QWidget, int] | None = None
        self._reveal_later = _later(self._reveal, parent)
        self._settle_later = _later(self._settle, parent)

    def reveal_soon(self) -> None:
        """Brings the hop that is open into sight."""
        self._reveal_later.start()

    def follow_growth(self) -> None:
        """Brings into sight what was found while one types: it stands below the fields."""
        wanted, focused = self._wanted(), QApplication.focusWidget()
        if wanted is not None and focused is not None and wanted.whole.isAncestorOf(focused):
            self.reveal_soon()

    @contextmanager
    def kept(self, field: QWidget | None) -> Iterator[None]:
        """What one types in stays where it is on the screen when something comes or goes above it.

        Args:
            field: What one types in; None when it is not below.
        """
        self._anchor = (field, self._place_of(field)) if field is not None else None
        yield
        if self._anchor is not None:
            self._settle_later.start()

    def _settle(self) -> None:
        anchor, self._anchor = self._anchor, None
        inside = self._area.widget()
        if anchor is not None and inside is not None and inside.isAncestorOf(anchor[0]):
            bar = self._area.verticalScrollBar()
            bar.setValue(bar.value() + self._place_of(anchor[0]) - anchor[1])
        self.follow_growth()

    def _reveal(self) -> None:
        wanted = self._wanted()
        if wanted is None:
            return
        if wanted.first is not None:
            self._area.ensureWidgetVisible(wanted.first, 0, 16)
        elif wanted.whole.height() <= self._area.viewport().height():
            self._area.ensureWidgetVisible(wanted.whole, 0, 0)
        elif self._area.verticalScrollBar().value() < wanted.whole.y():
            self._area.verticalScrollBar().setValue(wanted.whole.y())

    def _place_of(self, widget: QWidget) -> int:
        return widget.mapTo(self._area, QPoint(0, 0)).y()


def _later(run: Callable[[], None], parent: QObject) -> QTimer:
    made = QTimer(parent)
    made.setSingleShot(True)
    made.setInterval(0)
    made.timeout.connect(run)
    return made
