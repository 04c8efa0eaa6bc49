"""The space Instances: tools and canvas at the left, the list and what is selected at the right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.presenters.instance_candidates import is_candidate
from app.presenters.instance_picture import Picture
from app.presenters.instance_prompting import Prompting
from app.presenters.instance_prompts import PromptMode, PromptsPresenter
from app.presenters.instance_selection import Used
from app.presenters.instances import InstancesPresenter
from app.presenters.last_place import LastPlace
from app.studio import Studio
from app.views.instances import actions as ids
from app.views.instances.colours import DRAWN, Colours
from app.views.instances.looks_desk import LooksDesk
from app.views.instances.menus import InstanceMenus
from app.views.instances.naming_desk import NamingDesk
from app.views.instances.panel import InstancesPanel
from app.views.instances.prompt_bar import PromptBar
from app.views.instances.prompt_desk import PromptDesk
from app.views.instances.stage import InstancesStage
from app.views.instances.status_line import removed_words, status_of
from app.views.instances.tool_column import ToolColumn
from app.views.instances.tool_row import InstancesToolRow
from app.widgets.action_button import ActionButton
from app.widgets.button import ButtonKind
from app.widgets.panel import EmptyState, Line
from app.widgets.space import SpaceView
from hopchain_core.domain.geometry import Point
from hopchain_core.domain.keys import ImageKey, InstanceKey
from hopchain_core.project import ImageQuery, StepPlaces

ADD_PICTURES, PIPELINE = "project.add_pictures", "go.pipeline"
"""The frame's actions."""
_NARROW_FROM_PX = 1040
_PICTURES = "instances.pictures"
"""A space narrower than this has a narrow list. Chosen."""


class InstancesSpace(SpaceView):
    """One picture and its instances.

    ``studio.go("instances", image=key, instance=key)`` goes to a picture and selects an instance; either may be left
    out.

    Args:
        studio: What everything shares.
        query: The pictures to go through, as the library lists them now.
        prompting: Where models that are prompted come from; the person's own profiles when None.

    Attributes:
        looks: How instances are shown.
        menus: What is offered where the right button was pressed.
    """

    def __init__(
        self,
        studio: Studio,
        query: Callable[[], ImageQuery] = ImageQuery,
        prompting: Prompting | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._last = LastPlace(studio, _PICTURES)
        self.presenter = InstancesPresenter(studio.bridge, query, self._last_picture, parent=self)
        self.prompts = PromptsPresenter(studio, self.presenter, prompting or Prompting(), self)
        self._cursor: Point | None = None
        self.parts = self._build()

    def _build(self) -> Iterator[None]:
        studio = self._studio
        table = studio.actions
        self.colours = Colours(self.presenter.root)
        self.empty = EmptyState(
            "No picture yet",
            "Add a folder of pictures, or drop one here.",
            icon="image",
            action=ActionButton(table, ADD_PICTURES, ButtonKind.PRIMARY),
        )
        self.stage = InstancesStage(studio.bridge, self.colours, self.empty)
        self.canvas = self.stage.canvas
        yield
        self.bar = PromptBar(table, self.stage.hints)
        self.desk = PromptDesk(studio, self.presenter, self.prompts, self.stage, self.bar)
        yield
        self.tools = ToolColumn(table)
        self.row = InstancesToolRow(table)
        yield
        self.panel = InstancesPanel(table, self.presenter.model, self.stage, PIPELINE)
        self.list = self.panel.list
        self.inspector = self.panel.inspector
        self.looks = LooksDesk(studio, self.stage, self.row, self.panel)
        self.naming = NamingDesk(studio.settings, self.presenter, self.stage, self.list)
        self.menus = InstanceMenus(table, self.presenter, self.desk, self)
        self._lay_out()
        yield
        # Their buttons wait for them: they ask for what has been built by now.
        table.add(*ids.instances_actions(studio, self.presenter, self.prompts, self))
        yield
        self._connect()
        self.looks.restore()
        self.row.show_place(self.presenter.place)
        self.row.set_able(False)
        self.bar.set_able(False)
        self.row.show_picture("")
        is_read_only = studio.is_read_only
        self.inspector.set_read_only(is_read_only)
        self.presenter.model.set_editable(not is_read_only)

    def _last_picture(self) -> ImageKey | None:
        kept = self._last.last()
        return ImageKey(kept) if isinstance(kept, str) else None

    def enter(self, where: Mapping[str, Any]) -> None:
        self.presenter.set_active(True)
        self.presenter.enter(where.get("image"), where.get("instance"))
        (self.canvas if self.stage.has_picture else self.stage).setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell_status()

    def shows(self, places: StepPlaces) -> bool:
        picture = self.presenter.picture
        return picture is not None and not places.chains and places.images == (picture.image.key,)

    def leave(self) -> None:
        self.presenter.set_active(False)
        self.canvas.set_bare(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.panel.set_narrow(self.width() < _NARROW_FROM_PX)

    def _lay_out(self) -> None:
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.row)
        middle.addWidget(Line())
        middle.addWidget(self.stage, 1)
        middle.addWidget(Line())
        middle.addWidget(self.bar)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.tools)
        whole.addWidget(Line(is_vertical=True))
        whole.addLayout(middle, 1)
        whole.addWidget(Line(is_vertical=True))
        whole.addWidget(self.panel)

    def _connect(self) -> None:
        presenter, studio, stage, canvas, panel = self.presenter, self._studio, self.stage, self.canvas, self.panel
        presenter.picture_changed.connect(self._show_picture)
        presenter.rows_changed.connect(self._show_rows)
        presenter.selection_changed.connect(self._show_selection)
        presenter.place_changed.connect(self.row.show_place)
        presenter.place_changed.connect(lambda _: studio.actions.refresh())
        presenter.used_changed.connect(self.inspector.show_used)
        presenter.drawn_changed.connect(self.naming.show_drawn)
        presenter.categories_changed.connect(self._show_categories)
        presenter.removed.connect(self._tell_removed)
        presenter.refused.connect(lambda text: studio.toast(text, "warn"))
        canvas.selected.connect(self._take_selection)
        canvas.hovered.connect(panel.show_hovered)
        canvas.cursor_moved.connect(self._show_cursor)
        canvas.view_changed.connect(self.row.show_zoom)
        canvas.context_requested.connect(self.menus.open_on_picture)
        canvas.colours_changed.connect(panel.refresh_colours)
        canvas.instances_shown.connect(panel.refresh_colours)
        stage.drawn.connect(presenter.draw)
        stage.redrawn.connect(presenter.redraw)
        stage.emptied.connect(self._tell_emptied)
        stage.named.connect(self.naming.take_name)
        stage.naming_given_up.connect(presenter.give_up_drawn)
        stage.pyramid_changed.connect(panel.show_picture)
        stage.failed.connect(studio.show_error)
        stage.tool_changed.connect(studio.actions.refresh)
        panel.chosen.connect(self._take_chosen)
        presenter.model.modelReset.connect(lambda: panel.select_keys(presenter.selected))
        panel.hovered.connect(canvas.set_hovered)
        panel.left.connect(lambda: canvas.setFocus(Qt.FocusReason.OtherFocusReason))
        self.list.eye_clicked.connect(self._toggle_eye)
        for view in (self.list, panel.crops):
            view.menu_wanted.connect(self.menus.open)
            view.zoom_wanted.connect(lambda key: canvas.zoom_to_instances([key]))
        self.inspector.relabelled.connect(lambda keys, category: presenter.relabel(category, keys))
        self.inspector.described.connect(presenter.describe)
        self.row.bare_held.connect(canvas.set_bare)
        canvas.set_reduced_motion(studio.theme.has_reduced_motion)
        studio.theme.motion_changed.connect(canvas.set_reduced_motion)
        studio.project_changed.connect(stage.close_down)

    # From the presenter

    def _show_picture(self, picture: Picture | None) -> None:
        project = self._studio.project
        self.row.set_able(picture is not None)
        self.bar.set_able(picture is not None and not self._studio.is_read_only)
        self.stage.show_picture(picture, project.read_picture if project is not None else None)
        self.row.show_picture(picture.image.name if picture is not None else "")
        if picture is not None:
            self._last.note(picture.image.key)
        self._show_count(picture)

    def _show_rows(self, picture: Picture) -> None:
        self.stage.show_rows(picture)
        self._show_count(picture)

    def _show_count(self, picture: Picture | None) -> None:
        self.panel.show_total(len(picture.rows) if picture is not None else None)
        self._tell_status()
        self._studio.actions.refresh()

    def _show_selection(self, keys: tuple[InstanceKey, ...]) -> None:
        self.desk.show_focus()
        self.panel.select_keys(keys)
        picture = self.presenter.picture
        size_px = (picture.image.width_px, picture.image.height_px) if picture is not None else (1, 1)
        self.inspector.show_rows(self.presenter.selected_rows, size_px)
        self.inspector.show_used(self.presenter.used)
        self._tell_status()
        self._studio.actions.refresh()

    def _show_categories(self) -> None:
        names = self.presenter.categories
        self.colours.set_categories(names)
        self.stage.refresh_colours()
        self.list.delegate.names.setStringList(list(names))
        self.inspector.set_categories(names)
        self._studio.actions.add(*ids.label_actions(self._studio, self.presenter, self.presenter.numbered))

    def _tell_removed(self, count: int, used: Used) -> None:
        text = removed_words(count, len(used.chains))
        self._studio.toast(text, "warn" if used.chains else "neutral", action="Undo", run=self._studio.undo)

    def _tell_emptied(self, key: InstanceKey) -> None:
        row = self.presenter.row(key)
        if row is not None:
            self.presenter.select([key])
            self._studio.toast(
                f"Nothing of {row.name} would be left.", "warn", action="Delete", run=self.presenter.remove
            )

    # From the person

    def _take_selection(self, keys: tuple[InstanceKey, ...]) -> None:
        self.presenter.select(key for key in keys if key != DRAWN and not is_candidate(key))
        self.desk.select(keys)

    def _take_chosen(self, keys: tuple[InstanceKey, ...]) -> None:
        self.presenter.select(keys)
        row = self.presenter.row(keys[-1]) if keys else None
        seen = self.canvas.view.visible.box()
        if row is not None and not seen.intersection_area(row.instance.box):
            # What is chosen in the list is looked for on the picture.
            self.canvas.navigator.centre_on(row.instance.box.centre.x, row.instance.box.centre.y)

    def _toggle_eye(self, key: InstanceKey) -> None:
        row = self.presenter.row(key)
        if row is not None and not self._studio.is_read_only:
            self.presenter.set_hidden([key], not row.is_hidden)

    # For the actions

    def take_tool(self, tool: str) -> None:
        """Takes a tool."""
        self.desk.take_tool(tool)
        self.stage.take_tool(tool)
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def tool_name(self) -> str:
        """What the left button does."""
        return self.stage.tool_name

    def has_picture(self) -> bool:
        """Whether a picture is shown."""
        return self.stage.has_picture

    def prompt(self, mode: PromptMode) -> None:
        """Finds instances with SAM 3."""
        self.presenter.give_up_drawn()
        self.desk.open(mode)

    def keep_candidates(self, only_one: bool) -> None:
        """Keeps what SAM 3 found."""
        self.desk.keep(only_one=only_one)

    def keep_or_relabel(self) -> None:
        """Keeps what SAM 3 found, unless something else is selected or waits for its name."""
        if self.prompts.candidates.new and not self.presenter.selected and self.presenter.drawn is None:
            self.desk.keep(only_one=False)
        else:
            self.naming.ask_relabel()

    def reject_or_remove(self) -> None:
        """Deletes what is selected; else rejects the candidate that is looked at."""
        if self.presenter.selected:
            self.presenter.remove()
        else:
            self.prompts.reject()

    def select_all(self) -> None:
        """Selects all that is listed."""
        self.presenter.select(row.key for row in self.presenter.model.rows)

    def give_up(self) -> None:
        """Gives up what is being drawn, else the selection, else the tool."""
        if self.presenter.drawn is not None:
            self.presenter.give_up_drawn()
        elif self.canvas.tool.cancel():
            return
        elif self.presenter.selected:
            self.presenter.select(())
        elif self.prompts.is_open:
            self.desk.give_up()
        else:
            self.take_tool("select")

    def find_in_list(self) -> None:
        """Puts the keyboard into the filter."""
        self.panel.focus_filter()

    def toggle(self, what: str) -> None:
        """Switches something that is shown on or off."""
        if what == "tone":
            self.stage.toggle_tone(QPoint(self.row.tone.geometry().center().x(), 0))
            self._studio.actions.refresh()
        else:
            self.looks.show(self.looks.now.toggled(what))

    def is_on(self, what: str) -> bool:
        """Whether something is shown."""
        # A picture made brighter says so, also once the sliders are closed.
        tone = self.stage.tone
        return not tone.isHidden() or tone.is_changed if what == "tone" else self.looks.now.is_on(what)

    def view(self, what: str) -> None:
        """Moves the view."""
        moves: dict[str, Callable[[], object]] = {
            "zoom_in": self.canvas.zoom_in,
            "zoom_out": self.canvas.zoom_out,
            "fit": self.canvas.fit,
            "one_to_one": self.canvas.one_to_one,
            "zoom_selection": lambda: self.canvas.zoom_to_instances(self.presenter.selected),
        }
        moves[what]()

    def set_bare(self, is_bare: bool) -> None:
        """Shows nothing but the picture."""
        self.canvas.set_bare(is_bare)

    def resize_brush(self, by: int) -> None:
        """Makes the brush smaller or larger."""
        self.stage.resize_brush(by)

    # Status

    def _show_cursor(self, at: Point | None) -> None:
        self._cursor = at
        self._tell_status()

    def _tell_status(self) -> None:
        picture = self.presenter.picture
        if picture is None:
            self.status_changed.emit("")
            return
        self.status_changed.emit(status_of(picture, len(self.presenter.selected), self._cursor))
