"""The overview: a project in figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDoubleValidator, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.actions import ActionSpec
from app.models.rate_bins import counts_in, rate_bins
from app.models.status_words import counted
from app.presenters.dashboard import DashboardPresenter
from app.presenters.dashboard_words import (
    Lead,
    Row,
    answer_rows,
    cost_rows,
    funnel_lines,
    guessing_sentence,
    hop_rows,
    percent,
    seconds_words,
)
from app.studio import Studio
from app.views.dashboard.cards import BarCard, FigureCard, Figures, FunnelCard
from app.views.dashboard.probes import ProbesStrip
from app.widgets.chip import Chip, ChipKind
from app.widgets.field import Field
from app.widgets.panel import Card, Ground, PanelHead
from app.widgets.plots import Bar, Histogram
from app.widgets.scroll import ScrollColumn
from app.widgets.space import SpaceView
from hopchain_core.domain.agreement_people import Person
from hopchain_core.domain.agreement_report import AgreementReport
from hopchain_core.domain.overview import Share, per_record
from hopchain_core.domain.rules.project import MOST_COMMON_SHARE
from hopchain_core.project import DifficultyCharts, HopFigures, ProjectFigures

_WIDE_PX, _MIDDLE_PX = 1180, 820
SIMULATED_HINT = "Made up by a simulated solver: no model has seen these chains"


class DashboardSpace(SpaceView):
    """A project in figures; a click on a figure opens the list behind it.

    Args:
        studio: What everything shares.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.presenter = DashboardPresenter(studio, self)
        self.head = PanelHead("Overview")
        self.funnel = FunnelCard()
        self.records = FigureCard("Records", foot=2)
        self.big = Figures()
        self.price = Field("Price of a million tokens")
        self.answers = BarCard("Answers", "Chains by answer")
        self.lengths = FigureCard("Hops per chain", foot=2)
        self.hop_counts = Histogram("Chains by number of hops", "hops of a chain; sound chains", height_px=200)
        self.hops = BarCard("Hops", "Hops by what they look at and by kind")
        self.conditions = BarCard("Conditions", "If-then-else conditions by how they come out", most=1.0)
        self.difficulty = FigureCard("Difficulty", foot=2)
        self.rates = Histogram("Chains by pass rate", "right answers", height_px=200)
        self.people = BarCard("Time per person", "Active time by person")
        self.costs = BarCard("Time per stage", "Seconds by stage")
        self.probes = ProbesStrip(studio, self.presenter)
        self.simulated = Chip("simulated", ChipKind.WARN, icon="warning")
        self.simulated.setToolTip(SIMULATED_HINT)
        self._hop_counts: list[int] = []
        self._bins = rate_bins([8])
        self._columns = 0
        self._grid = QGridLayout()
        self._lay_out()
        self._connect()
        studio.actions.add(
            ActionSpec(
                id="overview.refresh",
                text="Count again",
                icon="refresh",
                keys=("R",),
                group="Overview",
                space="overview",
                run=self.presenter.read_again,
            )
        )

    def enter(self, where: Mapping[str, Any]) -> None:
        self.presenter.set_active(True)
        self.funnel.funnel.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        self.presenter.set_active(False)

    # What is shown

    def _show_figures(self, figures: ProjectFigures) -> None:
        chains, pictures = sum(figures.statuses.values()), figures.pictures[1].count if figures.pictures else 0
        self.head.show_figure(
            f"{counted(pictures, 'picture')}, {counted(chains, 'chain')}, {figures.records:,} with a label"
        )
        self.status_changed.emit(f"{counted(figures.records, 'chain')} with a label")
        self.funnel.show_lines(funnel_lines(figures))
        self._show_records(figures)
        found, rows = answer_rows(figures)
        self.answers.show_rows(rows, guessing_sentence(found, MOST_COMMON_SHARE), f"{found.total:,} sound chains")
        self._hop_counts = list(figures.hop_counts)
        whole = sum(figures.hop_counts.values())
        self.hop_counts.show_bars(
            [
                Bar(str(hops), count, f"{counted(count, 'chain')} of {counted(hops, 'hop')}, {percent(count / whole)}")
                for hops, count in figures.hop_counts.items()
            ]
        )
        mean = sum(hops * count for hops, count in figures.hop_counts.items()) / whole if whole else 0.0
        self.lengths.foot.setText(f"{mean:.1f} hops on average." if whole else "There are no sound chains yet.")
        total = sum(cost.seconds for cost in figures.stages)
        self.costs.show_rows(
            cost_rows(figures),
            "Of all work done, one item after the other; several at once take less.",
            seconds_words(total),
        )

        if self.presenter.agreement is not None:
            # Time comes with the figures, agreement by itself; whichever is later completes the rows.
            self._show_agreement(self.presenter.agreement)

    def _show_records(self, figures: ProjectFigures) -> None:
        records = figures.records
        shown = [(f"{records:,}", "chains with a label")]
        each = per_record(sum(cost.seconds for cost in figures.stages), records)
        shown.append((seconds_words(each) if each is not None else "—", "computing, each"))
        tokens = per_record(float(figures.tokens), records) if figures.rollouts_with_tokens else None
        shown.append((f"{tokens:,.0f}" if tokens is not None else "—", "tokens, each"))
        people = per_record(sum(person.seconds for person in figures.people), records)
        if figures.people:
            shown.append((seconds_words(people) if people is not None else "—", "people, each"))
        self.big.show_figures(shown)
        price, told = self.presenter.price, ""
        if tokens is None and figures.rollouts:
            told = "The solver told no tokens."
        elif tokens is not None and price is not None:
            told = f"{price * tokens / 1e6:,.4f} a record for rollouts, {price * figures.tokens / 1e6:,.2f} in all."
        elif tokens is not None:
            told = "With a price, what a record costs is shown here."
        if tokens is not None and figures.rollouts_with_tokens < figures.rollouts:
            told += f" {figures.rollouts - figures.rollouts_with_tokens:,} rollouts without tokens are left out."
        self.records.foot.setText(told)
        self.price.setVisible(tokens is not None)

    def _show_hops(self, hops: HopFigures) -> None:
        of = f"{hops.read:,} of {hops.chains:,} chains, taken evenly" if hops.read < hops.chains else ""
        foot = (
            f"{percent(hops.with_both / hops.read)} of the chains have both kinds." if hops.read else "No chains yet."
        )
        self.hops.show_rows(hop_rows(hops), foot, of or counted(hops.hops, "hop"))
        no, yes = Share(hops.no, hops.conditions), Share(hops.conditions - hops.no, hops.conditions)
        rows = [
            Row(
                name,
                share.value,
                f"{share.n:,}",
                f"{counted(share.n, 'condition')} of {share.of:,} come out “{name.lower()}”, {percent(share.value)}, 95 % "
                f"interval {percent(share.interval[0])} to {percent(share.interval[1])}",
                lead=Lead("chains", numbers=numbers, words=f"a condition comes out “{name.lower()}”"),
                interval=share.interval,
            )
            for name, share, numbers in (("Yes", yes, hops.with_yes), ("No", no, hops.with_no))
        ]
        low, high = no.interval
        sampled = f" Counted over {hops.conditions_read:,} chains." if hops.conditions_read < hops.chains else ""
        self.conditions.show_rows(
            rows if hops.conditions else [],
            f"“No” {percent(no.value)} of the time ({percent(low)} to {percent(high)}); aim at a half.{sampled}"
            if hops.conditions
            else "No condition is known to come out either way.",
        )

    def _show_difficulty(self, charts: DifficultyCharts) -> None:
        solver = charts.solver
        rates = charts.rates.get(solver, {}) if solver is not None else {}
        self._bins = rate_bins([n for _, n in rates] or [8])
        counts = counts_in(self._bins, rates)
        whole = sum(counts)
        tried = {n for _, n in rates}
        axis = f"right answers of {next(iter(tried))}" if len(tried) == 1 else "share of right answers"
        self.rates.show_bars(
            [
                Bar(
                    b.label,
                    count,
                    f"{counted(count, 'chain')} {b.words}" + (f", {percent(count / whole)}" if whole else ""),
                )
                for b, count in zip(self._bins, counts, strict=True)
            ],
            axis=axis,
        )
        self.simulated.setVisible(solver is not None and solver.is_simulated)
        self.difficulty.figure.setText(
            f"{solver.model}, {counted(charts.chains, 'chain')}" if solver is not None else ""
        )
        told = "No chain was tried yet."
        if solver is not None:
            told = f"{charts.chains - charts.kept:,} dropped, {charts.never_solved:,} never solved."
            if charts.until_decided:
                told += f" {charts.until_decided:,} tried until decided, without a rate."
        self.difficulty.foot.setText(told)

    def _show_agreement(self, report: AgreementReport) -> None:
        spent = {person.name: person.seconds for person in (self.presenter.figures or ProjectFigures()).people}
        rows = [_person_row(person, spent.get(person.name, 0.0)) for person in report.people]
        rows.sort(key=lambda row: -row.value)
        alpha = report.overall
        if not rows:
            told = "Nobody has answered yet."
        elif alpha.value is None:
            told = "Too little to say how far they agree."
        else:
            told = f"Krippendorff’s alpha {alpha.value:.2f}"
            if alpha.low is not None and alpha.high is not None:
                told += f" ({alpha.low:.2f} to {alpha.high:.2f})"
            told += f" over {counted(alpha.questions, 'question')}."
        self.people.show_rows(rows, told, "time · answers · agreement with the others" if rows else "")

    # Laying out

    def _lay_out(self) -> None:
        self.records.inside.addWidget(self.big)
        self.records.inside.addWidget(self.price)
        self.records.inside.addStretch(1)
        self.price.setFixedWidth(220)
        self.price.setValidator(QDoubleValidator(0.0, 1e9, 6, self.price))
        if self.presenter.price is not None:
            self.price.setText(f"{self.presenter.price:g}")
        self.lengths.inside.addWidget(self.hop_counts, 1)
        self.difficulty.inside.addWidget(self.rates, 1)
        self.difficulty.tools.addWidget(self.simulated)
        self.simulated.hide()
        inside = Ground("window", margins=(16, 16, 16, 16))
        self._grid.setSpacing(12)
        inside.box.addLayout(self._grid)
        inside.box.addSpacing(12)
        inside.box.addWidget(self.probes)
        inside.box.addStretch(1)
        area = ScrollColumn(inside)
        self.area = area
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(area, 1)
        self._place(3)

    def _place(self, columns: int) -> None:
        """Puts the cards where they have room: in three columns, two, or one."""
        if columns == self._columns:
            return
        self._columns = columns
        cards: dict[int, tuple[tuple[Card, int, int, int, int], ...]] = {
            3: (
                (self.funnel, 0, 0, 3, 6),
                (self.records, 0, 6, 1, 6),
                (self.answers, 1, 6, 2, 3),
                (self.conditions, 1, 9, 1, 3),
                (self.hops, 2, 9, 1, 3),
                (self.lengths, 3, 0, 1, 4),
                (self.difficulty, 3, 4, 1, 4),
                (self.costs, 3, 8, 1, 4),
                (self.people, 4, 0, 1, 12),
            ),
            2: (
                (self.funnel, 0, 0, 1, 12),
                (self.records, 1, 0, 1, 12),
                (self.answers, 2, 0, 2, 6),
                (self.conditions, 2, 6, 1, 6),
                (self.hops, 3, 6, 1, 6),
                (self.lengths, 4, 0, 1, 6),
                (self.difficulty, 4, 6, 1, 6),
                (self.costs, 5, 0, 1, 6),
                (self.people, 5, 6, 1, 6),
            ),
        }
        order = (
            *(self.funnel, self.records, self.answers, self.conditions, self.hops),
            *(self.lengths, self.difficulty, self.costs, self.people),
        )
        cards[1] = tuple((card, row, 0, 1, 12) for row, card in enumerate(order))
        for column in range(12):
            self._grid.setColumnStretch(column, 1)
            self._grid.setColumnMinimumWidth(column, 0)
        for row in range(3):
            # The conditions are two rows; what the funnel leaves free goes to the hops under them.
            self._grid.setRowStretch(row, 1 if columns == 3 and row == 2 else 0)
        for card, row, column, rows, wide in cards[columns]:
            self._grid.addWidget(card, row, column, rows, wide)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(3 if self.width() >= _WIDE_PX else 2 if self.width() >= _MIDDLE_PX else 1)

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.figures_changed.connect(self._show_figures)
        presenter.hops_changed.connect(self._show_hops)
        presenter.difficulty_changed.connect(self._show_difficulty)
        presenter.agreement_changed.connect(self._show_agreement)
        for card in (self.funnel, self.answers, self.hops, self.conditions, self.people, self.costs):
            card.lead_chosen.connect(presenter.follow)
        self.hop_counts.chosen.connect(self._take_length)
        self.rates.chosen.connect(self._take_rate)
        self.price.editingFinished.connect(self._take_price)

    def _take_length(self, index: int) -> None:
        hops = self._hop_counts[index]
        self.presenter.follow(Lead("chains", hops=hops, words=f"chains of {counted(hops, 'hop')}"))

    def _take_rate(self, index: int) -> None:
        b = self._bins[index]
        self.presenter.follow(Lead("difficulty", (("rate", (b.low, b.high)),)))

    def _take_price(self) -> None:
        text = self.price.text().strip().replace(",", ".")
        try:
            self.presenter.set_price(float(text) if text else None)
        except ValueError:
            self.price.set_refused(True)
        else:
            self.price.set_refused(False)


def _person_row(person: Person, seconds: float) -> Row:
    words = [f"{person.name}: {seconds_words(seconds)} for {counted(person.answers, 'answer')}"]
    if person.seconds is not None:
        words.append(f"{seconds_words(person.seconds[1])} each in the middle")
    if person.agreement is not None:
        words.append(f"agrees with the others in {percent(person.agreement)} of {counted(person.pairs, 'pair')}")
    if person.gold_accuracy is not None:
        words.append(f"{person.gold_correct:,} of {person.gold:,} gold items right")
    if person.is_far_quicker and person.speed is not None:
        words.append(f"{person.speed:.1f} times as fast as the others")
    figure = f"{seconds_words(seconds)} · {person.answers:,}"
    if person.agreement is not None:
        figure += f" · {percent(person.agreement)}"
    lead = Lead("chains", person=person.name, words=f"answered by {person.name}")
    return Row(person.name, seconds, figure, ", ".join(words), lead)
