"""Rounds: what was given out, and a new one."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSpinBox, QWidget

from app.models.spans import day_text
from app.presenters.people import PeoplePresenter, PeopleState, RoundRow
from app.studio import PACKET_ENDING
from app.views.people.rows import RowList, RowParts
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.chip import Chip, ChipKind
from app.widgets.choice import Select
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import Bar, Card, Ground
from app.widgets.segmented import Segment, Segmented
from hopchain_core.domain.rounds import DEFAULT_PASS_MARK, RoundKind, RoundTerms
from hopchain_core.domain.rounds_plan import RoundPlan

_PLAN_AFTER_MS = 150
_SHARES = (0, 5, 10, 20)
_MARKS = (60, 70, 80, 90, 100)


class RoundsPage(Ground):
    """A form for the next round above the rounds there are.

    Args:
        presenter: Plans and opens.
    """

    def __init__(self, presenter: PeoplePresenter, parent: QWidget | None = None) -> None:
        super().__init__("window", spacing=12, parent=parent)
        self._presenter = presenter
        self.kind = Segmented(
            [Segment(RoundKind.MAIN.value, "Questions"), Segment(RoundKind.QUALIFICATION.value, "Qualification")],
            "What the round is for",
        )
        self.who = Segmented([Segment("all", "Everyone"), Segment("some", "Some of them")], "Who answers each question")
        self.some = QSpinBox()
        self.some.setRange(1, 99)
        self.some.setValue(4)
        self.some.setAccessibleName("People for each question")
        self.some.setFixedWidth(64)
        self.gold = Select("Share of hidden gold")
        for share in _SHARES:
            self.gold.addItem("No gold" if not share else f"{share} % gold", share)
        self.mark = Select("Pass mark")
        for mark in _MARKS:
            self.mark.addItem(f"{mark} % right", mark)
        self.mark.setCurrentIndex(_MARKS.index(round(100 * DEFAULT_PASS_MARK)))
        self.plan = QuestionLabel("", "meta", tone="text-secondary")
        self.open = Button("Open the round", "play", ButtonKind.PRIMARY)
        self.rows = RowList(
            "No round yet", "A round gives questions to people; it stays open until you close it.", "rows"
        )
        self.make = Button("Make packets…", "export")
        self.merge = Button("Take packets back…", "import")
        self.said = Label("", "meta", "secondary", wraps=True)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PLAN_AFTER_MS)
        self._soon.timeout.connect(lambda: presenter.plan(self.terms()))
        self._lay_out()
        for segmented in (self.kind, self.who):
            segmented.chosen.connect(lambda _: self._change())
        for select in (self.gold, self.mark):
            select.currentIndexChanged.connect(lambda _: self._change())
        self.some.valueChanged.connect(lambda _: self._change())
        self.open.clicked.connect(lambda: presenter.open_round(self.terms()))
        self.make.clicked.connect(self._ask_folder)
        self.merge.clicked.connect(self._ask_packets)
        presenter.packets.told.connect(lambda text, is_done: self.said.setText(text))
        presenter.packets.working.connect(self._show_working)
        presenter.planned.connect(self._show_plan)
        presenter.refused.connect(self._refuse)
        self._change()

    def _lay_out(self) -> None:
        card = Card(margin=16, spacing=12)
        first = QHBoxLayout()
        first.setSpacing(16)
        first.addWidget(Label("Next round", "label"))
        first.addWidget(self.kind)
        first.addStretch(1)
        first.addWidget(self.open)
        self._who_label = Label("answered by", "body", "secondary")
        self._each = Label("people each", "body", "secondary")
        self._mark_label = Label("passed with", "body", "secondary")
        second = QHBoxLayout()
        second.setSpacing(8)
        first_parts: tuple[QWidget, ...] = (self._who_label, self.who, self.some, self._each)
        for part in first_parts:
            second.addWidget(part)
        second.addSpacing(8)
        last_parts: tuple[QWidget, ...] = (self.gold, self._mark_label, self.mark)
        for part in last_parts:
            second.addWidget(part)
        second.addStretch(1)
        card.box.addLayout(first)
        card.box.addLayout(second)
        card.box.addWidget(self.plan)
        packets = QHBoxLayout()
        packets.setSpacing(8)
        packets.addWidget(self.make)
        packets.addWidget(self.merge)
        packets.addWidget(self.said, 1)
        self.box.addWidget(card)
        self.box.addWidget(self.rows, 1)
        self.box.addLayout(packets)

    def terms(self) -> RoundTerms:
        """What the form says."""
        is_main = self.kind.value() == RoundKind.MAIN.value
        return RoundTerms(
            kind=RoundKind.MAIN if is_main else RoundKind.QUALIFICATION,
            per_chain=self.some.value() if is_main and self.who.value() == "some" else None,
            gold_share=int(self.gold.currentData()) / 100 if is_main else 0.0,
            pass_mark=int(self.mark.currentData()) / 100,
        )

    def show_state(self, state: PeopleState) -> None:
        """Shows the rounds there are."""
        self.rows.show_rows([self._row(row) for row in state.rounds])
        has_open = any(row.round.is_open and row.answered < row.assigned for row in state.rounds)
        can_write = not self._presenter.is_read_only
        self.make.set_available(has_open and can_write, "no open round has anything left to answer")
        self.merge.set_available(bool(state.rounds) and can_write, "no round was opened here")
        self._soon.start()

    def _change(self) -> None:
        is_main = self.kind.value() == RoundKind.MAIN.value
        is_some = self.who.value() == "some"
        shown: dict[QWidget, bool] = {
            self._who_label: is_main,
            self.who: is_main,
            self.gold: is_main,
            self.some: is_main and is_some,
            self._each: is_main and is_some,
            self._mark_label: not is_main,
            self.mark: not is_main,
        }
        for part, is_shown in shown.items():
            part.setVisible(is_shown)
        self._soon.start()

    def _show_plan(self, terms: RoundTerms, plan: RoundPlan | str) -> None:
        if terms != self.terms():
            return
        if isinstance(plan, str):
            self.plan.setText(plan)
            self.open.set_available(False, plan)
            return
        counts = [len(chains) for chains in plan.assignments.values()]
        questions = {chain for chains in plan.assignments.values() for chain in chains} - plan.gold
        if not any(counts):
            text = "Nothing to give out: no chain waits for people." if terms.kind is RoundKind.MAIN else "No gold yet."
            self.plan.setText(text)
            self.open.set_available(False, text)
            return
        least, most = min(counts), max(counts)
        each = f"{most:,}" if least == most else f"{least:,} to {most:,}"
        said = [f"{len(counts)} people get {each} items each"]
        said.append(f"{len(questions):,} questions" if terms.kind is RoundKind.MAIN else f"{most:,} with known answers")
        if plan.gold and terms.kind is RoundKind.MAIN:
            said.append(f"{len(plan.gold):,} gold hidden among them")
        if plan.short:
            said.append(f"{len(plan.short):,} questions have too few people left who have not seen them")
        self.plan.setText(", ".join(said) + ".")
        self.open.set_available(not self._presenter.is_read_only, "the project is open for reading only")

    def _row(self, row: RoundRow) -> RowParts:
        each = row.round
        kind = "Qualification" if each.kind is RoundKind.QUALIFICATION else "Questions"
        who = "everyone" if each.per_chain is None else f"{each.per_chain} people each"
        gold = f" · {each.gold_share:.0%} gold" if each.gold_share else ""
        mark = f" · pass mark {each.pass_mark:.0%}" if each.kind is RoundKind.QUALIFICATION else ""
        opened = day_text(each.opened_at)
        bar = Bar("Answered")
        bar.setFixedWidth(120)
        bar.show_share(row.answered / row.assigned if row.assigned else 0.0, is_running=each.is_open)
        figures = Label(f"{row.answered:,} of {row.assigned:,}", "meta", "secondary")
        figures.setMinimumWidth(88)
        figures.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        chip = Chip("open", ChipKind.OK) if each.is_open else Chip("closed")
        button = Button("Close" if each.is_open else "Open again", size_=ButtonSize.SMALL)
        button.clicked.connect(
            partial(self._presenter.close_round if each.is_open else self._presenter.reopen_round, each.id)
        )
        button.set_available(not self._presenter.is_read_only, "the project is open for reading only")
        return RowParts(
            icon="rows",
            title=f"Round {each.id} · {kind}",
            detail=f"{row.people} people, {who}{gold}{mark} · since {opened}",
            parts=(bar, figures, chip, button),
        )

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, "Write packets into a folder")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda text: self._presenter.packets.make(Path(text)))
        dialog.open()

    def _ask_packets(self) -> None:
        dialog = QFileDialog(self, "Take packets back")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([f"Packets (*{PACKET_ENDING})", "All files (*)"])
        dialog.filesSelected.connect(lambda texts: self._presenter.packets.merge([Path(text) for text in texts]))
        dialog.open()

    def _show_working(self, title: str) -> None:
        for button in (self.make, self.merge):
            button.setEnabled(not title)
        if title:
            self.said.setText(f"{title}…")

    def _refuse(self, what: str, text: str) -> None:
        if what == "round":
            self.plan.setText(text)
