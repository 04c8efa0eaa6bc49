"""The filters of the library: each choice with how many pictures it would leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.models.status_words import STATUS_WORDS
from app.presenters.library_choice import Choice
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import Tokens, size, tokens_of
from app.views.library.facet_row import FacetRow
from app.views.library.histogram import PassRateBars
from app.widgets.action_button import ActionButton
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.chip import Chip, ChipKind
from app.widgets.panel import Ground, Line, PanelHead
from app.widgets.scroll import ScrollColumn
from hopchain_core.domain.chains import Composer
from hopchain_core.domain.findings import Severity
from hopchain_core.domain.rules import RULES
from hopchain_core.domain.status import ChainStatus
from hopchain_core.project import ImageFacets

FEW = 9
"""Choices shown before "more"."""
MANY = 200
"""Choices shown after it; beyond that searching is quicker than scrolling. Chosen."""
WITHOUT_CHAINS, FAILING = "without chains", "failing"
_ALWAYS = (ChainStatus.AWAITING, ChainStatus.VERIFIED, ChainStatus.REJECTED, WITHOUT_CHAINS, FAILING)
_COMPOSERS = {
    Composer.VLM: ("A model", "chains"),
    Composer.PROGRAM: ("A program", "calculator"),
    Composer.PERSON: ("A person", "person"),
}


_RULES = {rule.code: rule for rule in RULES}
_SEVERITIES = {
    Severity.ERROR: ("error", "bad"),
    Severity.WARNING: ("warning", "warn"),
    Severity.NOTE: ("info", "text-secondary"),
}


class FilterGroup(Ground):
    """Choices of one kind under a head that folds them.

    Args:
        title: Of the group.
        side_word: At the right of the head, such as what the figures count.
    """

    toggled = Signal(object, bool)
    """A value of the group and whether it is checked now."""

    def __init__(self, title: str, side_word: str = "", parent: QWidget | None = None) -> None:
        super().__init__("surface", margins=(0, 8, 0, 8), parent=parent)
        self.head = _GroupHead(title, side_word)
        self._inside = QWidget()
        self.rows = QVBoxLayout(self._inside)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(0)
        self.box.addWidget(self.head)
        self.box.addWidget(self._inside)
        self._rows: dict[Any, FacetRow] = {}
        self.head.toggled.connect(self._inside.setVisible)

    def row(self, value: Any) -> FacetRow | None:
        """The row of a value."""
        return self._rows.get(value)

    def add_row(self, value: Any, row: FacetRow) -> FacetRow:
        """Puts a choice at the end."""
        self._rows[value] = row
        self.rows.addWidget(row)
        row.clicked.connect(lambda is_on: self.toggled.emit(value, is_on))
        return row

    def show_checked(self, values: tuple[Any, ...]) -> None:
        """Checks exactly these."""
        for value, row in self._rows.items():
            row.setChecked(value in values)


class LongGroup(FilterGroup):
    """A group whose choices come from the project, the most frequent first, the rest behind a button.

    Args:
        title: Of the group.
        side_word: At the right of the head.
        row_of: Makes the row of a choice.
        has_bars: Bars show how frequent each choice is beside the others.
    """

    def __init__(
        self,
        title: str,
        side_word: str = "",
        row_of: Callable[[str], FacetRow] = FacetRow,
        *,
        has_bars: bool = False,
    ) -> None:
        super().__init__(title, side_word)
        self._row_of, self._has_bars = row_of, has_bars
        self._counts: Mapping[str, int] = {}
        self._checked: tuple[str, ...] = ()
        self._shows_all = False
        self.more = _More()
        self.more.clicked.connect(self._show_more)
        more = QHBoxLayout()
        more.setContentsMargins(8, 0, 8, 0)
        more.addWidget(self.more)
        more.addStretch(1)
        self.box.addLayout(more)
        self.more.hide()
        self.head.toggled.connect(lambda is_open: self.more.setVisible(is_open and self._has_more()))

    def show_counts(self, counts: Mapping[str, int], checked: tuple[str, ...]) -> None:
        """Shows these choices; what is checked stays in sight even where it leaves nothing."""
        self._counts = counts
        self._checked = checked
        self._lay_out()

    def show_checked(self, values: tuple[Any, ...]) -> None:
        self._checked = values
        super().show_checked(values)

    def _lay_out(self) -> None:
        wanted = list(self._counts)[: MANY if self._shows_all else FEW]
        wanted += [name for name in self._checked if name not in wanted]
        if wanted != list(self._rows):
            # Rows that stay are kept: one of them may have the keyboard.
            for name in [n for n in self._rows if n not in wanted]:
                gone = self._rows.pop(name)
                self.rows.removeWidget(gone)
                gone.hide()
                gone.deleteLater()
            for name in wanted:
                if name not in self._rows:
                    self.add_row(name, self._row_of(name))
            self._rows = {name: self._rows[name] for name in wanted}
            for place, row in enumerate(self._rows.values()):
                if self.rows.indexOf(row) != place:
                    self.rows.insertWidget(place, row)
        most = max(self._counts.values(), default=1) or 1
        for name, row in self._rows.items():
            count = self._counts.get(name, 0)
            row.show_count(count, count / most if self._has_bars else None)
            row.setChecked(name in self._checked)
        self.more.set_text("Fewer" if self._shows_all else f"{len(self._counts) - FEW:,} more…")
        self.more.setVisible(self._has_more() and self.head.isChecked())
        self.setVisible(bool(wanted))

    def _has_more(self) -> bool:
        return len(self._counts) > FEW

    def _show_more(self) -> None:
        self._shows_all = not self._shows_all
        self._lay_out()


class Filters(Ground):
    """All filters, 248 pixels wide, with a head of their own.

    Args:
        clear: The button that takes all filters away.
        hide: The button that hides the panel.
    """

    toggled = Signal(str, object, bool)
    """Group (`statuses`, `categories`, `rules`, `composers`, or a switch), value, and whether it is checked now."""
    span_chosen = Signal(object)
    """(first bin, last bin) of the pass rate, or None."""

    def __init__(self, clear: ActionButton, hide: QWidget, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self.setFixedWidth(size("filters_panel"))
        self.chains = self._status_group()
        self.categories = LongGroup("Category", "pictures", has_bars=True)
        self.rules = LongGroup("Findings", "pictures", _rule_row)
        self.composers = FilterGroup("Written by", "pictures")
        for composer, (text, icon) in _COMPOSERS.items():
            self.composers.add_row(composer, FacetRow(text, icon))
        self._has_composers = self._has_rates = False
        self.bars = PassRateBars()
        self._simulated = Chip("Simulated", ChipKind.WARN)
        self._rates = self._rate_group()
        inside = Ground()
        groups = (self.chains, self.categories, self.rules, self.composers, self._rates)
        self._lines: list[tuple[Line, QWidget]] = []
        for group in groups:
            inside.box.addWidget(group)
            line = Line()
            self._lines.append((line, group))
            inside.box.addWidget(line)
        inside.box.addStretch(1)
        scroll = ScrollColumn(inside)
        self.box.addWidget(PanelHead("Filters", [clear, hide]))
        self.box.addWidget(scroll, 1)
        self._connect(self.categories, "categories")
        self._connect(self.rules, "rules")
        self._connect(self.composers, "composers")
        self.chains.toggled.connect(self._take_state)
        self.bars.chosen.connect(self.span_chosen)
        self.show_facets(ImageFacets(), Choice())

    def show_facets(self, facets: ImageFacets, choice: Choice) -> None:
        """Shows how many pictures each choice would leave."""
        counts: dict[Any, int] = {**facets.statuses, WITHOUT_CHAINS: facets.without_chains, FAILING: facets.failing}
        for value, count in counts.items():
            row = self.chains.row(value)
            if row is not None:
                row.show_count(count)
                # What never occurs takes no room; once seen, it stays where it is.
                if count or value in _ALWAYS:
                    row.show()
        self.categories.show_counts(facets.categories, choice.categories)
        self.rules.show_counts(facets.rules, choice.rules)
        for composer in _COMPOSERS:
            row = self.composers.row(composer)
            if row is not None:
                row.show_count(facets.composers.get(composer, 0))
        # One composer alone is no choice; once there are two, the group stays whatever the others leave.
        self._has_composers = self._has_composers or len(facets.composers) > 1
        self.composers.setVisible(self._has_composers or bool(choice.composers))
        self.bars.show_counts(facets.pass_rates)
        self._simulated.setVisible(facets.is_simulated)
        self._has_rates = self._has_rates or any(facets.pass_rates)
        self._rates.setVisible(self._has_rates or choice.pass_rate is not None)
        for line, group in self._lines:
            line.setVisible(not group.isHidden())

    def show_choice(self, choice: Choice) -> None:
        """Checks what is chosen."""
        states: tuple[Any, ...] = choice.statuses
        states += (WITHOUT_CHAINS,) * choice.without_chains + (FAILING,) * choice.failing
        for status in choice.statuses:
            if (row := self.chains.row(status)) is not None:
                row.show()
        self.chains.show_checked(states)
        self.categories.show_checked(choice.categories)
        self.rules.show_checked(choice.rules)
        self.composers.show_checked(choice.composers)
        if choice.pass_rate is None:
            self.bars.show_span(None)

    def _status_group(self) -> FilterGroup:
        group = FilterGroup("Chains", "pictures")
        for status, word in STATUS_WORDS.items():
            group.add_row(status, FacetRow(word.text, word.icon, word.tone, word.hint)).hide()
        group.add_row(WITHOUT_CHAINS, FacetRow("None yet", "dash", "text-secondary", "No chain has been written yet"))
        group.add_row(FAILING, FacetRow("A stage failed", "warning", "bad", "A stage fails on it, or on a chain of it"))
        return group

    def _rate_group(self) -> FilterGroup:
        group = FilterGroup("Pass rate of the weak model")
        group.rows.addWidget(self.bars)
        # Whoever looks at these figures must know that no model made them.
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(16, 4, 16, 4)
        inner.addWidget(self._simulated)
        self._simulated.setToolTip("Made up by the simulated solver: it says nothing about any model")
        group.rows.addWidget(holder)
        return group

    def _connect(self, group: FilterGroup, name: str) -> None:
        group.toggled.connect(lambda value, is_on: self.toggled.emit(name, value, is_on))

    def _take_state(self, value: Any, is_on: bool) -> None:
        switch: Callable[[str], None] = lambda name: self.toggled.emit(name, None, is_on)  # noqa: E731
        if value == WITHOUT_CHAINS:
            switch("without_chains")
        elif value == FAILING:
            switch("failing")
        else:
            self.toggled.emit("statuses", value, is_on)


def _rule_row(code: str) -> FacetRow:
    rule = _RULES.get(code)
    if rule is None:
        return FacetRow(code, "warning", "warn")
    icon, tone = _SEVERITIES[rule.severity]
    return FacetRow(code, icon, tone, f"{rule.title}. {rule.description}")


class _More(Button):
    def __init__(self) -> None:
        super().__init__("", kind=ButtonKind.QUIET, size_=ButtonSize.SMALL)

    def _colours(self, t: Tokens) -> tuple[QColor | None, QColor | None, QColor]:
        ground, edge, _ = super()._colours(t)
        return ground, edge, t.accent


class _GroupHead(QAbstractButton):
    def __init__(self, title: str, side_word: str) -> None:
        super().__init__()
        self._side_word = side_word
        self.setText(title)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self._tell)
        self._tell(True)

    def sizeHint(self) -> QSize:
        return QSize(216, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setFont(font("caption-strong"))
        painter.setPen(t.text if self.underMouse() else t.text_secondary)
        inner = QRectF(16, 0, self.width() - 32, self.height())
        center = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        painter.drawText(inner, center, self.text())
        icon = "chevron-down" if self.isChecked() else "chevron-right"
        paint_icon(painter, icon, QRectF(inner.right() - 12, inner.center().y() - 6, 12, 12), t.text_tertiary)
        if self._side_word:
            painter.setFont(font("caption"))
            painter.setPen(t.text_tertiary)
            painter.drawText(inner.adjusted(0, 0, -20, 0), center | int(Qt.AlignmentFlag.AlignRight), self._side_word)

    def _tell(self, is_open: bool) -> None:
        self.setAccessibleName(f"{self.text()}, {'open' if is_open else 'folded'}")
