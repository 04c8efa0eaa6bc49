"""The spaces of the window: each made whole when somebody goes there, or before, part by part while nothing waits."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRect, QTimer
from PySide6.QtWidgets import QWidget

from app.studio import START, Studio
from app.warming import modules_below
from app.widgets.space import SpaceView
from hopchain_core.project import Reader

_TURN_S = 0.006
"""Modules are imported for so long in one turn of the window's loop. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceSpec:
    """A space, as the composition registers it.

    Attributes:
        id: Word for `Studio.go` and for the `space` of its actions.
        title: On the rail and in the top bar.
        icon: On the rail.
        build: Makes it, when it is first shown in a project or before. It may put its actions into `studio.actions`.
        badge: How much waits there, read in another thread after changes; None for no badge.
        badge_tables: Changes in these tables ask `badge` again; empty for all.
        is_on_rail: The start screen is not.
        package: Its code, imported before it is built; empty for code that is there from the start.
    """

    id: str
    title: str
    icon: str
    build: Callable[[Studio], QWidget]
    badge: Callable[[Reader], int] | None = None
    badge_tables: frozenset[str] = frozenset()
    is_on_rail: bool = True
    package: str = ""


class Spaces(QObject):
    """Makes spaces. Whoever asks for one never sees half of it.

    Args:
        studio: What everything shares.
        specs: How they are made; those on the rail are made before they are asked for, in this order.
        place: Is given a space that has been begun, and its word: it takes a place in the window, hidden.
        finish: Is given a space that is whole.
        parent: Owner.
    """

    def __init__(
        self,
        studio: Studio,
        specs: Sequence[SpaceSpec],
        place: Callable[[str, QWidget], object],
        finish: Callable[[str, QWidget], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._specs = {spec.id: spec for spec in specs}
        self._place, self._finish = place, finish
        self._whole: dict[str, QWidget] = {}
        self._begun: dict[str, QWidget] = {}
        self._parts: dict[str, Iterator[None]] = {}
        self._wanted: tuple[str, Callable[[], object]] | None = None
        self._is_hurried = False
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._go_on)

    def get(self, space: str) -> QWidget | None:
        """A space that is whole."""
        return self._whole.get(space)

    def all(self) -> tuple[QWidget, ...]:
        """Those that are whole."""
        return tuple(self._whole.values())

    def whole(self, space: str) -> QWidget:
        """A space; what is missing of it is made at once."""
        self._is_hurried = True
        try:
            while space not in self._whole:
                self._make_part(space)
        finally:
            self._is_hurried = False
        return self._whole[space]

    def when_whole(self, space: str, then: Callable[[], object]) -> None:
        """Makes what is missing of a space, a part in each turn of the window's loop.

        Args:
            space: Its word.
            then: Called once it is whole, unless something else is asked for before.
        """
        self._wanted = (space, then)
        self._turn.start()

    def make_part(self) -> bool:
        """Makes a part of a space that nobody has asked for yet: a few milliseconds.

        Returns:
            Whether there is more to make.
        """
        waiting = [s for s, spec in self._specs.items() if spec.is_on_rail and s not in self._whole]
        if not waiting or self._studio.project is None:
            return False
        self._make_part(next((space for space in waiting if space in self._begun), waiting[0]))
        return len(waiting) > 1 or waiting[0] not in self._whole

    def stop_waiting(self) -> None:
        """Nobody waits for a space any more."""
        self._wanted = None
        self._turn.stop()

    def clear(self) -> tuple[tuple[str, QWidget], ...]:
        """Gives up all spaces but the start screen, whole or not, with their words."""
        self.stop_waiting()
        gone = tuple((space, widget) for space, widget in (self._whole | self._begun).items() if space != START)
        for space, _ in gone:
            self._whole.pop(space, None)
            self._begun.pop(space, None)
            self._parts.pop(space, None)
        return gone

    def _go_on(self) -> None:
        if self._wanted is None:
            return
        space, then = self._wanted
        if space not in self._whole:
            self._make_part(space)
            self._turn.start()
        else:
            self._wanted = None
            then()

    def _make_part(self, space: str) -> None:
        if space not in self._parts:
            self._parts[space] = self._made(space)
        try:
            next(self._parts[space])
        except BaseException:
            # Made anew, from the beginning, when it is asked for again.
            del self._parts[space]
            raise
        if space in self._whole:
            del self._parts[space]

    def _made(self, space: str) -> Iterator[None]:
        yield from self._imported(self._specs[space].package)
        widget = self._specs[space].build(self._studio)
        self._begun[space] = widget
        self._place(space, widget)
        yield
        if isinstance(widget, SpaceView):
            yield from widget.parts
            yield
        self._finish(space, widget)
        if not self._is_hurried:
            yield
            _lay_out(widget)
        del self._begun[space]
        self._whole[space] = widget
        yield

    def _imported(self, package: str) -> Iterator[None]:
        until_s = time.perf_counter() + _TURN_S
        for name in modules_below(package) if package else ():
            importlib.import_module(name)
            if time.perf_counter() > until_s and not self._is_hurried:
                yield
                until_s = time.perf_counter() + _TURN_S


def _lay_out(widget: QWidget) -> None:
    """Gives what is out of sight the places and sizes it will be shown with, which is half of showing it."""
    parent = widget.parentWidget()
    if parent is not None:
        widget.resize(parent.size())
        # Qt lays out what is about to be rendered, whether it is seen or not.
        widget.grab(QRect(0, 0, 1, 1))
