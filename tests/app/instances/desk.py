"""What a person does in the space Instances, and what the project then holds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.models.instance_list import InstanceColumn, InstanceRow
from app.studio import Studio
from app.views.instances.space import InstancesSpace
from hopchain_core.domain.geometry import Point
from hopchain_core.domain.images import Image
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.project import Project

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Desk:
    """A person at the space."""

    def __init__(self, studio: Studio, window: MainWindow, qtbot: QtBot) -> None:
        self.studio, self.window, self.qtbot = studio, window, qtbot
        found = window.space("instances")
        assert isinstance(found, InstancesSpace)
        self.space = found
        self.canvas = found.canvas
        self.list = found.list
        self.inspector = found.inspector
        self.presenter = found.presenter

    # Waiting and looking

    def settle(self) -> None:
        """Until nothing is read, written or built any more."""

        def is_quiet() -> bool:
            return self.studio.bridge.is_idle and self.canvas.is_settled()

        # What is queued may ask for more.
        QApplication.processEvents()
        self.qtbot.waitUntil(is_quiet, timeout=20_000)

    @property
    def project(self) -> Project:
        return self.studio.need_project()

    @property
    def image(self) -> Image:
        assert self.presenter.picture is not None
        return self.presenter.picture.image

    @property
    def rows(self) -> tuple[InstanceRow, ...]:
        """Those shown."""
        assert self.presenter.picture is not None
        return self.presenter.picture.rows

    def held(self) -> tuple[Instance, ...]:
        """Instances that the project holds of the picture."""
        with self.project.read() as read:
            return read.instances(self.image.key)

    def hidden(self) -> frozenset[InstanceKey]:
        with self.project.read() as read:
            return read.hidden_instances(self.image.key)

    def categories(self) -> list[str]:
        return sorted(instance.category for instance in self.held())

    def held_keys(self) -> frozenset[InstanceKey]:
        return frozenset(instance.key for instance in self.held())

    def toast(self) -> str:
        return self.window.toasts.text()

    def status(self) -> str:
        return self.window.status_bar.place.text()

    # Keys

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, on: QWidget | None = None) -> None:
        """A key, where the keyboard is or in a widget."""
        target = on or QApplication.focusWidget() or self.window
        QTest.keyClick(target, key, modifiers)
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

    # Mouse on the canvas

    def at(self, x: float, y: float) -> QPoint:
        """Place on the canvas of a point of the picture."""
        return self.canvas.view.to_view(x, y).toPoint()

    def spot(self, key: InstanceKey) -> QPoint:
        """A place where an instance lies on top."""
        row = self.presenter.row(key)
        assert row is not None
        assert row.instance.mask is not None
        ys, xs = np.nonzero(row.instance.mask.to_bitmap())
        middle = np.hypot(xs - xs.mean(), ys - ys.mean()).argsort()
        for index in middle[:: max(1, len(middle) // 200)]:
            point = Point(float(xs[index]) + 0.5, float(ys[index]) + 0.5)
            place = self.at(point.x, point.y)
            seen = self.canvas.view.to_picture(place.toPointF())
            if self.canvas.keys_at(seen)[:1] == (key,):
                return place
        raise AssertionError(f"{row.name} is nowhere on top")

    def click(self, key: InstanceKey, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseClick(self.canvas, LEFT, modifiers, self.spot(key))
        self.settle()

    def hover(self, place: QPoint) -> None:
        QTest.mouseMove(self.canvas, place)
        self.qtbot.wait(1)

    def drag(self, *points: tuple[float, float]) -> None:
        """A stroke of the left button through points of the picture."""
        places = [self.at(*point) for point in points]
        QTest.mousePress(self.canvas, LEFT, NONE, places[0])
        for place in places[1:]:
            QTest.mouseMove(self.canvas, place)
        QTest.mouseRelease(self.canvas, LEFT, NONE, places[-1])
        self.settle()

    # The list

    def cell(self, row: int, column: InstanceColumn = InstanceColumn.NAME) -> QPoint:
        rect = self.list.visualRect(self.presenter.model.index(row, column))
        if column is InstanceColumn.EYE:
            return QPoint(rect.right() - 16, rect.center().y())
        return rect.center()

    def click_row(
        self, row: int, column: InstanceColumn = InstanceColumn.NAME, modifiers: Qt.KeyboardModifier = NONE
    ) -> None:
        QTest.mouseClick(self.list.viewport(), LEFT, modifiers, self.cell(row, column))
        self.settle()

    def click_row_of(self, key: InstanceKey) -> None:
        row = self.presenter.model.row(key)
        self.list.scrollTo(self.presenter.model.index(row, InstanceColumn.NAME))
        self.click_row(row)

    def double_click_row(self, row: int, column: InstanceColumn = InstanceColumn.NAME) -> None:
        self.click_row(row, column)
        QTest.mouseDClick(self.list.viewport(), LEFT, NONE, self.cell(row, column))
        self.settle()

    def selected_rows(self) -> list[int]:
        return sorted({index.row() for index in self.list.selectionModel().selectedIndexes()})

    def when(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=20_000)
