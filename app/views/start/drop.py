"""What is seen while something is dragged over the window: where it may be dropped, and what will come of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.presenters.detect import PROJECT_ENDING
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import tokens_of

_INSET_PX = 12


class DropVeil(QWidget):
    """Lies over the window while files are dragged over it; the drop itself is the window's.

    Args:
        window: What can be dropped on.
        can_drop: Whether anything may be dropped now.
    """

    def __init__(self, window: QWidget, can_drop: Callable[[], bool]) -> None:
        super().__init__(window)
        self._window = window
        self._can_drop = can_drop
        self._text = ""
        # What is dragged must reach the window beneath.
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        window.installEventFilter(self)
        self.hide()

    def text(self) -> str:
        """What is said to come of it."""
        return self._text

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows what is dragged over the window, and refuses it while something is being made."""
        if watched is not self._window:
            return False
        match event.type():
            case QEvent.Type.DragEnter if isinstance(event, QDragEnterEvent):
                paths = dragged(event.mimeData())
                if paths and not self._can_drop():
                    event.ignore()
                    return True
                if paths:
                    self._show(promise(paths))
            case QEvent.Type.DragLeave | QEvent.Type.Drop:
                self.hide()
            case QEvent.Type.Resize:
                self.setGeometry(self._window.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(t.window)
        ground.setAlphaF(0.88)
        painter.fillRect(self.rect(), ground)
        frame = QRectF(self.rect()).adjusted(_INSET_PX, _INSET_PX, -_INSET_PX, -_INSET_PX)
        painter.setPen(QPen(t.accent, 2, Qt.PenStyle.DashLine))
        painter.setBrush(t.accent_soft)
        painter.drawRoundedRect(frame, 8, 8)
        middle = frame.center()
        paint_icon(painter, "import", QRectF(middle.x() - 20, middle.y() - 52, 40, 40), t.accent)
        painter.setFont(font("title"))
        painter.setPen(t.text)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        words = painter.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideMiddle, round(frame.width()) - 64)
        painter.drawText(QRectF(frame.left(), middle.y() + 4, frame.width(), 32), flags, words)

    def _show(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()
        self.update()


def dragged(mime: QMimeData) -> list[Path]:
    """The files that are dragged."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def promise(paths: Sequence[Path]) -> str:
    """What will come of a drop, told by the names alone: a disk may be slow, and the mouse must not wait."""
    project = next((path for path in paths if path.suffix.lower() == PROJECT_ENDING), None)
    if project is not None:
        return f"Drop to open {project.stem}"
    if paths[0].suffix.lower() == ".json":
        return f"Drop to take in the pictures of {paths[0].name}"
    return f"Drop to take in {paths[0].name}" if len(paths) == 1 else f"Drop to take in {len(paths)} files"
