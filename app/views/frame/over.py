"""What lies over the window in every space: palette, `?` sheet, shortcut editor, settings and menus."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow, QMenu

from app.presenters.keys import KeysPresenter
from app.presenters.models import ModelsPresenter
from app.presenters.palette import PalettePresenter
from app.presenters.people import PeoplePresenter
from app.settings import SCALES
from app.studio import Studio
from app.style.theme import ThemeMode
from app.views.frame.menus import (
    HELP,
    PROJECT,
    SEPARATOR,
    MenuPart,
    fill,
    main_menus,
    menu_ids,
    recent_menu,
    show_below,
)
from app.views.frame.top_bar import TopBar
from app.views.keys.editor import KeyEditor
from app.views.keys.sheet import KeySheet
from app.views.palette.view import PaletteView
from app.views.settings import SettingsDialog
from app.widgets.button import ButtonKind
from app.widgets.dialog import Dialog
from app.widgets.overlay import Overlay
from app.widgets.shortcuts import Shortcuts


class OverWindow(QObject):
    """Wires what every space has over it.

    Args:
        studio: What everything shares.
        window: The window.
        top_bar: Its top bar: menus open beneath its parts.
        shortcuts: Its keys, left alone while something lies over it.
        titles: Names of the spaces by id.
        build_rest: Builds the spaces that were not shown yet, so that the table holds their actions, too.
    """

    def __init__(
        self,
        studio: Studio,
        window: QMainWindow,
        top_bar: TopBar,
        shortcuts: Shortcuts,
        titles: Mapping[str, str],
        build_rest: Callable[[], object],
    ) -> None:
        super().__init__(window)
        self._studio = studio
        self._window = window
        self._top_bar = top_bar
        self._titles = dict(titles)
        self._build_rest = build_rest
        self.palette = PaletteView(window)
        self.searching = PalettePresenter(studio, self)
        self.sheet = KeySheet(window)
        self.keys = KeysPresenter(studio, lambda space: self._titles.get(space, space), self)
        self.models = ModelsPresenter(studio, self)
        self.people = PeoplePresenter(studio, self)
        self.palette.opened.connect(self.searching.begin)
        self.palette.asked.connect(self.searching.ask)
        self.searching.entries_changed.connect(self.palette.show_entries)
        self.sheet.asked.connect(self._show_sheet)
        self.sheet.edit_asked.connect(self.edit_keys)
        self.keys.changed.connect(self._refresh_sheet)
        overlays: tuple[Overlay, ...] = (self.palette, self.sheet)
        for overlay in overlays:
            overlay.opened.connect(partial(shortcuts.suspend, True))
            overlay.closed.connect(partial(shortcuts.suspend, False))
        top_bar.project_menu_asked.connect(self.show_project_menu)
        top_bar.main_menu_asked.connect(self.show_main_menu)
        if sys.platform == "darwin":
            self._fill_menu_bar()

    # Palette and shortcuts

    def open_palette(self) -> None:
        """Opens the palette."""
        self.palette.open()

    def show_keys(self) -> None:
        """Shows the `?` sheet."""
        self._build_rest()
        self.sheet.open()

    def edit_keys(self) -> None:
        """Opens the shortcut editor."""
        self._build_rest()
        editor = KeyEditor(self._window)
        presenter = self.keys

        def refresh() -> None:
            editor.show_groups(presenter.rows(editor.search.text()))

        def propose(action_id: str, keys: str, adds: bool) -> None:
            presenter.propose(action_id, keys, adds=adds)

        def take_over(action_id: str, keys: str, adds: bool) -> None:
            presenter.take_over(action_id, keys, adds=adds)

        def reset(action_id: str) -> None:
            before = presenter.own()
            presenter.reset(action_id or None)
            if not action_id and before:
                editor.offer("All shortcuts are the default ones.", "Take it back", partial(presenter.restore, before))

        editor.asked.connect(refresh)
        editor.proposed.connect(propose)
        editor.taken_over.connect(take_over)
        editor.cleared.connect(presenter.clear)
        editor.reset.connect(reset)
        presenter.changed.connect(refresh)
        presenter.conflict_found.connect(editor.show_conflict)

        def part(_: int) -> None:
            presenter.changed.disconnect(refresh)
            presenter.conflict_found.disconnect(editor.show_conflict)

        editor.finished.connect(part)
        refresh()
        editor.open()

    def _show_sheet(self, query: str) -> None:
        self.sheet.show_groups(self.keys.sheet(query))

    def _refresh_sheet(self) -> None:
        if self.sheet.is_open:
            self._show_sheet(self.sheet.search.text())

    # Settings

    def show_settings(self) -> None:
        """Opens the settings."""
        settings, theme = self._studio.settings, self._studio.theme
        dialog = SettingsDialog(self._window)
        dialog.show_person(settings.person)
        dialog.show_theme(theme.mode)
        dialog.show_scale(settings.scale)
        dialog.show_reduced_motion(theme.has_reduced_motion)
        dialog.person_changed.connect(lambda name: setattr(settings, "person", name))
        dialog.theme_chosen.connect(self.set_theme_named)
        dialog.scale_chosen.connect(self._set_scale)
        dialog.motion_chosen.connect(self._set_reduced_motion)
        dialog.keys_asked.connect(self.edit_keys)
        dialog.tour_asked.connect(lambda: self._studio.actions.trigger("app.tour"))
        dialog.models_asked.connect(self.show_models)
        dialog.open()

    def show_models(self) -> None:
        """Opens the model profiles."""
        from app.views.models.dialog import ModelsDialog

        ModelsDialog(self.models, self._window).open()

    def show_people(self) -> None:
        """Opens who answers, and what they are given."""
        from app.views.people.dialog import PeopleDialog

        PeopleDialog(self.people, parent=self._window).open()

    def set_theme_named(self, mode: str) -> None:
        """Changes the theme, and keeps it."""
        self._studio.theme.set_mode(ThemeMode(mode))
        self._studio.settings.set("theme", mode)
        self._studio.actions.refresh()

    def _set_scale(self, per_cent: str) -> None:
        if int(per_cent) in SCALES:
            self._studio.settings.scale = int(per_cent)

    def _set_reduced_motion(self, is_reduced: bool) -> None:
        self._studio.settings.set("reduced_motion", is_reduced)
        self._studio.theme.set_reduced_motion(is_reduced)

    # Menus

    def show_project_menu(self) -> None:
        """Opens the menu beneath the project's name."""
        menu = QMenu(self._window)
        self._fill_project(menu)
        show_below(menu, self._top_bar.project)

    def show_main_menu(self) -> None:
        """Opens the menu beneath the mark of the studio."""
        actions = self._studio.actions
        menu = QMenu(self._window)
        for part in self._menus():
            submenu = menu.addMenu(part.title)
            self._fill_menu(submenu, part.title, part.ids)
        fill(menu, actions, (SEPARATOR, "app.palette", "app.settings", SEPARATOR, "app.quit"))
        show_below(menu, self._top_bar.logo)

    def show_help_menu(self) -> None:
        """Opens the menu beneath the question mark."""
        menu = QMenu(self._window)
        fill(menu, self._studio.actions, menu_ids(self._studio.actions, HELP))
        show_below(menu, self._top_bar.help)

    def show_about(self) -> None:
        """Says what this is."""
        from hopchain_core import __version__

        dialog = Dialog(
            f"HopChain Studio {__version__}",
            "Turns pictures into verified multi-hop questions, after HopChain (arXiv 2603.17024). Apache-2.0. "
            "Inter and JetBrains Mono come under the SIL Open Font License and Apache-2.0; Qt under the LGPL 3.",
            parent=self._window,
        )
        dialog.add_button("Close", ButtonKind.PRIMARY)
        dialog.open()

    def toggle_fullscreen(self) -> None:
        """Fills the screen with the window, or no longer."""
        self._window.showNormal() if self._window.isFullScreen() else self._window.showFullScreen()

    def quit(self) -> None:
        """Closes the window, and with it the studio."""
        self._window.close()

    def _menus(self) -> list[MenuPart]:
        space = self._studio.space
        return main_menus(self._studio.actions, space, self._titles.get(space, ""))

    def _fill_menu(self, menu: QMenu, title: str, ids: tuple[str, ...]) -> None:
        if title == PROJECT:
            self._fill_project(menu)
        else:
            fill(menu, self._studio.actions, ids)

    def _fill_project(self, menu: QMenu) -> None:
        recent_menu(menu, self._other_projects(), self._studio.open_project)
        fill(menu, self._studio.actions, (SEPARATOR, *menu_ids(self._studio.actions, PROJECT)))

    def _other_projects(self) -> list[Path]:
        here = self._studio.project.path if self._studio.project is not None else None
        return [path for path in self._studio.settings.recent() if path != here]

    def _fill_menu_bar(self) -> None:
        """Where the platform has one menu bar for all windows: the same menus there, filled whenever one opens."""
        bar = self._window.menuBar()
        shown: list[QMenu] = []

        def refresh() -> None:
            parts = self._menus()
            if [menu.title() for menu in shown] == [part.title for part in parts]:
                return
            bar.clear()
            for menu in shown:
                menu.deleteLater()
            shown.clear()
            for part in parts:
                menu = bar.addMenu(part.title)
                menu.aboutToShow.connect(partial(self._refill, menu, part.title))
                shown.append(menu)

        self._studio.went.connect(lambda *_: refresh())
        self._studio.actions.changed.connect(refresh)
        refresh()

    def _refill(self, menu: QMenu, title: str) -> None:
        menu.clear()
        ids = next((part.ids for part in self._menus() if part.title == title), ())
        self._fill_menu(menu, title, ids)
