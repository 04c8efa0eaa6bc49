"""What the frame does besides showing spaces: the start screen, errors, the tour, and leaving."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from app.presenters.intake import IntakeState
from app.presenters.start import StartPresenter
from app.presenters.tour import TourPresenter, TourStep
from app.studio import Studio
from app.views.errors import BugDialog, dialog_for, is_known
from app.views.frame.top_bar import TopBar
from app.views.shell_projects import Projects
from app.views.start.drop import DropVeil
from app.views.start.view import StartView
from app.views.tour import TourView
from app.widgets.shortcuts import Shortcuts
from hopchain_core.project import IngestReport, Project


class Shell(Projects):
    """Wires the frame of one window.

    Args:
        studio: What everything shares.
        window: The window.
        top_bar: Its top bar.
        shortcuts: Its keys, left alone while something lies over it.
        spaces: Ids and names of the spaces, in order.
        find_target: Finds what a step of the tour points at.
    """

    def __init__(
        self,
        studio: Studio,
        window: QWidget,
        top_bar: TopBar,
        shortcuts: Shortcuts,
        spaces: Sequence[tuple[str, str]],
        find_target: Callable[[TourStep], QWidget | None],
    ) -> None:
        super().__init__(studio, window)
        self._top_bar = top_bar
        self._shortcuts = shortcuts
        self._find_target = find_target
        self._may_close = False
        self._bug: BugDialog | None = None
        self._told: set[str] = set()
        self.start = StartView()
        self.starting = StartPresenter(studio, self)
        self.tour = TourView(window)
        self.touring = TourPresenter(studio, dict(spaces).__contains__, is_sample=self.is_sample, parent=self)
        self.drop_veil = DropVeil(window, lambda: not self.is_busy())
        self._connect_start()
        self._connect_tour()
        studio.error_asked.connect(self.show_error)
        studio.actions.changed.connect(self._tell_keys)

    # Leaving

    def guard_close(self) -> bool:
        """Whether the window may close now; asks first while something goes on."""
        if self._may_close or not (self._studio.runs.is_running or self.is_busy()):
            return True
        self.when_idle("Close the studio", self.close_window)
        return False

    def close_window(self) -> None:
        """Closes the window without asking; for when nobody is there to answer."""
        self._may_close = True
        self._window.close()

    # What lies over the window

    def show_error(self, error: BaseException) -> None:
        """Shows an error in plain words, or a bug as a report; bugs that follow join the report that is open."""
        if self._bug is not None and not is_known(error):
            self._bug.add(error)
            return
        words = f"{type(error).__name__} {error}"
        if words in self._told:
            # A damaged file or a full disk fails at every turn; it is said once at a time.
            return
        dialog = dialog_for(error, self._window)
        if isinstance(dialog, BugDialog):
            self._bug = dialog
            dialog.finished.connect(self._forget_bug)
        else:
            self._told.add(words)
            dialog.finished.connect(lambda _: self._told.discard(words))
        dialog.open()

    def start_tour(self) -> None:
        """Begins the tour, on the sample project when no project is open."""
        if self._studio.project is None:
            self._studio.settings.set("tour_offered", False)
            self.make_sample()
        else:
            self.touring.start()

    # Wiring

    def _connect_start(self) -> None:
        view, starting, intake = self.start, self.starting, self.intake
        view.entered.connect(starting.refresh)
        view.sample_asked.connect(self.make_sample)
        view.new_asked.connect(self.ask_new)
        view.open_asked.connect(self.ask_open)
        view.recent_chosen.connect(starting.open)
        view.recent_forgotten.connect(starting.forget)
        view.making_cancelled.connect(intake.cancel)
        starting.recent_changed.connect(view.show_recent)
        starting.detail_found.connect(view.show_detail)
        intake.changed.connect(self._show_making)
        intake.made.connect(self._take_made)
        intake.added.connect(self._take_added)
        intake.stopped.connect(lambda: self._studio.toast("Stopped. Nothing was kept."))
        intake.failed.connect(self._studio.show_error)

    def _connect_tour(self) -> None:
        self.tour.forward.connect(self.touring.forward)
        self.tour.back.connect(self.touring.back)
        self.tour.left.connect(self.touring.stop)
        self.touring.step_changed.connect(self._show_step)
        self.touring.ended.connect(self._end_tour)
        self._studio.project_changed.connect(self.touring.stop)

    def _show_step(self, step: TourStep, index: int, count: int) -> None:
        self._shortcuts.suspend(True)
        self.tour.show_step(step, index, count, partial(self._find_target, step))

    def _end_tour(self) -> None:
        self.tour.finish()
        self._shortcuts.suspend(False)

    def _tell_keys(self) -> None:
        first = self._studio.actions.first_key
        self.start.show_keys({name: first(f"project.{name}") for name in ("sample", "new", "open")})

    def _show_making(self, state: IntakeState | None) -> None:
        self.start.show_making(state)
        self._top_bar.show_making(state.title if state is not None else "", _share(state))
        self._studio.actions.refresh()

    def _take_made(self, project: Project, report: IngestReport | None) -> None:
        self._studio.take_project(project)
        if report is not None:
            self.tell_report(report)
        elif not self._studio.settings.get("tour_offered", False):
            self._studio.settings.set("tour_offered", True)
            self.touring.start()

    def _take_added(self, report: IngestReport) -> None:
        if report.is_complete or report.taken:
            self.tell_report(report)

    def _forget_bug(self, _: int) -> None:
        self._bug = None


def _share(state: IntakeState | None) -> float:
    return state.done / state.total if state is not None and state.total else 0.0
