"""The filters of the list of chains: each choice with how many chains it would leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.models.chain_words import MARK_WORDS
from app.models.status_words import STATUS_WORDS, counted
from app.presenters.chain_search import ChainChoice, ChainSearch
from app.views.library.facet_row import FacetRow
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.label import Label
from app.widgets.panel import Line
from app.widgets.popup import Popup
from app.widgets.scroll import ScrollColumn
from hopchain_core.domain.chains import Composer
from hopchain_core.domain.review import MarkKind
from hopchain_core.project import ChainFacets

_WIDTH_PX = 304
_MOST_HEIGHT_PX = 620
_MOST_CATEGORIES = 40
_COMPOSERS = {Composer.VLM: "A model", Composer.PROGRAM: "A program", Composer.PERSON: "A person"}
_RATES: tuple[tuple[str, tuple[float, float]], ...] = (
    ("Never solved", (0.0, 0.0)),
    ("Solved sometimes", (1e-6, 1 - 1e-6)),
    ("Always solved", (1.0, 1.0)),
)

_CUT_SHORT = "cut short"


class _ChoiceRow(FacetRow):
    """A choice, said in chains."""

    def _tell(self) -> None:
        self.setAccessibleName(f"{self.text()}, {counted(self.count, 'chain')}")


class _Group(QWidget):
    """Choices of one kind."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.rows: dict[Any, _ChoiceRow] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 8, 0, 8)
        self._box.setSpacing(0)
        label = Label(title, "caption-strong", "secondary")
        label.setContentsMargins(16, 0, 16, 4)
        self._box.addWidget(label)

    def add(self, value: Any, text: str, icon: str = "", tone: str = "text-secondary", hint: str = "") -> _ChoiceRow:
        """Puts a choice at the end."""
        row = self.rows[value] = _ChoiceRow(text, icon, tone, hint)
        self._box.addWidget(row)
        return row

    def keep(self, values: Sequence[Any]) -> None:
        """Takes choices away that are not among these."""
        for value in [v for v in self.rows if v not in values]:
            gone = self.rows.pop(value)
            self._box.removeWidget(gone)
            gone.hide()
            gone.deleteLater()


class FilterPopup(Popup):
    """All filters, in groups.

    Args:
        search: What is listed.
        parent: The list.
    """

    def __init__(self, search: ChainSearch, parent: QWidget) -> None:
        super().__init__("Filters", parent)
        self._search = search
        self.marks = _Group("Decision")
        self.statuses = _Group("Where it stands")
        self.rules = _Group("Finding")
        self.composers = _Group("Composed by")
        self.rates = _Group("Weaker model")
        self.categories = _Group("Category")
        self.clear = Button("Clear all", kind=ButtonKind.QUIET, size_=ButtonSize.SMALL)
        self.figure = Label("", "meta", "tertiary")
        self._fill()
        self._lay_out()
        self.clear.clicked.connect(search.clear)
        search.facets_changed.connect(self.show_facets)
        search.choice_changed.connect(self._show_choice)
        self.closed.connect(search.drop_facets)
        self._show_choice(search.choice)

    def open_at(self, corner: QPoint, *, is_right: bool = False) -> None:
        self._search.ask_facets()
        super().open_at(corner, is_right=is_right)
        self.marks.rows[None].setFocus(Qt.FocusReason.PopupFocusReason)

    def show_facets(self, facets: ChainFacets) -> None:
        """Shows how many each choice would leave."""
        for group, counts in ((self.marks, facets.marks), (self.statuses, facets.statuses)):
            for value, row in group.rows.items():
                row.show_count(counts.get(value, 0))
        for composer, row in self.composers.rows.items():
            row.show_count(facets.composers.get(composer, 0))
        self._show_named(self.rules, facets.rules, self._search.choice.rules, "rules", "warning", "warn")
        counted_rates = (*facets.pass_rates, facets.cut_short)
        for row, count in zip(self.rates.rows.values(), counted_rates, strict=True):
            row.show_count(count)
        names = {name: facets.categories[name] for name in list(facets.categories)[:_MOST_CATEGORIES]}
        category = self._search.choice.category
        self._show_named(self.categories, names, (category,) if category else (), "category", "tag", "text-secondary")
        self.figure.setText(counted(facets.total, "chain"))

    def _show_named(
        self, group: _Group, counts: dict[str, int], chosen: tuple[str, ...], name: str, icon: str, tone: str
    ) -> None:
        wanted = [*counts, *(value for value in chosen if value not in counts)]
        group.keep(wanted)
        for value in wanted:
            row = group.rows.get(value)
            if row is None:
                row = group.add(value, value, icon, tone)
                row.setChecked(value in chosen)
                row.clicked.connect(lambda is_on, v=value: self._toggle(name, v, is_on))
            row.show_count(counts.get(value, 0))
        group.setVisible(bool(wanted))

    def _toggle(self, name: str, value: Any, is_on: bool) -> None:
        if name == "category":
            self._search.choose(category=value if is_on else "")
        elif name == "pass_rate":
            # A chain that was tried until it was decided has no rate, so that both together would leave nothing.
            is_cut = value == _CUT_SHORT
            self._search.choose(pass_rate=value if is_on and not is_cut else None, is_cut_short=is_on and is_cut)
        else:
            self._search.toggle(name, value, is_on)

    def _show_choice(self, choice: ChainChoice) -> None:
        for group, chosen in (
            (self.marks, choice.marks),
            (self.statuses, choice.statuses),
            (self.rules, choice.rules),
            (self.composers, choice.composers),
            (self.rates, (_CUT_SHORT,) if choice.is_cut_short else (choice.pass_rate,)),
            (self.categories, (choice.category,)),
        ):
            for value, row in group.rows.items():
                row.setChecked(value in chosen)
        self.clear.set_available(choice.is_filtered, "no filter is set")

    def _fill(self) -> None:
        def connect(row: _ChoiceRow, name: str, value: Any) -> None:
            row.clicked.connect(lambda is_on: self._toggle(name, value, is_on))

        connect(self.marks.add(None, "Not decided", "circle"), "marks", None)
        for kind in MarkKind:
            word = MARK_WORDS[kind]
            connect(self.marks.add(kind, word.text, word.icon, word.tone), "marks", kind)
        for status, words in STATUS_WORDS.items():
            connect(self.statuses.add(status, words.text, words.icon, words.tone, words.hint), "statuses", status)
        for composer, text in _COMPOSERS.items():
            icon = {Composer.PERSON: "person", Composer.PROGRAM: "calculator"}.get(composer, "chains")
            connect(self.composers.add(composer, text, icon), "composers", composer)
        for text, rate in _RATES:
            row = self.rates.add(rate, text, "difficulty")
            connect(row, "pass_rate", rate)
        hint = "Tried only until it was sure whether the policy keeps it: it has no pass rate"
        connect(self.rates.add(_CUT_SHORT, "Tried until decided", "difficulty", hint=hint), "pass_rate", _CUT_SHORT)
        self.rules.hide()
        self.categories.hide()

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for group in (self.marks, self.statuses, self.rules, self.composers, self.rates, self.categories):
            column.addWidget(group)
        column.addStretch(1)
        scroll = ScrollColumn(inside, is_clear=True)
        scroll.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 8, 8, 8)
        row.addWidget(self.figure)
        row.addStretch(1)
        row.addWidget(self.clear)
        self.box.addWidget(scroll, 1)
        self.box.addWidget(Line())
        self.box.addWidget(foot)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH_PX, _MOST_HEIGHT_PX)
