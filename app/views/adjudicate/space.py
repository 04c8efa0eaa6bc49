"""Disputed questions: list at the left, picture and steps in the middle over the answers, agreement at the right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.actions import ActionSpec
from app.canvas import PictureCanvas
from app.models.chain_words import chain_name
from app.presenters.adjudicate import AdjudicatePresenter, Disputes, OpenDispute
from app.studio import Studio
from app.thumbnails import Thumbnails
from app.views.adjudicate import decision as ids
from app.views.adjudicate.agreement_panel import AgreementPanel
from app.views.adjudicate.answers import AnswersPanel
from app.views.adjudicate.decision import DecisionBar, NumberPopup, RefusePopup, SendBackDialog
from app.views.adjudicate.figures import FiguresDialog
from app.views.adjudicate.list_panel import DisputeList, DisputeModel
from app.views.adjudicate.steps import StepList
from app.views.adjudicate.words import answer_text
from app.views.chains.picture import ChainPicture
from app.widgets.action_button import ActionButton
from app.widgets.button import ButtonKind
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import EmptyState, Ground, Line, PanelHead
from app.widgets.space import SpaceView
from hopchain_core.domain.agreement_report import AgreementReport
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import AdjudicationKind

SPACE = "adjudicate"
GROUP = "Adjudicate"
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
        self.presenter = AdjudicatePresenter(studio, self)
        self.model = DisputeModel(self)
        self.list = DisputeList(self.model, thumbnails)
        self.canvas = PictureCanvas(studio.bridge.ask)
        self.picture = ChainPicture(self.canvas, self.presenter, studio.settings, self)
        self.steps = StepList()
        self.answers = AnswersPanel()
        studio.actions.add(*self._actions())
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

    def _actions(self) -> tuple[ActionSpec, ...]:
        presenter = self.presenter

        def can_decide() -> bool:
            opened = presenter.open
            return opened is not None and opened.dispute.adjudication is None and not self._studio.is_read_only

        def can_take_back() -> bool:
            opened = presenter.open
            if opened is None or self._studio.is_read_only:
                return False
            decided = opened.dispute.adjudication
            return decided is not None and decided.kind is not AdjudicationKind.SENT_BACK

        def why_not() -> str:
            if self._studio.is_read_only:
                return "the project is open for reading only"
            return "nothing is open" if presenter.open is None else "it is decided already"

        def spec(
            name: str, text: str, run: Any, *keys: str, icon: str = "", decides: bool = True, words: str = ""
        ) -> ActionSpec:
            return ActionSpec(
                id=name,
                text=text,
                run=run,
                keys=keys,
                icon=icon,
                group=GROUP,
                space=SPACE,
                enabled_when=can_decide if decides else lambda: presenter.disputes is not None,
                why_not=why_not,
                words=words,
            )

        takes = [
            spec(
                f"adjudicate.take_{n}",
                f"Take answer {n}",
                lambda n=n: self._take_at(n),
                str(n),
                words="choose pick accept settle decide",
            )
            for n in range(1, 10)
        ]
        return (
            *takes,
            spec(
                ids.WRITE,
                "Write another…",
                self._ask_number,
                "W",
                icon="pencil",
                words="own number correct settle decide",
            ),
            spec(
                ids.SEND_BACK,
                "Edit and send back…",
                self._ask_edit,
                "E",
                icon="return",
                words="reword question again return reopen",
            ),
            spec(
                ids.REFUSE, "Refuse…", self._ask_reason, "X", icon="cross", words="reject delete discard drop throw out"
            ),
            ActionSpec(
                id=ids.TAKE_BACK,
                text="Take the decision back",
                words="undo revert reopen undecide",
                run=presenter.take_back,
                icon="undo",
                group=GROUP,
                space=SPACE,
                enabled_when=can_take_back,
                why_not=lambda: "no decision that could be taken back is open",
            ),
            spec(
                "adjudicate.next",
                "Next question",
                lambda: presenter.step(1),
                "J",
                decides=False,
                words="forward dispute",
            ),
            spec(
                "adjudicate.previous",
                "Previous question",
                lambda: presenter.step(-1),
                "K",
                decides=False,
                words="back dispute",
            ),
            spec(
                "adjudicate.hop_next", "Next step", lambda: self._step_hop(1), "]", decides=False, words="hop forward"
            ),
            spec(
                "adjudicate.hop_previous",
                "Previous step",
                lambda: self._step_hop(-1),
                "[",
                decides=False,
                words="hop back",
            ),
            spec(
                "adjudicate.fit",
                "Fit the picture",
                self.picture.fit,
                "0",
                icon="fit",
                decides=False,
                words="zoom whole reset view",
            ),
            spec(
                "adjudicate.open_chain",
                "Open in Chains",
                self._open_chain,
                "Ctrl+Return",
                icon="open-in",
                decides=False,
                words="show chain",
            ),
        )

    def _take_at(self, position: int) -> None:
        answer = self.answers.at(position)
        if answer is not None:
            self.presenter.take(answer)

    def _take_chosen(self) -> None:
        answer = self.answers.answer
        opened = self.presenter.open
        if answer is not None and opened is not None and opened.dispute.adjudication is None:
            self.presenter.take(answer)

    def _ask_number(self) -> None:
        popup = NumberPopup(self.presenter.write, self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        button = self.decision.write
        popup.open_at(button.mapToGlobal(button.rect().topLeft()))

    def _ask_reason(self) -> None:
        popup = RefusePopup(self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.refused.connect(self.presenter.refuse)
        button = self.decision.refuse
        popup.open_at(button.mapToGlobal(button.rect().topRight()), is_right=True)

    def _ask_edit(self) -> None:
        opened = self.presenter.open
        if opened is not None:
            chain = opened.dispute.stored.chain
            SendBackDialog(chain.question, chain.answer.text, self.presenter.send_back, self.window()).open()

    def _open_chain(self) -> None:
        opened = self.presenter.open
        if opened is not None:
            self._studio.go("chains", chain=opened.detail.stored.number, hop=self._hop)

    def _step_hop(self, by: int) -> None:
        opened = self.presenter.open
        if opened is not None:
            hops = [hop.index for hop in opened.detail.chain.hops]
            place = hops.index(self._hop) if self._hop in hops else -1
            self._show_hop(hops[max(0, min(len(hops) - 1, place + by))])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take_chosen()
            return
        super().keyPressEvent(event)

    # What is shown

    def _lay_out(self) -> None:
        left = Ground("surface")
        left.setFixedWidth(_LIST_PX)
        self._head = PanelHead("Adjudicate")
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
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left)
        row.addWidget(Line(is_vertical=True))
        row.addWidget(self._stack, 1)
        self._line = Line(is_vertical=True)
        row.addWidget(self._line)
        row.addWidget(self.agreement)

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
        note = parting_note(dispute.tally, detail)
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
        is_wide = self.width() >= _NARROW_PX
        self.agreement.setVisible(is_wide)
        self._line.setVisible(is_wide)


def parting_note(tally: tuple[tuple[str, int], ...], detail: Any) -> tuple[str, int | None]:
    """Where two answers may have parted, as far as the last step tells, and the hop to look at.

    An answer that differs from the proposed one by as much as a count could be off points at the last hop that counts.
    """
    numbers = [Answer.of(text) for text, _ in tally if _is_number(text)]
    hops = detail.chain.hops
    counts = [hop for hop in hops if hop.output.isdigit() and hop.uses]
    if len(numbers) < 2 or not counts:
        return "", None
    first, second = numbers[0], numbers[1]
    apart = abs(first.value - second.value)
    last = counts[-1]
    if 0 < apart <= 2:
        said = f"{answer_text(first.text)} and {answer_text(second.text)} are {apart.normalize():f} apart: look at hop {last.index}."
        return said, last.index
    return "", None


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()
