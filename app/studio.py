"""What the whole window shares: the open project, its threads, actions, theme, and where the person is."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.actions import ActionTable
from app.bridge import Bridge
from app.running import Runs, Tasks
from app.settings import Settings
from hopchain_core.errors import KnownError, StaleUndoError
from hopchain_core.project import Project, StepPlaces

if TYPE_CHECKING:
    from app.style.theme import Theme

START = "start"
"""The space that is shown while no project is open."""
PACKET = "packet"
"""The space where a packet is answered, with a project open or without."""
PACKET_ENDING = ".hopchain-packet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """A passing word at the foot of the window.

    Attributes:
        text: One sentence.
        kind: neutral, ok, warn or bad.
        action: Text of a button in it; empty for none.
        run: What the button does.
    """

    text: str
    kind: str = "neutral"
    action: str = ""
    run: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    """What undo or redo did, and where."""

    text: str | None = None
    places: StepPlaces = field(default_factory=StepPlaces)


class Studio(QObject):
    """Passed to every space, presenter and view. It knows no widgets: it says what happened, and the window shows it.

    Attributes:
        bridge: Questions, edits, changes and run events.
        actions: The table of actions.
        theme: Light or dark.
        settings: What is remembered of the person.
        runs: Starts and cancels stages.
        tasks: Coroutines of the window.
    """

    project_changed = Signal()
    """Another project is open, or none."""
    leaving = Signal()
    """The open project is about to be closed, or the studio: what is not on its way to the disk yet goes now."""
    went = Signal(str, object)
    """(space id, dict): the person goes to a space, and where in it."""
    toast_asked = Signal(object)
    """A `Toast` to show."""
    error_asked = Signal(object)
    """An exception to show: a KnownError in plain words, anything else as a report."""
    undo_changed = Signal()
    """What undo and redo would do is another now."""
    dropped = Signal(object)
    """A tuple of paths that a person dropped onto the window."""
    open_failed = Signal(object, object)
    """(path, exception): a project could not be opened; the present one stays open."""
    opening = Signal(str)
    """A project is being opened, by its name; empty once that is over."""

    def __init__(
        self,
        *,
        bridge: Bridge,
        actions: ActionTable,
        theme: Theme,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self.actions = actions
        self.theme = theme
        self.settings = settings
        self.tasks = Tasks(self)
        self.runs = Runs(bridge, self.tasks, self)
        self._space = START
        self._when_idle: Callable[[str, Callable[[], object]], object] = lambda _, then: then()
        self._undo_texts: tuple[str | None, str | None] = (None, None)
        self._shows: Callable[[StepPlaces], bool] = lambda _: False
        self._undo_here: Callable[[], object] | None = None
        bridge.failed.connect(self.show_error)
        actions.failed.connect(self.show_error)
        self.tasks.failed.connect(self.show_error)
        self.runs.failed.connect(self.show_error)
        bridge.changed.connect(self._take_change)

    # The project

    @property
    def project(self) -> Project | None:
        """The open project."""
        return self.bridge.project

    def need_project(self) -> Project:
        """The open project.

        Raises:
            KnownError: None is open.
        """
        if self.bridge.project is None:
            raise KnownError("No project is open.", hint="Open one first.")
        return self.bridge.project

    @property
    def is_read_only(self) -> bool:
        """Nothing can be changed: the project is open for reading only, or none is open."""
        return self.project is None or self.project.file.is_read_only

    @property
    def person(self) -> str:
        """Who sits here."""
        return self.settings.person

    def open_project(self, path: Path, then: Callable[[], object] | None = None, *, read_only: bool = False) -> None:
        """Opens a project in place of the present one; `open_failed` tells of errors, which leave the present one open.

        Args:
            path: Its file.
            then: Called once it is open.
            read_only: Nothing can be changed, and whoever holds it for writing is left alone.
        """
        path = Path(path).absolute()
        if path.suffix.lower() == PACKET_ENDING:
            self.go(PACKET, path=path)
            return
        if self.project is not None and self.project.path == path:
            if then is not None:
                then()
            return

        def take(project: Project) -> None:
            self.opening.emit("")
            self.take_project(project)
            if then is not None:
                then()

        def fail(error: Exception) -> None:
            self.opening.emit("")
            self.open_failed.emit(path, error)

        def begin() -> None:
            self.opening.emit(path.name)
            # No key: closing what is open must not make this void.
            self.bridge.ask(lambda: Project.open(path, read_only=read_only), take, failed=fail)

        self._when_idle("Open another project", begin)

    def set_guard(self, when_idle: Callable[[str, Callable[[], object]], object]) -> None:
        """Before another project is opened: gets what is about to happen, and calls it once nothing is going on."""
        self._when_idle = when_idle

    def take_project(self, project: Project) -> None:
        """Puts a project that is open already in place of the present one, which is closed."""
        self._leave()
        self.bridge.attach(project)
        self.settings.add_recent(project.path)
        self.project_changed.emit()
        self._ask_undo()

    def close_project(self) -> None:
        """Closes the project; the start screen comes."""
        if self.project is not None:
            self._leave()
            self.project_changed.emit()

    # Where the person is

    @property
    def space(self) -> str:
        """Id of the space shown."""
        return self._space

    def go(self, space: str, **where: Any) -> None:
        """Shows a space, and in it what `where` says: for example ``go("chains", chain=key, hop=2)``."""
        self._space = space
        self.actions.enter(space, has_project=self.project is not None)
        self.went.emit(space, where)

    # Undo

    def undo(self) -> None:
        """Takes back the last thing that a person did in this project, or what a space makes of it meanwhile."""
        if self._undo_here is not None:
            self._undo_here()
            return
        project = self.need_project()

        def step() -> _Step:
            text = project.undo(by=self)
            return _Step(text, project.undo_places()[1]) if text is not None else _Step()

        self._step(step, "Undone", "There is nothing to undo.", "Redo", self.redo, stuck=self.leave_out)

    def leave_out(self) -> None:
        """Leaves out a step that cannot be taken back, so that those before it can be."""
        project = self.need_project()
        self.bridge.edit(
            lambda: project.leave_out(by=self),
            lambda text: self.toast(f"Left as it is: {_lower_first(text)}" if text else "There is nothing to undo."),
            failed=self.show_error,
        )

    def set_undo_here(self, undo: Callable[[], object] | None) -> None:
        """While a space has its own way back, such as to the question answered last: called in place of an undo."""
        self._undo_here = undo

    @property
    def has_undo_here(self) -> bool:
        """A space has its own way back at the moment."""
        return self._undo_here is not None

    def redo(self) -> None:
        """Does again what was taken back last."""
        project = self.need_project()

        def step() -> _Step:
            text = project.redo(by=self)
            return _Step(text, project.undo_places()[0]) if text is not None else _Step()

        self._step(step, "Done again", "There is nothing to do again.", "Undo", self.undo)

    def set_sight(self, shows: Callable[[StepPlaces], bool]) -> None:
        """Tells of a place whether it is on the screen; what is undone elsewhere is offered to be shown."""
        self._shows = shows

    @property
    def undo_texts(self) -> tuple[str | None, str | None]:
        """What undo and redo would do; None for nothing."""
        return self._undo_texts

    # Words to the person

    def toast(
        self, text: str, kind: str = "neutral", *, action: str = "", run: Callable[[], object] | None = None
    ) -> None:
        """Shows a passing word; see `Toast`. An empty text takes the last one away."""
        self.toast_asked.emit(Toast(text=text, kind=kind, action=action, run=run))

    def show_error(self, error: BaseException) -> None:
        """Shows an error in plain words, or as a report when it is a bug."""
        self.error_asked.emit(error)

    def spawn(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """Begins a coroutine on the window's loop; what it raises is shown."""
        self.tasks.spawn(coroutine)

    def close(self) -> None:
        """Closes the project and ends the threads. No run may go on."""
        self._leave()
        self.bridge.close()

    def _leave(self) -> None:
        self.leaving.emit()
        project = self.project
        if project is not None:
            self.bridge.finish_edits()
            self.bridge.attach(None)
            project.close()
            self._take_undo((None, None))

    def _step(
        self,
        step: Callable[[], _Step],
        done: str,
        nothing: str,
        back: str,
        go_back: Callable[[], object],
        stuck: Callable[[], object] | None = None,
    ) -> None:
        def tell(stepped: _Step) -> None:
            if stepped.text is None:
                self.toast(nothing)
                return
            said = f"{done}: {_lower_first(stepped.text)}"
            places, go = stepped.places, self._way_to(stepped.places)
            if go is None or self._shows(places):
                self.toast(said, action=back, run=go_back)
            else:
                self.toast(
                    f"{said}, {'in another chain' if places.chains else 'on another picture'}", action="Show", run=go
                )

        def fail(error: Exception) -> None:
            if isinstance(error, StaleUndoError):
                self.toast(str(error), "warn", action="Leave it out" if stuck is not None else "", run=stuck)
            else:
                self.show_error(error)

        self.bridge.edit(step, tell, failed=fail)

    def _way_to(self, places: StepPlaces) -> Callable[[], object] | None:
        """Leads to where a step was; None when it was in several places, or nowhere that can be shown."""
        if len(places.chains) == 1 and self.actions.has("go.chains"):
            return lambda: self.go("chains", chain=places.chains[0])
        if not places.chains and len(places.images) == 1 and self.actions.has("go.instances"):
            return lambda: self.go("instances", image=places.images[0])
        return None

    def _take_change(self, tables: frozenset[str], by: object) -> None:
        self._ask_undo()
        self.actions.refresh()

    def _ask_undo(self) -> None:
        project = self.project
        if project is not None:
            self.bridge.ask(project.undo_texts, self._take_undo, key="undo-texts")

    def _take_undo(self, texts: tuple[str | None, str | None]) -> None:
        if texts != self._undo_texts:
            self._undo_texts = texts
            self.undo_changed.emit()
            self.actions.refresh()


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
