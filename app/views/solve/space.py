"""The space where people solve questions alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.presenters.solve import SolvePresenter
from app.presenters.solve_entry import SolveEntryPresenter
from app.studio import Studio
from app.views.solve.actions import solve_actions
from app.views.solve.entry import Entry
from app.views.solve.sitting import Sitting
from app.widgets.space import SpaceView
from hopchain_core.blind import BlindSource

SPACE = "solve"


class SolveSpace(SpaceView):
    """Asks who answers, then shows their questions and nothing else of the window.

    ``studio.go("solve", person=NAME)`` begins at once.

    Attributes:
        entry: Who answers.
        sitting: The questions.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._presenter: SolvePresenter | None = None
        self.entry_presenter = SolveEntryPresenter(studio, self)
        self.entry = Entry(studio.actions)
        self.sitting = Sitting(studio.actions, studio.bridge.ask, SPACE)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.entry)
        self._stack.addWidget(self.sitting)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)
        studio.actions.add(*solve_actions(self, SPACE))
        self.entry_presenter.seats_shown.connect(self.entry.show_seats)
        self.entry.chosen.connect(self.begin)
        self.sitting.left.connect(self.leave_sitting)
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

        def take(source: BlindSource) -> None:
            presenter = SolvePresenter(source, self._studio.bridge, self)
            presenter.failed.connect(self._studio.show_error)
            presenter.question_shown.connect(lambda _: self._studio.actions.refresh())
            presenter.held.connect(lambda _: self._studio.actions.refresh())
            self._presenter = presenter
            self._stack.setCurrentWidget(self.sitting)
            self.sitting.show_presenter(presenter)
            self._studio.set_undo_here(self.sitting.undo_last)
            self.focus_asked.emit(True)
            presenter.begin(int(goal) if goal else None)

        self._studio.bridge.edit(lambda: project.blind(person), take)

    # What the actions do

    @property
    def has_sitting(self) -> bool:
        """Somebody answers."""
        return self._presenter is not None

    @property
    def has_question(self) -> bool:
        """A question is shown."""
        return self.sitting.question is not None

    def cannot_tell(self) -> None:
        """The picture does not show it."""
        self.sitting.cannot_tell()

    def ask_reason(self) -> None:
        """Asks what is ambiguous."""
        self.sitting.ask_reason()

    def skip(self) -> None:
        """Later."""
        self.sitting.skip()

    def fit(self) -> None:
        """All of the picture."""
        self.sitting.fit()

    def actual_size(self) -> None:
        """One pixel of the picture to one of the screen."""
        self.sitting.canvas.one_to_one()

    def leave_sitting(self) -> None:
        """Ends the sitting; what is typed is kept."""
        if self._presenter is None:
            return
        self._presenter = None
        self._studio.set_undo_here(None)
        self.sitting.end()
        self._stack.setCurrentWidget(self.entry)
        self.focus_asked.emit(False)
        if self.entry_presenter.is_active:
            self.entry_presenter.refresh()
