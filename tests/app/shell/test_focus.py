"""The ring around what has the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.style.tokens import tokens_of
from app.widgets.focus import FocusRing


def _shown(qtbot: QtBot) -> tuple[QWidget, QScrollArea, list[QPushButton]]:
    window = QWidget()
    qtbot.addWidget(window)
    area = QScrollArea(window, widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setGeometry(20, 20, 200, 120)
    content = QWidget()
    rows = QVBoxLayout(content)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(0)
    buttons = [QPushButton(str(number), flat=True) for number in range(8)]
    for button in buttons:
        button.setFixedHeight(40)
        rows.addWidget(button)
    area.setWidget(content)
    FocusRing(window)
    window.resize(260, 180)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    return window, area, buttons


def _go_by_key(qtbot: QtBot, window: QWidget, button: QPushButton) -> None:
    handle = window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, Qt.Key.Key_Tab)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(button.hasFocus)


def _is_accent(window: QWidget, at: QPoint) -> bool:
    image = window.grab().toImage()
    accent, ratio = tokens_of(window).accent, image.devicePixelRatio()
    colour = image.pixelColor(round(at.x() * ratio), round(at.y() * ratio))
    return all(
        abs(a - b) < 40
        for a, b in zip(colour.getRgb()[:3], accent.getRgb()[:3], strict=True)  # type: ignore[index]
    )


def test_that_the_ring_is_whole_around_a_row_as_wide_as_its_view(qtbot: QtBot) -> None:
    window, area, buttons = _shown(qtbot)
    _go_by_key(qtbot, window, buttons[1])
    view = area.viewport()
    middle = buttons[1].mapTo(window, buttons[1].rect().center())
    left, right = view.mapTo(window, QPoint(0, 0)).x(), view.mapTo(window, QPoint(view.width() - 1, 0)).x()
    assert _is_accent(window, QPoint(left, middle.y()))
    assert _is_accent(window, QPoint(right, middle.y()))
    assert _is_accent(window, QPoint(middle.x() // 2, middle.y() - 20 - 3))


def test_that_the_ring_does_not_leave_the_view_with_a_row_that_is_scrolled_away(qtbot: QtBot) -> None:
    window, area, buttons = _shown(qtbot)
    _go_by_key(qtbot, window, buttons[0])
    bar = area.verticalScrollBar()
    bar.setValue(bar.maximum())
    # It would be drawn above the view.
    shown = window.grab().toImage()
    above = [shown.pixelColor(x, y) for x in range(20, 200, 7) for y in range(20)]
    assert tokens_of(window).accent not in above


def test_that_the_ring_lets_the_mouse_through(qtbot: QtBot) -> None:
    window, _, buttons = _shown(qtbot)
    _go_by_key(qtbot, window, buttons[1])
    at = buttons[1].mapTo(window, buttons[1].rect().center())
    assert window.childAt(at) is buttons[1]
