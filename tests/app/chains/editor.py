"""What a person does with the fields, by keys and mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.presenters.chain_edit import ChainEdit
from app.studio import Studio
from app.views.chains.edit.hop_fields import HopFields
from hopchain_core.domain.chains import Chain
from hopchain_core.domain.keys import InstanceKey
from tests.app.chains.curator import CTRL, LEFT, NONE, Curator


class Editor(Curator):
    """A person who edits chains at the space."""

    def __init__(self, studio: Studio, window: MainWindow, qtbot: QtBot) -> None:
        super().__init__(studio, window, qtbot)
        self.desk = self.space.desk
        self.panel = self.desk.panel
        self.edit: ChainEdit = self.desk.edit
        self.history = self.desk.history

    def settle(self) -> None:
        super().settle()
        edit = getattr(self, "edit", None)
        if edit is not None:
            self.qtbot.waitUntil(
                lambda: not edit.is_saving and (not edit.is_editing or edit.is_checked), timeout=20_000
            )
            super().settle()

    def begin(self, hop: int = 1, *, selects: bool = True) -> Chain:
        """E at a hop; the chain as it was.

        Args:
            hop: Its number.
            selects: Ctrl+A follows, so that what is typed takes the place of the sub-question.
        """
        self.presenter.show_hop(hop)
        chain = self.detail.chain
        self.list.setFocus()
        self.press(Qt.Key.Key_E)
        assert self.edit.is_editing
        if selects:
            self.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        return chain

    def fields(self, hop: int) -> HopFields:
        """The fields of a hop that is open."""
        found = self.panel.hops[hop].fields
        assert found is not None
        return found

    def write(self, field: QWidget, text: str) -> None:
        """Clicks into a field and writes something else into it."""
        QTest.mouseClick(field.viewport() if hasattr(field, "viewport") else field, LEFT)
        self.press(Qt.Key.Key_A, CTRL)
        self.type(text)
        self.settle()

    def save(self) -> Chain:
        """Ctrl+Enter; the new version, which the project holds and the space shows."""
        before = self.edit.state.base
        self.press(Qt.Key.Key_Return, CTRL)
        assert not self.edit.is_editing, self.toast()
        self.qtbot.waitUntil(lambda: self.detail.chain.supersedes == before.key)
        self.settle()
        return self.detail.chain

    def click_instance(self, key: InstanceKey) -> None:
        """A click on a pixel of an instance on the picture."""
        place = self.place_of(key)
        QTest.mouseMove(self.canvas, place)
        QTest.mouseClick(self.canvas, LEFT, NONE, place)
        self.settle()

    def place_of(self, key: InstanceKey) -> QPoint:
        """Where on the canvas an instance lies on top of all others."""
        content, view = self.canvas.content, self.canvas.view
        box = content.box(key)
        steps = [(i + 0.5) / 24 for i in range(24)]
        for fy in sorted(steps, key=lambda f: abs(f - 0.5)):
            for fx in sorted(steps, key=lambda f: abs(f - 0.5)):
                at = type(box.centre)(box.x0 + fx * box.width, box.y0 + fy * box.height)
                if content.stack_at(at)[:1] == (key,):
                    return view.to_view(at.x, at.y).toPoint()
        raise AssertionError("the instance is hidden by others")

    def versions(self, chain: Chain) -> list[Chain]:
        """All versions that the project holds."""
        with self.project.read() as read:
            return [stored.chain for stored in read.versions(chain.key)]


def focused() -> QWidget | None:
    """Where the keyboard is."""
    return QApplication.focusWidget()


@pytest.fixture
def editor(open_chains: Callable[..., Curator], studio: Studio, window: MainWindow, qtbot: QtBot) -> Editor:
    """The space with the first chain, nothing being edited."""
    open_chains()
    made = Editor(studio, window, qtbot)
    made.settle()
    return made
