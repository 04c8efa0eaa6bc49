"""The space where a packet is answered: one file with one person's questions, with no project at hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.studio import PACKET, START, Studio
from app.views.solve.entry import GOALS
from app.views.solve.sitting_space import SittingSpace
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import Bar, Card, Ground
from app.widgets.segmented import Segment, Segmented
from hopchain_core.errors import KnownError
from hopchain_core.packets import PacketSource, open_packet

WIDTH_PX = 480


class PacketSpace(SittingSpace):
    """Says whose packet it is, then shows its questions. ``studio.go("packet", path=FILE)`` opens one.

    Attributes:
        sitting: The questions.
        begin: Begins.
        goal: How many questions this sitting is to have.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(studio, PACKET, parent)
        self._path: Path | None = None
        self._source: PacketSource | None = None
        self.title = Label("", "title", wraps=True)
        self.text = QuestionLabel("", "body", tone="text-secondary")
        self.bar = Bar("Answered")
        self.goal = Segmented([Segment(goal, goal or "All") for goal in GOALS], "Questions in this sitting")
        self.goal.set_value("40")
        self.begin = Button("Begin", kind=ButtonKind.PRIMARY, size_=ButtonSize.LARGE, keys="Return", shows_keys=True)
        self.folder = Button("Show the file", "folder-open", ButtonKind.QUIET)
        self.away = Button("Close", "cross", ButtonKind.QUIET)
        self.set_page(self._entry())
        self.begin.clicked.connect(self._begin)
        self.folder.clicked.connect(self._show_file)
        self.away.clicked.connect(self._leave_packet)
        studio.leaving.connect(self._end)

    def _entry(self) -> QWidget:
        ground = Ground("window")
        card = Card(margin=24, spacing=12)
        card.setFixedWidth(WIDTH_PX)
        goal = QHBoxLayout()
        goal.setSpacing(12)
        goal.addWidget(Label("Questions in this sitting", "meta", "secondary"))
        goal.addWidget(self.goal)
        goal.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(self.folder)
        foot.addStretch(1)
        foot.addWidget(self.away)
        card.box.addWidget(self.title)
        card.box.addWidget(self.text)
        card.box.addWidget(self.bar)
        card.box.addSpacing(4)
        card.box.addLayout(goal)
        card.box.addSpacing(4)
        card.box.addWidget(self.begin)
        card.box.addLayout(foot)
        ground.box.addStretch(1)
        ground.box.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        ground.box.addStretch(1)
        return ground

    def enter(self, where: Mapping[str, Any]) -> None:
        path = where.get("path")
        if isinstance(path, Path):
            self._open(path)
        self.focus_asked.emit(self._presenter is not None)

    def leave(self) -> None:
        self.leave_sitting()
        self._close()

    # The packet

    def _open(self, path: Path) -> None:
        self.leave_sitting()
        self._close()
        self._path = path
        self.begin.set_available(False, "the packet is being opened")
        self.title.setText(path.name)
        self.text.setText("")

        def fail(error: Exception) -> None:
            self._path = None
            self._studio.go("library" if self._studio.project is not None else START)
            self._studio.show_error(error)

        self._studio.bridge.edit(lambda: open_packet(path), self._take, failed=fail)

    def _take(self, source: PacketSource) -> None:
        if self._source is not None:
            self._source.close()
        self._source = source
        self._show_progress()
        self.begin.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_progress(self) -> None:
        source = self._source
        if source is None:
            return
        progress = source.progress()
        self.title.setText(f"{source.title}, for {source.annotator}")
        left = progress.left
        self.text.setText(
            f"{left:,} of {progress.total:,} questions are left. Answers are kept in this file as you give them."
            if left
            else "All questions are answered. Send the file back to whoever gave it to you."
        )
        self.bar.show_share(progress.answered / progress.total if progress.total else 0.0)
        self.begin.set_text("Begin" if not progress.answered else "Go on" if left else "Look back")
        self.begin.set_available(True)

    def _begin(self) -> None:
        source = self._source
        if source is None or self._presenter is not None or self._path is None:
            return
        self.sitting.what_next = f"Send {self._path.name} back to whoever gave it to you."
        self.sit_down(_Open(source), self.goal.value())

    def _fail(self, error: Exception) -> None:
        super()._fail(error)
        if isinstance(error, KnownError):
            self.leave_sitting()

    def _end(self) -> None:
        # The packet has nothing to do with the project that is left, but the studio may be about to close.
        self.leave_sitting()
        self._close()

    def _close(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            self._studio.bridge.edit(source.close)

    def _leave_packet(self) -> None:
        self._studio.go("library" if self._studio.project is not None else START)

    def _show_file(self) -> None:
        if self._path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))

    def _follow_sitting(self) -> None:
        # After what the sitting still writes.
        self._studio.bridge.edit(lambda: None, lambda _: self._show_progress())
        self.begin.setFocus(Qt.FocusReason.OtherFocusReason)


class _Open:
    """A source that stays open when a sitting ends: the next one goes on with it."""

    def __init__(self, source: PacketSource) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def close(self) -> None:
        """Nothing: the space closes the packet."""
