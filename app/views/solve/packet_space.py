"""The space where a packet is answered: one file with one person's questions, with no project at hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.presenters.solve import SolvePresenter
from app.studio import PACKET, START, Studio
from app.views.solve.actions import solve_actions
from app.views.solve.entry import GOALS
from app.views.solve.sitting import Sitting
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import Bar, Card, Ground
from app.widgets.segmented import Segment, Segmented
from app.widgets.space import SpaceView
from hopchain_core.errors import KnownError
from hopchain_core.packets import PacketSource, open_packet

WIDTH_PX = 480


class PacketSpace(SpaceView):
    """Says whose packet it is, then shows its questions. ``studio.go("packet", path=FILE)`` opens one.

    Attributes:
        sitting: The questions.
        begin: Begins.
        goal: How many questions this sitting is to have.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._path: Path | None = None
        self._source: PacketSource | None = None
        self._presenter: SolvePresenter | None = None
        self.sitting = Sitting(studio.actions, studio.bridge.ask, PACKET)
        self.title = Label("", "title", wraps=True)
        self.text = QuestionLabel("", "body", tone="text-secondary")
        self.bar = Bar("Answered")
        self.goal = Segmented([Segment(goal, goal or "All") for goal in GOALS], "Questions in this sitting")
        self.goal.set_value("40")
        self.begin = Button("Begin", kind=ButtonKind.PRIMARY, size_=ButtonSize.LARGE, keys="Return", shows_keys=True)
        self.folder = Button("Show the file", "folder-open", ButtonKind.QUIET)
        self.away = Button("Close", "cross", ButtonKind.QUIET)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._entry())
        self._stack.addWidget(self.sitting)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)
        studio.actions.add(*solve_actions(self, PACKET))
        self.begin.clicked.connect(self._begin)
        self.folder.clicked.connect(self._show_file)
        self.away.clicked.connect(self._leave_packet)
        self.sitting.left.connect(self.leave_sitting)
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
        goal = self.goal.value()
        presenter = SolvePresenter(_Open(source), self._studio.bridge, self)
        presenter.failed.connect(self._fail)
        presenter.question_shown.connect(lambda _: self._studio.actions.refresh())
        presenter.held.connect(lambda _: self._studio.actions.refresh())
        self._presenter = presenter
        self.sitting.what_next = f"Send {self._path.name} back to whoever gave it to you."
        self._stack.setCurrentWidget(self.sitting)
        self.sitting.show_presenter(presenter)
        self._studio.set_undo_here(self.sitting.undo_last)
        self.focus_asked.emit(True)
        presenter.begin(int(goal) if goal else None)

    def _fail(self, error: Exception) -> None:
        self._studio.show_error(error)
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

    # What the actions do

    @property
    def has_sitting(self) -> bool:
        """Somebody answers."""
        return self._presenter is not None

    @property
    def has_question(self) -> bool:
        """A question is shown."""
        return self.sitting.question is not None

    def cannot_tell(self) -> None:
        """The picture does not show it."""
        self.sitting.cannot_tell()

    def ask_reason(self) -> None:
        """Asks what is ambiguous."""
        self.sitting.ask_reason()

    def skip(self) -> None:
        """Later."""
        self.sitting.skip()

    def fit(self) -> None:
        """All of the picture."""
        self.sitting.fit()

    def actual_size(self) -> None:
        """One pixel of the picture to one of the screen."""
        self.sitting.canvas.one_to_one()

    def leave_sitting(self) -> None:
        """Ends the sitting; the packet stays open."""
        if self._presenter is None:
            return
        self._presenter = None
        self._studio.set_undo_here(None)
        self.sitting.end()
        self._stack.setCurrentIndex(0)
        self.focus_asked.emit(False)
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
