"""The column of chains: segments, filters, order, and the list itself."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QWidget

from app.actions import ActionTable
from app.presenters.chain_search import ChainChoice, ChainSearch, ChainTotals, Segment
from app.thumbnails import Thumbnails
from app.views.chains import actions as ids
from app.views.chains.filters import FilterPopup
from app.views.chains.list_view import ChainList
from app.widgets.action_button import ActionButton
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.field import Field
from app.widgets.panel import EmptyState, Ground, PanelHead
from app.widgets.segmented import Segment as Choice
from app.widgets.segmented import Segmented
from hopchain_core.project import ChainSort

_TYPING_MS = 150
_SORTS = {
    ChainSort.PATH: "Picture",
    ChainSort.NUMBER: "Number",
    ChainSort.HOPS: "Hops",
    ChainSort.ANSWER: "Answer",
    ChainSort.PASS_RATE: "Pass rate",
}
_SEGMENTS = {Segment.TO_REVIEW: "To review", Segment.ALL: "All", Segment.FINDINGS: "Findings"}
_SHORT = {Segment.TO_REVIEW: "Review", Segment.ALL: "All", Segment.FINDINGS: "Found"}


class ChainListPanel(Ground):
    """Which chains there are, and which one is open.

    Args:
        search: What is listed.
        actions: For keys on buttons.
        thumbnails: Small pictures.
    """

    sorted_by = Signal(object, bool)
    """`ChainSort`, and whether the largest comes first."""

    def __init__(
        self, search: ChainSearch, actions: ActionTable, thumbnails: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__("surface", parent=parent)
        self._search = search
        self._actions = actions
        self.sort_button = Button("", "sort", ButtonKind.QUIET, name="Order")
        self.filter_button = Button("", "filter", ButtonKind.QUIET, name="Filters")
        self.filter_button.setCheckable(True)
        self.head = PanelHead("Chains", [self.sort_button, self.filter_button])
        self.field = Field("Question or picture", icon="search")
        self.segments = Segmented([Choice(s, text) for s, text in _SEGMENTS.items()], "Which chains", fills=True)
        self.segments.set_value(search.choice.segment)
        self.list = ChainList(search.model, thumbnails)
        self.filters = FilterPopup(search, self)
        self._chips = _ChoiceChips()
        self._nothing = EmptyState(
            "No chain passes",
            "Take a filter away, or look at all of them.",
            icon="filter",
            action=ActionButton(actions, ids.CLEAR_FILTERS, text="Clear filters"),
        )
        self._reviewed = EmptyState("All reviewed", "Nothing waits for a decision.", icon="check")
        self._sound = EmptyState("No findings", "The audit found nothing in these chains.", icon="check")
        self._stack = QStackedWidget()
        for page in (self.list, self._nothing, self._reviewed, self._sound):
            self._stack.addWidget(page)
        self._lay_out()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPING_MS)
        self._connect()
        self.show_totals(search.totals)

    def focus_search(self) -> None:
        """Puts the keyboard into the search."""
        self._field_row.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def open_filters(self) -> None:
        """Shows the filters beneath their button."""
        self.filters.open_at(self.filter_button.mapToGlobal(QPoint(0, self.filter_button.height() + 4)))

    def show_totals(self, totals: ChainTotals) -> None:
        """Says how much is listed."""
        self.head.show_figure(f"{totals.listed:,}" if totals.is_read else "")
        self._show_segments()
        choice = self._search.choice
        page: QWidget = self.list
        if totals.is_read and not totals.listed and totals.chains:
            page = self._nothing if choice.is_filtered else self._reviewed
            if not choice.is_filtered and choice.segment is Segment.FINDINGS:
                page = self._sound
        self._stack.setCurrentWidget(page)
        self._chips.show_choice(choice, totals)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_segments()

    def _show_segments(self) -> None:
        figures = dict(self._search.totals.segments)
        for words, has_figures in ((_SEGMENTS, True), (_SHORT, True), (_SHORT, False)):
            choices = [
                Choice(s, f"{text} {figures[s]:,}" if s in figures and has_figures else text, name=_SEGMENTS[s])
                for s, text in words.items()
            ]
            self.segments.set_segments(choices)
            if self.segments.sizeHint().width() <= self.width() - 32:
                break

    def show_choice(self, choice: ChainChoice) -> None:
        """Shows what is asked for."""
        self.segments.set_value(choice.segment)
        if not self.field.hasFocus() and self.field.text().strip() != choice.text:
            self.field.setText(choice.text)
        self._field_row.setVisible(bool(choice.text) or self.field.hasFocus())
        self.filter_button.setChecked(bool(choice.filter_count))
        self._chips.show_choice(choice, self._search.totals)

    def _lay_out(self) -> None:
        self._field_row = QWidget()
        row = QHBoxLayout(self._field_row)
        row.setContentsMargins(16, 12, 16, 0)
        row.addWidget(self.field)
        self._field_row.hide()
        segments = QWidget()
        row = QHBoxLayout(segments)
        row.setContentsMargins(16, 12, 16, 12)
        row.addWidget(self.segments)
        self.head.box.setContentsMargins(16, 0, 10, 0)
        for widget in (self.head, self._field_row, segments, self._chips):
            self.box.addWidget(widget)
        self.box.addWidget(self._stack, 1)

    def _connect(self) -> None:
        search = self._search
        search.listed.connect(self.show_totals)
        search.choice_changed.connect(self.show_choice)
        self.segments.chosen.connect(lambda value: search.choose(segment=Segment(value)))
        self.sort_button.clicked.connect(self._open_sorts)
        self.filter_button.clicked.connect(self._toggle_filters)
        self._chips.image_removed.connect(lambda: search.choose(image=None))
        self._chips.only_removed.connect(lambda: search.choose(only=None, only_words=""))
        self._chips.filters_removed.connect(search.clear)
        self._pause.timeout.connect(lambda: search.choose(text=self.field.text().strip()))
        self.field.textEdited.connect(lambda _: self._pause.start())
        self.field.textChanged.connect(self._cleared)
        self.field.returnPressed.connect(self._search_now)
        self.field.escaped.connect(self._leave_field)

    def _toggle_filters(self) -> None:
        self.filter_button.setChecked(bool(self._search.choice.filter_count))
        self._actions.trigger(ids.FILTER)

    def _open_sorts(self) -> None:
        choice = self._search.choice
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for sort, text in _SORTS.items():
            entry = menu.addAction(text)
            entry.setCheckable(True)
            entry.setChecked(sort is choice.sort)
            entry.triggered.connect(lambda _=False, s=sort: self.sorted_by.emit(s, choice.descending))
        menu.addSeparator()
        entry = menu.addAction("Largest or last first")
        entry.setCheckable(True)
        entry.setChecked(choice.descending)
        entry.triggered.connect(lambda is_on: self.sorted_by.emit(choice.sort, is_on))
        menu.popup(self.sort_button.mapToGlobal(QPoint(0, self.sort_button.height() + 4)))

    def _cleared(self, text: str) -> None:
        if not text:
            self._pause.stop()
            self._search.choose(text="")

    def _search_now(self) -> None:
        self._pause.stop()
        self._search.choose(text=self.field.text().strip())
        self._leave_field()

    def _leave_field(self) -> None:
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._field_row.setVisible(bool(self.field.text()))


class _ChoiceChips(QWidget):
    """What narrows the list, each to be taken away by a click."""

    image_removed = Signal()
    only_removed = Signal()
    filters_removed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.image = Button("", "image", size_=ButtonSize.SMALL)
        self.only = Button("", "filter", size_=ButtonSize.SMALL)
        self.filters = Button("", "filter", size_=ButtonSize.SMALL)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 12)
        layout.setSpacing(8)
        for button in (self.image, self.only, self.filters):
            layout.addWidget(button)
        layout.addStretch(1)
        self.image.clicked.connect(self.image_removed)
        self.only.clicked.connect(self.only_removed)
        self.filters.clicked.connect(self.filters_removed)
        self.hide()

    def show_choice(self, choice: ChainChoice, totals: ChainTotals) -> None:
        """Shows what is set."""
        self.image.setVisible(choice.image is not None)
        name = totals.image_name if choice.image is not None else ""
        self.image.set_text(f"{_short(name) or 'One picture'}  ×")
        self.image.set_name(f"Show the chains of all pictures, not only of {name or 'this one'}")
        self.only.setVisible(choice.only is not None)
        words = choice.only_words or "chosen elsewhere"
        self.only.set_text(f"{_short(words)}  ×")
        self.only.set_name(f"Show all chains, not only these: {words}")
        count = choice.filter_count
        self.filters.setVisible(count > 0)
        self.filters.set_text(f"{count} {'filter' if count == 1 else 'filters'}  ×")
        self.filters.set_name("Take the filters away")
        self.setVisible(count > 0 or choice.image is not None or choice.only is not None)


def _short(name: str) -> str:
    return name if len(name) <= 22 else f"{name[:10]}…{name[-10:]}"
