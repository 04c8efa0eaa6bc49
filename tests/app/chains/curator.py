"""What a curator does in the space Chains, and what the project then holds."""

from __future__ import annotations

import threading
from array import array

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.presenters.chain_detail import ChainDetail
from app.studio import Studio
from app.views.chains.space import ChainsSpace
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import Comment, Mark
from hopchain_core.project import ChainQuery, Project, RunOptions, StoredChain

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Curator:
    """A person at the space."""

    def __init__(self, studio: Studio, window: MainWindow, qtbot: QtBot) -> None:
        self.studio, self.window, self.qtbot = studio, window, qtbot
        found = window.space("chains")
        assert isinstance(found, ChainsSpace)
        self.space = found
        self.canvas = found.canvas
        self.list = found.list.list
        self.stepper = found.stepper
        self.presenter = found.presenter

    def settle(self) -> None:
        """Until nothing is read, written or built any more."""

        def is_quiet() -> bool:
            return self.studio.bridge.is_idle and self.canvas.is_settled()

        self.qtbot.waitUntil(is_quiet, timeout=20_000)

    @property
    def project(self) -> Project:
        return self.studio.need_project()

    @property
    def detail(self) -> ChainDetail:
        assert self.presenter.detail is not None
        return self.presenter.detail

    @property
    def hop(self) -> int:
        assert self.presenter.hop is not None
        return self.presenter.hop

    @property
    def number(self) -> int:
        """Of the chain that is open."""
        return self.detail.stored.number

    @property
    def listed(self) -> list[int]:
        """Numbers in the list, in order."""
        return list(self.presenter.search.model.ids())

    def selected(self) -> int | None:
        """Number of the row that is selected in the list."""
        rows = self.list.selectionModel().selectedRows()
        return self.presenter.search.model.number(rows[0].row()) if rows else None

    # What the project holds

    def mark(self, key: ChainKey) -> Mark | None:
        with self.project.read() as read:
            return read.mark(key)

    def comments(self, key: ChainKey) -> tuple[Comment, ...]:
        with self.project.read() as read:
            return read.comments([key])

    def stored(self, number: int) -> StoredChain:
        with self.project.read() as read:
            return read.chain(f"C-{number}")

    def ids(self, query: ChainQuery) -> array[int]:
        with self.project.read() as read:
            return read.chain_ids(query)

    def run(self, *stages: str) -> None:
        """Runs stages to their end, as another program would, while the window goes on."""
        worker = threading.Thread(target=lambda: self.project.run(stages, RunOptions(concurrency=1)))
        worker.start()
        self.qtbot.waitUntil(lambda: not worker.is_alive(), timeout=60_000)
        worker.join()
        self.settle()

    # Keys and mouse

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, on: QWidget | None = None) -> None:
        """A key, where the keyboard is or in a widget."""
        QTest.keyClick(on or QApplication.focusWidget() or self.window, key, modifiers)
        self.settle()

    def type(self, text: str) -> None:
        """Letters into what has the keyboard."""
        target = QApplication.focusWidget()
        assert target is not None
        QTest.keyClicks(target, text)

    def undo(self) -> None:
        self.press(Qt.Key.Key_Z, CTRL)

    def redo(self) -> None:
        self.press(Qt.Key.Key_Z, CTRL | SHIFT)

    def click(self, widget: QWidget, place: QPoint | None = None) -> None:
        QTest.mouseClick(widget, LEFT, NONE, place if place is not None else widget.rect().center())
        self.settle()

    def click_row(self, row: int) -> None:
        """A row of the list."""
        rect = self.list.visualRect(self.presenter.search.model.index(row))
        self.click(self.list.viewport(), rect.center())

    def toast(self) -> str:
        return self.window.toasts.text()
