"""The space where people solve questions alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from app.presenters.solve import SolvePresenter
from app.presenters.solve_entry import SolveEntryPresenter
from app.studio import Studio
from app.views.solve.entry import Entry
from app.views.solve.sitting_space import SittingSpace

SPACE = "solve"


class SolveSpace(SittingSpace):
    """Asks who answers, then shows their questions and nothing else of the window.

    ``studio.go("solve", person=NAME)`` begins at once.

    Attributes:
        entry: Who answers.
        sitting: The questions.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(studio, SPACE, parent)
        self.entry_presenter = SolveEntryPresenter(studio, self)
        self.entry = Entry(studio.actions)
        self.set_page(self.entry)
        self.entry_presenter.seats_shown.connect(self.entry.show_seats)
        self.entry.chosen.connect(self.begin)
        studio.leaving.connect(self.leave_sitting)

    @property
    def presenter(self) -> SolvePresenter | None:
        """The sitting that is on."""
        return self._presenter

    def enter(self, where: Mapping[str, Any]) -> None:
        person = where.get("person")
        self.entry_presenter.is_active = True
        self.entry.set_person(self._studio.person)
        if self._presenter is None:
            self.entry_presenter.refresh()
            if isinstance(person, str):
                self.begin(person)
            else:
                self.entry.focus_first()
        self.focus_asked.emit(self._presenter is not None)

    def leave(self) -> None:
        self.entry_presenter.is_active = False
        self.leave_sitting()

    def begin(self, person: str) -> None:
        """Begins a sitting of a person."""
        if self._presenter is not None:
            return
        project = self._studio.need_project()
        goal = self.entry.goal.value()
        self._studio.bridge.edit(lambda: project.blind(person), lambda source: self.sit_down(source, goal))

    def _follow_sitting(self) -> None:
        if self.entry_presenter.is_active:
            self.entry_presenter.refresh()
