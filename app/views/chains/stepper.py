"""The column of hops: one of them open, the checks over the whole chain beneath, and the decision at the foot."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.actions import ActionTable
from app.presenters.chain_detail import ChainDetail
from app.views.chains import actions as ids
from app.views.chains.comments import Comments
from app.views.chains.decision import DecisionBar
from app.views.chains.findings import WholeChain
from app.views.chains.hop_open import HopOpen
from app.views.chains.hop_row import HopRow
from app.views.chains.rollouts import RolloutLine
from app.widgets.action_button import ActionButton
from app.widgets.button import ButtonSize
from app.widgets.panel import Ground, PanelHead
from app.widgets.scroll import ScrollColumn
from hopchain_core.domain.keys import InstanceKey

Colour = Callable[[InstanceKey], QColor]
_STEP_PX = 60


class HopStepper(Ground):
    """All hops of the open chain.

    Args:
        actions: The table.
        colour: Of an instance on the canvas.
    """

    hop_asked = Signal(int)
    edit_asked = Signal(int)
    """Number of the hop to edit."""
    copy_asked = Signal(str)
    mend_asked = Signal(object)
    """A `Mend`."""
    instance_hovered = Signal(object)

    def __init__(self, actions: ActionTable, colour: Colour, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self._actions = actions
        self._colour = colour
        self._detail: ChainDetail | None = None
        self._hop: int | None = None
        self._may_edit = False
        self.rows: dict[int, HopRow] = {}
        self.open: HopOpen | None = None
        steps = [
            ActionButton(actions, name, shows_text=False, shows_keys=True) for name in (ids.PREVIOUS_HOP, ids.NEXT_HOP)
        ]
        for button in steps:
            button.setMinimumWidth(_STEP_PX)
        self.head = PanelHead("Hops", steps)
        self.head.box.setContentsMargins(16, 0, 16, 0)
        self.whole = WholeChain()
        self.rollouts = RolloutLine(ActionButton(actions, ids.ROLLOUTS, size_=ButtonSize.SMALL, text="Attempts"))
        self.comments = Comments()
        self.decision = DecisionBar(actions)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._hops = QVBoxLayout()
        self._hops.setSpacing(0)
        self._column.addLayout(self._hops)
        for part in (self.whole, self.rollouts, self.comments):
            self._column.addWidget(part)
        self._column.addStretch(1)
        self.area = ScrollColumn(self._inside, is_clear=True)
        self.box.addWidget(self.head)
        self.box.addWidget(self.area, 1)
        self.box.addWidget(self.decision)
        self._reveal_soon = QTimer(self)
        self._reveal_soon.setSingleShot(True)
        self._reveal_soon.setInterval(0)
        self._reveal_soon.timeout.connect(self._reveal)
        self.whole.hop_asked.connect(self.hop_asked)
        self.whole.mend_asked.connect(self.mend_asked)

    def show_chain(self, detail: ChainDetail | None, hop: int | None, *, may_edit: bool) -> None:
        """Shows another chain, or the same one after a change."""
        was, was_at = self._detail, self._hop
        is_other = was is None or detail is None or detail.stored.number != was.stored.number
        self._detail, self._hop, self._may_edit = detail, hop, may_edit
        self._clear()
        self.decision.show_chain(detail)
        for part in (self.whole, self.rollouts, self.comments):
            part.setVisible(detail is not None)
        if detail is None:
            self.head.show_figure("")
            return
        for one in detail.chain.hops:
            row = HopRow(detail, one)
            row.clicked.connect(lambda _=False, n=one.index: self.hop_asked.emit(n))
            self.rows[one.index] = row
            self._hops.addWidget(row)
        self.rollouts.show_chain(detail)
        self.comments.show_chain(detail, may_write=may_edit)
        at_px = self.area.verticalScrollBar().value()
        was_told = not is_other and was is not None and len(detail.comments) > len(was.comments)
        self._open(hop)
        if is_other:
            self.area.verticalScrollBar().setValue(0)
        elif hop == was_at:
            # The same place after a change: whoever reads further down goes on reading there.
            self._reveal_soon.stop()
            self.area.verticalScrollBar().setValue(at_px)
        if was_told:
            # What was just written is seen where it stands.
            self._reveal_soon.stop()
            QTimer.singleShot(0, self, self._reveal_comments)

    def show_hop(self, hop: int | None) -> None:
        """Opens another hop."""
        if hop != self._hop or self.open is None:
            self._hop = hop
            self._open(hop)

    def show_colours(self) -> None:
        """Takes the colours that instances have on the canvas now."""
        if self.open is not None:
            self.open.show_colours()

    def write_comment(self) -> None:
        """Gives the keyboard to the field for comments."""
        self.comments.write()
        QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(self.comments.field, 0, 16))

    def _open(self, hop: int | None) -> None:
        detail = self._detail
        if self.open is not None:
            old = self.open
            self.open = None
            self._hops.removeWidget(old)
            old.hide()
            old.deleteLater()
        for index, row in self.rows.items():
            row.setVisible(index != hop)
        if detail is None:
            return
        one = detail.hop_at(hop) if hop is not None else None
        if one is not None:
            edit_keys, mend_keys = self._actions.first_key(ids.EDIT), self._actions.first_key(ids.MEND)
            opened = HopOpen(detail, one, self._colour, edit_keys, mend_keys, may_edit=self._may_edit)
            opened.hop_asked.connect(self.hop_asked)
            opened.edit_asked.connect(lambda: self.edit_asked.emit(one.index))
            opened.copy_asked.connect(self.copy_asked)
            opened.mend_asked.connect(self.mend_asked)
            opened.instance_hovered.connect(self.instance_hovered)
            self._hops.insertWidget(self._hops.indexOf(self.rows[one.index]) + 1, opened)
            self.open = opened
        places = [h.index for h in detail.chain.hops]
        here = places.index(hop) + 1 if hop in places else 0
        self.head.show_figure(f"{here} of {len(places)}" if places else "none")
        self.whole.show_chain(detail, hop, may_mend=self._may_edit)
        self._reveal_soon.start()

    def _reveal(self) -> None:
        if self.open is not None:
            self.area.ensureWidgetVisible(self.open, 0, 0)
            self.area.horizontalScrollBar().setValue(0)

    def _reveal_comments(self) -> None:
        self.area.ensureWidgetVisible(self.comments.newest or self.comments, 0, 16)

    def _clear(self) -> None:
        if self.open is not None:
            self._hops.removeWidget(self.open)
            self.open.hide()
            self.open.deleteLater()
            self.open = None
        for row in self.rows.values():
            self._hops.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows.clear()
