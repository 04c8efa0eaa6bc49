"""Disputed questions: list at the left, picture and steps in the middle over the answers, agreement at the right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.canvas import PictureCanvas
from app.models.chain_words import chain_name
from app.presenters.adjudicate import AdjudicatePresenter, Disputes, OpenDispute
from app.presenters.parting import parting
from app.studio import Studio
from app.thumbnails import Thumbnails
from app.views.adjudicate.actions import AGREEMENT, adjudicate_actions
from app.views.adjudicate.agreement_panel import AgreementPanel
from app.views.adjudicate.answers import AnswersPanel
from app.views.adjudicate.decision import DecisionBar, NumberPopup, RefusePopup, SendBackDialog
from app.views.adjudicate.figures import FiguresDialog
from app.views.adjudicate.list_panel import DisputeList, DisputeModel
from app.views.adjudicate.steps import StepList
from app.views.chains.picture import ChainPicture
from app.widgets.action_button import ActionButton
from app.widgets.button import ButtonKind
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import EmptyState, Ground, Line, PanelHead
from app.widgets.space import SpaceView
from hopchain_core.domain.agreement_report import AgreementReport
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import AdjudicationKind

_LIST_PX, _STEPS_PX = 304, 248
_NARROW_PX = 1400
"""Below this the agreement gives way. Chosen."""


class AdjudicateSpace(SpaceView):
    """What people did not agree on.

    ``studio.go("adjudicate", chain=KEY)`` opens one.

    Attributes:
        presenter: What is listed and open.
        list: The questions.
        canvas: The picture.
        steps: The chain's own steps.
        answers: Side by side.
        decision: The buttons.
        agreement: The figures.
    """

    def __init__(self, studio: Studio, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._report: AgreementReport | None = None
        self._hop: int | None = None
        self._is_agreement_asked = False
        self.presenter = AdjudicatePresenter(studio, self)
        self.model = DisputeModel(self)
        self.list = DisputeList(self.model, thumbnails)
        self.canvas = PictureCanvas(studio.bridge.ask)
        self.picture = ChainPicture(self.canvas, self.presenter, studio.settings, self)
        self.steps = StepList()
        self.answers = AnswersPanel()
        studio.actions.add(*adjudicate_actions(self, self.presenter, studio))
        self.decision = DecisionBar(studio.actions)
        self.agreement = AgreementPanel()
        self.question = QuestionLabel("", "question", most_lines=4)
        self.facts = Label("", "meta", "secondary")
        self.proposed = Label("", "figure-small")
        self.nothing = EmptyState(
            "Nothing is disputed",
            "Questions that people answer differently come here.",
            icon="adjudicate",
            action=ActionButton(studio.actions, "people.open", ButtonKind.DEFAULT),
        )
        self._lay_out()
        self._connect()
        self._show_open(None)

    def enter(self, where: Mapping[str, Any]) -> None:
        self.presenter.set_active(True)
        chain = where.get("chain")
        if isinstance(chain, str):
            self.presenter.choose(ChainKey(chain))
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        self.presenter.set_active(False)

    # What can be done

    def fit(self) -> None:
        """All of the picture."""
        self.picture.fit()

    def show_agreement(self) -> None:
        """Shows or hides the agreement where the window is too narrow for it to stand there always."""
        if self._is_wide:
            self._show_figures()
        else:
            self._is_agreement_asked = not self._is_agreement_asked
            self._place_agreement()

    def take_at(self, position: int) -> None:
        answer = self.answers.at(position)
        if answer is not None:
            self.presenter.take(answer)

    def _take_chosen(self) -> None:
        answer = self.answers.answer
        opened = self.presenter.open
        if answer is not None and opened is not None and opened.dispute.adjudication is None:
            self.presenter.take(answer)

    def ask_number(self) -> None:
        popup = NumberPopup(self.presenter.write, self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        button = self.decision.write
        popup.open_at(button.mapToGlobal(button.rect().topLeft()))

    def ask_reason(self) -> None:
        popup = RefusePopup(self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.refused.connect(self.presenter.refuse)
        button = self.decision.refuse
        popup.open_at(button.mapToGlobal(button.rect().topRight()), is_right=True)

    def ask_edit(self) -> None:
        opened = self.presenter.open
        if opened is not None:
            chain = opened.dispute.stored.chain
            SendBackDialog(chain.question, chain.answer.text, self.presenter.send_back, self.window()).open()

    def open_chain(self) -> None:
        opened = self.presenter.open
        if opened is not None:
            self._studio.go("chains", chain=opened.detail.stored.number, hop=self._hop)

    def step_hop(self, by: int) -> None:
        opened = self.presenter.open
        if opened is not None:
            hops = [hop.index for hop in opened.detail.chain.hops]
            place = hops.index(self._hop) if self._hop in hops else -1
            self._show_hop(hops[max(0, min(len(hops) - 1, place + by))])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take_chosen()
            return
        if event.key() == Qt.Key.Key_Escape and self._is_agreement_asked:
            self.show_agreement()
            return
        super().keyPressEvent(event)

    # What is shown

    def _lay_out(self) -> None:
        left = Ground("surface")
        left.setFixedWidth(_LIST_PX)
        self._agreement_button = ActionButton(self._studio.actions, AGREEMENT, ButtonKind.QUIET)
        self._head = PanelHead("Adjudicate", (self._agreement_button,))
        left.box.addWidget(self._head)
        left.box.addWidget(self.list, 1)
        question = Ground("surface", is_row=True, margins=(16, 12, 0, 12), spacing=16)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.facts)
        words.addWidget(self.question)
        words.addStretch(1)
        number = QVBoxLayout()
        number.setContentsMargins(0, 0, 0, 0)
        number.setSpacing(0)
        number.addStretch(1)
        number.addWidget(Label("Proposed", "caption-strong", "secondary"), 0, Qt.AlignmentFlag.AlignHCenter)
        number.addWidget(self.proposed, 0, Qt.AlignmentFlag.AlignHCenter)
        number.addStretch(1)
        holder = QWidget()
        holder.setFixedWidth(116)
        holder.setLayout(number)
        question.box.addLayout(words, 1)
        question.box.addWidget(Line(is_vertical=True))
        question.box.addWidget(holder)
        self.steps.setFixedWidth(_STEPS_PX)
        seen = QHBoxLayout()
        seen.setSpacing(0)
        seen.addWidget(self.canvas, 1)
        seen.addWidget(Line(is_vertical=True))
        seen.addWidget(self.steps)
        middle = Ground("window")
        middle.box.addWidget(question)
        middle.box.addWidget(Line())
        middle.box.addLayout(seen, 1)
        middle.box.addWidget(Line())
        middle.box.addWidget(self.answers)
        middle.box.addWidget(self.decision)
        self._stack = QStackedWidget()
        self._stack.addWidget(middle)
        self._stack.addWidget(self.nothing)
        self._middle = middle
        self._line = Line(is_vertical=True)
        side = QHBoxLayout()
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        side.addWidget(self._line)
        side.addWidget(self.agreement)
        self._side = QWidget(self)
        self._side.setLayout(side)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(left)
        self._row.addWidget(Line(is_vertical=True))
        self._row.addWidget(self._stack, 1)
        self._row.addWidget(self._side)

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.listed.connect(self._show_list)
        presenter.opened.connect(self._show_open)
        presenter.reported.connect(self._show_report)
        presenter.refused.connect(lambda text: self._studio.toast(text, "warn"))
        self.list.chosen.connect(presenter.choose)
        self.steps.chosen.connect(self._show_hop)
        self.answers.chosen.connect(lambda answer: self.decision.show_choice(answer, not self._studio.is_read_only))
        self.decision.taken.connect(self._take_chosen)
        self.agreement.policy_chosen.connect(presenter.set_policy)
        self.agreement.figures_asked.connect(self._show_figures)

    def _show_list(self, found: Disputes) -> None:
        self.model.show_disputes(found)
        self.agreement.show_disputes(found)
        self._head.show_figure(f"{len(found.waiting):,} wait" if found.waiting else "")
        self.list.show_open(self.presenter.open.key if self.presenter.open is not None else None)
        self.status_changed.emit(f"{len(found.waiting):,} disputed of {sum(found.counts.values()):,}")

    def _show_open(self, opened: OpenDispute | None) -> None:
        self._stack.setCurrentWidget(self.nothing if opened is None else self._middle)
        if opened is None:
            self.picture.show_chain(None, None)
            self._studio.actions.refresh()
            return
        dispute, detail = opened.dispute, opened.detail
        chain = dispute.stored.chain
        asked = (
            f"round {dispute.answers[0].round}" if dispute.answers and dispute.answers[0].round else "outside of rounds"
        )
        self.facts.setText(f"{chain_name(dispute.stored.number)} · version {chain.version} · {asked}")
        self.question.setText(chain.question)
        self.proposed.setText(chain.answer.text)
        note = parting(dispute.tally, chain)
        self.steps.show_chain(detail, note[0])
        self.answers.show_dispute(dispute)
        decided = dispute.adjudication
        text = "Recorded as your decision; the label stays marked as not unanimous."
        if decided is not None:
            why = f" “{decided.reason}”" if decided.reason else ""
            word = {
                AdjudicationKind.LABEL: f"decided on {decided.label.text}" if decided.label is not None else "decided",
                AdjudicationKind.REFUSED: "refused it",
                AdjudicationKind.SENT_BACK: "sent it back; its new version is asked in the next round",
            }[decided.kind]
            text = f"{decided.adjudicator} {word}.{why}"
        can_write = not self._studio.is_read_only
        self.decision.show_state(is_settled=decided is not None, can_write=can_write, text=text)
        self.list.show_open(opened.key)
        hops = [hop.index for hop in detail.chain.hops]
        self._hop = note[1] if note[1] in hops else (hops[0] if hops else None)
        self.picture.show_chain(detail, self._hop)
        self.steps.show_hop(self._hop)
        self._studio.actions.refresh()

    def _show_hop(self, index: int) -> None:
        self._hop = index
        self.picture.show_hop(index)
        self.steps.show_hop(index)

    def _show_report(self, report: AgreementReport) -> None:
        self._report = report
        self.agreement.show_report(report)

    def _show_figures(self) -> None:
        if self._report is not None:
            FiguresDialog(self._report, self.window()).open()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_agreement()

    @property
    def _is_wide(self) -> bool:
        return self.width() >= _NARROW_PX

    def _place_agreement(self) -> None:
        """At the right; where it is too narrow for that, over picture and answers while it is asked for."""
        is_wide, is_in_row = self._is_wide, self._row.indexOf(self._side) >= 0
        self._agreement_button.setVisible(not is_wide)
        if is_wide and not is_in_row:
            self._row.addWidget(self._side)
        elif not is_wide and is_in_row:
            self._row.removeWidget(self._side)
        self._side.setVisible(is_wide or self._is_agreement_asked)
        if not is_wide:
            width = self._side.sizeHint().width()
            self._side.setGeometry(self.width() - width, 0, width, self.height())
            self._side.raise_()
