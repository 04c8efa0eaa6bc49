"""Where a person was in each project, and how wide they made what: found again after a restart."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QByteArray, QObject
from PySide6.QtWidgets import QSplitter, QWidget

from app.settings import MOST_RECENT
from app.studio import START, Studio

SPACES, SPLITTERS = "spaces", "splitters"
_KEEP_THEIR_OWN = frozenset({"chains"})
"""Spaces that know better what to keep than the state of a splitter says."""


class WindowMemory(QObject):
    """Keeps in the settings what of the window is not in the project.

    Args:
        studio: What everything shares.
        widget_of: The widget of a space that has been shown.
        parent: Owner.
    """

    def __init__(self, studio: Studio, widget_of: Callable[[str], QWidget | None], parent: QObject) -> None:
        super().__init__(parent)
        self._studio = studio
        self._widget_of = widget_of
        studio.went.connect(self._take_place)

    def begins_in(self) -> str:
        """The space in which the open project was left; empty when it was never open here."""
        project = self._studio.project
        spaces = self._studio.settings.get(SPACES, {})
        found = spaces.get(str(project.path), "") if project is not None and isinstance(spaces, dict) else ""
        return found if isinstance(found, str) else ""

    def _take_place(self, space: str, where: object) -> None:
        project = self._studio.project
        if project is None or space == START:
            return
        spaces = self._studio.settings.get(SPACES, {})
        others = {p: s for p, s in spaces.items() if p != str(project.path)} if isinstance(spaces, dict) else {}
        newest = dict(list({str(project.path): space, **others}.items())[:MOST_RECENT])
        self._studio.settings.set(SPACES, newest)
        widget = self._widget_of(space)
        if widget is not None and space not in _KEEP_THEIR_OWN and not widget.property("remembered"):
            widget.setProperty("remembered", True)
            for index, splitter in enumerate(widget.findChildren(QSplitter)):
                self._join(f"{space}.{index}", splitter)

    def _join(self, name: str, splitter: QSplitter) -> None:
        kept = self._states().get(name)
        if isinstance(kept, str):
            splitter.restoreState(QByteArray.fromBase64(kept.encode()))
        splitter.splitterMoved.connect(partial(self._keep, name, splitter))

    def _keep(self, name: str, splitter: QSplitter, *_: int) -> None:
        state = bytes(splitter.saveState().toBase64().data()).decode()
        self._studio.settings.set(SPLITTERS, {**self._states(), name: state})

    def _states(self) -> dict[str, object]:
        states = self._studio.settings.get(SPLITTERS, {})
        return states if isinstance(states, dict) else {}
