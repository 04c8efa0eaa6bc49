"""Projects as a person begins, opens, adds to and leaves them: the dialogs around it, and what may go wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.presenters.detect import PROJECT_ENDING, Dropped, Found, look_into, recognise
from app.presenters.intake import SAMPLE_NAME, Intake, Source
from app.presenters.packets import PacketsPresenter
from app.studio import PACKET_ENDING, START, Studio
from app.views.errors import OpenErrorDialog
from app.views.library.refused import RefusedDialog
from app.views.start.new_project import NewProjectDialog
from app.widgets.button import ButtonKind
from app.widgets.dialog import Dialog
from hopchain_core.errors import KnownError, ProjectError
from hopchain_core.project import IngestReport, RefusedFile


class Projects(QObject):
    """Opens and makes projects for one window.

    Args:
        studio: What everything shares.
        window: The window, over which dialogs open.
    """

    def __init__(self, studio: Studio, window: QWidget) -> None:
        super().__init__(window)
        self._studio = studio
        self._window = window
        self.intake = Intake(studio.bridge, studio.tasks, self)
        self.packets = PacketsPresenter(studio, self)
        studio.dropped.connect(self.take_dropped)
        studio.set_guard(self.when_idle)
        studio.opening.connect(self._show_opening)
        studio.open_failed.connect(self.show_open_error)

    def is_busy(self) -> bool:
        """Whether a project is being made or pictures are being added."""
        return self.intake.state is not None

    def is_sample(self) -> bool:
        """Whether the open project is the sample."""
        return self._studio.project is not None and self._studio.project.path == sample_path()

    # Opening

    def ask_open(self) -> None:
        """Asks which project to open."""
        dialog = QFileDialog(self._window, "Open a project", str(self._near()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([f"HopChain projects and packets (*{PROJECT_ENDING} *{PACKET_ENDING})", "All files (*)"])
        dialog.fileSelected.connect(lambda text: self._studio.open_project(Path(text)))
        dialog.open()

    def open_read_only(self, path: Path) -> None:
        """Opens a project that someone else may be writing to."""
        self._studio.open_project(
            path,
            lambda: self._studio.toast("Open for reading only: nothing can be changed."),
            read_only=True,
        )

    def show_open_error(self, path: Path, error: Exception) -> None:
        """Says why a project could not be opened, and offers what can be done about it."""
        if not isinstance(error, (ProjectError, OSError)):
            self._studio.show_error(error)
            return
        dialog = OpenErrorDialog(path, error, is_recent=path in self._studio.settings.recent(), parent=self._window)
        dialog.read_only_asked.connect(partial(self.open_read_only, path))
        dialog.other_asked.connect(self.ask_open)
        dialog.backup_asked.connect(self._studio.open_project)
        dialog.forget_asked.connect(partial(self._forget, path))
        dialog.open()

    # Making

    def ask_new(self, start: Path | None = None) -> None:
        """Asks which pictures to make a project of.

        Args:
            start: A folder or an annotation file to begin with.
        """
        self._show_new(NewProjectDialog(parent=self._window), start)

    def ask_add(self, start: Path | None = None) -> None:
        """Asks which pictures to add to the open project."""
        project = self._studio.need_project()
        self._show_new(NewProjectDialog(project.path.stem, self._window), start)

    def make_sample(self) -> None:
        """Makes the sample project, or opens it where it is there already."""
        if self.is_busy():
            return
        if self.is_sample():
            self._studio.go("library")
            return
        # Rendering wants the start screen: it shows how far it is, and lets one stop.
        self.when_idle("Make the sample project", self._make_sample)

    def take_dropped(self, paths: tuple[str, ...]) -> None:
        """Opens a dropped project, or makes one of dropped pictures. What was dropped is looked at first."""
        if self.is_busy():
            self._studio.toast("Something is being made; drop it again when that is done.", "warn")
            return
        dropped = [Path(path) for path in paths]
        self._studio.bridge.ask(
            partial(recognise, dropped), self._take_recognised, key="dropped", failed=self._studio.show_error
        )

    def close_project(self) -> None:
        """Closes the project; asks first while stages run."""
        self.when_idle("Close the project", self._studio.close_project)

    def show_folder(self) -> None:
        """Shows the project's folder in the file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._studio.need_project().folder)))

    def when_idle(self, title: str, then: Callable[[], object]) -> None:
        """Does something at once, or after asking and stopping what goes on."""
        if not (self._studio.runs.is_running or self.is_busy()):
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

    async def stop(self) -> None:
        """Stops runs and what is being made; returns when both have ended."""
        self._studio.runs.cancel()
        self.intake.cancel()
        await self._studio.runs.wait()
        await self.intake.wait()

    def tell_report(self, report: IngestReport) -> None:
        """Says what has become of pictures that were taken in."""
        taken = "1 picture" if report.taken == 1 else f"{report.taken:,} pictures"
        parts = [f"{taken} taken in"]
        if report.already_there or report.duplicates:
            parts.append(f"{report.already_there + report.duplicates:,} there already")
        if report.refused:
            parts.append(f"{len(report.refused):,} refused")
        said = ", ".join(parts) + "."
        if report.refused:
            self._studio.toast(said, "warn", action="Show the files", run=self.show_refused)
        else:
            self._studio.toast(said, "ok", action="Run the stages", run=partial(self._studio.go, "pipeline"))

    def show_refused(self) -> None:
        """Shows which files were not taken in, and why."""

        def show(files: tuple[RefusedFile, ...]) -> None:
            RefusedDialog(files, self._window).open()

        self._studio.bridge.read(lambda read: read.refused_files(), show, key="refused files")

    # Steps of it

    def _make_sample(self) -> None:
        self._studio.close_project()
        self.intake.make_sample(sample_path().parent)

    async def _stop_then(self, then: Callable[[], object]) -> None:
        await self.stop()
        then()

    def _take_recognised(self, dropped: Dropped) -> None:
        if dropped.packets:
            self._take_packets(dropped.packets)
            return
        if dropped.start is None:
            if dropped.project is not None:
                self._studio.open_project(dropped.project)
        elif dropped.project is not None and self._studio.project is None:
            self._studio.open_project(dropped.project)
        elif self._studio.project is not None and not self._studio.is_read_only:
            self._ask_what_to_do(dropped)
        else:
            self.ask_new(dropped.start)

    def _take_packets(self, packets: tuple[Path, ...]) -> None:
        if self._studio.project is None or self._studio.is_read_only:
            self._studio.open_project(packets[0])
            return
        name = packets[0].name if len(packets) == 1 else f"{len(packets)} packets"
        dialog = Dialog(name, "What shall become of it?", parent=self._window)
        dialog.add_button("Cancel", is_left=True)
        if len(packets) == 1:
            dialog.add_button("Answer it").clicked.connect(partial(self._studio.open_project, packets[0]))
        takes = dialog.add_button(
            "Take its answers back" if len(packets) == 1 else "Take their answers back", ButtonKind.PRIMARY
        )
        takes.clicked.connect(partial(self.packets.merge, packets))
        dialog.open()

    def _ask_what_to_do(self, dropped: Dropped) -> None:
        name = self._studio.need_project().path.stem
        start, project = dropped.start, dropped.project
        assert start is not None
        dialog = Dialog(f"Pictures of {start.name}", "What shall become of them?", parent=self._window)
        dialog.add_button("Cancel", is_left=True)
        if project is not None and project != self._studio.need_project().path:
            opens = dialog.add_button(f"Open {project.stem}")
            opens.clicked.connect(lambda: self._studio.open_project(project))
        dialog.add_button("New project…").clicked.connect(partial(self.ask_new, start))
        dialog.add_button(f"Add to {name}…", ButtonKind.PRIMARY).clicked.connect(partial(self.ask_add, start))
        dialog.open()

    def _show_new(self, dialog: NewProjectDialog, start: Path | None) -> None:
        def look(path: Path) -> None:
            def fail(error: Exception) -> None:
                why = error.line if isinstance(error, KnownError) else f"{path.name} cannot be read."
                if dialog.is_open:
                    dialog.show_not_found(path, why)

            def show(found: Found) -> None:
                if dialog.is_open:
                    dialog.show_found(path, found)

            self._studio.bridge.ask(partial(look_into, path), show, key="look-into", failed=fail)

        dialog.look_asked.connect(look)
        dialog.made.connect(self._make)
        if start is not None:
            dialog.begin_with(start)
        dialog.open()

    def _make(self, file: Path | None, source: Source) -> None:
        if file is None:
            self.intake.add_pictures(self._studio.need_project(), source)
        else:
            self.when_idle("Make another project", partial(self._make_project, file, source))

    def _make_project(self, file: Path, source: Source) -> None:
        self._studio.close_project()
        self.intake.make_project(file, source)

    def _forget(self, path: Path) -> None:
        self._studio.settings.forget_recent(path)
        if self._studio.project is None:
            self._studio.go(START)

    def _show_opening(self, name: str) -> None:
        if name:
            self._studio.toast(f"Opening {name}…")
        else:
            self._studio.toast("")

    def _near(self) -> Path:
        recent = self._studio.settings.recent()
        return recent[0].parent if recent and recent[0].parent.is_dir() else Path.home()


def sample_path() -> Path:
    """Where the sample project lies."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    folder = (Path(documents) if documents else Path.home()) / "HopChain sample"
    return folder / f"{SAMPLE_NAME}{PROJECT_ENDING}"
