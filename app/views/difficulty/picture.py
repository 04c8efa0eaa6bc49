"""The picture of the open chain, large, with its question and label over it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.models.chain_words import chain_name
from app.presenters.difficulty import Opened
from app.studio import Studio
from app.style.icons import paint_icon
from app.style.tokens import tokens_of
from app.thumbnails import to_image
from app.widgets.button import Button, ButtonKind
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import Ground, Line
from hopchain_core.errors import PictureError
from hopchain_core.project import DifficultyRow

_SIDE_PX = 2400


class PicturePane(Ground):
    """Stands in place of charts and table while a person looks at the picture.

    Args:
        studio: Reads the picture in another thread.
    """

    closed = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self._studio = studio
        self._key = ""
        self.name, self.label = Label("", "heading"), Label("", "meta", "secondary")
        self.question = QuestionLabel("", "question", most_lines=5)
        self.canvas = _Shown()
        close = Button("", "cross", ButtonKind.QUIET, name="Back to the table")
        close.clicked.connect(self.closed)
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(16, 8, 16, 12)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.name)
        row.addWidget(self.label)
        row.addStretch(1)
        row.addWidget(close)
        column.addLayout(row)
        column.addWidget(self.question)
        self.box.addWidget(top)
        self.box.addWidget(Line())
        self.box.addWidget(self.canvas, 1)

    def show_opened(self, opened: Opened | None) -> None:
        """Shows another chain's picture."""
        if opened is None:
            return
        row = opened.row
        self.name.setText(chain_name(row.number))
        self.label.setText(f"Label {row.label} · {row.difficulty.words}")
        self.question.setText(" ".join(row.question.split()))
        if row.image_key != self._key:
            self._key = row.image_key
            self._read(row)

    def _read(self, row: DifficultyRow) -> None:
        project = self._studio.need_project()
        self.canvas.show_image(None)

        def fail(error: Exception) -> None:
            if isinstance(error, (PictureError, OSError)):
                self.canvas.show_problem("The picture is not where it was, or cannot be read.")
            else:
                self._studio.show_error(error)

        self._studio.bridge.ask(
            lambda: to_image(project.read_picture(row.image_path, _SIDE_PX)),
            self.canvas.show_image,
            key="difficulty picture",
            failed=fail,
        )


class _Shown(QWidget):
    """A picture as large as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._problem = ""
        self.setAccessibleName("Picture")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def image(self) -> QImage | None:
        """What is shown."""
        return self._image

    def show_image(self, image: QImage | None) -> None:
        """Shows one; None while it is being read."""
        self._image, self._problem = image, ""
        self.update()

    def show_problem(self, text: str) -> None:
        """Says why there is none."""
        self._image, self._problem = None, text
        self.setAccessibleName(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.canvas)
        room = self.rect().toRectF().adjusted(16, 16, -16, -16)
        if self._image is None:
            if self._problem:
                icon = QRectF(room.center().x() - 16, room.center().y() - 40, 32, 32)
                paint_icon(painter, "warning", icon, t.warn)
                painter.setPen(t.text)
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self._problem)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        scale = min(room.width() / self._image.width(), room.height() / self._image.height(), 3.0)
        shown = QRectF(0, 0, self._image.width() * scale, self._image.height() * scale)
        shown.moveCenter(room.center())
        painter.drawImage(shown, self._image)
