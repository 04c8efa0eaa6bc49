"""How much of the list of chains is painted when somebody goes to the next one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QImage, QPaintEvent, QRegion
from PySide6.QtTest import QTest

from app.thumbnails import Thumbnails
from tests.app.chains.curator import Curator


class _Painted(QObject):
    """Adds up what is painted of a widget."""

    def __init__(self) -> None:
        super().__init__()
        self.region = QRegion()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.region = self.region.united(event.region())
        return False


def test_that_a_step_in_the_list_paints_the_rows_it_concerns(curator: Curator) -> None:
    curator.settle()
    thumbnails = curator.studio.findChild(Thumbnails)
    assert isinstance(thumbnails, Thumbnails)
    curator.qtbot.waitUntil(lambda: thumbnails.is_idle, timeout=20_000)
    curator.qtbot.wait(1)
    view = curator.list
    view.repaint()
    painted = _Painted()
    view.viewport().installEventFilter(painted)
    before = view.currentIndex()
    QTest.keyClick(curator.window, Qt.Key.Key_J)
    curator.settle()
    assert view.currentIndex().row() == before.row() + 1
    curator.qtbot.waitUntil(lambda: not painted.region.isEmpty(), timeout=5000)
    wanted = view.visualRect(before).united(view.visualRect(view.currentIndex()))
    assert painted.region.boundingRect() == wanted
    assert wanted.height() < view.viewport().height()


def test_that_a_list_that_was_scrolled_looks_as_if_painted_afresh(curator: Curator) -> None:
    curator.window.resize(1280, 640)
    curator.settle()
    view = curator.list
    for key in (Qt.Key.Key_J,) * 9 + (Qt.Key.Key_K,) * 4 + (Qt.Key.Key_J,) * 2:
        QTest.keyClick(curator.window, key)
        curator.settle()
    assert view.verticalScrollBar().value() > 0
    curator.qtbot.wait(1)
    seen = _on_screen(curator)
    view.viewport().repaint()
    assert seen == _on_screen(curator)


def _on_screen(curator: Curator) -> QImage:
    viewport = curator.list.viewport()
    place = viewport.rect().translated(viewport.mapTo(curator.window, viewport.rect().topLeft()))
    image = curator.window.backingStore().paintDevice()
    assert isinstance(image, QImage)
    return image.copy(place)
