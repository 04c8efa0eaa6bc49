"""People and rounds: who answers, what they are given, which answers are known."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from app.presenters.people import PeoplePresenter, PeopleState
from app.views.people.gold_page import GoldPage
from app.views.people.people_page import PeoplePage
from app.views.people.rounds_page import RoundsPage
from app.widgets.dialog import Dialog
from app.widgets.segmented import Segment, Segmented

PEOPLE, ROUNDS, GOLD = "people", "rounds", "gold"


class PeopleDialog(Dialog):
    """Everything holds at once.

    Args:
        presenter: Reads and changes.
        page: Which page is shown first.
        parent: The window.
    """

    def __init__(self, presenter: PeoplePresenter, page: str = PEOPLE, parent: QWidget | None = None) -> None:
        super().__init__("People and rounds", width_px=840, parent=parent)
        self.setMinimumHeight(600)
        self._presenter = presenter
        self.pages = Segmented(
            [Segment(PEOPLE, "People"), Segment(ROUNDS, "Rounds"), Segment(GOLD, "Gold")], "What is shown"
        )
        self.people = PeoplePage(presenter)
        self.rounds = RoundsPage(presenter)
        self.gold = GoldPage(presenter)
        self._by_name: dict[str, QWidget] = {PEOPLE: self.people, ROUNDS: self.rounds, GOLD: self.gold}
        self._stack = QStackedWidget()
        for part in self._by_name.values():
            self._stack.addWidget(part)
        self.box.addWidget(self.pages)
        self.box.addWidget(self._stack, 1)
        self.add_button("Done")
        self.pages.chosen.connect(self.show_page)
        presenter.shown.connect(self._show)
        presenter.is_active = True
        self.finished.connect(self._end)
        self.show_page(page)
        if page == PEOPLE:
            self.people.name.setFocus()
        presenter.refresh()

    def show_page(self, page: str) -> None:
        """Shows people, rounds or gold."""
        self.pages.set_value(page)
        self._stack.setCurrentWidget(self._by_name[page])

    def _show(self, state: PeopleState) -> None:
        self.people.show_state(state)
        self.rounds.show_state(state)
        self.gold.show_state(state)
        self.pages.set_segments(
            [
                Segment(PEOPLE, f"People {len(state.people)}" if state.people else "People"),
                Segment(ROUNDS, f"Rounds {len(state.rounds)}" if state.rounds else "Rounds"),
                Segment(GOLD, f"Gold {len(state.gold)}" if state.gold else "Gold"),
            ]
        )

    def _end(self, _: int) -> None:
        self._presenter.is_active = False
