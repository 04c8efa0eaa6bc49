"""The last twenty questions, to be opened again."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.views.solve.words import said_words
from app.widgets.choice_row import ChoiceRow
from app.widgets.label import Label
from app.widgets.popup import Popup
from hopchain_core.blind import BlindItem, Given

WIDTH_PX = 440


class RecentPopup(Popup):
    """One row for each, the newest first.

    Args:
        recent: What was said to which question.
        parent: Whose palette it shares.
    """

    chosen = Signal(str)
    """Id of the item."""

    def __init__(self, recent: tuple[tuple[Given, BlindItem], ...], parent: QWidget) -> None:
        super().__init__("The last questions", parent)
        self.setFixedWidth(WIDTH_PX)
        self.box.setContentsMargins(8, 8, 8, 8)
        self.rows: list[ChoiceRow] = []
        for given, item in recent:
            row = ChoiceRow(item.question, aside=said_words(given))
            row.clicked.connect(partial(self._choose, item.id))
            self.rows.append(row)
            self.box.addWidget(row)
        if not recent:
            self.box.addWidget(Label("Nothing answered yet", "meta", "secondary"))
        elif self.rows:
            self.rows[0].setFocus()

    def _choose(self, item: str) -> None:
        self.close()
        self.chosen.emit(item)
