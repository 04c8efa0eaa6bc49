"""Said before all stages are started: one of them cannot run here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.models.stage_rows import StageRow
from app.models.status_words import stage_word
from app.widgets.button import Button, ButtonKind
from app.widgets.dialog import Dialog
from app.widgets.label import Label, QuestionLabel


class HinderedDialog(Dialog):
    """What cannot run, why, and what can be done about it; nothing was started.

    Args:
        hindered: Stages that cannot run, in order.
        before: Stages that can run before the first of them.
        parent: The window it belongs to.
    """

    mend_wanted = Signal(str)
    """The stage whose model is to be chosen."""
    start_wanted = Signal(object)
    """The stages to run."""

    def __init__(self, hindered: Sequence[StageRow], before: Sequence[str], parent: QWidget | None = None) -> None:
        names = " and ".join(row.title for row in hindered)
        super().__init__(f"{names} cannot run here", "Nothing has been started yet.", width_px=480, parent=parent)
        for row in hindered:
            self.box.addWidget(Label(row.title, "label"))
            self.box.addWidget(QuestionLabel(row.missing, "body", tone="text-secondary"))
        self.cancel = self.add_button("Cancel")
        mendable = next((row for row in hindered if row.trouble), None)
        self.mend: Button | None = None
        if mendable is not None:
            self.mend = self.add_button("Choose model", ButtonKind.DEFAULT if before else ButtonKind.PRIMARY)
            self.mend.clicked.connect(lambda: self.mend_wanted.emit(mendable.stage))
        self.start: Button | None = None
        if before:
            self.start = self.add_button(f"Run up to {stage_word(before[-1])}", ButtonKind.PRIMARY, icon="play")
            self.start.clicked.connect(lambda: self.start_wanted.emit(tuple(before)))
