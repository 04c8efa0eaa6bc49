"""Puts editing and history into the column of hops, and keeps them in step with the chain that is open."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.canvas import PictureCanvas
from app.presenters.chain_detail import ChainDetail
from app.presenters.chain_edit import ChainEdit
from app.studio import Studio
from app.views.chains.edit.draft_view import DraftView
from app.views.chains.edit.history_panel import HistoryPanel
from app.views.chains.edit.panel import EditPanel


class EditDesk(QObject):
    """What the space of chains needs of editing.

    Args:
        studio: What everything shares.
        canvas: The picture.
        parent: Owner.

    Attributes:
        edit: What is edited, and its drafts.
        panel: Its fields.
        history: The versions.
        draft: The chain as it is being written, for the picture and the graph.
    """

    changed = Signal()
    """Another panel stands in the column."""
    left = Signal()
    """The hops stand there again; nothing here has the keyboard any more."""
    hop_asked = Signal(int)
    """A person opened a hop among the fields; its number in the version that is edited."""
    drafted = Signal()
    """There is something else to see of the draft, or none any more."""

    def __init__(self, studio: Studio, canvas: PictureCanvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._side: QStackedWidget | None = None
        self._detail: ChainDetail | None = None
        self.edit = ChainEdit(studio, self)
        self.panel = EditPanel(studio, self.edit)
        self.panel.attach_canvas(canvas)
        self.history = HistoryPanel(studio, canvas.colour)
        self.draft = DraftView(studio.bridge, self.edit, self)
        self.draft.changed.connect(self.drafted)
        self.panel.hop_opened.connect(self._take_hop)
        self.edit.ended.connect(self._leave)
        self.history.closed.connect(self._leave)

    def join(self, side: QStackedWidget) -> None:
        """Takes the column in which the panels take the place of the hops, its first widget."""
        self._side = side
        side.addWidget(self.panel)
        side.addWidget(self.history)

    @property
    def is_editing(self) -> bool:
        """A chain is being edited."""
        return self.edit.is_editing

    @property
    def shows_history(self) -> bool:
        """The versions stand in the column."""
        return self._side is not None and self._side.currentWidget() is self.history

    def begin(self, detail: ChainDetail, hop: int | None) -> None:
        """Edits a chain, beginning with the sub-question of a hop; with the question where there is none."""
        self._detail = detail
        self.draft.follow_chain(detail)
        self.edit.begin(detail.stored, detail.facts)
        if self.edit.is_editing:
            self._put(self.panel)
            self.panel.start(hop)

    def show_history(self, detail: ChainDetail) -> None:
        """Shows the versions of a chain; closes them where they are shown already."""
        self._detail = detail
        if self.shows_history:
            self._leave()
            return
        if not self.edit.is_editing:
            self.history.show_versions(detail.versions, takes_keyboard=True)
            self._put(self.history)

    def follow_chain(self, detail: ChainDetail | None) -> None:
        """The chain that is open changed, or another one is open: a draft of the old one is put aside and kept."""
        was, self._detail = self._detail, detail
        self.draft.follow_chain(detail)
        if self.edit.is_editing:
            base = self.edit.state.base
            keys = {v.chain.key for v in detail.versions} if detail is not None else frozenset()
            if base.key not in keys and base.supersedes not in keys:
                self.edit.put_aside()
        if self.shows_history:
            if detail is None:
                self._leave()
            elif was is None or was.versions != detail.versions:
                self.history.show_versions(detail.versions)

    def shown(self, detail: ChainDetail | None, hop: int | None) -> tuple[ChainDetail | None, int | None]:
        """What is to be seen: the draft and the hop of it that is open, else what is given."""
        draft = self.draft.detail
        if draft is None or not self.edit.is_editing:
            return detail, hop
        number = self.panel.hop
        if number is None and hop is not None:
            number = self.edit.state.number_of(hop)
        return draft, number

    def follow_hop(self, hop: int | None) -> None:
        """Another hop is shown on the picture."""
        if self.edit.is_editing and hop is not None:
            number = self.edit.state.number_of(hop)
            if number is not None and number != self.panel.hop:
                self.panel.open_hop(number)

    def _take_hop(self, id_: int) -> None:
        # A hop that was added stands in no version yet.
        if id_ > 0:
            self.hop_asked.emit(id_)
        self.drafted.emit()

    def _leave(self) -> None:
        first = self._side.widget(0) if self._side is not None else None
        if first is not None and self._side is not None and self._side.currentWidget() in (self.panel, self.history):
            self._put(first)
            self.left.emit()

    def _put(self, widget: QWidget) -> None:
        if self._side is not None and self._side.currentWidget() is not widget:
            self._side.setCurrentWidget(widget)
            self.changed.emit()
