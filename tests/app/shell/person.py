"""What a person does with files, windows and dialogs, by real events."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.dialog import Dialog

D = TypeVar("D", bound=QWidget)
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def drag_over(window: QWidget, paths: Iterable[Path]) -> bool:
    """Drags files into the window; whether it would take them."""
    # Kept by us: an event only points at what it carries.
    mime = mime_of(paths)
    event = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, mime, LEFT, NONE)
    event.ignore()
    QApplication.sendEvent(window, event)
    return event.isAccepted()


def drag_away(window: QWidget) -> None:
    """Drags them out again."""
    QApplication.sendEvent(window, QDragLeaveEvent())


def drop(window: QWidget, *paths: Path) -> None:
    """Drags files into the window and lets them go."""
    assert drag_over(window, paths)
    mime = mime_of(paths)
    QApplication.sendEvent(window, QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, mime, LEFT, NONE))


def the_dialog(qtbot: QtBot, kind: type[D]) -> D:
    """The dialog of a kind that opens, or is open."""

    def found() -> list[D]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]

    qtbot.waitUntil(lambda: len(found()) == 1, timeout=20_000)
    return found()[0]


def words_of(dialog: Dialog) -> str:
    """What a dialog says, beneath its title."""
    hint = getattr(dialog, "hint", None)
    return f"{dialog.text.text()} {hint.text() if hint is not None else ''}".strip()


def press(qtbot: QtBot, dialog: QWidget, text: str) -> None:
    """Clicks the button of a dialog that begins with a text."""
    buttons = [b for b in dialog.findChildren(QAbstractButton) if b.isVisible() and b.text().startswith(text)]
    assert len(buttons) == 1, [b.text() for b in dialog.findChildren(QAbstractButton)]
    qtbot.mouseClick(buttons[0], LEFT)


def no_dialog() -> bool:
    """Nothing lies over the window."""
    return not any(isinstance(w, Dialog) and w.isVisible() for w in QApplication.topLevelWidgets())


def mime_of(paths: Iterable[Path]) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime
