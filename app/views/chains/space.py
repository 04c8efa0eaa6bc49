"""The chains: list at the left, picture in the middle, hops at the right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.canvas import PictureCanvas
from app.models.chain_words import MARK_WORDS, chain_name
from app.models.status_words import counted
from app.presenters.chain_detail import ChainDetail
from app.presenters.chain_mends import Mend, MendKind
from app.presenters.chain_search import ChainTotals, Segment
from app.presenters.chains import ChainsPresenter, Decision
from app.presenters.last_place import LastPlace
from app.studio import Studio
from app.thumbnails import Thumbnails
from app.views.chains import actions as ids
from app.views.chains.columns import Columns
from app.views.chains.edit import DraftNotice, EditDesk
from app.views.chains.leads import ChainLeads
from app.views.chains.list_panel import ChainListPanel
from app.views.chains.picture import ChainPicture
from app.views.chains.stepper import HopStepper
from app.views.chains.work import ChainWork
from app.widgets.action_button import ActionButton
from app.widgets.button import ButtonKind
from app.widgets.panel import EmptyState
from app.widgets.space import SpaceView
from hopchain_core.domain.keys import ImageKey, InstanceKey
from hopchain_core.domain.review import MarkKind
from hopchain_core.errors import PictureError
from hopchain_core.project import ChainSort, StepPlaces

_ORDER = "chains.order"
_SEGMENT = "chains.segment"
_OPEN = "chains.open"


class ChainsSpace(SpaceView):
    """The chains of the project, one of them open.

    ``studio.go("chains", chain=KEY_OR_NUMBER, hop=2)`` opens one; ``image=KEY`` lists those of a picture;
    ``only=numbers, only_words="the answer is 9"`` lists just those.

    Attributes:
        presenter: What is open, and at which hop.
        list: The column of chains.
        canvas: The picture.
        stepper: The column of hops.
        side: The column at the right: hops, or what stands in their place.
        desk: Editing and history, which take the place of the hops.
        draft: Says that a draft of the open chain is kept.
    """

    def __init__(self, studio: Studio, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.presenter = ChainsPresenter(studio, self)
        self._is_first = True
        self._last = LastPlace(studio, _OPEN)
        self.parts = self._build(thumbnails)

    def _build(self, thumbnails: Thumbnails) -> Iterator[None]:
        studio = self._studio
        self.canvas = PictureCanvas(studio.bridge.ask)
        self.side = QStackedWidget()
        self.desk = EditDesk(studio, self.canvas, self)
        self.draft = DraftNotice(self.desk.edit)
        yield
        # Whether an action can be done is asked from now on, of the parts made above.
        self.picture = ChainPicture(self.canvas, self.presenter, studio.settings, self)
        self.leads = ChainLeads(studio, self.presenter, self)
        # Last, for as soon as they are in the table they are asked whether they can be done.
        studio.actions.add(*ids.chains_actions(studio, self.presenter, self, self.picture, self.leads))
        yield
        self.list = ChainListPanel(self.presenter.search, studio.actions, thumbnails)
        yield
        self.work = ChainWork(studio.actions, self.canvas, self.picture, self.draft)
        self.header, self.tools, self.graph = self.work.header, self.work.tools, self.work.graph
        self.stepper = HopStepper(studio.actions, self.canvas.colour)
        yield
        self.side.addWidget(self.stepper)
        self.desk.join(self.side)
        self.no_chains = EmptyState(
            "No chains yet",
            "Chains are composed in the pipeline, from the instances in the pictures.",
            icon="chains",
            action=ActionButton(studio.actions, ids.TO_PIPELINE, ButtonKind.PRIMARY, text="To the pipeline"),
        )
        self._nothing_open = EmptyState("No chain is open", "Choose one from the list.", icon="chains")
        self._lay_out()
        self._connect()
        self._restore()
        self._show_chain(None)
        if isinstance(number := self._last.last(), int):
            self.presenter.prefer(number)

    # Where the person goes

    def enter(self, where: Mapping[str, Any]) -> None:
        presenter = self.presenter
        changes = {
            name: where[name] for name in ("text", "category", "pass_rate", "only", "only_words") if name in where
        }
        for one, several in (("rule", "rules"), ("status", "statuses"), ("composer", "composers")):
            if one in where:
                changes[several] = (where[one],)
        image = where.get("image")
        if isinstance(image, str):
            changes["image"] = ImageKey(image)
        if changes:
            presenter.search.clear()
            presenter.search.choose(segment=Segment.ALL, **changes)
        chain, hop = where.get("chain"), where.get("hop")
        if chain is not None:
            name = chain_name(chain) if isinstance(chain, int) else str(chain)
            presenter.open_named(name, hop if isinstance(hop, int) else None)
        elif changes:
            presenter.forget_place()
        elif isinstance(hop, int):
            presenter.show_hop(hop)
        presenter.set_active(True)
        self.list.list.look_again()
        self.list.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_status(presenter.detail)

    def shows(self, places: StepPlaces) -> bool:
        detail = self.presenter.detail
        about = (*places.chains, *places.corrected)
        is_here = detail is not None and not {v.chain.key for v in detail.versions}.isdisjoint(about)
        return is_here or self.presenter.goes_back_to(places.chains)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.header.follow_window()

    def leave(self) -> None:
        self.presenter.set_active(False)
        self.canvas.set_bare(False)

    # What the tour points at

    @property
    def question(self) -> QWidget:
        """The head with question and answer."""
        return self.header

    @property
    def decisions(self) -> QWidget:
        """Accept, reject and the rest."""
        return self.stepper.decision

    # What the actions do here

    @property
    def is_editing(self) -> bool:
        """A chain is being edited."""
        return self.desk.is_editing

    def ask_reason(self) -> None:
        """Asks why the chain is rejected."""
        self.stepper.decision.ask_reason()

    def write_comment(self) -> None:
        """Gives the keyboard to the field for comments."""
        self.stepper.write_comment()

    def edit(self) -> None:
        """Edits the open chain, beginning with the hop that is shown."""
        if self.presenter.detail is not None:
            self.desk.begin(self.presenter.detail, self.presenter.hop)

    def edit_question(self) -> None:
        """Edits the open chain, beginning with its question."""
        if self.presenter.detail is not None:
            self.desk.begin(self.presenter.detail, None)

    def show_history(self) -> None:
        """Shows the versions of the open chain beside each other."""
        if self.presenter.detail is not None:
            self.desk.show_history(self.presenter.detail)

    def focus_search(self) -> None:
        """Gives the keyboard to the search."""
        self.list.focus_search()

    def open_filters(self) -> None:
        """Shows the filters."""
        self.list.open_filters()

    # What is shown

    def _show_chain(self, detail: ChainDetail | None) -> None:
        hop = self.presenter.hop
        may_edit = self.presenter.may_decide
        self._stack.setCurrentWidget(self.work if detail is not None else self._nothing_open)
        if detail is not None:
            self._last.note(detail.stored.number)
            self.work.show_words(detail, hop)
        # The list before the picture: a long way in it costs a repaint, and the picture comes from elsewhere.
        self.list.list.show_open(detail.stored.number if detail is not None else None, is_centred=self._is_first)
        self._is_first = self._is_first and detail is None
        self.work.show_picture(detail, hop)
        self.stepper.show_chain(detail, hop, may_edit=may_edit)
        self.desk.follow_chain(detail)
        if self.desk.draft.detail is not None:
            self._show_draft_as_it_is()
        self._show_draft()
        self._show_status(detail)

    def _show_hop(self, hop: int | None) -> None:
        self.stepper.show_hop(hop)
        self.desk.follow_hop(hop)
        self.work.show_hop(*self.desk.shown(self.presenter.detail, hop))

    def _show_draft_as_it_is(self) -> None:
        """What is being written is seen as it is written; once that ends, the version in the project."""
        stored = self.presenter.detail
        detail, hop = self.desk.shown(stored, self.presenter.hop)
        if detail is not None:
            self.work.show_draft(detail, hop)

    def _ask_hop(self, number: int) -> None:
        if self.desk.draft.detail is not None:
            self.desk.panel.go_to_hop(number)
        else:
            self.presenter.show_hop(number)

    def _show_draft(self) -> None:
        detail = self.presenter.detail
        # The fields take the place of the header: what is being written stands in one place only.
        self.header.setVisible(not self.is_editing)
        is_offered = detail is not None and not self.is_editing and not self._studio.is_read_only
        versions = detail.versions if detail is not None else ()
        self.draft.show_kept(self.desk.edit.kept_for(v.chain.key for v in versions) if is_offered else None)
        self._studio.actions.refresh()

    def _show_totals(self, totals: ChainTotals) -> None:
        is_empty = totals.is_read and not totals.chains
        self._pages.setCurrentWidget(self.no_chains if is_empty else self._split)
        self.list.list.show_open(self.presenter.number)

    def _show_colours(self) -> None:
        self.tools.show_colours()
        self.stepper.show_colours()

    def _show_status(self, detail: ChainDetail | None) -> None:
        if detail is None:
            self.status_changed.emit("")
            return
        image = detail.image
        self.status_changed.emit(
            f"{image.path.rpartition('/')[2]} · {image.width_px} × {image.height_px} · "
            f"{counted(len(detail.facts.instances), 'instance')}"
        )

    def _tell_decision(self, decision: Decision) -> None:
        name = chain_name(decision.number)
        if decision.kind is None:
            self._studio.toast(f"{name}: decision taken back")
            return
        word = MARK_WORDS[decision.kind]
        kind = {MarkKind.ACCEPT: "ok", MarkKind.REJECT: "bad", MarkKind.FLAG: "warn"}[decision.kind]
        self._studio.toast(
            f"{name} {word.text.lower()}", kind, action="Undo", run=lambda: self.presenter.take_back(decision)
        )

    # From the person

    def _mend(self, mend: Mend) -> None:
        if mend.kind in (MendKind.TAKE_RECOMPUTED, MendKind.FOLLOW):
            self.presenter.take_mend(mend)
        elif mend.kind is MendKind.SHOW_SAID:
            self.leads.show_said(mend)
        else:
            self._edit_hop(mend.hop)

    def _edit_hop(self, hop: int | None) -> None:
        if hop is not None:
            self.presenter.show_hop(hop)
        self._studio.actions.trigger(ids.EDIT)

    def _reject(self, reason: str) -> None:
        self.presenter.decide(MarkKind.REJECT, reason)
        self._focus_list()

    def _focus_list(self) -> None:
        self.list.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _hover(self, key: InstanceKey | None) -> None:
        self.canvas.set_hovered(key)

    def _take_order(self, sort: ChainSort, descending: bool) -> None:
        self._studio.settings.set(_ORDER, [sort.value, descending])
        self.presenter.search.choose(sort=sort, descending=descending)

    # Laying out

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.work)
        self._stack.addWidget(self._nothing_open)
        self._split = Columns(self._studio.settings, self.list, self._stack, self.side)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._split)
        self._pages.addWidget(self.no_chains)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.chain_shown.connect(self._show_chain)
        presenter.hop_shown.connect(self._show_hop)
        presenter.decided.connect(self._tell_decision)
        presenter.search.listed.connect(self._show_totals)
        presenter.search.choice_changed.connect(
            lambda choice: self._studio.settings.set(_SEGMENT, choice.segment.value)
        )
        self.list.list.number_chosen.connect(presenter.open_number)
        self.list.sorted_by.connect(self._take_order)
        self.header.history_asked.connect(lambda: self._studio.actions.trigger(ids.HISTORY))
        self.header.version_chosen.connect(lambda _: self._studio.actions.trigger(ids.HISTORY))
        self.stepper.hop_asked.connect(presenter.show_hop)
        self.graph.hop_asked.connect(self._ask_hop)
        self.stepper.edit_asked.connect(self._edit_hop)
        self.stepper.mend_asked.connect(self._mend)
        self.stepper.copy_asked.connect(lambda text: self.leads.copy(text, "Sub-question copied"))
        self.stepper.instance_hovered.connect(self._hover)
        self.stepper.decision.rejected.connect(self._reject)
        self.stepper.decision.reasons.given_up.connect(self._focus_list)
        self.stepper.comments.written.connect(presenter.comment)
        self.stepper.comments.left.connect(self._focus_list)
        self.desk.hop_asked.connect(presenter.show_hop)
        self.desk.changed.connect(self._show_draft)
        self.desk.drafted.connect(self._show_draft_as_it_is)
        # On the picture one picks from all that is there.
        self.desk.edit.changed.connect(lambda: self.picture.suspend(self.desk.edit.picking is not None))
        self.desk.left.connect(self._focus_list)
        self.draft.resume_asked.connect(lambda: self._studio.actions.trigger(ids.EDIT))
        self.tools.instance_hovered.connect(self._hover)
        self.tools.zoom_clicked.connect(self.picture.release_zoom)
        self.picture.follows_changed.connect(lambda _: self._studio.actions.refresh())
        self.canvas.bare_changed.connect(lambda _: self._studio.actions.refresh())
        self.tools.tone_changed.connect(self.canvas.set_tone)
        self.canvas.view_changed.connect(self.tools.show_scale)
        self.canvas.colours_changed.connect(self._show_colours)
        self.canvas.instances_shown.connect(self._show_colours)
        self.canvas.failed.connect(self._picture_failed)

    def _picture_failed(self, error: Exception) -> None:
        # The canvas itself says that a picture cannot be read; a dialog at each chain of it would be in the way.
        if not isinstance(error, (PictureError, OSError)):
            self._studio.show_error(error)

    def _restore(self) -> None:
        settings, search = self._studio.settings, self.presenter.search
        sort, descending = (settings.get(_ORDER, None) or [ChainSort.PATH.value, False])[:2]
        segment = settings.get(_SEGMENT, Segment.ALL.value)
        changes: dict[str, Any] = {}
        if sort in set(ChainSort):
            changes |= {"sort": ChainSort(sort), "descending": bool(descending)}
        if segment in set(Segment):
            changes["segment"] = Segment(segment)
        search.choose(**changes)
