"""List, picture and hops beside each other, in widths that a person drags and finds again."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from app.settings import Settings

_WIDTHS = "chains.widths"
_LIST_PX, _SIDE_PX = 304, 392
_NARROW_LIST_PX, _NARROW_SIDE_PX = 248, 336
_NARROW_PX = 1400
"""Below this the columns at both sides give way. Chosen."""


class Columns(QSplitter):
    """Three columns; what the window gains or loses, the middle one does.

    Args:
        settings: Where the widths are kept.
        list_: At the left.
        middle: Takes the room that is left.
        side: At the right.
    """

    def __init__(self, settings: Settings, list_: QWidget, middle: QWidget, side: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._settings = settings
        kept = settings.get(_WIDTHS, None)
        is_whole = isinstance(kept, list) and len(kept) == 2 and all(isinstance(w, int) and w > 100 for w in kept)
        self._widths: tuple[int, int] | None = (kept[0], kept[1]) if is_whole else None
        for part, least_px, stretch in ((list_, 232, 0), (middle, 420, 1), (side, 336, 0)):
            part.setMinimumWidth(least_px)
            self.addWidget(part)
            self.setStretchFactor(self.count() - 1, stretch)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.splitterMoved.connect(self._keep)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < _NARROW_PX
        own = (_NARROW_LIST_PX, _NARROW_SIDE_PX) if is_narrow else (_LIST_PX, _SIDE_PX)
        list_px, side_px = self._widths or own
        self.setSizes([list_px, max(1, self.width() - list_px - side_px - 2), side_px])

    def _keep(self) -> None:
        list_px, _, side_px = self.sizes()
        self._widths = (list_px, side_px)
        self._settings.set(_WIDTHS, [list_px, side_px])
