"""The three charts over the table: pass rate or length, first wrong hop, kinds of error."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.models.error_words import KIND_WORDS, SUBKIND_WORDS, error_word
from app.models.rate_bins import RateBin, counts_in, rate_bins
from app.models.status_words import counted
from app.presenters.difficulty_choice import DifficultyChoice
from app.style.tokens import tokens_of
from app.widgets.chip import Chip, ChipKind
from app.widgets.label import ElidedLabel, Label, QuestionLabel
from app.widgets.panel import Card
from app.widgets.plots import Band, Bar, BarRow, BarRows, Histogram, Intervals, Point
from app.widgets.scroll import ScrollColumn
from app.widgets.segmented import Segment, Segmented
from hopchain_core.domain.overview import Share
from hopchain_core.domain.policy import Policy
from hopchain_core.domain.rollout_errors import ErrorSubkind
from hopchain_core.domain.rollouts import ErrorKind
from hopchain_core.domain.statistics import wilson_interval
from hopchain_core.project import DifficultyCharts, LengthUnit, Solver

CARD_PX, LOW_CARD_PX = 300, 220
"""Height of the cards, and where the window is low."""
_NARROW_PX = 640
"""Below this there is no room for the chart of hops; the table tells of each chain. Chosen."""
_RATE, _LENGTH, _KINDS, _FINER = "rate", "length", "kinds", "finer"
SIMULATED_HINT = "Made up by a simulated solver: no model has seen these chains"


def percent(share: float) -> str:
    """A share for people: 38 %, with a space that does not break."""
    return f"{share:.0%}".replace("%", "\N{NO-BREAK SPACE}%")


class ChartRow(QWidget):
    """The charts of one solver; every bar narrows the table."""

    filter_asked = Signal(object)
    """A dict of fields of `DifficultyChoice`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(CARD_PX + 32)
        self._charts = DifficultyCharts()
        self._bins: tuple[RateBin, ...] = ()
        self._finer: list[ErrorSubkind] = []
        self._is_simulated = False
        self.rates = Histogram("Chains by pass rate", "right answers", height_px=112)
        self.lengths = Intervals("Right answers by length of the reply", "tokens of the reply", height_px=112)
        self.hops = BarRows("Wrong rollouts by first wrong hop")
        self.kinds = BarRows("Wrong rollouts by kind of error")
        self.which = Segmented([Segment(_RATE, "Pass rate"), Segment(_LENGTH, "By length")], "Chart", is_small=True)
        self.finer_kinds = Segmented([Segment(_KINDS, "Kinds"), Segment(_FINER, "Finer")], "Depth", is_small=True)
        self.legend = _Legend()
        self.simulated = Chip("simulated", ChipKind.WARN, icon="warning")
        self.simulated.setToolTip(SIMULATED_HINT)
        self.rate_foot = ElidedLabel("", "meta", "secondary")
        self.hop_foot, self.kind_foot = (
            QuestionLabel("", "meta", most_lines=3),
            QuestionLabel("", "meta", most_lines=3),
        )
        self._hop_figure, self._kind_figure = Label("", "meta", "tertiary"), Label("", "meta", "tertiary")
        self._pages = QStackedWidget()
        self._lay_out()
        self.rates.chosen.connect(self._take_rate)
        self.lengths.chosen.connect(self._take_length)
        self.hops.chosen.connect(self._take_hop)
        self.kinds.chosen.connect(self._take_kind)
        self.which.chosen.connect(self._show_which)
        self.finer_kinds.chosen.connect(lambda _: self._show_kinds())

    def set_low(self, is_low: bool) -> None:
        """Takes less room, or as much as usual."""
        self.setFixedHeight((LOW_CARD_PX if is_low else CARD_PX) + 32)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = event.size().width() < _NARROW_PX
        self._hop_card.setVisible(not is_narrow)
        self.simulated.setVisible(self._is_simulated and not is_narrow)
        self.legend.setVisible(not is_narrow and self.which.value() == _RATE)

    @property
    def bins(self) -> tuple[RateBin, ...]:
        """Places of the histogram."""
        return self._bins

    def show_charts(self, charts: DifficultyCharts, policy: Policy | None, choice: DifficultyChoice) -> None:
        """Shows other figures."""
        self._charts = charts
        solver = charts.solver
        tried = {n for rates in charts.rates.values() for _, n in rates}
        self._bins = rate_bins(tried)
        other = next((s.solver for s in charts.solvers if s.solver != solver), None)
        self.legend.show_solvers(
            solver, charts.chains, other, sum(charts.rates.get(other, {}).values()) if other else 0
        )
        self._is_simulated = solver is not None and solver.is_simulated
        self.simulated.setVisible(self._is_simulated and self.width() >= _NARROW_PX)
        self._show_rates(charts, other, policy)
        self._show_lengths(charts)
        self._show_hops(charts)
        self._show_kinds()
        self.show_choice(choice)

    def show_choice(self, choice: DifficultyChoice) -> None:
        """Marks what the table is narrowed to."""
        self.rates.show_selected([n for n, b in enumerate(self._bins) if (b.low, b.high) == choice.rate])
        hops = list(self._charts.first_wrong)
        self.hops.show_selected([n for n, hop in enumerate(hops) if hop == choice.first_wrong_hop])
        lengths = self._charts.lengths
        self.lengths.show_selected([n for n, b in enumerate(lengths) if (b.low, b.high) == choice.length])
        if self.finer_kinds.value() == _KINDS:
            kinds = [k for k in KIND_WORDS if choice.error_subkind is None and k is choice.error_kind]
            self.kinds.show_selected([list(KIND_WORDS).index(k) for k in kinds])
        else:
            self.kinds.show_selected([n for n, sub in enumerate(self._finer) if sub is choice.error_subkind])

    # Each chart

    def _show_rates(self, charts: DifficultyCharts, other: Solver | None, policy: Policy | None) -> None:
        rates = charts.rates.get(charts.solver, {}) if charts.solver is not None else {}
        mine = counts_in(self._bins, rates)
        others = counts_in(self._bins, charts.rates.get(other, {})) if other is not None else None
        whole = sum(mine)
        bars = []
        for n, place in enumerate(self._bins):
            low, high = wilson_interval(mine[n], whole)
            words = f"{counted(mine[n], 'chain')} {place.words}"
            if whole:
                words += f": {percent(mine[n] / whole)} of {whole:,}, 95 % interval {percent(low)} to {percent(high)}"
            if others is not None and other is not None:
                words += f"; {other.model}: {others[n]:,}"
            span = (low * whole, high * whole) if whole else None
            bars.append(Bar(place.label, mine[n], words, others[n] if others is not None else None, span))
        tried = {n for _, n in rates}
        axis = f"right answers of {next(iter(tried))}" if len(tried) == 1 else "share of right answers"
        self.rates.show_bars(bars, _bands(self._bins, policy, tried), f"{axis}; chains with 95 % intervals")
        n = sum(tries * chains for (_, tries), chains in rates.items())
        right = sum(right * chains for (right, _), chains in rates.items())
        parts = []
        if n:
            parts.append(f"{right:,} of {n:,} rollouts right, {percent(right / n)}")
        if charts.until_decided:
            parts.append(f"{counted(charts.until_decided, 'chain')} tried until decided, without a rate")
        self.rate_foot.setText(" · ".join(parts) or "No chain has a rate")

    def _show_lengths(self, charts: DifficultyCharts) -> None:
        unit = "tokens" if charts.length_unit is LengthUnit.TOKENS else "characters"
        points = []
        for b in charts.lengths:
            low, high = b.share.interval
            words = f"{b.low:,} to {b.high:,} {unit}: " + (
                f"{b.n_right:,} of {counted(b.n, 'rollout')} right, {percent(b.share.value)},"
                f" 95 % interval {percent(low)} to {percent(high)}"
                if b.n
                else "no rollouts"
            )
            points.append(Point(f"{b.low:,}", b.share.value if b.n else None, (low, high), b.n, words))
        end = f"{charts.lengths[-1].high:,}" if charts.lengths else ""
        self.lengths.show_points(points, end, f"{unit} of the reply; n: rollouts; 95 % intervals")

    def _show_hops(self, charts: DifficultyCharts) -> None:
        traced = sum(charts.first_wrong.values())
        rows = []
        for hop, count in charts.first_wrong.items():
            words = f"{counted(count, 'rollout')} first wrong at hop {hop}, {percent(count / traced)} of {traced:,}"
            rows.append(BarRow(f"Hop {hop}", count, f"{count:,}", words))
        self.hops.show_rows(rows)
        self._hop_figure.setText(f"{charts.wrong:,} wrong")
        if not traced:
            told = "These replies were not followed hop by hop." if charts.wrong else "No rollout is wrong."
        else:
            by_second = Share(sum(c for hop, c in charts.first_wrong.items() if hop <= 2), traced)
            told = f"{percent(by_second.value)} fail by hop 2."
            if traced < charts.wrong:
                told += f" {charts.wrong - traced:,} are not followed hop by hop."
        self.hop_foot.setText(told)

    def _show_kinds(self) -> None:
        charts = self._charts
        judged, unjudged = charts.judged, max(0, charts.wrong - charts.judged)
        rows: list[BarRow] = []
        if self.finer_kinds.value() == _KINDS:
            said = {kind: sum(c for (k, _), c in charts.errors.items() if k is kind) for kind in KIND_WORDS}
            most = max([1, *said.values(), *charts.known_errors.values()])
            for kind, (word, _) in KIND_WORDS.items():
                known = charts.known_errors.get(kind)
                words = f"{word}: {counted(said[kind], 'rollout')}{_of(said[kind], judged)}"
                if known:
                    words += f"; the simulation made {known:,} such errors (outline)"
                rows.append(BarRow(word, said[kind], f"{said[kind]:,}", words, other=known))
            # On a scale of its own: what is not judged is no kind of error.
            share = most * unjudged / charts.wrong if charts.wrong else 0.0
            words = f"Not judged: {unjudged:,} of {charts.wrong:,} wrong rollouts"
            rows.append(BarRow("Not judged", share, f"{unjudged:,}", words, tone="text-tertiary"))
            self._finer = []
            self.kinds.show_rows(rows, float(most))
        else:
            found = {sub: charts.errors.get((sub.kind, sub), 0) for sub in SUBKIND_WORDS}
            self._finer = sorted((s for s in found if found[s]), key=lambda s: -found[s])
            for sub in self._finer:
                words = f"{error_word(sub.kind, sub)}: {counted(found[sub], 'rollout')}{_of(found[sub], judged)}"
                rows.append(BarRow(SUBKIND_WORDS[sub][0], found[sub], f"{found[sub]:,}", words))
            self.kinds.show_rows(rows, float(max([1, *found.values()])))
        self.kinds.adjustSize()
        self._kind_figure.setText("set by people")
        told = f"{judged:,} of {charts.wrong:,} judged."
        if self.finer_kinds.value() == _FINER and not rows:
            told = "Nobody has said yet what exactly went wrong."
        elif charts.known_errors:
            told += " Outlines: what the simulation did."
        self.kind_foot.setText(told)

    def _show_which(self, which: str) -> None:
        self._pages.setCurrentWidget(self.rates if which == _RATE else self.lengths)
        self.legend.setVisible(which == _RATE and self.width() >= _NARROW_PX)

    # What a person chose

    def _take_rate(self, index: int) -> None:
        place = self._bins[index]
        self.filter_asked.emit({"rate": (place.low, place.high)})

    def _take_length(self, index: int) -> None:
        b = self._charts.lengths[index]
        self.filter_asked.emit({"length": (b.low, b.high), "length_unit": self._charts.length_unit})

    def _take_hop(self, index: int) -> None:
        self.filter_asked.emit({"first_wrong_hop": list(self._charts.first_wrong)[index]})

    def _take_kind(self, index: int) -> None:
        if self.finer_kinds.value() == _FINER:
            self.filter_asked.emit({"error_subkind": self._finer[index], "error_kind": None})
        elif index < len(KIND_WORDS):
            kind: ErrorKind = list(KIND_WORDS)[index]
            self.filter_asked.emit({"error_kind": kind, "error_subkind": None})
        else:
            self.filter_asked.emit({})

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(12)
        first = Card(margin=16, spacing=8)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.which)
        head.addWidget(self.simulated)
        head.addStretch(1)
        first.box.addLayout(head)
        first.box.addWidget(self.legend)
        self._pages.addWidget(self.rates)
        self._pages.addWidget(self.lengths)
        first.box.addWidget(self._pages, 1)
        first.box.addWidget(self.rate_foot)
        row.addWidget(first, 46)
        self._hop_card = _bar_card("First wrong hop", self._hop_figure, self.hops, self.hop_foot)
        row.addWidget(self._hop_card, 22)
        kinds = _bar_card("Errors", self._kind_figure, self.kinds, self.kind_foot, self.finer_kinds)
        row.addWidget(kinds, 32)


class _Legend(QWidget):
    """Which solver is filled, and which is an outline."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._mine, self._other = ElidedLabel("", "meta"), ElidedLabel("", "meta", "secondary")
        self._mine_key, self._other_key = _Swatch(is_filled=True), _Swatch(is_filled=False)
        for widget in (self._mine_key, self._mine, self._other_key, self._other):
            row.addWidget(widget)
        row.insertSpacing(2, 10)
        row.addStretch(1)

    def show_solvers(self, mine: Solver | None, chains: int, other: Solver | None, others: int) -> None:
        """Names them, with how many chains each tried."""
        self._mine.setText(f"{mine.model}: {counted(chains, 'chain')}" if mine is not None else "")
        self._other.setText(f"{other.model}: {counted(others, 'chain')}" if other is not None else "")
        self._mine_key.setVisible(mine is not None)
        for widget in (self._other_key, self._other):
            widget.setVisible(other is not None)


class _Swatch(QWidget):
    def __init__(self, *, is_filled: bool) -> None:
        super().__init__()
        self._is_filled = is_filled
        self.setFixedSize(10, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(t.accent if self._is_filled else Qt.BrushStyle.NoBrush)
        painter.setPen(Qt.PenStyle.NoPen if self._is_filled else QPen(t.text_tertiary, 1.25))
        inset = 0.0 if self._is_filled else 0.6
        painter.drawRoundedRect(self.rect().toRectF().adjusted(inset, inset, -inset, -inset), 2, 2)


def _bar_card(title: str, figure: Label, bars: BarRows, foot: QuestionLabel, tool: QWidget | None = None) -> Card:
    card = Card(margin=16, spacing=8)
    head = QHBoxLayout()
    head.setSpacing(8)
    head.addWidget(Label(title, "heading"))
    head.addStretch(1)
    head.addWidget(tool if tool is not None else figure)
    card.box.addLayout(head)
    inside = QWidget()
    column = QHBoxLayout(inside)
    column.setContentsMargins(6, 0, 6, 0)
    column.addWidget(bars, 1, Qt.AlignmentFlag.AlignTop)
    scroll = ScrollColumn(inside, is_clear=True)
    card.box.addWidget(scroll, 1)
    card.box.addWidget(foot)
    return card


def _of(count: int, whole: int) -> str:
    if not whole:
        return ""
    low, high = wilson_interval(count, whole)
    return f", {percent(count / whole)} of those judged, 95 % interval {percent(low)} to {percent(high)}"


def _bands(bins: tuple[RateBin, ...], policy: Policy | None, tried: set[int]) -> tuple[Band, ...]:
    """What the rule drops at either end; places that it divides are not marked."""
    if policy is None or policy.drop is None or not bins or not any(n >= policy.drop.least_rollouts for n in tried):
        return ()
    lowest, highest = policy.drop.too_hard_up_to, policy.drop.pass_rate
    hard = [n for n, b in enumerate(bins) if lowest is not None and b.high <= lowest + 1e-9]
    easy = [n for n, b in enumerate(bins) if b.low >= highest - 1e-9]
    sides = ((hard, "too hard"), (easy, "too easy")) if hard and easy else ((hard, "dropped"), (easy, "dropped"))
    return tuple(Band(places[0], places[-1], text) for places, text in sides if places)
