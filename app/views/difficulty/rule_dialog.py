"""The rule by which chains are hard enough, with what it would keep and what luck alone would drop."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.models.keep_rule import BANDS, INTERVALS, OWN, rate_of
from app.presenters.difficulty_rule import Consequences, RulePresenter
from app.widgets.button import ButtonKind
from app.widgets.choice import CheckBox, Select
from app.widgets.dialog import Dialog
from app.widgets.field import Field, RefusalLine
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import Line
from hopchain_core.domain.calibration import ALL, band, band_name, percent, rule
from hopchain_core.domain.policy import DropRule, Policy
from hopchain_core.domain.statistics import IntervalMethod
from hopchain_core.project import RunOptions

WIDTH_PX = 760
_FIELDS_PX, _FIGURES_PX, _NUMBER_PX = 376, 288, 88
_MOST_TRIES = 10_000
_LUCK_ROWS = 7


class RuleDialog(Dialog):
    """Band, intervals and tries at the left, consequences at the right.

    Args:
        presenter: Reads the rule and puts another in force.
        rates: Measured chains by (right, rollouts), to say what a rule would keep.
        until_decided: Chains without a rate, of which nothing can be said beforehand.
        parent: The window it belongs to.
    """

    def __init__(
        self,
        presenter: RulePresenter,
        rates: Mapping[tuple[int, int], int],
        until_decided: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Which chains are hard enough", width_px=WIDTH_PX, parent=parent)
        self._presenter, self._rates, self._until_decided = presenter, dict(rates), until_decided
        self._drop: DropRule | None = None
        self.band = Select("Pass rates that are kept")
        for name, text in BANDS.items():
            self.band.addItem(text, name)
        self.low, self.high = _field("Above this pass rate"), _field("Below this pass rate")
        self.low.setPlaceholderText("none")
        self.least = _field("Least tries")
        self.interval = Select("How intervals are worked out")
        for method, text in INTERVALS.items():
            self.interval.addItem(text, method.value)
        self.tries = _field("Tries of each question")
        self.until = CheckBox("Stop once decided")
        self.refusals = {field: RefusalLine(field) for field in (self.low, self.high, self.least, self.tries)}
        self.refused = Label("", "meta", "bad", wraps=True)
        self.counts = [(Label(name, "body"), Label("", "label"), Label("", "meta", "tertiary")) for name in _COUNTS]
        self.note = QuestionLabel("", "meta", tone="text-tertiary")
        self.luck_title = Label("", "caption-strong", "secondary")
        self.luck = [(Label("", "body"), Label("", "label")) for _ in range(_LUCK_ROWS)]
        self.luck_note = QuestionLabel("", "meta", tone="text-tertiary")
        self._lay_out()
        self.cancel = self.add_button("Cancel")
        self.use = self.add_button("Use this rule", ButtonKind.PRIMARY, icon="check", closes=False)
        self._connect()
        self.use.set_available(False, "the rule is being read")
        presenter.ask()

    # What is entered

    def chosen(self) -> DropRule | None:
        """The rule as it is entered; None keeps everything.

        Raises:
            ValueError: Something is refused, and said so beneath its field.
        """
        least = self._whole(self.least, 1000)
        if self.band.currentData() == ALL:
            return None
        low, high = self._rate(self.low), self._rate(self.high)
        try:
            return rule(low, 1.0 if high is None else high, least)
        except ValueError:
            self.refusals[self.high].show_refusal("Above the other end, and at most 1.")
            raise

    def _rate(self, field: Field) -> float | None:
        try:
            return rate_of(field.text())
        except ValueError:
            self.refusals[field].show_refusal("A rate from 0 to 1, such as 0.75.")
            raise

    def _whole(self, field: Field, most: int) -> int:
        text = field.text().strip()
        if not (text.isdecimal() and text.isascii() and 1 <= int(text) <= most):
            self.refusals[field].show_refusal(f"A whole number from 1 to {most:,}.")
            raise ValueError(text)
        return int(text)

    # What is shown

    def show_rule(self, policy: Policy, options: RunOptions) -> None:
        """Shows what is in force."""
        self._show_ends(policy.drop)
        with QSignalBlocker(self.interval):
            self.interval.setCurrentIndex(self.interval.findData(policy.interval.value))
        self.least.setText(str(policy.drop.least_rollouts if policy.drop is not None else DropRule().least_rollouts))
        self.tries.setText(str(options.rollouts))
        with QSignalBlocker(self.until):
            self.until.setChecked(options.until_decided)
        self._follow()

    def _show_ends(self, drop: DropRule | None) -> None:
        name = band_name(drop)
        known = next(
            (key for key in BANDS if key not in (OWN, ALL) and drop is not None and _ends(key) == _ends(name)), ""
        )
        with QSignalBlocker(self.band):
            self.band.setCurrentIndex(self.band.findData(ALL if drop is None else known or OWN))
        self.low.setText("" if drop is None or drop.too_hard_up_to is None else f"{drop.too_hard_up_to:g}")
        self.high.setText("" if drop is None else f"{drop.pass_rate:g}")

    def _show(self, found: Consequences) -> None:
        rows = zip(_COUNTS.values(), self.counts, strict=True)
        for name, (_, count, before) in rows:
            now, then = getattr(found.now, name), getattr(found.then, name)
            count.setText(f"{then:,}")
            before.setText(f"now {now:,}" if now != then else "")
        said = f"Of {found.then.chains:,} chains that were tried." if self._rates else "No chain has a pass rate yet."
        if self._until_decided:
            said += (
                f" {self._until_decided:,} more were tried only until decided; what follows for them shows afterwards."
            )
        self.note.setText(said)
        self.luck_title.setText(f"Dropped by luck at {found.tries:,} tries, though inside")
        for place, (rate, chance) in enumerate(self.luck):
            row = found.luck[place] if place < len(found.luck) else None
            rate.setText("" if row is None else f"solved {percent(row.rate)} of the time")
            chance.setText("" if row is None else percent(row.dropped))
            rate.setVisible(row is not None)
            chance.setVisible(row is not None)
        drop = self._drop
        if drop is None:
            self.luck_note.setText("Nothing is dropped.")
        elif found.tries < drop.least_rollouts:
            self.luck_note.setText(f"With fewer than {drop.least_rollouts:,} tries nothing is dropped.")
        else:
            self.luck_note.setText("Exact, where tries are independent. More tries make it smaller.")

    def _follow(self) -> None:
        for refusal in self.refusals.values():
            refusal.show_refusal("")
        self.refused.hide()
        is_all = self.band.currentData() == ALL
        for field in (self.low, self.high, self.least):
            field.setEnabled(not is_all)
        try:
            self._drop = self.chosen()
            tries = self._whole(self.tries, _MOST_TRIES)
        except ValueError:
            self.use.set_available(False, "something entered cannot be taken")
            self.fit()
            return
        self._show(self._presenter.consequences(self._drop, tries, self._rates))
        policy, options = self._presenter.policy, self._presenter.options
        is_other = (
            self._drop != policy.drop
            or self.interval.currentData() != policy.interval.value
            or (tries, self.until.isChecked()) != (options.rollouts, options.until_decided)
        )
        is_open = not self._presenter.is_read_only
        self.use.set_available(
            is_open and is_other, "nothing is changed" if is_open else "the project is open for reading only"
        )
        self.fit()

    def _take_band(self) -> None:
        name = self.band.currentData()
        if name not in (OWN, ALL):
            self._show_ends(band(name))
        elif name == OWN:
            if not self.high.text():
                self.high.setText("1")
            self.low.setFocus(Qt.FocusReason.OtherFocusReason)
        self._follow()

    def _take_end(self) -> None:
        with QSignalBlocker(self.band):
            self.band.setCurrentIndex(self.band.findData(OWN))
        self.band.update()
        self._follow()

    def _keep(self) -> None:
        try:
            drop, tries = self.chosen(), self._whole(self.tries, _MOST_TRIES)
        except ValueError:
            return
        method = IntervalMethod(self.interval.currentData())
        self.use.set_available(False, "it is being put in force")
        self._presenter.keep(drop, method, rollouts=tries, until_decided=self.until.isChecked())

    def _show_refused(self, text: str) -> None:
        self._follow()
        self.refused.setText(text)
        self.refused.show()
        self.fit()

    def _connect(self) -> None:
        self._presenter.read.connect(self.show_rule)
        self._presenter.refused.connect(self._show_refused)
        self._presenter.kept.connect(self.accept)
        self.band.currentIndexChanged.connect(lambda _: self._take_band())
        self.interval.currentIndexChanged.connect(lambda _: self._follow())
        self.until.toggled.connect(lambda _: self._follow())
        for field in (self.low, self.high):
            field.textEdited.connect(lambda _: self._take_end())
        for field in (self.least, self.tries):
            field.textEdited.connect(lambda _: self._follow())
        self.use.clicked.connect(self._keep)

    # Laying out

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self._fields())
        row.addWidget(Line(is_vertical=True))
        row.addWidget(self._figures(), 1)
        self.box.addLayout(row)
        self.box.addWidget(self.refused)
        self.refused.hide()

    def _fields(self) -> QWidget:
        column = _Column(_FIELDS_PX)
        column.head("Pass rates that are kept")
        column.box.addWidget(self.band)
        ends = QHBoxLayout()
        ends.setSpacing(8)
        for text, field in (("above", self.low), ("and below", self.high)):
            ends.addWidget(Label(text, "body", "secondary"))
            ends.addWidget(field)
        ends.addStretch(1)
        column.box.addLayout(ends)
        column.box.addWidget(self.refusals[self.low])
        column.box.addWidget(self.refusals[self.high])
        column.hint("The ends themselves are dropped.")
        column.line("After so many tries", self.least, self.refusals[self.least])
        column.hint("What was tried less is kept.")
        column.box.addSpacing(8)
        column.head("Interval of 95 %")
        column.box.addWidget(self.interval)
        column.box.addSpacing(8)
        column.head("The next run")
        column.line("Tries of each question", self.tries, self.refusals[self.tries])
        column.box.addWidget(self.until)
        column.hint("Stops when no further try can change the decision: fewer calls, and no pass rate.")
        column.box.addStretch(1)
        return column

    def _figures(self) -> QWidget:
        column = _Column(_FIGURES_PX)
        column.head("What this rule does")
        grid = _grid()
        for place, (name, count, before) in enumerate(self.counts):
            grid.addWidget(name, place, 0)
            grid.addWidget(before, place, 1, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(count, place, 2, Qt.AlignmentFlag.AlignRight)
        column.box.addLayout(grid)
        column.box.addWidget(self.note)
        column.box.addSpacing(12)
        column.box.addWidget(self.luck_title)
        table = _grid()
        for place, (rate, chance) in enumerate(self.luck):
            table.addWidget(rate, place, 0)
            table.addWidget(chance, place, 2, Qt.AlignmentFlag.AlignRight)
        column.box.addLayout(table)
        column.box.addWidget(self.luck_note)
        column.box.addStretch(1)
        return column


_COUNTS = {"Kept": "kept", "Too easy": "too_easy", "Too hard": "too_hard"}


class _Column(QWidget):
    def __init__(self, width_px: int) -> None:
        super().__init__()
        self.setMinimumWidth(width_px)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(8)

    def head(self, text: str) -> None:
        self.box.addWidget(Label(text, "caption-strong", "secondary"))

    def hint(self, text: str) -> None:
        self.box.addWidget(QuestionLabel(text, "meta", tone="text-tertiary"))

    def line(self, text: str, field: Field, refusal: RefusalLine) -> None:
        line = QHBoxLayout()
        line.addWidget(Label(text, "body"), 1)
        line.addWidget(field)
        self.box.addLayout(line)
        self.box.addWidget(refusal)


def _field(name: str) -> Field:
    field = Field()
    field.setAccessibleName(name)
    field.setFixedWidth(_NUMBER_PX)
    field.setAlignment(Qt.AlignmentFlag.AlignRight)
    return field


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 1)
    return grid


def _ends(name: str) -> tuple[float | None, float]:
    found = band(name)
    assert found is not None
    return found.too_hard_up_to, found.pass_rate
