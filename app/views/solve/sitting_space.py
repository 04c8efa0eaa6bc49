"""What the spaces in which people answer have in common: a page before the sitting, and the sitting."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.canvas.feed import first_side
from app.canvas.pyramid import Pyramid
from app.presenters.decoded_ahead import Making
from app.presenters.solve import SolvePresenter
from app.studio import Studio
from app.views.solve.actions import solve_actions
from app.views.solve.sitting import Sitting
from app.widgets.space import SpaceView
from hopchain_core.blind import BlindSource

_PYRAMIDS = Making(of=Pyramid.of, size=lambda pyramid: pyramid.size_bytes, first_side=first_side)


class SittingSpace(SpaceView):
    """A space with one sitting at a time. Who derives from it gives it a page and says what follows a sitting.

    Attributes:
        sitting: The questions.
    """

    def __init__(self, studio: Studio, space: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._presenter: SolvePresenter | None = None
        self.sitting = Sitting(studio.actions, studio.bridge.ask, space)
        self._stack = QStackedWidget()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)
        studio.actions.add(*solve_actions(self, space))
        self.sitting.left.connect(self.leave_sitting)

    def set_page(self, page: QWidget) -> None:
        """What is shown while nobody answers."""
        self._stack.addWidget(page)
        self._stack.addWidget(self.sitting)

    def sit_down(self, source: BlindSource, goal: str) -> None:
        """Begins a sitting.

        Args:
            source: The person's questions.
            goal: How many it is to have; empty for all.
        """
        presenter = SolvePresenter(source, self._studio.bridge, _PYRAMIDS, self)
        presenter.failed.connect(self._fail)
        presenter.question_shown.connect(lambda _: self._studio.actions.refresh())
        presenter.held.connect(lambda _: self._studio.actions.refresh())
        self._presenter = presenter
        self._stack.setCurrentWidget(self.sitting)
        self.sitting.show_presenter(presenter)
        self._studio.set_undo_here(self.sitting.undo_last)
        self.focus_asked.emit(True)
        presenter.begin(int(goal) if goal else None)

    def leave_sitting(self) -> None:
        """Ends the sitting; what is typed is kept."""
        if self._presenter is None:
            return
        self._presenter = None
        self._studio.set_undo_here(None)
        self.sitting.end()
        self._stack.setCurrentIndex(0)
        self.focus_asked.emit(False)
        self._follow_sitting()

    def _fail(self, error: Exception) -> None:
        self._studio.show_error(error)

    def _follow_sitting(self) -> None:
        """After a sitting, on the page before it."""

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
