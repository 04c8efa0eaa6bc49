"""The window: rail, top bar, status bar, and the spaces in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QByteArray, QChildEvent, QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.canvas import PictureCanvas
from app.presenters.tour import TourStep
from app.studio import START, Studio, Toast
from app.views.frame.rail import Rail
from app.views.frame.spaces import Spaces, SpaceSpec
from app.views.frame.status_bar import StatusBar
from app.views.frame.top_bar import TopBar
from app.widgets.dressing import Dressing
from app.widgets.focus import FocusRing
from app.widgets.shortcuts import Shortcuts
from app.widgets.space import SpaceView
from app.widgets.toast import ToastBar
from hopchain_core.project import StepPlaces

APP_NAME = "HopChain Studio"
_FRAME_PX = QSize(16, 48)
"""Room for what a window manager puts around a window; it says how much only when the window is up. A choice."""


class MainWindow(QMainWindow):
    """Shows what `studio` says.

    Args:
        studio: What everything shares.
        spaces: In the order of the rail; the first is where a project opens.
        start: The space without a project.
        others: Spaces that are not on the rail.

    Attributes:
        shows_in_turns: A space that is gone to before it was built is built in several turns of the loop and shown then;
            otherwise at once.
    """

    closing = Signal()
    """The window has been closed for good."""

    def __init__(self, studio: Studio, spaces: Sequence[SpaceSpec], start: SpaceSpec, *others: SpaceSpec) -> None:
        super().__init__()
        self._studio = studio
        self._specs = {spec.id: spec for spec in (start, *spaces, *others)}
        self._order = [spec.id for spec in spaces]
        self._spaces = Spaces(studio, tuple(self._specs.values()), self._place, self._finish, self)
        self.shows_in_turns = False
        self._shown = ""
        self._needs_screen = False
        self._may_close: Callable[[], bool] = lambda: True
        self._begins_in: Callable[[], str] = str
        self.setWindowTitle(APP_NAME)
        self.setMinimumSize(960, 600)
        self.resize(1600, 1000)
        self.setAcceptDrops(True)

        self.top_bar = TopBar(studio.actions)
        self.rail = Rail(studio.actions)
        self.stack = QStackedWidget()
        self.stack.setProperty("rings", False)
        self.status_bar = StatusBar(studio.actions)
        self.setCentralWidget(self._laid_out())
        self._dressing = Dressing(self, studio.theme, self._parts)
        # The keyboard begins here and not in the first part of the top bar.
        self.stack.setFocus()
        self.toasts = ToastBar(self, self.top_bar, self.top_bar.at_right)
        self.shortcuts = Shortcuts(self, studio.actions)
        self._ring = FocusRing(self)
        for spec in spaces:
            self.rail.add(spec.id, spec.title, spec.icon)

        self.rail.chosen.connect(lambda space: studio.go(space))
        studio.went.connect(self._go)
        studio.project_changed.connect(self._take_project)
        studio.toast_asked.connect(self._show_toast)
        studio.undo_changed.connect(self._show_undo)
        studio.set_sight(self._is_in_sight)
        studio.theme.motion_changed.connect(self._set_reduced_motion)
        studio.runs.changed.connect(self.top_bar.runs.show_state)
        studio.bridge.changed.connect(self._ask_badges)
        studio.bridge.saving.connect(self._show_saving)
        self.status_bar.keys_asked.connect(lambda: studio.actions.trigger("app.keys"))
        self.top_bar.palette_asked.connect(lambda: studio.actions.trigger("app.palette"))
        self.top_bar.pipeline_asked.connect(lambda: studio.go("pipeline"))
        self._show_undo()

    # For the composition and for tests

    def space(self, space: str) -> QWidget | None:
        """A space's widget, once it has been shown."""
        return self._spaces.get(space)

    def space_ids(self) -> list[str]:
        """The spaces on the rail, in order."""
        return list(self._order)

    def title_of(self, space: str) -> str:
        """A space's name."""
        return self._specs[space].title

    def tour_target(self, step: TourStep) -> QWidget | None:
        """What a step of the tour points at: what it names, or the whole space when it has no such part."""
        for name in step.target:
            found: object = self if name.startswith("window.") else self._spaces.get(self._shown)
            for part in name.removeprefix("window.").split("."):
                found = getattr(found, part, None)
            if isinstance(found, QWidget) and found.isVisibleTo(self):
                return found
        return self._spaces.get(self._shown) if step.target else None

    def set_close_guard(self, guard: Callable[[], bool]) -> None:
        """Asks before the window closes; False keeps it open."""
        self._may_close = guard

    def set_beginning(self, begins_in: Callable[[], str]) -> None:
        """Asks in which space the project at hand opens; the first of the rail for none that is there."""
        self._begins_in = begins_in

    def restore(self, state: Mapping[str, Any]) -> None:
        """Takes what `saved_state` gave."""
        geometry = state.get("geometry")
        if isinstance(geometry, str):
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
        else:
            # What stands in the settings fits already: Qt sees to it. A small or an enlarged screen is met here.
            room = self.screen().availableSize() - _FRAME_PX
            self._needs_screen = self.width() > room.width() or self.height() > room.height()
            self.resize(self.size().boundedTo(room))

    def come_up(self) -> None:
        """Shows the window; over the whole screen the first time where it would not fit in otherwise."""
        if self._needs_screen:
            self.showMaximized()
        else:
            self.show()

    def saved_state(self) -> dict[str, Any]:
        """Size and place, as plain JSON."""
        return {"geometry": bytes(self.saveGeometry().toBase64().data()).decode()}

    # Spaces

    def _go(self, space: str, where: Mapping[str, Any]) -> None:
        if space not in self._specs:
            return
        if self.shows_in_turns and self._shown and self._spaces.get(space) is None:
            # The space before stays in sight until this one is there.
            self._spaces.when_whole(space, lambda: self._arrive(space, where))
        else:
            self._arrive(space, where)

    def _arrive(self, space: str, where: Mapping[str, Any]) -> None:
        self._spaces.stop_waiting()
        spec = self._specs[space]
        if self._shown and self._shown != space and isinstance(old := self._spaces.get(self._shown), SpaceView):
            old.leave()
        self._shown = space
        widget = self._spaces.whole(space)
        # It may have been out of sight when the theme changed.
        self._dressing.dress(widget)
        if self.stack.indexOf(widget) < 0:
            self.stack.addWidget(widget)
        self.stack.setCurrentWidget(widget)
        self.rail.show_space(space)
        self.status_bar.show_place("")
        self.top_bar.show_where(spec.title if spec.is_on_rail else "")
        self._show_frame(spec, is_focused=False)
        if isinstance(widget, SpaceView):
            widget.enter(where)
        self._studio.actions.refresh()

    def build_rest(self) -> None:
        """Builds the spaces that were not shown yet, a part in each turn while nothing else waits.

        Only then the table holds their actions too, for the palette, the `?` sheet and the shortcut editor.
        """
        if self.build_part():
            QTimer.singleShot(0, self, self.build_rest)

    def build_part(self) -> bool:
        """Builds a part of a space that was not shown yet; False once there is no more of them."""
        return self._spaces.make_part()

    def _place(self, space: str, widget: QWidget) -> None:
        # Before it is dressed: what is dressed already is dressed again when it gets another parent. It joins the others
        # when it is shown: with each that joins all of the window is laid out and painted.
        widget.setParent(self.stack)
        widget.hide()

    def _finish(self, space: str, widget: QWidget) -> None:
        self._dressing.dress(widget)
        if isinstance(widget, SpaceView):
            widget.status_changed.connect(lambda text: self._show_place(space, text))
            widget.focus_asked.connect(lambda is_focused: self._take_focus(space, is_focused))
        self._set_reduced_motion()

    def _is_in_sight(self, places: StepPlaces) -> bool:
        widget = self._spaces.get(self._shown)
        return isinstance(widget, SpaceView) and widget.shows(places)

    def _take_focus(self, space: str, is_focused: bool) -> None:
        if space == self._shown:
            self._show_frame(self._specs[space], is_focused=is_focused)

    def _show_frame(self, spec: SpaceSpec, *, is_focused: bool) -> None:
        self.top_bar.setVisible(not is_focused)
        self.rail.setVisible(spec.is_on_rail and not is_focused)
        self.status_bar.setVisible(spec.is_on_rail and not is_focused)

    def _set_reduced_motion(self) -> None:
        for canvas in self.stack.findChildren(PictureCanvas):
            canvas.set_reduced_motion(self._studio.theme.has_reduced_motion)

    def _take_project(self) -> None:
        project = self._studio.project
        if self._shown and isinstance(old := self._spaces.get(self._shown), SpaceView):
            old.leave()
        # The start screen stays in sight until the first space is there.
        self._shown = START if self._shown == START and project is not None else ""
        for space, widget in self._spaces.clear():
            # Their actions belong to what is gone.
            actions = self._studio.actions
            actions.remove([spec.id for spec in actions.specs() if spec.space == space])
            self.stack.removeWidget(widget)
            widget.deleteLater()
        name = project.path.stem if project is not None else ""
        self.top_bar.show_project(name)
        self.setWindowTitle(f"{name} – {APP_NAME}" if name else APP_NAME)
        self.status_bar.show_saved(is_saving=False, is_read_only=project is not None and self._studio.is_read_only)
        self._show_undo()
        self._ask_badges(frozenset(), None)
        if project is None or not self._order:
            self._studio.go(START)
        else:
            wanted = self._begins_in()
            self._studio.go(wanted if wanted in self._order else self._order[0])

    # What is shown

    def _show_place(self, space: str, text: str) -> None:
        if space == self._shown:
            self.status_bar.show_place(text)

    def _show_toast(self, toast: Toast) -> None:
        if not toast.text:
            self.toasts.hide()
            return
        self.toasts.show_toast(toast.text, toast.kind, toast.action, toast.run)

    def _show_undo(self) -> None:
        self.status_bar.show_undo(self._studio.undo_texts[0])

    def _show_saving(self, is_saving: bool) -> None:
        self.status_bar.show_saved(is_saving=is_saving, is_read_only=self._studio.is_read_only)

    def _ask_badges(self, tables: frozenset[str], by: object) -> None:
        for spec in self._specs.values():
            if spec.badge is None or (tables and spec.badge_tables and not tables & spec.badge_tables):
                continue
            item = self.rail.item(spec.id)
            if self._studio.project is None:
                item.show_badge(0)
            else:
                self._studio.bridge.read(spec.badge, item.show_badge, key=("badge", spec.id))

    # The window itself

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_close():
            event.ignore()
            return
        self._studio.settings.set("window", self.saved_state())
        event.accept()
        self.closing.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            _take_a_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            _take_a_copy(event)
            self._studio.dropped.emit(tuple(paths))

    def childEvent(self, event: QChildEvent) -> None:
        # Dialogs, menus and what lies over the window: they are about to be shown.
        super().childEvent(event)
        child = event.child()
        if event.polished() and isinstance(child, QWidget) and child is not self.centralWidget():
            self._dressing.dress(child)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.update()

    def _parts(self) -> Iterator[QWidget]:
        yield from (self.top_bar, self.rail, self.status_bar, *self._spaces.all())
        for child in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if child is not self.centralWidget():
                yield child

    def _laid_out(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self.stack, 1)
        column.addWidget(self.top_bar)
        column.addLayout(row, 1)
        column.addWidget(self.status_bar)
        return whole


def _take_a_copy(event: QDropEvent) -> None:
    """Accepts what is dragged; files stay where they are, though a file manager may propose to move them here."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
