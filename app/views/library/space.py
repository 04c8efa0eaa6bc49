"""The library: filters at the left, the grid at the right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.models.status_words import counted
from app.presenters.last_place import LastPlace
from app.presenters.library import LibraryPresenter
from app.presenters.library_choice import Choice, Totals, filters_of
from app.studio import Studio
from app.thumbnails import Thumbnails
from app.views.frame.menus import fill
from app.views.library import actions as ids
from app.views.library.cell import OPENING
from app.views.library.filters import Filters
from app.views.library.geometry import USUAL_WIDTH_PX
from app.views.library.grid import PictureGrid
from app.views.library.order import order_actions
from app.views.library.selection_bar import SelectionBar
from app.views.library.tool_row import ToolRow
from app.widgets.action_button import ActionButton
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.panel import EmptyState, Line
from app.widgets.space import SpaceView
from hopchain_core.project import ImageSort

ADD_PICTURES = "project.add_pictures"
"""The shell's action."""
_SIZE = "library.cell_px"
_ORDER = "library.order"
_FILTERS = "library.filters"
_BINS = 8
_CHOSEN = "library.chosen"
_WORDS_SHOWN = 60
"""Of what was searched for and not found: as much as fits in one line."""


class LibrarySpace(SpaceView):
    """All pictures of the project.

    ``studio.go("library", failing=True)`` shows those on which a stage fails; ``text``, ``category``, ``rule``,
    ``status`` and ``composer`` choose likewise; ``only=numbers, only_words="without an instance"`` lists just those. ``image=key`` shows one picture among all.

    Args:
        studio: What everything shares.
        thumbnails: Small pictures.
    """

    def __init__(self, studio: Studio, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._last = LastPlace(studio, _CHOSEN)
        self.thumbnails = thumbnails
        self.presenter = LibraryPresenter(studio.bridge, self)
        self.grid = PictureGrid(self.presenter.model, thumbnails)
        # Before the actions: buttons ask at once whether the filters are shown.
        table = studio.actions
        hide = Button("", "chevron-left", ButtonKind.QUIET, size_=ButtonSize.SMALL, name="Hide the filters")
        hide.clicked.connect(self._toggle_filters)
        clear = ActionButton(table, ids.CLEAR_FILTERS, ButtonKind.QUIET, size_=ButtonSize.SMALL, text="Clear")
        self.filters = Filters(clear, hide)
        studio.actions.add(
            *ids.library_actions(
                studio,
                self.presenter,
                current=self._current,
                find=self._find,
                select_all=self.grid.selectAll,
                escape=self._escape,
                zoom=self._zoom,
                relink=self._ask_folder,
                toggle_filters=self._toggle_filters,
                shows_filters=lambda: not self.filters.isHidden(),
            ),
            *order_actions(lambda: self.presenter.choice, self._take_order),
        )
        self.tools = ToolRow(table, ADD_PICTURES, ids.FILTERS)
        self.selection = SelectionBar(table, ids.IN_BAR, ids.CLEAR_SELECTION, ids.CLEAR_FILTERS, ids.SHORT)
        self._empty = EmptyState(
            "No pictures yet",
            "Add a folder of pictures, or drop one here.",
            icon="image",
            action=ActionButton(table, ADD_PICTURES, ButtonKind.PRIMARY),
        )
        self._nothing_left = EmptyState(
            "No picture passes these filters",
            "Take one away, or all of them.",
            icon="filter",
            action=ActionButton(table, ids.CLEAR_FILTERS),
        )
        self._coming = EmptyState("Pictures are being taken in…", "They appear here as they come.", icon="image")
        self._to_show: int | None = None
        self._stack = QStackedWidget()
        for page in (self.grid, self._empty, self._nothing_left, self._coming):
            self._stack.addWidget(page)
        self._filters_line = Line(is_vertical=True)
        self._lay_out()
        self._connect()
        self._restore()

    def enter(self, where: Mapping[str, Any]) -> None:
        self.presenter.set_active(True)
        changes: dict[str, Any] = {
            name: where[name]
            for name in ("text", "failing", "without_chains", "pass_rate", "only", "only_words")
            if name in where
        }
        for one, several in (
            ("category", "categories"),
            ("rule", "rules"),
            ("status", "statuses"),
            ("composer", "composers"),
        ):
            if one in where:
                changes[several] = (where[one],)
        if changes:
            self.presenter.clear()
            self.presenter.choose(**changes)
        if "image" in where:
            self.presenter.deeds.find(where["image"], self._show_picture)
        self._offer_spaces()
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_status(self.presenter.totals)

    def leave(self) -> None:
        self.presenter.set_active(False)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.tools)
        right.addWidget(Line())
        right.addWidget(self.selection)
        right.addWidget(self._stack, 1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.filters)
        whole.addWidget(self._filters_line)
        whole.addLayout(right, 1)

    def _connect(self) -> None:
        presenter, studio = self.presenter, self._studio
        presenter.listed.connect(self._show_list)
        presenter.facets_changed.connect(lambda facets: self.filters.show_facets(facets, presenter.choice))
        presenter.choice_changed.connect(self._show_choice)
        presenter.selection_changed.connect(self._show_selection)
        presenter.deeds.open_wanted.connect(lambda space, key: studio.go(space, image=key))
        presenter.deeds.told.connect(studio.toast)
        presenter.missed.connect(self._tell_missed)
        presenter.files_moved.connect(self._look_again)
        presenter.deeds.run_wanted.connect(self._run)
        presenter.deeds.reveal_wanted.connect(_reveal)
        presenter.deeds.copy_wanted.connect(self._copy)
        self.filters.toggled.connect(self._take_filter)
        self.filters.span_chosen.connect(self._take_span)
        self.tools.searched.connect(lambda text: presenter.choose(text=text.strip()))
        self.tools.sized.connect(self._take_size)
        self.tools.left.connect(self.grid.setFocus)
        self.tools.only_dropped.connect(lambda: presenter.choose(only=None, only_words=""))
        self.grid.numbers_selected.connect(presenter.select)
        self.grid.opened.connect(presenter.deeds.open)
        self.grid.menu_wanted.connect(self._open_menu)
        self.grid.zoomed.connect(self.tools.slider.setValue)
        self.grid.selectionModel().currentChanged.connect(lambda *_: studio.actions.refresh())
        studio.runs.changed.connect(lambda _: studio.actions.refresh())
        studio.actions.changed.connect(self._offer_spaces)
        studio.actions.refreshed.connect(self._show_page)

    def _restore(self) -> None:
        settings = self._studio.settings
        width = settings.get(_SIZE, USUAL_WIDTH_PX)
        self.tools.show_size(width if isinstance(width, int) else USUAL_WIDTH_PX)
        self.grid.set_cell_width(self.tools.slider.value())
        order = settings.get(_ORDER)
        if isinstance(order, list) and len(order) == 2 and order[0] in list(ImageSort):
            self.presenter.choose(sort=ImageSort(order[0]), descending=bool(order[1]))
        self._show_filters(settings.get(_FILTERS, True) is not False)
        self.presenter.choose(**filters_of(self._last.last()))
        self.presenter.choice_changed.connect(self._keep_filters)
        self._show_choice(self.presenter.choice)

    def _keep_filters(self, choice: Choice) -> None:
        self._last.note(choice.kept() or None)

    # From the presenter

    def _show_list(self, totals: Totals) -> None:
        self.selection.show_totals(totals)
        self._show_page()
        self._show_status(totals)
        self._show_what_waits()

    def _show_page(self) -> None:
        totals, presenter = self.presenter.totals, self.presenter
        page: QWidget = self.grid
        if presenter.is_known and not totals.shown:
            if presenter.choice.is_filtered and totals.images != 0:
                page = self._nothing_left
            else:
                page = self._coming if self._is_adding() else self._empty
        self.selection.setVisible(page is self.grid)
        if page is self._nothing_left:
            self._say_what_is_not_there()
        if self._stack.currentWidget() is not page:
            self._stack.setCurrentWidget(page)

    def empty_shown(self) -> EmptyState | None:
        """What stands in place of the grid; None while the grid is shown."""
        shown = self._stack.currentWidget()
        return shown if isinstance(shown, EmptyState) else None

    def _say_what_is_not_there(self) -> None:
        text = " ".join(self.presenter.choice.text.split())
        if text:
            text = text if len(text) <= _WORDS_SHOWN else f"{text[:_WORDS_SHOWN]}…"
            hint = "No name, category or question has it"
            has_filters = replace(self.presenter.choice, text="").is_filtered
            self._nothing_left.show_text(
                f"Nothing found for “{text}”",
                f"{hint} among those that pass the filters." if has_filters else f"{hint}.",
            )
        else:
            self._nothing_left.show_text("No picture passes these filters", "Take one away, or all of them.")

    def _is_adding(self) -> bool:
        # The shell takes pictures in; its action cannot be begun again meanwhile.
        return not self._studio.is_read_only and not self._studio.actions.is_enabled(ADD_PICTURES)

    def _show_status(self, totals: Totals) -> None:
        everything = totals.shown if totals.images is None else totals.images
        self.status_changed.emit(f"{totals.shown:,} of {counted(everything, 'picture')}")

    def _show_choice(self, choice: Any) -> None:
        if self.presenter.is_known:
            self.grid.place.start_over()
        self.filters.show_choice(choice)
        self.tools.show_choice(choice)
        self.selection.show_filtered(choice.is_filtered)
        self._studio.actions.refresh()

    def _show_selection(self, count: int) -> None:
        self.selection.show_count(count)
        self._studio.actions.refresh()

    def _run(self, stages: tuple[str, ...], keys: tuple[str, ...], retry_failed: bool) -> None:
        project = self._studio.need_project()

        def go(options: Any) -> None:
            chosen = options.model_copy(update={"only": keys, "retry_failed": retry_failed})
            if self._studio.runs.start(stages, chosen):
                self._studio.toast(f"Running over {counted(len(keys), 'picture')}")

        self._studio.bridge.ask(project.last_options, go, key="library options")

    def _copy(self, text: str, what: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._studio.toast(what)

    def _show_picture(self, number: int) -> None:
        self._to_show = number
        if self.presenter.model.row_of(number) is None:
            self.presenter.clear()
        self._show_what_waits()

    def _show_what_waits(self) -> None:
        # The list that holds it may be on its way still.
        row = None if self._to_show is None else self.presenter.model.row_of(self._to_show)
        if row is not None:
            self._to_show = None
            self.grid.show_row(row)

    def _look_again(self) -> None:
        self.thumbnails.try_again()
        self.grid.forget_what_shows()

    def _offer_spaces(self) -> None:
        has = self._studio.actions.has
        self.grid.set_spaces([action for action in OPENING if has(f"go.{action.value}")])

    # From the person

    def _take_filter(self, group: str, value: Any, is_on: bool) -> None:
        if group in ("without_chains", "failing"):
            self.presenter.choose(**{group: is_on})
        else:
            self.presenter.toggle(group, value, is_on)

    def _take_span(self, span: tuple[int, int] | None) -> None:
        rate = None
        if span is not None:
            # Half a bin to either side; what lies on a border belongs to the higher bin.
            rate = (max(0.0, (span[0] - 0.5) / _BINS), (span[1] + 0.5) / _BINS - 1e-9)
        self.presenter.choose(pass_rate=rate)

    def _take_order(self, sort: ImageSort, descending: bool) -> None:
        self._studio.settings.set(_ORDER, [ImageSort(sort).value, descending])
        self.presenter.choose(sort=ImageSort(sort), descending=descending)

    def _take_size(self, width_px: int) -> None:
        self.grid.set_cell_width(width_px)
        self._studio.settings.set(_SIZE, width_px)

    def _zoom(self, steps: int) -> None:
        self.tools.slider.setValue(self.tools.slider.value() + 32 * steps)

    def _current(self) -> int | None:
        number = self.grid.current_number()
        if number is None or (self.presenter.selected and number not in self.presenter.selected):
            chosen = self.grid.selected_numbers()
            return chosen[0] if chosen else number
        return number

    def _find(self) -> None:
        self.tools.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.tools.search.selectAll()

    def _escape(self) -> None:
        if self.presenter.selected:
            self.grid.clearSelection()
        else:
            self.presenter.choose(text="")
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _toggle_filters(self) -> None:
        self._show_filters(self.filters.isHidden())
        self._studio.settings.set(_FILTERS, not self.filters.isHidden())

    def _show_filters(self, is_shown: bool) -> None:
        self.filters.setVisible(is_shown)
        self._filters_line.setVisible(is_shown)
        self.tools.filters.setVisible(not is_shown)
        self._studio.actions.refresh()

    def _ask_folder(self) -> None:
        project = self._studio.need_project()
        dialog = QFileDialog(self, "Where were the pictures moved to?", str(project.folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._relink)
        dialog.open()

    def _tell_missed(self) -> None:
        text = "Pictures are missing: their files were moved, or their disk is not connected."
        if self._studio.is_read_only:
            self._studio.toast(text, "warn")
        else:
            self._studio.toast(text, "warn", action="Find them…", run=self._ask_folder)

    def _relink(self, folder: str) -> None:
        self._studio.toast("Looking for moved pictures…")
        self._studio.spawn(self.presenter.deeds.relink(Path(folder)))

    def _open_menu(self, where: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill(menu, self._studio.actions, ids.IN_MENU)
        menu.popup(where)


def _reveal(path: str) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(path).parent)))
