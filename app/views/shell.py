"""What the frame does besides showing spaces: projects, the start screen, errors and the tour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.presenters.detect import Found, look_into
from app.presenters.intake import SAMPLE_NAME, Intake, IntakeState, Source
from app.presenters.start import StartPresenter
from app.presenters.tour import TourPresenter, TourStep
from app.studio import Studio
from app.views.errors import dialog_for
from app.views.frame.top_bar import TopBar
from app.views.start.new_project import NewProjectDialog
from app.views.start.view import StartView
from app.views.tour import TourView
from app.widgets.button import ButtonKind
from app.widgets.dialog import Dialog
from app.widgets.shortcuts import Shortcuts
from hopchain_core.project import IngestReport, Project

PROJECT_ENDING = ".hopchain"


class Shell(QObject):
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
        super().__init__(window)
        self._studio = studio
        self._window = window
        self._top_bar = top_bar
        self._shortcuts = shortcuts
        self._titles = dict(spaces)
        self._find_target = find_target
        self._dropped_on: Path | None = None
        self._may_close = False
        self.start = StartView()
        self.starting = StartPresenter(studio, self)
        self.intake = Intake(studio.bridge, studio.tasks, self)
        self.tour = TourView(window)
        self.touring = TourPresenter(studio, self._titles.__contains__, parent=self)
        self._connect_start()
        self._connect_tour()
        studio.error_asked.connect(self.show_error)
        studio.dropped.connect(self.take_dropped)
        studio.opening.connect(self._show_opening)
        studio.actions.changed.connect(self._tell_keys)

    # Projects

    def ask_open(self) -> None:
        """Asks which project to open."""
        dialog = QFileDialog(self._window, "Open a project", str(self._near()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([f"HopChain projects (*{PROJECT_ENDING})", "All files (*)"])
        dialog.fileSelected.connect(lambda text: self._studio.open_project(Path(text)))
        dialog.open()

    def ask_new(self, folder: Path | None = None) -> None:
        """Asks which pictures to make a project of."""
        self._show_new(NewProjectDialog(parent=self._window), folder)

    def ask_add(self, folder: Path | None = None) -> None:
        """Asks which pictures to add to the open project."""
        project = self._studio.need_project()
        self._show_new(NewProjectDialog(project.path.stem, self._window), folder)

    def make_sample(self) -> None:
        """Makes the sample project, or opens it where it is there already."""
        folder = sample_folder()
        path = folder / f"{SAMPLE_NAME}{PROJECT_ENDING}"
        if self._studio.project is not None and self._studio.project.path == path:
            self._studio.go("library")
            return
        # Rendering wants the start screen: it shows how far it is, and lets one stop.
        self._studio.close_project()
        self.intake.make_sample(folder)

    def take_dropped(self, paths: tuple[str, ...]) -> None:
        """Opens a dropped project, or makes one of dropped pictures."""
        dropped = [Path(path) for path in paths]
        projects = [path for path in dropped if path.suffix == PROJECT_ENDING and path.is_file()]
        if projects:
            self._studio.open_project(projects[0])
            return
        folder = next((path for path in dropped if path.is_dir()), None)
        if folder is None:
            folder = dropped[0].parent if dropped and dropped[0].is_file() else None
        if folder is None:
            return
        inside = sorted(folder.glob(f"*{PROJECT_ENDING}"))
        if len(inside) == 1 and self._studio.project is None:
            self._studio.open_project(inside[0])
        elif self._studio.project is not None and not self._studio.is_read_only:
            self._ask_what_to_do(folder)
        else:
            self.ask_new(folder)

    def close_project(self) -> None:
        """Closes the project; asks first while stages run."""
        self._when_idle("Close the project", self._studio.close_project)

    def guard_close(self) -> bool:
        """Whether the window may close now; asks first while something goes on."""
        if self._may_close or not (self._studio.runs.is_running or self.intake.state is not None):
            return True
        self._when_idle("Close the studio", self._close_window)
        return False

    # What lies over the window

    def show_error(self, error: BaseException) -> None:
        """Shows an error in plain words, or a bug as a report."""
        dialog_for(error, self._window).open()

    def is_busy(self) -> bool:
        """Whether a project is being made or pictures are being added."""
        return self.intake.state is not None

    def start_tour(self) -> None:
        """Begins the tour, on the sample project when no project is open."""
        if self._studio.project is None:
            self._studio.settings.set("tour_offered", False)
            self.make_sample()
        else:
            self.touring.start()

    def show_folder(self) -> None:
        """Shows the project's folder in the file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._studio.need_project().folder)))

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
        self.tour.show_step(step, index, count, self._find_target(step))

    def _end_tour(self) -> None:
        self.tour.finish()
        self._shortcuts.suspend(False)

    def _tell_keys(self) -> None:
        first = self._studio.actions.first_key
        self.start.show_keys({name: first(f"project.{name}") for name in ("sample", "new", "open")})

    def _show_opening(self, name: str) -> None:
        if name:
            self._studio.toast(f"Opening {name}…")

    def _show_making(self, state: IntakeState | None) -> None:
        self.start.show_making(state)
        self._top_bar.show_making(state.title if state is not None else "", _share(state))
        self._studio.actions.refresh()

    def _take_made(self, project: Project, report: IngestReport | None) -> None:
        self._studio.take_project(project)
        if report is not None:
            self._tell_report(report)
        elif not self._studio.settings.get("tour_offered", False):
            self._studio.settings.set("tour_offered", True)
            self.touring.start()

    def _take_added(self, report: IngestReport) -> None:
        if report.is_complete or report.taken:
            self._tell_report(report)

    def _tell_report(self, report: IngestReport) -> None:
        taken = "1 picture" if report.taken == 1 else f"{report.taken:,} pictures"
        parts = [f"{taken} taken in"]
        if report.already_there or report.duplicates:
            parts.append(f"{report.already_there + report.duplicates:,} there already")
        if report.refused:
            parts.append(f"{len(report.refused):,} refused")
        kind = "warn" if report.refused else "ok"
        self._studio.toast(
            ", ".join(parts) + ".", kind, action="Run the stages", run=partial(self._studio.go, "pipeline")
        )

    def _show_new(self, dialog: NewProjectDialog, folder: Path | None) -> None:
        def look(path: Path) -> None:
            self._studio.bridge.ask(
                partial(look_into, path), partial(self._show_found, dialog, path), key="look-into", failed=ignore_error
            )

        dialog.look_asked.connect(look)
        dialog.made.connect(self._make)
        if folder is not None:
            dialog.set_folder(folder)
        dialog.open()

    @staticmethod
    def _show_found(dialog: NewProjectDialog, path: Path, found: Found) -> None:
        dialog.show_found(path, found)

    def _make(self, file: Path | None, source: Source) -> None:
        if file is None:
            self.intake.add_pictures(self._studio.need_project(), source)
        else:
            self._studio.close_project()
            self.intake.make_project(file, source)

    def _ask_what_to_do(self, folder: Path) -> None:
        name = self._studio.need_project().path.stem
        dialog = Dialog(f"Pictures of {folder.name}", "What shall become of them?", parent=self._window)
        dialog.add_button("Cancel", is_left=True)
        dialog.add_button("New project…").clicked.connect(partial(self.ask_new, folder))
        dialog.add_button(f"Add to {name}…", ButtonKind.PRIMARY).clicked.connect(partial(self.ask_add, folder))
        dialog.open()

    def _when_idle(self, title: str, then: Callable[[], object]) -> None:
        """Does something at once, or after asking and stopping what goes on."""
        if not (self._studio.runs.is_running or self.intake.state is not None):
            then()
            return
        dialog = Dialog(
            title,
            "Something is still going on. What has been done is on the disk; the rest can be done later.",
            parent=self._window,
        )
        dialog.add_button("Go on working")
        stop = dialog.add_button("Stop it", ButtonKind.PRIMARY)
        stop.clicked.connect(lambda: self._studio.spawn(self._stop_then(then)))
        dialog.open()

    async def _stop_then(self, then: Callable[[], object]) -> None:
        self._studio.runs.cancel()
        self.intake.cancel()
        await self._studio.runs.wait()
        await self.intake.wait()
        then()

    def _close_window(self) -> None:
        self._may_close = True
        self._window.close()

    def _near(self) -> Path:
        recent = self._studio.settings.recent()
        return recent[0].parent if recent and recent[0].parent.is_dir() else Path.home()


def sample_folder() -> Path:
    """Where the sample project lies."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return (Path(documents) if documents else Path.home()) / "HopChain sample"


def ignore_error(_: Exception) -> None:
    """A guess that could not be made is no error: the person says it."""


def _share(state: IntakeState | None) -> float:
    return state.done / state.total if state is not None and state.total else 0.0
