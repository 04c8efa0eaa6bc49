"""What a person does in the library, and what they see."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.studio import Studio
from app.views.library.facet_row import FacetRow
from app.views.library.space import LibrarySpace
from hopchain_core.domain.keys import ImageKey
from hopchain_core.project import ImageRow, Project

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Visitor:
    """A person in the library."""

    def __init__(self, studio: Studio, window: MainWindow, qtbot: QtBot) -> None:
        self.studio, self.window, self.qtbot = studio, window, qtbot
        found = window.space("library")
        assert isinstance(found, LibrarySpace)
        self.space = found
        self.grid, self.presenter, self.model = found.grid, found.presenter, found.presenter.model
        self.went: list[tuple[str, dict[str, object]]] = []
        self.toasts: list[str] = []
        studio.went.connect(lambda space, where: self.went.append((space, where)))
        studio.toast_asked.connect(lambda toast: self.toasts.append(toast.text))

    @property
    def project(self) -> Project:
        return self.studio.need_project()

    # Waiting

    def is_quiet(self) -> bool:
        """Nothing is read or waits to be read."""
        p = self.presenter
        pending = p.is_busy or not p.is_known or p.totals.chains is None
        return self.studio.bridge.is_idle and not pending

    def settle(self) -> None:
        """Until everything that was asked for is shown."""
        QApplication.processEvents()
        self.qtbot.waitUntil(self.is_quiet, timeout=20_000)
        QApplication.processEvents()
        self.qtbot.waitUntil(self.is_quiet, timeout=20_000)

    # Looking

    def paths(self) -> list[str]:
        """What is listed, in order."""
        with self.project.read() as read:
            return [row.path for row in read.image_rows(self.model.ids())]

    def names(self) -> list[str]:
        """File names of what is listed, in order."""
        return [path.rpartition("/")[2] for path in self.paths()]

    def selected(self) -> list[int]:
        """Rows of the grid that are selected."""
        return sorted(index.row() for index in self.grid.selectionModel().selectedIndexes())

    def current(self) -> int:
        """The row that has the keyboard."""
        return self.grid.currentIndex().row()

    def listed_row(self, row: int) -> ImageRow:
        """What the grid shows in a row."""
        found = self.model.known(row)
        assert found is not None
        return found

    def key_at(self, row: int) -> ImageKey:
        """Key of the picture in a row."""
        return self.listed_row(row).key

    # Doing

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Presses a key where the keyboard is."""
        where = QApplication.focusWidget() or self.window
        QTest.keyClick(where, key, modifiers)
        QApplication.processEvents()

    def type(self, text: str) -> None:
        """Types where the keyboard is."""
        where = QApplication.focusWidget()
        assert where is not None
        QTest.keyClicks(where, text)

    def centre(self, row: int) -> QPoint:
        """Middle of a card in the grid's viewport."""
        return self.grid.visualRect(self.model.index(row)).center()

    def click(self, row: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Clicks a card."""
        QTest.mouseClick(self.grid.viewport(), LEFT, modifiers, self.centre(row))
        QApplication.processEvents()

    def double_click(self, row: int) -> None:
        """Clicks a card twice."""
        QTest.mouseClick(self.grid.viewport(), LEFT, NONE, self.centre(row))
        QTest.mouseDClick(self.grid.viewport(), LEFT, NONE, self.centre(row))

    def push(self, widget: QWidget | None) -> None:
        """Clicks a widget that is shown."""
        assert widget is not None, "there is nothing to click"
        assert widget.isVisible(), "it is not shown"
        QTest.mouseClick(widget, LEFT)
        QApplication.processEvents()

    def check(self, row: FacetRow | None) -> None:
        """Clicks a filter and waits for what it leaves."""
        self.push(row)
        self.settle()

    def menu(self) -> QMenu:
        """The menu that is open."""
        QApplication.processEvents()
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMenu) and w.isVisible()]
        assert len(found) == 1, f"{len(found)} menus are open"
        return found[0]

    def choose(self, text: str) -> None:
        """Clicks an entry of the menu that is open."""
        menu = self.menu()
        entry = next(a for a in menu.actions() if a.text().partition("\t")[0] == text)
        QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(entry).center())
        QApplication.processEvents()
