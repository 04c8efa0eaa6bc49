"""The measured chains: segments, search, filters that charts have set, and the rows."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.actions import ActionTable
from app.models.error_words import error_word
from app.models.rate_bins import RateBin
from app.models.rollout_list import MeasuredListModel
from app.presenters.difficulty_choice import DifficultyChoice, Listed, Segment
from app.thumbnails import Thumbnails
from app.views.chains.list_view import ChainList
from app.views.difficulty import actions as ids
from app.views.difficulty.cell import ROW_PX, ColumnHeads, MeasuredCell
from app.widgets.action_button import ActionButton
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.field import Field
from app.widgets.panel import EmptyState, Ground, PanelHead
from app.widgets.segmented import Segment as Choice
from app.widgets.segmented import Segmented

_TYPING_MS = 150
_WORDS = {Segment.ALL: "All", Segment.NEVER: "Never solved", Segment.DROPPED: "Dropped", Segment.TO_JUDGE: "To judge"}
_NARROW_PX, _SMALL_PX = 900, 640


class MeasuredList(ChainList):
    """Rows of measured chains; arrows, Page up and down, Home and End open another.

    Args:
        model: What is listed.
        thumbnails: Small pictures.
    """

    def __init__(self, model: MeasuredListModel, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(model, thumbnails, parent)  # type: ignore[arg-type]  # rows of the same look
        self._cell = MeasuredCell()  # type: ignore[assignment]
        self._row_px = ROW_PX
        self.setAccessibleName("Measured chains")


class MeasuredTable(Ground):
    """The table with its head.

    Args:
        model: What is listed.
        actions: For keys on buttons.
        thumbnails: Small pictures.
    """

    segment_chosen = Signal(str)
    text_typed = Signal(str)
    filter_dropped = Signal(str)
    """Name of a field of `DifficultyChoice`."""

    def __init__(
        self, model: MeasuredListModel, actions: ActionTable, thumbnails: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__("surface", parent=parent)
        self.rows = MeasuredList(model, thumbnails)
        self.segments = Segmented([Choice(s, word) for s, word in _WORDS.items()], "Which chains", is_small=True)
        self.field = Field("Question or picture", icon="search")
        self.field.setFixedWidth(200)
        self.heads = ColumnHeads(lambda: self.rows.viewport().width())
        self._chips = QWidget()
        self._chip_row = QHBoxLayout(self._chips)
        self._chip_row.setContentsMargins(0, 0, 0, 0)
        self._chip_row.setSpacing(8)
        self.head = PanelHead("Chains", [self._chips, self.field, self.segments])
        self._none = EmptyState(
            "No chain passes",
            "Take a filter away, or look at all of them.",
            icon="filter",
            action=ActionButton(actions, ids.CLEAR, text="Clear filters"),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.rows)
        self._stack.addWidget(self._none)
        for part in (self.head, self.heads):
            self.box.addWidget(part)
        self.box.addWidget(self._stack, 1)
        self._listed: Listed | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPING_MS)
        self._pause.timeout.connect(lambda: self.text_typed.emit(self.field.text()))
        self.field.textChanged.connect(lambda _: self._pause.start())
        self.segments.chosen.connect(self.segment_chosen)

    def show_list(self, listed: Listed, choice: DifficultyChoice) -> None:
        """Says how much is listed."""
        self._listed = listed
        kept = f"{listed.of(Segment.ALL) - listed.of(Segment.DROPPED):,} kept"
        self.head.show_figure(f"{listed.of(Segment.ALL):,}, of them {kept}" if listed.of(Segment.ALL) else "")
        is_empty = listed.is_read and not listed.ids
        if is_empty and not choice.is_filtered:
            self._none.show_text("Nothing here", f"No chain is listed under “{_WORDS[choice.segment]}”.")
        else:
            self._none.show_text("No chain passes", "Take a filter away, or look at all of them.")
        self._stack.setCurrentWidget(self._none if is_empty else self.rows)
        self._show_segments()

    def show_choice(self, choice: DifficultyChoice, bins: tuple[RateBin, ...]) -> None:
        """Shows what is set."""
        self.segments.set_value(choice.segment)
        self.heads.show_order(choice.sort, choice.descending)
        if not self._pause.isActive() and self.field.text().strip() != choice.text:
            self.field.setText(choice.text)
        while (item := self._chip_row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for name in choice.filters:
            words = filter_words(choice, name, bins)
            button = Button(f"{words}  ×", kind=ButtonKind.DEFAULT, size_=ButtonSize.SMALL, name=f"{words}: take away")
            button.clicked.connect(lambda _=False, name=name: self.filter_dropped.emit(name))
            self._chip_row.addWidget(button)

    def focus_search(self) -> None:
        """Puts the keyboard into the search."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.width()
        self.field.setFixedWidth(112 if width < _SMALL_PX else 160 if width < _NARROW_PX else 200)
        self.head.figure.setVisible(width >= _SMALL_PX)
        self._show_segments()

    def _show_segments(self) -> None:
        if self._listed is None:
            return
        listed = self._listed
        has_figures = self.width() >= _NARROW_PX
        self.segments.set_segments(
            [
                Choice(s, f"{word} {listed.of(s):,}" if has_figures else word, name=f"{word}, {listed.of(s):,}")
                for s, word in _WORDS.items()
            ]
        )


def filter_words(choice: DifficultyChoice, name: str, bins: tuple[RateBin, ...]) -> str:
    """What a filter asks for, in a few words."""
    match name:
        case "rate":
            assert choice.rate is not None  # only what is set is named
            low, high = choice.rate
            exact = next((b.words for b in bins if (b.low, b.high) == choice.rate), "")
            return exact.capitalize() or f"Right {low:.0%} to {high:.0%}".replace("%", " %")
        case "is_until_decided":
            return "Tried until decided" if choice.is_until_decided else "Tried in full"
        case "error_kind" | "error_subkind":
            kind = choice.error_subkind.kind if choice.error_subkind is not None else choice.error_kind
            return error_word(kind, choice.error_subkind) if kind is not None else ""
        case "first_wrong_hop":
            return f"First wrong at hop {choice.first_wrong_hop}"
        case "length":
            assert choice.length is not None
            return f"{choice.length[0]:,} to {choice.length[1]:,} {choice.length_unit.value}"
        case _:
            return f"{len(choice.numbers or ()):,} chosen elsewhere"
