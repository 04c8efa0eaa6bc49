"""Why a question is ambiguous: five rows, a digit for each."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.views.solve.words import REASONS
from app.widgets.choice_row import ChoiceRow
from app.widgets.label import Label
from app.widgets.popup import Popup
from hopchain_core.domain.review import AmbiguityReason

WIDTH_PX = 320


class ReasonsPopup(Popup):
    """Choosing one sends it."""

    chosen = Signal(object)
    """An `AmbiguityReason`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Why it is ambiguous", parent)
        self.setFixedWidth(WIDTH_PX)
        self.box.setContentsMargins(8, 12, 8, 8)
        self.box.setSpacing(2)
        title = Label("What is ambiguous?", "caption-strong", "secondary")
        title.setContentsMargins(10, 0, 0, 6)
        self.box.addWidget(title)
        self.rows: dict[AmbiguityReason, ChoiceRow] = {}
        for number, (reason, text) in enumerate(REASONS.items(), start=1):
            row = ChoiceRow(text, keys=str(number))
            row.clicked.connect(partial(self._choose, reason))
            self.rows[reason] = row
            self.box.addWidget(row)
        next(iter(self.rows.values())).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        reasons = list(self.rows)
        number = event.key() - Qt.Key.Key_1
        if 0 <= number < len(reasons):
            self._choose(reasons[number])
            return
        super().keyPressEvent(event)

    def _choose(self, reason: AmbiguityReason) -> None:
        self.close()
        self.chosen.emit(reason)
