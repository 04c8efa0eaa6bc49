"""A sitting as one sees it: picture, question, answer box, and nothing else."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QWidget

from app.actions import ActionTable
from app.canvas import Display, PictureCanvas, PictureSource
from app.canvas.feed import Ask
from app.presenters.solve import Question, SolvePresenter
from app.views.solve.panel import QuestionPanel
from app.views.solve.reasons import ReasonsPopup
from app.views.solve.recent import RecentPopup
from app.views.solve.strip import Strip
from app.views.solve.words import HOLDS, duration_words
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.panel import EmptyState, Ground
from hopchain_core.blind import BlindItem, Given, Hold, Progress

NARROW_PX = 1200
"""Below this width the panel gives way. Chosen."""
_TOUCHES = (QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel)


class Sitting(Ground):
    """Shows what a `SolvePresenter` says.

    Args:
        actions: What the buttons do.
        ask: Runs slow work, for the canvas.
        space: Whose actions the buttons are.
    """

    left = Signal()
    """The person leaves."""

    what_next = ""
    """Said once all is answered."""

    def __init__(self, actions: ActionTable, ask: Ask, space: str, parent: QWidget | None = None) -> None:
        super().__init__("window", parent=parent)
        self._presenter: SolvePresenter | None = None
        self._is_watching = False
        self.strip = Strip(actions, space)
        self.canvas = PictureCanvas(ask)
        self.canvas.set_display(Display(has_outlines=False, has_names=False))
        self.canvas.set_opacity(0.0)
        self.panel = QuestionPanel(actions, space)
        self.pause = EmptyState("", "", icon="check", action=self._made_button())
        self._question: Question | None = None
        work = QWidget()
        row = QHBoxLayout(work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.canvas, 1)
        row.addWidget(self.panel)
        self._stack = QStackedWidget()
        self._stack.addWidget(work)
        self._stack.addWidget(self.pause)
        self._work = work
        self.box.addWidget(self.strip)
        self.box.addWidget(self._stack, 1)
        self.strip.recent.clicked.connect(self._ask_recent)
        self.canvas.picture_shown.connect(self._let_next)
        self.canvas.failed.connect(self._let_next)

    def _made_button(self) -> Button:
        self.go_on = Button("Go on", kind=ButtonKind.PRIMARY, size_=ButtonSize.LARGE, keys="Return", shows_keys=True)
        self.go_on.clicked.connect(self._go_on)
        return self.go_on

    @property
    def question(self) -> Question | None:
        """What is shown; None while there is nothing to answer."""
        return self._question

    def show_presenter(self, presenter: SolvePresenter) -> None:
        """Shows another person's sitting."""
        self._presenter = presenter
        presenter.question_shown.connect(self._show_question)
        presenter.held.connect(self._show_hold)
        presenter.goal_reached.connect(self._show_goal)
        presenter.progressed.connect(self._show_progress)
        presenter.refused.connect(self.panel.show_refusal)
        self.panel.typed.connect(presenter.type)
        self.panel.submitted.connect(self._submit)
        # Until the first question is there, Enter must not press what happens to stand first in the strip.
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._watch(True)

    def end(self) -> None:
        """The sitting is over."""
        presenter, self._presenter = self._presenter, None
        self._watch(False)
        if presenter is not None:
            self.panel.typed.disconnect(presenter.type)
            self.panel.submitted.disconnect(self._submit)
            presenter.end()
            presenter.deleteLater()
        self._question = None
        self.canvas.set_picture(None)

    # What the actions do

    def cannot_tell(self) -> None:
        """The picture does not show it."""
        if self._presenter is not None:
            self._presenter.cannot_tell()

    def ask_reason(self) -> None:
        """Asks what is ambiguous."""
        presenter = self._presenter
        if presenter is None:
            return
        popup = ReasonsPopup(self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.chosen.connect(presenter.ambiguous)
        button = self.panel.ambiguous
        popup.open_at(button.mapToGlobal(button.rect().bottomRight()), is_right=True)

    def skip(self) -> None:
        """Later."""
        if self._presenter is not None:
            self._presenter.skip()

    def undo_last(self) -> None:
        """Takes the last answer back."""
        if self._presenter is not None:
            self._presenter.undo()

    def fit(self) -> None:
        """All of the picture."""
        self.canvas.fit()

    # What is shown

    def _submit(self) -> None:
        if self._presenter is not None and self._question is not None:
            self._presenter.submit(self.panel.field.text())

    def _go_on(self) -> None:
        presenter = self._presenter
        if presenter is None:
            return
        if self._is_over:
            self.left.emit()
        else:
            presenter.go_on()

    def _show_question(self, question: Question) -> None:
        before = self._question
        self._question = question
        item = question.item
        if before is None or before.item.path != item.path or self._stack.currentWidget() is not self._work:
            self._show_picture(item)
        else:
            self.canvas.fit()
            self._let_next()
        self.panel.show_question(question)
        self.strip.set_sitting(True)
        self._stack.setCurrentWidget(self._work)
        self.panel.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_picture(self, item: BlindItem) -> None:
        presenter = self._presenter
        if presenter is None:
            return
        self.canvas.set_picture(
            PictureSource(
                # Its name could say what is in it.
                name="The picture",
                width_px=item.width_px,
                height_px=item.height_px,
                read=lambda side: presenter.pictures.read(item, side),
                ready=presenter.pictures.ready(item),
            )
        )

    def _let_next(self, *_: object) -> None:
        """Whoever answers waits for this picture and no other, so the next one waits until it is there."""
        if self._presenter is not None and not self.canvas.feed.is_loading:
            self._presenter.pictures.go_on()

    def _show_hold(self, hold: Hold) -> None:
        text, hint = HOLDS[hold]
        if hold is Hold.NONE:
            hint = self._sum(f"{hint} {self.what_next}".strip())
        self._show_pause(text, hint, is_over=True)

    def _show_goal(self) -> None:
        progress = None if self._presenter is None else self._presenter.progress
        left = 0 if progress is None else progress.left
        self._show_pause(
            "The goal of this sitting is reached", self._sum(f"{left:,} questions are left."), is_over=False
        )

    def _show_pause(self, text: str, hint: str, *, is_over: bool) -> None:
        self._question = None
        self._is_over = is_over
        self.pause.show_text(text, hint)
        self.go_on.set_text("Leave" if is_over else "Go on")
        self._stack.setCurrentWidget(self.pause)
        self.canvas.set_picture(None)
        self.go_on.setFocus(Qt.FocusReason.OtherFocusReason)

    _is_over = False

    def _sum(self, more: str) -> str:
        presenter = self._presenter
        if presenter is None or presenter.pace_s is None:
            return more
        answered = 0 if presenter.progress is None else presenter.progress.in_sitting
        said = f"{answered:,} answered in {duration_words(presenter.spent_s)}, half of them within {duration_words(presenter.pace_s)}."
        return f"{said} {more}"

    def _show_progress(self, progress: Progress) -> None:
        presenter = self._presenter
        pace = ""
        if presenter is not None and presenter.pace_s is not None:
            goal = progress.goal
            left = progress.left if goal is None else max(0, goal - progress.in_sitting)
            pace = (
                f"About {duration_words(presenter.pace_s)} a question, {duration_words(left * presenter.pace_s)} left"
            )
        self.strip.show_progress(progress, pace)

    def _ask_recent(self) -> None:
        if self._presenter is not None:
            self._presenter.ask_recent(self._show_recent)

    def _show_recent(self, recent: tuple[tuple[Given, BlindItem], ...]) -> None:
        presenter = self._presenter
        if presenter is None:
            return
        popup = RecentPopup(recent, self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.chosen.connect(presenter.reopen)
        button = self.strip.recent
        popup.open_at(button.mapToGlobal(button.rect().bottomRight()), is_right=True)

    # Time that counts

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Sees whether somebody is there."""
        presenter = self._presenter
        if presenter is not None:
            kind = event.type()
            if kind in _TOUCHES or kind is QEvent.Type.ApplicationActivate:
                presenter.touch()
            elif kind is QEvent.Type.ApplicationDeactivate:
                presenter.pause()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.panel.set_narrow(self.width() < NARROW_PX)

    def _watch(self, is_wanted: bool) -> None:
        app = QApplication.instance()
        if app is None or is_wanted == self._is_watching:
            return
        self._is_watching = is_wanted
        if is_wanted:
            app.installEventFilter(self)
        else:
            app.removeEventFilter(self)
